/** A home begins with a snapshot (P17.6): what it proves first, how it goes on from there, and what liars and kills cost. */
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { verifyEd25519 } from '../../../src/crypto/ed25519.ts'
import type { SnapshotManifest } from '../../../src/ledger/snapshot.ts'
import { systemClock } from '../../../src/machine/clock.ts'
import { encodeProofReply, parseProofTalk } from '../../../src/node/proof-messages.ts'
import { createProofSource } from '../../../src/node/proof-sources.ts'
import { createProofs } from '../../../src/node/proofs.ts'
import { encodeSnapshotReply, parseSnapshotTalk } from '../../../src/node/snapshot-messages.ts'
import { type SnapshotStartOptions, startFromSnapshot, WORTH_BLOCKS } from '../../../src/node/snapshot-start.ts'
import { judgeMemory } from '../../../src/node/vote-permission.ts'
import { encodeNotarization } from '../../../src/pala/codec.ts'
import { createVoteJournal, openVoteJournal } from '../../../src/pala/journal-store.ts'
import { openPruneStore } from '../../../src/pala/prune-store.ts'
import { decodeRangeMessage, encodeBlocks } from '../../../src/pala/range/codec.ts'
import { restoreState, summarise } from '../../../src/pala/state.ts'
import type { DurableRecord } from '../../../src/pala/types.ts'
import { CHANNELS } from '../../../src/protocols/catalogue.ts'
import { verifyFinality } from '../../../src/verify/finality.ts'
import { CHAIN_ID, configOf, createCommittee } from '../../helpers/committee.ts'
import { createFakeNetwork } from '../../helpers/fake-network.ts'
import { committeeOf, growChain } from '../../helpers/pala-chain.ts'
import { linkNodes, startPalaOn, type Tamper } from '../../helpers/pala-nodes.ts'
import {
  meet,
  type Newcomer,
  openNewcomer,
  type Server,
  snapshotOf,
  startServer,
  stateOf,
} from '../../helpers/snapshots.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'

const K = 2
const committee = createCommittee(4, { k: K })
const second = committeeOf(2, ['b0', 'b1', 'b2', 'b3'], 3, committee)
const state = stateOf(60, 'what all of them hold')
const otherState = stateOf(60, 'what nobody holds')
const chain = growChain(
  committee,
  [{ blocks: 20 }, { blocks: 15 }, { blocks: 30, stops: second }, { blocks: 12 }, { blocks: 260 }],
  (height) => [Buffer.from(`entry of ${height}`)],
  () => state.root,
)
const stop = chain.sessions[0]?.stop.height ?? 0
const SNAPSHOT = CHANNELS.snapshot.protocol
const PROOF = CHANNELS.proofFetch.protocol
const RANGE = CHANNELS.palaRange.protocol

/** The lowest height from one on whose state a header commits to: the others are passed over. */
const committedFrom = (height: number): number =>
  Math.min(...chain.links.map(({ proposal }) => proposal.block.header.stateHeight).filter((each) => each >= height))

const serve = async (peer: string, height: number, what = state, change: Partial<SnapshotManifest> = {}) => {
  const { manifest, chunks } = await snapshotOf(chain, height, what)
  return startServer(peer, { committee, chain, snapshot: () => ({ manifest: { ...manifest, ...change }, chunks }) })
}

type Watched = Partial<Pick<SnapshotStartOptions, 'mode' | 'patienceMs' | 'signal' | 'onRefused'>>

function begin(newcomer: Newcomer, servers: readonly Server[], options: Watched = {}) {
  return startFromSnapshot({
    ...newcomer,
    mode: 'snapshot',
    chainId: CHAIN_ID,
    connected: () => servers.map(({ peer }) => peer),
    isSearching: () => false,
    clock: systemClock,
    signal: new AbortController().signal,
    onChosen: () => undefined,
    onRefused: () => undefined,
    patienceMs: 5_000,
    ...options,
  })
}

const penalised = ({ network }: Newcomer) => network.penalties.map(({ peer, penalty }) => `${peer} ${penalty}`)

/** Alters answers of the snapshot channel: a manifest has no index to be told by, but its own bytes. */
const tamperSnapshots = (alter: (content: Uint8Array, requestId: number) => Uint8Array | null): Tamper => {
  return (protocol, message) => {
    const talk = protocol === SNAPSHOT ? parseSnapshotTalk(message) : null
    if (talk?.type !== 'answer') return [message]
    const content = alter(talk.answer.content, talk.answer.requestId)
    return content === null ? null : [encodeSnapshotReply({ ...talk.answer, content })]
  }
}

/** Starts consensus on what the home holds now, connected with a server. */
async function goOn(newcomer: Newcomer, server: Server) {
  const node = await startPalaOn(createFakeNetwork('grown'), { committee, store: newcomer.store })
  linkNodes(node, server)
  return node
}

