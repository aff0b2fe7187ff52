/**
 * ChaCha20-Poly1305 for Noise, over the library's own choice for the rest. A raw key is examined and wrapped anew at each
 * call of node:crypto, 15 to 20 us per frame: each key is wrapped once here. Short frames stay with the library.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { ICryptoInterface } from '@chainsafe/libp2p-noise'
import { defaultCrypto } from '@chainsafe/libp2p-noise/crypto'

const ALGORITHM = 'chacha20-poly1305'
const TAG_BYTES = 16
/** Below this length the library's WebAssembly is faster than a call into OpenSSL. */
const SHORT_BYTES = 1_200

/** A connection's two keys live as long as it does. */
const keys = new WeakMap<Uint8Array, KeyObject>()

function keyOf(raw: Uint8Array): KeyObject {
  const known = keys.get(raw)
  if (known !== undefined) return known
  const key = createSecretKey(raw)
  keys.set(raw, key)
  return key
}

export const noiseCrypto: ICryptoInterface = {
  ...defaultCrypto,
  chaCha20Poly1305Encrypt(plaintext, nonce, ad, key) {
    if (plaintext.byteLength < SHORT_BYTES) return defaultCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key)
    const cipher = createCipheriv(ALGORITHM, keyOf(key), nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(ad, { plaintextLength: plaintext.byteLength })
    const pieces = [...piecesOf(plaintext)].map((piece) => cipher.update(piece))
    cipher.final()
    return Buffer.concat([...pieces, cipher.getAuthTag()])
  },
  chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, target) {
    if (ciphertext.byteLength < SHORT_BYTES) {
      return defaultCrypto.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key, target)
    }
    const length = ciphertext.byteLength - TAG_BYTES
    const decipher = createDecipheriv(ALGORITHM, keyOf(key), nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(ad, { plaintextLength: length })
    decipher.setAuthTag(ciphertext.subarray(length))
    const text = ciphertext instanceof Uint8Array ? ciphertext.subarray(0, length) : ciphertext.sublist(0, length)
    const pieces = [...piecesOf(text)].map((piece) => decipher.update(piece))
    // Throws when the tag is wrong.
    decipher.final()
    const [only] = pieces
    return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces)
  },
}

/** A list of pieces iterates over them; a plain array of bytes is one. */
function piecesOf(bytes: Uint8Array | Iterable<Uint8Array>): Iterable<Uint8Array> {
  return ArrayBuffer.isView(bytes) ? [bytes as Uint8Array] : bytes
}
