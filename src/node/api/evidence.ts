/** `/v1/evidence`: proofs of misbehaviour this node holds. */
import { RequestError } from './errors.ts'
import type { Operations } from './operation.ts'
import { evidenceParams } from './parameters.ts'
import { evidenceDetailSchema, evidenceListSchema } from './schemas.ts'

export function addEvidence({ node, add }: Operations): void {
  add(
    {
      method: 'GET',
      path: '/v1/evidence',
      summary: 'Proofs of misbehaviour, oldest first: who did what, and where the ledger recorded it',
      answer: evidenceListSchema,
    },
    () => node.evidence(),
  )
  add(
    {
      method: 'GET',
      path: '/v1/evidence/:id',
      summary: 'One proof with its transferable bytes',
      params: evidenceParams,
      answer: evidenceDetailSchema,
      problems: [404],
    },
    ({ params: { id } }) => {
      const found = node.evidenceById(id)
      if (found !== null) return found
      throw new RequestError('not-found', `this node holds no evidence ${id}; see /v1/evidence for what it holds`)
    },
  )
}
