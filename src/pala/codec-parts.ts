/** The small pieces of Pala's wire forms: hashes, slots, references, signer bitmaps. Readers throw on a wrong width. */
import type { Hash } from '../domain.ts'
import type * as wire from '../protocols/wire/pala.gen.ts'
import type { EpochId, Sn } from './sn.ts'
import type { BlockRef } from './types.ts'

export { readBitmap, writeBitmap } from './signer-bitmap.ts'

const HASH_BYTES = 32
const SIGNATURE_BYTES = 64

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
