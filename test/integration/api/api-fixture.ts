/** A running API over the hand-written node, and requests below `fetch`, which would not let a test choose `Host`. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { type Api, type ApiOptions, createApi } from '../../../src/node/api/server.ts'
import { createFakeNode, type FakeNode } from '../../helpers/fake-node-port.ts'

export const TOKEN = 'f'.repeat(64)

export type Answer = {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** The parsed body; undefined when it is no JSON. */
  readonly json: Readonly<Record<string, unknown>>
}

export type Call = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON, or as it is when a string. */
  readonly body?: unknown
  /** Sends the token; true unless said otherwise. */
  readonly withToken?: boolean
}

export interface Fixture {
  readonly api: Api
  readonly node: FakeNode
  call(path: string, call?: Call): Promise<Answer>
  /** An open answer, whose body is still to come. */
  open(path: string, headers?: Readonly<Record<string, string>>): Promise<IncomingMessage>
}

/** Starts an API that ends with the test. */
export async function startApi(options: Partial<ApiOptions> = {}): Promise<Fixture> {
  const node = createFakeNode()
  const logger = { debug: () => undefined, error: () => undefined }
  const api = await createApi({ node, token: TOKEN, host: '127.0.0.1', port: 0, logger, ...options })
  onTestFinished(() => api.close())
  const send = async (path: string, call: Call): Promise<IncomingMessage> => {
    const { method = call.body === undefined ? 'GET' : 'POST', body, withToken = true } = call
    const headers = {
      ...(withToken ? { authorization: `Bearer ${TOKEN}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    }
    const outgoing = request(new URL(path, api.url), { method, headers, agent: false })
    outgoing.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body))
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
    return answer
  }
  return {
    api,
    node,
    async call(path, call = {}) {
      const answer = await send(path, call)
      const body = await text(answer)
      return { status: answer.statusCode ?? 0, headers: answer.headers, text: body, json: parseJson(body) }
    },
    open: (path, headers = {}) => send(path, { headers }),
  }
}

function parseJson(body: string): Answer['json'] {
  try {
    return JSON.parse(body) as Answer['json']
  } catch {
    return {}
  }
}
