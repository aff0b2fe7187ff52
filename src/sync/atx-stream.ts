/** The codec around a conversation: bytes on one side, messages on the other, counted. */
import type { MessageStream } from '../protocols/network.ts'
import { decodeAtxMessage, encodeAtxMessage } from './codec.ts'
import type { AtxStream } from './ports.ts'

/** Hears what goes over the wire, in bytes of messages. */
export type Counted = (direction: 'in' | 'out', bytes: number) => void

export function createAtxStream(stream: MessageStream, counted: Counted): AtxStream {
  return {
    peer: stream.peer,
    remoteAddress: stream.remoteAddress,
    async send(message) {
      const bytes = encodeAtxMessage(message)
      counted('out', bytes.byteLength)
      await stream.send(bytes)
    },
    async read() {
      const bytes = await stream.read()
      if (bytes === null) return null
      counted('in', bytes.byteLength)
      return decodeAtxMessage(bytes)
    },
    end: () => stream.end(),
    abort: (reason) => stream.abort(reason),
  }
}
