/** `/v1/proofs`: proofs that `palaver verify` accepts offline. */
import type { ProofProblem } from '../proofs.ts'
import { RequestError } from './errors.ts'
import type { Operations } from './operation.ts'
import { blockParams, txIdParams } from './parameters.ts'
import { proofSchema } from './schemas.ts'

export function addProofs({ node, add }: Operations): void {
  const problems = [404, 409, 410]
  add(
    {
      method: 'GET',
      path: '/v1/proofs/blocks/:ref',
      summary: 'A finality proof of a block by height or hash, or of the `latest` one that can be proven',
      description: 'Checked offline with `palaver verify`; it leads from genesis over every change of the committee.',
      params: blockParams,
      answer: proofSchema,
      problems,
    },
    async ({ params: { ref } }) => {
      const outcome = await node.blockProof(/^[0-9]{1,15}$/.test(ref) ? Number(ref) : ref)
      if (outcome.ok) return outcome.document
      throw problemOf(outcome.problem, `block ${ref}`)
    },
  )
  add(
    {
      method: 'GET',
      path: '/v1/proofs/txs/:id',
      summary: 'A proof that a transaction is in a final block',
      description: 'Checked offline with `palaver verify`; the answer holds the place of the transaction in its block.',
      params: txIdParams,
      answer: proofSchema,
      problems,
    },
    async ({ params: { id } }) => {
      const outcome = await node.transactionProof(id)
      if (outcome.ok) return outcome.document
      throw problemOf(outcome.problem, `transaction ${id}`)
    },
  )
}

function problemOf(problem: ProofProblem, what: string): RequestError {
  switch (problem) {
    case 'unknown':
    case 'earlier':
      return new RequestError('not-found', `this node knows no ${what}; see /v1/status for its final height`)
    case 'pruned':
      return new RequestError(
        'pruned',
        `${what} is pruned here: ask an archive node, one that runs with --prune-keep 0`,
      )
    case 'not-final':
      return new RequestError(
        'not-final',
        `${what} cannot be proven yet: it is not final, or became so just now; ask again`,
      )
  }
}
