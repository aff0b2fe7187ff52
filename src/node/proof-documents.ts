/** Proofs as the API and the command line hand them out: each was checked here by the verifier that its reader will use. */
import type { Hash, Millis } from '../domain.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { documentOf, type ProofDocument } from '../verify/file.ts'
import type { ProofType, ProofVerifier } from '../verify/verify.ts'
import type { ProofOutcome, ProofProblem, Proofs } from './proofs.ts'
import type { ProveValue } from './value-proofs.ts'

/** Empty blocks become provable when the next ones do, about one interval of empty blocks later. */
const WAIT_MS: Millis = 5_000
/** After a start it takes 2k blocks until a header commits to a state that this run of the node keeps. */
const VALUE_WAIT_MS: Millis = 20_000

export type DocumentOutcome =
  | { readonly ok: true; readonly document: ProofDocument }
  | { readonly ok: false; readonly problem: ProofProblem }

export interface ProofDocuments {
  /** A finality proof of a block; waits some seconds for one that is final but not provable yet. */
  block(ref: number | Hash | 'latest'): Promise<DocumentOutcome>
  transaction(txId: Hash): Promise<DocumentOutcome>
  /** What a kv key holds; waits some seconds for a proof of what it holds now. */
  value(key: string): Promise<DocumentOutcome>
}

export type ProofDocumentsOptions = {
  readonly proofs: Proofs
  readonly proveValue: ProveValue
  readonly ledger: Pick<Ledger, 'transaction'>
  readonly verifier: ProofVerifier
}

/** Makes checked documents. */
export function createProofDocuments(options: ProofDocumentsOptions): ProofDocuments {
  const { proofs, proveValue, ledger, verifier } = options

  async function checked(type: ProofType, outcome: ProofOutcome): Promise<DocumentOutcome> {
    if (!outcome.ok) return outcome
    const { proven } = await verifier.bytes(type, outcome.proof)
    return { ok: true, document: documentOf(proven, outcome.proof) }
  }

  return {
    async block(ref) {
      return checked('block', ref === 'latest' ? await proofs.newest() : await proofs.block(ref, { waitMs: WAIT_MS }))
    },
    async transaction(txId) {
      const record = await ledger.transaction(txId)
      if (record === null) return { ok: false, problem: 'unknown' }
      const { blockHash, index } = record
      if (blockHash === null || index === null) return { ok: false, problem: 'not-final' }
      return checked('tx', await proofs.transaction({ blockHash, index }, { waitMs: WAIT_MS }))
    },
    value: async (key) => checked('kv', await proveValue(key, { waitMs: VALUE_WAIT_MS })),
  }
}
