/** `palaver atx` as a process against an API made by hand: what it sends, what people read, how it refuses. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AtxStatusView } from '../../../src/node/api/atx-port.ts'
import { fakeAtx, fakeAtxStatus } from '../../helpers/fake-atx-port.ts'
import { endAll, type Finished, palaver, removeFolders, temporaryFolder } from '../../helpers/processes.ts'
import { createFakeApi, type FakeApi } from './fake-api.ts'

const PEER = fakeAtx.publisherPeerId
const BODY = Buffer.from('the body')
const IDLE: AtxStatusView = { ...fakeAtxStatus, sessions: [], fetching: { ...fakeAtxStatus.fetching, queued: 0 } }

let api: FakeApi
let folder: string
let home: string
/** What `/v1/atx/status` answers, one after the other; the last again and again. */
let statuses: AtxStatusView[]

beforeEach(async () => {
  statuses = [IDLE]
  api = await createFakeApi({
    'GET /v1/atx': { json: [fakeAtx] },
    [`GET /v1/atx/${fakeAtx.id}`]: { json: { ...fakeAtx, body: BODY.toString('base64'), blob: 'AAAA' } },
    'GET /v1/atx/status': (response) => {
      const status = statuses.length > 1 ? statuses.shift() : statuses[0]
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(status))
    },
    'POST /v1/atx': { json: { id: fakeAtx.id, isNew: true, count: 5 } },
    'POST /v1/atx/sync': { json: { peers: [PEER] } },
  })
  folder = temporaryFolder()
  home = join(folder, 'home')
  mkdirSync(home)
  writeFileSync(join(home, 'api.token'), 'secret\n')
  const file = { url: api.url, tokenFile: join(home, 'api.token'), pid: process.pid }
  writeFileSync(join(home, 'api.json'), JSON.stringify(file))
})

afterEach(async () => {
  await endAll()
  await api.close()
  removeFolders()
})

const atx = (...args: string[]): Promise<Finished> => palaver(['atx', ...args, '--home', home])

describe('palaver atx', () => {
  test('publish sends each file and prints its id', async () => {
    const files = ['a.txt', 'b.txt'].map((name) => join(folder, name))
    for (const file of files) writeFileSync(file, BODY)
    const { code, stdout } = await atx('publish', ...files)
    expect(code).toBe(0)
    expect(stdout).toBe(`${fakeAtx.id}  a.txt\n${fakeAtx.id}  b.txt\n`)
    expect(api.calls.map(({ body }) => body)).toEqual([
      { body: BODY.toString('base64') },
      { body: BODY.toString('base64') },
    ])
    const { stdout: json } = await atx('publish', files[0] as string, '--json')
    expect(JSON.parse(json)).toEqual([{ file: files[0], id: fakeAtx.id, isNew: true, bytes: BODY.byteLength }])
  })

  test.each([
    ['an empty file', Buffer.alloc(0), 'is empty'],
    ['a file above the limit', Buffer.alloc(261_121), 'has 261121 bytes'],
  ])('publish refuses %s before anything is sent', async (_, body, why) => {
    const file = join(folder, 'file')
    writeFileSync(file, body)
    const { code, stderr } = await atx('publish', file)
    expect([code, api.calls.length]).toEqual([2, 0])
    expect(stderr).toContain(why)
  })

  test('publish names a file that is not there', async () => {
    const { code, stderr } = await atx('publish', join(folder, 'none'))
    expect(code).toBe(2)
    expect(stderr).toContain('cannot read')
  })

  test('publish names what is in a folder, and reads standard input for a dash', async () => {
    const mistaken = await atx('publish', folder)
    expect(mistaken.code).toBe(2)
    expect(mistaken.stderr).toContain(`${folder} is a folder`)
    const { code } = await palaver(['atx', 'publish', '-', '--home', home], { input: BODY.toString() })
    expect([code, api.calls.map(({ body }) => body)]).toEqual([0, [{ body: BODY.toString('base64') }]])
  })

  test('show says when the body cannot be written', async () => {
    const { code, stderr } = await atx('show', fakeAtx.id, '--out', join(folder, 'none', 'body'))
    expect(code).toBe(1)
    expect(stderr).toContain('choose another --out')
  })

  test('list and show: for people, as JSON, and the body into a file', async () => {
    expect((await atx('list', '--from', '0', '--limit', '5')).stdout).toContain(fakeAtx.id)
    expect(api.calls[0]?.url).toBe('/v1/atx?limit=5&from=0')
    const out = join(folder, 'body')
    const { stdout } = await atx('show', fakeAtx.id, '--out', out)
    expect(stdout).toMatch(/positioning +b{64}/)
    expect(readFileSync(out)).toEqual(BODY)
    const absent = await atx('show', 'c'.repeat(64))
    expect([absent.code, absent.stderr.includes('palaver atx sync')]).toEqual([1, true])
  })

  test('status shows size, fingerprints, sessions, who agreed and who is refused', async () => {
    statuses = [fakeAtxStatus]
    const { stdout } = await atx('status')
    for (const part of [
      /set +4 ATXs, xor a{10}\.\., strong b{10}\.\./,
      /c_old +4 ATXs, xor a{10}\.\.\n/,
      /synced +yes: 3 of 3 peers agreed lately/,
      /fetching +2 of 10, 0\.0 MiB\/s, 250 ms left/,
      /outbound sync .* round \(timeframe -1\): ids 100 in 99 out/,
      /refused 12D3KooW.* until 2026-01-02/,
    ])
      expect(stdout).toMatch(part)
    expect(JSON.parse((await atx('status', '--json')).stdout)).toEqual(fakeAtxStatus)
  })

  test('sync follows until nothing is open, shows progress, and says what came', async () => {
    statuses = [IDLE, fakeAtxStatus, { ...fakeAtxStatus, sessions: [] }, { ...IDLE, count: 6 }]
    const { code, stdout, stderr } = await atx('sync', PEER)
    expect(code).toBe(0)
    expect(stderr).toMatch(/\[\.+\] 0 of 2 ATXs, 199 ids, 0\.0 MiB\/s, 250 ms left, timeframe -1/)
    expect(stdout).toContain(`${PEER}  equal`)
    expect(stdout).toContain('2 gained; 6 ATXs')
    expect(api.calls.find(({ method }) => method === 'POST')?.body).toEqual({ peerId: PEER })
  })

  test('sync ends with 5 when it takes too long, with 1 when every session failed', async () => {
    statuses = [fakeAtxStatus]
    expect((await atx('sync', '--timeout', '300ms')).code).toBe(5)
    statuses = [
      { ...IDLE, peers: IDLE.peers.map((peer) => ({ ...peer, outcome: 'refused', reason: 'other network' })) },
    ]
    const failed = await atx('sync')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('other network')
  })
})
