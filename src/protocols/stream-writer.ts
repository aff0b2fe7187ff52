/**
 * The writing half of a conversation: messages in order, in pieces, each piece when it is its turn on the link and the
 * stream has room. Awaiting a message is the back-pressure; there is no queue but the callers' own.
 */
import type { StreamRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import type { JoinPace } from './link-echo.ts'
import type { LinkTurns } from './link-turns.ts'
import { createMessageQueue } from './message-queue.ts'
import { WRITE_BYTES, type WritableStream } from './send-queue.ts'

/** The part of a libp2p stream that a writing half needs. */
export interface ClosableStream extends WritableStream {
  close(options: { signal: AbortSignal }): Promise<void>
}

export type StreamWriterOptions = {
  readonly stream: ClosableStream
  readonly row: Pick<StreamRow, 'lane' | 'idleTimeoutMs'>
  /** Shared by all that write to this peer. */
  readonly turns: LinkTurns
  /** Shared by all conversations with this peer. */
  readonly joinPace: JoinPace
  /** The peer reads nothing ('stalled'), or the stream takes nothing ('connection-closed'): it is lost. */
  readonly onFailure: (error: NetworkError) => void
}

export interface StreamWriter {
  send(message: Uint8Array): Promise<void>
  /** Ends this half behind what is being sent. */
  end(): Promise<void>
  /** Ends every wait, and gives the place on the link up. */
  fail(error: NetworkError): void
}

const ENDED = 'this node has ended its half of the stream'

/** Nothing is sent yet. */
export function createStreamWriter({ stream, row, turns, joinPace, onFailure }: StreamWriterOptions): StreamWriter {
  let tail: Promise<void> = Promise.resolve()
  let waiting = 0
  let ending: Promise<void> | null = null
  let failure: NetworkError | null = null
  let deadline: NodeJS.Timeout | undefined
  let wake: () => void = () => undefined
  const place = turns.join({
    lane: row.lane,
    isWaiting: () => waiting > 0 && failure === null,
    wake: () => wake(),
  })

  const pace = joinPace(progressed)

  const news = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve
    })

  function lost(error: NetworkError): NetworkError {
    if (failure === null) onFailure(error)
    return failure ?? error
  }

  function stalled(): void {
    lost(new NetworkError('stalled', `the peer read nothing for ${row.idleTimeoutMs} ms`))
  }

  /** Resolves when the stream has room. The deadline runs from one drain to the next, whatever else wakes this. */
  async function room(): Promise<void> {
    while (failure === null && stream.writableNeedsDrain) {
      deadline ??= setTimeout(stalled, row.idleTimeoutMs)
      await news()
    }
    if (failure !== null) throw failure
  }

  async function turn(): Promise<void> {
    for (;;) {
      await room()
      if (pace.room() > 0 && place.isMyTurn()) return
      await news()
    }
  }

  function put(piece: Uint8Array): void {
    try {
      stream.send(piece)
    } catch (cause) {
      throw lost(new NetworkError('connection-closed', 'the stream is closed', { cause }))
    }
  }

  async function write(message: Uint8Array): Promise<void> {
    const pieces = createMessageQueue()
    pieces.push(message)
    await pace.ready
    while (pieces.bytes > 0) {
      await turn()
      const taken = pieces.take(Math.min(WRITE_BYTES, pace.room()))
      // Noted first: the byte that asks for an echo then leaves with the piece, in one write.
      pace.sent(taken.reduce((size, piece) => size + piece.byteLength, 0))
      for (const piece of taken) put(piece)
      place.progressed()
    }
    await room()
  }

  async function close(): Promise<void> {
    if (failure !== null) throw failure
    const signal = AbortSignal.timeout(row.idleTimeoutMs)
    try {
      await stream.close({ signal })
    } catch (cause) {
      if (signal.aborted) stalled()
      throw lost(new NetworkError('connection-closed', 'the stream closed before all was sent', { cause }))
    }
  }

  /** One step behind the other; a failed one fails those behind it by `failure`. */
  function inOrder(step: () => Promise<void>): Promise<void> {
    if (waiting === 0) place.progressed()
    waiting += 1
    const done = tail.then(step).finally(() => {
      waiting -= 1
      if (waiting === 0) place.yields()
    })
    tail = done.catch(() => undefined)
    return done
  }

  function progressed(): void {
    place.progressed()
    wake()
  }

  // The stream's own rest is sent first, a microtask after the event.
  stream.addEventListener('drain', () => {
    clearTimeout(deadline)
    deadline = undefined
    progressed()
  })

  return {
    async send(message) {
      if (failure !== null) throw failure
      if (ending !== null) throw new NetworkError('connection-closed', ENDED)
      await inOrder(() => write(message))
    },
    end: () => {
      ending ??= inOrder(close)
      return ending
    },
    fail(error) {
      if (failure !== null) return
      failure = error
      clearTimeout(deadline)
      place.leave()
      pace.leave()
      wake()
    },
  }
}
