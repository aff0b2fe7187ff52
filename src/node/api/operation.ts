/**
 * One call of the API: declared once with its schemas, from which come the route, its validator and serializer, and its
 * place in the OpenAPI document.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Access } from './access.ts'
import { RequestError } from './errors.ts'
import type { NodePort } from './node-port.ts'

/** Declares a call. `P`, `Q` and `B` are the schemas of path parameters, query and body. */
export type Operation<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With parameters as `:name`. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** The shape of the JSON answer, `null` for none (204), or the media type of another answer. */
  readonly answer: z.ZodType | string | null
  /** Statuses of the problems it can answer with, beside 400, 403, 429 and 500. */
  readonly problems?: readonly number[]
  /** Needs the token. */
  readonly isMutating?: boolean
  /** Status of operating errors whose code has none of its own; 500 when absent. */
  readonly failureStatus?: number
}

export type OperationInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  readonly params: z.infer<P>
  readonly query: z.infer<Q>
  readonly body: z.infer<B>
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What the files of the resources add their calls to. */
export interface Operations {
  readonly node: NodePort
  readonly list: readonly Operation[]
  add<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
    operation: Operation<P, Q, B>,
    answer: (input: OperationInput<P, Q, B>) => unknown,
  ): void
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** See {@link Operation}. */
    failureStatus?: number
  }
}

/** A registry that makes a route of `app` for each call. */
export function createOperations(app: FastifyInstance, access: Access, node: NodePort): Operations {
  const list: Operation[] = []
  return {
    node,
    list,
    add(operation, answer) {
      const { method, path, params, query, body, isMutating = false, failureStatus } = operation
      list.push(operation)
      app.route({
        method,
        url: path,
        schema: routeSchema(operation),
        config: failureStatus === undefined ? {} : { failureStatus },
        // Before the body is read: who has no token may not make us read one.
        onRequest: isMutating
          ? (request, _reply, done) => {
              access.checkToken(request.headers.authorization)
              done()
            }
          : [],
        handler: async (request, reply) => {
          const input = {
            params: parsePart(params, request.params),
            query: parsePart(query, request.query),
            // The route's own validator, compiled from `body`, has checked it.
            body: request.body as z.infer<NonNullable<typeof body>>,
            request,
            reply,
          }
          const result = await answer(input)
          if (operation.answer === null) return reply.code(204).send()
          return result
        },
      })
    },
  }
}

function routeSchema({ body, answer }: Operation): { body?: object; response?: object } {
  return {
    ...(body === undefined ? {} : { body: jsonSchemaOf(body, 'input') }),
    ...(answer instanceof z.ZodType ? { response: { 200: jsonSchemaOf(answer, 'output') } } : {}),
  }
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  // The serializer takes `nullable` of OpenAPI 3.0 directly and would try each branch of an `anyOf`.
  const target = io === 'output' ? 'openapi-3.0' : 'draft-7'
  const { $schema: _, ...document } = z.toJSONSchema(schema, { io, target, unrepresentable: 'any' })
  return document
}

function parsePart<S extends z.ZodType>(schema: S | undefined, value: unknown): z.infer<S> {
  if (schema === undefined) return undefined as z.infer<S>
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const sentences = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the query'}: ${message}`)
  throw new RequestError('invalid-request', `${sentences.join('; ')}; see /docs`)
}
