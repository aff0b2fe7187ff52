/** Newcomers on real processes begin with a snapshot (P17.6): where blocks are gone, after a kill, and on request only. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, type PalaverClient } from '../../src/client/client.ts'
import type { KvView, NodeStatus } from '../../src/node/api/node-port.ts'
import { freePorts } from '../../testnet/free-ports.ts'
import { stopAll } from '../../testnet/launcher.ts'
import { createLinkProxy, type LinkProxy } from '../../testnet/link-proxy.ts'
import { HEALED } from '../../testnet/links.ts'
import { endAll, ensureBuilt, type Running, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { begin, json, run, succeed } from './cli.ts'

/** Enough for a pruning node to forget the first blocks and yet keep what its snapshots need. */
const BLOCKS = 1_700
const EVERY = 800
/** Some twenty chunks. */
const KEYS = 700
const VALUE_BYTES = 4_000
/** On such a link the snapshot takes about ten seconds. */
const SLOW_BYTES_PER_SECOND = 300_000

let dir: string
const proxies: LinkProxy[] = []

beforeAll(async () => {
  ensureBuilt()
  dir = join(temporaryFolder(), 'net')
  await succeed(['testnet', 'init', '--nodes', '1', '--observers', '1', '--dir', dir])
  for (const node of [0, 1]) configure(home(node), { snapshotEvery: EVERY, pruneKeep: 1_024 })
  await succeed(['testnet', 'start', dir, '--no-proxy'])
  await makeBlocks(clientOf(home(0)), BLOCKS)
  for (const node of [0, 1]) {
    await until(async () => (await status(home(node))).lowestHeight > 1, 30_000, `node ${node} to prune`)
  }
}, 120_000)

afterAll(async () => {
  for (const proxy of proxies) await proxy.close()
  await stopAll(dir)
  await endAll()
  removeFolders()
})

const home = (node: number): string => join(dir, `node${node}`)
const status = (homeDir: string): Promise<NodeStatus> => json<NodeStatus>(['status', '--home', homeDir])

function configure(homeDir: string, change: object): void {
  const path = join(homeDir, 'config.json')
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }))
}

function clientOf(homeDir: string): PalaverClient {
  const { url, tokenFile } = JSON.parse(readFileSync(join(homeDir, 'api.json'), 'utf8')) as Record<string, string>
  return createClient({ url: url ?? '', token: readFileSync(tokenFile ?? '', 'utf8').trim() })
}

async function makeBlocks(client: PalaverClient, height: number): Promise<void> {
  for (let index = 0; (await client.status()).finalized.height < height; index++) {
    const value = `value ${index}`.padEnd(VALUE_BYTES, '.')
    await client.propose({ module: 'kv', payload: { key: `k${index % KEYS}`, value } })
  }
}

async function addressOf(homeDir: string): Promise<string> {
  const { listen } = await json<{ listen: string[] }>(['id', '--home', homeDir])
  return listen[0] ?? 'no address'
}

/** The block whose state a newcomer says to take: at a multiple of {@link EVERY}, or up to 64 heights above. */
function snapshotIn(text: string): number {
  const [, shown = ''] = /snapshot of block ([\d,]+)[ :]/.exec(text) ?? []
  const height = Number(shown.replaceAll(',', ''))
  expect(height).toBeGreaterThanOrEqual(2 * EVERY)
  expect(height).toBeLessThanOrEqual(2 * EVERY + 64)
  return height
}

async function newHome(name: string): Promise<string> {
  const own = join(temporaryFolder(), name)
  await succeed(['init', '--home', own, '--genesis', join(dir, 'genesis.json'), '--no-password'])
  return own
}

const start = (own: string, peers: readonly string[], ...flags: string[]): Running =>
  begin(['start', '--home', own, '--listen', '/ip4/127.0.0.1/tcp/0', ...peers.flatMap((p) => ['--peer', p]), ...flags])

/** The same address through a link that can be made slow. */
async function slowed(address: string): Promise<{ readonly address: string; readonly proxy: LinkProxy }> {
  const [port = 0] = await freePorts(1)
  const inner = Number(/tcp\/(\d+)/.exec(address)?.[1])
  const routes = [{ node: 0, port, innerPort: () => inner }]
  const proxy = await createLinkProxy({ routes, identifySource: async () => null })
  proxies.push(proxy)
  proxy.setLinks({ ...HEALED, bytesPerSecond: SLOW_BYTES_PER_SECOND })
  return { address: address.replace(`tcp/${inner}`, `tcp/${port}`), proxy }
}

