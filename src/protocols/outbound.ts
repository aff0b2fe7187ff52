/** The sending side of a channel towards one peer: opens a stream when there is something to send, and again when it broke. */
import type { Stream } from '@libp2p/interface'
import type { Millis } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { ChannelRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import type { LinkTurns } from './link-turns.ts'
import type { Log } from './log.ts'
import type { Link } from './peer-registry.ts'
import { createSendQueue } from './send-queue.ts'

/** Negotiating a stream takes a round trip; a peer that needs longer is as good as gone. */
const OPEN_DEADLINE_MS = 10_000
/** Pause before a stream that broke or failed to open is opened again, so that a refusing peer is not flooded. */
const REOPEN_PAUSE_MS = 200

export type OutboundOptions = {
  readonly row: ChannelRow
  /** The connection to use now; undefined when the peer is gone. */
  readonly link: () => Link | undefined
  /** Shared by all channels to this peer. */
  readonly turns: LinkTurns
  readonly clock: Clock
  readonly log: Log
  readonly drainDeadlineMs?: Millis
}

export interface Outbound {
  /** Queues a message; false at a full queue of the 'close' policy. */
  push(message: Uint8Array): boolean
  /** The peer is gone: drops everything. */
  end(): void
}

/** Nothing is opened before the first message. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { row, log, turns, clock, drainDeadlineMs } = options
  const queue = createSendQueue({ ...row, turns, clock, drainDeadlineMs })
  let state: 'idle' | 'opening' | 'open' | 'pausing' | 'ended' = 'idle'
  let stream: Stream | null = null
  let timer: NodeJS.Timeout | undefined

  async function open(): Promise<void> {
    const link = options.link()
    if (link === undefined) return
    state = 'opening'
    try {
      const opened = await link.connection.newStream(row.protocol, { signal: AbortSignal.timeout(OPEN_DEADLINE_MS) })
      if (isEnded()) return opened.abort(new NetworkError('not-connected', 'the peer is gone'))
      use(opened)
    } catch (error) {
      log.debug({ peer: link.peer, protocol: row.protocol, error }, 'a stream could not be opened')
      // Another try would fail alike: the peer does not serve this protocol.
      if (error instanceof Error && error.name === 'UnsupportedProtocolError') queue.clear()
      broken()
    }
  }

  function use(opened: Stream): void {
    state = 'open'
    stream = opened
    opened.addEventListener('close', () => {
      if (stream === opened) broken()
    })
    // Channels carry messages one way; back come receipts only.
    opened.addEventListener('message', ({ data }) => {
      if (stream === opened && queue.confirmed(data.byteLength)) return
      opened.abort(new NetworkError('bad-frame', 'the peer confirmed more than it was sent'))
    })
    if (opened.status === 'open') queue.attach(opened)
    else broken()
  }

  function broken(): void {
    queue.detach()
    stream = null
    if (isEnded()) return
    state = 'pausing'
    timer = setTimeout(() => {
      state = 'idle'
      if (queue.waitingBytes > 0) void open()
    }, REOPEN_PAUSE_MS)
  }

  const isEnded = (): boolean => state === 'ended'

  return {
    push(message) {
      if (isEnded()) return false
      const isQueued = queue.push(message)
      if (state === 'idle') void open()
      return isQueued
    },
    end() {
      state = 'ended'
      clearTimeout(timer)
      queue.clear()
      queue.detach()
      queue.end()
      stream?.abort(new NetworkError('not-connected', 'the peer is gone'))
      stream = null
    },
  }
}
