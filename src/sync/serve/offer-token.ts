/** Tokens of offers (S9.1): whoever holds one was offered a serve by this node, not long ago. They end with the process. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { u64be } from '../../crypto/tagged-hash.ts'
import type { PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { TOKEN_LIFE_MS } from './bounds.ts'

const DOMAIN = 'palaver/atx/serve-offer/1\0'
const EXPIRY_BYTES = 8
const MAC_BYTES = 32

export interface OfferTokens {
  /** A token for one peer: expiry(8, big endian, milliseconds) and HMAC-SHA-256(32). */
  make(peer: PeerId): Uint8Array
  /** Whether this node made the token for that peer and it has not expired. */
  isGood(peer: PeerId, token: Uint8Array): boolean
}

/** Tokens under a secret `key` of 32 bytes. */
export function createOfferTokens(key: Uint8Array, clock: Clock): OfferTokens {
  const macOf = (peer: PeerId, expiry: Uint8Array): Uint8Array =>
    createHmac('sha256', key).update(DOMAIN, 'latin1').update(expiry).update(peer, 'utf8').digest()

  return {
    make(peer) {
      const expiry = u64be(Math.ceil(clock.now() + TOKEN_LIFE_MS))
      return Buffer.concat([expiry, macOf(peer, expiry)])
    },
    isGood(peer, token) {
      if (token.byteLength !== EXPIRY_BYTES + MAC_BYTES) return false
      const expiry = token.subarray(0, EXPIRY_BYTES)
      if (!timingSafeEqual(macOf(peer, expiry), token.subarray(EXPIRY_BYTES))) return false
      return Number(Buffer.from(expiry).readBigUInt64BE()) > clock.now()
    },
  }
}