describe('a home begins with a snapshot', () => {
  const places: readonly [string, number][] = [
    ['close to genesis', 1],
    ['in the first epoch', 12],
    ['where epochs change', 20],
    ['just above', 21],
    ['below the stop block', stop - 1],
    ['at the stop block', stop],
    ['above the stop block', stop + 1],
    ['where sessions change', stop + K + 2],
    ['in the first epoch of the next session', stop + 10],
    ['where epochs of the next session change', stop + K + 1 + 12],
    ['later', stop + 40],
  ]

  it.each(places)('P17.6 P20.6 %s, and goes on by blocks to the tip', async (_where, from) => {
    const height = committedFrom(from)
    const server = await serve('a', height)
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    expect((await begin(newcomer, [server]))?.height).toBe(height)
    expect(penalised(newcomer)).toEqual([])
    const node = await goOn(newcomer, server)
    await until(() => isAtTip(node, server))
    expect(node.failures).toEqual([])
    expect(node.alarms).toEqual([])
    expect(node.delivered[0]?.header.height).toBe(height + 1)
    expect(node.delivered.map(({ hash }) => hash)).toEqual(hashes(height + 1, node.delivered.length))
  })

  it('P20.9 says from where on it has blocks, and keeps what proves the sessions before', async () => {
    const height = stop + 40
    const server = await serve('a', height)
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    await begin(newcomer, [server])
    const lowest = (await openPruneStore(newcomer.db)).lowestHeight()
    expect(lowest).toBe(height - second.session.params.k)
    expect(await newcomer.store.finalHash(lowest)).not.toBeNull()
    expect(await newcomer.store.finalHash(lowest - 1)).toBeNull()
    expect((await newcomer.store.sessionRecords()).map(({ session }) => session)).toEqual([second.session])
    const { tree } = restoreState(configOf(committee, -1), [committee.session], await newcomer.store.load())
    const proofs = createProofs(createProofSource({ ...newcomer, tree, first: committee.session }))
    const made = await proofs.block(height - 3)
    if (!made.ok) throw new Error(made.problem)
    const trust = { chainId: CHAIN_ID, session: committee.session, verifyEd25519 }
    expect((await verifyFinality(made.proof, trust)).header.height).toBe(height - 3)
  })

  it('P20.6-3 a key whose journal is empty or missing, or knows of later votes, does not vote there', async () => {
    const server = await serve('a', 12)
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    await begin(newcomer, [server])
    const durable = await newcomer.store.load()
    const reasonWith = async (records: readonly DurableRecord[] | null) => {
      const path = join(await tempDir(), 'votes.journal')
      const memory = { path, chainId: CHAIN_ID, unsafeReset: false }
      if (records === null) return (await judgeMemory({ ...memory, journal: null }, durable, 0)).reason
      await createVoteJournal(path, CHAIN_ID)
      const journal = await openVoteJournal(path, CHAIN_ID)
      onTestFinished(() => journal.close())
      await journal.append(records)
      return (await judgeMemory({ ...memory, journal }, durable, 0)).reason
    }
    const voteIn = (epoch: number, s: number): DurableRecord => {
      return { type: 'voteLock', sn: { session: 1, epoch, s }, blockHash: 'ab'.repeat(32) }
    }
    expect(await reasonWith(null)).toMatch(/missing/)
    expect(await reasonWith([])).toMatch(/empty/)
    expect(await reasonWith([voteIn(1, 13)])).toMatch(/forgotten/)
    expect(await reasonWith([voteIn(1, 12)])).toBeNull()
  })

  it('P20.6 what an earlier start left gives way, and an epoch is never lowered', async () => {
    const server = await serve('a', 12)
    const newcomer = await openNewcomer(committee)
    const [first] = chain.links
    const later = chain.links[30]
    if (first === undefined || later === undefined) throw new Error('the chain is long')
    const { sn } = later.proposal.block.header
    const genesis = { sn: { session: 0, epoch: 0, s: 1 }, hash: CHAIN_ID, height: 0 }
    const proof = { kind: 'block', notarization: later.notarization } as const
    await newcomer.store.write(
      [
        { type: 'block', proposal: first.proposal },
        { type: 'epoch', epoch: { session: sn.session, epoch: sn.epoch }, proof, fncAtEntry: genesis },
      ],
      true,
    )
    meet(newcomer, server)
    await begin(newcomer, [server])
    const restored = restoreState(configOf(committee, -1), [committee.session], await newcomer.store.load())
    expect(summarise(restored)).toMatchObject({ epoch: { session: 1, epoch: 2 }, finalized: { height: 12 } })
    expect(await newcomer.store.block(first.proposal.block.hash)).toBeNull()
  })
})

const hashes = (from: number, count: number) =>
  chain.links.slice(from - 1, from - 1 + count).map(({ proposal }) => proposal.block.hash)

