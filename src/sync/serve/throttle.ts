/** The pace of serving (S9.1): bytes are paid for before they leave, from a bucket of all serves and one of the peer. */
import type { Millis, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createTokenBucket, type TokenBucket } from '../../protocols/rate-limit.ts'
import type { ServeLimits } from './bounds.ts'

/** The part of a second that may be caught up at once: a late timer costs nothing, and the rate stays even. */
const BURST_SECONDS = 1 / 8

export interface Throttle {
  /** Takes the bytes; resolves to how long they must wait. */
  reserve(peer: PeerId, bytes: number): Millis
  readonly size: number
}

/** Nothing has left yet. */
export function createThrottle(limits: Pick<ServeLimits, 'totalRate' | 'peerRate'>, clock: Clock): Throttle {
  const bucket = (rate: number): TokenBucket => createTokenBucket({ rate, burst: rate * BURST_SECONDS, clock })
  const total = bucket(limits.totalRate)
  /** Of peers that are served, and of those whose debt is not paid yet: no more than places and a few that left. */
  const peers = new Map<PeerId, TokenBucket>()

  function bucketOf(peer: PeerId): TokenBucket {
    const known = peers.get(peer)
    if (known !== undefined) return known
    for (const [other, { debtMs }] of peers) if (debtMs() === 0) peers.delete(other)
    const fresh = bucket(limits.peerRate)
    peers.set(peer, fresh)
    return fresh
  }

  return {
    reserve(peer, bytes) {
      const own = bucketOf(peer)
      own.take(bytes)
      total.take(bytes)
      return Math.max(own.debtMs(), total.debtMs())
    },
    get size() {
      return peers.size
    },
  }
}
