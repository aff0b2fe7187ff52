/** How ATXs come in, whoever brings them (S8): gossip, fetch and serve hand blobs to the one intake. */
import type { Hash, Millis, PeerId } from '../../domain.ts'
import type { AtxSource } from '../set/types.ts'

/** A blob that arrived under a claimed id. */
export type Arrival = {
  readonly id: Hash
  readonly blob: Uint8Array
  readonly receivedAt: Millis
  readonly source: AtxSource
  /** Who brought it; null for this node's own. */
  readonly from: PeerId | null
}

/**
 * What became of an arrival. `waiting`: a dependency is missing, it is inserted when that comes. `mismatch` and
 * `bad-signature` are the supplier's fault and leave the id good; `invalid` is the id's own. `early`: not valid yet by this
 * node's clock. `full`: too many wait.
 */
export type Verdict =
  | 'inserted'
  | 'known'
  | 'waiting'
  | 'mismatch'
  | 'bad-signature'
  | 'too-big'
  | 'malformed'
  | 'invalid'
  | 'early'
  | 'full'

/** The one way into the set. */
export interface Intake {
  /** Judges blobs and inserts what is ready, dependencies first; answers in the order of `arrivals`. */
  take(arrivals: readonly Arrival[]): Promise<readonly Verdict[]>
  /** Whether the id was found invalid for good: it is not fetched again and counts as no gain. */
  isRejected(id: Hash): boolean
}
