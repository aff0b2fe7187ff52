/** `palaver atx` as a process against an API made by hand: what it sends, what people read, how it refuses. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { atxStatusLines, atxTable, progressLine } from '../../../bin/atx-lines.ts'
import type { AtxStatusView } from '../../../src/node/api/atx-port.ts'
import { fakeAtx, fakeAtxStatus } from '../../helpers/fake-atx-port.ts'
import { fakeStatus } from '../../helpers/fake-node-port.ts'
import { endAll, type Finished, palaver, removeFolders, temporaryFolder } from '../../helpers/processes.ts'
import { createFakeApi, type FakeApi } from './fake-api.ts'

const PEER = fakeAtx.publisherPeerId
const BODY = Buffer.from('the body')
const IDLE: AtxStatusView = { ...fakeAtxStatus, sessions: [], fetching: { ...fakeAtxStatus.fetching, queued: 0 } }
const [SYNC] = fakeAtxStatus.sessions as [AtxStatusView['sessions'][number]]
const SERVE: AtxStatusView['sessions'][number] = {
  peerId: PEER,
  intent: 'serve',
  direction: 'inbound',
  phase: 'serve',
  back: 0,
  idsIn: 100,
  idsOut: 0,
  bytesIn: 2_048,
  bytesOut: 0,
  bytesPerSecond: 1_024,
  gained: 90,
  total: 400,
  lists: null,
  etaMs: 3_000,
}

/** After a session that ended this way, later than the one before. */
function ended(end: Partial<AtxStatusView['peers'][number]>): AtxStatusView {
  return { ...IDLE, peers: IDLE.peers.map((peer) => ({ ...peer, at: '2026-01-01T00:00:01.000Z', ...end })) }
}

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
    'GET /v1/status': { json: fakeStatus },
    'GET /v1/peers': { json: [{ peerId: PEER }] },
    'GET /readyz': { json: { checks: [] } },
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
    ['a file above the limit', Buffer.alloc(261_121), 'has 261,121 bytes'],
  ])('publish refuses %s before anything is sent', async (_, body, why) => {
    const file = join(folder, 'file')
    writeFileSync(file, body)
    const { code, stderr } = await atx('publish', file)
    expect([code, api.calls.length]).toEqual([2, 0])
    expect(stderr).toContain(why)
  })

  test.each([
    ['a file that is not there', 'none', 'there is no such file', 'typing error'],
    ['a folder', 'home', 'it is a folder', 'name the files in it'],
  ])('publish says what to do about %s, and sends nothing', async (_, name, why, advice) => {
    const good = join(folder, 'good')
    writeFileSync(good, BODY)
    const { code, stderr } = await atx('publish', good, join(folder, name))
    expect([code, api.calls.length]).toEqual([2, 0])
    expect(stderr).toContain(why)
    expect(stderr).toContain(advice)
  })

  test('publish reads standard input for a dash', async () => {
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
    expect((await atx('show', '3')).stdout).toContain(fakeAtx.id)
    expect(api.calls.slice(-2).map(({ url }) => url)).toEqual(['/v1/atx?limit=1&from=3', `/v1/atx/${fakeAtx.id}`])
    const absent = await atx('show', 'c'.repeat(64))
    expect([absent.code, absent.stderr.includes('palaver atx sync')]).toEqual([1, true])
  })

  test('status shows size, fingerprints, sessions, who agreed and who is refused', async () => {
    statuses = [fakeAtxStatus]
    const { stdout } = await atx('status')
    for (const part of [
      /set +4 ATXs, b{10}\.\. \(xor a{10}\.\.\)/,
      /c_old\) +4 ATXs, a{10}\.\.\n/,
      /timeframe +1, 2026-01-01 00:00:00Z to 2026-02-01 00:00:00Z; epoch 2\n/,
      /synced +yes: 3 of 3 peers agreed lately/,
      /fetching +2 of 10 to come, 1000 B\/s, 250 ms left/,
      /outbound sync with .*, rounds, timeframe -1, 100 ids in, 99 out, 6\.2 KiB, 2\.0 KiB\/s, 1 gained, 100 ms left/,
      /12D3KooW\S+ +2026-01-01 00:00:00Z +0 +equal/,
      /refused 12D3KooW.* until 2026-01-02 00:00:00Z/,
    ])
      expect(stdout).toMatch(part)
    expect(JSON.parse((await atx('status', '--json')).stdout)).toEqual(fakeAtxStatus)
  })

  test('sync follows until nothing is open, shows progress, and says what the session gained, whatever gossip brought', async () => {
    const last = { ...ended({ gainedTotal: 7 }), count: 60, gained: 17 }
    statuses = [IDLE, IDLE, fakeAtxStatus, { ...fakeAtxStatus, sessions: [] }, last]
    const { code, stdout, stderr } = await atx('sync', PEER)
    expect(code).toBe(0)
    expect(stderr).toContain('comparing, 0 ids, 0 B, 0 B/s')
    expect(stdout).toContain(`${PEER}  equal, 2 gained\n`)
    expect(stdout).toContain('\n2 gained; 60 ATXs')
    expect(api.calls.find(({ method }) => method === 'POST')?.body).toEqual({ peerId: PEER })
  })

  test('sync with all says what they gained together, of a peer that came back what it brought since', async () => {
    statuses = [IDLE, { ...ended({ gainedTotal: 3 }), gained: 17 }]
    const { stdout } = await atx('sync', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ gained: 10, peers: [{ peerId: PEER, gained: 3 }] })
  })

  test('sync shows only what is under way with those that were asked', async () => {
    const other = { ...SERVE, peerId: 'somebody else' }
    statuses = [IDLE, { ...IDLE, sessions: [other, SYNC] }, ended({})]
    const { stderr } = await atx('sync', PEER)
    expect(stderr).toContain('[############............] comparing, 199 ids')
  })

  test('sync ends with 5 when it takes too long, with 1 when every session failed', async () => {
    statuses = [fakeAtxStatus]
    expect((await atx('sync', '--timeout', '300ms')).code).toBe(5)
    statuses = [IDLE, ended({ outcome: 'refused', reason: 'other network' })]
    const failed = await atx('sync')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('other network')
  })

  test('sync ends with 5 when all are busy, and says when to try again', async () => {
    statuses = [IDLE, ended({ outcome: 'busy', reason: 'too many sessions', retryAt: '2026-01-01T00:00:31.000Z' })]
    const { code, stdout, stderr } = await atx('sync')
    expect(code).toBe(5)
    expect(stdout).toContain('busy: too many sessions; again from 00:00:31Z on')
    expect(stderr).toContain('try again after 2026-01-01 00:00:31Z')
  })

  test('status of the node has a line on the set', async () => {
    const { stdout } = await palaver(['status', '--home', home])
    expect(stdout).toMatch(/^atx +4 ATXs, b{10}\.\., synced$/m)
  })

  test('doctor finds a set out of step only where enough peers are connected', async () => {
    const atxOf = async (): Promise<unknown> => {
      const { checks } = JSON.parse((await palaver(['doctor', '--json', '--home', home])).stdout)
      return checks.find(({ name }: { name: string }) => name === 'atx')
    }
    expect(await atxOf()).toEqual({ name: 'atx', ok: true, detail: '4 ATXs, synced' })
    statuses = [{ ...IDLE, synced: false, agreements: { have: 0, need: 2 } }]
    expect(await atxOf()).toMatchObject({ ok: true, detail: expect.stringContaining('0 of 2 peers agreed lately') })
    statuses = [{ ...IDLE, synced: false, agreements: { have: 0, need: 1 } }]
    expect(await atxOf()).toMatchObject({ ok: false, detail: expect.stringContaining('palaver atx status') })
  })
})

