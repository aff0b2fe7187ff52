/**
 * How much of all conversations with one peer may be under way (P18.6-5). Behind each {@link RECEIPT_BYTES} follows one byte
 * on a stream of its own, and the peer sends it back: the time that takes shows whether the link builds a queue, and a queue
 * is what votes would wait in. Receipts on the conversation itself would make each half wait for the other.
 */
import type { Connection, Stream } from '@libp2p/interface'
import type { Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { LINK_ECHO } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import { createFlight } from './flight.ts'
import type { Log } from './log.ts'
import type { PeerRegistry } from './peer-registry.ts'
import { createTokenBucket } from './rate-limit.ts'

/** Bytes that a peer which does not read its echoes may leave here. */
const MAX_WAITING_ECHOES = 65_536

/** One conversation's share of the link. */
export interface Pace {
  /** Settled once it is known whether the peer sends echoes back; one that does not is not paced, which holds up only its own votes. */
  readonly ready: Promise<void>
  /** Bytes that may be written now; 0 when echoes must come first. */
  room(): number
  sent(bytes: number): void
  leave(): void
}

/** Lets one more conversation in; `wake` is called when there may be room again. */
export type JoinPace = (wake: () => void) => Pace

export type LinkEchoOptions = {
  readonly registry: Pick<PeerRegistry, 'ready' | 'current'>
  readonly clock: Clock
  readonly log: Log
  /** Echoes that do not come within this time are not waited for. */
  readonly deadlineMs?: Millis
}

export interface LinkEcho {
  paceOf(peer: PeerId): JoinPace
  /** Sends back what comes on a stream of the echo protocol. Never rejects. */
  accept(stream: Stream, connection: Connection): Promise<void>
  peerGone(peer: PeerId): void
}

/** Without streams. Its map holds connected peers only. */
export function createLinkEcho({ registry, clock, log, deadlineMs = LINK_ECHO.deadlineMs }: LinkEchoOptions): LinkEcho {
  const pacers = new Map<PeerId, Pacer>()

  async function open(peer: PeerId): Promise<Stream> {
    const link = registry.current(peer)
    if (link === undefined) throw new NetworkError('not-connected', `${peer} is not connected`)
    return await link.connection.newStream(LINK_ECHO.protocol, { signal: AbortSignal.timeout(deadlineMs) })
  }

  return {
    paceOf(peer) {
      const onFailure = (error: unknown): void => log.debug({ peer, error }, 'the link to a peer is not paced')
      const pacer = pacers.get(peer) ?? createPacer({ open: () => open(peer), clock, deadlineMs, onFailure })
      pacers.set(peer, pacer)
      return pacer.join
    },
    async accept(stream, connection) {
      try {
        stream.pause()
        await registry.ready(connection)
        echo(stream, clock)
        stream.resume()
      } catch (error) {
        stream.abort(error instanceof Error ? error : new Error(String(error)))
      }
    },
    peerGone(peer) {
      pacers.get(peer)?.end()
      pacers.delete(peer)
    },
  }
}

function echo(stream: Stream, clock: Clock): void {
  const { rate } = LINK_ECHO
  const budget = createTokenBucket({ rate, burst: rate, clock })
  stream.addEventListener('message', ({ data }) => {
    budget.take(data.byteLength)
    const isFlood = budget.debtMs() > 0 || stream.writeBufferLength > MAX_WAITING_ECHOES
    try {
      if (isFlood) throw new NetworkError('stalled', `more than ${rate} echoes per second, or none of them read`)
      stream.send(new Uint8Array(data.byteLength))
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)))
    }
  })
  stream.addEventListener('end', () => {
    stream.close().catch((error: Error) => stream.abort(error))
  })
}

type PacerOptions = {
  readonly open: () => Promise<Stream>
  readonly clock: Clock
  readonly deadlineMs: Millis
  readonly onFailure: (error: unknown) => void
}

interface Pacer {
  readonly join: JoinPace
  end(): void
}

/** Opens its stream for the first conversation, and again for a later one when it broke. */
function createPacer({ open, clock, deadlineMs, onFailure }: PacerOptions): Pacer {
  const flight = createFlight(clock)
  /** Who wrote last is woken last. */
  const waiting = new Set<() => void>()
  let stream: Stream | null = null
  let opening: Promise<void> | null = null
  let deadline: NodeJS.Timeout | undefined
  let hasEnded = false

  function progressed(): void {
    clearTimeout(deadline)
    deadline = undefined
    watch()
    for (const wake of [...waiting]) wake()
  }

  function watch(): void {
    if (stream === null || flight.room() > 0) return
    deadline ??= setTimeout(() => stream?.abort(new NetworkError('stalled', 'the peer sends no echoes')), deadlineMs)
  }

  function use(opened: Stream): void {
    if (hasEnded || opened.status !== 'open') return opened.abort(new NetworkError('not-connected', 'the peer is gone'))
    stream = opened
    opened.addEventListener('message', ({ data }) => {
      if (flight.confirmed(data.byteLength)) progressed()
      else opened.abort(new NetworkError('bad-frame', 'the peer sent more back than it was sent'))
    })
    opened.addEventListener('close', () => {
      stream = null
      flight.reset()
      progressed()
    })
  }

  function begin(): Promise<void> {
    if (stream !== null) return Promise.resolve()
    opening ??= open()
      .then(use)
      .catch(onFailure)
      .finally(() => {
        opening = null
      })
    return opening
  }

  return {
    join(wake) {
      waiting.add(wake)
      return {
        ready: begin(),
        room: () => (stream === null ? Number.POSITIVE_INFINITY : flight.room()),
        sent(bytes) {
          waiting.delete(wake)
          waiting.add(wake)
          if (stream === null) return
          const due = flight.sent(bytes)
          try {
            if (due > 0) stream.send(new Uint8Array(due))
          } catch {
            // The stream closed under us; its close event follows.
          }
          watch()
        },
        leave: () => void waiting.delete(wake),
      }
    },
    end() {
      hasEnded = true
      stream?.abort(new NetworkError('not-connected', 'the peer is gone'))
      clearTimeout(deadline)
    },
  }
}
