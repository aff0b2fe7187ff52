/** Negentropy's varints: base 128, most significant digit first, the high bit set on all digits but the last. */

/** Writes a non-negative integer below 2^53; returns the offset behind it. */
export function writeVarint(bytes: Uint8Array, offset: number, value: number): number {
  let digits = 1
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits++
  let rest = value
  for (let i = digits - 1; i >= 0; i--) {
    bytes[offset + i] = (rest % 128) + (i === digits - 1 ? 0 : 128)
    rest = Math.floor(rest / 128)
  }
  return offset + digits
}

/** A varint and the offset behind it; null when it is cut off, longer than need be, or not below 2^53. */
export function readVarint(bytes: Uint8Array, offset: number): { readonly value: number; readonly end: number } | null {
  if (bytes[offset] === 128) return null
  let value = 0
  for (let at = offset; at < bytes.byteLength; at++) {
    const byte = bytes[at] ?? 0
    value = value * 128 + (byte & 127)
    if (value > Number.MAX_SAFE_INTEGER) return null
    if (byte < 128) return { value, end: at + 1 }
  }
  return null
}
