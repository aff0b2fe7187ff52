/** Which Ed25519 public keys may sit in a committee. Pure JavaScript, so that browsers judge alike. */
import { ed25519 } from '@noble/curves/ed25519.js'
import type { PublicKeyHex } from '../domain.ts'

/** Keys remembered as usable: a few full committees. Judging one costs about a tenth of a millisecond. */
const MAX_REMEMBERED = 2_048
const usable = new Set<PublicKeyHex>()

/** Whether the key is a point of the curve's prime-order part: small-order keys verify signatures nobody made. */
export function isUsableKey(key: PublicKeyHex): boolean {
  if (usable.has(key)) return true
  if (!isLargeOrder(key)) return false
  if (usable.size >= MAX_REMEMBERED) usable.clear()
  usable.add(key)
  return true
}

function isLargeOrder(key: PublicKeyHex): boolean {
  try {
    return !ed25519.Point.fromHex(key).isSmallOrder()
  } catch {
    return false
  }
}
