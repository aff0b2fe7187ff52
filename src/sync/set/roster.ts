/**
 * What grading needs of every ATX, in typed arrays: when it was received, and which publisher made it for which epoch.
 * Two ATXs of one publisher for one epoch are an equivocation, noticed here as the second comes.
 */
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

export class Roster {
  /** Pairs of publisher and epoch. */
  readonly #pairs: IdIndex
  readonly #epochs = new Column((length) => new Uint32Array(length))
  readonly #firsts = new Column((length) => new Uint32Array(length))
  /** Since when a pair is known to have more than one ATX. */
  readonly #equivocations = new Map<number, Millis>()
  readonly #pairOf = new Column((length) => new Uint32Array(length))
  readonly #receivedAt = new Column((length) => new Float64Array(length))
  readonly #key = Buffer.alloc(ID_BYTES)

  constructor(expected: number) {
    this.#pairs = new IdIndex(expected)
  }

  /** Enters the next ATX. Gives the place of its publisher's first for that epoch when this one proves an equivocation. */
  add({ publisher, publishEpoch, receivedAt, committedAt }: RosterEntry): number | null {
    // One key for the pair: keys with a chosen difference in four bytes cannot be made for two publishers.
    this.#key.set(publisher)
    this.#key.writeUInt32LE((this.#key.readUInt32LE() ^ publishEpoch) >>> 0)
    const known = this.#pairs.find(this.#key, 0)
    const seq = this.#receivedAt.push(receivedAt)
    this.#pairOf.push(known < 0 ? this.#pairs.add(this.#key, 0) : known)
    if (known < 0) {
      this.#epochs.push(publishEpoch)
      this.#firsts.push(seq)
      return null
    }
    if (this.#equivocations.has(known)) return null
    this.#equivocations.set(known, committedAt)
    return this.#firsts.get(known)
  }

  /** What grading knows of the ATX at place `seq`, whose id the caller has. */
  candidate(seq: number, id: Uint8Array): Candidate {
    const pair = this.#pairOf.get(seq)
    const equivocatedAt = this.#equivocations.get(pair) ?? null
    return { id, publishEpoch: this.#epochs.get(pair), receivedAt: this.#receivedAt.get(seq), equivocatedAt }
  }
}
