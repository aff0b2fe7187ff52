/** A list of numbers in pages of typed arrays: it grows without being copied and costs its element's width. */

const PAGE = 8_192
const PAGE_BITS = 13

export class Column<A extends Uint32Array | Float64Array> {
  readonly #make: (length: number) => A
  readonly #pages: A[] = []
  #length = 0

  constructor(make: (length: number) => A) {
    this.#make = make
  }

  /** Appends a number and gives its place. */
  push(value: number): number {
    const at = this.#length++
    if (at % PAGE === 0) this.#pages.push(this.#make(PAGE))
    const page = this.#pages[at >>> PAGE_BITS] as A
    page[at % PAGE] = value
    return at
  }

  get(at: number): number {
    return (this.#pages[at >>> PAGE_BITS] as A)[at % PAGE] as number
  }
}
