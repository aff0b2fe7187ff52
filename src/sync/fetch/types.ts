/**
 * Fetching (S8): ids that this node wants, who listed them, and the requests under way. The machine sees ids, peers and
 * instants; blobs pass through the service.
 */
import type { Hash, Millis, PeerId } from '../../domain.ts'
import type { Verdict } from '../intake/types.ts'

/** `good`: may be asked. `failed`: could not be reached for long. `refused`: did not have it, or brought something else. */
export type Standing = 'good' | 'failed' | 'refused'

/**
 * A peer that should have an id. `frame`: the earliest timeframe it listed it in; null without one. `isListed`: it named the id
 * itself; false when it brought what builds on it, or is asked on the off-chance.
 */
export type Claim = { readonly peer: PeerId; frame: number | null; isListed: boolean; standing: Standing }

/**
 * `queued`: may be asked for. `asked`: in a request, or its blob is being judged. `waiting`: its blob waits in the intake for
 * what it builds on. `resting`: this node was not ready for it.
 */
export type WantPhase = 'queued' | 'asked' | 'waiting' | 'resting'

/** An id that is wanted. */
export type Want = {
  readonly id: Hash
  readonly claims: Claim[]
  /** Whose share of the queue it takes: that of one of `claims`; null for a dependency, which the intake bounds. */
  holder: PeerId | null
  /** Something in the intake builds on it: it goes first, and its requests take no ordinary place. */
  isDependency: boolean
  tries: number
  phase: WantPhase
  /** Since when it waits, or until when it rests. */
  at: Millis
}

/** A request that was sent and is not settled. */
export type FetchRequest = {
  readonly req: number
  readonly isForDependencies: boolean
  /** Ids whose items have not come. */
  readonly open: Set<Hash>
  /** Ids that the peer had named by then. */
  readonly named: ReadonlySet<Hash>
}

/** A peer that listed something, or is being asked. */
export type Lister = {
  /** What it may be asked for now, oldest first. */
  readonly queue: Set<Hash>
  readonly urgent: Set<Hash>
  readonly requests: Map<number, FetchRequest>
  /** Wants with a claim of it; those of them that it listed; and those that take its share of the queue. */
  claimed: number
  listed: number
  held: number
  /** Failures in a row; not asked before `restsUntil`. */
  failures: number
  restsUntil: Millis
  /** Blobs of it that the intake is judging, with the timeframes it listed them in. */
  readonly judging: Map<Hash, number | null>
  judgingSince: Millis
  /** Whether there is a stream to it, and whether anything came over that. */
  isOpen: boolean
  isHeard: boolean
  /** When it was last heard or asked; and since when it owes answers, and what it brought since. */
  heardAt: Millis
  owesSince: Millis
  broughtBytes: number
}

/** An id that nobody delivered: who did not have it, and when it was given up. */
export type Unavailable = { readonly refusedBy: readonly PeerId[]; readonly at: Millis }

export type FetchState = {
  readonly wants: Map<Hash, Want>
  readonly listers: Map<PeerId, Lister>
  /** Who may be asked for a dependency that nobody listed. */
  readonly connected: Set<PeerId>
  /** Places of the queue for ids that were listed; and wants that take one of them, those with a holder. */
  readonly places: number
  held: number
  readonly unavailable: Map<Hash, Unavailable>
  /** Ids by the time they rest until, and by the time they wait since: both ascending. */
  readonly resting: Map<Hash, Millis>
  readonly waiting: Map<Hash, Millis>
  nextReq: number
  /** When `woke` is expected; null for never. */
  wakeAt: Millis | null
  readonly counters: { done: number; failed: number; bytes: number }
}

/** What one peer did with one id it was asked for. */
export type AttemptOutcome = Verdict | 'not-found' | 'too-big-there' | 'busy' | 'no-answer'

/**
 * How an id left the queue. `unavailable`: nobody delivered it. `dropped`: those that listed it are banned. `no-room`: the
 * queue was full, and who listed it had most of it.
 */
export type EndOutcome = 'inserted' | 'known' | 'invalid' | 'unavailable' | 'dropped' | 'no-room'

