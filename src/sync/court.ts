/**
 * Judges peers by what their lists claim and what they deliver (S9.2). The lists of a session are remembered while anything
 * that the peer named is wanted, over its later sessions and while it is gone; an ATX is held against every peer that listed
 * it, whoever brought its bytes.
 */
import type { Hash, Millis, PeerId } from '../domain.ts'
import { type ClaimBook, type ClaimRules, createClaimBook, isImpossible } from './claims.ts'
import type { Claim } from './fetch/types.ts'
import { isMany } from './rules/undelivered.ts'
import { type AtxInfo, type AtxRecord, type AtxSet, ID_BYTES } from './set/types.ts'
import type { Consequence, Offence, Standings } from './standing.ts'

/** Sessions of one peer whose lists are remembered; at the bound the oldest go. */
const MAX_BOOKS = 4
/** Peers that are gone and whose lists are remembered; at the bound the one that left first is forgotten. */
const MAX_ABSENT = 64

export type Judgement = {
  readonly peer: PeerId
  readonly offence: Offence
  readonly consequence: Consequence
  /** What it is about; null for conduct. */
  readonly id: Hash | null
}

export type CourtOptions = {
  readonly standings: Standings
  readonly set: ClaimRules['set'] & Pick<AtxSet, 'record'>
  readonly earliest: ClaimRules['earliest']
  readonly clockToleranceMs: Millis
  /** Ids that are wanted and that the peer named. */
  readonly wanted: (peer: PeerId) => number
  /** Peers there are to deal with. */
  readonly peerCount: () => number
  readonly addressOf: (peer: PeerId) => string
  readonly judged: (judgement: Judgement) => void
}

/** What a session begins with: of the frozen view its open timeframe and number of ids, of the peer its store. */
export type Opening = { readonly frame: number; readonly count: number; readonly storeId: string }

/** The evidence of one session. */
export interface Hearing {
  /** The peer lists packed ids in a timeframe; null: somewhere in its set. */
  listed(ids: Uint8Array, frame: number | null): void
  /** The peer has in a timeframe what the frozen view has in it, but for these packed ids, which ascend. */
  matched(frame: number, lacked: Uint8Array): void
  /** The peer says to have had packed ids since a timeframe, which came here only after the session's freeze (S7.2-4). */
  claimedLate(ids: Uint8Array): Promise<void>
}

export interface Court {
  /** The view of a session with the peer is pinned. */
  hear(peer: PeerId, opening: Opening): Hearing
  /** The peer speaks of a store: what it listed out of another one it may have lost. */
  met(peer: PeerId, storeId: string): void
  /** ATXs came into the set. */
  inserted(records: readonly AtxRecord[]): Promise<void>
  /** An ATX could be read and does not come into the set now; `claims` are the fetcher's. */
  unready(info: AtxInfo, claims: readonly Claim[]): void
  /** A wanted ATX is in the set; `claims` are the fetcher's. */
  fetched(id: Hash, claims: readonly Claim[]): Promise<void>
  /** An ATX is not wanted any more, and is not in the set. */
  gaveUp(id: Hash, claims: readonly Claim[]): void
  /** An id was not to be had from the peer that named it (E4). */
  undelivered(peer: PeerId, id: Hash): void
  /** The peer answers nothing of what it named (E4). Who is gone cannot answer. */
  silent(peer: PeerId): void
  accuse(peer: PeerId, offence: Offence, id?: Hash): void
  left(peer: PeerId): void
}

type Case = {
  /** Of its latest sessions, the newest last. */
  books: { readonly book: ClaimBook; readonly storeId: string }[]
  /** The store it spoke of last; null before. */
  storeId: string | null
  /** Whether it is connected since its last session. */
  isHere: boolean
  /** Ids listed out of that store that were not here, and those of them that it did not have. */
  gained: number
  undelivered: number
  /** Said already, since its last session began. */
  isSuspected: boolean
  isLate: boolean
  isSpared: boolean
}

const NEW_CASE = {
  storeId: null,
  isHere: false,
  gained: 0,
  undelivered: 0,
  isSuspected: false,
  isLate: false,
  isSpared: false,
}

/** An ATX that a peer lists, in a book of it. */
type Listing = { readonly peer: PeerId; readonly held: Case; readonly book: ClaimBook; readonly info: AtxInfo }

