/** `/v1/kv`: final values of the replicated store. */
import { RequestError } from './errors.ts'
import type { Operations } from './operation.ts'
import { keyParams, kvQuery } from './parameters.ts'
import { kvSchema } from './schemas.ts'

export function addKv({ node, add }: Operations): void {
  add(
    {
      method: 'GET',
      path: '/v1/kv/:key',
      summary: 'The final value under a key; `value` is null when there is none',
      params: keyParams,
      query: kvQuery,
      answer: kvSchema,
      problems: [501],
    },
    ({ params, query }) => {
      if (query.proof === true) {
        const advice = 'compare ledger.stateRoot of /v1/status on several nodes instead'
        throw new RequestError('not-supported', `this version gives no proofs of single keys: ${advice}`)
      }
      return node.kv(params.key)
    },
  )
}
