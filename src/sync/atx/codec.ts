/**
 * The default ATX (S2): a payload under its publisher's signature. An ATX has exactly one encoding: what does not come
 * out again byte for byte is none. The id is of the payload alone, so a wrong signature says nothing about the id.
 */
import { Buffer } from 'node:buffer'
import type { Signer, Statement } from '../../crypto/keys.ts'
import { taggedHashHex } from '../../crypto/tagged-hash.ts'
import type { Hash, PublicKeyHex } from '../../domain.ts'
import { AtxPayload, SignedAtx } from '../../protocols/wire/atx.gen.ts'
import type { AtxCodec } from '../ports.ts'
import { type AtxInfo, ID_BYTES } from '../set/types.ts'

/** The tag of signed ATXs and of their ids. */
const ATX_TAG = 'palaver/atx/1'
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const MAX_EPOCH = 0xffff_ffff

/** What a publisher says; `body` is the application's and not looked at. */
export type UnsignedAtx = Omit<AtxInfo, 'id' | 'publisher'> & { readonly body: Uint8Array }

/** An ATX as it travels. */
export type SignedBlob = { readonly id: Hash; readonly blob: Uint8Array }

/** An ATX taken apart, its signature not looked at. */
export type ParsedAtx = {
  readonly info: AtxInfo
  readonly body: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

/** What an ATX's signature covers. */
export function atxStatement(chainId: Hash, payload: Uint8Array): Statement {
  return { tag: ATX_TAG, chainId, payload }
}

function idBytes(id: Hash | null): Uint8Array {
  return Buffer.from(id ?? '', 'hex')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** Signs an ATX of the signer's. */
export function signAtx(atx: UnsignedAtx, { chainId, signer }: { chainId: Hash; signer: Signer }): SignedBlob {
  const payload = AtxPayload.encode({
    ...atx,
    publisher: Buffer.from(signer.publicKey, 'hex'),
    previous: idBytes(atx.previous),
    positioning: idBytes(atx.positioning),
  })
  const signature = signer.sign(atxStatement(chainId, payload))
  const blob = SignedAtx.encode({ payload, signer: Buffer.from(signer.publicKey, 'hex'), signature })
  return { id: taggedHashHex(ATX_TAG, payload), blob }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function isId(bytes: Uint8Array): boolean {
  return bytes.byteLength === 0 || bytes.byteLength === ID_BYTES
}

/** Whether a payload has the widths and ranges of one. */
function isWellFormed({
  publisher,
  publishEpoch,
  previous,
  positioning,
  baseTickHeight,
  tickCount,
}: AtxPayload): boolean {
  if (publisher.byteLength !== KEY_BYTES || !isId(previous) || !isId(positioning)) return false
  return publishEpoch <= MAX_EPOCH && Number.isSafeInteger(baseTickHeight) && Number.isSafeInteger(tickCount)
}

function infoOf(payload: AtxPayload, id: Hash): AtxInfo {
  const { publishEpoch, baseTickHeight, tickCount } = payload
  const publisher: PublicKeyHex = hex(payload.publisher)
  const dependency = (bytes: Uint8Array): Hash | null => (bytes.byteLength === 0 ? null : hex(bytes))
  const [previous, positioning] = [payload.previous, payload.positioning].map(dependency) as [Hash | null, Hash | null]
  return { id, publisher, publishEpoch, baseTickHeight, tickCount, previous, positioning }
}

/** Takes a blob apart; null when it is no ATX. Never throws. */
export function parseAtx(blob: Uint8Array): ParsedAtx | null {
  try {
    const signed = SignedAtx.decode(blob)
    if (signed.signature.byteLength !== SIGNATURE_BYTES || !isSame(SignedAtx.encode(signed), blob)) return null
    const payload = AtxPayload.decode(signed.payload)
    if (!isWellFormed(payload) || !isSame(payload.publisher, signed.signer)) return null
    if (!isSame(AtxPayload.encode(payload), signed.payload)) return null
    const info = infoOf(payload, taggedHashHex(ATX_TAG, signed.payload))
    return { info, body: payload.body, payload: signed.payload, signature: signed.signature }
  } catch {
    return null
  }
}

/** What of a blob is signed, and its signature. The blob is one that {@link parseAtx} took apart. */
export function signedPartsOf(blob: Uint8Array): Pick<ParsedAtx, 'payload' | 'signature'> {
  return SignedAtx.decode(blob)
}

/** Reads the default ATX. */
export const atxCodec: AtxCodec = { decode: (blob) => parseAtx(blob)?.info ?? null }
