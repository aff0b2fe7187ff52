/** The running node as the HTTP API sees it: `NodePort` over engine, network and events. */
import type { Signer } from '../crypto/keys.ts'
import type { Millis } from '../domain.ts'
import { isRefusal } from '../ledger/refusals.ts'
import type { Clock } from '../machine/clock.ts'
import { finalizedOf, fncOf } from '../pala/chain.ts'
import { rolesOf } from '../pala/committee.ts'
import type { Session } from '../pala/types.ts'
import type { Network } from '../protocols/network.ts'
import type { EventSource, NodePort, NodeStatus, ReadinessCheck } from './api/node-port.ts'
import { createBlockViews, pointOf, rfc3339 } from './block-views.ts'
import type { Engine } from './engine.ts'
import type { SyncMeter } from './sync-meter.ts'
import { VERSION } from './version.ts'

/** Finality percentiles of the status cover this time. */
const FINALITY_WINDOW_MS = 60_000
/** Behind the best claim of a peer by more than this many final blocks, a node says that it is catching up. */
const SYNC_SLACK_BLOCKS = 5

export type NodePortOptions = {
  readonly chainId: string
  readonly network: Network
  readonly networkName: string
  readonly genesisTime: Millis
  readonly session: Session
  readonly engine: Engine
  readonly signer: Signer
  readonly clock: Clock
  readonly events: EventSource
  readonly meter: SyncMeter
  readonly metrics: NodePort['metrics']
  readonly startedAt: Millis
}

/** Implements the API's port. */
export function createNodePort(options: NodePortOptions): NodePort {
  const { chainId, network, session, engine, signer, events, metrics } = options
  const { ledger, store, pala } = engine
  const finalizedHeight = (): number => finalizedOf(pala.state.tree).ref.height
  const views = createBlockViews({ chainId, genesisTime: options.genesisTime, session, store, ledger })

  return {
    status: () => statusOf(options),
    peers: () => network.peers(),
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
    async kv(key) {
      return { key, ...(await ledger.get(key)) }
    },
    events,
    readiness: () => readinessOf(options),
    metrics,
  }
}

function statusOf(options: NodePortOptions): NodeStatus {
  const { network, engine, session, signer, clock } = options
  const { pala, ledger } = engine
  const { tree, epoch } = pala.state
  const finalized = finalizedOf(tree)
  const { height, stateRoot } = ledger.applied()
  return {
    peerId: network.self,
    chainId: options.chainId,
    network: options.networkName,
    roles: rolesOf(session, signer.publicKey).map((role) => role.role),
    version: VERSION,
    engine: 'pala',
    session: epoch.current.session,
    epoch: epoch.current.epoch,
    head: pointOf(fncOf(tree).ref),
    finalized: { ...pointOf(finalized.ref), timestamp: rfc3339(finalized.timestamp) },
    peers: network.peers().length,
    sync: syncOf(options),
    ledger: { height, stateRoot },
    finalityMs: ledger.finality.latencies(clock.now(), FINALITY_WINDOW_MS),
    txPerSecond: ledger.finality.perSecond(clock.now()),
    mempool: { transactions: ledger.pendingCount(), bytes: ledger.pendingBytes() },
    votingStopped: pala.state.halted ? 'safety is in doubt: see the alarm in the log' : engine.votingStopped,
    uptimeMs: Math.round(clock.now() - options.startedAt),
    rssBytes: process.memoryUsage.rss(),
  }
}

/** The best finalized height any peer claims, and whether this node is near it. */
function syncOf({ network, engine, meter, clock, session, signer }: NodePortOptions): NodeStatus['sync'] {
  const own = finalizedOf(engine.pala.state.tree).ref.height
  const claims = [...engine.pala.state.peers.values()].map((peer) => peer.status?.finalized.height ?? 0)
  const target = Math.max(own, ...claims)
  const rate = Math.round(meter.rate(clock.now()) * 10) / 10
  const isAlone = session.voters.length === 1 && rolesOf(session, signer.publicKey).length > 0
  if (network.peers().length === 0 && !isAlone) return { state: 'searching', target, rate, etaMs: null }
  const behind = target - own
  if (behind <= SYNC_SLACK_BLOCKS) return { state: 'synced', target, rate, etaMs: 0 }
  return { state: 'catching-up', target, rate, etaMs: rate > 0 ? Math.round((behind / rate) * 1_000) : null }
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
