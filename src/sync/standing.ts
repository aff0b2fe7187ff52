/**
 * What peers have done against the rules of the shared set, and what follows (S9.2): hard evidence bans for a day or more,
 * soft evidence adds up to a rest. It concerns the set alone: a banned member of the committee still votes.
 */
import type { Millis, PeerId } from '../domain.ts'

/**
 * `impossible-time` (E1), `impossible-order` (E2), `undelivered-many` (E4 above its threshold) and `bad-blob` (E5) are
 * hard; `suspicious` (E3) and `undelivered` (E4) are soft; `protocol` (P) is hard at the third within an hour.
 */
export type Offence =
  | 'impossible-time'
  | 'impossible-order'
  | 'suspicious'
  | 'undelivered'
  | 'undelivered-many'
  | 'bad-blob'
  | 'protocol'

/** What an offence led to. `spared`: a ban was due, but so many would be banned that the fault is probably here. */
export type Consequence = 'noted' | 'rest' | 'ban' | 'spared'

export type Standing = { readonly isBanned: boolean; readonly untilMs: Millis; readonly score: number }

/** A ban as it is kept on disk. `count`: bans of the peer so far; `address`: where it was then, empty when that is unknown. */
export type Ban = {
  readonly peer: PeerId
  readonly untilMs: Millis
  readonly count: number
  readonly address: string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
export const FIRST_BAN_MS = DAY_MS
export const MAX_BAN_MS = 30 * DAY_MS
/** How long after its end a ban still makes the next one longer. */
export const BAN_COUNTS_MS = 90 * DAY_MS
export const SOFT_HALF_LIFE_MS = 30 * MINUTE_MS
/** Soft points that lead to a rest, and how long it is. */
export const REST_AT_POINTS = 5
export const REST_MS = 30 * MINUTE_MS
const PROTOCOL_OFFENCES = 3
const PROTOCOL_WINDOW_MS = HOUR_MS
/** An address is banned when so many peers on it are. */
const BANS_OF_AN_ADDRESS = 3
/** Above this share of peers banned within an hour, the fault is probably here (a wrong clock, a bug of the validator). */
const MAX_BANNED_SHARE = 0.3
/** Peers remembered; at the bound the one that matters least is forgotten. */
export const MAX_PEERS = 4_096

type Entry = {
  points: number
  at: Millis
  protocolAt: Millis[]
  restUntil: Millis
  bannedAt: Millis
  banUntil: Millis
  bans: number
  address: string
}

const HARD: readonly Offence[] = ['impossible-time', 'impossible-order', 'undelivered-many', 'bad-blob']
/** Where many honest nodes may live: a whole test network shares one. */
const isShared = (address: string): boolean => address === '' || address === '::1' || address.startsWith('127.')

export interface Standings {
  /** `peers`: how many there are to deal with, for the share of banned ones. */
  add(offence: { readonly peer: PeerId; readonly address: string; readonly kind: Offence }, peers: number): Consequence
  /** How long the peer is not dealt with; 0 when it is. */
  leftMs(peer: PeerId, address: string): Millis
  of(peer: PeerId): Standing
  /** Bans that have not ended. */
  bans(): readonly Ban[]
  /** What the next life has to know: those bans, and the ended ones that still count; of {@link MAX_PEERS} peers at most. */
  kept(): readonly Ban[]
  restore(bans: readonly Ban[]): void
}

/** Nobody has done anything. `now` gives the instant of a call. */
export function createStandings(now: () => Millis): Standings {
  const entries = new Map<PeerId, Entry>()

  const isBanned = (entry: Entry): boolean => entry.banUntil > now()
  /** Above 0 for who was banned, and for as long as that counts. */
  const countsMs = (entry: Entry): Millis =>
    entry.bans === 0 ? 0 : Math.max(0, entry.banUntil + BAN_COUNTS_MS - now())
  const faded = (entry: Entry): number => entry.points * 0.5 ** ((now() - entry.at) / SOFT_HALF_LIFE_MS)

  function entryOf(peer: PeerId): Entry {
    const known = entries.get(peer)
    if (known !== undefined) return known
    if (entries.size >= MAX_PEERS) forgetOne()
    const never = Number.NEGATIVE_INFINITY
    const entry: Entry = {
      points: 0,
      at: now(),
      protocolAt: [],
      restUntil: 0,
      bannedAt: never,
      banUntil: 0,
      bans: 0,
      address: '',
    }
    entries.set(peer, entry)
    return entry
  }

  function forgetOne(): void {
    const weight = (entry: Entry): number => countsMs(entry) + faded(entry)
    const [least] = [...entries].reduce((a, b) => (weight(b[1]) < weight(a[1]) ? b : a))
    entries.delete(least)
  }

  function ban(entry: Entry, address: string, peers: number): Consequence {
    const bansOfTheHour = [...entries.values()].filter((each) => each.bannedAt > now() - HOUR_MS).length
    if (isBanned(entry)) return 'ban'
    if (bansOfTheHour + 1 > Math.max(1, MAX_BANNED_SHARE * peers)) return 'spared'
    const earlier = countsMs(entry) > 0 ? entry.bans : 0
    entry.bannedAt = now()
    entry.banUntil = now() + Math.min(MAX_BAN_MS, FIRST_BAN_MS * 2 ** earlier)
    entry.bans = earlier + 1
    entry.address = address
    return 'ban'
  }

  function soften(entry: Entry): Consequence {
    entry.points = faded(entry) + 1
    entry.at = now()
    if (entry.points < REST_AT_POINTS) return 'noted'
    entry.points = 0
    entry.restUntil = now() + REST_MS
    return 'rest'
  }

  function isThird(entry: Entry): boolean {
    entry.protocolAt = [...entry.protocolAt.filter((at) => at > now() - PROTOCOL_WINDOW_MS), now()]
    return entry.protocolAt.length >= PROTOCOL_OFFENCES
  }

  function addressLeftMs(address: string): Millis {
    if (isShared(address)) return 0
    const bans = [...entries.values()].filter((entry) => entry.address === address && isBanned(entry))
    return bans.length < BANS_OF_AN_ADDRESS ? 0 : Math.min(...bans.map(({ banUntil }) => banUntil)) - now()
  }

  const bansOf = (isMeant: (entry: Entry) => boolean): Ban[] =>
    [...entries]
      .filter(([, entry]) => isMeant(entry))
      .map(([peer, { banUntil, bans, address }]) => ({ peer, untilMs: banUntil, count: bans, address }))

  return {
    add({ peer, address, kind }, peers) {
      const entry = entryOf(peer)
      if (HARD.includes(kind)) return ban(entry, address, peers)
      if (kind !== 'protocol') return soften(entry)
      return isThird(entry) ? ban(entry, address, peers) : 'noted'
    },
    leftMs(peer, address) {
      const entry = entries.get(peer)
      const own = entry === undefined ? 0 : Math.max(entry.banUntil, entry.restUntil) - now()
      return Math.max(0, own, addressLeftMs(address))
    },
    of(peer) {
      const entry = entries.get(peer)
      if (entry === undefined) return { isBanned: false, untilMs: 0, score: 0 }
      const untilMs = Math.max(entry.banUntil, entry.restUntil)
      return { isBanned: isBanned(entry), untilMs: untilMs > now() ? untilMs : 0, score: faded(entry) }
    },
    bans: () => bansOf(isBanned),
    kept: () => bansOf((entry) => countsMs(entry) > 0),
    restore(bans) {
      for (const { peer, untilMs, count, address } of bans) {
        const entry = entryOf(peer)
        entry.banUntil = untilMs
        entry.bans = count
        entry.address = address
      }
    },
  }
}
