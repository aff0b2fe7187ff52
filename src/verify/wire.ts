/**
 * Bytes of proofs -> their parts. A proof has one form: what does not come out again byte for byte is refused, so nothing
 * can be altered without being noticed. Signatures and links are judged elsewhere.
 */
import { equals } from 'uint8arrays/equals'
import { toString as toText } from 'uint8arrays/to-string'
import type { Hash } from '../domain.ts'
import { headerOf } from '../pala/header.ts'
import { readBitmap } from '../pala/signer-bitmap.ts'
import type { Sn } from '../pala/sn.ts'
import type { BlockHeader, Election, Notarization } from '../pala/types.ts'
import { readPlan } from '../protocols/committee-plan.ts'
import { Election as ElectionMessage } from '../protocols/wire/committee.gen.ts'
import { Header, Notarization as NotarizationMessage } from '../protocols/wire/pala.gen.ts'
import type * as proof from '../protocols/wire/proof.gen.ts'
import { VerifyError } from './errors.ts'
import { taggedHashHex } from './tagged-hash.ts'

const BLOCK_TAG = 'palaver/pala/block/1'
const HASH_BYTES = 32
const SIGNATURE_BYTES = 64

/** A header with the bytes that name its block. */
export type NamedHeader = { readonly hash: Hash; readonly header: BlockHeader }

/** Headers of a block and its descendants, oldest first, and the certificate of the last. */
export type HeaderChain = {
  readonly first: NamedHeader
  readonly top: NamedHeader
  readonly headers: readonly NamedHeader[]
  readonly notarization: Notarization
}

type Codec<T> = { readonly decode: (bytes: Uint8Array) => T; readonly encode: (message: T) => Uint8Array }

const malformed = (what: string, why: string, cause?: unknown): VerifyError =>
  new VerifyError('malformed', `${what} is malformed: ${why}`, { cause })

/** Decodes a message in its one form. Throws `malformed`. */
export function decodeExactly<T>(what: string, codec: Codec<T>, bytes: Uint8Array): T {
  const message = attempt(what, () => codec.decode(bytes))
  if (!equals(codec.encode(message), bytes)) throw malformed(what, 'it is not in its one form')
  return message
}

/** Runs a reader; whatever it throws becomes `malformed`. */
export function attempt<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof VerifyError) throw cause
    throw malformed(what, cause instanceof Error ? cause.message : 'undecodable', cause)
  }
}

function readHash(bytes: Uint8Array): Hash {
  if (bytes.byteLength !== HASH_BYTES) throw new Error(`a hash has ${HASH_BYTES} bytes, not ${bytes.byteLength}`)
  return toText(bytes, 'base16')
}

/** Parses header bytes and names their block. Throws `malformed`. */
export function readHeader(bytes: Uint8Array): NamedHeader {
  return attempt('a block header', () => {
    const header = headerOf(Header.decode(bytes), readHash)
    return { hash: taggedHashHex(BLOCK_TAG, bytes), header }
  })
}

/** Parses a certificate. Throws `malformed`. */
export function readNotarization(bytes: Uint8Array): Notarization {
  const { session, epoch, s, blockHash, signers, signatures } = decodeExactly(
    'a notarization',
    NotarizationMessage,
    bytes,
  )
  const sn: Sn = { session, epoch, s }
  return attempt('a notarization', () => {
    const indexes = readBitmap(signers)
    if (signatures.length !== indexes.length) throw new Error('as many signatures as signers')
    const odd = signatures.find((each) => each.byteLength !== SIGNATURE_BYTES)
    if (odd !== undefined) throw new Error(`a signature has ${SIGNATURE_BYTES} bytes, not ${odd.byteLength}`)
    return { sn, blockHash: readHash(blockHash), signers: indexes, signatures }
  })
}

/** Parses the headers above a block. Throws `malformed`. */
export function readChain(chain: proof.HeaderChain | undefined): HeaderChain {
  const headers = (chain?.headers ?? []).map(readHeader)
  const first = headers[0]
  const top = headers.at(-1)
  if (chain === undefined || first === undefined || top === undefined) throw malformed('the proof', 'it has no headers')
  return { first, top, headers, notarization: readNotarization(chain.notarization) }
}

/** Parses an election. Throws `malformed`. */
export function readElection(bytes: Uint8Array): Election {
  const { plan, kept } = decodeExactly('an election', ElectionMessage, bytes)
  return attempt('an election', () => ({ plan: readPlan(plan), kept }))
}
