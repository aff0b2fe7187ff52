/** The small pieces of Pala's wire forms: hashes, slots, references, signer bitmaps. Readers throw on a wrong width. */
import type { Hash } from '../domain.ts'
import type * as wire from '../protocols/wire/pala.gen.ts'
import type { EpochId, Sn } from './sn.ts'
import type { BlockRef } from './types.ts'

const HASH_BYTES = 32
const SIGNATURE_BYTES = 64
/** 400 voters (spec/pala.md 25). */
const MAX_BITMAP_BYTES = 50

export function toBytes(hash: Hash): Uint8Array {
  return Buffer.from(hash, 'hex')
}

export function readHash(bytes: Uint8Array): Hash {
  if (bytes.byteLength !== HASH_BYTES) throw new Error(`a hash has ${HASH_BYTES} bytes, not ${bytes.byteLength}`)
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

export function readSignature(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength !== SIGNATURE_BYTES) throw new Error(`a signature has ${SIGNATURE_BYTES} bytes`)
  return bytes
}

export function readSn(message: wire.Sn | undefined): Sn {
  if (message === undefined) throw new Error('a slot is missing')
  return { session: message.session, epoch: message.epoch, s: message.s }
}

export function readEpoch(message: wire.Epoch | undefined): EpochId {
  if (message === undefined) throw new Error('an epoch is missing')
  return { session: message.session, epoch: message.epoch }
}

export function writeRef({ sn, hash, height }: BlockRef): wire.BlockRef {
  return { sn, hash: toBytes(hash), height }
}

export function readRef(message: wire.BlockRef | undefined): BlockRef {
  if (message === undefined) throw new Error('a block reference is missing')
  return { sn: readSn(message.sn), hash: readHash(message.hash), height: message.height }
}

/** Ascending indexes as a bitmap, least significant bit first, without trailing zero bytes. */
export function writeBitmap(indexes: readonly number[]): Uint8Array {
  const top = indexes.at(-1) ?? -1
  const bytes = new Uint8Array(Math.floor(top / 8) + 1)
  for (const index of indexes) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7))
  return bytes
}

/** The indexes of a bitmap, ascending; a trailing zero byte is not canonical. */
export function readBitmap(bytes: Uint8Array): number[] {
  if (bytes.byteLength > MAX_BITMAP_BYTES) throw new Error('signer bitmap too long')
  if (bytes.byteLength > 0 && bytes[bytes.byteLength - 1] === 0) throw new Error('signer bitmap with a trailing zero')
  const indexes: number[] = []
  for (const [at, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte >> bit) & 1) indexes.push(at * 8 + bit)
  }
  return indexes
}
