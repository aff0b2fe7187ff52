/** The pace of serving (S9.1): bytes are paid for before they leave, from a bucket of all serves and one of the peer. */
import type { Millis, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createTokenBucket, type TokenBucket } from '../../protocols/rate-limit.ts'
import type { ServeLimits } from './bounds.ts'

/** The part of a second that may be caught up at once: a late timer costs nothing, and the rate stays even. */
const BURST_SECONDS = 1 / 8
const SECOND_MS = 1_000

export interface Throttle {
  /** Takes the bytes; resolves to how long they must wait. */
  reserve(peer: PeerId, bytes: number): Millis
  readonly size: number
}

/** Nothing has left yet. */
export function createThrottle(limits: Pick<ServeLimits, 'totalRate' | 'peerRate'>, clock: Clock): Throttle {
  const bucket = (rate: number): TokenBucket => createTokenBucket({ rate, burst: rate * BURST_SECONDS, clock })
  const total = bucket(limits.totalRate)
  /** Until a bucket is full, which is as good as none: no more of them than places and a few that left. */
  const peers = new Map<PeerId, { readonly bucket: TokenBucket; fullAt: Millis }>()

  function ownOf(peer: PeerId): { readonly bucket: TokenBucket; fullAt: Millis } {
    const known = peers.get(peer)
    if (known !== undefined) return known
    for (const [other, { fullAt }] of peers) if (fullAt <= clock.now()) peers.delete(other)
    const fresh = { bucket: bucket(limits.peerRate), fullAt: clock.now() }
    peers.set(peer, fresh)
    return fresh
  }

  return {
    reserve(peer, bytes) {
      const own = ownOf(peer)
      own.bucket.take(bytes)
      total.take(bytes)
      const ownMs = own.bucket.debtMs()
      own.fullAt = clock.now() + ownMs + BURST_SECONDS * SECOND_MS
      return Math.max(ownMs, total.debtMs())
    },
    get size() {
      return peers.size
    },
  }
}
