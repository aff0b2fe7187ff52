/** The part of a session's stream that a reconciliation sees: `deep` messages, both ways, until it is done (S12.3). */

import { SyncError } from '../errors.ts'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { Outbox } from './outbox.ts'

export interface DeepStream {
  readonly stream: AtxStream
  /** A reconciliation uses the stream from now on. */
  began(): void
  ended(): void
  accept(message: AtxMessage): void
  /** Resolves when the reconciliation has seen all and waits for more, or is over: what comes next may be for somebody else. */
  quiet(): Promise<void>
  /** The peer has ended its half: nothing comes after what waits. */
  endInput(): void
  /** The session is over: reads fail from now on. */
  close(): void
  /** Bytes of payload sent. */
  readonly bytesOut: number
}

export function createDeepStream(stream: AtxStream, outbox: Outbox): DeepStream {
  /** One at a time: the session reads no further before it is quiet. */
  const waiting: AtxMessage[] = []
  let isOpen = true
  let hasInput = true
  let isRunning = false
  let isReading = false
  let bytesOut = 0
  let wake: () => void = () => {}
  let rest: () => void = () => {}

  async function read(): Promise<AtxMessage | null> {
    for (;;) {
      const message = waiting.shift()
      if (message !== undefined) return message
      if (!isOpen) throw new SyncError('protocol', 'the session ended before its reconciliation was through')
      if (!hasInput) return null
      isReading = true
      rest()
      await new Promise<void>((resolve) => (wake = resolve))
      isReading = false
    }
  }

  const isQuiet = (): boolean => !isOpen || !isRunning || (isReading && waiting.length === 0)

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
    began() {
      isRunning = true
    },
    ended() {
      isRunning = false
      rest()
    },
    accept(message) {
      waiting.push(message)
      wake()
    },
    async quiet() {
      while (!isQuiet()) await new Promise<void>((resolve) => (rest = resolve))
    },
    endInput() {
      hasInput = false
      wake()
    },
    close() {
      isOpen = false
      wake()
      rest()
    },
    get bytesOut() {
      return bytesOut
    },
  }
}
