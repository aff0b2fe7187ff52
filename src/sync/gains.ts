/** What came into the set because a session listed it, or in bulk (S14): each ATX once. What gossip announced is none of it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Hash, PeerId } from '../domain.ts'

export interface Gains {
  /** Since the start. */
  readonly total: number
  /** Of these, what the peer brought since it connected. */
  of(peer: PeerId): number
}

export interface GainsCounter extends Gains {
  joined(peer: PeerId): void
  left(peer: PeerId): void
  /** An announcement without bytes is judged, until `settled` resolves. */
  announced(id: Hash, settled: Promise<unknown>): Promise<void>
  /** An ATX that this peer was asked for is in the set. */
  fetched(peer: PeerId, id: Hash): void
  /** A serve of this peer is over. */
  served(peer: PeerId, count: number): void
}

/** Nothing has come yet. */
export function createGains(): GainsCounter {
  const byPeer = new Map<PeerId, number>()
  /** As many as wait at once. */
  const announced = new Set<Hash>()
  let total = 0

  function add(peer: PeerId, count: number): void {
    total += count
    const before = byPeer.get(peer)
    if (before !== undefined) byPeer.set(peer, before + count)
  }

  return {
    get total() {
      return total
    },
    of: (peer) => byPeer.get(peer) ?? 0,
    joined: (peer) => void byPeer.set(peer, 0),
    left: (peer) => void byPeer.delete(peer),
    async announced(id, settled) {
      announced.add(id)
      await settled
      // Who brought it is known only when all have heard that it is in.
      await nextTurn()
      announced.delete(id)
    },
    fetched(peer, id) {
      if (!announced.has(id)) add(peer, 1)
    },
    served: add,
  }
}
