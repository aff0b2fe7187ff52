/**
 * Accountability on real processes: one key in two lives (P19.5, P20.6-3), as a copied home beside the first and as a backup
 * brought back, and evidence on its way to the ledger (P24.2).
 */
import { chmodSync, cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSigner } from '../../src/crypto/keys.ts'
import type { BlockView, EvidenceView, KvView, NodeStatus } from '../../src/node/api/node-port.ts'
import { readGenesis, sessionOf } from '../../src/node/genesis.ts'
import { unlockKey } from '../../src/node/keystore.ts'
import { VOTE_TAG, voteTargetBytes } from '../../src/pala/codec.ts'
import type { Offence } from '../../src/pala/evidence.ts'
import { encodeMessage } from '../../src/pala/message-codec.ts'
import { CHANNELS } from '../../src/protocols/catalogue.ts'
import type { MemberKey } from '../../src/protocols/role-proof.ts'
import { stopAll } from '../../testnet/launcher.ts'
import { createNetwork } from '../helpers/networks.ts'
import { endAll, ensureBuilt, type Running, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { begin, json, succeed } from './cli.ts'

const DETECT_MS = 60_000

let dir: string
const home = (node: number): string => join(dir, `node${node}`)
const status = (at: string): Promise<NodeStatus> => json<NodeStatus>(['status', '--home', at])
const put = (key: string): Promise<string> => succeed(['kv', 'put', key, 'yes', '--wait', '--home', home(0)])
const logOf = (node: number): string => readFileSync(join(home(node), 'node.log'), 'utf8')

async function has(at: string, key: string): Promise<void> {
  await until(async () => (await json<KvView>(['kv', 'get', key, '--home', at])).value === 'yes', DETECT_MS, key)
}

async function startBeside(at: string, ...flags: string[]): Promise<Running> {
  // The address in its configuration belongs to the testnet's link proxy.
  const node = begin(['start', '--home', at, '--listen', '/ip4/127.0.0.1/tcp/0', ...flags])
  // Not `ready`: a node that must not vote never is.
  await node.line(/^api http/)
  return node
}

/** A home is its owner's alone, also as a copy. */
function copyHome(from: string, to: string): void {
  cpSync(from, to, { recursive: true })
  chmodSync(to, 0o700)
}

async function end(node: Running): Promise<void> {
  node.child.kill('SIGTERM')
  await node.finished
}

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

test('P19.5 twins: their peers and at least one of the two notice, and the network agrees and goes on', async () => {
  await put('before')
  await succeed(['testnet', 'kill', dir, '2'])
  const twinHome = join(dir, 'twin')
  copyHome(home(2), twinHome)
  await succeed(['testnet', 'restart', dir, '2'])
  const addresses = await Promise.all(
    [0, 1, 3].map(async (node) => (await json<{ listen: string[] }>(['id', '--home', home(node)])).listen[0] ?? ''),
  )
  const peers = addresses.flatMap((address) => ['--peer', address])
  const twin = await startBeside(twinHome, '--api', '127.0.0.1:0', ...peers)
  const warning = /DUPLICATE KEY|key-used-elsewhere/
  await until(
    () => [0, 1, 3].some((node) => /one key runs in two processes/.test(logOf(node))),
    DETECT_MS,
    'peers notice',
  )
  // A connection belongs to one of the two at a time: the one that is left out may never hear of it.
  await until(() => warning.test(logOf(2) + twin.stderr() + twin.stdout()), DETECT_MS, 'one of the two is told')
  await put('beside twins')
  for (const node of [1, 3]) await has(home(node), 'beside twins')
  const { finalized } = await status(home(0))
  const blocks = await Promise.all(
    [0, 1, 3].map((node) => json<BlockView>(['block', 'show', String(finalized.height), '--home', home(node)])),
  )
  expect(new Set(blocks.map(({ hash }) => hash)).size).toBe(1)
  const accused = (await json<EvidenceView[]>(['evidence', 'list', '--home', home(0)])).map((view) => view.accused?.org)
  // Whatever the twins came to contradict each other about, it is nobody else's fault.
  expect(accused.every((org) => org === accused[0])).toBe(true)
  await end(twin)
  await succeed(['testnet', 'kill', dir, '2'])
  const vouched = await startBeside(home(2), '--unsafe-reset-votes')
  await until(async () => (await status(home(2))).votingStopped === null, DETECT_MS, 'the operator has vouched')
  await end(vouched)
  await succeed(['testnet', 'restart', dir, '2'])
})

test('P20.6-3 a backup brought back finds its own votes, follows without voting, and remembers why', async () => {
  await succeed(['testnet', 'kill', dir, '3'])
  const backup = join(dir, 'backup')
  copyHome(home(3), backup)
  await succeed(['testnet', 'restart', dir, '3'])
  const { finalized } = await status(home(0))
  await put('after the backup')
  await until(
    async () => {
      const blocks = await json<BlockView[]>([
        'block',
        'list',
        '--from',
        String(finalized.height + 1),
        '--home',
        home(0),
      ])
      return blocks.some(({ notarization }) => notarization?.signers.includes(3))
    },
    DETECT_MS,
    'node3 voted since its backup',
  )
  await succeed(['testnet', 'kill', dir, '3'])
  rmSync(home(3), { recursive: true })
  copyHome(backup, home(3))
  const old = await startBeside(home(3))
  const why = /is out there, but not on this disk/
  await until(async () => why.test((await status(home(3))).votingStopped ?? ''), DETECT_MS, 'the backup is recognised')
  await put('without node3')
  await has(home(3), 'without node3')
  await end(old)
  const again = await startBeside(home(3))
  expect((await status(home(3))).votingStopped).toMatch(why)
  await end(again)
})

/** Two votes of node3's key for one slot, signed as a thief of the key would. */
async function doubleVoteBy(node: number) {
  const { genesis, chainId } = await readGenesis(join(dir, 'genesis.json'))
  const signer = createSigner(await unlockKey(join(home(node), 'key.json'), async () => null))
  const session = sessionOf(genesis)
  const { voters } = session
  const voter = voters.findIndex(({ key }) => key === signer.publicKey)
  const vote = (mark: string) => {
    const target = { sn: { session: 1, epoch: 1, s: 1 }, blockHash: mark.repeat(32) }
    const signature = signer.sign({ tag: VOTE_TAG, chainId, payload: voteTargetBytes(target) })
    return { ...target, voter, signature }
  }
  const offence: Offence = { kind: 'doubleVote', first: vote('aa'), second: vote('bb') }
  return { chainId, network: genesis.network, session, offence, org: voters[voter]?.org ?? '' }
}

test('P24.2 evidence that a stranger brings to one node is on the ledger and in the status of all', async () => {
  const { chainId, network, session, offence, org } = await doubleVoteBy(3)
  const memberKey: MemberKey = (role, _session, index) =>
    (role === 'voter' ? session.voters : session.proposers)[index]?.key ?? null
  const stranger = createNetwork('stranger', { network, chainId, members: [], memberKey })
  const channel = stranger.channel(CHANNELS.palaSync, () => undefined)
  await stranger.start()
  const { listen } = await json<{ listen: string[] }>(['id', '--home', home(0)])
  const peer = await until(() => stranger.connect(listen[0] ?? ''), DETECT_MS, 'the stranger is let in')
  expect(channel.send(peer, encodeMessage({ type: 'evidence', evidence: offence }))).toBe(true)
  for (const node of [0, 1, 2]) {
    await until(
      async () =>
        (await status(home(node))).evidence.some(
          ({ accused, recordedAt }) => accused?.org === org && recordedAt !== null,
        ),
      DETECT_MS,
      `node${node} shows it as recorded`,
    )
  }
  expect(await succeed(['status', '--home', home(1)])).toMatch(
    new RegExp(
      `EVIDENCE doubleVote by voter ${org} key \\w+\\.\\. at \\(1,1,1\\), recorded on the ledger at height \\d+`,
    ),
  )
  const [view] = await json<EvidenceView[]>(['evidence', 'list', '--home', home(2)])
  expect(await succeed(['evidence', 'show', view?.id ?? '', '--home', home(2)])).toContain('committee propose --remove')
})
