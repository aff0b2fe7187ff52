/** What one session needs from the rest of the concern, and what it hands out. */
import type { Hash, Millis, PeerId } from '../../domain.ts'
import type { ServeOffer } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { FrozenView } from '../set/types.ts'
import type { Phase, SessionRole } from '../types.ts'

/** Packed ids that a peer listed. `frame` is what it claims: received before that timeframe's end; null without a claim. */
export type ListedIds = { readonly peer: PeerId; readonly frame: number | null; readonly ids: Uint8Array }

/** A reconciliation of one scope over a session's stream (S12.3). */
export type DeepRequest = {
  /** Carries `deep` messages only; the session goes on with it afterwards. */
  readonly stream: AtxStream
  readonly view: FrozenView
  /** As in AtxDeep: 0 the frozen open timeframe, i the i-th before it, 255 the whole set. */
  readonly scope: number
  readonly isInitiator: boolean
  /** Hears, before the ids come, which of ours the peer may lack: its scope has all others of ours. Not where they are too many. */
  readonly matched: (lacked: Uint8Array) => void
}

/** Yields packed ids of the peer's scope that ours lacks, as they become known; throws when the scheme fails. */
export type DeepScheme = (request: DeepRequest) => AsyncIterable<Uint8Array>

/** How far a session is. */
export type SessionProgress = {
  readonly peer: PeerId
  readonly role: SessionRole
  readonly phase: Phase
  /** The round under way, counted back from the frozen timeframe; null before. */
  readonly back: number | null
  readonly idsIn: number
  readonly idsOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Both ways, over the last half minute. */
  readonly bytesPerSecond: number
  readonly gained: number
  /** Ids of both lists of the round that moved, of how many; null while no lists move. */
  readonly lists: { readonly done: number; readonly total: number } | null
  /** Time until the lists of the round are through; null while it cannot be told. */
  readonly etaMs: Millis | null
}

export type SessionPorts = {
  /** Ids to fetch: new to the live set, and not known to be invalid. */
  readonly learned: (listed: ListedIds) => void
  /** How many ids that the peer listed wait to be fetched now, at its cost. */
  readonly waiting: (peer: PeerId) => number
  /** The view of a session with this peer is pinned; `storeId` is the peer's. */
  readonly froze: (peer: PeerId, view: FrozenView, storeId: Uint8Array) => void
  /** Every chunk that a peer lists, whatever is in it. */
  readonly listed: (listed: ListedIds) => void
  /** The peer has all that our frozen view has in a timeframe, but for these ids, which are packed and ascend. */
  readonly matched: (matched: { readonly peer: PeerId; readonly frame: number; readonly lacked: Uint8Array }) => void
  /** Ids in the live set that the peer claims for long before they reached this node (S7.2-4). */
  readonly claimed: (listed: ListedIds) => void
  /** A violation of class P (S9.2). */
  readonly misbehaved: (peer: PeerId, reason: string) => void
  /** An offer to serve the peer (S9.1). */
  readonly offer: (peer: PeerId) => ServeOffer
  /** Known to be invalid for good: never counts as gained (S8). */
  readonly isRejected: (id: Hash) => boolean
  readonly deep: DeepScheme
  /** At every change of phase or round. */
  readonly progressed: (progress: SessionProgress) => void
}
