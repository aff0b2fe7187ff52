/** The one hash for derived values (DESIGN.md 5.4): every part is length-prefixed under an ASCII tag. */
import { createHash, hash } from 'node:crypto'

const LENGTH_BYTES = 4
/** Where frames are laid out: whoever writes there hashes it before anything else runs. Larger frames are allocated. */
const SCRATCH = Buffer.allocUnsafeSlow(131_072)

/** The bytes to hash, only good until the next call. */
function frame(tag: string, parts: readonly Uint8Array[]): Buffer {
  let size = LENGTH_BYTES + tag.length
  for (const part of parts) size += LENGTH_BYTES + part.byteLength
  const bytes = size <= SCRATCH.byteLength ? SCRATCH.subarray(0, size) : Buffer.allocUnsafe(size)
  let at = bytes.writeUInt32BE(tag.length, 0)
  at += bytes.write(tag, at, 'ascii')
  for (const part of parts) {
    at = bytes.writeUInt32BE(part.byteLength, at)
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}

/** `SHA-256(u32be(len tag) || tag || for each part: u32be(len part) || part)`: 32 bytes. `tag` is ASCII. */
export function taggedHash(tag: string, ...parts: Uint8Array[]): Uint8Array {
  return hash('sha256', frame(tag, parts), 'buffer')
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
