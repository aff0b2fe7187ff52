/** Bitmaps of a batch (S5): bit i, lowest first, speaks of the i-th id. */

const BITS = 8

/** Bytes of a bitmap over `count` ids. */
export function bitmapBytes(count: number): number {
  return Math.ceil(count / BITS)
}

/** The bitmap of the places for which `isSet` holds. */
export function bitmapOf(count: number, isSet: (index: number) => boolean): Uint8Array {
  const bitmap = new Uint8Array(bitmapBytes(count))
  for (let index = 0; index < count; index++) {
    if (isSet(index)) bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index % BITS))
  }
  return bitmap
}

export function hasBit(bitmap: Uint8Array, index: number): boolean {
  return (((bitmap[index >> 3] ?? 0) >> (index % BITS)) & 1) === 1
}

/** Whether it has the one right length for `count` ids and says nothing of others. */
export function isBitmapOf(bitmap: Uint8Array, count: number): boolean {
  if (bitmap.byteLength !== bitmapBytes(count)) return false
  for (let index = count; index < bitmap.byteLength * BITS; index++) if (hasBit(bitmap, index)) return false
  return true
}

export function countBits(bitmap: Uint8Array): number {
  let count = 0
  for (let index = 0; index < bitmap.byteLength * BITS; index++) if (hasBit(bitmap, index)) count++
  return count
}
