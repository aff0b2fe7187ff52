/** `/openapi.json`, `/docs` and `/`: what the API offers, for programs and for people. */
import type { FastifyInstance } from 'fastify'
import { renderDocsPage, renderLandingPage } from './docs-page.ts'
import { createOpenApi, type Limits } from './openapi.ts'
import type { Operations } from './operation.ts'

/** Pages carry their own style and nothing else; nobody may frame them. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

/** Call it after every call is declared. Documents are made on first use. */
export function addDocs(app: FastifyInstance, { node, list }: Operations, limits: Limits): void {
  const document = once(() => createOpenApi(list, limits, node.status().version))
  const page = once(() => renderDocsPage(document()))
  const json = once(() => JSON.stringify(document()))
  app.get('/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(json()))
  app.get('/docs', (_request, reply) => sendPage(reply, page()))
  app.get('/', (_request, reply) => sendPage(reply, renderLandingPage(node.status().network)))
}

type PageReply = { header(name: string, value: string): { type(type: string): { send(body: string): unknown } } }

function sendPage(reply: PageReply, html: string): unknown {
  return reply.header('content-security-policy', PAGE_POLICY).type('text/html; charset=utf-8').send(html)
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
