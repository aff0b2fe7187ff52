/** `/livez`, `/readyz`, `/metrics`: for whoever keeps the node running. */
import { RequestError } from './errors.ts'
import type { Operations } from './operation.ts'
import { verboseQuery } from './parameters.ts'
import { aliveSchema, readySchema } from './schemas.ts'

export function addHealth({ node, add }: Operations): void {
  add({ method: 'GET', path: '/livez', summary: 'The process answers', answer: aliveSchema }, () => ({ alive: true }))
  add(
    {
      method: 'GET',
      path: '/readyz',
      summary: 'The node is caught up and has enough peers; `verbose` names each check',
      query: verboseQuery,
      answer: readySchema,
      problems: [503],
    },
    ({ query }) => {
      const checks = node.readiness()
      const failed = checks.filter((check) => !check.ok)
      if (failed.length === 0) return query.verbose === true ? { ready: true, checks } : { ready: true }
      const reasons = failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ')
      throw new RequestError('not-ready', `this node is not ready (${reasons}): wait, or run palaver doctor`, {
        checks,
      })
    },
  )
  add({ method: 'GET', path: '/metrics', summary: 'Prometheus metrics', answer: 'text/plain' }, async ({ reply }) => {
    const { contentType, text } = await node.metrics()
    reply.type(contentType)
    return text
  })
}
