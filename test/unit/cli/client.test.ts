/** The client library against an API made by hand: calls, errors, event streams, exactly-once listening. */
import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient, PalaverClient } from '../../../src/client/client.ts'
import { ApiError } from '../../../src/client/errors.ts'
import { readEventStream } from '../../../src/client/event-stream.ts'
import { createFakeApi, type FakeApi } from './fake-api.ts'

const open: FakeApi[] = []

async function fakeApi(...args: Parameters<typeof createFakeApi>): Promise<FakeApi> {
  const api = await createFakeApi(...args)
  open.push(api)
  return api
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()))
})

describe('calls', () => {
  test('a proposal carries token, entry and deadline, and gives the final position', async () => {
    const final = { txId: 'aa', height: 3, blockHash: 'bb', result: { ok: true, entries: [{ ok: true }] } }
    const api = await fakeApi({ 'POST /v1/tx': { json: final } })
    const client = new PalaverClient({ url: api.url, token: 'secret' })
    expect(await client.propose({ module: 'kv', payload: { key: 'a', value: 'b' } }, { timeoutMs: 5 })).toEqual(final)
    expect(api.calls[0]?.headers.authorization).toBe('Bearer secret')
    expect(api.calls[0]?.body).toEqual({ module: 'kv', payload: { key: 'a', value: 'b' }, wait: 'final', timeoutMs: 5 })
  })

  test('a problem document becomes an ApiError with its code, status and fields', async () => {
    const api = await fakeApi({
      'POST /v1/tx': { status: 504, json: { code: 'timeout', detail: 'not final in time', txId: 'cc' } },
    })
    const error = await createClient({ url: api.url })
      .propose({ module: 'kv', payload: {} })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'timeout', status: 504, message: 'not final in time', problem: { txId: 'cc' } })
  })

  test('an error answer without a problem document still has a code', async () => {
    const api = await fakeApi({ 'GET /v1/status': (response) => response.writeHead(500).end('oops') })
    await expect(createClient({ url: api.url }).status()).rejects.toMatchObject({ code: 'http-500', status: 500 })
  })

  test('a closed port is unreachable, another server is a bad answer', async () => {
    const api = await fakeApi({ 'GET /v1/status': (response) => response.end('<html>') })
    await expect(createClient({ url: api.url }).status()).rejects.toMatchObject({ code: 'bad-answer' })
    await api.close()
    await expect(createClient({ url: api.url }).status()).rejects.toMatchObject({ code: 'unreachable' })
  })

  test('an unknown block or transaction is null, keys are escaped, raw bytes are base64', async () => {
    const api = await fakeApi({
      'GET /v1/kv/a%2Fb%20c': { json: { key: 'a/b c', value: '1', height: 2 } },
      'POST /v1/txs/raw': { json: [{ txId: 'aa' }] },
    })
    const client = createClient({ url: api.url })
    expect(await client.block(9)).toBeNull()
    expect(await client.transaction('aa')).toBeNull()
    expect(await client.kvGet('a/b c')).toMatchObject({ value: '1' })
    await client.submitRaw([Uint8Array.of(1, 2, 255)])
    expect(api.calls.at(-1)?.body).toEqual({ txs: ['AQL/'] })
  })

  test('readiness gives the failing checks of a 503', async () => {
    const checks = [{ name: 'peers', ok: false, detail: '0 of 3' }]
    const api = await fakeApi({ 'GET /readyz': { status: 503, json: { status: 503, checks } } })
    expect(await createClient({ url: api.url }).readiness()).toEqual({ ready: false, checks })
  })
})

