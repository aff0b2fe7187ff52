/** When two fingerprints are equal (S3.5). */
import type { Hello } from '../messages.ts'
import type { Fingerprint, Suite } from '../set/types.ts'

/** The strongest suite both sides have. */
export function commonSuite(ours: Suite, theirs: Hello): Suite {
  return ours === 'lthash16' && theirs.hasStrong ? 'lthash16' : 'xor'
}

/**
 * Equal in every field of `suite`; a field that is missing equals nothing, a fingerprint that is missing neither. Only the
 * XOR may be left to the strong value, which binds it.
 */
export function isSame(a: Fingerprint | null, b: Fingerprint | null, suite: Suite): boolean {
  if (a === null || b === null || a.count !== b.count) return false
  const isXorSame = isSameBytes(a.xor, b.xor)
  if (suite === 'xor') return isXorSame && a.xor.length > 0
  const isXorLeft = a.xor.length === 0 || b.xor.length === 0
  return (isXorSame || isXorLeft) && a.strong !== null && b.strong !== null && isSameBytes(a.strong, b.strong)
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
