/**
 * The node as the HTTP API sees it while it fetches a snapshot: it has a status, peers, events and metrics, and no chain yet.
 * Everything else waits.
 */
import type { Hash, Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { Session } from '../pala/types.ts'
import type { Network } from '../protocols/network.ts'
import type { AtxPort } from './api/atx-port.ts'
import { RequestError } from './api/errors.ts'
import type { EventSource, NodePort, NodeStatus, SnapshotProgressView, SyncStatus } from './api/node-port.ts'
import { rfc3339 } from './block-views.ts'
import { createSyncMeter } from './sync-meter.ts'
import { VERSION } from './version.ts'

const ZERO_HASH = '0'.repeat(64)

export type SnapshotPortOptions = {
  /** Of the node when it will have a chain. */
  readonly self: PeerId
  readonly chainId: Hash
  readonly networkName: string
  readonly genesisTime: Millis
  /** The first session: genesis. */
  readonly session: Session
  readonly network: Pick<Network, 'peers'>
  readonly events: EventSource
  readonly metrics: NodePort['metrics']
  readonly clock: Clock
  readonly startedAt: Millis
  /** Null before a snapshot was chosen. */
  readonly progress: () => { readonly snapshot: SnapshotProgressView; readonly peers: number } | null
}

/** Implements the API's port; what needs a chain is refused as `not-ready`. */
export function createSnapshotPort(options: SnapshotPortOptions): NodePort {
  const { network, events, metrics, clock } = options
  const meter = createSyncMeter()

  function sync(): SyncStatus {
    const found = options.progress()
    if (found === null) return { ...NOTHING, state: 'searching', phase: null, target: 0, etaMs: null, peers: 0 }
    const { snapshot, peers } = found
    meter.note(clock.now(), { height: 0, bytes: snapshot.storedBytes })
    const bytesPerSecond = Math.round(meter.bytesPerSecond(clock.now()))
    const left = snapshot.bytes - snapshot.storedBytes
    const etaMs = bytesPerSecond > 0 ? Math.round((left / bytesPerSecond) * 1_000) : null
    const flow = { target: snapshot.height, rate: 0, bytesPerSecond, etaMs, peers, snapshot }
    return { state: 'catching-up', phase: 'snapshot', ...flow }
  }

  const known: Partial<NodePort> = {
    status: () => statusOf(options, sync()),
    peers: () => network.peers(),
    evidence: () => [],
    events,
    metrics,
    readiness: () => [{ name: 'sync', ok: false, detail: 'fetching a snapshot' }],
  }
  return refusing<NodePort>({ ...known, atx: refusing<AtxPort>({}) })
}

const NOTHING = { rate: 0, bytesPerSecond: 0 }

/** A port whose other calls are refused. */
function refusing<Port extends object>(known: Partial<Port>): Port {
  return new Proxy(known, { get: (port, name) => Reflect.get(port, name) ?? refuse }) as Port
}

function refuse(): never {
  throw new RequestError('not-ready', 'this node is fetching a snapshot: wait; palaver status shows how far it is')
}

function statusOf({ session, ...options }: SnapshotPortOptions, sync: SyncStatus): NodeStatus {
  const genesis = { session: 0, epoch: 0, number: 1, height: 0, hash: options.chainId }
  const { proposers, voters, params } = session
  return {
    peerId: options.self,
    chainId: options.chainId,
    network: options.networkName,
    roles: [],
    version: VERSION,
    engine: 'pala',
    session: 1,
    epoch: 1,
    committee: { proposers: proposers.length, voters: voters.length, k: params.k },
    reconfiguring: null,
    head: genesis,
    finalized: { ...genesis, timestamp: rfc3339(options.genesisTime) },
    peers: options.network.peers().length,
    sync,
    lowestHeight: 1,
    ledger: { height: 0, stateRoot: ZERO_HASH },
    finalityMs: null,
    txPerSecond: 0,
    mempool: { transactions: 0, bytes: 0 },
    votingStopped: null,
    atx: { count: 0, frame: 0, fingerprint: ZERO_HASH, synced: false },
    evidence: [],
    uptimeMs: Math.round(options.clock.now() - options.startedAt),
    rssBytes: process.memoryUsage.rss(),
  }
}
