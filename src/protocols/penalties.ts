/** Who has misbehaved how much: points per peer that fade, and a ban for a while when they add up (DESIGN.md 10). */
import type { Millis, PeerId, PenaltyClass } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'

/** Points by class: two proofs of malice, five malformed messages or a minute of haste lead to a ban. */
export const PENALTY_POINTS: Readonly<Record<PenaltyClass, number>> = {
  malformed: 20,
  invalid: 50,
  limit: 2,
  useless: 5,
}
export const BAN_AT_POINTS = 100
/** Points halve in this time. */
export const HALF_LIFE_MS = 60_000
export const FIRST_BAN_MS = 60_000
/** Each later ban is twice as long, up to this. */
export const MAX_BAN_MS = 3_600_000
/** A ban that a person asked for. */
export const MANUAL_BAN_MS = 86_400_000
/** Earlier bans are forgotten this long after the last one ended. */
const FORGET_BANS_MS = 3_600_000
/** Peers remembered; at the bound the one with the fewest points, not banned, is forgotten. */
export const MAX_TRACKED_PEERS = 4_096
/** Below this a peer's points are as good as none. */
const NEGLIGIBLE_POINTS = 0.5

type Entry = { points: number; at: Millis; bans: number; bannedUntil: Millis }

export interface Penalties {
  /** Counts a penalty; true when it led to a ban just now. */
  add(peer: PeerId, penalty: PenaltyClass): boolean
  /** Bans at once for `durationMs`. */
  ban(peer: PeerId, durationMs: Millis): void
  isBanned(peer: PeerId): boolean
  /** Milliseconds until the ban ends; 0 when there is none. */
  banLeftMs(peer: PeerId): Millis
  /** 0 for a good peer, below 0 otherwise; a ban comes at -100. */
  score(peer: PeerId): number
  /** The peer is gone: what is no longer worth remembering is dropped. */
  left(): void
  readonly size: number
}

/** An empty record of penalties. */
export function createPenalties(clock: Clock): Penalties {
  const entries = new Map<PeerId, Entry>()

  const faded = (entry: Entry): number => entry.points * 0.5 ** ((clock.now() - entry.at) / HALF_LIFE_MS)
  const isForgettable = (entry: Entry): boolean => {
    const memoryEnds = entry.bans > 0 ? entry.bannedUntil + FORGET_BANS_MS : entry.bannedUntil
    return memoryEnds <= clock.now() && faded(entry) < NEGLIGIBLE_POINTS
  }
  const sweep = (): void => {
    for (const [peer, entry] of entries) if (isForgettable(entry)) entries.delete(peer)
  }
  const entryOf = (peer: PeerId): Entry => {
    const known = entries.get(peer)
    if (known !== undefined) return known
    if (entries.size >= MAX_TRACKED_PEERS) makeRoom()
    const entry: Entry = { points: 0, at: clock.now(), bans: 0, bannedUntil: 0 }
    entries.set(peer, entry)
    return entry
  }
  function makeRoom(): void {
    sweep()
    if (entries.size < MAX_TRACKED_PEERS) return
    const rank = (entry: Entry): number => (entry.bannedUntil > clock.now() ? BAN_AT_POINTS : 0) + faded(entry)
    const [least] = [...entries].reduce((a, b) => (rank(b[1]) < rank(a[1]) ? b : a))
    entries.delete(least)
  }
  const banLeftMs = (peer: PeerId): Millis => Math.max(0, (entries.get(peer)?.bannedUntil ?? 0) - clock.now())

  return {
    add(peer, penalty) {
      const entry = entryOf(peer)
      const now = clock.now()
      entry.points = faded(entry) + PENALTY_POINTS[penalty]
      entry.at = now
      if (entry.points < BAN_AT_POINTS || entry.bannedUntil > now) return false
      if (entry.bannedUntil + FORGET_BANS_MS < now) entry.bans = 0
      entry.bannedUntil = now + Math.min(MAX_BAN_MS, FIRST_BAN_MS * 2 ** entry.bans)
      entry.bans += 1
      entry.points = 0
      return true
    },
    ban(peer, durationMs) {
      const entry = entryOf(peer)
      entry.bannedUntil = Math.max(entry.bannedUntil, clock.now() + durationMs)
    },
    isBanned: (peer) => banLeftMs(peer) > 0,
    banLeftMs,
    score(peer) {
      const entry = entries.get(peer)
      if (entry === undefined) return 0
      if (entry.bannedUntil > clock.now()) return -BAN_AT_POINTS
      const points = Math.round(faded(entry) * 10) / 10
      return points === 0 ? 0 : -points
    },
    left: sweep,
    get size() {
      return entries.size
    },
  }
}
