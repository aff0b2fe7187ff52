/** Writes the ranges of one turn, in ascending order, as Negentropy messages that each fit a frame. */
import { assert } from '../../assert.ts'
import { ID_BYTES } from '../set/types.ts'
import { FINGERPRINT_BYTES, type IdIndex } from './id-index.ts'
import { type Bound, boundBefore, compareBounds, LOWEST } from './ids.ts'
import { FINGERPRINT, ID_LIST, MESSAGE, MESSAGE_OF_SEVERAL, SKIP, writeBound } from './messages.ts'
import { writeVarint } from './varint.ts'

/** A bound at its longest, with the mode behind it: timestamp, length, prefix, mode. */
const MAX_HEAD_BYTES = 2 + ID_BYTES + 1
/** The number of ids in one frame takes no more digits. */
const MAX_COUNT_BYTES = 3

/** Positions in the index, and the bounds they stand between. */
export type Slice = { readonly from: number; readonly to: number; readonly lower: Bound; readonly upper: Bound }

export type TurnWriter = {
  /** Whether nothing but skips would be sent. */
  readonly isEmpty: boolean
  /** Bytes of all frames so far. */
  readonly bytes: number
  fingerprint(slice: Slice): void
  ids(slice: Slice): void
  /** The payloads of the turn, at least one. */
  finish(): Uint8Array[]
}

export function createTurnWriter(index: IdIndex, frameBytes: number): TurnWriter {
  const frames: Uint8Array[] = []
  const buffer = new Uint8Array(frameBytes)
  let used = 1
  let written: Bound = LOWEST
  let flushed = 0
  const flush = (first: number): void => {
    buffer[0] = first
    frames.push(buffer.slice(0, used))
    flushed += used
    used = 1
    written = LOWEST
  }
  /** Room left in the frame for what follows the two heads that a range may need. */
  const room = (): number => frameBytes - used - 2 * MAX_HEAD_BYTES
  const head = (lower: Bound, upper: Bound, mode: number): void => {
    const order = compareBounds(written, lower)
    assert(order <= 0, 'ranges of a turn ascend')
    if (order < 0) used = writeVarint(buffer, writeBound(buffer, used, lower), SKIP)
    used = writeVarint(buffer, writeBound(buffer, used, upper), mode)
    written = upper
  }
  return {
    get isEmpty() {
      return frames.length === 0 && used === 1
    },
    get bytes() {
      return flushed + used
    },
    fingerprint({ from, to, lower, upper }) {
      if (room() < FINGERPRINT_BYTES) flush(MESSAGE_OF_SEVERAL)
      head(lower, upper, FINGERPRINT)
      buffer.set(index.fingerprint(from, to), used)
      used += FINGERPRINT_BYTES
    },
    ids({ from, to, lower, upper }) {
      for (let [at, start] = [from, lower]; ; ) {
        const fits = Math.floor((room() - MAX_COUNT_BYTES) / ID_BYTES)
        if (fits < Math.min(1, to - at)) {
          flush(MESSAGE_OF_SEVERAL)
          continue
        }
        const end = Math.min(to, at + fits)
        const bound = end === to ? upper : boundBefore(index.ids, end)
        head(start, bound, ID_LIST)
        used = writeVarint(buffer, used, end - at)
        buffer.set(index.ids.subarray(at * ID_BYTES, end * ID_BYTES), used)
        used += (end - at) * ID_BYTES
        if (end === to) return
        ;[at, start] = [end, bound]
      }
    },
    finish() {
      flush(MESSAGE)
      return frames
    },
  }
}
