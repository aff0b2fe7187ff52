/** Ed25519 public keys as node:crypto wants them: parsed and kept once they come again, since most signers of a long list come once. */
import { createPublicKey, type KeyObject } from 'node:crypto'

/** SPKI DER header of an Ed25519 public key; the 32-byte key follows. */
export const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
/** Keys kept, and keys that were seen once lately. Parsing a key for keeping takes half as long as a verification. */
const MAX_KEPT = 4_096

export type VerifyKey = KeyObject | { readonly key: Buffer; readonly format: 'der'; readonly type: 'spki' }

export interface KeyCache {
  /** The key of 32 raw bytes, known by `name`. */
  get(name: string, raw: () => Uint8Array): VerifyKey
}

/** Empty at first. */
export function createKeyCache(): KeyCache {
  const kept = new Map<string, KeyObject>()
  const seen = new Set<string>()
  return {
    get(name, raw) {
      const known = kept.get(name)
      if (known !== undefined) return known
      const der = { key: Buffer.concat([SPKI_PREFIX, raw()]), format: 'der', type: 'spki' } as const
      if (!seen.delete(name)) {
        if (seen.size >= MAX_KEPT) seen.delete(seen.values().next().value as string)
        seen.add(name)
        return der
      }
      const key = createPublicKey(der)
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value as string)
      kept.set(name, key)
      return key
    },
  }
}
