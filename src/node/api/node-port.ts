/**
 * What the HTTP API needs from a running node. `node/wiring.ts` implements it; tests implement it by hand. Shapes are
 * those of CONTRACT ("HTTP API"): camelCase, hashes in lower-case hex, times in RFC 3339 or `...Ms`.
 */
import type { Hash, Millis, PeerId, PublicKeyHex } from '../../domain.ts'
import type { PeerInfo } from '../../protocols/network.ts'
import type { ProofDocument } from '../../verify/file.ts'
import type { DocumentOutcome } from '../proof-documents.ts'
import type { AtxPort } from './atx-port.ts'
import type { CommitteeView, SessionRecordView } from './committee-view.ts'

export type BlockPoint = {
  readonly session: number
  readonly epoch: number
  readonly number: number
  readonly height: number
  readonly hash: Hash
}

/** A snapshot while it is fetched. `height` is that of its block. */
export type SnapshotProgressView = {
  readonly height: number
  readonly chunks: number
  readonly storedChunks: number
  readonly bytes: number
  readonly storedBytes: number
}

/** How far this node is behind its peers. */
export type SyncStatus = {
  readonly state: 'synced' | 'catching-up' | 'searching'
  /** What is being fetched while it catches up. */
  readonly phase: 'snapshot' | 'blocks' | null
  /** The highest final block that peers claim. */
  readonly target: number
  /** Blocks per second over the last seconds, and bytes of blocks fetched in bulk. */
  readonly rate: number
  readonly bytesPerSecond: number
  readonly etaMs: number | null
  /** Peers it is fetching from at this moment. */
  readonly peers: number
  /** In the phase `snapshot`. */
  readonly snapshot?: SnapshotProgressView
  /** Only when every peer that is ahead has deleted the next block: the lowest height that one of them still has. */
  readonly lowestServed?: number
}

export type NodeStatus = {
  readonly peerId: PeerId
  readonly chainId: Hash
  readonly network: string
  readonly roles: readonly string[]
  readonly version: string
  readonly engine: 'pala'
  readonly session: number
  readonly epoch: number
  /** Seats and finality depth of the current session. */
  readonly committee: { readonly proposers: number; readonly voters: number; readonly k: number }
  /** While one session hands over to the next: the height of the block that ends it. */
  readonly reconfiguring: { readonly stopHeight: number } | null
  readonly head: BlockPoint
  readonly finalized: BlockPoint & { readonly timestamp: string | null }
  readonly peers: number
  readonly sync: SyncStatus
  /** The lowest height whose block is still here; 1 on a node that never prunes. */
  readonly lowestHeight: number
  readonly ledger: { readonly height: number; readonly stateRoot: Hash }
  /** The shared set of ATXs in short: nodes with equal sets show equal fingerprints. `/v1/atx/status` says more. */
  readonly atx: {
    readonly count: number
    /** The open timeframe. */
    readonly frame: number
    readonly fingerprint: Hash
    /** Whether enough peers agreed a short while ago. */
    readonly synced: boolean
  }
  /** Finality of transactions this node admitted, over the last minute; null before any. */
  readonly finalityMs: {
    readonly p50: number
    readonly p95: number
    readonly p99: number
    readonly count: number
  } | null
  /** Transactions made final per second, over the last ten seconds. */
  readonly txPerSecond: number
  readonly mempool: { readonly transactions: number; readonly bytes: number }
  /** Null, or why this node does not vote although its key sits in the committee. */
  readonly votingStopped: string | null
  /** Proven misbehaviour of members, oldest first; at most 256. */
  readonly evidence: readonly EvidenceView[]
  readonly uptimeMs: Millis
  readonly rssBytes: number
}

/** Evidence of misbehaviour (P24.2). `accused` is null for conflicting certificates, which show that a third cheated. */
export type EvidenceView = {
  readonly id: Hash
  readonly kind: 'doubleVote' | 'doubleProposal' | 'amnesia' | 'badCertificate' | 'conflictingNotarizations'
  readonly accused: {
    readonly key: PublicKeyHex
    readonly peerId: PeerId
    readonly org: string
    readonly seat: 'voter' | 'proposer'
  } | null
  readonly session: number
  readonly epoch: number
  readonly number: number
  /** Height of the block that recorded it on the ledger, or null. */
  readonly recordedAt: number | null
}

/** With the transferable proof, base64. */
export type EvidenceDetail = EvidenceView & { readonly evidence: string }

export type BlockView = {
  readonly height: number
  readonly hash: Hash
  readonly parentHash: Hash
  readonly session: number
  readonly epoch: number
  readonly number: number
  /** Peer id of the proposer, or null for genesis. */
  readonly proposer: PeerId | null
  readonly timestamp: string
  readonly txIds: readonly Hash[]
  /** Entries carried by the transactions of the block. */
  readonly entries: number
  readonly payloadBytes: number
  readonly stateHeight: number
  readonly stateRoot: Hash
  readonly notarization: {
    readonly signers: readonly number[]
    readonly weight: number
    readonly threshold: number
  } | null
  readonly finalized: boolean
}

