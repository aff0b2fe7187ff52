/** The running node as the HTTP API sees it: `NodePort` over engine, network and events. */
import type { Signer } from '../crypto/keys.ts'
import type { Millis, Role } from '../domain.ts'
import { isRefusal } from '../ledger/refusals.ts'
import type { Clock } from '../machine/clock.ts'
import { finalizedOf, fncOf } from '../pala/chain.ts'
import type { Session } from '../pala/types.ts'
import type { Network } from '../protocols/network.ts'
import type { AtxPort } from './api/atx-port.ts'
import type { EventSource, NodePort, NodeStatus, ReadinessCheck, SyncStatus } from './api/node-port.ts'
import { createBlockViews, pointOf, rfc3339 } from './block-views.ts'
import { createCommitteeViews } from './committee-views.ts'
import type { Engine } from './engine.ts'
import type { ProofDocuments } from './proof-documents.ts'
import type { Seats } from './seats.ts'
import type { SyncMeter } from './sync-meter.ts'
import { syncStatusOf } from './sync-view.ts'
import { VERSION } from './version.ts'

/** Finality percentiles of the status cover this time. */
const FINALITY_WINDOW_MS = 60_000

export type NodePortOptions = {
  readonly chainId: string
  readonly network: Network
  readonly networkName: string
  readonly genesisTime: Millis
  /** The first session: genesis. */
  readonly session: Session
  readonly seats: Seats
  readonly engine: Engine
  readonly atx: AtxPort
  readonly signer: Signer
  readonly clock: Clock
  readonly events: EventSource
  readonly meter: SyncMeter
  readonly metrics: NodePort['metrics']
  readonly proofDocuments: ProofDocuments
  readonly startedAt: Millis
}

/** Implements the API's port. */
export function createNodePort(options: NodePortOptions): NodePort {
  const { chainId, network, session, seats, engine, signer, events, metrics } = options
  const { ledger, store, pala } = engine
  const finalizedHeight = (): number => finalizedOf(pala.state.tree).ref.height
  const sessionAt = async (number: number): Promise<Session | null> =>
    number === session.session
      ? session
      : (pala.state.sessions.get(number) ?? (await store.sessionRecord(number))?.session ?? null)
  const isPresent = (role: Role): boolean => role.session === seats.current().session
  const views = createBlockViews({ chainId, genesisTime: options.genesisTime, sessionAt, store, ledger })

  return {
    status: () => statusOf(options),
    peers: () => network.peers().map((peer) => ({ ...peer, roles: peer.roles.filter(isPresent) })),
    connect: (multiaddr) => network.connect(multiaddr),
    disconnect: (peer) => network.disconnect(peer),
    ban: (peer) => network.ban(peer),
    submit: (entries) =>
      ledger.submit(
        entries.map(({ module, payload }) => ledger.encodeEntry(module, payload)),
        signer,
      ),
    async submitRaw(transactions) {
      const outcomes = await ledger.admit(transactions, 'local')
      return outcomes.map((outcome) => (isRefusal(outcome) ? { code: outcome.code, detail: outcome.detail } : outcome))
    },
    transaction: (txId) => ledger.transaction(txId),
    waitForFinal: (txId, timeoutMs) => ledger.waitFinal(txId, timeoutMs),
    async block(ref) {
      if (ref === 'latest') return views.byHeight(finalizedHeight())
      return typeof ref === 'number' ? views.byHeight(ref) : views.byHash(ref)
    },
    async blocks(from, limit) {
      const top = finalizedHeight()
      const first = from ?? Math.max(0, top - limit + 1)
      const last = Math.min(top, first + limit - 1)
      const heights = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
      return (await Promise.all(heights.map((height) => views.byHeight(height)))).filter((view) => view !== null)
    },
    async entries(ref) {
      const hash =
        typeof ref === 'number' || ref === 'latest'
          ? await store.finalHash(ref === 'latest' ? finalizedHeight() : ref)
          : ref
      return hash === null ? null : views.entriesOf(hash)
    },
    blockProof: (ref) => options.proofDocuments.block(ref),
    transactionProof: (txId) => options.proofDocuments.transaction(txId),
    valueProof: (key) => options.proofDocuments.value(key),
    async kv(key) {
      return { key, ...(await ledger.get(key)) }
    },
    ...createCommitteeViews(ledger),
    evidence: () => engine.evidence.list(),
    evidenceById: (id) => engine.evidence.show(id),
    atx: options.atx,
    events,
    readiness: () => readinessOf(options),
    metrics,
  }
}

function statusOf(options: NodePortOptions): NodeStatus {
  const { network, engine, seats, clock } = options
  const { pala, ledger } = engine
  const { tree, epoch } = pala.state
  const finalized = finalizedOf(tree)
  const { height, stateRoot } = ledger.applied()
  const { proposers, voters, params } = seats.current()
  const stop = seats.switchingAt()
  return {
    peerId: network.self,
    chainId: options.chainId,
    network: options.networkName,
    roles: seats.claims().map(({ role }) => role),
    version: VERSION,
    engine: 'pala',
    session: epoch.current.session,
    epoch: epoch.current.epoch,
    committee: { proposers: proposers.length, voters: voters.length, k: params.k },
    reconfiguring: stop === null ? null : { stopHeight: stop.height },
    head: pointOf(fncOf(tree).ref),
    finalized: { ...pointOf(finalized.ref), timestamp: rfc3339(finalized.timestamp) },
    peers: network.peers().length,
    sync: syncOf(options),
    lowestHeight: engine.lowestHeight(),
    ledger: { height, stateRoot },
    atx: setOf(options.atx),
    finalityMs: ledger.finality.latencies(clock.now(), FINALITY_WINDOW_MS),
    txPerSecond: ledger.finality.perSecond(clock.now()),
    mempool: { transactions: ledger.pendingCount(), bytes: ledger.pendingBytes() },
    votingStopped: engine.votingStopped,
    evidence: engine.evidence.list(),
    uptimeMs: Math.round(clock.now() - options.startedAt),
    rssBytes: process.memoryUsage.rss(),
  }
}

function setOf(atx: AtxPort): NodeStatus['atx'] {
  const { count, frame, fingerprint, synced } = atx.status()
  return { count, frame, fingerprint: fingerprint.strong ?? fingerprint.xor, synced }
}

function syncOf({ network, engine, meter, clock, seats }: NodePortOptions): SyncStatus {
  const { pala } = engine
  const isAlone = seats.current().voters.length === 1 && seats.claims().length > 0
  return syncStatusOf({
    now: clock.now(),
    own: finalizedOf(pala.state.tree).ref.height,
    peers: pala.state.peers.values(),
    ranges: pala.rangeProgress(),
    meter,
    isSearching: network.peers().length === 0 && !isAlone,
  })
}

function readinessOf(options: NodePortOptions): ReadinessCheck[] {
  const { state, target } = syncOf(options)
  const { pala, votingStopped } = options.engine
  const peers = options.network.peers().length
  return [
    { name: 'peers', ok: state !== 'searching', detail: `${peers} connected` },
    { name: 'sync', ok: state !== 'catching-up', detail: `${state}, best height among peers ${target}` },
    { name: 'safety', ok: !pala.state.halted, detail: pala.state.halted ? 'halted after an alarm' : 'no alarm' },
    { name: 'voting', ok: votingStopped === null, detail: votingStopped ?? 'allowed' },
  ]
}
