/** Four real nodes through the command line: agreement, crash, pause, partition, an observer that joins. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BlockView, KvView, NodeStatus, TxView } from '../../src/node/api/node-port.ts'
import { identifyProcess } from '../../src/node/process-identity.ts'
import { stopAll } from '../../testnet/launcher.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { begin, json, run, succeed } from './cli.ts'

/** Time in which a healed committee must be final again. */
const HEAL_MS = 40_000

let dir: string

beforeAll(async () => {
  ensureBuilt()
  dir = join(temporaryFolder(), 'net')
  await succeed(['testnet', 'init', '--nodes', '4', '--dir', dir])
  await succeed(['testnet', 'start', dir])
})

afterAll(async () => {
  await stopAll(dir)
  await endAll()
  removeFolders()
})

function home(node: number): string {
  return join(dir, `node${node}`)
}

function put(node: number, key: string, value: string, timeout = '30s'): ReturnType<typeof run> {
  return run([
    'tx',
    'submit',
    '--home',
    home(node),
    '--kv',
    `${key}=${value}`,
    '--wait',
    '--timeout',
    timeout,
    '--json',
  ])
}

async function follows(node: number, key: string, value: string): Promise<void> {
  await until(
    async () => (await json<KvView>(['kv', 'get', key, '--home', home(node)])).value === value,
    HEAL_MS,
    `${key}=${value} on node${node}`,
  )
}

function status(homeDir: string): Promise<NodeStatus> {
  return json<NodeStatus>(['status', '--home', homeDir])
}

test('a transaction submitted on any node is final and read on every other', async () => {
  for (const node of [0, 1, 2, 3]) {
    const { code, stdout, stderr } = await put(node, `from${node}`, `v${node}`)
    expect(code, stderr).toBe(0)
    const final = JSON.parse(stdout) as TxView
    expect(final.result?.ok).toBe(true)
    await follows((node + 1) % 4, `from${node}`, `v${node}`)
    const block = await json<BlockView>(['block', 'show', String(final.height), '--home', home((node + 2) % 4)])
    expect(block.hash).toBe(final.blockHash)
    expect(block.txIds).toContain(final.txId)
    expect((await json<TxView>(['tx', 'show', final.txId, '--home', home((node + 3) % 4)])).status).toBe('final')
  }
  const latest = await json<BlockView>(['block', 'show', 'latest', '--home', home(0)])
  expect(latest.finalized).toBe(true)
  expect((await json<BlockView>(['block', 'show', latest.hash, '--home', home(0)])).height).toBe(latest.height)
})

test('every node reports three peers, its role and its place in the same chain', async () => {
  const all = await Promise.all([0, 1, 2, 3].map((node) => status(home(node))))
  expect(new Set(all.map((each) => each.chainId)).size).toBe(1)
  expect(all.map((each) => each.roles.includes('voter'))).toEqual([true, true, true, true])
  await until(async () => (await json<unknown[]>(['peers', 'list', '--home', home(3)])).length >= 3)
})

test('after kill -9 of one node the others continue, and it catches up after its restart', async () => {
  await succeed(['testnet', 'kill', dir, '2'])
  expect((await run(['status', '--home', home(2)])).code).toBe(4)
  const during = await put(0, 'while-down', 'yes')
  expect(during.code, during.stderr).toBe(0)
  await succeed(['testnet', 'restart', dir, '2'])
  await follows(2, 'while-down', 'yes')
  const after = await put(2, 'back', 'again')
  expect(after.code, after.stderr).toBe(0)
})

test('a paused node holds nobody up and continues where the others are', async () => {
  await succeed(['testnet', 'pause', dir, '1'])
  const during = await put(3, 'while-paused', 'yes')
  expect(during.code, during.stderr).toBe(0)
  await succeed(['testnet', 'resume', dir, '1'])
  await follows(1, 'while-paused', 'yes')
})

test('halves of a partition finalise nothing; healed, the waiting transaction becomes final everywhere', async () => {
  await succeed(['testnet', 'partition', dir, '0,1/2,3'])
  const split = await put(0, 'split', 'waits', '3s')
  expect(split.code, split.stderr).toBe(5)
  await succeed(['testnet', 'heal', dir])
  for (const node of [0, 1, 2, 3]) await follows(node, 'split', 'waits')
})

test('an observer joins by an address, follows, and forwards what is submitted to it', async () => {
  const observer = join(dir, 'observer')
  await succeed(['init', '--home', observer, '--genesis', join(dir, 'genesis.json'), '--no-password'])
  const { listen } = await json<{ listen: string[] }>(['id', '--home', home(0)])
  const node = begin([
    'start',
    '--home',
    observer,
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
    '--api',
    '127.0.0.1:0',
    '--peer',
    listen[0] ?? '',
  ])
  await node.line(/^ready$/)
  await until(async () => (await json<KvView>(['kv', 'get', 'split', '--home', observer])).value === 'waits', HEAL_MS)
  expect((await status(observer)).roles).toEqual([])
  const forwarded = await run(['kv', 'put', 'by-observer', 'yes', '--wait', '--home', observer])
  expect(forwarded.code, forwarded.stderr).toBe(0)
  node.child.kill('SIGTERM')
  expect((await node.finished).code).toBe(143)
})

test('an observer started alone follows after peers connect', async () => {
  const observer = join(dir, 'late')
  await succeed(['init', '--home', observer, '--genesis', join(dir, 'genesis.json'), '--no-password'])
  const node = begin([
    'start',
    '--home',
    observer,
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
    '--api',
    '127.0.0.1:0',
    '--no-mdns',
  ])
  await node.line(/^ready$/)
  const { listen } = await json<{ listen: string[] }>(['id', '--home', home(1)])
  const refused: [string, number, RegExp][] = [
    ['http://127.0.0.1:1', 2, /URL/],
    ['/ip4/127.0.0.1/tcp/4001', 2, /peer id/],
    [(listen[0] ?? '').replace(/tcp\/\d+/, 'tcp/1'), 1, /nothing listens/],
    [
      (listen[0] ?? '').replace(/p2p\/.*/, 'p2p/12D3KooWBmAwcd4PJNJvfV89HwE48nwkRmAgo8Vy3uQEyNNHBox2'),
      1,
      /another node/,
    ],
  ]
  for (const [multiaddr, code, text] of refused) {
    const outcome = await run(['peers', 'connect', multiaddr, '--home', observer])
    expect(outcome.code, outcome.stderr).toBe(code)
    expect(outcome.stderr).toMatch(text)
  }
  await succeed(['peers', 'connect', listen[0] ?? '', '--home', observer])
  await until(async () => (await json<KvView>(['kv', 'get', 'split', '--home', observer])).value === 'waits', HEAL_MS)
  node.child.kill('SIGINT')
  expect((await node.finished).code).toBe(130)
})

test('stop ends every process that start began', async () => {
  const before = await json<{ pid: number | null }[]>(['testnet', 'status', dir])
  expect(before.map(({ pid }) => identifyProcess(pid ?? 0) !== null)).toEqual([true, true, true, true])
  await succeed(['testnet', 'stop', dir])
  expect(before.map(({ pid }) => identifyProcess(pid ?? 0))).toEqual([null, null, null, null])
})
