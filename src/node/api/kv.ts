/** `/v1/kv`: final values of the replicated store, and proofs of them. */
import { RequestError } from './errors.ts'
import type { KvView, NodePort } from './node-port.ts'
import type { Operations } from './operation.ts'
import { keyParams, kvQuery } from './parameters.ts'
import { kvSchema } from './schemas.ts'

export function addKv({ node, add }: Operations): void {
  add(
    {
      method: 'GET',
      path: '/v1/kv/:key',
      summary: 'The final value under a key; `value` is null when there is none',
      description:
        'With `proof`, the value after a slightly older block, the newest to which the header of a final block commits, and a proof of it.',
      params: keyParams,
      query: kvQuery,
      answer: kvSchema,
      problems: [409],
    },
    ({ params: { key }, query }) => (query.proof === true ? provenValue(node, key) : node.kv(key)),
  )
}

async function provenValue(node: NodePort, key: string): Promise<KvView> {
  const outcome = await node.valueProof(key)
  if (!outcome.ok) {
    const advice = 'a node needs some blocks after its start; ask again, or ask another node'
    throw new RequestError('not-final', `no value can be proven yet: ${advice}`)
  }
  const { document } = outcome
  const { value = null, stateHeight = 0 } = document
  return { key, value, height: stateHeight, proof: document }
}
