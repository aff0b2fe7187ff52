/** What each call of the API answers, compared with its own OpenAPI document. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { PalaverError } from '../../../src/errors.ts'
import { fakeCommittee, fakeHistory } from '../../helpers/fake-committee.ts'
import { fakeStatus, HASH_A, HASH_B, PEER, pendingTx } from '../../helpers/fake-node-port.ts'
import { type Answer, type Call, type Fixture, startApi } from './api-fixture.ts'

const entry = { module: 'kv', payload: { key: 'city', value: 'Geneva' } }
const SIGNED = Buffer.from([1, 2, 3]).toString('base64')
const REFUSED = Buffer.from([0, 2, 3]).toString('base64')

type Document = { readonly openapi: string; readonly paths: Record<string, Record<string, { responses: object }>> }

/** Checks answers against the document; a call, status or shape that the document does not have fails. */
async function createContract({ call }: Fixture): Promise<(template: string, method: string, answer: Answer) => void> {
  const document = (await call('/openapi.json')).json as unknown as Document
  expect(document.openapi).toBe('3.1.0')
  const ajv = new Ajv2020({ strict: false })
  ajv.addSchema(document, 'api')
  return (template, method, { status, headers, json }) => {
    const operation = document.paths[template]?.[method.toLowerCase()]
    expect(operation?.responses, `${method} ${template}`).toHaveProperty(String(status))
    if (status === 204) return
    const type = String(headers['content-type']).split(';')[0]
    const parts = ['paths', template, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema']
    const pointer = parts.map((part) => encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1')))
    const validate = ajv.getSchema(`api#/${pointer.join('/')}`)
    expect(validate, `${method} ${template} ${status} ${type}`).toBeDefined()
    expect(validate?.(json), JSON.stringify(validate?.errors)).toBe(true)
  }
}

const CALLS: readonly [template: string, path: string, call: Call, status: number][] = [
  ['/v1/status', '/v1/status', {}, 200],
  ['/v1/peers', '/v1/peers', {}, 200],
  ['/v1/peers', '/v1/peers', { body: { multiaddr: '/ip4/127.0.0.1/tcp/1' } }, 200],
  ['/v1/peers', '/v1/peers', { body: {} }, 400],
  ['/v1/peers/{id}', `/v1/peers/${PEER}`, { method: 'DELETE' }, 204],
  ['/v1/peers/{id}', '/v1/peers/nobody', { method: 'DELETE' }, 400],
  ['/v1/tx', '/v1/tx', { body: entry }, 200],
  ['/v1/tx', '/v1/tx', { body: { ...entry, wait: 'final', timeoutMs: 1 } }, 200],
  ['/v1/tx', '/v1/tx', { body: { ...entry, wait: 'soon' } }, 400],
  ['/v1/tx', '/v1/tx', { body: { ...entry, timeoutMs: '5' } }, 400],
  ['/v1/tx', '/v1/tx', { body: { ...entry, timeoutMS: 5 } }, 400],
  ['/v1/tx', '/v1/tx', { body: { module: 'kv' } }, 400],
  ['/v1/tx', '/v1/tx', { body: entry, withToken: false }, 401],
  ['/v1/tx/batch', '/v1/tx/batch', { body: { entries: [entry, entry] } }, 200],
  ['/v1/tx/batch', '/v1/tx/batch', { body: { entries: [] } }, 400],
  ['/v1/tx/raw', '/v1/tx/raw', { body: { tx: SIGNED } }, 200],
  ['/v1/tx/raw', '/v1/tx/raw', { body: { tx: REFUSED } }, 400],
  ['/v1/tx/raw', '/v1/tx/raw', { body: { tx: 'AAAAA' } }, 400],
  ['/v1/tx/raw', '/v1/tx/raw', { body: { tx: 'no base64!' } }, 400],
  ['/v1/txs/raw', '/v1/txs/raw', { body: { txs: [SIGNED, REFUSED] } }, 200],
  ['/v1/tx/{id}', `/v1/tx/${HASH_A}`, {}, 200],
  ['/v1/tx/{id}', '/v1/tx/ABC', {}, 400],
  ['/v1/blocks', '/v1/blocks', {}, 200],
  ['/v1/blocks', '/v1/blocks?from=0&limit=100', {}, 200],
  ['/v1/blocks', '/v1/blocks?limit=101', {}, 400],
  ['/v1/blocks', '/v1/blocks?from=-1', {}, 400],
  ['/v1/blocks', '/v1/blocks?form=1', {}, 400],
  ['/v1/blocks/{ref}', '/v1/blocks/latest', {}, 200],
  ['/v1/blocks/{ref}', '/v1/blocks/0', {}, 200],
  ['/v1/blocks/{ref}', `/v1/blocks/${HASH_A}`, {}, 200],
  ['/v1/blocks/{ref}', '/v1/blocks/8', {}, 404],
  ['/v1/blocks/{ref}', '/v1/blocks/1', {}, 410],
  ['/v1/blocks/{ref}', `/v1/blocks/${HASH_B}`, {}, 404],
  ['/v1/blocks/{ref}', '/v1/blocks/newest', {}, 400],
  ['/v1/blocks/{ref}/entries', '/v1/blocks/latest/entries', {}, 200],
  ['/v1/blocks/{ref}/entries', '/v1/blocks/7/entries', {}, 200],
  ['/v1/blocks/{ref}/entries', '/v1/blocks/8/entries', {}, 404],
  ['/v1/blocks/{ref}/entries', '/v1/blocks/newest/entries', {}, 400],
  ['/v1/proofs/blocks/{ref}', '/v1/proofs/blocks/7', {}, 200],
  ['/v1/proofs/blocks/{ref}', '/v1/proofs/blocks/latest', {}, 200],
  ['/v1/proofs/blocks/{ref}', `/v1/proofs/blocks/${HASH_A}`, {}, 200],
  ['/v1/proofs/blocks/{ref}', `/v1/proofs/blocks/${HASH_B}`, {}, 404],
  ['/v1/proofs/blocks/{ref}', '/v1/proofs/blocks/8', {}, 409],
  ['/v1/proofs/blocks/{ref}', '/v1/proofs/blocks/1', {}, 410],
  ['/v1/proofs/blocks/{ref}', '/v1/proofs/blocks/newest', {}, 400],
  ['/v1/proofs/txs/{id}', `/v1/proofs/txs/${HASH_A}`, {}, 200],
  ['/v1/proofs/txs/{id}', `/v1/proofs/txs/${HASH_B}`, {}, 404],
  ['/v1/proofs/txs/{id}', '/v1/proofs/txs/ABC', {}, 400],
  ['/v1/kv/{key}', '/v1/kv/city', {}, 200],
  ['/v1/kv/{key}', '/v1/kv/absent?proof=false', {}, 200],
  ['/v1/kv/{key}', '/v1/kv/city?proof=true', {}, 200],
  ['/v1/kv/{key}', '/v1/kv/too-new?proof=1', {}, 409],
  ['/v1/evidence', '/v1/evidence', {}, 200],
  ['/v1/evidence/{id}', `/v1/evidence/${HASH_A}`, {}, 200],
  ['/v1/evidence/{id}', `/v1/evidence/${HASH_B}`, {}, 404],
  ['/v1/evidence/{id}', '/v1/evidence/ABC', {}, 400],
  ['/v1/atx', '/v1/atx', {}, 200],
  ['/v1/atx', '/v1/atx?from=4&limit=100', {}, 200],
  ['/v1/atx', '/v1/atx?limit=101', {}, 400],
  ['/v1/atx/status', '/v1/atx/status', {}, 200],
  ['/v1/atx/{id}', `/v1/atx/${HASH_A}`, {}, 200],
  ['/v1/atx/{id}', `/v1/atx/${HASH_B}`, {}, 404],
  ['/v1/atx/{id}', '/v1/atx/ABC', {}, 400],
  ['/v1/atx', '/v1/atx', { body: { body: SIGNED } }, 200],
  ['/v1/atx', '/v1/atx', { body: { blob: SIGNED } }, 409],
  ['/v1/atx', '/v1/atx', { body: {} }, 400],
  ['/v1/atx', '/v1/atx', { body: { body: SIGNED, blob: SIGNED } }, 400],
  ['/v1/atx', '/v1/atx', { body: { body: 'no base64!' } }, 400],
  ['/v1/atx', '/v1/atx', { body: { body: SIGNED }, withToken: false }, 401],
  ['/v1/atx/sync', '/v1/atx/sync', { body: {} }, 200],
  ['/v1/atx/sync', '/v1/atx/sync', { body: { peerId: PEER } }, 200],
  ['/v1/atx/sync', '/v1/atx/sync', { body: { peerId: 'nobody' } }, 404],
  ['/v1/atx/sync', '/v1/atx/sync', { body: { peerId: PEER }, withToken: false }, 401],
  ['/v1/committee', '/v1/committee', {}, 200],
  ['/v1/committee/history', '/v1/committee/history', {}, 200],
  ['/v1/committee/history', '/v1/committee/history?limit=1', {}, 200],
  ['/v1/committee/history', '/v1/committee/history?limit=101', {}, 400],
  ['/v1/events', '/v1/events?topics=blocks', {}, 400],
  ['/livez', '/livez', {}, 200],
  ['/readyz', '/readyz', {}, 200],
  ['/readyz', '/readyz?verbose', {}, 200],
]

describe('API: every answer is as its OpenAPI document says', () => {
  it.each(CALLS)('%s: %s %j answers %i', async (template, path, call, status) => {
    const fixture = await startApi()
    const check = await createContract(fixture)
    const method = call.method ?? (call.body === undefined ? 'GET' : 'POST')
    const answer = await fixture.call(path, call)
    expect(answer.status, answer.text).toBe(status)
    check(template, method, answer)
    if (status >= 400) expect(answer.json).toMatchObject({ type: 'about:blank', status, code: expect.any(String) })
  })

  it('every declared call is tried above', async () => {
    const { call } = await startApi()
    const { paths } = (await call('/openapi.json')).json as unknown as Document
    const tried = new Set(CALLS.map(([template]) => template))
    expect(Object.keys(paths).filter((path) => !tried.has(path))).toEqual(['/metrics'])
  })

  it('nothing that the node says is lost on the way', async () => {
    const { call } = await startApi()
    expect((await call('/v1/status')).json).toEqual(fakeStatus)
    expect((await call('/v1/committee')).json).toEqual(fakeCommittee)
    expect((await call('/v1/committee/history')).json).toEqual(fakeHistory)
    expect((await call('/v1/committee/history?limit=1')).json).toEqual(fakeHistory.slice(0, 1))
    expect((await call('/v1/kv/a%2Fb%20%C3%A9')).json).toEqual({ key: 'a/b é', value: 'value of a/b é', height: 7 })
  })
})

describe('API: transactions', () => {
  it('submits an entry as it was written, and answers its id before finality', async () => {
    const { call, node } = await startApi()
    expect((await call('/v1/tx', { body: entry })).json).toEqual({ txId: HASH_A })
    expect(node.submitted).toEqual([[entry]])
  })

  it('one batch is one transaction', async () => {
    const { call, node } = await startApi()
    await call('/v1/tx/batch', { body: { entries: [entry, { module: 'kv', payload: null }] } })
    expect(node.submitted).toEqual([[entry, { module: 'kv', payload: null }]])
  })

  it('waits for finality and answers position and result', async () => {
    const { call } = await startApi()
    const { json } = await call('/v1/tx', { body: { ...entry, wait: 'final' } })
    const result = { ok: false, entries: [{ ok: true }, { ok: false, code: 'bad-entry' }] }
    expect(json).toEqual({ txId: HASH_A, height: 7, blockHash: HASH_B, index: 0, result })
  })

  it('a wait that ends too early is a timeout problem with the id', async () => {
    const { call, node } = await startApi()
    node.tx = pendingTx
    const answer = await call('/v1/tx', { body: { ...entry, wait: 'final', timeoutMs: 1 } })
    expect(answer.json).toMatchObject({ status: 504, code: 'timeout', txId: HASH_A })
  })

  it('a transaction that can never be final is a problem with the id and the reason', async () => {
    const { call, node } = await startApi()
    const reason = { code: 'nonce-used', detail: 'nonce 4 was used' }
    node.tx = { ...pendingTx, status: 'failed', reason }
    const answer = await call('/v1/tx', { body: { ...entry, wait: 'final' } })
    expect(answer.json).toMatchObject({ status: 409, code: 'tx-failed', txId: HASH_A, reason })
    expect((await call(`/v1/tx/${HASH_A}`)).json).toEqual(node.tx)
  })

  it('an unknown transaction is 404', async () => {
    const { call, node } = await startApi()
    node.tx = null
    expect((await call(`/v1/tx/${HASH_A}`)).json).toMatchObject({ status: 404, code: 'not-found' })
  })

  it('outcomes of signed transactions come in the order of the request', async () => {
    const { call, node } = await startApi()
    const { json } = await call('/v1/txs/raw', { body: { txs: [REFUSED, SIGNED, REFUSED] } })
    const refused = { code: 'malformed', detail: 'not a transaction' }
    expect(json).toEqual([refused, { txId: HASH_A }, refused])
    expect(node.raw.map((bytes) => [...bytes])).toEqual([
      [0, 2, 3],
      [1, 2, 3],
      [0, 2, 3],
    ])
  })

  it.each([
    ['nonce-used', 409],
    ['sender-full', 429],
    ['pool-full', 503],
    ['bad-entry', 400],
    ['too-large', 413],
    ['disk-on-fire', 500],
  ])('the refusal %s is a problem of status %i', async (code, status) => {
    const { call, node } = await startApi()
    node.failure = new PalaverError(code, 'what to do')
    expect((await call('/v1/tx', { body: entry })).json).toMatchObject({ status, code, detail: 'what to do' })
  })
})

describe('API: peers and health', () => {
  it.each([
    ['bad-multiaddr', 400],
    ['connection-refused', 502],
    ['dial-timeout', 504],
  ])('a dial that fails with %s is a problem of status %i', async (code, status) => {
    const { call, node } = await startApi()
    node.failure = new PalaverError(code, 'check the port')
    const answer = await call('/v1/peers', { body: { multiaddr: '/ip4/127.0.0.1/tcp/1' } })
    expect(answer.json).toMatchObject({ status, code, detail: 'check the port' })
  })

  it('disconnects, and bans when told so', async () => {
    const { call, node } = await startApi()
    await call(`/v1/peers/${PEER}`, { method: 'DELETE' })
    await call(`/v1/peers/${PEER}?ban=true`, { method: 'DELETE' })
    expect(node.removed).toEqual([
      { peer: PEER, isBan: false },
      { peer: PEER, isBan: true },
    ])
  })

  it('is not ready when one check fails, and names them all', async () => {
    const { call, node } = await startApi()
    node.checks = [
      { name: 'sync', ok: false, detail: 'catching up' },
      { name: 'peers', ok: true, detail: '3 of 3' },
    ]
    const answer = await call('/readyz')
    expect(answer.json).toMatchObject({ status: 503, code: 'not-ready', checks: node.checks })
  })

  it('serves metrics, pages and the landing page, which runs no script', async () => {
    const { call } = await startApi()
    expect((await call('/metrics')).text).toBe('palaver_epoch 2\n')
    const docs = await call('/docs')
    expect(docs.text).toContain('/v1/blocks/{ref}')
    for (const { text, headers } of [docs, await call('/')]) {
      expect(text).not.toMatch(/<script|https?:\/\//)
      expect(headers['content-security-policy']).toContain("default-src 'none'")
    }
  })
})
