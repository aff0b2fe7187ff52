/** The one hash for derived values (DESIGN.md 5.4): every part is length-prefixed under an ASCII tag. */
import { createHash, hash } from 'node:crypto'

const LENGTH_BYTES = 4
const DIGEST_BYTES = 32
/** Where frames are laid out: whoever writes there hashes it before anything else runs. Larger frames are allocated. */
const SCRATCH = Buffer.allocUnsafeSlow(131_072)

/** The bytes to hash, only good until the next call. */
function frame(tag: string, parts: readonly Uint8Array[]): Buffer {
  let size = LENGTH_BYTES + tag.length
  for (const part of parts) size += LENGTH_BYTES + part.byteLength
  const bytes = size <= SCRATCH.byteLength ? SCRATCH.subarray(0, size) : Buffer.allocUnsafe(size)
  let at = bytes.writeUInt32BE(tag.length, 0)
  at += bytes.write(tag, at, 'latin1')
  for (const part of parts) {
    at = bytes.writeUInt32BE(part.byteLength, at)
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}

/** `SHA-256(u32be(len tag) || tag || for each part: u32be(len part) || part)`: 32 bytes. `tag` is ASCII. */
export function taggedHash(tag: string, ...parts: Uint8Array[]): Uint8Array {
  return digestBytes(hash('sha256', frame(tag, parts), 'binary'))
}

/**
 * A 32-byte hash as latin1 text, a character for each byte: what is only hashed again stays in this form, because Node
 * returns it three to four times faster than a Buffer.
 */
export type Digest = string

export function digestBytes(digest: Digest): Uint8Array {
  return Buffer.from(digest, 'latin1')
}

/** {@link taggedHash} of one part. */
export function taggedDigest(tag: string, part: Uint8Array): Digest {
  return hash('sha256', frame(tag, [part]), 'binary')
}

/** Makes {@link taggedHash} of two digests, laid out in a frame that only they change. */
export function pairDigest(tag: string): (left: Digest, right: Digest) => Digest {
  const none = new Uint8Array(DIGEST_BYTES)
  const bytes = Buffer.from(frame(tag, [none, none]))
  const second = bytes.byteLength - DIGEST_BYTES
  const first = second - LENGTH_BYTES - DIGEST_BYTES
  return (left, right) => {
    bytes.write(left, first, 'latin1')
    bytes.write(right, second, 'latin1')
    return hash('sha256', bytes, 'binary')
  }
}

/** {@link taggedHash} as 64 lower-case hex characters. */
export function taggedHashHex(tag: string, ...parts: Uint8Array[]): string {
  return hash('sha256', frame(tag, parts), 'hex')
}

/** The 64-byte form, over SHA-512. */
export function taggedHash512(tag: string, ...parts: Uint8Array[]): Uint8Array {
  return createHash('sha512').update(frame(tag, parts)).digest()
}

/** A 32-bit unsigned integer as four big-endian bytes. */
export function u32be(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A non-negative integer below 2^53 (or a bigint below 2^64) as eight big-endian bytes. */
export function u64be(value: number | bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}
