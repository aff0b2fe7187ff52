/**
 * The one way to write to a stream: a queue with a byte cap that waits for its turn on the link, for the reader's receipts
 * and for the `drain` event, with a deadline. (The stream's own `onDrain()` resolves forever after its first drain, and its
 * buffer is unlimited by default.)
 */
import { assert } from '../assert.ts'
import type { Millis } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { ChannelRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import { createFlight } from './flight.ts'
import type { LinkTurns } from './link-turns.ts'
import { createMessageQueue } from './message-queue.ts'

/** A stream that stays full this long is dropped: the peer is too slow or gone. */
export const DRAIN_DEADLINE_MS = 20_000
/** Bytes of one write: small messages of one turn share it, large ones are cut into such pieces. It fills one Noise message. */
export const WRITE_BYTES = 65_000

/** The part of a libp2p stream that writing needs. */
export interface WritableStream extends EventTarget {
  readonly writableNeedsDrain: boolean
  send(data: Uint8Array): boolean
  abort(error: Error): void
}

export type SendQueueOptions = Pick<ChannelRow, 'maxQueueBytes' | 'whenFull' | 'lane'> & {
  /** Shared by all queues towards one peer. */
  readonly turns: LinkTurns
  readonly clock: Clock
  readonly drainDeadlineMs?: Millis
}

/** Messages for one peer, in order, with or without a stream to carry them. */
export interface SendQueue {
  /** False when the message does not fit and the policy is 'close'; the queue is then empty and the stream aborted. */
  push(message: Uint8Array): boolean
  /** Starts writing to `stream`. */
  attach(stream: WritableStream): void
  /** Stops writing; what is not wholly written stays for the next stream. */
  detach(): void
  /** The reader's receipts; false when the peer may not send any or sends too many. */
  confirmed(receipts: number): boolean
  /** Drops what waits. */
  clear(): void
  /** Gives its place on the link up. */
  end(): void
  readonly waitingBytes: number
}

/** An empty queue without a stream. */
export function createSendQueue(options: SendQueueOptions): SendQueue {
  const { lane, maxQueueBytes, whenFull, clock } = options
  const drainDeadlineMs = options.drainDeadlineMs ?? DRAIN_DEADLINE_MS
  const messages = createMessageQueue()
  // Urgent messages are small: they need neither pacing nor receipts.
  const flight = lane === 'urgent' ? null : createFlight(clock)
  const place = options.turns.join({ lane, isWaiting: () => stream !== null && messages.bytes > 0, wake: schedule })
  let stream: WritableStream | null = null
  let flushing = false
  let deadline: NodeJS.Timeout | undefined

  const room = (): number => flight?.room() ?? Number.POSITIVE_INFINITY

  function flush(): void {
    flushing = false
    try {
      while (stream !== null && messages.bytes > 0 && !isBlocked(stream) && place.isMyTurn()) write(stream)
    } catch {
      // The stream closed under us; its close event says so to the owner.
      return
    }
    if (messages.bytes === 0) place.yields()
    if (stream !== null && isBlocked(stream)) deadline ??= setTimeout(stalled, drainDeadlineMs)
  }

  function isBlocked(target: WritableStream): boolean {
    return target.writableNeedsDrain || (room() === 0 && messages.bytes > 0)
  }

  function write(target: WritableStream): void {
    let size = 0
    for (const piece of messages.take(Math.min(WRITE_BYTES, room()))) {
      size += piece.byteLength
      target.send(piece)
    }
    flight?.sent(size)
    place.progressed()
  }

  function stalled(): void {
    stream?.abort(new NetworkError('stalled', `the peer read nothing for ${drainDeadlineMs} ms`))
  }

  // A microtask later: messages of one turn share a write, and after `drain` the stream has sent its own rest first.
  function schedule(): void {
    if (flushing || stream === null) return
    flushing = true
    queueMicrotask(flush)
  }

  // Only drains and receipts are progress: a sender that keeps queueing must not put the deadline off.
  function progressed(): void {
    clearTimeout(deadline)
    deadline = undefined
    place.progressed()
    schedule()
  }

  function detach(): void {
    stream?.removeEventListener('drain', progressed)
    stream = null
    clearTimeout(deadline)
    deadline = undefined
    flight?.reset()
    messages.rewind()
    place.yields()
  }

  return {
    push(message) {
      if (messages.bytes + messages.cost(message) > maxQueueBytes) {
        assert(messages.cost(message) <= maxQueueBytes, 'a message fits into an empty queue')
        if (whenFull === 'close') {
          messages.clear()
          stream?.abort(new NetworkError('stalled', 'the send queue is full'))
          return false
        }
        while (messages.bytes + messages.cost(message) > maxQueueBytes && messages.dropOldest());
      }
      if (messages.bytes === 0) place.progressed()
      messages.push(message)
      schedule()
      return true
    },
    attach(next) {
      detach()
      stream = next
      next.addEventListener('drain', progressed)
      schedule()
    },
    detach,
    confirmed(receipts) {
      if (flight === null || !flight.confirmed(receipts)) return false
      progressed()
      return true
    },
    clear: messages.clear,
    end: place.leave,
    get waitingBytes() {
      return messages.bytes
    },
  }
}
