/** Signatures without cryptography: a ledger of what each key really signed; anything else is a forgery. */
import type { Hash, PublicKeyHex } from '../../../src/domain.ts'
import { type EpochId, epochKey, type Sn, snKey } from '../../../src/pala/sn.ts'

export interface Keyring {
  sign(key: PublicKeyHex, statement: string): Uint8Array
  /** Whether `key` signed exactly this statement and got exactly these bytes. */
  isSigned(key: PublicKeyHex, statement: string, signature: Uint8Array | undefined): boolean
}

export function createKeyring(): Keyring {
  const ledger = new Map<string, Uint8Array>()
  return {
    sign(key, statement) {
      const text = `${key}|${statement}`
      const known = ledger.get(text)
      if (known !== undefined) return known
      const signature = Buffer.from(text)
      ledger.set(text, signature)
      return signature
    },
    isSigned(key, statement, signature) {
      const known = ledger.get(`${key}|${statement}`)
      if (known === undefined || signature === undefined) return false
      return known === signature || Buffer.compare(known, signature) === 0
    },
  }
}

export const voteStatement = (sn: Sn, hash: Hash): string => `vote|${snKey(sn)}|${hash}`
export const clockStatement = (target: EpochId): string => `clock|${epochKey(target)}`
export const proposalStatement = (hash: Hash): string => `proposal|${hash}`
