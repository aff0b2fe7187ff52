/** The id of a proposal: known as soon as its transaction is, to the node that submits it and to the module alike. */
import { taggedHashHex, u32be } from '../../crypto/tagged-hash.ts'
import type { Hash } from '../../domain.ts'

const PROPOSAL_TAG = 'palaver/committee/proposal/1'

/** The id of the proposal that an entry makes; `entry` is its place in the transaction, from 0. */
export function proposalIdOf(txId: Hash, entry: number): Hash {
  return taggedHashHex(PROPOSAL_TAG, Buffer.from(txId, 'hex'), u32be(entry))
}
