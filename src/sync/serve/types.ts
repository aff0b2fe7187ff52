/** What the two machines of a serve know, hear and want (S9.1). All `seq` here are of the server's store; an upper end is exclusive. */
import type { Hash, Millis, PeerId } from '../../domain.ts'
import type { Verdict } from '../intake/types.ts'
import type { Item, ProblemCode } from '../messages.ts'

/** What a peer is accused of, by its label in S9.2: a broken protocol, ids without blobs, blobs that are not what they should be. */
export type Evidence = 'P' | 'E4' | 'E5'

export type Misbehaviour = { readonly type: 'misbehaved'; readonly evidence: Evidence; readonly reason: string }

/** Give `woke` after this time, instead of any earlier such wish. */
export type Wake = { readonly type: 'wake'; readonly delayMs: Millis }

/** How far a serve is (S14): `totalSeq` may grow. */
export type ServeProgress = {
  readonly peer: PeerId
  readonly direction: 'in' | 'out'
  readonly startedAt: Millis
  readonly fromSeq: number
  /** All below is done. */
  readonly seq: number
  readonly totalSeq: number
  /** Bytes of blobs so far. */
  readonly bytes: number
  /** Over the last half minute. */
  readonly bytesPerSecond: number
  /** ATXs inserted by whom it serves; 0 where this node serves. */
  readonly gained: number
  /** Null while it cannot be told. */
  readonly etaMs: Millis | null
}

/** How a serve went, seen from this node's side of it. */
export type ServeReport = ServeProgress & { readonly end: OutEnd | InEnd; readonly reason: string }

// ---------------------------------------------------------------- serving

/** A batch that was offered. `bitmap` is null until the client has answered. */
export type OutBatch = {
  readonly firstSeq: number
  readonly count: number
  readonly offeredAt: Millis
  bitmap: Uint8Array | null
}

export type OutState = {
  readonly startedAt: Millis
  /** Bytes of blobs the client wants at most; 0 for any number. */
  readonly maxBytes: number
  /** The end that was announced: it follows the set while that grows by whole batches. */
  endSeq: number
  offeredTo: number
  deliveredTo: number
  /** In the order of `seq`, at most {@link BATCHES_IN_FLIGHT}; the first may be under delivery. */
  batches: OutBatch[]
  isDelivering: boolean
  bytes: number
  keepAlives: number
  lastSentAt: Millis
  lastWantAt: Millis
  isEnded: boolean
}

/** `total`: ids in the set by now. */
export type OutInput = { readonly now: Millis; readonly total: number } & (
  | { readonly type: 'started' }
  | { readonly type: 'wantReceived'; readonly firstSeq: number; readonly bitmap: Uint8Array }
  | { readonly type: 'keepAliveReceived' }
  /** A message that has no place in a serve, or none at all. */
  | { readonly type: 'strayReceived'; readonly what: string }
  /** The client ended its half, or the stream broke. */
  | { readonly type: 'closed'; readonly reason: string }
  /** A message with blobs left; all up to `uptoSeq` is sent. */
  | { readonly type: 'blobsSent'; readonly uptoSeq: number; readonly bytes: number }
  /** The batch under delivery is done, or the client's bytes are spent. */
  | { readonly type: 'delivered'; readonly isSpent: boolean }
  | { readonly type: 'stopped'; readonly reason: string }
  | { readonly type: 'woke' }
)

/** How a serve ended, seen from the server. */
export type OutEnd = 'complete' | 'limit' | 'stalled' | 'lost' | 'misbehaved' | 'stopped'

export type OutEffect =
  | { readonly type: 'offer'; readonly firstSeq: number; readonly count: number; readonly totalSeq: number }
  /** Send the wanted blobs of the oldest batch, at the rate's pace; at most `budget` bytes. */
  | {
      readonly type: 'deliver'
      readonly firstSeq: number
      readonly count: number
      readonly bitmap: Uint8Array
      readonly budget: number
    }
  | { readonly type: 'keepAlive'; readonly done: number; readonly total: number }
  | Misbehaviour
  | { readonly type: 'finish'; readonly end: OutEnd; readonly reason: string; readonly uptoSeq: number }
  | Wake

