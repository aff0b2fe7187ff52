/** Errors as problem documents (RFC 9457): every code has its HTTP status here. */
import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import { PalaverError } from '../../errors.ts'
import { RequestError } from './errors.ts'
import type { ProblemDocument } from './schemas.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  'not-found': 404,
  pruned: 410,
  unauthorized: 401,
  'host-refused': 403,
  'origin-refused': 403,
  'invalid-request': 400,
  'not-supported': 501,
  'too-many-streams': 503,
  timeout: 504,
  'tx-failed': 409,
  'not-final': 409,
  'not-ready': 503,
  // The ledger's refusals.
  duplicate: 409,
  'nonce-used': 409,
  'nonce-taken': 409,
  'nonce-too-far': 409,
  'sender-full': 429,
  'pool-full': 503,
  'too-large': 413,
  malformed: 400,
  'other-chain': 400,
  'bad-signature': 400,
  'unknown-module': 400,
  'bad-entry': 400,
  'too-many-waiters': 503,
  closed: 503,
  // Dialling peers.
  'bad-multiaddr': 400,
  'missing-peer-id': 400,
  'self-dial': 400,
  banned: 409,
  'not-connected': 404,
  'dial-timeout': 504,
  'not-started': 503,
  stopped: 503,
}

/** Codes of errors that the HTTP server itself finds, by status. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  404: 'not-found',
  408: 'request-timeout',
  413: 'too-large',
  414: 'invalid-request',
  415: 'unsupported-media-type',
  429: 'rate-limited',
  431: 'too-large',
}

/** What fastify's own errors and validation errors carry. */
type HttpError = Error & {
  readonly statusCode?: unknown
  readonly validation?: readonly { readonly instancePath?: string; readonly message?: string }[]
}

/** The HTTP status of an operating error's code, or null when it has none of its own. */
export function statusOfCode(code: string): number | null {
  return STATUS_OF_CODE[code] ?? null
}

/** A document from its parts; the title is the status' own phrase. */
export function createProblem(
  status: number,
  code: string,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
): ProblemDocument {
  return { ...extra, type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code }
}

/**
 * The document for an error. Operating errors say their own code and sentence, with `fallbackStatus` where the code has
 * no status; anything else is a bug of ours and says nothing of its inside.
 */
export function toProblem(error: unknown, fallbackStatus = 500): ProblemDocument {
  if (error instanceof RequestError) {
    return createProblem(statusOfCode(error.code) ?? 500, error.code, error.message, error.extra)
  }
  if (error instanceof PalaverError) {
    return createProblem(statusOfCode(error.code) ?? fallbackStatus, error.code, error.message)
  }
  const { statusCode, validation, message } = error as HttpError
  if (validation !== undefined) return createProblem(400, 'invalid-request', describeValidation(validation))
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return createProblem(statusCode, CODE_OF_STATUS[statusCode] ?? 'invalid-request', message)
  }
  return createProblem(500, 'internal', 'the node failed to answer; its log says why')
}

/** Answers with a problem document. */
export function sendProblem(reply: FastifyReply, problem: ProblemDocument): FastifyReply {
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

function describeValidation(issues: NonNullable<HttpError['validation']>): string {
  const sentences = issues.map(({ instancePath = '', message = 'is not valid' }) => {
    const field = instancePath.slice(1).replaceAll('/', '.')
    return `${field === '' ? 'the body' : field} ${message}`
  })
  return `${sentences.join('; ')}; see /docs`
}
