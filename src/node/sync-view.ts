/** How far this node is behind, in the API's words: what its peers claim against what it has made final itself. */
import type { Millis } from '../domain.ts'
import type { RangeProgress } from '../pala/range/service.ts'
import type { PeerState } from '../pala/state-parts.ts'
import type { SyncStatus } from './api/node-port.ts'
import type { SyncMeter } from './sync-meter.ts'

/** Behind the best claim by more than this many final blocks, a node says that it is catching up. */
const SLACK_BLOCKS = 5

export type SyncSources = {
  readonly now: Millis
  /** The finalized height of this node. */
  readonly own: number
  readonly peers: Iterable<Pick<PeerState, 'status'>>
  readonly ranges: RangeProgress
  readonly meter: SyncMeter
  /** Nobody is connected, and others are needed. */
  readonly isSearching: boolean
}

/** Claims are unproven: those of peers that were asked and could not deliver do not count. */
function targetOf({ own, peers, ranges }: SyncSources): number {
  const claims = Array.from(peers, ({ status }) => status?.finalized.height ?? 0)
  const best = Math.max(own, ...claims)
  return ranges.target === null ? best : Math.max(own, Math.min(best, ranges.target))
}

export function syncStatusOf(sources: SyncSources): SyncStatus {
  const { now, own, meter, ranges } = sources
  const target = targetOf(sources)
  const rate = Math.round(meter.rate(now) * 10) / 10
  const bytesPerSecond = Math.round(meter.bytesPerSecond(now))
  const flow = { target, rate, bytesPerSecond, peers: ranges.peers }
  if (sources.isSearching) return { state: 'searching', phase: null, etaMs: null, ...flow }
  const behind = target - own
  if (behind <= SLACK_BLOCKS) return { state: 'synced', phase: null, etaMs: 0, ...flow }
  const etaMs = rate > 0 ? Math.round((behind / rate) * 1_000) : null
  const stuck = ranges.lowestServed === null ? {} : { lowestServed: ranges.lowestServed }
  return { state: 'catching-up', phase: 'blocks', etaMs, ...flow, ...stuck }
}