describe('event stream', () => {
  async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
    const list: T[] = []
    for await (const item of items) list.push(item)
    return list
  }

  async function* bytes(...parts: string[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield new TextEncoder().encode(part)
  }

  test('joins chunks and data lines, keeps ids, skips comments', async () => {
    const stream = bytes(': hello\n\nid: 7\nda', 'ta: one\ndata: two\r\n\r\n', 'event: x\ndata:{"a":1}\n\ndata: cut')
    expect(await collect(readEventStream(stream))).toEqual([
      { id: '7', event: 'message', data: 'one\ntwo' },
      { id: '7', event: 'x', data: '{"a":1}' },
    ])
  })

  test('an endless line is refused before it fills memory', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(65_536).fill(97)
    }
    await expect(collect(readEventStream(endless()))).rejects.toMatchObject({ code: 'bad-answer' })
  })

  test('events resume after the last id seen when the connection breaks', async () => {
    const seen: (string | undefined)[] = []
    const api = await fakeApi({
      'GET /v1/events': (response, call) => {
        seen.push(call.headers['last-event-id'] as string | undefined)
        const id = seen.length
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(
          `id: ${id}\ndata: ${JSON.stringify({ id, topic: 'block', type: 'final', time: '', data: {} })}\n\n`,
        )
      },
    })
    const ids: number[] = []
    for await (const event of createClient({ url: api.url }).events({ topics: ['block'] })) {
      ids.push(event.id)
      if (ids.length === 3) break
    }
    expect(ids).toEqual([1, 2, 3])
    expect(seen.slice(0, 3)).toEqual([undefined, '1', '2'])
  })

  test('a refused stream rejects instead of trying for ever', async () => {
    const api = await fakeApi({ 'GET /v1/events': { status: 400, json: { code: 'bad-topic' } } })
    await expect(createClient({ url: api.url }).events().next()).rejects.toMatchObject({ code: 'bad-topic' })
  })

  test('an abort ends the iteration quietly', async () => {
    const api = await fakeApi({ 'GET /v1/events': (response) => response.writeHead(200).write(': open\n\n') })
    const stop = new AbortController()
    const next = createClient({ url: api.url })
      .events({ signal: stop.signal, onOpen: () => stop.abort() })
      .next()
    expect(await next).toEqual({ done: true, value: undefined })
  })
})

describe('listen', () => {
  function block(height: number): object {
    return { height, hash: `h${height}`, txIds: [`t${height}a`, `t${height}b`], timestamp: 'T' }
  }

  /** Two transactions per block, the second one with two entries. */
  function entries(height: number): object[] {
    const at = (index: number, entry: number) => ({
      height,
      index,
      entry,
      txId: `t${height}${'ab'[index]}`,
      blockHash: `h${height}`,
      module: 'kv',
      payload: { key: `k${entry}` },
    })
    return [at(0, 0), at(1, 0), at(1, 1)]
  }
  const entryRoutes = Object.fromEntries(
    [1, 2, 3, 4, 5].map((height) => [`GET /v1/blocks/${height}/entries`, { json: entries(height) }]),
  )

  test('yields every final entry once, in order, across a restart of the node', async () => {
    let final = 2
    const streams = new Set<ServerResponse>()
    const routes = {
      ...entryRoutes,
      'GET /v1/blocks': (response: ServerResponse, call: { url: string }) => {
        const from = Number(/from=(\d+)/.exec(call.url)?.[1])
        const heights = Array.from({ length: Math.max(0, final - from + 1) }, (_, i) => from + i)
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(heights.slice(0, 2).map(block)))
      },
      'GET /v1/events': (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(': open\n\n')
        streams.add(response)
      },
    }
    const api = await fakeApi(routes)
    const port = Number(new URL(api.url).port)
    const ids: string[] = []
    for await (const entry of createClient({ url: api.url }).listen({ from: 1 })) {
      ids.push(`${entry.txId}${entry.entry}`)
      if (entry.txId === 't2b' && entry.entry === 1) {
        await api.close()
        open.push(await createFakeApi(routes, port))
        final = 5
      }
      if (entry.txId === 't5b' && entry.entry === 1) break
    }
    expect(ids).toEqual([1, 2, 3, 4, 5].flatMap((height) => [`t${height}a0`, `t${height}b0`, `t${height}b1`]))
  })

  test('an event wakes it up when a block becomes final', async () => {
    let final = 0
    const api = await fakeApi({
      ...entryRoutes,
      'GET /v1/blocks': (response) => response.end(JSON.stringify(final === 0 ? [] : [block(1)])),
      'GET /v1/events': (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        final = 1
        response.write(`id: 1\ndata: ${JSON.stringify({ id: 1, topic: 'block' })}\n\n`)
      },
    })
    const first = await createClient({ url: api.url }).listen().next()
    expect(first.value).toMatchObject({ height: 1, index: 0, txId: 't1a', payload: { key: 'k0' } })
  })

  test('says so when the node no longer keeps the blocks asked for', async () => {
    const api = await fakeApi({ 'GET /v1/blocks': { json: [block(50)] } })
    await expect(createClient({ url: api.url }).listen({ from: 3 }).next()).rejects.toMatchObject({
      code: 'blocks-missing',
    })
  })
})
