/** When two fingerprints are equal (S3.5). */
import type { Hello } from '../messages.ts'
import type { Fingerprint, Suite } from '../set/types.ts'

/** The strongest suite both sides have. */
export function commonSuite(ours: Suite, theirs: Hello): Suite {
  return ours === 'lthash16' && theirs.hasStrong ? 'lthash16' : 'xor'
}

/** Equal in every field of `suite`; a field that is missing equals nothing, a fingerprint that is missing neither. */
export function isSame(a: Fingerprint | null, b: Fingerprint | null, suite: Suite): boolean {
  if (a === null || b === null || a.count !== b.count || !isSameBytes(a.xor, b.xor)) return false
  return suite === 'xor' || (a.strong !== null && b.strong !== null && isSameBytes(a.strong, b.strong))
}

/** Bytes of a mark. Sets that share one by chance, or by 2^64 tries, part with the next ATX: `fast` stays whole. */
const MARK_BYTES = 16

/** What a Hello shows of a fingerprint that only ends a session early: the start of the strong value, which covers the rest. */
export function markOf({ xor, strong }: Fingerprint): Uint8Array {
  return (strong ?? xor).subarray(0, MARK_BYTES)
}

/** Whether our fingerprint has the peer's mark; null when there is none, or of another suite. */
export function hasMark(ours: Fingerprint, theirs: Uint8Array | null, isSameSuite: boolean): boolean | null {
  return theirs === null || !isSameSuite ? null : isSameBytes(markOf(ours), theirs)
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
