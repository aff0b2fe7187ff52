/** The OpenAPI 3.1 document, derived from the declared calls and their schemas. */
import { z } from 'zod'
import type { Operation } from './operation.ts'
import * as schemas from './schemas.ts'

/** Schemas with a name of their own in the document. */
const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  Status: schemas.nodeStatusSchema,
  Peer: schemas.peerSchema,
  Block: schemas.blockSchema,
  Transaction: schemas.txSchema,
  SubmitRequest: schemas.submitRequestSchema,
  SubmitBatchRequest: schemas.submitBatchRequestSchema,
  SubmitAnswer: schemas.submitAnswerSchema,
  KeyValue: schemas.kvSchema,
  Event: schemas.eventSchema,
  Problem: schemas.problemSchema,
}

/** Problems any call can answer with. */
const COMMON_PROBLEMS = [400, 403, 429, 500]

type Json = Readonly<Record<string, unknown>>

/** The limits the document states. */
export type Limits = {
  readonly bodyBytes: number
  readonly headerBytes: number
  readonly connections: number
  readonly streams: number
  readonly requestsPerSecond: number
}

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>
  readonly components: Json
}

/** Derives the document; `version` is the node's. */
export function createOpenApi(operations: readonly Operation[], limits: Limits, version: string): OpenApiDocument {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    const path = operation.path.replace(/:([a-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(operation) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Palaver node', version, description: describeLimits(limits) },
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(COMPONENTS).map(([name, schema]) => [name, inline(schema)])),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token in `HOME/api.token` (readable by its owner).',
        },
      },
    },
  }
}

function describeLimits(limits: Limits): string {
  return [
    'Hashes and keys are lower-case hex; times are RFC 3339 or milliseconds. Calls that change something need the token.',
    '`Host` must name this node and `Origin`, if any, must be the same. Problems are RFC 9457 documents with a stable `code`.',
    `Limits: bodies ${limits.bodyBytes} bytes, headers ${limits.headerBytes} bytes, ${limits.connections} connections,`,
    `${limits.streams} event streams, ${limits.requestsPerSecond} requests per second and client,`,
    `pages of ${schemas.MAX_PAGE}, ${schemas.MAX_BATCH_ENTRIES} entries per batch, waits of ${schemas.MAX_WAIT_MS} ms.`,
  ].join(' ')
}

function describeOperation(operation: Operation): Json {
  const { summary, description, body, isMutating, path } = operation
  const parameters = [...describeParameters(operation.params, 'path'), ...describeParameters(operation.query, 'query')]
  return {
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [path.split('/')[path.startsWith('/v1/') ? 2 : 1]],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: refer(body, 'input') } } } }),
    responses: describeAnswers(operation),
    security: isMutating === true ? [{ token: [] }] : [],
  }
}

function describeParameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = inline(schema) as {
    properties?: Readonly<Record<string, unknown>>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function describeAnswers({ answer, problems = [], isMutating }: Operation): Json {
  const statuses = [...COMMON_PROBLEMS, ...(isMutating === true ? [401] : []), ...problems].sort((a, b) => a - b)
  const failures = statuses.map((status) => [
    String(status),
    { description: 'A problem', content: { 'application/problem+json': { schema: refer(schemas.problemSchema) } } },
  ])
  const success = answer === null ? { 204: { description: 'Done' } } : { 200: describeSuccess(answer) }
  return { ...success, ...Object.fromEntries(failures) }
}

function describeSuccess(answer: z.ZodType | string): Json {
  if (answer === 'text/event-stream') {
    const description = 'A stream of events; `data` of each is an Event'
    return { description, content: { [answer]: { schema: refer(schemas.eventSchema) } } }
  }
  if (typeof answer === 'string')
    return { description: 'The answer', content: { [answer]: { schema: { type: 'string' } } } }
  return { description: 'The answer', content: { 'application/json': { schema: refer(answer) } } }
}

/** A reference where the schema has a name, also as the items of a list. */
function refer(schema: z.ZodType, io: 'input' | 'output' = 'output'): Json {
  const name = Object.keys(COMPONENTS).find((key) => COMPONENTS[key] === schema)
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` }
  if (schema instanceof z.ZodArray) return { ...inline(schema, io), items: refer(schema.element as z.ZodType, io) }
  return inline(schema, io)
}

function inline(schema: z.ZodType, io: 'input' | 'output' = 'output'): Json {
  const { $schema: _, ...document } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' })
  return document
}
