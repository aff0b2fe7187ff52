/** The hash of `src/crypto/tagged-hash.ts` in pure JavaScript, for browsers; a property test keeps both equal. */
import { sha256 } from '@noble/hashes/sha2.js'
import { toString as toText } from 'uint8arrays/to-string'
import type { Hash } from '../domain.ts'

const LENGTH_BYTES = 4
const encoder = new TextEncoder()

/** `SHA-256(u32be(len tag) || tag || for each part: u32be(len part) || part)`: 32 bytes. `tag` is ASCII. */
export function taggedHash(tag: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const frames = [encoder.encode(tag), ...parts]
  const bytes = new Uint8Array(frames.reduce((sum, part) => sum + LENGTH_BYTES + part.byteLength, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const part of frames) {
    view.setUint32(at, part.byteLength)
    bytes.set(part, at + LENGTH_BYTES)
    at += LENGTH_BYTES + part.byteLength
  }
  return sha256(bytes)
}

/** {@link taggedHash} as 64 lower-case hex characters. */
export function taggedHashHex(tag: string, ...parts: readonly Uint8Array[]): Hash {
  return toText(taggedHash(tag, ...parts), 'base16')
}
