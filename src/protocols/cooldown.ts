/** Peers to leave alone for a moment after a failed handshake, for instance those of another network. */
import type { Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { setLatest } from '../machine/latest.ts'

export const COOLDOWN_MS = 10_000
/** Peers remembered; at the bound the oldest is forgotten. */
export const MAX_COOLING_PEERS = 1_024

export interface Cooldown {
  add(peer: PeerId): void
  has(peer: PeerId): boolean
  clear(peer: PeerId): void
}

/** Nobody rests at first. */
export function createCooldown(clock: Clock): Cooldown {
  const until = new Map<PeerId, Millis>()
  return {
    add(peer) {
      setLatest(until, [peer, clock.now() + COOLDOWN_MS], MAX_COOLING_PEERS)
    },
    has(peer) {
      const end = until.get(peer)
      if (end === undefined) return false
      if (end > clock.now()) return true
      until.delete(peer)
      return false
    },
    clear: (peer) => void until.delete(peer),
  }
}
