/** Limits of serving in bulk (S1, S9.1), each with what happens at it. */
import { ID_BYTES } from '../set/types.ts'

const KIB = 1_024
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Ids of one batch (S9.1). */
export const BATCH_IDS = 1_024
/** Batches whose blobs are not all sent yet; a server that offers more is at fault. */
export const BATCHES_IN_FLIGHT = 4
/** Blob bytes of one message, unless one blob alone is larger: short enough for the rate to be even. */
export const MESSAGE_BYTES = 128 * KIB
/** Blobs read from disk at once: 8 MiB at the most. */
export const READ_AT_ONCE = 32
/** What an id that is not wanted costs of the rate, so that ids alone are not free. */
export const ID_COST_BYTES = ID_BYTES

/** Half of the stream's idle timeout: who has nothing to say for this long says so. */
export const KEEP_ALIVE_MS = 15 * SECOND_MS
/** Keep-alives a peer may send at once, and the time in which it may send another. */
export const KEEP_ALIVE_BURST = 8
export const KEEP_ALIVE_GAP_MS = 5 * SECOND_MS
/** A server that says nothing for this long is gone. */
export const SILENCE_MS = 30 * SECOND_MS
/** A message that has not left by then meets a reader that does not read. */
export const SEND_DEADLINE_MS = 30 * SECOND_MS
/** A client is given this long to hear that its serve ends. */
export const STOP_GRACE_MS = 2 * SECOND_MS
/** S1 `openTimeout`: the request must come within this. */
export const REQUEST_DEADLINE_MS = 10 * SECOND_MS
/** A client answers a batch of ids within this. */
export const WANT_DEADLINE_MS = 2 * MINUTE_MS
/** A serve that brings nothing for this long, although the server lives, is given up; it can be resumed. */
export const PATIENCE_MS = 10 * MINUTE_MS
/** Messages of a client that wait for the machine; above it, reading pauses. */
export const MAX_WAITING_MESSAGES = 64

/** How often a busy node looks whether it may go on. */
export const BUSY_POLL_MS = 250
/** When to come again while all places are taken. */
export const BUSY_RETRY_MS = MINUTE_MS
/** When to come again after this node was shut down, or could not take more. */
export const PAUSE_RETRY_MS = MINUTE_MS
/** No wish of a peer to be left alone holds longer. */
export const MAX_RETRY_MS = 24 * HOUR_MS

/** S9.1: a serve can be resumed for this long after it was begun. */
export const RESUME_MS = 24 * HOUR_MS
/** Resumes from one place in a row that count as such: whoever gets nowhere is a new client again. */
export const MAX_IDLE_RESUMES = 3
/** Ids a resume may repeat: an answer to a batch shows that all before its offer was taken, so no more were under way. */
export const MAX_REPEATED_IDS = (BATCHES_IN_FLIGHT + 1) * BATCH_IDS
/** Addresses and peers remembered by the admission desk; at the bound the oldest is forgotten. */
export const MAX_REMEMBERED_CLIENTS = 1_024
/** Cursors kept on disk; at the bound the oldest is forgotten, which costs ids and no blobs. */
export const MAX_CURSORS = 1_024
/** An offer is good for this long. */
export const TOKEN_LIFE_MS = HOUR_MS
/** A place is kept for whoever was made an offer for this long: it asks within moments, or not at all. */
export const OFFER_HOLD_MS = 10 * SECOND_MS

/** S1, S9.1: what the operator may change. */
export type ServeLimits = {
  /** Serves at once. */
  readonly maxServes: number
  /** After a serve its address gets no new one for this long. */
  readonly cooldownMs: number
  /** Bytes per second over all serves, and for one peer. */
  readonly totalRate: number
  readonly peerRate: number
}

export const SERVE_LIMITS: ServeLimits = {
  maxServes: 2,
  cooldownMs: 10 * MINUTE_MS,
  totalRate: 2_048 * KIB,
  peerRate: 512 * KIB,
}
