/**
 * Where an Ed25519 signature is judged (RFC 8032, without the cofactor): libsodium, which takes half the time of OpenSSL
 * and has no key to parse first. Both refuse what is not canonical and keys or R of small order.
 */
import { crypto_sign_verify_detached as verifyDetached } from 'sodium-native'

export const KEY_BYTES = 32
export const SIGNATURE_BYTES = 64

/** What one check needs: raw key (32 bytes), signature (64 bytes), and the bytes it covers. */
export type RawCheck = { readonly key: Uint8Array; readonly signature: Uint8Array; readonly bytes: Uint8Array }

/** Whether the signature is right; false as well for a key that has not 32 bytes or a signature that has not 64. */
export function verifyEd25519({ key, signature, bytes }: RawCheck): boolean {
  if (key.byteLength !== KEY_BYTES || signature.byteLength !== SIGNATURE_BYTES) return false
  return verifyDetached(signature, bytes, key)
}
