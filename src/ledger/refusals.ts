/** Why a transaction is not taken: stable codes for programs, one sentence each for people. */
import { MAX_ENTRIES, MAX_TX_BYTES } from './types.ts'

export type RefusalCode =
  | 'duplicate'
  | 'nonce-used'
  | 'nonce-taken'
  | 'nonce-too-far'
  | 'sender-full'
  | 'pool-full'
  | 'too-large'
  | 'malformed'
  | 'other-chain'
  | 'bad-signature'
  | 'unknown-module'
  | 'bad-entry'

/** A refused transaction: `detail` says what is wrong and what to do. */
export type Refusal = { readonly code: RefusalCode; readonly detail: string }

const SENTENCES: Record<RefusalCode, string> = {
  duplicate: 'this very transaction is already waiting or final: look it up by its id',
  'nonce-used': "the sender's transaction with this nonce is already final: sign again with the next nonce",
  'nonce-taken': 'another transaction of this sender with the same nonce is waiting: sign again with the next nonce',
  'nonce-too-far': "the nonce is too far above the sender's next one: submit the transactions in between first",
  'sender-full': 'this sender has as many transactions waiting as a node keeps: wait until some are final',
  'pool-full': 'the node keeps no more waiting transactions: try again later or through another node',
  'too-large': `a transaction holds at most ${MAX_TX_BYTES} bytes and ${MAX_ENTRIES} entries: split it`,
  malformed: 'the bytes are not a signed transaction in its one canonical encoding',
  'other-chain': 'the transaction is signed for another network: check the chain id',
  'bad-signature': "the signature is not the sender's over this payload: sign with the key named as signer",
  'unknown-module': 'an entry names a module this ledger does not have',
  'bad-entry': 'an entry is not what its module takes',
}

/** A refusal with its standard sentence, followed by `about` when there is something particular to say. */
export function refusal(code: RefusalCode, about?: string): Refusal {
  return { code, detail: about === undefined ? SENTENCES[code] : `${SENTENCES[code]} (${about})` }
}

/** Whether `value` is a refusal rather than a transaction. */
export function isRefusal(value: object): value is Refusal {
  return 'code' in value
}
