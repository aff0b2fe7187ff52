/** Messages that wait to be written, cut into framed pieces on the way out: small ones together, large ones bit by bit. */
import { encodeLength } from './framing.ts'

/** Pieces from this size are written from where they are, without a copy. */
const DIRECT_BYTES = 16_384
/** Counted per message besides its bytes, so that many tiny messages are bounded too. */
const OVERHEAD_BYTES = 64

/** Messages in order, the first of them perhaps partly taken. */
export interface MessageQueue {
  push(message: Uint8Array): void
  /** Takes the next `maxBytes` bytes of framed messages or less; length prefixes come on top. Large pieces stand alone. */
  take(maxBytes: number): Uint8Array[]
  /** Drops the oldest message that is not partly taken; false when there is none. */
  dropOldest(): boolean
  /** Starts a partly taken message over: its first part went to a stream that is gone. */
  rewind(): void
  clear(): void
  /** What the waiting messages count for. */
  readonly bytes: number
  cost(message: Uint8Array): number
}

export function createMessageQueue(): MessageQueue {
  let waiting: Uint8Array[] = []
  let bytes = 0
  /** How much of the first message is taken. */
  let taken = 0

  const cost = (message: Uint8Array): number => message.byteLength + OVERHEAD_BYTES

  return {
    cost,
    push(message) {
      waiting.push(message)
      bytes += cost(message)
    },
    take(maxBytes) {
      const pieces: Uint8Array[] = []
      let size = 0
      let done = 0
      for (const message of waiting) {
        if (size >= maxBytes) break
        if (taken === 0) pieces.push(encodeLength(message.byteLength))
        const piece = message.subarray(taken, taken + maxBytes - size)
        pieces.push(piece)
        size += piece.byteLength
        taken += piece.byteLength
        if (taken < message.byteLength) break
        taken = 0
        done += 1
        bytes -= cost(message)
      }
      waiting.splice(0, done)
      return joined(pieces)
    },
    dropOldest() {
      const [dropped] = waiting.splice(taken > 0 ? 1 : 0, 1)
      if (dropped === undefined) return false
      bytes -= cost(dropped)
      return true
    },
    rewind() {
      taken = 0
    },
    clear() {
      waiting = []
      bytes = 0
      taken = 0
    },
    get bytes() {
      return bytes
    },
  }
}

/** Copies neighbouring small pieces together. */
function joined(pieces: readonly Uint8Array[]): Uint8Array[] {
  const out: Uint8Array[] = []
  let small: Uint8Array[] = []
  const flush = (): void => {
    const [first] = small
    if (first !== undefined) out.push(small.length === 1 ? first : Buffer.concat(small))
    small = []
  }
  for (const piece of pieces) {
    if (piece.byteLength < DIRECT_BYTES) small.push(piece)
    else {
      flush()
      out.push(piece)
    }
  }
  flush()
  return out
}
