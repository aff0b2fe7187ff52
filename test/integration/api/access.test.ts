/** Who may call the API: token, Host, Origin; and what happens to requests that are too big, broken or lost. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createApi } from '../../../src/node/api/server.ts'
import { createFakeNode, PEER } from '../../helpers/fake-node-port.ts'
import { startApi, TOKEN } from './api-fixture.ts'

const MUTATING = [
  ['POST', '/v1/tx'],
  ['POST', '/v1/tx/batch'],
  ['POST', '/v1/tx/raw'],
  ['POST', '/v1/txs/raw'],
  ['POST', '/v1/peers'],
  ['DELETE', `/v1/peers/${PEER}`],
] as const

const entry = { module: 'kv', payload: { key: 'city', value: 'Geneva' } }

/** Sends bytes as they are and resolves with all that comes back. */
async function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  socket.write(bytes)
  return text(socket)
}

describe('API access: token', () => {
  it.each(MUTATING)('%s %s needs the token', async (method, path) => {
    const { call, node } = await startApi()
    const body = method === 'POST' ? entry : undefined
    const attempts: Record<string, string>[] = [
      {},
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${TOKEN}x` },
      { authorization: TOKEN },
    ]
    for (const headers of attempts) {
      const answer = await call(path, { method, body, withToken: false, headers })
      expect(answer.status).toBe(401)
      expect(answer.json).toMatchObject({ status: 401, code: 'unauthorized' })
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
    expect([node.submitted, node.raw, node.removed]).toEqual([[], [], []])
  })

  it('reading needs no token', async () => {
    const { call } = await startApi()
    expect((await call('/v1/status', { withToken: false })).status).toBe(200)
  })
})

describe('API access: Host and Origin', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.', 'user@127.0.0.1', '192.0.2.7'])(
    'refuses the Host %j, which a rebound name would send',
    async (host) => {
      const { call } = await startApi()
      const answer = await call('/v1/status', { headers: { host } })
      expect(answer.status).toBe(403)
      expect(answer.json.code).toBe('host-refused')
    },
  )

  it('refuses an empty Host, and HTTP/1.0 without any', async () => {
    const { api } = await startApi()
    const requests = [
      'GET /v1/status HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n',
      'GET /v1/status HTTP/1.0\r\n\r\n',
    ]
    for (const bytes of requests) expect(await sendBytes(api.url, bytes)).toMatch(/^HTTP\/1\.[01] 403 /)
  })

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1:65535', '[::1]:80'])('takes the Host %s', async (host) => {
    const { call } = await startApi()
    expect((await call('/v1/status', { headers: { host } })).status).toBe(200)
  })

  it('takes other names only when they were allowed', async () => {
    const { call } = await startApi({ allowedHosts: ['node.example'] })
    expect((await call('/v1/status', { headers: { host: 'node.example:8080' } })).status).toBe(200)
    expect((await call('/v1/status', { headers: { host: 'other.example' } })).status).toBe(403)
  })

  it('bound to all interfaces, takes any address but no name', async () => {
    const { call, api } = await startApi({ host: '0.0.0.0' })
    expect(api.url).toMatch(/^http:\/\/127\.0\.0\.1:/)
    expect((await call('/v1/status', { headers: { host: '192.0.2.7:80' } })).status).toBe(200)
    expect((await call('/v1/status', { headers: { host: 'evil.example' } })).status).toBe(403)
  })

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])(
    'refuses the Origin %s even with the token',
    async (origin) => {
      const { call, node } = await startApi()
      const answer = await call('/v1/tx', { body: entry, headers: { origin } })
      expect(answer.status).toBe(403)
      expect(answer.json.code).toBe('origin-refused')
      expect(node.submitted).toEqual([])
    },
  )

  it('takes its own Origin', async () => {
    const { call, api } = await startApi()
    expect((await call('/v1/tx', { body: entry, headers: { origin: api.url } })).status).toBe(200)
  })

  it('checks unknown routes and pages too', async () => {
    const { call } = await startApi()
    for (const path of ['/', '/docs', '/nowhere', '/metrics'])
      expect((await call(path, { headers: { host: 'evil.example' } })).status).toBe(403)
  })
})

describe('API limits', () => {
  it('refuses a body above 1 MiB', async () => {
    const { call, node } = await startApi()
    const answer = await call('/v1/tx', { body: { ...entry, payload: 'x'.repeat(1_048_576) } })
    expect(answer.status).toBe(413)
    expect(answer.json.code).toBe('too-large')
    expect(node.submitted).toEqual([])
  })

  it('refuses headers above 16 KiB', async () => {
    const { api } = await startApi()
    const answer = await sendBytes(api.url, `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(answer).toContain('"code":"too-large"')
  })

  it('refuses a client that asks too often, on unknown routes too', async () => {
    const { call } = await startApi({ requestsPerSecond: 3 })
    for (const path of ['/v1/status', '/nowhere']) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => call(path)))
      const refused = answers.filter((answer) => answer.status === 429)
      expect(refused.length).toBeGreaterThan(0)
      expect(refused[0]?.json).toMatchObject({ status: 429, code: 'rate-limited' })
    }
  })

  it('HEAD opens no event stream', async () => {
    const { call } = await startApi()
    expect((await call('/v1/events', { method: 'HEAD' })).status).toBe(404)
  })

  it('answers bytes that are no HTTP, and goes on', async () => {
    const { api, call } = await startApi()
    const answer = await sendBytes(api.url, '\u0016\u0003\u0001 hello\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json/)
    expect((await call('/livez')).status).toBe(200)
  })

  it.each([
    ['not JSON', '{"module":', 400],
    ['empty', '', 400],
    ['a poisoned prototype', '{"__proto__":{"x":1},"module":"kv","payload":1}', 400],
  ])('refuses a body that is %s', async (_name, body, status) => {
    const { call } = await startApi()
    const answer = await call('/v1/tx', { body })
    expect(answer.status).toBe(status)
    expect(answer.json.code).toBe('invalid-request')
  })

  it('refuses a body that is not declared as JSON', async () => {
    const { call } = await startApi()
    const answer = await call('/v1/tx', { body: entry, headers: { 'content-type': 'text/plain' } })
    expect([answer.status, answer.json.code]).toEqual([415, 'unsupported-media-type'])
  })

  it.each(['/v1/tx/%zz', '/%', `/v1/kv/${'k'.repeat(2_000)}`])('survives the URL %.20s', async (path) => {
    const { call } = await startApi()
    const answer = await call(path)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect((await call('/livez')).status).toBe(200)
  })

  it('an address in use is an error that names it', async () => {
    const { api, node } = await startApi()
    const port = Number(new URL(api.url).port)
    const logger = { debug: () => undefined, error: () => undefined }
    await expect(createApi({ node, token: TOKEN, host: '127.0.0.1', port, logger })).rejects.toMatchObject({
      code: 'api-unavailable',
    })
  })

  it('an error of ours tells nothing of its inside, and is logged', async () => {
    const logged: unknown[] = []
    const logger = { debug: () => undefined, error: (fields: object) => void logged.push(fields) }
    const node = {
      ...createFakeNode(),
      status: () => {
        throw new Error('secret inside')
      },
    }
    const { call } = await startApi({ logger, node })
    const answer = await call('/v1/status')
    expect(answer.json).toMatchObject({ status: 500, code: 'internal' })
    expect(answer.text).not.toContain('secret inside')
    expect(logged).toHaveLength(1)
  })
})
