/** Accounts in the state: a sender's next nonce under `account/<public key>`. */
import type { PublicKeyHex } from '../domain.ts'

const NONCE_BYTES = 8

/** The state key of an account. */
export function accountKey(sender: PublicKeyHex): string {
  return `account/${sender}`
}

/** The next nonce that an account's value holds; 0 for an account that never sent. */
export function nextNonceOf(value: Uint8Array | undefined): number {
  return value === undefined ? 0 : Number(new DataView(value.buffer, value.byteOffset, NONCE_BYTES).getBigUint64(0))
}

/** An account's value: its next nonce as eight bytes, big endian. */
export function accountValue(nextNonce: number): Uint8Array {
  const value = new Uint8Array(NONCE_BYTES)
  new DataView(value.buffer).setBigUint64(0, BigInt(nextNonce))
  return value
}
