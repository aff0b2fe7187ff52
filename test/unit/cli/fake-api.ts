/** A node's HTTP API by hand: routes answer JSON or take the raw response, and calls are recorded. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export type Recorded = {
  readonly method: string
  readonly url: string
  readonly body: unknown
  readonly headers: IncomingMessage['headers']
}

type Answer =
  | { readonly status?: number; readonly json: unknown }
  | ((response: ServerResponse, call: Recorded) => void)

export interface FakeApi {
  readonly url: string
  readonly calls: Recorded[]
  /** Ends all open connections, as a crash would; new ones are still taken. */
  dropConnections(): void
  close(): Promise<void>
}

/** Routes by `METHOD /path` without query. Unknown routes answer 404. Pass a port to come back on the same one. */
export async function createFakeApi(routes: Readonly<Record<string, Answer>>, port = 0): Promise<FakeApi> {
  const calls: Recorded[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const call = {
      method: request.method ?? '',
      url: request.url ?? '',
      body: body === '' ? null : JSON.parse(body),
      headers: request.headers,
    }
    calls.push(call)
    const answer = routes[`${call.method} ${call.url.split('?')[0]}`]
    if (typeof answer === 'function') return answer(response, call)
    const { status = 200, json } = answer ?? {
      status: 404,
      json: { title: 'Not found', status: 404, code: 'not-found', detail: `nothing at ${call.url}` },
    }
    response
      .writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
      .end(JSON.stringify(json))
  })
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    dropConnections: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
