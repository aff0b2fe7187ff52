/** One HTTP call to a node: token, JSON both ways, problem documents turned into typed errors. */
import { ApiError, ClientError, type Problem } from './errors.ts'

/** Where a node's API is, and the token that mutating calls need. */
export type Endpoint = { readonly url: string; readonly token?: string | undefined }

export type Call = {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  /** Path with query, from `/`. */
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** Sends the call and resolves with the open answer. Rejects with `ApiError`, `ClientError` or the signal's reason. */
export async function open(endpoint: Endpoint, call: Call): Promise<Response> {
  const { method = 'GET', path, body, headers, signal } = call
  const init: RequestInit = { method, headers: { ...baseHeaders(endpoint, body), ...headers } }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (signal !== undefined) init.signal = signal
  const answer = await fetch(new URL(path, endpoint.url), init).catch((cause: unknown) => {
    if (signal?.aborted) throw signal.reason
    throw unreachable(endpoint, cause)
  })
  if (!answer.ok) throw new ApiError(answer.status, await readProblem(answer))
  return answer
}

/** Sends the call and resolves with the parsed JSON answer, or null when the answer has no body. */
export async function request<T>(endpoint: Endpoint, call: Call): Promise<T> {
  const answer = await open(endpoint, call)
  const text = await answer.text().catch((cause: unknown) => {
    throw unreachable(endpoint, cause)
  })
  try {
    return (text === '' ? null : JSON.parse(text)) as T
  } catch (cause) {
    throw new ClientError('bad-answer', `${endpoint.url} did not answer with JSON; is it a palaver node?`, { cause })
  }
}

function baseHeaders({ token }: Endpoint, body: unknown): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  return headers
}

function unreachable({ url }: Endpoint, cause: unknown): ClientError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const reason = inner instanceof Error ? inner.message || inner.name : String(inner)
  return new ClientError('unreachable', `no answer from the node at ${url}: ${reason}`, { cause })
}

async function readProblem(answer: Response): Promise<Problem> {
  try {
    const problem: unknown = await answer.json()
    return typeof problem === 'object' && problem !== null ? (problem as Problem) : {}
  } catch {
    return {}
  }
}
