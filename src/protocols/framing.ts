/** Length-prefixed frames: an unsigned varint, then that many bytes. The length is checked before anything is allocated. */
import { NetworkError } from './errors.ts'

/** A varint of five bytes holds 35 bits, more than any cap. */
const MAX_PREFIX_BYTES = 5
/** Frames up to this size are copied out, so that a kept message does not keep a whole network chunk alive. */
const COPY_BELOW_BYTES = 4_096
/**
 * First buffer for a frame that arrives in pieces, and how many times larger each next one is than what has really arrived:
 * a frame of 2 MiB is copied a third more in all, not twice, and what it does not fill of them is never touched.
 */
const FIRST_BUFFER_BYTES = 131_072
const GROWTH = 4

/** What streams hand out: one piece of bytes, or a list that iterates over pieces (two majors of it are installed). */
export type Chunk = Uint8Array | Iterable<Uint8Array>

/** The varint prefix for a frame of `length` bytes. */
export function encodeLength(length: number): Uint8Array {
  const bytes: number[] = []
  let rest = length
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80)
    rest = Math.floor(rest / 0x80)
  }
  bytes.push(rest)
  return Uint8Array.from(bytes)
}

/** One frame: prefix and message. */
export function encodeFrame(message: Uint8Array): Uint8Array {
  return Buffer.concat([encodeLength(message.byteLength), message])
}

/** Takes chunks as they come and gives frames one at a time. */
export interface FrameDecoder {
  append(chunk: Chunk): void
  /** The next whole frame, or null until more arrives. Throws {@link NetworkError} 'bad-frame'; then the stream is lost. */
  next(): Uint8Array | null
  /** Whether part of a frame is waiting for the rest. */
  readonly partial: boolean
}

/** A decoder for frames of 1 to `maxBytes` bytes. */
export function createFrameDecoder(maxBytes: number): FrameDecoder {
  const source = createSource()
  const prefix = createPrefixReader(maxBytes)
  let body: Body | null = null

  return {
    append: source.append,
    next() {
      if (body === null) {
        const length = prefix.read(source)
        if (length === null) return null
        body = createBody(length)
      }
      const frame = body.fill(source)
      if (frame !== null) body = null
      return frame
    },
    get partial() {
      return body !== null || prefix.started || source.available() > 0
    },
  }
}

/** Unread pieces in order. */
type Source = ReturnType<typeof createSource>

function createSource() {
  let pieces: Uint8Array[] = []
  let head = 0
  let offset = 0
  const available = (): number => {
    for (;;) {
      const piece = pieces[head]
      if (piece === undefined) {
        pieces = []
        head = 0
        return 0
      }
      if (offset < piece.byteLength) return piece.byteLength - offset
      head += 1
      offset = 0
    }
  }
  return {
    append(chunk: Chunk): void {
      if (ArrayBuffer.isView(chunk)) pieces.push(chunk as Uint8Array)
      else for (const piece of chunk) pieces.push(piece)
    },
    /** Bytes that one `take` can give now; 0 when nothing is left. */
    available,
    /** A view of the next `size` bytes; `size` is at most `available()`. */
    take(size: number): Uint8Array {
      const piece = pieces[head] as Uint8Array
      const view = piece.subarray(offset, offset + size)
      offset += size
      return view
    },
  }
}

function createPrefixReader(maxBytes: number) {
  let value = 0
  let count = 0
  const finish = (last: number): number => {
    if (last === 0 && count > 1) throw badFrame('its length is not in the shortest form')
    const length = value
    value = 0
    count = 0
    if (length === 0) throw badFrame('it is empty')
    if (length > maxBytes) throw badFrame(`it announces ${length} bytes, ${maxBytes} are allowed`)
    return length
  }
  return {
    get started() {
      return count > 0
    },
    read(source: Source): number | null {
      while (source.available() > 0) {
        const byte = source.take(1)[0] ?? 0
        value += (byte & 0x7f) * 2 ** (7 * count)
        count += 1
        if (byte < 0x80) return finish(byte)
        if (count === MAX_PREFIX_BYTES) throw badFrame('its length has more than five bytes')
      }
      return null
    },
  }
}

type Body = ReturnType<typeof createBody>

function createBody(length: number) {
  let buffer: Uint8Array | null = null
  let filled = 0
  const grow = (atLeast: number): Uint8Array => {
    const size = Math.min(length, Math.max(FIRST_BUFFER_BYTES, atLeast, filled * GROWTH))
    const grown = uncleared(size)
    if (buffer !== null) grown.set(buffer.subarray(0, filled))
    return grown
  }
  return {
    fill(source: Source): Uint8Array | null {
      for (;;) {
        const available = source.available()
        if (available === 0) return null
        if (buffer === null && available >= length) {
          const view = source.take(length)
          // Not `slice`: on a Buffer that copies nothing.
          return length <= COPY_BELOW_BYTES ? new Uint8Array(view) : view
        }
        const piece = source.take(Math.min(available, length - filled))
        const needed = filled + piece.byteLength
        if (buffer === null || buffer.byteLength < needed) buffer = grow(needed)
        buffer.set(piece, filled)
        filled = needed
        if (filled === length) return buffer
      }
    },
  }
}

/** Memory of its own that is not zeroed first: only what has been written to it is ever read. */
function uncleared(size: number): Uint8Array {
  const { buffer } = Buffer.allocUnsafeSlow(size)
  return new Uint8Array(buffer)
}

function badFrame(why: string): NetworkError {
  return new NetworkError('bad-frame', `a frame was refused: ${why}`)
}
