/** What the kinds of proofs prove, each on top of a final block: the block itself, a transaction in it, a value in its state. */
import { fromString } from 'uint8arrays/from-string'
import type { Hash } from '../domain.ts'
import { verifyStateProof } from '../ledger/state-proof.ts'
import { TxProof } from '../protocols/wire/proof.gen.ts'
import { KvProof, StateProof } from '../protocols/wire/state-proof.gen.ts'
import { SignedTx } from '../protocols/wire/tx.gen.ts'
import { VerifyError } from './errors.ts'
import { type ProvenBlock, type Trust, verifyFinality } from './finality.ts'
import { isIncluded } from './merkle.ts'
import { taggedHash, taggedHashHex } from './tagged-hash.ts'
import { decodeExactly } from './wire.ts'

const TX_TAG = 'palaver/tx/1'

export const PROOF_TYPES = ['block', 'tx', 'kv'] as const
export type ProofType = (typeof PROOF_TYPES)[number]

/** What a proof has shown. `block` is final; the rest is in it. */
export type Proven =
  | { readonly type: 'block'; readonly block: ProvenBlock }
  | {
      readonly type: 'tx'
      readonly block: ProvenBlock
      readonly txId: Hash
      /** The transaction's place in the block, from 0. */
      readonly index: number
      /** The signed transaction, as the block carries it. */
      readonly transaction: Uint8Array
    }
  | {
      readonly type: 'kv'
      readonly block: ProvenBlock
      readonly key: string
      /** What the key held after block `block.header.stateHeight`; null for nothing. */
      readonly value: Uint8Array | null
    }

/** Checks the bytes of a proof. Throws `VerifyError`. */
export async function verifyProofBytes(type: ProofType, bytes: Uint8Array, trust: Trust): Promise<Proven> {
  switch (type) {
    case 'block':
      return { type, block: await verifyFinality(bytes, trust) }
    case 'tx':
      return verifyTx(bytes, trust)
    case 'kv':
      return verifyKv(bytes, trust)
  }
}

async function verifyTx(bytes: Uint8Array, trust: Trust): Promise<Proven> {
  const { finality, transaction, index, path, anchors } = decodeExactly('the proof of a transaction', TxProof, bytes)
  const block = await verifyFinality(finality, trust)
  const { payload, signer } = decodeExactly('the transaction', SignedTx, transaction)
  const txId = taggedHashHex(TX_TAG, payload, signer)
  if (!isIncluded(fromString(block.header.payloadRoot, 'base16'), transaction, { index, path, anchors })) {
    throw new VerifyError('not-included', `transaction ${txId} is not number ${index} of block ${block.hash}`)
  }
  return { type: 'tx', block, txId, index, transaction }
}

/** DESIGN.md 8: the header of a final block commits to the state after block `stateHeight`. */
async function verifyKv(bytes: Uint8Array, trust: Trust): Promise<Proven> {
  const { finality, key, value, present, state } = decodeExactly('the proof of a value', KvProof, bytes)
  if (state === undefined || (!present && value.byteLength > 0)) {
    throw new VerifyError(
      'malformed',
      'the proof of a value is malformed: it claims a value and its absence, or proves nothing',
    )
  }
  const block = await verifyFinality(finality, trust)
  const claim = { root: block.header.stateRoot, key: `kv/${key}`, value: present ? value : null }
  const verdict = verifyStateProof({ ...claim, proof: StateProof.encode(state) }, taggedHash)
  if (!verdict.ok) throw new VerifyError('bad-state-proof', verdict.reason)
  return { type: 'kv', block, key, value: claim.value }
}
