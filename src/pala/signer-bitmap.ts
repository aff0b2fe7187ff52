/** The signers of a certificate as a bitmap (P4.4). Pure, so that verifiers in a browser read it too. */

/** 400 voters (spec/pala.md 25). */
const MAX_BITMAP_BYTES = 50

/** Ascending indexes as a bitmap, least significant bit first, without trailing zero bytes. */
export function writeBitmap(indexes: readonly number[]): Uint8Array {
  const top = indexes.at(-1) ?? -1
  const bytes = new Uint8Array(Math.floor(top / 8) + 1)
  for (const index of indexes) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7))
  return bytes
}

/** The indexes of a bitmap, ascending; a trailing zero byte is not canonical. */
export function readBitmap(bytes: Uint8Array): number[] {
  if (bytes.byteLength > MAX_BITMAP_BYTES) throw new Error('signer bitmap too long')
  if (bytes.byteLength > 0 && bytes[bytes.byteLength - 1] === 0) throw new Error('signer bitmap with a trailing zero')
  const indexes: number[] = []
  for (const [at, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) indexes.push(at * 8 + bit)
  }
  return indexes
}
