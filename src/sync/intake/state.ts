/**
 * What the intake remembers (S8): ATXs between their arrival and their insertion, and who waits for whom. The machine sees
 * ids, sizes and suppliers; the blobs wait in the service under their key.
 */
import type { Hash, PeerId } from '../../domain.ts'
import type { Verdict } from './types.ts'

/** A blob under its key. Two candidates of one id differ in bytes that the id does not cover: their signatures. */
export type Candidate = { readonly key: number; readonly from: PeerId | null; readonly bytes: number }

/** `parked`: a dependency is missing. `checking`: the first candidate is being judged. `valid`: waits for its insertion. */
export type Phase = 'parked' | 'checking' | 'valid'

/** An ATX on its way into the set. */
export type Pending = {
  readonly id: Hash
  readonly dependencies: readonly Hash[]
  /** Dependencies that are neither in the set nor found valid. */
  readonly missing: Set<Hash>
  /** Never empty; the first is judged first. */
  readonly candidates: Candidate[]
  phase: Phase
  /** Links of missing dependencies above this one; 0 when nobody waited for it. */
  readonly depth: number
  /** Its bringers heard 'waiting': nothing that is under way will free it. */
  isWaiting: boolean
}

export type IntakeState = {
  readonly pending: Map<Hash, Pending>
  /** Who misses a dependency, by its id. */
  readonly dependants: Map<Hash, Set<Hash>>
  /** Waiting blobs by supplier ('' for this node), oldest first: key to id. */
  readonly holdings: Map<PeerId, Map<number, Hash>>
  waitingBlobs: number
  waitingBytes: number
  /** Valid ATXs in the order of insertion: a dependency comes before its dependants. */
  ready: Hash[]
  /** Ids of the write under way; empty when there is none. */
  inserting: readonly Hash[]
}

/** A blob whose bytes hash to its id and which is neither known nor rejected. */
export type Arrived = Candidate & {
  readonly id: Hash
  readonly dependencies: readonly Hash[]
  /** Those of `dependencies` that are not in the set. */
  readonly absent: readonly Hash[]
  /** Whether one of `dependencies` was found invalid before. */
  readonly isDoomed: boolean
}

export type Checked = {
  readonly id: Hash
  readonly key: number
  readonly verdict: 'valid' | 'invalid' | 'bad-signature' | 'early'
}

export type IntakeInput =
  | { readonly type: 'arrived'; readonly arrivals: readonly Arrived[] }
  | { readonly type: 'checked'; readonly results: readonly Checked[] }
  /** The write under way is durable. */
  | { readonly type: 'inserted' }

export type IntakeEffect =
  /** Judge these, all of whose dependencies are in the set or found valid; answered by `checked`. */
  | { readonly type: 'check'; readonly items: readonly { readonly id: Hash; readonly key: number }[] }
  /** Write these in this order; answered by `inserted`. One at a time. */
  | { readonly type: 'insert'; readonly items: readonly { readonly id: Hash; readonly key: number }[] }
  /** The blob's bringers hear 'waiting'; it is kept. */
  | { readonly type: 'wait'; readonly key: number }
  /** The blob's bringers hear the verdict, and it is forgotten. */
  | { readonly type: 'settle'; readonly id: Hash; readonly key: number; readonly verdict: Verdict }
  /** Never to be fetched again. */
  | { readonly type: 'reject'; readonly ids: readonly Hash[] }
  /** Somebody waits for an ATX that is not here: its dependants' suppliers should have it. */
  | { readonly type: 'missing'; readonly id: Hash; readonly from: readonly PeerId[] }

/** One step's workspace. */
export type IntakeTurn = {
  readonly state: IntakeState
  readonly effects: IntakeEffect[]
  /** ATXs to be judged after this step. */
  readonly toCheck: Pending[]
  /** Ids found invalid in this step. */
  readonly condemned: Set<Hash>
}
