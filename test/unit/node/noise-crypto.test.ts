/** The same bytes as Noise's own crypto, for every length, and no tampered frame passes. */
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noiseCrypto } from '../../../src/node/noise-crypto.ts'

const NO_DATA = new Uint8Array(0)
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const message = fc.integer({ min: 0, max: 4_000 }).map((length) => new Uint8Array(length).map((_, i) => i * 7))

describe('noise crypto', () => {
  test('encrypts and decrypts as the library does', () => {
    fc.assert(
      fc.property(message, bytes(32), bytes(12), (plain, key, nonce) => {
        const ours = noiseCrypto.chaCha20Poly1305Encrypt(plain, nonce, NO_DATA, key).subarray()
        const theirs = defaultCrypto.chaCha20Poly1305Encrypt(plain, nonce, NO_DATA, key).subarray()
        expect(Buffer.compare(ours, theirs)).toBe(0)
        const opened = noiseCrypto.chaCha20Poly1305Decrypt(theirs, nonce, NO_DATA, key).subarray()
        expect(Buffer.compare(opened, plain)).toBe(0)
      }),
      { numRuns: 60 },
    )
  })

  test.each([100, 5_000])('a frame of %i bytes with one bit changed is refused', (length) => {
    const [key, nonce] = [new Uint8Array(32).fill(1), new Uint8Array(12)]
    const sealed = Uint8Array.from(
      noiseCrypto.chaCha20Poly1305Encrypt(new Uint8Array(length), nonce, NO_DATA, key).subarray(),
    )
    for (const at of [0, length - 1, length, length + 15]) {
      const altered = Uint8Array.from(sealed)
      altered[at] = (altered[at] ?? 0) ^ 1
      expect(() => noiseCrypto.chaCha20Poly1305Decrypt(altered, nonce, NO_DATA, key)).toThrow()
    }
  })
})
