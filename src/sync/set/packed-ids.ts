/** The order of ids in packed lists. */
import { ID_BYTES } from './types.ts'

/** Negative, 0 or positive, as `Buffer.compare` of the ids at two offsets. */
export function compareIds(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  for (let i = 0; i < ID_BYTES; i++) {
    const difference = (a[aOffset + i] ?? 0) - (b[bOffset + i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