/** One final entry: where it stands, who signed it, and what it says. */
export type FinalEntryView = {
  readonly height: number
  readonly blockHash: Hash
  /** Time of the block, RFC 3339. */
  readonly timestamp: string
  /** Place of the transaction in the block, and of the entry in the transaction; both from 0. */
  readonly index: number
  readonly entry: number
  readonly txId: Hash
  /** Peer id of the signer. */
  readonly sender: PeerId
  readonly module: string
  /** As clients write it, e.g. `{key, value}` for `kv`; null when this node has no such module. */
  readonly payload: unknown
  /** Whether it took effect: a transaction is applied whole or not at all. */
  readonly applied: boolean
}

/** What executing one transaction gave: one outcome per entry, in order. */
export type TxResult = {
  readonly ok: boolean
  readonly entries: readonly { readonly ok: boolean; readonly code?: string; readonly detail?: string }[]
}

export type TxView = {
  readonly txId: Hash
  readonly status: 'pending' | 'final' | 'failed'
  readonly height: number | null
  readonly blockHash: Hash | null
  readonly index: number | null
  readonly result: TxResult | null
  /** For `failed`: a stable code and a sentence. */
  readonly reason?: { readonly code: string; readonly detail: string }
}

/** What a key holds after block `height`; `proof` shows it to anyone. */
export type KvView = {
  readonly key: string
  readonly value: string | null
  readonly height: number
  readonly proof?: ProofDocument
}

/** A named check of `/readyz?verbose` and of `doctor`. */
export type ReadinessCheck = { readonly name: string; readonly ok: boolean; readonly detail: string }

export type EventTopic = 'block' | 'tx' | 'peer' | 'sync' | 'atx' | 'consensus' | 'evidence' | 'session'

/** One event; `id` ascends within a node's run and is what `Last-Event-ID` names. */
export type NodeEvent = {
  readonly id: number
  readonly topic: EventTopic
  readonly type: string
  readonly time: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface EventSource {
  /** Calls `listener` for each later event; first replays kept events with an id above `after`. Returns the way to stop. */
  subscribe(options: {
    readonly topics: ReadonlySet<EventTopic> | null
    readonly after: number | null
    readonly listener: (event: NodeEvent) => void
  }): () => void
}

/** An entry as an API client names it: `kv` takes `{key, value}` (or `{key, delete: true}`). */
export type EntryInput = { readonly module: string; readonly payload: unknown }

/** Everything the API can ask of a node. Operating errors are `PalaverError`s with a code; the API maps codes to HTTP. */
export interface NodePort {
  status(): NodeStatus
  peers(): readonly PeerInfo[]
  connect(multiaddr: string): Promise<PeerId>
  disconnect(peer: PeerId): Promise<void>
  ban(peer: PeerId): Promise<void>
  /** Signs the entries with the node's key as one transaction and admits it; resolves with its id. */
  submit(entries: readonly EntryInput[]): Promise<Hash>
  /** Admits signed transactions; resolves with an id or a refusal for each, in order. */
  submitRaw(
    transactions: readonly Uint8Array[],
  ): Promise<readonly ({ readonly txId: Hash } | { readonly code: string; readonly detail: string })[]>
  transaction(txId: Hash): Promise<TxView | null>
  /** Resolves when the transaction is final or failed; with its pending view at the deadline. */
  waitForFinal(txId: Hash, timeoutMs: Millis): Promise<TxView>
  /** `ref` is a height, a hash or 'latest' (the latest final block). */
  block(ref: number | Hash | 'latest'): Promise<BlockView | null>
  /** Final blocks from `from` upward (or the last `limit` when null). */
  blocks(from: number | null, limit: number): Promise<readonly BlockView[]>
  /** The entries of a final block, in order; null when the block is not here or not final. */
  entries(ref: number | Hash | 'latest'): Promise<readonly FinalEntryView[] | null>
  /** A checked finality proof; `latest` is the highest block that can be proven. */
  blockProof(ref: number | Hash | 'latest'): Promise<DocumentOutcome>
  transactionProof(txId: Hash): Promise<DocumentOutcome>
  kv(key: string): Promise<KvView>
  /** A proof of what a key holds, as new as one can be made. */
  valueProof(key: string): Promise<DocumentOutcome>
  /** The committee of this session, and proposals to change it. */
  committee(): Promise<CommitteeView>
  /** The latest `limit` sessions, newest first. */
  committeeHistory(limit: number): Promise<readonly SessionRecordView[]>
  /** Evidence of misbehaviour this node holds, oldest first. */
  evidence(): readonly EvidenceView[]
  evidenceById(id: Hash): EvidenceDetail | null
  /** The shared set of ATXs. */
  readonly atx: AtxPort
  readonly events: EventSource
  readiness(): readonly ReadinessCheck[]
  /** The Prometheus text of the one registry. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>
}
