/** The part of a session's stream that a reconciliation sees: `deep` messages, both ways, until it is done (S12.3). */

import { SyncError } from '../errors.ts'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { Outbox } from './outbox.ts'

/** Messages that may wait for the scheme: it answers each before the next comes. */
const MAX_WAITING = 32

export interface DeepStream {
  readonly stream: AtxStream
  /** False when too many wait. */
  accept(message: AtxMessage): boolean
  /** The peer has ended its half: nothing comes after what waits. */
  endInput(): void
  /** The session is over: reads fail from now on. */
  close(): void
  /** Bytes of payload sent. */
  readonly bytesOut: number
}

export function createDeepStream(stream: AtxStream, outbox: Outbox): DeepStream {
  const waiting: AtxMessage[] = []
  let isOpen = true
  let hasInput = true
  let bytesOut = 0
  let wake: () => void = () => {}

  async function read(): Promise<AtxMessage | null> {
    for (;;) {
      const message = waiting.shift()
      if (message !== undefined) return message
      if (!isOpen) throw new SyncError('protocol', 'the session ended before its reconciliation was through')
      if (!hasInput) return null
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return {
    stream: {
      peer: stream.peer,
      remoteAddress: stream.remoteAddress,
      async send(message) {
        if (!isOpen) throw new SyncError('protocol', 'the session ended before its reconciliation was through')
        if (message.type === 'deep') bytesOut += message.payload.length
        await outbox.deliver(message)
      },
      read,
      // The session ends the stream, when it is through itself.
      end: async () => {},
      abort: (reason) => stream.abort(reason),
    },
    accept(message) {
      if (waiting.length >= MAX_WAITING) return false
      waiting.push(message)
      wake()
      return true
    },
    endInput() {
      hasInput = false
      wake()
    },
    close() {
      isOpen = false
      wake()
    },
    get bytesOut() {
      return bytesOut
    },
  }
}
