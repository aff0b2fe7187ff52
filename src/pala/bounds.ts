/** Every bound of the Pala machine, with its reason (spec/pala.md 25). */

/** Final blocks kept in memory below the finalized head: enough for locators and for embedded certificates of k <= 64. */
export const RETAINED_FINAL_BLOCKS = 136
/** Certificates that wait for their block: the leader's certificate often overtakes the body on its own stream. */
export const MAX_HELD_NOTARIZATIONS = 256
/** Un-final blocks a node holds; sync stops inserting beyond it until finality advances (P17.5). */
export const MAX_UNFINAL_BLOCKS = 2_048
/** Parked proposals over all epochs; per epoch the bound is k (P11.2). */
export const MAX_PARKED_PROPOSALS = 128
/** Peers remembered; connection limits keep the real number far below. */
export const MAX_PEERS = 1_024
/** Targets ahead of the local epoch whose clock messages are kept (P8.4). */
export const CLOCK_WINDOW = 2
/** Entries of a locator: ten dense, the rest exponentially sparse (P17.4). */
export const MAX_LOCATOR = 32
/** Blocks of one `blocks` answer to `getFresher` (P17.4). */
export const FRESHER_BLOCKS = 10
/** Final blocks of one `blocks` answer to `getRange` (P17.6); the byte cap usually ends it earlier. */
export const RANGE_BLOCKS = 256
/** Behind by more final blocks than this, a node asks for ranges instead of walking its fork (P17.6). */
export const RANGE_THRESHOLD = 10
/** At most one unforced status in this time (P18.5). */
export const STATUS_COALESCE_MS = 200
/** A voter that asks for open proposals gets them at most this often; a new connection always does (P10.4, P17.7). */
export const PROPOSALS_COOLDOWN_MS = 1_000
/** Sessions whose committees stay in memory; older blocks are final and need no check. */
export const MAX_SESSIONS = 64
/** The fewest final blocks a pruning node keeps: nodes away for a short while and late evidence live from them (P20.9). */
export const MIN_PRUNE_KEEP = 1_024
/** Slots and epochs are unsigned 32-bit integers (P3.1). */
export const MAX_U32 = 2 ** 32 - 1
/** Growth of the voters' patience with each unproductive epoch (P14.4). */
export const BACKOFF_FACTOR = 1.5
/** The leader's limit as a share of the voters' patience (P14.4). */
export const LEADER_LIMIT_SHARE = 0.66
/** Proven offences kept, in all and of one key: more of the same changes nothing about whom to exclude (P24.2). */
export const MAX_EVIDENCE = 256
export const MAX_EVIDENCE_PER_KEY = 8
/** Sessions before the current one whose evidence is kept (P24.2). */
export const EVIDENCE_SESSIONS = 2
/** Certificate bytes that evidence may carry; with header and signatures it stays below the wire's cap. */
export const MAX_EVIDENCE_CERTIFICATES = 120_000
/** Votes for other blocks that a leader keeps in its epoch: a window of 64 by 8 traitors. */
export const MAX_STRAY_VOTES = 512
/** Refused first blocks that a node remembers, bodies and all. */
export const MAX_SUSPECTS = 8
