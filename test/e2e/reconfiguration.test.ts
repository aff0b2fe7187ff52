/**
 * The committee of a running network changes under load, on real processes: it grows to five, replaces a member, shrinks
 * to four, while a node is killed at the switch and another sleeps through two sessions. Nothing is lost (P16.5, P16.8).
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PalaverClient } from '../../src/client/client.ts'
import type { CommitteeView } from '../../src/node/api/committee-view.ts'
import type { NodeStatus } from '../../src/node/api/node-port.ts'
import { checkAgreement } from '../../testnet/checks.ts'
import { stopAll } from '../../testnet/launcher.ts'
import { clientOf, readApiFile } from '../../testnet/node-client.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { begin, json, succeed } from './cli.ts'
import { countFinal, type SteadyLoad, startLoad } from './steady-load.ts'

/** Time in which every node must stand in the new session. */
const SWITCH_MS = 60_000
/** The newcomer that a testnet does not know: its home is made and started by hand. */
const GUEST = 5

let dir: string
let load: SteadyLoad

const home = (node: number): string => (node === GUEST ? join(dir, 'guest') : join(dir, `node${node}`))
const status = (node: number): Promise<NodeStatus> => json<NodeStatus>(['status', '--home', home(node)])
const committee = (node: number): Promise<CommitteeView> => json(['committee', 'show', '--home', home(node)])
const peerIdOf = async (node: number): Promise<string> =>
  (await json<{ peerId: string }>(['id', '--home', home(node)])).peerId

function client(node: number): PalaverClient {
  const api = readApiFile(home(node))
  if (api === null) throw new Error(`node ${node} has no API`)
  return clientOf(api)
}

beforeAll(async () => {
  ensureBuilt()
  dir = join(temporaryFolder(), 'net')
  await succeed(['testnet', 'init', '--nodes', '4', '--dir', dir])
  await succeed(['testnet', 'start', dir, '--no-proxy'])
  load = startLoad([0, 1, 2, 3].map(home))
})

afterAll(async () => {
  await load?.stop()
  await stopAll(dir)
  await endAll()
  removeFolders()
})

/** The first proposes; the others, just as many as are needed, approve. */
async function change(members: readonly number[], ...flags: string[]): Promise<void> {
  const [author = 0, ...others] = members
  const { proposal } = await json<{ proposal: string }>(['committee', 'propose', '--home', home(author), ...flags])
  await Promise.all(others.map((member) => succeed(['committee', 'approve', proposal, '--home', home(member)])))
}

/** Every node stands in `session`, and its first blocks are final. */
async function settled(session: number, nodes: readonly number[]): Promise<void> {
  for (const node of nodes) {
    const isThere = async (): Promise<boolean> => {
      const { finalized, reconfiguring } = await client(node).status()
      return finalized.session === session && reconfiguring === null
    }
    await until(isThere, SWITCH_MS, `session ${session} on node ${node}`)
  }
  const sessions = await Promise.all(nodes.map(async (node) => (await client(node).status()).session))
  expect(sessions).toEqual(nodes.map(() => session))
}

/** The node's signature is in certificates of the present session. */
async function votes(node: number): Promise<void> {
  const { plan, session } = await committee(node)
  const peerId = await peerIdOf(node)
  const seat = plan.voters.findIndex((voter) => voter.peerId === peerId)
  expect(seat).toBeGreaterThanOrEqual(0)
  const hasSigned = async (): Promise<boolean> => {
    const blocks = await client(0).blocks({ limit: 50 })
    return blocks.some((block) => block.session === session && block.notarization?.signers.includes(seat))
  }
  await until(hasSigned, SWITCH_MS, `a vote of node ${node} in session ${session}`)
}

