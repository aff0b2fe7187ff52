/**
 * Ids in the order they came, and the place of each: pages that are never moved, and a hash table whose salt no peer
 * knows, since ids are hashes that an adversary can grind. Lookups allocate nothing; at most 48 bytes per id.
 */
import { randomBytes } from 'node:crypto'
import { assert } from '../../assert.ts'
import { ID_BYTES } from './types.ts'

/** Ids of a page: 256 KiB. */
const PAGE_IDS = 8_192
const PAGE_BITS = 13
/** The table comes in parts that grow one by one: growing a whole table of millions would hold the event loop up. */
const PART_BITS = 10
const MIN_PART_SLOTS = 4
const ID_WORDS = ID_BYTES / 4
const MAX_IDS = 0xffff_fffe

/** Ids of a page, as bytes and as the same bytes in words, which compare faster. */
type Page = { readonly bytes: Uint8Array; readonly words: Uint32Array }

/** Half full at most: an id that is not there is found missing at the third look on average. */
type Part = { slots: Uint32Array; used: number }

/** Places of 32-byte keys, which are the numbers from 0 in the order of {@link add}. */
export class IdIndex {
  readonly #pages: Page[] = []
  /** The id that {@link hash} looked at last. */
  readonly #words = new Uint32Array(ID_WORDS)
  readonly #parts: Part[]
  readonly #salt = new Uint32Array(new Uint8Array(randomBytes((ID_WORDS + 2) * 4)).buffer)
  #count = 0

  /** With room for `expected` ids at once, so that opening a store does not grow the table over and over. */
  constructor(expected = 0) {
    const slotBits = Math.ceil(Math.log2(Math.max(MIN_PART_SLOTS, (2 * expected) / 2 ** PART_BITS)))
    const part = (): Part => ({ slots: new Uint32Array(2 ** slotBits), used: 0 })
    this.#parts = Array.from({ length: 2 ** PART_BITS }, part)
  }

  get count(): number {
    return this.#count
  }

  /** The place of the id at `offset`; -1 when it is not here. */
  find(ids: Uint8Array, offset: number): number {
    const hash = this.#hash(ids, offset)
    const { slots } = this.#part(hash)
    const mask = slots.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const stored = slots[slot] as number
      if (stored === 0) return -1
      if (this.#holds(stored - 1)) return stored - 1
    }
  }

  /** Appends the id at `offset`, which is not here yet, and gives its place. */
  add(ids: Uint8Array, offset: number): number {
    assert(this.#count < MAX_IDS, 'the index has room')
    const seq = this.#count
    if (seq % PAGE_IDS === 0) this.#pages.push(createPage())
    const hash = this.#hash(ids, offset)
    this.#page(seq).words.set(this.#words, (seq % PAGE_IDS) * ID_WORDS)
    this.#count += 1
    const part = this.#part(hash)
    part.used += 1
    if (part.used * 2 > part.slots.length) this.#grow(part)
    place(part.slots, hash, seq)
    return seq
  }

  /** Packed ids from place `from` up to `to`, copied. */
  packed(from: number, to: number): Uint8Array {
    const packed = new Uint8Array((to - from) * ID_BYTES)
    for (let at = from; at < to; ) {
      const end = Math.min(to, (Math.floor(at / PAGE_IDS) + 1) * PAGE_IDS)
      const start = (at % PAGE_IDS) * ID_BYTES
      packed.set(this.#page(at).bytes.subarray(start, start + (end - at) * ID_BYTES), (at - from) * ID_BYTES)
      at = end
    }
    return packed
  }

  /** Copies the id at place `seq` to `offset` of `target`. */
  copy(seq: number, target: Uint8Array, offset: number): void {
    const page = this.#page(seq).bytes
    const start = (seq % PAGE_IDS) * ID_BYTES
    for (let at = 0; at < ID_BYTES; at++) target[offset + at] = page[start + at] as number
  }

  /** The first 32 bits of the id at place `seq`: ids in order have these in order. */
  prefix(seq: number): number {
    const page = this.#page(seq).bytes
    const at = (seq % PAGE_IDS) * ID_BYTES
    const high = ((page[at] as number) << 16) | ((page[at + 1] as number) << 8) | (page[at + 2] as number)
    return high * 256 + (page[at + 3] as number)
  }

  /** The order of the ids at two places. */
  compare(a: number, b: number): number {
    return Buffer.compare(this.packed(a, a + 1), this.packed(b, b + 1))
  }

  #page(seq: number): Page {
    return this.#pages[seq >>> PAGE_BITS] as Page
  }

  #part(hash: number): Part {
    return this.#parts[hash >>> (32 - PART_BITS)] as Part
  }

  /** Whether the id at place `seq` is the one that was hashed last. */
  #holds(seq: number): boolean {
    const { words } = this.#page(seq)
    const start = (seq % PAGE_IDS) * ID_WORDS
    for (let at = 0; at < ID_WORDS; at++) if (words[start + at] !== this.#words[at]) return false
    return true
  }

  #grow(part: Part): void {
    const before = part.slots
    part.slots = new Uint32Array(before.length * 2)
    for (const stored of before) if (stored > 0) place(part.slots, this.#hashAt(stored - 1), stored - 1)
  }

  #hashAt(seq: number): number {
    return this.#hash(this.#page(seq).bytes, (seq % PAGE_IDS) * ID_BYTES)
  }

  /** All words times secret multipliers, and a round of mixing, so that every bit of the id counts in every bit. */
  #hash(ids: Uint8Array, offset: number): number {
    const salt = this.#salt
    const words = this.#words
    let sum = salt[ID_WORDS] as number
    for (let word = 0; word < ID_WORDS; word++) {
      const value = wordAt(ids, offset + word * 4)
      words[word] = value
      sum = (sum + Math.imul(value, oddAt(salt, word))) | 0
    }
    sum = Math.imul(sum ^ (sum >>> 15), oddAt(salt, ID_WORDS + 1))
    return (sum ^ (sum >>> 16)) >>> 0
  }
}

function createPage(): Page {
  const bytes = new Uint8Array(PAGE_IDS * ID_BYTES)
  return { bytes, words: new Uint32Array(bytes.buffer) }
}

/** As it lies in memory: {@link emptyLanes} refuses machines where that is another order. */
function wordAt(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8)
  return low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24)
}

function oddAt(salt: Uint32Array, at: number): number {
  return (salt[at] as number) | 1
}

/** Puts a place into the first free slot; 0 is free, so places are stored from 1. */
function place(slots: Uint32Array, hash: number, seq: number): void {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = seq + 1
}
