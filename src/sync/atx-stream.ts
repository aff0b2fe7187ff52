/** The codec around a conversation: bytes on one side, messages on the other, counted. */
import { NetworkError } from '../protocols/errors.ts'
import type { MessageStream } from '../protocols/network.ts'
import { decodeAtxMessage, encodeAtxMessage } from './codec.ts'
import { SyncError } from './errors.ts'
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
      await stream.send(bytes).catch(failed)
    },
    async read() {
      const bytes = await stream.read().catch(failed)
      if (bytes === null) return null
      counted('in', bytes.byteLength)
      return decodeAtxMessage(bytes)
    },
    end: () => stream.end(),
    abort: (reason) => stream.abort(reason),
  }
}

/** Framing that no honest peer writes is a violation as much as bytes that are no message (S4). It fails both halves. */
function failed(error: unknown): never {
  if (!(error instanceof NetworkError) || error.code !== 'bad-frame') throw error
  throw new SyncError('malformed', `the framing of an ATX stream is broken: ${error.message}`, { cause: error })
}
