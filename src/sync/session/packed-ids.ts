/** Packed ids: order, and a set of them that costs no object per id and whose places an adversary cannot foresee. */
import { randomBytes } from 'node:crypto'
import { ID_BYTES } from '../set/types.ts'

const FIRST_SLOTS = 256
const WORDS = ID_BYTES / 4

/** Negative, 0 or positive, as `Buffer.compare` of the ids at two places. */
export function compareIds(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (a[aOffset + i] ?? 0) - (b[bOffset + i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** A set that only grows; its owner bounds it. */
export interface IdSet {
  readonly size: number
  has(ids: Uint8Array, offset: number): boolean
  /** Adds an id that is not in it. */
  add(ids: Uint8Array, offset: number): void
}

/** Open addressing over one buffer. The hash is keyed: peers choose the ids. */
export function createIdSet(): IdSet {
  const keys = new Uint32Array(randomBytes(WORDS * 4).buffer.slice(0, WORDS * 4)).map((key) => key | 1)
  let slots = new Int32Array(FIRST_SLOTS).fill(-1)
  let ids = new Uint8Array((FIRST_SLOTS / 2) * ID_BYTES)
  let size = 0

  function slotOf(source: Uint8Array, offset: number): number {
    let hash = 0
    for (let word = 0; word < WORDS; word++) {
      const at = offset + word * 4
      const value =
        (source[at] ?? 0) | ((source[at + 1] ?? 0) << 8) | ((source[at + 2] ?? 0) << 16) | ((source[at + 3] ?? 0) << 24)
      hash = Math.imul(hash ^ value ^ (hash >>> 15), keys[word] ?? 1)
    }
    return (hash ^ (hash >>> 16)) & (slots.length - 1)
  }

  /** The slot that holds the id, or the free one where it belongs. */
  function find(source: Uint8Array, offset: number): number {
    let slot = slotOf(source, offset)
    for (;;) {
      const index = slots[slot] ?? -1
      if (index < 0 || compareIds(ids, index * ID_BYTES, source, offset) === 0) return slot
      slot = (slot + 1) & (slots.length - 1)
    }
  }

  function grow(): void {
    slots = new Int32Array(slots.length * 2).fill(-1)
    const bigger = new Uint8Array(ids.length * 2)
    bigger.set(ids)
    ids = bigger
    for (let index = 0; index < size; index++) slots[find(ids, index * ID_BYTES)] = index
  }

  return {
    get size() {
      return size
    },
    has: (source, offset) => (slots[find(source, offset)] ?? -1) >= 0,
    add(source, offset) {
      if (size * 2 >= slots.length) grow()
      ids.set(source.subarray(offset, offset + ID_BYTES), size * ID_BYTES)
      slots[find(source, offset)] = size++
    },
  }
}
