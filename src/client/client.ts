/** Talks to a running node over its HTTP API: propose, listen, kv, blocks, peers, events. Runs in Node and in browsers. */
import type { Hash, PeerId } from '../domain.ts'
import type { AtxDetail, AtxPublished, AtxStatusView, AtxView } from '../node/api/atx-port.ts'
import type { CommitteeView, SessionRecordView } from '../node/api/committee-view.ts'
import type {
  BlockView,
  EntryInput,
  EvidenceDetail,
  EvidenceView,
  KvView,
  NodeEvent,
  NodeStatus,
  ReadinessCheck,
  TxResult,
  TxView,
} from '../node/api/node-port.ts'
import type { PeerInfo } from '../protocols/network.ts'
import type { ProofDocument } from '../verify/file.ts'
import { ApiError } from './errors.ts'
import { type EventsOptions, followEvents } from './events.ts'
import { type FinalEntry, followFinalEntries, type ListenOptions } from './final-entries.ts'
import { type Call, type Endpoint, open, request } from './http.ts'

/** Where a final transaction stands and what executing it gave. */
export type FinalPosition = {
  readonly txId: Hash
  readonly height: number
  readonly blockHash: Hash
  readonly result: TxResult
}

/** What a node made of one signed transaction. */
export type Admission = { readonly txId: Hash } | { readonly code: string; readonly detail: string }

export type ProposeOptions = {
  /** How long the node waits for finality; 30,000 when absent. */
  readonly timeoutMs?: number | undefined
}

const DEFAULT_TIMEOUT_MS = 30_000