/** An item of a response. `bytes` of its blob; 0 without one. */
export type AnsweredItem = {
  readonly id: Hash
  readonly status: 'ok' | 'not-found' | 'too-big' | 'busy'
  readonly bytes: number
}

export type JudgedItem = { readonly id: Hash; readonly verdict: Verdict }

export type FetchInput = { readonly now: Millis } /** A peer listed ids that are not in the set. */ & (
  | {
      readonly type: 'advertised'
      readonly peer: PeerId
      readonly frame: number | null
      readonly ids: readonly Hash[]
    }
  /** The intake waits for an id; those of `from` brought what builds on it. */
  | { readonly type: 'missed'; readonly id: Hash; readonly from: readonly PeerId[] }
  /** Ids are in the set, or rejected, whoever brought them. */
  | { readonly type: 'came'; readonly ids: readonly Hash[] }
  | { readonly type: 'rejected'; readonly ids: readonly Hash[] }
  | {
      readonly type: 'answered'
      readonly peer: PeerId
      readonly req: number
      readonly items: readonly AnsweredItem[]
      readonly last: boolean
    }
  /** The intake's answers to blobs that this peer brought. */
  | { readonly type: 'judged'; readonly peer: PeerId; readonly items: readonly JudgedItem[] }
  /** A blob that waited came to its end. */
  | { readonly type: 'released'; readonly id: Hash; readonly peer: PeerId; readonly verdict: Verdict }
  /** The stream to the peer is gone, or could not be opened. */
  | { readonly type: 'closed'; readonly peer: PeerId }
  /** The peer asks to be left alone for a while. */
  | { readonly type: 'deferred'; readonly peer: PeerId; readonly retryAfterMs: Millis }
  | { readonly type: 'connected'; readonly peer: PeerId }
  | { readonly type: 'disconnected'; readonly peer: PeerId }
  /** The peer is banned: its claims count no more. */
  | { readonly type: 'banned'; readonly peer: PeerId }
  /** What was wanted before a restart. */
  | { readonly type: 'restored'; readonly wants: readonly RestoredWant[] }
  | { readonly type: 'woke' }
)

export type RestoredWant = {
  readonly id: Hash
  readonly tries: number
  readonly claims: readonly { readonly peer: PeerId; readonly frame: number | null }[]
}

export type FetchEffect =
  | { readonly type: 'ask'; readonly peer: PeerId; readonly req: number; readonly ids: readonly Hash[] }
  /** Blobs of this response that were asked for: hand them to the intake, and answer with `judged`. */
  | { readonly type: 'judge'; readonly peer: PeerId; readonly ids: readonly Hash[] }
  /** Give the stream up; `isFault`: it failed, rather than being idle. Nothing is heard of it after that. */
  | { readonly type: 'close'; readonly peer: PeerId; readonly reason: string; readonly isFault: boolean }
  /** A violation of the protocol (S9.2 P). */
  | { readonly type: 'misbehaviour'; readonly peer: PeerId; readonly reason: string }
  | {
      readonly type: 'attempted'
      readonly peer: PeerId
      readonly id: Hash
      readonly frame: number | null
      readonly outcome: AttemptOutcome
    }
  /** The peer does not have, or cannot give, what it had named before it was asked. */
  | { readonly type: 'undelivered'; readonly peer: PeerId; readonly id: Hash }
  /** Ten times in a row the peer brought nothing of what it named: it was silent, or busy. */
  | { readonly type: 'silent'; readonly peer: PeerId }
  | { readonly type: 'ended'; readonly id: Hash; readonly claims: readonly Claim[]; readonly outcome: EndOutcome }
  /** A place of the peer's share is free again. */
  | { readonly type: 'eased'; readonly peer: PeerId }
  /** What is to be kept across restarts changed for these ids. */
  | { readonly type: 'changed'; readonly id: Hash }
  /** Give `woke` after this time, instead of any earlier such wish; null for never. */
  | { readonly type: 'wake'; readonly delayMs: Millis | null }

/** One step's workspace. */
export type FetchTurn = { readonly state: FetchState; readonly now: Millis; readonly effects: FetchEffect[] }
