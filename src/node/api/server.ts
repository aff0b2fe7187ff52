/** The HTTP API's server: limits, access checks, problem documents, and the calls of every resource. */
import type { Socket } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { ConfigError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { createAccess } from './access.ts'
import { addAtxs } from './atx.ts'
import { addBlocks } from './blocks.ts'
import { addCommittee } from './committee.ts'
import { addDocs } from './docs.ts'
import { RequestError } from './errors.ts'
import { addEvents, MAX_STREAMS } from './events.ts'
import { addEvidence } from './evidence.ts'
import { addHealth } from './health.ts'
import { addKv } from './kv.ts'
import type { NodePort } from './node-port.ts'
import type { Limits } from './openapi.ts'
import { createOperations } from './operation.ts'
import { addPeers } from './peers.ts'
import { createProblem, PROBLEM_TYPE, sendProblem, toProblem } from './problem.ts'
import { addProofs } from './proofs.ts'
import { addStatus } from './status.ts'
import { addTransactions } from './tx.ts'

const LIMITS: Limits = {
  bodyBytes: 1_048_576,
  headerBytes: 16_384,
  connections: 512,
  streams: MAX_STREAMS,
  requestsPerSecond: 5_000,
}
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_MS = 72_000
/** Clients (addresses) whose rate is remembered. */
const MAX_RATED_CLIENTS = 5_000
/** A path may carry a 256-byte key with each byte percent-encoded. */
const MAX_PARAM_CHARS = 1_024

export type ApiOptions = {
  readonly node: NodePort
  readonly token: string
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** More names under which the API may be called, besides `host` and loopback. */
  readonly allowedHosts?: readonly string[]
  /** Requests of one client (address); 5,000 when absent. */
  readonly requestsPerSecond?: number
  readonly logger: Pick<Logger, 'debug' | 'error'>
}

/** A listening API. */
export interface Api {
  readonly url: string
  /** Ends event streams and connections. */
  close(): Promise<void>
}

/** Starts the server. Rejects with `api-unavailable` when the address cannot be bound. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const app = createServer(options.logger)
  const limits = { ...LIMITS, requestsPerSecond: options.requestsPerSecond ?? LIMITS.requestsPerSecond }
  const access = createAccess({ ...options, allowedHosts: options.allowedHosts ?? [] })
  // First of all: what is not meant for this node is not counted and not read.
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store')
    access.checkOrigin(request.headers)
    done()
  })
  await app.register(rateLimit, {
    max: limits.requestsPerSecond,
    timeWindow: 1_000,
    cache: MAX_RATED_CLIENTS,
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  })
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request) => {
    throw new RequestError('not-found', `there is no ${request.method} ${request.url.split('?')[0]}; see /docs`)
  })
  const operations = createOperations(app, access, options.node)
  addStatus(operations)
  addPeers(operations)
  addTransactions(operations)
  addBlocks(operations)
  addProofs(operations)
  addKv(operations)
  addCommittee(operations)
  addAtxs(operations)
  addEvidence(operations)
  addEvents(app, operations)
  addHealth(operations)
  addDocs(app, operations, limits)
  return { url: await listen(app, options), close: () => app.close() }
}

function createServer(logger: ApiOptions['logger']): FastifyInstance {
  const app = fastify({
    bodyLimit: LIMITS.bodyBytes,
    // HEAD of an event stream would open one that nobody reads.
    exposeHeadRoutes: false,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS },
    http: { headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: LIMITS.headerBytes },
    // A body is what its schema says: nothing is turned into another type, removed or filled in.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
    clientErrorHandler: refuseBrokenRequest,
    // For URLs that cannot be decoded; no hooks and no route stand behind such a request.
    frameworkErrors: (error, _request, reply) => sendProblem(reply, toProblem(error)),
  })
  app.server.maxConnections = LIMITS.connections
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, logger))
  return app
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: ApiOptions['logger']): void {
  const problem = toProblem(error, request.routeOptions.config.failureStatus)
  const call = { method: request.method, path: request.url.split('?')[0], code: problem.code }
  if (problem.status === 500) logger.error({ ...call, err: error }, 'a call failed')
  else logger.debug(call, 'a call was refused')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  sendProblem(reply, problem)
}

/** What is no HTTP never becomes a request; it gets an answer all the same. */
function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code ?? ''] ?? 400
  const code = { 431: 'too-large', 408: 'request-timeout' }[status] ?? 'invalid-request'
  const problem = createProblem(status, code, 'the request is not HTTP as this node takes it')
  const body = JSON.stringify(problem)
  const head = `HTTP/1.1 ${status} ${problem.title}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}`
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

async function listen(app: FastifyInstance, { host, port }: ApiOptions): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    const why = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'another program listens there' : String(cause)
    const advice = 'choose another address with --api HOST:PORT (port 0: any free one)'
    throw new ConfigError('api-unavailable', `cannot open the API at ${host}:${port}, ${why}: ${advice}`, { cause })
  }
  const address = app.server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return `http://${urlHost(host)}:${bound}`
}

/** A host to call a server by that is bound to every interface: this machine. */
function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
