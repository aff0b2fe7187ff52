/** A node for API tests, by hand: it answers with fixed, well-formed views and records what it was asked to change. */

import type {
  BlockView,
  EntryInput,
  EvidenceView,
  NodePort,
  NodeStatus,
  ReadinessCheck,
  TxView,
} from '../../src/node/api/node-port.ts'
import { createEventBus, type EventBus } from '../../src/node/events.ts'
import type { ProofDocument } from '../../src/verify/file.ts'
import { fakeAtxPort } from './fake-atx-port.ts'
import { fakeCommittee, fakeHistory } from './fake-committee.ts'

export const HASH_A = 'a'.repeat(64)
export const HASH_B = 'b'.repeat(64)
export const PEER = '12D3KooWGRUVh8jDHgzGEdJd5ErQMVBxS3q2HJqKAxGZyPjYYYoV'

const point = { session: 1, epoch: 2, number: 3, height: 7, hash: HASH_A }

export const fakeStatus: NodeStatus = {
  peerId: PEER,
  chainId: HASH_B,
  network: 'test',
  roles: ['proposer', 'voter'],
  version: '0.1.0',
  engine: 'pala',
  session: 1,
  epoch: 2,
  committee: { proposers: 4, voters: 4, k: 1 },
  reconfiguring: null,
  head: point,
  finalized: { ...point, timestamp: null },
  peers: 3,
  sync: { state: 'synced', phase: null, target: 7, rate: 1.5, bytesPerSecond: 0, etaMs: null, peers: 0 },
  lowestHeight: 2,
  ledger: { height: 7, stateRoot: HASH_B },
  atx: { count: 4, frame: 1, fingerprint: HASH_B, synced: true },
  finalityMs: { p50: 1.25, p95: 2, p99: 3, count: 4 },
  txPerSecond: 0,
  mempool: { transactions: 0, bytes: 0 },
  votingStopped: null,
  evidence: [],
  uptimeMs: 1_000,
  rssBytes: 1,
}

export function fakeBlock(height: number): BlockView {
  return {
    height,
    hash: HASH_A,
    parentHash: HASH_B,
    session: 1,
    epoch: 2,
    number: height,
    proposer: height === 0 ? null : PEER,
    timestamp: '2026-01-01T00:00:00.000Z',
    txIds: [HASH_A, HASH_B],
    entries: 2,
    payloadBytes: 512,
    stateHeight: Math.max(0, height - 1),
    stateRoot: HASH_B,
    notarization: height === 0 ? null : { signers: [0, 1, 2], weight: 3, threshold: 3 },
    finalized: true,
  }
}

export const fakeEvidence: EvidenceView = {
  id: HASH_A,
  kind: 'doubleVote',
  accused: { key: HASH_B, peerId: PEER, org: 'org-2', seat: 'voter' },
  session: 1,
  epoch: 2,
  number: 3,
  recordedAt: 7,
}

export const finalTx: TxView = {
  txId: HASH_A,
  status: 'final',
  height: 7,
  blockHash: HASH_B,
  index: 0,
  result: { ok: false, entries: [{ ok: true }, { ok: false, code: 'bad-entry' }] },
}

export const pendingTx: TxView = {
  txId: HASH_A,
  status: 'pending',
  height: null,
  blockHash: null,
  index: null,
  result: null,
}

export const fakeProof: ProofDocument = {
  type: 'block',
  chainId: HASH_B,
  ...point,
  timestamp: '2026-01-01T00:00:00.000Z',
  proof: 'AAAA',
}

/** The node's answers that a test may change, and what it was asked. */
export interface FakeNode extends NodePort {
  readonly events: EventBus
  readonly submitted: (readonly EntryInput[])[]
  readonly raw: Uint8Array[]
  readonly removed: { peer: string; isBan: boolean }[]
  checks: ReadinessCheck[]
  /** What `waitForFinal` and `transaction` know. */
  tx: TxView | null
  /** Thrown by the next changing call. */
  failure: Error | null
}

