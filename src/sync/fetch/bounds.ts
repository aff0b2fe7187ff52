/** Every bound of fetching, with its reason (S1, S8). */

const KIB = 1_024
const MIB = 1_024 * KIB

/** Ids wanted because a peer listed them (S1 maxUnknownIds). */
export const MAX_WANTED = 65_536
/**
 * Above this the sessions of the peer that listed them read no further. With the window that is under way then (16,128 ids)
 * it is half of the queue: whoever lists and does not deliver leaves the other half to others.
 */
export const LISTER_SHARE = 16_384
/** Ids that give way at once when the queue is full; finding them takes a look at the whole of it. */
export const EVICTED_TOGETHER = 4_096
/** Ids wanted because something in the intake builds on them: two for each blob that waits there. */
export const MAX_DEPENDENCIES = 20_000
/** Peers that listed one id and are remembered for it. */
export const MAX_CLAIMS = 8
/** Peers that are asked. */
export const MAX_LISTERS = 256
/** Ids of one request (S1 fetchBatch). */
export const FETCH_BATCH = 100
/** Requests in flight to one peer (S8). */
export const MAX_IN_FLIGHT = 4
/** Requests for dependencies beside those: what waits for them must never hold them up. */
export const MAX_DEPENDENCY_REQUESTS = 2
/** S1 fetchTries. */
export const FETCH_TRIES = 10
/** A peer that owes answers and sends nothing for this long is given up; so is one that is slower than {@link MIN_RATE}. */
export const SILENCE_MS = 15_000
/** Bytes per second, over at least {@link RATE_WINDOW_MS} (S1 minRate). */
export const MIN_RATE = 32 * KIB
export const RATE_WINDOW_MS = 30_000
/** What an item counts beside its blob when a peer's speed is measured. */
export const ITEM_BYTES = 256
/** First time a failing peer is left alone; it doubles with each failure in a row. */
export const FIRST_REST_MS = 1_000
export const MAX_REST_MS = 60_000
/** Failures in a row after which what only this peer listed is unavailable. */
export const PEER_TRIES = 10
/** An ATX that is early, or for which the intake has no room, is asked for again after this time. */
export const LOCAL_PAUSE_MS = 15_000
/** An ATX that waits longer for what it builds on leaves the queue; it is inserted all the same when that comes. */
export const WAITING_MS = 600_000
/** Unavailable ids remembered, and for how long a peer that did not have one is not asked for it again. */
export const MAX_UNAVAILABLE = 65_536
export const REFUSAL_MS = 3_600_000
/** A dependency that was unavailable is not asked for again before this time unless it is listed. */
export const UNAVAILABLE_MS = 600_000
/** A stream without requests is ended after this time, before the other side takes it for stalled. */
export const IDLE_CLOSE_MS = 15_000
/** Responses of one peer that are judged at once. */
export const JUDGED_AT_ONCE = 8
/** Time between two writes of the queue, and wanted ids in one of them. */
export const STORE_EVERY_MS = 5_000
export const STORED_TOGETHER = 1_024

/** Bytes after which a response is sent, so that nothing waits long behind it (S8 allows 2 MiB). */
export const RESPONSE_BYTES = 256 * KIB
/** Blobs read at once: 4 MiB at the most. */
export const READ_AT_ONCE = 16
/** Requests answered at once for all peers; more are told 'busy'. */
export const MAX_ANSWERED = 32
/** Streams answered at once for one peer. */
export const MAX_STREAMS_PER_PEER = 2
/** Bytes per second for one peer, and what a request and an id cost beside the blobs. */
export const SERVED_BYTES_PER_SECOND = 32 * MIB
export const REQUEST_COST = KIB
export const ID_COST = 128
/** Peers whose rate is remembered. */
export const MAX_CLIENTS = 1_024