// ---------------------------------------------------------------- being served

/** A batch whose blobs come. `ids` are packed. */
export type InBatch = {
  readonly firstSeq: number
  readonly count: number
  readonly ids: Uint8Array
  readonly bitmap: Uint8Array
}

/** A message's blobs on their way through the intake. */
type Taking = { readonly uptoSeq: number; readonly count: number }

export type InState = {
  readonly startedAt: Millis
  readonly maxBytes: number
  /** Where the client asked to begin; a server that does not know the place begins at 0 instead. */
  readonly fromSeq: number
  /** Null before the first ids. */
  nextSeq: number | null
  /** Blobs came up to here. */
  receivedTo: number
  /** Everything below went through the intake: the cursor. */
  takenTo: number
  totalSeq: number
  /** In the order of `seq`, at most {@link BATCHES_IN_FLIGHT}. */
  batches: InBatch[]
  /** In the order of arrival; as many as the service lets in. */
  taking: Taking[]
  bytes: number
  gained: number
  /** Ids that were here already, by batch or by blob: never more than the set and the rejected ids together. */
  familiar: number
  answered: number
  undelivered: number
  early: number
  keepAlives: number
  lastHeardAt: Millis
  lastSentAt: Millis
  lastProgressAt: Millis
  isEnded: boolean
}

export type InInput = { readonly now: Millis } & (
  | { readonly type: 'started' }
  /** `bitmap` says which of `ids` are lacking here; `held` how many ids the set has. */
  | {
      readonly type: 'idsReceived'
      readonly firstSeq: number
      readonly ids: Uint8Array
      readonly totalSeq: number
      readonly bitmap: Uint8Array
      readonly held: number
    }
  | {
      readonly type: 'blobsReceived'
      readonly firstSeq: number
      readonly items: readonly Item[]
      readonly uptoSeq: number
    }
  /** The intake is done with the oldest message under way. */
  | { readonly type: 'taken'; readonly verdicts: readonly Verdict[] }
  | { readonly type: 'keepAliveReceived' }
  | {
      readonly type: 'endReceived'
      readonly uptoSeq: number
      readonly complete: boolean
      readonly reason: string
      readonly retryAfterMs: Millis
    }
  | {
      readonly type: 'problemReceived'
      readonly code: ProblemCode
      readonly text: string
      readonly retryAfterMs: Millis
    }
  | { readonly type: 'strayReceived'; readonly what: string }
  | { readonly type: 'closed'; readonly reason: string }
  | { readonly type: 'stopped'; readonly reason: string }
  | { readonly type: 'woke' }
)

/**
 * How a serve ended, seen from the client. `incomplete`: the server ended it early. `refused`: with a problem, or before it
 * began. `unusable`: too much of it is early by this node's clock. `overloaded`: too much waits here for what it builds on.
 */
export type InEnd =
  | 'complete'
  | 'incomplete'
  | 'busy'
  | 'refused'
  | 'stalled'
  | 'lost'
  | 'misbehaved'
  | 'unusable'
  | 'overloaded'
  | 'stopped'

export type ServeOutcome = {
  readonly end: InEnd
  readonly reason: string
  /** ATXs inserted. */
  readonly gained: number
  /** Bytes of blobs received. */
  readonly bytes: number
  /** Everything below it in the server's store went through the intake. */
  readonly lastSeq: number
  /** When the server may be asked again; null when that is up to this node. */
  readonly retryAfterMs: Millis | null
}

/** A blob for the intake. */
export type ServedBlob = { readonly id: Hash; readonly blob: Uint8Array }

export type InEffect =
  | { readonly type: 'want'; readonly firstSeq: number; readonly bitmap: Uint8Array }
  | { readonly type: 'take'; readonly blobs: readonly ServedBlob[] }
  | { readonly type: 'saveCursor'; readonly uptoSeq: number }
  | { readonly type: 'keepAlive'; readonly done: number; readonly total: number }
  | Misbehaviour
  | { readonly type: 'finish'; readonly outcome: ServeOutcome }
  | Wake