describe('lines on the set', () => {
  test('ids of the list stand in full where there is room, else all of a row but the id is kept', () => {
    const [, whole = ''] = atxTable([fakeAtx])
    expect(whole).toMatch(/^3 +a{64} .* gossip$/)
    expect(atxTable([fakeAtx], whole.length)[1]).toBe(whole)
    const [, narrow = ''] = atxTable([fakeAtx], 100)
    expect(narrow).toBe(whole.replace(fakeAtx.id, 'aaaaaaaaaa..'))
    expect(narrow.length).toBeLessThanOrEqual(100)
    expect(atxTable([])).toEqual(['none; see how many there are with: palaver atx status'])
  })

  test.each<[string, AtxStatusView, string]>([
    ['nothing is known yet', { ...IDLE, sessions: [] }, 'comparing, 0 ids, 3.0 KiB, 0 B/s'],
    [
      'lists are compared',
      { ...fakeAtxStatus, fetching: { ...IDLE.fetching, done: 10 } },
      '[############............] comparing, 199 ids, 9.2 KiB, 2.0 KiB/s, 100 ms left, timeframe -1',
    ],
    [
      'ranges are compared',
      {
        ...fakeAtxStatus,
        fetching: IDLE.fetching,
        sessions: [{ ...SYNC, lists: null, etaMs: null }],
      },
      'comparing, 199 ids, 9.2 KiB, 2.0 KiB/s, timeframe -1',
    ],
    [
      'ATXs are fetched',
      { ...fakeAtxStatus, fetching: { ...fakeAtxStatus.fetching, done: 10 } },
      '[############............] 2 of 4 ATXs, 199 ids, 9.2 KiB, 3.0 KiB/s, 250 ms left, timeframe -1',
    ],
    [
      'a peer serves',
      { ...IDLE, sessions: [SERVE] },
      '[######..................] 100 of 400 ATXs, 100 ids, 5.0 KiB, 1.0 KiB/s, 3.0 s left, open timeframe',
    ],
    [
      'two serve each other, one of them stands',
      { ...IDLE, sessions: [SERVE, { ...SERVE, direction: 'outbound', back: null, bytesPerSecond: 0, etaMs: null }] },
      '[######..................] 200 of 800 ATXs, 200 ids, 7.0 KiB, 1.0 KiB/s, open timeframe',
    ],
  ])('progress while %s', (_, status, line) => {
    expect(progressLine(status, { done: 8, bytes: 1_024 })).toBe(line)
  })

  test('S14 a serve has its rate, what it gained and what is left; of one to others nothing is gained', () => {
    const lines = atxStatusLines({
      ...IDLE,
      sessions: [SERVE, { ...SERVE, direction: 'outbound', back: null, gained: 0 }],
    })
    const seen = lines.filter((line) => line.includes(' serve with '))
    expect(seen).toEqual([
      `inbound serve with ${PEER}, open timeframe, 100 of 400 ATXs, 2.0 KiB, 1.0 KiB/s, 90 gained, 3.0 s left`,
      `outbound serve with ${PEER}, 100 of 400 ATXs, 2.0 KiB, 1.0 KiB/s, 3.0 s left`,
    ])
  })
})
