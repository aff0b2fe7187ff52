/**
 * How much of a bulky stream may be under way (P18.6-5). The reader answers each {@link RECEIPT_BYTES} with one byte; the
 * time until that byte comes back shows whether the link builds a queue, and a queue is what votes would wait in.
 */
import type { Millis } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'

/** Received bytes that one byte of receipt stands for. */
export const RECEIPT_BYTES = 16_384
/** Always allowed under way: at 1 MB/s a vote waits some 65 ms behind it. */
export const MIN_FLIGHT_BYTES = 4 * RECEIPT_BYTES
const START_FLIGHT_BYTES = 8 * RECEIPT_BYTES
/** As much as the muxer's largest window lets through. */
const MAX_FLIGHT_BYTES = 4 * 1_048_576
/** Bytes that wait longer than this on their way, above the link's own delay, are too many. */
const QUEUEING_TARGET_MS: Millis = 40
/** The link's own delay is the least one seen in the present and the previous period of this length. */
const BASE_PERIOD_MS: Millis = 10_000

/** What is under way on one stream. */
export interface Flight {
  /** Bytes that may be written now; 0 when receipts must come first. */
  room(): number
  /** The receipts that are due for it. */
  sent(bytes: number): number
  /** False when the peer confirms more than it was sent. */
  confirmed(receipts: number): boolean
  /** The stream is gone, and what it carried; what was learned of the link stays. */
  reset(): void
}

/** One receipt that is due: when its bytes had left, and whether the limit held the sender back then. */
type Due = { readonly at: Millis; readonly held: boolean }

/** Nothing under way, nothing known of the link. */
export function createFlight(clock: Clock): Flight {
  const base = createBase()
  let limit = START_FLIGHT_BYTES
  let due: Due[] = []
  let sentBytes = 0
  /** Receipts for bytes sent before this instant say nothing new: the limit has been lowered since. */
  let loweredAt = Number.NEGATIVE_INFINITY

  /** The tail below a whole receipt is not counted: it is never confirmed by itself. */
  const underWay = (): number => due.length * RECEIPT_BYTES

  function learn({ at, held }: Due, now: Millis): void {
    const delay = now - at
    const queueing = delay - base.note(delay, now)
    if (queueing <= QUEUEING_TARGET_MS) {
      if (held) limit = Math.min(MAX_FLIGHT_BYTES, limit + RECEIPT_BYTES)
    } else if (at > loweredAt) {
      loweredAt = now
      limit = Math.max(MIN_FLIGHT_BYTES, limit / 2, (limit * (delay - queueing + QUEUEING_TARGET_MS)) / delay)
    }
  }

  return {
    room: () => Math.max(0, limit - underWay()),
    sent(bytes) {
      const before = Math.floor(sentBytes / RECEIPT_BYTES)
      sentBytes += bytes
      const added = Math.floor(sentBytes / RECEIPT_BYTES) - before
      const held = underWay() + added * RECEIPT_BYTES > limit / 2
      const at = clock.now()
      for (let i = 0; i < added; i++) due.push({ at, held })
      return added
    },
    confirmed(receipts) {
      if (receipts > due.length) return false
      const now = clock.now()
      for (const each of due.slice(0, receipts)) learn(each, now)
      due = due.slice(receipts)
      return true
    },
    reset() {
      due = []
      sentBytes = 0
    },
  }
}

/** The least delay of the present and the previous period: links change, so older ones are forgotten. */
function createBase() {
  let [previous, present] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let since = Number.NEGATIVE_INFINITY
  return {
    note(delay: Millis, now: Millis): Millis {
      if (now - since > BASE_PERIOD_MS) {
        previous = present
        present = delay
        since = now
      }
      present = Math.min(present, delay)
      return Math.min(previous, present)
    },
  }
}
