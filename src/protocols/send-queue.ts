/**
 * The one way to write to a stream: a queue with a byte cap that waits for the `drain` event, with a deadline. (The
 * stream's own `onDrain()` resolves forever after its first drain, and its buffer is unlimited by default.)
 */
import { assert } from '../assert.ts'
import type { Millis } from '../domain.ts'
import type { ChannelRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import { encodeLength } from './framing.ts'

/** A stream that stays full this long is dropped: the peer is too slow or gone. */
export const DRAIN_DEADLINE_MS = 20_000
/** Small messages of one turn share a write up to this size. */
const BATCH_BYTES = 65_536
/** Messages from this size are written from where they are, without a copy. */
const DIRECT_BYTES = 16_384
/** Counted per message besides its bytes, so that many tiny messages are bounded too. */
const OVERHEAD_BYTES = 64

/** The part of a libp2p stream that writing needs. */
export interface WritableStream extends EventTarget {
  readonly writableNeedsDrain: boolean
  send(data: Uint8Array): boolean
  abort(error: Error): void
}

export type SendQueueLimits = Pick<ChannelRow, 'maxQueueBytes' | 'whenFull'> & { readonly drainDeadlineMs?: Millis }

/** Messages for one peer, in order, with or without a stream to carry them. */
export interface SendQueue {
  /** False when the message does not fit and the policy is 'close'; the queue is then empty and the stream aborted. */
  push(message: Uint8Array): boolean
  /** Starts writing to `stream`. */
  attach(stream: WritableStream): void
  /** Stops writing; what waits stays for the next stream. */
  detach(): void
  /** Drops what waits. */
  clear(): void
  readonly waitingBytes: number
}

/** An empty queue without a stream. */
export function createSendQueue(limits: SendQueueLimits): SendQueue {
  const drainDeadlineMs = limits.drainDeadlineMs ?? DRAIN_DEADLINE_MS
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let stream: WritableStream | null = null
  let flushing = false
  let deadline: NodeJS.Timeout | undefined

  const cost = (message: Uint8Array): number => message.byteLength + OVERHEAD_BYTES
  const clear = (): void => {
    waiting = []
    waitingBytes = 0
  }
  const shift = (): void => {
    const oldest = waiting.shift()
    if (oldest !== undefined) waitingBytes -= cost(oldest)
  }

  function flush(): void {
    flushing = false
    try {
      while (stream !== null && waiting.length > 0 && !stream.writableNeedsDrain) writeBatch(stream)
    } catch {
      // The stream closed under us; its close event says so to the owner.
      return
    }
    if (stream?.writableNeedsDrain === true) deadline ??= setTimeout(stalled, drainDeadlineMs)
  }

  function writeBatch(target: WritableStream): void {
    const parts: Uint8Array[] = []
    let size = 0
    let direct: Uint8Array | null = null
    let taken = 0
    for (const message of waiting) {
      if (size >= BATCH_BYTES) break
      const prefix = encodeLength(message.byteLength)
      parts.push(prefix)
      taken += 1
      waitingBytes -= cost(message)
      if (message.byteLength >= DIRECT_BYTES) {
        direct = message
        break
      }
      parts.push(message)
      size += prefix.byteLength + message.byteLength
    }
    waiting.splice(0, taken)
    target.send(Buffer.concat(parts))
    if (direct !== null) target.send(direct)
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

  // Only a drain is progress: a sender that keeps queueing must not put the deadline off.
  function drained(): void {
    clearTimeout(deadline)
    deadline = undefined
    schedule()
  }

  function detach(): void {
    stream?.removeEventListener('drain', drained)
    stream = null
    clearTimeout(deadline)
    deadline = undefined
  }

  return {
    push(message) {
      if (waitingBytes + cost(message) > limits.maxQueueBytes) {
        assert(cost(message) <= limits.maxQueueBytes, 'a message fits into an empty queue')
        if (limits.whenFull === 'close') {
          clear()
          stream?.abort(new NetworkError('stalled', 'the send queue is full'))
          return false
        }
        while (waitingBytes + cost(message) > limits.maxQueueBytes) shift()
      }
      waiting.push(message)
      waitingBytes += cost(message)
      schedule()
      return true
    },
    attach(next) {
      detach()
      stream = next
      next.addEventListener('drain', drained)
      schedule()
    },
    detach,
    clear,
    get waitingBytes() {
      return waitingBytes
    },
  }
}
