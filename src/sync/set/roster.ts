/**
 * What grading needs of the ATXs of the two newest timeframes, in typed arrays: when each was received, and which
 * publisher made it for which epoch. Two ATXs of one publisher for one epoch are an equivocation, noticed here as the
 * second comes. Older timeframes are forgotten: they are not filtered any more (S3.3), and an ATX whose twin lies there
 * was itself received after the start of its target epoch, so its grade is 0 without a proof (S3.4).
 */
import { assert } from '../../assert.ts'
import type { Millis } from '../../domain.ts'
import { Column } from './column.ts'
import type { Candidate } from './grades.ts'
import { IdIndex } from './id-index.ts'
import { type AtxInfo, ID_BYTES } from './types.ts'

/** The part of a record that is kept in memory, and when it was inserted. */
export type RosterEntry = {
  /** 32 bytes. */
  readonly publisher: Uint8Array
  readonly publishEpoch: AtxInfo['publishEpoch']
  readonly receivedAt: Millis
  readonly committedAt: Millis
}

/** Where an ATX lies: its place among all, and its timeframe. */
export type RosterPlace = { readonly seq: number; readonly frame: number }

/** One timeframe's ATXs, whose places are one run from `start` on. */
class FrameRoster {
  readonly frame: number
  readonly start: number
  /** Pairs of publisher and epoch. */
  readonly pairs = new IdIndex()
  readonly epochs = new Column((length) => new Uint32Array(length))
  /** The place of each pair's first. */
  readonly firsts = new Column((length) => new Uint32Array(length))
  /** Since when a pair is known to have more than one ATX. */
  readonly equivocations = new Map<number, Millis>()
  readonly pairOf = new Column((length) => new Uint32Array(length))
  readonly receivedAt = new Column((length) => new Float64Array(length))

  constructor({ frame, seq }: RosterPlace) {
    this.frame = frame
    this.start = seq
  }
}

export class Roster {
  #before = new FrameRoster({ frame: -1, seq: 0 })
  #newest = new FrameRoster({ frame: 0, seq: 0 })
  readonly #key = Buffer.alloc(ID_BYTES)

  /**
   * Enters the next ATX, of the newest timeframe or one after it. Gives the place of its publisher's first for that epoch
   * when this one proves an equivocation.
   */
  add({ publisher, publishEpoch, receivedAt, committedAt }: RosterEntry, place: RosterPlace): number | null {
    this.#roll(place)
    // One key for the pair: keys with a chosen difference in four bytes cannot be made for two publishers.
    this.#key.set(publisher)
    this.#key.writeUInt32LE((this.#key.readUInt32LE() ^ publishEpoch) >>> 0)
    const { pairs, epochs, firsts, pairOf, receivedAt: received } = this.#newest
    const known = pairs.find(this.#key, 0)
    const pair = known < 0 ? pairs.add(this.#key, 0) : known
    received.push(receivedAt)
    pairOf.push(pair)
    if (known >= 0) return prove(this.#newest, pair, committedAt)
    epochs.push(publishEpoch)
    firsts.push(place.seq)
    return this.#joinEarlier(pair, committedAt)
  }

  /** What grading knows of the ATX at place `seq` of the two newest timeframes, whose id the caller has. */
  candidate(seq: number, id: Uint8Array): Candidate {
    const roster = seq < this.#newest.start ? this.#before : this.#newest
    assert(seq >= roster.start, 'only the two newest timeframes are graded')
    const at = seq - roster.start
    const pair = roster.pairOf.get(at)
    const equivocatedAt = roster.equivocations.get(pair) ?? null
    return { id, publishEpoch: roster.epochs.get(pair), receivedAt: roster.receivedAt.get(at), equivocatedAt }
  }

  #roll(place: RosterPlace): void {
    const { frame } = this.#newest
    if (place.frame === frame) return
    this.#before = place.frame === frame + 1 ? this.#newest : new FrameRoster({ ...place, frame: place.frame - 1 })
    this.#newest = new FrameRoster(place)
  }

  /** The newest timeframe's first of a pair may have its twin in the one before. */
  #joinEarlier(pair: number, committedAt: Millis): number | null {
    const twin = this.#before.pairs.find(this.#key, 0)
    if (twin < 0) return null
    this.#newest.equivocations.set(pair, this.#before.equivocations.get(twin) ?? committedAt)
    return prove(this.#before, twin, committedAt)
  }
}

/** Notes an equivocation; gives the place of the pair's first when it was not known before. */
function prove({ equivocations, firsts }: FrameRoster, pair: number, committedAt: Millis): number | null {
  if (equivocations.has(pair)) return null
  equivocations.set(pair, committedAt)
  return firsts.get(pair)
}
