/**
 * Ids of a timeframe in ascending order, for lists (S7.2). Sorting a million takes longer than the event loop may be held
 * up, so it is done in short steps; an order once made is kept and grows with its timeframe by merging.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Range } from './frame-ranges.ts'
import type { IdIndex } from './id-index.ts'

/** Orders kept, the least used goes first: the N_1 timeframes of a session and some. Four bytes per id. */
const MAX_ORDERS = 16
/** Keys sorted, or moved, before other work gets its turn: about a millisecond. */
const RUN_KEYS = 4_096
const TURN_KEYS = 32_768
/** A key is a prefix of the id and its place, in the bits a number holds exactly. */
const KEY_BITS = 53
const PREFIX_BITS = 32

type Known = { readonly to: number; readonly order: Promise<Uint32Array> }

export class SortedOrders {
  readonly #index: IdIndex
  /** By the place at which a timeframe begins. */
  readonly #known = new Map<number, Known>()

  constructor(index: IdIndex) {
    this.#index = index
  }

  /** The places of a timeframe, or of its first part, by ascending id. Places from `to` on may be among them. */
  order({ from, to }: Range): Promise<Uint32Array> {
    const before = this.#known.get(from)
    this.#known.delete(from)
    const isEnough = before !== undefined && before.to >= to
    const known = isEnough ? before : { to, order: this.#extend(before?.order, { from, to }) }
    this.#known.set(from, known)
    if (this.#known.size > MAX_ORDERS) this.#known.delete(this.#known.keys().next().value as number)
    return known.order
  }

  async #extend(before: Promise<Uint32Array> | undefined, range: Range): Promise<Uint32Array> {
    const sorted = (await before) ?? new Uint32Array(0)
    const keys = new KeyRange(this.#index, range)
    const runs = await keys.fill(sorted)
    return keys.places(await mergeAll(runs))
  }
}

/** Ascending runs of keys, end to end. */
type Runs = { readonly keys: Float64Array; readonly ends: readonly number[] }

class KeyRange {
  readonly #index: IdIndex
  readonly #range: Range
  /** A place within the range takes the low part of a key. */
  readonly #places: number
  readonly #divisor: number

  constructor(index: IdIndex, range: Range) {
    this.#index = index
    this.#range = range
    const placeBits = Math.ceil(Math.log2(Math.max(2, range.to - range.from)))
    this.#places = 2 ** placeBits
    this.#divisor = 2 ** Math.max(0, PREFIX_BITS + placeBits - KEY_BITS)
  }

  /** Keys of the range: first those of the places already in order, then of the others in sorted runs. */
  async fill(sorted: Uint32Array): Promise<Runs> {
    const { from, to } = this.#range
    const keys = new Float64Array(to - from)
    const ends: number[] = sorted.length === 0 ? [] : [sorted.length]
    for (let at = 0; at < keys.length; ) {
      const end = Math.min(at < sorted.length ? sorted.length : keys.length, at + RUN_KEYS)
      for (let next = at; next < end; next++) keys[next] = this.#key(sorted[next] ?? from + next)
      if (at >= sorted.length) {
        keys.subarray(at, end).sort()
        ends.push(end)
      }
      at = end
      await nextTurn()
    }
    return { keys, ends }
  }

  /** The places that ascending keys stand for; where prefixes are equal, the whole ids decide. */
  async places(keys: Float64Array): Promise<Uint32Array> {
    const order = new Uint32Array(keys.length)
    let tiedFrom = 0
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] as number
      const prefix = Math.floor(key / this.#places)
      order[at] = this.#range.from + (key - prefix * this.#places)
      const isLast = at + 1 === keys.length
      if (isLast || Math.floor((keys[at + 1] as number) / this.#places) !== prefix) {
        if (at > tiedFrom) order.subarray(tiedFrom, at + 1).sort((a, b) => this.#index.compare(a, b))
        tiedFrom = at + 1
      }
      if (at % TURN_KEYS === TURN_KEYS - 1) await nextTurn()
    }
    return order
  }

  #key(place: number): number {
    return Math.floor(this.#index.prefix(place) / this.#divisor) * this.#places + place - this.#range.from
  }
}

/** Merges neighbouring runs until one is left. */
async function mergeAll({ keys, ends }: Runs): Promise<Float64Array> {
  let source = keys
  let target: Float64Array = new Float64Array(keys.length)
  let runs = ends
  while (runs.length > 1) {
    const merged: number[] = []
    for (let run = 0; run < runs.length; run += 2) {
      const middle = runs[run] as number
      const end = runs[run + 1] ?? middle
      await merge({ source, target, from: merged.at(-1) ?? 0, middle, end })
      merged.push(end)
    }
    runs = merged
    ;[source, target] = [target, source]
  }
  return source
}

type Merge = { source: Float64Array; target: Float64Array; from: number; middle: number; end: number }

/** Merges [from, middle) and [middle, end) of `source` into `target`. */
async function merge({ source, target, from, middle, end }: Merge): Promise<void> {
  let left = from
  let right = middle
  for (let at = from; at < end; ) {
    const stop = Math.min(end, at + TURN_KEYS)
    for (; at < stop; at++) {
      const isLeft = right >= end || (left < middle && (source[left] as number) <= (source[right] as number))
      target[at] = source[isLeft ? left++ : right++] as number
    }
    await nextTurn()
  }
}
