/** `palaver testnet init | start | restart | add | status | stop | logs`: a testnet in a folder, its nodes in the background. */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { addNode } from '../../testnet/add.ts'
import { initTestnet } from '../../testnet/init.ts'
import { isRunning, startNode, startProxy, stopAll, stopNode, waitUntilReady } from '../../testnet/launcher.ts'
import { homeOf, logOf, nodeOf, readManifest } from '../../testnet/manifest.ts'
import { rowsOf } from '../../testnet/run.ts'
import { renderTable } from '../../testnet/table.ts'
import { defineCommand } from '../command.ts'
import { parseDuration } from '../durations.ts'
import { CliError } from '../errors.ts'
import { note, print, printData } from '../output.ts'
import { checkCount, DIR_PLACE, NODE_PLACE, parseNode } from '../testnet-arguments.ts'

const MIN_TIMEFRAME_MS = 1_000
const JSON_FLAG = { type: 'boolean', describe: 'print JSON' } as const

const init = defineCommand({
  usage: 'init',
  summary: 'make homes only: genesis.json, node0/ ... to start by hand or copy to real machines',
  flags: {
    nodes: { type: 'number', default: 4, describe: 'validators' },
    observers: { type: 'number', default: 0, describe: 'nodes that follow without a vote' },
    dir: { type: 'string', demandOption: true, describe: 'folder to make them in' },
    network: { type: 'string', default: 'testnet', describe: 'name of the network' },
    'atx-timeframe': {
      type: 'string',
      describe: 'length of a timeframe of the ATX set, such as 10s [default: a month]',
    },
    json: JSON_FLAG,
  },
  async run(args) {
    const counts = {
      validators: checkCount('--nodes', args.nodes, 1),
      observers: checkCount('--observers', args.observers, 0),
    }
    const dir = resolve(args.dir)
    const atx = args['atx-timeframe'] === undefined ? {} : { atx: { timeframe: parseTimeframe(args['atx-timeframe']) } }
    const { nodes, network } = await initTestnet({ dir, network: args.network, ...counts, ...atx })
    const homes = nodes.map((node) => ({
      node: node.index,
      role: node.role,
      home: homeOf(dir, node),
      peerId: node.peerId,
      p2pPort: node.p2pPort,
    }))
    printData(args.json, { dir, network, nodes: homes }, () => homes.map(({ home }) => home))
    note('keys have no password. Start them in the background with:')
    note(`  palaver testnet start ${dir}`)
    note('or each in its own terminal:')
    for (const { home } of homes) note(`  palaver start --home ${home}`)
  },
})

const start = defineCommand({
  usage: 'start <dir>',
  summary: 'start all nodes in the background',
  flags: {
    dir: DIR_PLACE,
    'no-proxy': { type: 'boolean', describe: 'no link proxies: faster, but no partition' },
    json: JSON_FLAG,
  },
  async run(args) {
    const dir = resolve(args.dir)
    const { nodes, proxy } = readManifest(dir)
    const idle = nodes.filter((node) => !isRunning(node))
    if (idle.length === 0)
      throw new CliError('failure', `all nodes of ${dir} run already`, { hint: `see: palaver testnet status ${dir}` })
    if (!args['no-proxy'] && proxy === null && idle.length === nodes.length) await startProxy(dir)
    for (const { index } of idle) startNode(dir, index)
    await waitForAll(
      dir,
      nodes.map((node) => node.index),
    )
    printTestnet(dir, args.json)
  },
})

const restart = defineCommand({
  usage: 'restart <dir> <node>',
  summary: 'stop a node if it runs, and start it',
  flags: { dir: DIR_PLACE, node: NODE_PLACE, json: JSON_FLAG },
  async run(args) {
    const [dir, node] = [resolve(args.dir), parseNode(args.node)]
    await stopNode(dir, node)
    startNode(dir, node)
    await waitForAll(dir, [node])
    printTestnet(dir, args.json)
  },
})

const add = defineCommand({
  usage: 'add <dir>',
  summary: 'make one more node and start it: it follows until the committee takes it in',
  flags: {
    dir: DIR_PLACE,
    'no-start': { type: 'boolean', describe: 'make its home only' },
    json: JSON_FLAG,
  },
  async run(args) {
    const dir = resolve(args.dir)
    const { index, home, peerId, publicKey } = await addNode(dir)
    const data = { node: index, home: resolve(dir, home), peerId, publicKey }
    if (!args['no-start']) {
      startNode(dir, index)
      await waitUntilReady(dir, index)
    }
    printData(args.json, data, () => [`node${index} ${peerId}`, `key ${publicKey}`])
    note('take it in with (on a member, then approve on others):')
    note(`  palaver committee propose --home ${resolve(dir)}/node0 --add ${peerId},org${index}`)
  },
})

const status = defineCommand({
  usage: 'status <dir>',
  summary: 'one row per node',
  flags: { dir: DIR_PLACE, json: JSON_FLAG },
  async run(args) {
    const dir = resolve(args.dir)
    const rows = await rowsOf(dir)
    const { nodes } = readManifest(dir)
    const data = rows.map((row, i) => ({
      ...row,
      pid: nodes[i]?.process?.pid ?? null,
      apiUrl: nodes[i]?.apiUrl ?? null,
      p2pPort: nodes[i]?.p2pPort,
    }))
    printData(args.json, data, () => renderTable(rows))
  },
})

const stop = defineCommand({
  usage: 'stop <dir>',
  summary: 'end exactly the processes that this testnet started',
  flags: { dir: DIR_PLACE },
  async run(args) {
    const dir = resolve(args.dir)
    await stopAll(dir)
    note(`stopped; start again with: palaver testnet start ${dir}`)
  },
})

const logs = defineCommand({
  usage: 'logs <dir> <node>',
  summary: 'what a node printed',
  flags: { dir: DIR_PLACE, node: NODE_PLACE },
  async run(args) {
    const dir = resolve(args.dir)
    const file = logOf(dir, nodeOf(readManifest(dir), parseNode(args.node)))
    await pipeline(createReadStream(file), process.stdout, { end: false }).catch((cause: Error) => {
      throw new CliError('failure', `no log in ${file}: ${cause.message}`, {
        cause,
        hint: `start the node with: palaver testnet start ${dir}`,
      })
    })
  },
})

/** Genesis allows none below a second. */
function parseTimeframe(text: string): number {
  const timeframe = Math.round(parseDuration(text, '--atx-timeframe'))
  if (timeframe >= MIN_TIMEFRAME_MS) return timeframe
  throw new CliError('usage', `--atx-timeframe ${text} is too short`, { hint: 'write 1s or more' })
}

export const lifecycleCommands = [init, start, restart, add, status, stop, logs]

async function waitForAll(dir: string, indexes: readonly number[]): Promise<void> {
  await Promise.all(indexes.map((index) => waitUntilReady(dir, index)))
}

function printTestnet(dir: string, json: boolean | undefined): void {
  const { nodes } = readManifest(dir)
  const running = nodes.map((node) => ({
    node: node.index,
    pid: node.process?.pid ?? null,
    api: node.apiUrl,
    home: homeOf(dir, node),
  }))
  if (json) print(JSON.stringify({ dir, nodes: running }))
  else
    for (const { node, pid, api } of running)
      print(pid === null ? `node${node} does not run` : `node${node} ready, pid ${pid}, api ${api}`)
}
