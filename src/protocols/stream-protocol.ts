/** A protocol of conversations: opens streams to peers, and lets peers open theirs up to a rate and a number. */
import type { Connection, Stream } from '@libp2p/interface'
import type { Millis, PeerId, PenaltyClass } from '../domain.ts'
import { PalaverError } from '../errors.ts'
import type { Clock } from '../machine/clock.ts'
import type { StreamRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import type { JoinPace } from './link-echo.ts'
import type { LinkTurns } from './link-turns.ts'
import type { Log } from './log.ts'
import { createMessageStream, type LiveMessageStream } from './message-stream.ts'
import type { StreamAcceptor, StreamProtocol } from './network.ts'
import type { Link, PeerRegistry } from './peer-registry.ts'
import { createTokenBucket, type TokenBucket } from './rate-limit.ts'

/** Negotiating a stream takes a round trip; a peer that needs longer is as good as gone. */
const OPEN_DEADLINE_MS: Millis = 10_000
/** An excess of streams counts as one penalty per this time, however large it is. */
const EXCESS_PENALTY_MS: Millis = 1_000

export type StreamProtocolOptions = {
  readonly row: StreamRow
  readonly accept: StreamAcceptor
  readonly registry: Pick<PeerRegistry, 'ready' | 'current'>
  /** The turns on the link to a peer, the same for channels and conversations. */
  readonly turnsOf: (peer: PeerId) => LinkTurns
  readonly paceOf: (peer: PeerId) => JoinPace
  readonly clock: Clock
  readonly log: Log
  readonly penalise: (peer: PeerId, penalty: PenaltyClass, reason: string) => void
  readonly openDeadlineMs?: Millis
}

export interface LiveStreamProtocol extends StreamProtocol {
  readonly row: StreamRow
  /** An inbound stream of this row's protocol. Never rejects. */
  accept(stream: Stream, connection: Connection): Promise<void>
  /** Gives every conversation with a peer up. */
  peerGone(peer: PeerId): void
  /** Gives every conversation up, and begins no other. */
  stop(): void
}

/** What a peer began and may still begin, and how many streams this node has begun with it. */
type Account = { readonly budget: TokenBucket; leading: number; begun: number; penalisedAt: Millis }

/** A protocol without streams. Its maps hold connected peers only. */
export function createStreamProtocol(options: StreamProtocolOptions): LiveStreamProtocol {
  const { row, registry, clock, log, penalise, openDeadlineMs = OPEN_DEADLINE_MS } = options
  const open = new Map<PeerId, Set<LiveMessageStream>>()
  const accounts = new Map<PeerId, Account>()
  const stopping = new AbortController()

  function accountOf(peer: PeerId): Account {
    const known = accounts.get(peer)
    if (known !== undefined) return known
    const budget = createTokenBucket({ rate: row.rate, burst: row.burst, clock })
    const account = { budget, leading: 0, begun: 0, penalisedAt: Number.NEGATIVE_INFINITY }
    accounts.set(peer, account)
    return account
  }

  /** Throws for a peer above its rate or number. */
  function admit(peer: PeerId): Account {
    const account = accountOf(peer)
    if (!account.budget.tryTake()) {
      const reason = `more than ${row.rate} streams per second of ${row.protocol}`
      if (clock.now() - account.penalisedAt >= EXCESS_PENALTY_MS) {
        account.penalisedAt = clock.now()
        penalise(peer, 'limit', reason)
      }
      throw new NetworkError('too-many-streams', reason)
    }
    if (account.leading >= row.maxStreams) throw tooMany(peer, row)
    return account
  }

  /** Throws when the stream or the peer is gone by now. */
  function converse(stream: Stream, connection: Connection, onClosed = () => {}): LiveMessageStream {
    const peer = connection.remotePeer.toString()
    checkRunning()
    if (registry.current(peer) === undefined) throw notConnected(peer)
    if (stream.status !== 'open') throw new NetworkError('connection-closed', `the stream to ${peer} is closed`)
    const held = open.get(peer) ?? new Set()
    open.set(peer, held)
    const conversation = createMessageStream({
      peer,
      remoteAddress: addressOf(connection),
      stream,
      row,
      turns: options.turnsOf(peer),
      joinPace: options.paceOf(peer),
      onBadFrame: (error) => penalise(peer, 'malformed', `${row.protocol}: ${error.message}`),
      onClosed() {
        onClosed()
        held.delete(conversation)
        if (held.size === 0 && open.get(peer) === held) open.delete(peer)
      },
    })
    held.add(conversation)
    return conversation
  }

  async function begin({ connection, peer }: Link, onClosed: () => void): Promise<LiveMessageStream> {
    const timeout = AbortSignal.timeout(openDeadlineMs)
    const signal = AbortSignal.any([timeout, stopping.signal])
    const stream = await connection.newStream(row.protocol, { signal }).catch((cause: unknown) => {
      throw openError(cause, { peer, row, isLate: timeout.aborted })
    })
    try {
      stream.pause()
      return converse(stream, connection, onClosed)
    } catch (error) {
      stream.abort(asError(error))
      throw error instanceof NetworkError ? error : openError(error, { peer, row, isLate: false })
    }
  }

  function checkRunning(): void {
    if (stopping.signal.aborted) throw new NetworkError('stopped', 'the network stops')
  }

  async function lead(conversation: LiveMessageStream): Promise<void> {
    try {
      await options.accept(conversation)
    } catch (error) {
      const level = error instanceof PalaverError ? 'debug' : 'error'
      log[level]({ peer: conversation.peer, protocol: row.protocol, error }, 'a conversation was given up')
      conversation.abort('it could not be led to its end')
    }
  }

  function drop(peer: PeerId, reason: string): void {
    for (const conversation of open.get(peer) ?? []) conversation.abort(reason)
  }

  return {
    row,
    async open(peer) {
      checkRunning()
      const link = registry.current(peer)
      if (link === undefined) throw notConnected(peer)
      const account = accountOf(peer)
      // Counted here too: the peer would reset the stream, and that says nothing.
      if (account.begun >= row.maxStreams) throw tooMany(peer, row)
      account.begun += 1
      try {
        return await begin(link, () => {
          account.begun -= 1
        })
      } catch (error) {
        account.begun -= 1
        throw error
      }
    },
    async accept(stream, connection) {
      try {
        // Unread until the peer has shown who it is. A stream that ended on its way here refuses even this.
        stream.pause()
        await registry.ready(connection)
        const account = admit(connection.remotePeer.toString())
        const conversation = converse(stream, connection)
        account.leading += 1
        await lead(conversation)
        account.leading -= 1
        await conversation.finish()
      } catch (error) {
        stream.abort(asError(error))
      }
    },
    peerGone(peer) {
      drop(peer, 'the peer is gone')
      accounts.delete(peer)
    },
    stop() {
      stopping.abort()
      for (const peer of [...open.keys()]) drop(peer, 'the node stops')
    },
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

const tooMany = (peer: PeerId, { maxStreams, protocol }: StreamRow): NetworkError =>
  new NetworkError('too-many-streams', `${maxStreams} streams of ${protocol} with ${peer} are open already: end one`)

const notConnected = (peer: PeerId): NetworkError => new NetworkError('not-connected', `${peer} is not connected`)

type Attempt = { readonly peer: PeerId; readonly row: StreamRow; readonly isLate: boolean }

function openError(cause: unknown, { peer, row, isLate }: Attempt): NetworkError {
  const name = cause instanceof Error ? cause.name : ''
  const what = `a stream of ${row.protocol} to ${peer} was not opened`
  if (isLate) return new NetworkError('timeout', `${what}: the peer did not answer in time`, { cause })
  if (name === 'UnsupportedProtocolError') {
    return new NetworkError('unsupported', `${what}: the peer does not serve it`, { cause })
  }
  return new NetworkError('connection-closed', `${what}: the connection closed`, { cause })
}

/** The peer's IP address as this node sees it; '' for an address without one. */
function addressOf({ remoteAddr }: Connection): string {
  return remoteAddr.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6')?.value ?? ''
}
