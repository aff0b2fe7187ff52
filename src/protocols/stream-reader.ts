/**
 * The reading half of a conversation: messages on demand. What nobody has asked for yet is bounded: above the bound the
 * stream is paused, and the muxer grants the peer no more window.
 */
import { assert } from '../assert.ts'
import type { Millis } from '../domain.ts'
import type { StreamRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import { type Chunk, createFrameDecoder, encodeLength } from './framing.ts'

/** Read ahead at least, so that small messages keep flowing while the reader works. */
const MIN_READ_AHEAD_BYTES = 262_144

/** The part of a libp2p stream that reading on demand needs. */
export interface PullableStream extends EventTarget {
  readonly remoteWriteStatus: string
  readonly readableEnded: boolean
  readonly status: string
  pause(): void
  resume(): void
}

export type StreamReaderOptions = {
  /** Open and paused. */
  readonly stream: PullableStream
  readonly row: Pick<StreamRow, 'maxMessageBytes' | 'idleTimeoutMs'>
  /** The peer broke the framing ('bad-frame') or sends nothing ('stalled'): the stream is lost. */
  readonly onFailure: (error: NetworkError) => void
}

export interface StreamReader {
  /** The next message; null after the last one of a half that the peer has ended. */
  read(): Promise<Uint8Array | null>
  /** Ends the wait, and drops whatever is not read yet. */
  fail(error: NetworkError): void
  /** The stream is gone; what it still keeps of an ended half can be read if it closed cleanly. */
  closed(error: NetworkError, isClean: boolean): void
}

type MessageEvent = Event & { readonly data: Chunk & { readonly byteLength: number } }

/** Reads a stream from its beginning. */
export function createStreamReader({ stream, row, onFailure }: StreamReaderOptions): StreamReader {
  const decoder = createFrameDecoder(row.maxMessageBytes)
  const readAheadBytes = Math.max(MIN_READ_AHEAD_BYTES, 2 * row.maxMessageBytes)
  const watch = createWatch(row.idleTimeoutMs, (what) => onFailure(new NetworkError('stalled', `the peer ${what}`)))
  let unread = 0
  let paused = true
  let resuming = false
  let isReading = false
  let hasEnded = stream.remoteWriteStatus === 'closed'
  /** All of an ended half has arrived. */
  let isWhole = hasEnded && stream.readableEnded
  let failure: NetworkError | null = null
  let wake: () => void = () => undefined

  // Not inside `resume`, which hands over at once what the stream kept and then grants a window: a pause in between
  // would leave yamux granting windows to a paused stream.
  function pauseIfFull(): void {
    if (paused || resuming || unread <= readAheadBytes) return
    paused = true
    unlessEnded(() => stream.pause())
  }

  function resume(): void {
    paused = false
    resuming = true
    unlessEnded(() => stream.resume())
    resuming = false
    pauseIfFull()
  }

  function nextWhole(): Uint8Array | null {
    try {
      return decoder.next()
    } catch (error) {
      assert(error instanceof NetworkError, 'a decoder throws bad frames only')
      onFailure(error)
      throw error
    }
  }

  /** A message, the end, or undefined until more arrives. */
  function take(): Uint8Array | null | undefined {
    if (failure !== null) throw failure
    const message = nextWhole()
    if (message !== null) {
      unread -= encodeLength(message.byteLength).byteLength + message.byteLength
      if (paused && unread <= readAheadBytes / 2) resume()
      return message
    }
    if (isWhole) {
      // Not the peer's fault: a connection that is closed ends every stream where it is.
      if (decoder.partial) throw new NetworkError('connection-closed', 'the peer ended its half inside a message')
      return null
    }
    if (!paused) return undefined
    resume()
    return take()
  }

  stream.addEventListener('message', (event) => {
    if (failure !== null) return
    const { data } = event as MessageEvent
    unread += data.byteLength
    decoder.append(data)
    pauseIfFull()
    wake()
  })
  stream.addEventListener('remoteCloseWrite', () => {
    hasEnded = true
  })
  // Of an aborted stream comes an `end` too, which says nothing about the peer's half.
  stream.addEventListener('end', () => {
    isWhole = hasEnded && stream.status !== 'aborted' && stream.status !== 'reset'
    wake()
  })

  function fail(error: NetworkError): void {
    failure ??= error
    wake()
  }

  return {
    async read() {
      assert(!isReading, 'a conversation is read by one reader')
      isReading = true
      try {
        for (;;) {
          const message = take()
          if (message !== undefined) return message
          watch.waits(decoder.partial)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        watch.stop()
        isReading = false
      }
    },
    fail,
    closed(error, isClean) {
      if (!isWhole && !(hasEnded && isClean)) fail(error)
    },
  }
}

/** An ended stream can be neither paused nor resumed, and a closed connection takes no window update; what they brought is delivered. */
function unlessEnded(change: () => void): void {
  try {
    change()
  } catch {
    // Its 'end' or 'close' event says so.
  }
}

/** Runs only while somebody waits: for the first byte of a message, then for the rest of it, each with its own deadline. */
function createWatch(deadlineMs: Millis, onLate: (what: string) => void) {
  let timer: NodeJS.Timeout | undefined
  let isInFrame = false
  return {
    waits(hasBegun: boolean): void {
      if (timer !== undefined && hasBegun === isInFrame) return
      isInFrame = hasBegun
      clearTimeout(timer)
      const what = hasBegun ? `did not finish a message within ${deadlineMs} ms` : `sent nothing for ${deadlineMs} ms`
      timer = setTimeout(onLate, deadlineMs, what)
    },
    stop(): void {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
