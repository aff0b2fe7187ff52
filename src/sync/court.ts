/**
 * Judges peers by what their lists claim and what they deliver (S9.2): one book for the latest session with each peer, so
 * that an ATX is held against every peer that listed it, whoever brought its bytes.
 */
import type { Hash, Millis, PeerId } from '../domain.ts'
import { type ClaimBook, type ClaimRules, createClaimBook } from './claims.ts'
import { isMany } from './rules/undelivered.ts'
import { type AtxInfo, type AtxRecord, type AtxSet, ID_BYTES } from './set/types.ts'
import type { Consequence, Offence, Standings } from './standing.ts'

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
  /** Peers there are to deal with. */
  readonly peerCount: () => number
  readonly addressOf: (peer: PeerId) => string
  readonly judged: (judgement: Judgement) => void
}

/** The evidence of one session. */
export interface Hearing {
  /** The peer lists packed ids in a timeframe. */
  listed(ids: Uint8Array, frame: number): void
  /** The peer says to have had packed ids since a timeframe, which came here only after the session's freeze (S7.2-4). */
  claimedLate(ids: Uint8Array): Promise<void>
}

export interface Court {
  /** A session with the peer begins; its earlier claims are forgotten. */
  hear(peer: PeerId, frozen: { readonly frame: number; readonly count: number }): Hearing
  /** ATXs came into the set. */
  inserted(records: readonly AtxRecord[]): Promise<void>
  /** A listed id was not to be had from the peer that listed it (E4). */
  undelivered(peer: PeerId, id: Hash): void
  accuse(peer: PeerId, offence: Offence, id?: Hash): void
  left(peer: PeerId): void
}

type Case = { readonly book: ClaimBook; gained: number; undelivered: number; isSuspected: boolean; isLate: boolean }

/** No session was heard yet. Its map holds connected peers only. */
export function createCourt(options: CourtOptions): Court {
  const { standings, set, peerCount, addressOf, judged } = options
  const cases = new Map<PeerId, Case>()

  function accuse(peer: PeerId, offence: Offence, id: Hash | null = null): void {
    const consequence = standings.add({ peer, address: addressOf(peer), kind: offence }, peerCount())
    // What it listed is no longer of interest, what it delivered stays.
    if (consequence === 'ban') cases.delete(peer)
    judged({ peer, offence, consequence, id })
  }

  /** Of a session that is over, or of a peer that is banned, nothing more is said. */
  const isOpen = (peer: PeerId, held: Case): boolean => cases.get(peer) === held

  async function judge(peer: PeerId, held: Case, info: AtxInfo): Promise<void> {
    if (!isOpen(peer, held)) return
    const offence = held.book.judge(info)
    if (offence === null) return
    if (offence !== 'suspicious') return accuse(peer, offence, info.id)
    // Once per session: an honest peer may have a hundred such.
    if (!(await isTimely(info.positioning)) || held.isSuspected || !isOpen(peer, held)) return
    held.isSuspected = true
    accuse(peer, offence, info.id)
  }

  /** E3 goes by when an ATX came here, which says something only of what came by gossip. */
  async function isTimely(id: Hash | null): Promise<boolean> {
    const record = id === null ? null : await set.record(id)
    return record?.source === 'gossip' || record?.source === 'local'
  }

  return {
    hear(peer, frozen) {
      const held: Case = {
        book: createClaimBook(options, frozen),
        gained: 0,
        undelivered: 0,
        isSuspected: false,
        isLate: false,
      }
      cases.set(peer, held)
      return {
        listed(ids, frame) {
          held.gained += held.book.listed(ids, frame)
        },
        async claimedLate(ids) {
          for (let at = 0; at < ids.byteLength; at += ID_BYTES) {
            if (!isOpen(peer, held)) return
            const record = await set.record(Buffer.from(ids.subarray(at, at + ID_BYTES)).toString('hex'))
            if (record !== null) await judge(peer, held, record)
          }
        },
      }
    },
    async inserted(records) {
      for (const record of records) {
        for (const [peer, held] of [...cases]) {
          if (held.book.frameOf(record.id) !== null) await judge(peer, held, record)
        }
      }
    },
    undelivered(peer, id) {
      const held = cases.get(peer)
      if (held === undefined || held.book.frameOf(id) === null) return
      held.undelivered += 1
      if (isMany(held.undelivered, held.gained)) return accuse(peer, 'undelivered-many', id)
      if (held.isLate) return
      held.isLate = true
      accuse(peer, 'undelivered', id)
    },
    accuse,
    left: (peer) => void cases.delete(peer),
  }
}