/** A client of one node. Every method rejects with `ApiError` (the node said no) or `ClientError` (it was not reached). */
export class PalaverClient {
  readonly #endpoint: Endpoint

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
  }

  /** The base URL of the node's API. */
  get url(): string {
    return this.#endpoint.url
  }

  status(): Promise<NodeStatus> {
    return this.#call({ path: '/v1/status' })
  }

  peers(): Promise<PeerInfo[]> {
    return this.#call({ path: '/v1/peers' })
  }

  /** Dials a peer; resolves once its roles are known. */
  connect(multiaddr: string): Promise<{ peerId: PeerId }> {
    return this.#call({ method: 'POST', path: '/v1/peers', body: { multiaddr } })
  }

  async disconnect(peerId: PeerId): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/v1/peers/${encodeURIComponent(peerId)}` })
  }

  /** Disconnects a peer and refuses it from now on. */
  async ban(peerId: PeerId): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/v1/peers/${encodeURIComponent(peerId)}?ban=true` })
  }

  /** Has the node sign the entry as one transaction; resolves once it is admitted, before it is final. */
  submit(entry: EntryInput): Promise<{ txId: Hash }> {
    return this.#call({ method: 'POST', path: '/v1/tx', body: entry })
  }

  /** Like `submit`, and resolves with the final position. Rejects with code `timeout` when it is not final in time. */
  propose(entry: EntryInput, { timeoutMs = DEFAULT_TIMEOUT_MS }: ProposeOptions = {}): Promise<FinalPosition> {
    return this.#call({ method: 'POST', path: '/v1/tx', body: { ...entry, wait: 'final', timeoutMs } })
  }

  /** Has the node sign many entries as one transaction: all of them take effect, or none. */
  submitMany(entries: readonly EntryInput[]): Promise<{ txId: Hash }> {
    return this.#call({ method: 'POST', path: '/v1/tx/batch', body: { entries } })
  }

  /** Like `submitMany`, and resolves with the final position. Rejects with code `timeout` when it is not final in time. */
  proposeMany(
    entries: readonly EntryInput[],
    { timeoutMs = DEFAULT_TIMEOUT_MS }: ProposeOptions = {},
  ): Promise<FinalPosition> {
    return this.#call({ method: 'POST', path: '/v1/tx/batch', body: { entries, wait: 'final', timeoutMs } })
  }

  /** Admits transactions that were signed elsewhere; one outcome for each, in order. */
  submitRaw(transactions: readonly Uint8Array[]): Promise<readonly Admission[]> {
    return this.#call({ method: 'POST', path: '/v1/txs/raw', body: { txs: transactions.map(toBase64) } })
  }

  /** A finality proof of a block, as a file for `palaver verify`; `latest` is the highest that can be proven. */
  blockProof(ref: number | Hash | 'latest'): Promise<ProofDocument> {
    return this.#call({ path: `/v1/proofs/blocks/${ref}` })
  }

  /** A proof that a transaction is in a final block. */
  transactionProof(txId: Hash): Promise<ProofDocument> {
    return this.#call({ path: `/v1/proofs/txs/${encodeURIComponent(txId)}` })
  }

  /** The transaction as this node knows it, or null. */
  transaction(txId: Hash): Promise<TxView | null> {
    return orNull(this.#call({ path: `/v1/tx/${encodeURIComponent(txId)}` }))
  }

  /** A block by height, hash or `latest` (the latest final one), or null. */
  block(ref: number | Hash | 'latest'): Promise<BlockView | null> {
    return orNull(this.#call({ path: `/v1/blocks/${encodeURIComponent(ref)}` }))
  }

  /** Final blocks from a height upward, or the last `limit` ones. At most 100. */
  blocks({ from, limit = 20 }: { from?: number | undefined; limit?: number | undefined } = {}): Promise<BlockView[]> {
    return this.#call({ path: `/v1/blocks?limit=${limit}${from === undefined ? '' : `&from=${from}`}` })
  }

  /** The final value under a key; `value` is null when there is none. With `proof`, a little older, and proven. */
  kvGet(key: string, { proof = false }: { proof?: boolean | undefined } = {}): Promise<KvView> {
    return this.#call({ path: `/v1/kv/${encodeURIComponent(key)}${proof ? '?proof=1' : ''}` })
  }

  /** The committee of this session, and proposals to change it. */
  committee(): Promise<CommitteeView> {
    return this.#call({ path: '/v1/committee' })
  }

  /** The latest sessions and what started each, newest first; at most 100. */
  committeeHistory({ limit = 20 }: { limit?: number | undefined } = {}): Promise<SessionRecordView[]> {
    return this.#call({ path: `/v1/committee/history?limit=${limit}` })
  }

  /** Proofs of misbehaviour the node holds, oldest first. */
  evidence(): Promise<EvidenceView[]> {
    return this.#call({ path: '/v1/evidence' })
  }

  /** One proof with its transferable bytes, or null. */
  evidenceById(id: Hash): Promise<EvidenceDetail | null> {
    return orNull(this.#call({ path: `/v1/evidence/${encodeURIComponent(id)}` }))
  }

  /** ATXs of the shared set in the order the node received them: from a place on, or the latest; oldest first. At most 100. */
  atxs({ from, limit = 20 }: { from?: number | undefined; limit?: number | undefined } = {}): Promise<AtxView[]> {
    return this.#call({ path: `/v1/atx?limit=${limit}${from === undefined ? '' : `&from=${from}`}` })
  }

  /** One ATX with its bytes, or null when it is not in the node's set. */
  atx(id: Hash): Promise<AtxDetail | null> {
    return orNull(this.#call({ path: `/v1/atx/${encodeURIComponent(id)}` }))
  }

  /** Size, fingerprints and timeframes of the shared set, and the conversations about it. Equal sets have equal `fingerprint`s. */
  atxStatus(): Promise<AtxStatusView> {
    return this.#call({ path: '/v1/atx/status' })
  }

  /** Has the node sign and publish an ATX with this body, 1 to 261,120 bytes; resolves once the node has it on disk. */
  publishAtx(body: Uint8Array): Promise<AtxPublished> {
    return this.#call({ method: 'POST', path: '/v1/atx', body: { body: toBase64(body) } })
  }

  /** Has the node begin reconciliation with a peer, or with all; resolves at once, with whom. Rejects with `not-connected`. */
  syncAtxs(peerId?: PeerId): Promise<{ peers: readonly PeerId[] }> {
    return this.#call({ method: 'POST', path: '/v1/atx/sync', body: peerId === undefined ? {} : { peerId } })
  }

  /** The node's events, across reconnects; ends with `signal`. */
  events(options: EventsOptions = {}): AsyncGenerator<NodeEvent> {
    return followEvents(this.#endpoint, options)
  }

  /** Every final transaction from a height on, once, in order, across reconnects; ends with `signal`. */
  listen(options: ListenOptions = {}): AsyncGenerator<FinalEntry> {
    return followFinalEntries(this.#endpoint, options)
  }

  /** Whether the node is ready, and each check by name. */
  async readiness(): Promise<{ ready: boolean; checks: readonly ReadinessCheck[] }> {
    try {
      const { checks } = await this.#call<{ checks: ReadinessCheck[] }>({ path: '/readyz?verbose' })
      return { ready: true, checks }
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 503) throw error
      return { ready: false, checks: (error.problem.checks ?? []) as ReadinessCheck[] }
    }
  }

  /** Prometheus text. */
  async metrics(): Promise<string> {
    return (await open(this.#endpoint, { path: '/metrics' })).text()
  }

  #call<T>(call: Call): Promise<T> {
    return request<T>(this.#endpoint, call)
  }
}

/** A client of the node at `url`; `token` is needed for calls that change something. */
export function createClient(endpoint: Endpoint): PalaverClient {
  return new PalaverClient(endpoint)
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}
