/** `/v1/status`: where this node stands. */
import type { Operations } from './operation.ts'
import { nodeStatusSchema } from './schemas.ts'

export function addStatus({ node, add }: Operations): void {
  add({ method: 'GET', path: '/v1/status', summary: 'Where this node stands', answer: nodeStatusSchema }, () =>
    node.status(),
  )
}
