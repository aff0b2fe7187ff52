/** Packed lists of 32-byte ids in ascending order: comparing, growing and uniting them. */
import { compareIds as compareAtOffsets } from '../set/packed-ids.ts'
import { ID_BYTES } from '../set/types.ts'
import type { Steps } from './pace.ts'

/** Ids that one step of a merge writes. */
const IDS_PER_STEP = 4_096

/** The end of a range, exclusive: leading bytes of an id, the others being zero; null is beyond every id. */
export type Bound = Uint8Array | null

/** The lowest bound there is: of the id of zeros. */
export const LOWEST: Uint8Array = new Uint8Array(0)

/** Orders the id at `position` of a packed list against a bound: negative when it is below. */
export function compareToBound(ids: Uint8Array, position: number, bound: Bound): number {
  if (bound === null) return -1
  const offset = position * ID_BYTES
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (ids[offset + i] ?? 0) - (bound[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

export function compareBounds(a: Bound, b: Bound): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const length = Math.max(a.byteLength, b.byteLength)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Orders the id at `i` of one packed list against that at `j` of another. */
export function compareIds(a: Uint8Array, i: number, b: Uint8Array, j: number): number {
  return compareAtOffsets(a, i * ID_BYTES, b, j * ID_BYTES)
}

/** The shortest bound above the id at `position - 1` and not above that at `position`. */
export function boundBefore(ids: Uint8Array, position: number): Uint8Array {
  const offset = position * ID_BYTES
  let shared = 0
  while (shared < ID_BYTES - 1 && ids[offset + shared] === ids[offset - ID_BYTES + shared]) shared++
  return ids.subarray(offset, offset + shared + 1)
}

/** A packed list that grows at its end. */
export type GrowingIds = {
  readonly count: number
  /** Adds the ids of a packed list from position `from` up to `to`. */
  add(ids: Uint8Array, from: number, to: number): void
  /** What was added so far: a view, valid until the next addition. */
  packed(): Uint8Array
}

export function createGrowingIds(): GrowingIds {
  let bytes = new Uint8Array(0)
  let used = 0
  return {
    get count() {
      return used / ID_BYTES
    },
    add(ids, from, to) {
      const added = ids.subarray(from * ID_BYTES, to * ID_BYTES)
      if (used + added.byteLength > bytes.byteLength) {
        const larger = new Uint8Array(Math.max(2 * bytes.byteLength, used + added.byteLength))
        larger.set(bytes.subarray(0, used))
        bytes = larger
      }
      bytes.set(added, used)
      used += added.byteLength
    },
    packed: () => bytes.subarray(0, used),
  }
}

/** The union of packed ascending lists, each id once. */
export function* mergeIds(lists: readonly Uint8Array[]): Steps<Uint8Array> {
  let runs = lists.filter((list) => list.byteLength > 0)
  while (runs.length > 1) {
    const merged: Uint8Array[] = []
    for (let i = 0; i < runs.length; i += 2) {
      const [a, b] = runs.slice(i, i + 2)
      if (a !== undefined) merged.push(b === undefined ? a : yield* mergeTwo(a, b))
    }
    runs = merged
  }
  return runs[0] ?? new Uint8Array(0)
}

function* mergeTwo(a: Uint8Array, b: Uint8Array): Steps<Uint8Array> {
  const out = new Uint8Array(a.byteLength + b.byteLength)
  const [countA, countB] = [a.byteLength / ID_BYTES, b.byteLength / ID_BYTES]
  let [i, j, used] = [0, 0, 0]
  for (let written = 1; i < countA && j < countB; written++) {
    const order = compareIds(a, i, b, j)
    const source = order <= 0 ? a : b
    const start = (order <= 0 ? i : j) * ID_BYTES
    for (let k = 0; k < ID_BYTES; k++) out[used + k] = source[start + k] ?? 0
    used += ID_BYTES
    if (order <= 0) i++
    if (order >= 0) j++
    if (written % IDS_PER_STEP === 0) yield
  }
  const rest = i < countA ? a.subarray(i * ID_BYTES) : b.subarray(j * ID_BYTES)
  out.set(rest, used)
  return out.subarray(0, used + rest.byteLength)
}
