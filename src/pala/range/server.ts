/** Serving ranges (P17.8): per peer one read at a time, a few requests waiting, and so many requests and bytes a second. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createTokenBucket, type TokenBucket } from '../../protocols/rate-limit.ts'
import { MAX_WAITING_REQUESTS, SERVED_BURST, SERVED_BYTES_PER_SECOND, SERVED_PER_SECOND } from './bounds.ts'
import { encodeBlocks, encodeEmpty, encodePruned, type RangeAsk } from './codec.ts'
import { findRange } from './find.ts'
import type { RangeStore } from './range-store.ts'

export type RangeServerOptions = {
  readonly store: RangeStore
  readonly clock: Clock
  readonly finalizedHeight: () => number
  /** The lowest height whose block is still held. */
  readonly lowestHeight: () => number
  readonly send: (peer: PeerId, message: Uint8Array) => void
  readonly onFailure: (error: unknown) => void
}

type Client = {
  readonly requests: TokenBucket
  readonly bytes: TokenBucket
  readonly waiting: RangeAsk[]
  isServed: boolean
}

export interface RangeServer {
  /** Queues a request; false when the peer has too many waiting. */
  request(peer: PeerId, ask: RangeAsk): boolean
  peerLeft(peer: PeerId): void
  stop(): void
}

/** A server without clients; it holds connected peers only. */
export function createRangeServer(options: RangeServerOptions): RangeServer {
  const { store, clock, finalizedHeight, lowestHeight, send, onFailure } = options
  const clients = new Map<PeerId, Client>()
  const ending = new AbortController()

  function clientOf(peer: PeerId): Client {
    const known = clients.get(peer)
    if (known !== undefined) return known
    const client: Client = {
      requests: createTokenBucket({ rate: SERVED_PER_SECOND, burst: SERVED_BURST, clock }),
      bytes: createTokenBucket({ rate: SERVED_BYTES_PER_SECOND, burst: SERVED_BYTES_PER_SECOND, clock }),
      waiting: [],
      isServed: false,
    }
    clients.set(peer, client)
    return client
  }

  async function serve(peer: PeerId, client: Client): Promise<void> {
    client.isServed = true
    for (let ask = client.waiting.shift(); ask !== undefined; ask = client.waiting.shift()) {
      client.requests.take(1)
      const waitMs = Math.max(client.requests.debtMs(), client.bytes.debtMs())
      if (waitMs > 0) await delay(waitMs, undefined, { signal: ending.signal })
      if (clients.get(peer) !== client) return
      const answer = await answerTo(ask)
      client.bytes.take(answer.byteLength)
      send(peer, answer)
    }
    client.isServed = false
  }

  async function answerTo({ requestId, fromHeight, toHeight }: RangeAsk): Promise<Uint8Array> {
    if (fromHeight < lowestHeight()) return encodePruned(requestId, lowestHeight())
    const wanted = { from: fromHeight, to: toHeight, finalized: finalizedHeight() }
    const found = await findRange(store, wanted)
    if (found !== null) return encodeBlocks(requestId, found)
    // Pruning may have overtaken the read.
    return fromHeight < lowestHeight() ? encodePruned(requestId, lowestHeight()) : encodeEmpty(requestId)
  }

  return {
    request(peer, ask) {
      const client = clientOf(peer)
      if (client.waiting.length >= MAX_WAITING_REQUESTS) return false
      client.waiting.push(ask)
      if (!client.isServed) {
        void serve(peer, client).catch((error: unknown) => {
          if (!ending.signal.aborted) onFailure(error)
        })
      }
      return true
    },
    peerLeft: (peer) => void clients.delete(peer),
    stop() {
      ending.abort()
      clients.clear()
    },
  }
}