function isAtTip(node: { delivered: readonly { header: { height: number } }[] }, server: Server): boolean {
  return (node.delivered.at(-1)?.header.height ?? 0) >= summarise(server.pala.state).finalized.height
}

describe('peers that lie', () => {
  type Lie = [what: string, liar: () => Promise<Server>, tamper: Tamper | undefined, penalty: string | null]
  const honestHeight = 50
  const lies: readonly Lie[] = [
    ['a state that the chain does not commit to', () => serve('liar', 60, otherState), undefined, 'invalid'],
    ['another block', () => serve('liar', 60, state, { blockHash: 'ab'.repeat(32) }), undefined, 'invalid'],
    [
      'chunks that do not fold to the root',
      () => serve('liar', 60, state, { stateRoot: 'cd'.repeat(32) }),
      undefined,
      'invalid',
    ],
    [
      'bytes that are no manifest',
      () => serve('liar', 60),
      tamperSnapshots(() => Buffer.from([255, 255])),
      'malformed',
    ],
    ['a forged proof', () => serve('liar', 60), alterProofs, 'invalid'],
    ['blocks that were altered', () => serve('liar', 60), alterBlocks, 'invalid'],
    ['nothing but a manifest', () => serve('liar', 60), dropAll(PROOF), null],
    ['no blocks', () => serve('liar', 60), dropAll(RANGE), null],
    ['a height that proves nothing', () => serve('liar', 60, state, { proofHeight: 75 }), undefined, null],
    ['a proof that is not there any more', () => serve('liar', 60, state, { proofHeight: 4_000 }), undefined, null],
  ]

  it.each(lies)('P17.6 %s: another snapshot is taken in bounded time', async (_what, start, tamper, penalty) => {
    const liar = await start()
    const honest = await serve('honest', honestHeight)
    const newcomer = await openNewcomer(committee)
    meet(newcomer, liar, tamper)
    meet(newcomer, honest)
    expect((await begin(newcomer, [liar, honest]))?.height).toBe(honestHeight)
    expect([...new Set(penalised(newcomer))]).toEqual(penalty === null ? [] : [`liar ${penalty}`])
  })

  it('P17.6 a wrong chunk costs its sender, and comes from another peer', async () => {
    const [liar, honest] = [await serve('liar', 60), await serve('honest', 60)]
    const newcomer = await openNewcomer(committee)
    meet(
      newcomer,
      liar,
      tamperSnapshots((content) => (isManifest(content) ? content : content.slice(1))),
    )
    meet(newcomer, honest)
    expect((await begin(newcomer, [liar, honest]))?.height).toBe(60)
    expect(penalised(newcomer)).toEqual(['liar invalid'])
  })

  it('P17.9 a silent peer delays, and costs no more than that', async () => {
    const [silent, honest] = [await serve('silent', 60), await serve('honest', 60)]
    const newcomer = await openNewcomer(committee)
    meet(newcomer, silent, dropAll(SNAPSHOT))
    meet(newcomer, honest)
    expect((await begin(newcomer, [silent, honest]))?.height).toBe(60)
    expect(penalised(newcomer)).toEqual([])
  })

  it('unasked and malformed messages cost; a late answer does not', async () => {
    const server = await serve('a', 60)
    const newcomer = await openNewcomer(committee, undefined, 30)
    const late: (() => Promise<void>)[] = []
    linkNodes(newcomer, server, (protocol, message) => {
      late.push(() => newcomer.network.deliver(protocol, 'a', message))
      return null
    })
    expect(await newcomer.peers.manifest('a')).toBeNull()
    for (const send of late) await send()
    expect(penalised(newcomer)).toEqual([])
    await newcomer.network.deliver(SNAPSHOT, 'a', encodeSnapshotReply({ requestId: 77, content: Buffer.alloc(1) }))
    await newcomer.network.deliver(RANGE, 'a', Buffer.from([255]))
    expect(penalised(newcomer)).toEqual(['a invalid', 'a malformed'])
  })
})

const isManifest = (content: Uint8Array): boolean => Buffer.from(content).includes(Buffer.from(state.root, 'hex'))
const dropAll =
  (dropped: string): Tamper =>
  (protocol, message) =>
    protocol === dropped ? null : [message]

function alterProofs(protocol: string, message: Uint8Array): readonly Uint8Array[] {
  const talk = protocol === PROOF ? parseProofTalk(message) : null
  if (talk?.type !== 'answer') return [message]
  const proof = Uint8Array.from(talk.answer.proof)
  proof[proof.length - 1] = (proof.at(-1) ?? 0) ^ 1
  return [encodeProofReply({ ...talk.answer, proof })]
}