const HIGHEST = 7

export function createFakeNode(): FakeNode {
  const fail = (): void => {
    if (node.failure !== null) throw node.failure
  }
  const node: FakeNode = {
    submitted: [],
    raw: [],
    removed: [],
    checks: [{ name: 'peers', ok: true, detail: '3 of 3' }],
    tx: finalTx,
    failure: null,
    events: createEventBus({ clock: { now: () => 1_000 }, onListenerError: () => undefined }),
    status: () => fakeStatus,
    peers: () => [
      {
        peerId: PEER,
        multiaddr: '/ip4/127.0.0.1/tcp/4001',
        direction: 'outbound',
        roles: [{ role: 'voter', session: 1, index: 2 }],
        latencyMs: null,
        protocols: ['/palaver/pala/votes/1'],
        score: -0.5,
      },
    ],
    async connect() {
      fail()
      return PEER
    },
    async disconnect(peer) {
      fail()
      node.removed.push({ peer, isBan: false })
    },
    async ban(peer) {
      node.removed.push({ peer, isBan: true })
    },
    async submit(entries) {
      fail()
      node.submitted.push(entries)
      return HASH_A
    },
    async submitRaw(transactions) {
      node.raw.push(...transactions)
      return transactions.map((bytes) =>
        bytes[0] === 0 ? { code: 'malformed', detail: 'not a transaction' } : { txId: HASH_A },
      )
    },
    transaction: async () => node.tx,
    waitForFinal: async () => node.tx ?? pendingTx,
    async block(ref) {
      if (ref === 'latest') return fakeBlock(HIGHEST)
      if (ref === 1) return null
      if (typeof ref === 'string') return ref === HASH_A ? fakeBlock(HIGHEST) : null
      return ref <= HIGHEST ? fakeBlock(ref) : null
    },
    async blocks(from, limit) {
      const first = from ?? Math.max(0, HIGHEST - limit + 1)
      return Array.from({ length: Math.max(0, Math.min(limit, HIGHEST - first + 1)) }, (_, i) => fakeBlock(first + i))
    },
    async entries(ref) {
      if (typeof ref === 'number' && ref > HIGHEST) return null
      const place = {
        height: HIGHEST,
        blockHash: HASH_A,
        timestamp: '2026-01-01T00:00:00.000Z',
        index: 0,
        txId: HASH_A,
      }
      return [
        { ...place, entry: 0, sender: 'peer', module: 'kv', payload: { key: 'city', value: 'Geneva' }, applied: true },
      ]
    },
    async blockProof(ref) {
      if (ref === HASH_B) return { ok: false, problem: 'unknown' }
      if (typeof ref === 'number' && ref > HIGHEST) return { ok: false, problem: 'not-final' }
      return ref === 1 ? { ok: false, problem: 'pruned' } : { ok: true, document: fakeProof }
    },
    transactionProof: async (txId) =>
      txId === HASH_A
        ? { ok: true, document: { ...fakeProof, type: 'tx', txId, index: 0 } }
        : { ok: false, problem: 'unknown' },
    valueProof: async (key) =>
      key === 'too-new'
        ? { ok: false, problem: 'not-final' }
        : {
            ok: true,
            document: { ...fakeProof, type: 'kv', key, value: `value of ${key}`, stateHeight: 5, stateRoot: HASH_B },
          },
    evidence: () => [fakeEvidence],
    evidenceById: (id) => (id === HASH_A ? { ...fakeEvidence, evidence: 'AAAA' } : null),
    kv: async (key) => ({ key, value: key === 'absent' ? null : `value of ${key}`, height: HIGHEST }),
    committee: async () => fakeCommittee,
    committeeHistory: async (limit) => fakeHistory.slice(0, limit),
    atx: fakeAtxPort,
    readiness: () => node.checks,
    metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: 'palaver_epoch 2\n' }),
  }
  return node
}
