/**
 * The set in memory: ids, publishers, timeframes and checkpoints, changed together and at once, so that whoever looks
 * between two turns sees one consistent set. Knows neither disk nor clock.
 */
import { assert } from '../../assert.ts'
import type { Millis } from '../../domain.ts'
import { type Checkpoints, rollTo, type Settling, settlingAt, totalOf } from './checkpoints.ts'
import { createAccumulator } from './fingerprint.ts'
import { FrameRanges, type Range } from './frame-ranges.ts'
import type { Candidate, SettledFilter } from './grades.ts'
import { IdIndex } from './id-index.ts'
import { Roster, type RosterEntry } from './roster.ts'
import { SortedOrders } from './sorted-orders.ts'
import type { Calendar } from './timeframes.ts'
import { type Accumulator, ID_BYTES, type Suite } from './types.ts'

/** An ATX as memory takes it; `id` has 32 bytes. */
export type Member = RosterEntry & { readonly id: Uint8Array }

type Window = { readonly opensAt: Millis; readonly closesAt: Millis }

export class SetMemory {
  readonly index: IdIndex
  readonly ranges = new FrameRanges()
  readonly orders: SortedOrders
  readonly #roster = new Roster()
  readonly #calendar: Calendar
  readonly #filter: SettledFilter
  checkpoints: Checkpoints
  /** Changes with everything that changes a fingerprint. */
  version = 0

  constructor(parts: { calendar: Calendar; filter: SettledFilter; checkpoints: Checkpoints }) {
    this.#calendar = parts.calendar
    this.#filter = parts.filter
    this.checkpoints = parts.checkpoints
    const expected = totalOf(parts.checkpoints).count
    this.index = new IdIndex(expected)
    this.orders = new SortedOrders(this.index)
  }

  /** Enters the next ATX, of timeframe `frame`, without adding it to a checkpoint. As {@link Roster.add}. */
  enter(member: Member, frame: number): number | null {
    const seq = this.index.add(member.id, 0)
    this.ranges.append(frame, seq)
    return frame < this.checkpoints.frame - 1 ? null : this.#roster.add(member, { seq, frame })
  }

  /** Inserts new ATXs into the open timeframe. Gives whether c_old's settled parts changed too. */
  insert(members: readonly Member[]): boolean {
    const { checkpoints } = this
    const first = this.index.count
    const proven = members.map((member) => this.enter(member, checkpoints.frame))
    for (const [at, part] of this.parts({ from: first, to: this.index.count })) {
      checkpoints.curr.unite(part)
      if (at !== null) this.#settling(checkpoints.currSettling, at).unite(part)
    }
    const earlier = proven.filter((seq) => seq !== null && seq < first)
    const changed = earlier.map((seq) => this.#regrade(seq as number))
    this.version += 1
    return changed.includes(true)
  }

  /** Rolls up to timeframe `frame`; false when it is the open one already. */
  roll(frame: number): boolean {
    if (frame <= this.checkpoints.frame) return false
    rollTo(this.checkpoints, frame)
    this.version += 1
    return true
  }

  /** The ids of places within one of the two newest timeframes, united by when they settle; null: never while that matters. */
  parts({ from, to }: Range, suite: Suite = this.checkpoints.all.suite): Map<Millis | null, Accumulator> {
    const ids = new Map<Millis | null, number[]>()
    const window = this.#windowOf(from)
    for (let seq = from; seq < to; seq++) {
      const at = this.#settlesAt(window, this.#candidate(seq))
      const sharing = ids.get(at)
      if (sharing === undefined) ids.set(at, [seq])
      else sharing.push(seq)
    }
    return new Map([...ids].map(([at, seqs]) => [at, this.#accumulate(seqs, suite)]))
  }

  /** When the timeframe of place `seq` is filtered in step 1: while it is the newest closed one. */
  #windowOf(seq: number): Window {
    const frame = this.ranges.frameAt(seq)
    return { opensAt: this.#calendar.boundary(frame + 1), closesAt: this.#calendar.boundary(frame + 2) }
  }

  /** From when an ATX counts in step 1: all that settles before its window is one part, what settles after never does. */
  #settlesAt({ opensAt, closesAt }: Window, candidate: Candidate): Millis | null {
    const at = this.#filter.settlesAt(candidate)
    return at === null || at >= closesAt ? null : Math.max(at, opensAt)
  }

  #candidate(seq: number): Candidate {
    return this.#roster.candidate(seq, this.index.packed(seq, seq + 1))
  }

  /** Moves an ATX whose publisher turns out to have equivocated. Gives whether it lies in c_old. */
  #regrade(seq: number): boolean {
    const { frame, currSettling, oldSettling } = this.checkpoints
    const back = frame - this.ranges.frameAt(seq)
    if (back > 1) return false
    const window = this.#windowOf(seq)
    const candidate = this.#candidate(seq)
    const before = this.#settlesAt(window, { ...candidate, equivocatedAt: null })
    const after = this.#settlesAt(window, candidate)
    if (before === after) return false
    const settling = back === 0 ? currSettling : oldSettling
    const single = this.#accumulate([seq], this.checkpoints.all.suite)
    if (before !== null) this.#takeFrom(settling, before, single)
    if (after !== null) this.#settling(settling, after).unite(single)
    return back === 1
  }

  #takeFrom(settling: Settling, at: Millis, part: Accumulator): void {
    const whole = settling.get(at)
    assert(whole !== undefined, 'what was counted as settling is there')
    whole.subtract(part)
    if (whole.count === 0) settling.delete(at)
  }

  #settling(settling: Settling, at: Millis): Accumulator {
    return settlingAt(settling, { at, suite: this.checkpoints.all.suite })
  }

  #accumulate(seqs: readonly number[], suite: Suite): Accumulator {
    const ids = new Uint8Array(seqs.length * ID_BYTES)
    for (const [at, seq] of seqs.entries()) this.index.copy(seq, ids, at * ID_BYTES)
    const accumulator = createAccumulator(suite)
    accumulator.add(ids)
    return accumulator
  }
}
