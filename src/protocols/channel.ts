/** A channel: one outbound stream per peer, opened on demand and reopened when it breaks, and readers for inbound streams. */
import type { Connection, Stream } from '@libp2p/interface'
import { assert } from '../assert.ts'
import type { Millis, PeerId, PenaltyClass, Role } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { ChannelRow } from './catalogue.ts'
import { NetworkError } from './errors.ts'
import type { LinkTurns } from './link-turns.ts'
import type { Log } from './log.ts'
import { readMessages } from './message-reader.ts'
import type { Channel, MessageReceiver } from './network.ts'
import { createOutbound, type Outbound } from './outbound.ts'
import type { PeerRegistry } from './peer-registry.ts'
import { createTokenBucket, type TokenBucket } from './rate-limit.ts'

/** Bytes a peer may send at once, in seconds of its long-run rate. */
const BYTE_BURST_SECONDS = 1
/** An excess of messages counts as one penalty per this time, however large it is. */
const EXCESS_PENALTY_MS = 1_000

export type ChannelOptions = {
  readonly row: ChannelRow
  readonly receive: MessageReceiver
  readonly registry: PeerRegistry
  /** The turns on the link to a peer, the same for all channels. */
  readonly turnsOf: (peer: PeerId) => LinkTurns
  readonly clock: Clock
  readonly log: Log
  readonly penalise: (peer: PeerId, penalty: PenaltyClass, reason: string) => void
  /** Whether this node may speak on rows for the committee. */
  readonly hasRole: () => boolean
  /** Whether the peer says to be in a session this node has not reached: it may hold a seat there. */
  readonly isAhead: (peer: PeerId) => boolean
  readonly drainDeadlineMs?: Millis
  readonly frameDeadlineMs?: Millis
}

export interface LiveChannel extends Channel {
  readonly row: ChannelRow
  /** An inbound stream of this row's protocol. Never rejects. */
  accept(stream: Stream, connection: Connection): Promise<void>
  peerGone(peer: PeerId): void
}

type Budget = { readonly messages: TokenBucket; readonly bytes: TokenBucket; penalisedAt: Millis }

const MEMBERS_ONLY = 'this protocol is for committee members'

/** A channel without streams. Its maps hold connected peers only. */
export function createChannel(options: ChannelOptions): LiveChannel {
  const { row, registry, clock, log, penalise } = options
  const outbounds = new Map<PeerId, Outbound>()
  const budgets = new Map<PeerId, Budget>()

  function budgetOf(peer: PeerId): Budget {
    const known = budgets.get(peer)
    if (known !== undefined) return known
    const budget: Budget = {
      messages: createTokenBucket({ rate: row.rate, burst: row.burst, clock }),
      bytes: createTokenBucket({ rate: row.bytesPerSecond, burst: row.bytesPerSecond * BYTE_BURST_SECONDS, clock }),
      penalisedAt: Number.NEGATIVE_INFINITY,
    }
    budgets.set(peer, budget)
    return budget
  }

  const isAdmitted = (roles: readonly Role[]): boolean => row.access === 'open' || roles.length > 0

  function read(peer: PeerId, stream: Stream): void {
    const budget = budgetOf(peer)
    readMessages({
      stream,
      row,
      budget,
      frameDeadlineMs: options.frameDeadlineMs,
      receive(message) {
        if (isAdmitted(registry.current(peer)?.roles ?? [])) return options.receive(peer, message)
        // Its seats ended with the sessions that had them.
        stream.abort(new NetworkError('handshake-failed', MEMBERS_ONLY))
      },
      onExcess() {
        if (clock.now() - budget.penalisedAt < EXCESS_PENALTY_MS) return
        budget.penalisedAt = clock.now()
        penalise(peer, 'limit', `more than ${row.rate} messages per second on ${row.protocol}`)
      },
      onFailure(error) {
        if (error instanceof NetworkError) return penalise(peer, 'malformed', `${row.protocol}: ${error.message}`)
        log.error({ peer, protocol: row.protocol, error }, 'a message could not be handled')
      },
    })
  }

  return {
    row,
    send(peer, message) {
      assert(
        message.byteLength > 0 && message.byteLength <= row.maxMessageBytes,
        `a message of ${row.protocol} keeps its cap`,
      )
      if (row.access === 'committee' && !options.hasRole()) return false
      let outbound = outbounds.get(peer)
      if (outbound === undefined) {
        if (registry.current(peer) === undefined) return false
        outbound = createOutbound({
          row,
          link: () => registry.current(peer),
          turns: options.turnsOf(peer),
          clock,
          log,
          drainDeadlineMs: options.drainDeadlineMs,
        })
        outbounds.set(peer, outbound)
      }
      return outbound.push(message)
    },
    async accept(stream, connection) {
      const peer = connection.remotePeer.toString()
      try {
        // Unread until the peer has shown who it is: what it sends meanwhile fills one window and no more.
        // A stream that ended on its way here refuses even this.
        stream.pause()
        if (!isAdmitted(await registry.ready(connection))) {
          if (!options.isAhead(peer)) penalise(peer, 'limit', `${row.protocol} is for committee members`)
          throw new NetworkError('handshake-failed', MEMBERS_ONLY)
        }
        if (stream.status === 'open') read(peer, stream)
      } catch (error) {
        stream.abort(error instanceof Error ? error : new Error(String(error)))
      }
    },
    peerGone(peer) {
      outbounds.get(peer)?.end()
      outbounds.delete(peer)
      budgets.delete(peer)
    },
  }
}
