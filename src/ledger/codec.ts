/**
 * Wire and disk forms of the ledger <-> its nouns. A transaction has exactly one encoding: whatever does not come out
 * again byte for byte is refused as malformed.
 */
import { Buffer } from 'node:buffer'
import type { Signer, Statement } from '../crypto/keys.ts'
import { taggedHashHex } from '../crypto/tagged-hash.ts'
import type { Hash, PublicKeyHex } from '../domain.ts'
import * as wire from '../protocols/wire/tx.gen.ts'
import { type Refusal, refusal } from './refusals.ts'
import { type Entry, MAX_ENTRIES, MAX_TX_BYTES, type Transaction } from './types.ts'

/** The tag of signed transactions and of their ids. */
export const TX_TAG = 'palaver/tx/1'
const HASH_BYTES = 32
const SIGNATURE_BYTES = 64

/** What a transaction's signature covers. */
export function txStatement(chainId: Hash, payload: Uint8Array): Statement {
  return { tag: TX_TAG, chainId, payload }
}

/** The id of the transaction `payload` by `signer`: 32 bytes as hex. */
export function txIdOf(payload: Uint8Array, signer: PublicKeyHex): Hash {
  return taggedHashHex(TX_TAG, payload, Buffer.from(signer, 'hex'))
}

export type UnsignedTransaction = { readonly chainId: Hash; readonly nonce: number; readonly entries: readonly Entry[] }

/** Signs entries as one transaction. Sizes are not checked here: admission does that. */
export function signTransaction({ chainId, nonce, entries }: UnsignedTransaction, signer: Signer): Transaction {
  const payload = wire.TxPayload.encode({ chainId: Buffer.from(chainId, 'hex'), nonce, entries: [...entries] })
  const signature = signer.sign(txStatement(chainId, payload))
  const bytes = wire.SignedTx.encode({ payload, signer: Buffer.from(signer.publicKey, 'hex'), signature })
  const txId = txIdOf(payload, signer.publicKey)
  return { txId, sender: signer.publicKey, nonce, entries, bytes, payload, signature }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function parseSigned(bytes: Uint8Array): { signed: wire.SignedTx; body: wire.TxPayload } | null {
  try {
    const signed = wire.SignedTx.decode(bytes)
    if (signed.signer.byteLength !== HASH_BYTES || signed.signature.byteLength !== SIGNATURE_BYTES) return null
    if (!sameBytes(wire.SignedTx.encode(signed), bytes)) return null
    const body = wire.TxPayload.decode(signed.payload)
    if (body.chainId.byteLength !== HASH_BYTES || !Number.isSafeInteger(body.nonce) || body.nonce < 0) return null
    if (body.entries.length === 0 || !sameBytes(wire.TxPayload.encode(body), signed.payload)) return null
    return { signed, body }
  } catch {
    return null
  }
}

/** Decodes a signed transaction for network `chainId`. Never throws; the signature is not looked at. Copies `bytes`. */
export function parseTransaction(bytes: Uint8Array, chainId: Hash): Transaction | Refusal {
  if (bytes.byteLength > MAX_TX_BYTES) return refusal('too-large', `${bytes.byteLength} bytes`)
  const own = new Uint8Array(bytes)
  const parsed = parseSigned(own)
  if (parsed === null) return refusal('malformed')
  const { signed, body } = parsed
  if (Buffer.from(body.chainId).toString('hex') !== chainId) return refusal('other-chain')
  if (body.entries.length > MAX_ENTRIES) return refusal('too-large', `${body.entries.length} entries`)
  const sender = Buffer.from(signed.signer).toString('hex')
  const txId = txIdOf(signed.payload, sender)
  const { payload, signature } = signed
  return { txId, sender, nonce: body.nonce, entries: body.entries, bytes: own, payload, signature }
}

/** A refusal as it travels back to where the transaction came from. */
export type TxRefusal = { readonly txId: Hash; readonly code: string; readonly detail: string }

export type TxMessage = { readonly transactions: readonly Uint8Array[]; readonly refusals: readonly TxRefusal[] }

/** One message of the transaction channel or topic. */
export function encodeTxMessage({ transactions, refusals }: Partial<TxMessage>): Uint8Array {
  return wire.TxMessage.encode({
    transactions: [...(transactions ?? [])],
    refusals: (refusals ?? []).map(({ txId, code, detail }) => ({ txId: Buffer.from(txId, 'hex'), code, detail })),
  })
}

/** Decodes a message; null when it is not one. */
export function parseTxMessage(bytes: Uint8Array): TxMessage | null {
  try {
    const { transactions, refusals } = wire.TxMessage.decode(bytes)
    if (refusals.some(({ txId }) => txId.byteLength !== HASH_BYTES)) return null
    const read = refusals.map(({ txId, code, detail }) => ({ txId: Buffer.from(txId).toString('hex'), code, detail }))
    return { transactions, refusals: read }
  } catch {
    return null
  }
}
