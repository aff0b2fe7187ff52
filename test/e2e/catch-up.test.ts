/** Nodes that come late, as processes: from an observer alone, after a long sleep, and with a disk that forgets. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, type PalaverClient } from '../../src/client/client.ts'
import type { KvView, NodeStatus } from '../../src/node/api/node-port.ts'
import { stopAll } from '../../testnet/launcher.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { begin, json, run, succeed } from './cli.ts'

/** Enough blocks for range sync, and for a pruning node to forget some. */
const BLOCKS = 1_400

let dir: string

beforeAll(async () => {
  ensureBuilt()
  dir = join(temporaryFolder(), 'net')
  await succeed(['testnet', 'init', '--nodes', '1', '--observers', '1', '--dir', dir])
  await succeed(['testnet', 'start', dir, '--no-proxy'])
  await makeBlocks(clientOf(home(0)), BLOCKS)
}, 120_000)

afterAll(async () => {
  await stopAll(dir)
  await endAll()
  removeFolders()
})

const home = (node: number): string => join(dir, `node${node}`)
const status = (homeDir: string): Promise<NodeStatus> => json<NodeStatus>(['status', '--home', homeDir])

function clientOf(homeDir: string): PalaverClient {
  const { url, tokenFile } = JSON.parse(readFileSync(join(homeDir, 'api.json'), 'utf8')) as Record<string, string>
  return createClient({ url: url ?? '', token: readFileSync(tokenFile ?? '', 'utf8').trim() })
}

async function makeBlocks(client: PalaverClient, height: number): Promise<void> {
  for (let index = 0; (await client.status()).finalized.height < height; index++) {
    await client.propose({ module: 'kv', payload: { key: `k${index % 100}`, value: `v${index}` } })
  }
}

/** Starts a node of its own home that knows only `peer`; resolves with its home when it is synced. */
async function startLatecomer(name: string, peer: string, flags: readonly string[] = []): Promise<string> {
  const own = join(temporaryFolder(), name)
  await succeed(['init', '--home', own, '--genesis', join(dir, 'genesis.json'), '--no-password'])
  const args = ['--listen', '/ip4/127.0.0.1/tcp/0', '--peer', peer, ...flags]
  await begin(['start', '--home', own, ...args]).line(/^ready$/)
  return own
}

async function addressOf(homeDir: string): Promise<string> {
  const { listen } = await json<{ listen: string[] }>(['id', '--home', homeDir])
  return listen[0] ?? 'no address'
}

test('an observer alone brings a newcomer up, with all it needs to check it, while the validator is away', async () => {
  const top = (await status(home(0))).finalized
  await until(async () => (await status(home(1))).finalized.height >= top.height, 30_000, 'the observer')
  const observer = await addressOf(home(1))
  await succeed(['testnet', 'kill', dir, '0'])
  const late = await startLatecomer('late', observer)
  await until(async () => (await status(late)).finalized.height >= top.height, 30_000, 'the newcomer')
  const block = await json<{ hash: string }>(['block', 'show', String(top.height), '--home', late])
  expect(block.hash).toBe(top.hash)
  const [here, there] = await Promise.all(
    [late, home(1)].map((each) => json<KvView>(['kv', 'get', 'k7', '--home', each])),
  )
  expect(here?.value).toBe(there?.value)
  expect((await status(late)).sync).toMatchObject({ state: 'synced', phase: null })
  await succeed(['testnet', 'restart', dir, '0'])
})

test('P20.9 a pruning node says what it keeps; asked for less it names an archive node as the way', async () => {
  const pruning = await startLatecomer('pruning', await addressOf(home(0)), ['--prune-keep', '1024'])
  const kept = (each: NodeStatus): boolean => each.lowestHeight > 1 && each.finalized.height - each.lowestHeight < 1_100
  await until(async () => kept(await status(pruning)), 30_000, 'pruning')
  const old = await run(['block', 'show', '5', '--home', pruning])
  expect(old.code).not.toBe(0)
  expect(old.stderr).toContain('archive node')
  expect((await json<{ height: number }>(['block', 'show', 'latest', '--home', pruning])).height).toBeGreaterThan(
    BLOCKS,
  )
  const refused = await run(['start', '--home', pruning, '--prune-keep', '5'])
  expect(refused.code).toBe(2)
})