/** The right blocks with a certificate of another one. */
function alterBlocks(protocol: string, message: Uint8Array): readonly Uint8Array[] {
  const answer = protocol === RANGE ? decodeRangeMessage(message) : null
  if (answer?.type !== 'blocks') return [message]
  const { requestId, blocks } = answer
  const headers = answer.proof.headers.map(({ bytes }) => bytes)
  const [bogus] = chain.links
  if (bogus === undefined) return [message]
  const { signatures } = bogus.notarization
  const forged = { ...answer.proof.notarization, signatures }
  return [encodeBlocks(requestId, { blocks, headers, notarization: encodeNotarization(forged) })]
}

describe('a kill in the middle', () => {
  /** The server gives some chunks and then nothing more. */
  async function killAfter(count: number) {
    const snapshot = await snapshotOf(chain, 60, state)
    const served = { current: snapshot }
    const server = await startServer('a', { committee, chain, snapshot: () => served.current })
    const newcomer = await openNewcomer(committee)
    const killed = new AbortController()
    let chunks = 0
    meet(
      newcomer,
      server,
      tamperSnapshots((content) => {
        if (isManifest(content)) return content
        chunks++
        if (chunks > count) killed.abort()
        return chunks > count ? null : content
      }),
    )
    await expect(begin(newcomer, [server], { signal: killed.signal })).rejects.toThrow()
    await newcomer.db.close()
    const again = await openNewcomer(committee, newcomer.dir)
    meet(again, server)
    server.asked.length = 0
    return { server, served, again, chunks: snapshot.chunks.length }
  }

  it('P17.6 the same snapshot goes on: only what is missing is fetched', async () => {
    const { server, again, chunks } = await killAfter(3)
    expect((await begin(again, [server]))?.height).toBe(60)
    expect(server.asked).toHaveLength(chunks - 3)
  })

  it('P17.6 when it is not served any more, the new one is fetched from the start', async () => {
    const { server, served, again } = await killAfter(3)
    served.current = await snapshotOf(chain, 90, state)
    expect((await begin(again, [server]))?.height).toBe(90)
    expect(server.asked).toHaveLength(served.current.chunks.length)
  })

  it('P20.6 until the last write the home is as fresh as before', async () => {
    const { again } = await killAfter(7)
    expect((await again.store.load()).finalized).toBeNull()
    expect((await again.target.unfinished())?.height).toBe(60)
    await again.target.discard()
    expect(await again.target.unfinished()).toBeNull()
    expect(await again.db.keys().all()).toEqual([])
  })
})

describe('whether to begin with a snapshot', () => {
  it('auto: near genesis blocks are as good, as long as somebody has them', async () => {
    const server = await serve('a', 60)
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    expect(await begin(newcomer, [server], { mode: 'auto' })).toBeNull()
    expect(server.asked).toEqual([])
  })

  it.each([
    [WORTH_BLOCKS - 1, false],
    [WORTH_BLOCKS, true],
  ])('auto: one of height %i is looked into: %s', async (height, isWanted) => {
    const server = await serve('a', 60, state, { height, proofHeight: height + 4 })
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    const refused: string[] = []
    const onRefused = (_peer: string, reason: string) => void refused.push(reason)
    expect(await begin(newcomer, [server], { mode: 'auto', onRefused })).toBeNull()
    expect(refused).toEqual(isWanted ? [`no proof of block ${height}`] : [])
  })

  it('auto: the snapshot is taken when all have deleted the first block', async () => {
    const snapshot = await snapshotOf(chain, 60, state)
    const server = await startServer('a', { committee, chain, snapshot: () => snapshot, lowestHeight: 40 })
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    expect((await begin(newcomer, [server], { mode: 'auto' }))?.height).toBe(60)
  })

  it('auto: without a snapshot, and without peers, it begins with blocks', async () => {
    const server = await startServer('a', { committee, chain, snapshot: () => null })
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    expect(await begin(newcomer, [server], { mode: 'auto' })).toBeNull()
    expect(await begin(newcomer, [], { mode: 'auto' })).toBeNull()
  })

  it('snapshot: when there is none in time it says what to type', async () => {
    const server = await startServer('a', { committee, chain, snapshot: () => null })
    const newcomer = await openNewcomer(committee)
    meet(newcomer, server)
    const start = begin(newcomer, [server], { patienceMs: 50 })
    await expect(start).rejects.toMatchObject({ code: 'no-snapshot', message: expect.stringMatching(/--sync blocks/) })
    await expect(begin(newcomer, [], { patienceMs: 50 })).rejects.toThrow(/no peer is connected/)
  })

  it('of snapshots that differ the newest is taken', async () => {
    const servers = await Promise.all([serve('a', 40), serve('b', 70), serve('c', 55)])
    const newcomer = await openNewcomer(committee)
    for (const server of servers) meet(newcomer, server)
    expect((await begin(newcomer, servers))?.height).toBe(70)
  })
})