test('a node that was added follows, is elected by three of four, and votes from the next session on', async () => {
  await succeed(['testnet', 'add', dir])
  expect(await status(4)).toMatchObject({ session: 1, roles: [], committee: { voters: 4 } })
  await change([0, 1, 2], '--add', `${await peerIdOf(4)},org4`)
  await settled(2, [0, 1, 2, 3, 4])
  expect(await status(4)).toMatchObject({ session: 2, roles: ['proposer', 'voter'], committee: { voters: 5, k: 1 } })
  await votes(4)
  load.spread([0, 1, 2, 3, 4].map(home))
})

test('a member is replaced by a home made by hand; the old one follows and still answers', async () => {
  await succeed(['init', '--home', home(GUEST), '--genesis', join(dir, 'genesis.json'), '--no-password'])
  const started = begin(['start', '--home', home(GUEST), '--listen', '/ip4/127.0.0.1/tcp/0', '--api', '127.0.0.1:0'])
  await started.line(/^ready$/, SWITCH_MS)
  const { listen } = await json<{ listen: string[] }>(['id', '--home', home(1)])
  await succeed(['peers', 'connect', listen[0] ?? '', '--home', home(GUEST)])
  await change([0, 1, 2, 4], '--replace', `${await peerIdOf(3)},${await peerIdOf(GUEST)},guests`)
  await settled(3, [0, 1, 2, 3, 4, GUEST])
  expect(await status(GUEST)).toMatchObject({ roles: ['proposer', 'voter'], votingStopped: null })
  await votes(GUEST)
  load.spread([0, 1, 2, 3, 4, GUEST].map(home))
  expect(await status(3)).toMatchObject({ session: 3, roles: [], votingStopped: null, committee: { voters: 5 } })
  await succeed(['kv', 'put', 'by-the-old-member', 'yes', '--wait', '--home', home(3)])
})

test('the committee shrinks to four while a member is killed at the switch; back, it votes in the new session', async () => {
  await change([0, 1, 2, GUEST], '--remove', await peerIdOf(4))
  await succeed(['testnet', 'kill', dir, '1'])
  await settled(4, [0, 2, 3, 4, GUEST])
  await succeed(['testnet', 'restart', dir, '1'])
  await settled(4, [0, 1, 2, 3, 4, GUEST])
  await votes(1)
  expect(await status(4)).toMatchObject({ session: 4, roles: [], committee: { voters: 4 } })
})

test('a member that sleeps through two sessions walks them when it comes back, and votes', async () => {
  await succeed(['testnet', 'kill', dir, '2'])
  await change([0, 1, GUEST], '--k', '2')
  await settled(5, [0, 1, 3, 4, GUEST])
  await change([0, 1, GUEST], '--k', '1', '--timeout-ms', '2500')
  await settled(6, [0, 1, 3, 4, GUEST])
  await succeed(['testnet', 'restart', dir, '2'])
  await settled(6, [2])
  await votes(2)
})

test('a member whose vote journal is lost follows, and votes in the next session that starts (P20.6-3)', async () => {
  await succeed(['testnet', 'kill', dir, '1'])
  rmSync(join(home(1), 'votes.journal'))
  await begin(['start', '--home', home(1)]).line(/^ready$/, SWITCH_MS)
  expect((await status(1)).votingStopped).toMatch(/journal of this key is missing/)
  const { plan } = await committee(0)
  await until(async () => (await client(1).status()).uptimeMs > plan.params.maxClockDriftMs)
  await change([0, 2, GUEST], '--k', '2')
  await settled(7, [0, 1, 2, 3, 4, GUEST])
  await votes(1)
  expect((await status(1)).votingStopped).toBeNull()
})

test('every transaction that any node admitted is final exactly once, and all nodes have the same log', async () => {
  const admitted = await load.stop()
  expect(admitted.length).toBeGreaterThan(100)
  const counts = await countFinal(client(0), admitted)
  expect([...counts].filter(([, times]) => times !== 1)).toEqual([])
  const agreement = await checkAgreement(
    [0, 1, 2, 3, 4, GUEST].map((node) => ({ name: `node ${node}`, client: client(node) })),
  )
  expect(agreement.differences).toEqual([])
})
