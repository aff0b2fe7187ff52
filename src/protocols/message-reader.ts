/**
 * Reads the frames of one inbound stream into a receiver, one at a time: while the receiver is busy or the peer is over
 * its rate, the stream is paused, so waiting bytes stay within one window of the muxer.
 */
import type { Millis } from '../domain.ts'
import type { ChannelRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import { RECEIPT_BYTES } from './flight.ts'
import { type Chunk, createFrameDecoder } from './framing.ts'
import type { TokenBucket } from './rate-limit.ts'

/** A frame that has begun must be whole within this time. */
export const FRAME_DEADLINE_MS = 30_000

/** The part of a libp2p stream that reading needs. */
export interface ReadableStream extends EventTarget {
  pause(): void
  resume(): void
  send(data: Uint8Array): boolean
  abort(error: Error): void
  close(): Promise<void>
}

export type ReaderOptions = {
  readonly stream: ReadableStream
  readonly row: Pick<ChannelRow, 'maxMessageBytes' | 'lane'>
  /** Messages and bytes this peer may still send; shared by its streams of this protocol. */
  readonly budget: { readonly messages: TokenBucket; readonly bytes: TokenBucket }
  readonly receive: (message: Uint8Array) => void | Promise<void>
  /** A message came above the rate and was dropped. */
  readonly onExcess: () => void
  /** The peer broke the framing ('bad-frame', 'stalled'), or the receiver failed (any other error). */
  readonly onFailure: (error: unknown) => void
  readonly frameDeadlineMs?: Millis
}

type MessageEvent = Event & { readonly data: Chunk & { readonly byteLength: number } }

/** Starts reading a paused stream; ends by itself when the stream does. */
export function readMessages(options: ReaderOptions): void {
  const { stream, budget, frameDeadlineMs = FRAME_DEADLINE_MS } = options
  const decoder = createFrameDecoder(options.row.maxMessageBytes)
  const closing = new AbortController()
  let paused = true
  let running = false
  let hasNews = false
  let ended = false
  let receivedBytes = 0
  let frameTimer: NodeJS.Timeout | undefined

  function pause(): void {
    if (paused) return
    paused = true
    // An ended stream can be neither paused nor resumed, but what it brought is still delivered.
    if (!ended) stream.pause()
  }

  // `resume` hands over at once what the stream kept. Pausing again inside that call would confuse yamux, which sends a
  // window update at its end: so the run loop, not the listener, decides what comes next.
  function resume(): void {
    paused = false
    if (!ended) stream.resume()
  }

  /** Delivers until nothing whole is left, or until the receiver is busy: then its promise comes back. */
  function deliver(): Promise<void> | undefined {
    for (let message = decoder.next(); message !== null; message = decoder.next()) {
      if (budget.messages.tryTake()) {
        const busy = options.receive(message)
        if (busy !== undefined) return busy
      } else {
        options.onExcess()
      }
    }
    return undefined
  }

  async function run(): Promise<void> {
    clearTimeout(frameTimer)
    while (!closing.signal.aborted) {
      hasNews = false
      const busy = deliver()
      const debtMs = budget.bytes.debtMs()
      if (busy !== undefined) {
        pause()
        await busy
      } else if (debtMs > 0) {
        pause()
        await wait(debtMs, closing.signal)
      } else if (paused) {
        resume()
      } else if (!hasNews) {
        break
      }
    }
    // No await between the last look and this line: what arrives from now on starts a new run.
    running = false
    if (ended) return finish()
    if (decoder.partial && !closing.signal.aborted) frameTimer = setTimeout(frameLate, frameDeadlineMs)
  }

  function start(): void {
    hasNews = true
    if (running) return
    running = true
    run().catch(fail)
  }

  // The peer sends no more: give up our half too, or the stream would stay half-open for good.
  function finish(): void {
    stream.close().catch((error: Error) => stream.abort(error))
  }

  /** One byte for each whole {@link RECEIPT_BYTES}: the sender paces itself by them (P18.6-5). */
  function confirm(bytes: number): void {
    const before = Math.floor(receivedBytes / RECEIPT_BYTES)
    receivedBytes += bytes
    const receipts = Math.floor(receivedBytes / RECEIPT_BYTES) - before
    if (options.row.lane === 'urgent' || receipts === 0) return
    try {
      stream.send(new Uint8Array(receipts))
    } catch {
      // The stream closed under us; its close event follows.
    }
  }

  function frameLate(): void {
    fail(new NetworkError('stalled', 'the peer began a frame and did not finish it'))
  }

  function fail(error: unknown): void {
    if (closing.signal.aborted) return
    closing.abort()
    options.onFailure(error)
    stream.abort(error instanceof Error ? error : new Error(String(error)))
  }

  stream.addEventListener('message', (event) => {
    if (closing.signal.aborted) return
    const { data } = event as MessageEvent
    budget.bytes.take(data.byteLength)
    confirm(data.byteLength)
    decoder.append(data)
    start()
  })
  stream.addEventListener('close', () => {
    closing.abort()
    clearTimeout(frameTimer)
  })
  stream.addEventListener('end', () => {
    ended = true
    if (!running) finish()
  })
  start()
}

/** Resolves after `delayMs` or when the stream is gone. */
function wait(delayMs: Millis, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, delayMs)
    signal.addEventListener('abort', done)
  })
}
