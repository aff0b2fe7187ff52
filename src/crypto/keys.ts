/**
 * Ed25519 in one place (DESIGN.md 5.6): signing, and verification either at once, where a round of consensus waits, or
 * mostly on a worker thread. What is signed is `tag || 0x00 || chainId(32) || payload` (DESIGN.md 5.2).
 */
import { createPrivateKey, createPublicKey, hash, sign } from 'node:crypto'
import { assert } from '../assert.ts'
import type { Hash, Hex, PublicKeyHex } from '../domain.ts'
import { KEY_BYTES, SIGNATURE_BYTES, verifyEd25519 } from './ed25519.ts'
import { createVerifyThread } from './verify-thread.ts'

/** PKCS#8 DER header of an Ed25519 private key; the 32-byte seed follows. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
/** SPKI DER header of an Ed25519 public key; the 32-byte key follows. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
/** Proven (signer, statement, signature) triples kept, about 100 bytes each. */
const MAX_CACHED_PROOFS = 8_192

/** Verifications of one event-loop turn that are made at once, about 70 us each. */
const MAX_INLINE = 8

/** A statement to sign or verify: what kind it is (`tag`), for which network, and its exact bytes. */
export type Statement = { readonly tag: string; readonly chainId: Hash; readonly payload: Uint8Array }

/** The bytes a signature covers. */
export function signBytes({ tag, chainId, payload }: Statement): Uint8Array {
  return Buffer.concat([Buffer.from(tag, 'ascii'), Buffer.of(0), Buffer.from(chainId, 'hex'), payload])
}

/** Signs statements with one key. */
export interface Signer {
  readonly publicKey: PublicKeyHex
  /** A 64-byte Ed25519 signature; the same statement always gives the same bytes. */
  sign(statement: Statement): Uint8Array
}

/** A signer from the 32-byte Ed25519 seed. */
export function createSigner(seed: Uint8Array): Signer {
  assert(seed.byteLength === KEY_BYTES, 'an Ed25519 seed has 32 bytes')
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  const publicKey = spki.subarray(SPKI_PREFIX.byteLength).toString('hex')
  return { publicKey, sign: (statement) => sign(null, signBytes(statement), key) }
}

/** Whether `text` has the form of a public key: 64 lower-case hex characters. */
export function isPublicKeyHex(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

export type SignatureCheck = {
  readonly publicKey: PublicKeyHex
  readonly statement: Statement
  readonly signature: Uint8Array
}

const proven = new Set<Hex>()
let inline = 0
const thread = createVerifyThread()

function isWellFormed({ publicKey, signature }: SignatureCheck): boolean {
  return signature.byteLength === SIGNATURE_BYTES && isPublicKeyHex(publicKey)
}

function proofOf({ publicKey, signature }: SignatureCheck, bytes: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(publicKey, 'hex'), signature, bytes]), 'base64')
}

function remember(proof: string, valid: boolean): boolean {
  if (!valid) return false
  if (proven.size >= MAX_CACHED_PROOFS) proven.delete(proven.values().next().value as string)
  proven.add(proof)
  return true
}

/**
 * Whether the signature is right, at once and on this thread: for the few that a round of consensus waits for. They come
 * more than once, alone and inside certificates, so a proof is made once and remembered.
 */
export function verifySignatureNow(check: SignatureCheck): boolean {
  if (!isWellFormed(check)) return false
  const bytes = signBytes(check.statement)
  const proof = proofOf(check, bytes)
  if (proven.has(proof)) return true
  return remember(proof, verifyEd25519({ key: Buffer.from(check.publicKey, 'hex'), signature: check.signature, bytes }))
}

/**
 * Resolves to whether the signature is right. The first few of a turn are verified on this thread, where one takes less
 * than a message to another thread and back; the rest go to the worker. Callers remember what they have proven.
 */
export async function verifySignature(check: SignatureCheck): Promise<boolean> {
  if (!isWellFormed(check)) return false
  const bytes = signBytes(check.statement)
  const raw = { key: Buffer.from(check.publicKey, 'hex'), signature: check.signature, bytes }
  if (inline >= MAX_INLINE) return thread.verify(raw)
  countInline()
  return verifyEd25519(raw)
}

/** Counts verifications made on this thread until the event loop has turned. */
function countInline(): void {
  if (inline === 0) setImmediate(() => (inline = 0))
  inline++
}
