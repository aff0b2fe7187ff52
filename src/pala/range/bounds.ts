/** Every bound of range sync, with its reason (P17.6, P17.8, P17.9). */
import { MAX_UNFINAL_BLOCKS } from '../bounds.ts'

/** Heights of one window. */
export const WINDOW_BLOCKS = 512
/** Bytes of blocks in one answer; its first block always goes. Ten a second are the most a peer asks for. */
export const ANSWER_BYTES = 2 * 1_024 * 1_024
/** Windows under way: what waits in memory is at most this times {@link ANSWER_BYTES}, and a block each. */
export const MAX_WINDOWS = 12
/** Open requests to one peer: the next one travels while the answer to the first is made. */
export const REQUESTS_PER_PEER = 2
/** Headers of one proof: no chain is longer without finality, and then k more finish the proof (P17.5). */
export const MAX_PROOF_HEADERS = MAX_UNFINAL_BLOCKS + 64
/** Peers whose claims are kept; connection limits keep the real number far below. */
export const MAX_RANGE_PEERS = 1_024
/** Further behind than this, ranges are fetched; nearer, and near the end, blocks come with their certificates. */
export const START_BEHIND = 192
/** Deeper than any window k, so that whoever is at the tip can prove everything below it. */
export const STOP_BEHIND = 96
/** An answer must be whole within this time. */
export const ANSWER_DEADLINE_MS = 10_000
/** When the lowest window waits longer than this and another peer idles, that one is asked as well. */
export const HEDGE_AFTER_MS = 2_000
/** A verified batch is taken by consensus within this time, or dropped. */
export const APPLY_DEADLINE_MS = 30_000
/** First time a useless peer is left alone; it doubles with each failure in a row. */
export const FIRST_SHUN_MS = 1_000
export const MAX_SHUN_MS = 600_000
/** Failures in a row that count as misbehaviour. */
export const TOLERATED_FAILURES = 3
/** Without a new block for this time, the ordinary reconciliation goes on beside range sync. */
export const STALL_MS = 5_000
/** P17.8: requests a peer may make in the long run and at once, how many may wait, and bytes of answers per second. */
export const SERVED_PER_SECOND = 10
export const SERVED_BURST = 20
export const MAX_WAITING_REQUESTS = 4
export const SERVED_BYTES_PER_SECOND = 32 * 1_024 * 1_024
