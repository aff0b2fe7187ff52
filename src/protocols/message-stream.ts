/** One conversation over one libp2p stream: two independent halves, and one end for both when it goes wrong. */
import type { Stream } from '@libp2p/interface'
import { assert } from '../assert.ts'
import type { Millis, PeerId } from '../domain.ts'
import type { StreamRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import type { JoinPace } from './link-echo.ts'
import type { LinkTurns } from './link-turns.ts'
import type { MessageStream } from './network.ts'
import { createStreamReader, type PullableStream } from './stream-reader.ts'
import { type ClosableStream, createStreamWriter } from './stream-writer.ts'

/** What is sent must have left, and the peer ended its half, within this time after a conversation was led to its end. */
const CLOSE_DEADLINE_MS: Millis = 5_000

/** The part of a libp2p stream that a conversation needs. */
export type ConversationStream = PullableStream & ClosableStream & Pick<Stream, 'abort'>

export type MessageStreamOptions = {
  readonly peer: PeerId
  readonly remoteAddress: string
  /** Open and paused. */
  readonly stream: ConversationStream
  readonly row: Pick<StreamRow, 'maxMessageBytes' | 'idleTimeoutMs' | 'lane'>
  readonly turns: LinkTurns
  readonly joinPace: JoinPace
  readonly onBadFrame: (error: NetworkError) => void
  readonly onClosed: () => void
  readonly closeDeadlineMs?: Millis
}

export interface LiveMessageStream extends MessageStream {
  /** Ends it politely, and at once when that takes too long. */
  finish(): Promise<void>
}

type CloseEvent = Event & { readonly error?: Error }

/** A conversation from its first byte. */
export function createMessageStream(options: MessageStreamOptions): LiveMessageStream {
  const { peer, remoteAddress, stream, row, turns, joinPace, closeDeadlineMs = CLOSE_DEADLINE_MS } = options
  const closed = Promise.withResolvers<void>()
  const reader = createStreamReader({ stream, row, onFailure: fail })
  const writer = createStreamWriter({ stream, row, turns, joinPace, onFailure: fail })

  function fail(error: NetworkError): void {
    reader.fail(error)
    writer.fail(error)
    stream.abort(error)
    if (error.code === 'bad-frame') options.onBadFrame(error)
  }

  stream.addEventListener('close', (event) => {
    const { error: cause } = event as CloseEvent
    const gone = new NetworkError('connection-closed', `the stream to ${peer} is closed`, { cause })
    reader.closed(gone, cause === undefined)
    writer.fail(gone)
    closed.resolve()
    options.onClosed()
  })

  return {
    peer,
    remoteAddress,
    async send(message) {
      const isFitting = message.byteLength > 0 && message.byteLength <= row.maxMessageBytes
      assert(isFitting, 'a message of a conversation keeps its cap')
      await writer.send(message)
    },
    read: reader.read,
    end: writer.end,
    abort: (reason) => fail(new NetworkError('connection-closed', `this node gave the stream up: ${reason}`)),
    async finish() {
      const late = new NetworkError('stalled', 'the peer did not end its half')
      const timer = setTimeout(fail, closeDeadlineMs, late)
      await writer.end().catch(() => undefined)
      await closed.promise
      clearTimeout(timer)
    },
  }
}
