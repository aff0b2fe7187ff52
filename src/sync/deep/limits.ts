/** Bounds of deep reconciliation, with their reasons (S12.3). They are part of the protocol: both sides keep the same. */

export type DeepLimits = {
  /** Bytes of one payload; a turn that needs more is split over several. */
  readonly frameBytes: number
  /** Turns of the initiator, each answered by one of the responder. */
  readonly maxRounds: number
  /** Bytes of payloads each way: what one session can make either side hash, hold or send. */
  readonly maxBytes: number
  /** Ids that either side may turn out to lack (S1): beyond it, lists are the better tool. */
  readonly maxUnknownIds: number
}

export const DEEP_LIMITS: DeepLimits = {
  frameBytes: 65_536,
  maxRounds: 32,
  maxBytes: 16_777_216,
  maxUnknownIds: 65_536,
}

/** The scope that is the whole frozen set; any lower one i is the i-th timeframe before the open one, 0 the open one itself. */
export const WHOLE_SET = 255

/** Room for a skip, a bound and a few ids: below it a turn could not be split. */
export const MIN_FRAME_BYTES = 256