/** No session was heard yet. */
export function createCourt(options: CourtOptions): Court {
  const { standings, set, wanted, peerCount, addressOf, judged } = options
  /** Those that are gone are in the order in which they left. */
  const cases = new Map<PeerId, Case>()

  function caseOf(peer: PeerId): Case {
    const known = cases.get(peer)
    if (known !== undefined) return known
    const held: Case = { ...NEW_CASE, books: [] }
    cases.set(peer, held)
    forgetAbsent()
    return held
  }

  /** Where nothing of the peer is wanted, its earlier sessions are of no interest. */
  function tidy(peer: PeerId, held: Case): void {
    if (wanted(peer) > 0) return
    held.books = held.isHere ? held.books.slice(-1) : []
    if (held.books.length === 0) cases.delete(peer)
  }

  function forgetAbsent(): void {
    const absent = [...cases].filter(([, { isHere }]) => !isHere)
    for (const [peer] of absent.slice(0, Math.max(0, absent.length - MAX_ABSENT))) cases.delete(peer)
  }

  function accuse(peer: PeerId, offence: Offence, id: Hash | null = null): void {
    if (standings.of(peer).isBanned) return
    const consequence = standings.add({ peer, address: addressOf(peer), kind: offence }, peerCount())
    // What it listed is no longer of interest, what it delivered stays.
    if (consequence === 'ban') cases.delete(peer)
    if (consequence === 'spared' && wasSpared(caseOf(peer))) return
    judged({ peer, offence, consequence, id })
  }

  /** Once per session, or it would be said of every single id. */
  function wasSpared(held: Case): boolean {
    const { isSpared } = held
    held.isSpared = true
    return isSpared
  }

  async function pronounce({ peer, held, info }: Listing, offence: Offence | null): Promise<void> {
    if (offence === null) return
    if (offence !== 'suspicious') return accuse(peer, offence, info.id)
    // Once per session: an honest peer may have a hundred such.
    if (!(await isTimely(info.positioning)) || held.isSuspected || cases.get(peer) !== held) return
    held.isSuspected = true
    accuse(peer, offence, info.id)
  }

  /** E3 goes by when an ATX came here, which says something only of what came by gossip. */
  async function isTimely(id: Hash | null): Promise<boolean> {
    const record = id === null ? null : await set.record(id)
    return record?.source === 'gossip' || record?.source === 'local'
  }

  function isInBook({ peer, frame }: Claim, id: Hash): boolean {
    return frame === null || (cases.get(peer)?.books ?? []).some(({ book }) => (book.frameOf(id) ?? frame + 1) <= frame)
  }

  /** By whom an ATX is listed that has just come into the set. */
  function listingsOf(record: AtxRecord): Listing[] {
    const { id, seq } = record
    return [...cases].flatMap(([peer, held]) =>
      held.books.flatMap(({ book }) => (book.frameOf(id, seq) === null ? [] : [{ peer, held, book, info: record }])),
    )
  }

  /** E1, which needs nothing but what an ATX says of itself. */
  function judgeTime(info: AtxInfo, claims: readonly Pick<Claim, 'peer' | 'frame'>[]): void {
    for (const { peer, frame } of claims) {
      if (frame !== null && isImpossible(options, info, frame)) accuse(peer, 'impossible-time', info.id)
    }
  }

  /** E4 below its threshold: once per session. */
  function soften(peer: PeerId, held: Case, id: Hash | null): void {
    if (held.isLate) return
    held.isLate = true
    accuse(peer, 'undelivered', id)
  }

  function meet(held: Case, storeId: string): void {
    if (held.storeId === storeId) return
    held.storeId = storeId
    held.gained = 0
    held.undelivered = 0
  }

  return {
    hear(peer, { storeId, ...view }) {
      if (wanted(peer) === 0) cases.delete(peer)
      const held = caseOf(peer)
      const book = createClaimBook(options, view)
      meet(held, storeId)
      held.isHere = true
      held.isSuspected = false
      held.isLate = false
      held.isSpared = false
      held.books = [...held.books, { book, storeId }].slice(-MAX_BOOKS)
      return {
        listed(ids, frame) {
          held.gained += book.listed(ids, frame)
        },
        matched: book.matched,
        async claimedLate(ids) {
          for (let at = 0; at < ids.byteLength; at += ID_BYTES) {
            const record = await set.record(Buffer.from(ids.subarray(at, at + ID_BYTES)).toString('hex'))
            if (cases.get(peer) !== held) return
            if (record !== null) await pronounce({ peer, held, book, info: record }, book.judge(record))
          }
        },
      }
    },
    met(peer, storeId) {
      const held = cases.get(peer)
      if (held !== undefined) meet(held, storeId)
    },
    async inserted(records) {
      const judged = records
        .flatMap(listingsOf)
        .map((listing) => ({ listing, offence: listing.book.judge(listing.info) }))
      for (const { book, info } of judged.map(({ listing }) => listing)) book.settle(info.id)
      for (const { listing, offence } of judged) await pronounce(listing, offence)
      for (const [peer, held] of [...cases]) tidy(peer, held)
    },
    unready(info, claims) {
      const listed = [...cases].flatMap(([peer, { books }]) =>
        books.map(({ book }) => ({ peer, frame: book.frameOf(info.id) })),
      )
      judgeTime(info, [...listed, ...claims])
    },
    async fetched(id, claims) {
      // A book says it already, where there is one; after a restart, or beyond the bound, there is none.
      const unheard = claims.filter((claim) => !isInBook(claim, id))
      const record = unheard.length === 0 ? null : await set.record(id)
      if (record !== null) judgeTime(record, unheard)
    },
    gaveUp(id, claims) {
      for (const { peer } of claims) for (const { book } of cases.get(peer)?.books ?? []) book.settle(id)
    },
    undelivered(peer, id) {
      const held = caseOf(peer)
      if (held.books.some(({ book, storeId }) => storeId === held.storeId && book.awaits(id))) {
        held.undelivered += 1
        if (isMany(held.undelivered, held.gained)) return accuse(peer, 'undelivered-many', id)
      }
      soften(peer, held, id)
    },
    silent(peer) {
      const held = cases.get(peer)
      if (held?.isHere === true) soften(peer, held, null)
    },
    accuse,
    left(peer) {
      const held = cases.get(peer)
      if (held === undefined) return
      cases.delete(peer)
      cases.set(peer, held)
      held.isHere = false
      tidy(peer, held)
      forgetAbsent()
    },
  }
}
