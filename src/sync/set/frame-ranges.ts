/** Which places belong to which timeframe: a timeframe's ids are one run of the order of receipt. */

/** Places from `from` up to, not including, `to`. */
export type Range = { readonly from: number; readonly to: number }

export class FrameRanges {
  /** Timeframes that have ids, ascending, and the place each begins at. */
  readonly #frames: number[] = []
  readonly #starts: number[] = []

  /** Notes that the id at place `seq`, the next one, lies in `frame`. */
  append(frame: number, seq: number): void {
    if (frame === this.#frames.at(-1)) return
    this.#frames.push(frame)
    this.#starts.push(seq)
  }

  /** The places of `frame` in a set of `count` ids. */
  range(frame: number, count: number): Range {
    const at = firstAtLeast(this.#frames, frame)
    const from = Math.min(this.#starts[at] ?? count, count)
    if (this.#frames[at] !== frame) return { from, to: from }
    return { from, to: Math.min(this.#starts[at + 1] ?? count, count) }
  }

  /** The timeframe of the id at place `seq`. */
  frameAt(seq: number): number {
    return this.#frames[firstAtLeast(this.#starts, seq + 1) - 1] as number
  }
}

/** The place of the first number that is not below `bound` in an ascending list. */
function firstAtLeast(ascending: readonly number[], bound: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] as number) < bound) low = middle + 1
    else high = middle
  }
  return low
}
