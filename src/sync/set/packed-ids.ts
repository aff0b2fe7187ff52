/** The order of ids in packed lists. */
import { ID_BYTES } from './types.ts'

/** Whether an id is in a packed list that ascends. */
export function includesId(ids: Uint8Array, id: Uint8Array): boolean {
  let [low, high] = [0, ids.byteLength / ID_BYTES]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const order = compareIds(ids, middle * ID_BYTES, id, 0)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle
  }
  return false
}

/** Negative, 0 or positive, as `Buffer.compare` of the ids at two offsets. */
export function compareIds(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (a[aOffset + i] ?? 0) - (b[bOffset + i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