/** It has the state of the others, and a proof of what a key holds that anyone can check. */
async function expectWhole(own: string): Promise<void> {
  const top = (await status(home(0))).finalized.height
  await until(async () => (await status(own)).ledger.height >= top, 30_000, 'the newcomer')
  const [here, there] = await until(
    async () => {
      const [a, b] = await Promise.all([status(own), status(home(0))])
      return a.ledger.height === b.ledger.height ? [a, b] : null
    },
    30_000,
    'both nodes at one height',
  )
  expect(here?.ledger.stateRoot).toBe(there?.ledger.stateRoot)
  expect(here?.lowestHeight).toBeGreaterThan(EVERY)
  const file = join(own, 'proof.json')
  await succeed(['kv', 'get', 'k7', '--proof', '--home', own, '--out', file])
  await succeed(['verify', file, '--genesis', join(dir, 'genesis.json')])
  const views = await Promise.all([own, home(0)].map((each) => json<KvView>(['kv', 'get', 'k7', '--home', each])))
  expect(views[0]?.value).toBe(views[1]?.value)
}

test('P17.6 by default a newcomer begins with a snapshot when the first blocks are gone', async () => {
  const own = await newHome('auto')
  const node = start(own, await Promise.all([home(0), home(1)].map(addressOf)))
  await node.line(/^ready$/)
  expect(node.stderr()).toMatch(/starting from the snapshot of block [\d,]+ \(\d+ chunks, .* MiB in .* s\)/)
  const at = snapshotIn(node.stderr())
  await expectWhole(own)
  expect((await status(own)).lowestHeight).toBeLessThanOrEqual(at)
  const [ours, theirs] = await Promise.all(
    [own, home(0)].map((each) => json<{ hash: string }>(['block', 'show', `${at + 30}`, '--home', each])),
  )
  expect(ours?.hash).toBe(theirs?.hash)
  node.child.kill('SIGTERM')
  expect((await node.finished).code).toBe(143)
  // From now on it is a node with blocks, whatever it is told.
  const again = start(own, [await addressOf(home(1))], '--sync', 'snapshot')
  await again.line(/^ready$/)
  expect(again.stderr()).toContain('without a snapshot')
  again.child.kill('SIGKILL')
})

test('P17.6 kill -9 in the middle: the next start fetches only what is missing', async () => {
  const own = await newHome('killed')
  const { address, proxy } = await slowed(await addressOf(home(1)))
  const first = start(own, [address])
  const stored = async (): Promise<number> => (await status(own)).sync.snapshot?.storedChunks ?? 0
  await until(async () => (await stored()) >= 3, 30_000, 'three chunks')
  const { sync } = await status(own)
  expect(sync).toMatchObject({ state: 'catching-up', phase: 'snapshot', peers: 1 })
  const refused = await run(['kv', 'get', 'k7', '--home', own])
  expect(refused.code).toBe(5)
  expect(refused.stderr).toContain('fetching a snapshot')
  expect(first.stderr()).toMatch(/fetching the snapshot of block [\d,]+: \d+ of \d+ chunks, .* MiB \(\d+%\)/)
  expect(sync.target).toBe(snapshotIn(first.stderr()))
  first.child.kill('SIGKILL')
  await first.finished
  proxy.setLinks(HEALED)
  const second = start(own, [address])
  await second.line(/^ready$/)
  const [, kept, all] = /, (\d+) of (\d+) chunks are here already/.exec(second.stderr()) ?? []
  expect(Number(kept)).toBeGreaterThanOrEqual(3)
  expect(Number(kept)).toBeLessThan(Number(all))
  await expectWhole(own)
  second.child.kill('SIGKILL')
})

test('P20.9 a node that insists on blocks says that nobody has them, and what to type; Ctrl-C ends a fetch', async () => {
  const own = await newHome('blocks')
  const peer = await addressOf(home(1))
  const node = start(own, [peer], '--sync', 'blocks')
  await node.line(/^ready$/)
  const stuck = (): boolean => node.stderr().includes(`palaver start --home ${own} --sync snapshot`)
  await until(stuck, 30_000, 'the advice')
  expect(node.stderr()).toContain('has deleted block 1')
  expect((await status(own)).sync.lowestServed).toBeGreaterThan(1)
  node.child.kill('SIGKILL')
  await node.finished
  const { address } = await slowed(peer)
  const interrupted = start(own, [address], '--sync', 'snapshot')
  await until(() => interrupted.stderr().includes('fetching the snapshot'), 20_000, 'the fetch')
  interrupted.child.kill('SIGINT')
  expect((await interrupted.finished).code).toBe(130)
  const last = start(own, [peer], '--sync', 'snapshot')
  await last.line(/^ready$/)
  await expectWhole(own)
  last.child.kill('SIGKILL')
})
