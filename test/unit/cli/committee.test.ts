/** `palaver committee` as a process against an API made by hand: what it sends, what people read, how it refuses. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseChange } from '../../../bin/committee-arguments.ts'
import { proposalIdOf } from '../../../src/ledger/modules/committee-id.ts'
import { publicKeyHexFromPeerId } from '../../../src/protocols/peer-ids.ts'
import { fakeCommittee, fakeHistory, fakeProposal } from '../../helpers/fake-committee.ts'
import { endAll, type Finished, palaver, removeFolders, temporaryFolder } from '../../helpers/processes.ts'
import { createFakeApi, type FakeApi } from './fake-api.ts'

const TX = 'a'.repeat(64)
const KEY = 'e'.repeat(64)
const PEER = '12D3KooWBmAwcd4PJNJvfV89HwE48nwkRmAgo8Vy3uQEyNNHBox2'
const MADE = proposalIdOf(TX, 0)
const FINAL = { txId: TX, height: 50, blockHash: 'b'.repeat(64), result: { ok: true, entries: [{ ok: true }] } }
const detail = 'only voters of the present session decide'
const REFUSED = { ...FINAL, result: { ok: false, entries: [{ ok: false, code: 'not-voter', detail }] } }
const proposals = [{ ...fakeProposal, id: MADE }, ...fakeCommittee.proposals]

let api: FakeApi
let home: string
let answer: typeof FINAL | typeof REFUSED = FINAL

beforeEach(async () => {
  answer = FINAL
  api = await createFakeApi({
    'GET /v1/committee': { json: { ...fakeCommittee, proposals } },
    'GET /v1/committee/history': { json: fakeHistory },
    'POST /v1/tx': (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    },
  })
  home = join(temporaryFolder(), 'home')
  mkdirSync(home)
  writeFileSync(join(home, 'api.token'), 'secret\n')
  writeFileSync(
    join(home, 'api.json'),
    JSON.stringify({ url: api.url, tokenFile: join(home, 'api.token'), pid: process.pid }),
  )
})

afterEach(async () => {
  await endAll()
  await api.close()
  removeFolders()
})

function committee(...args: string[]): Promise<Finished> {
  return palaver(['committee', ...args, '--home', home])
}

describe('palaver committee', () => {
  test('show names the members, the next committee, who approved, what is missing, and what the others type', async () => {
    const { code, stdout } = await committee('show')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^session 2, since block 40; k 1/)
    expect(stdout).toMatch(/org-a +yes +yes +1 +12D3KooW/)
    expect(stdout).toMatch(/org-d +- +yes +1/)
    expect(stdout).toContain('after this session: k 1')
    expect(stdout).toContain('approved by org-a, org-b: weight 2, 3 needed')
    expect(stdout).toContain(`1 missing; org-c, org-d can type: palaver committee approve ${fakeProposal.id}`)
    expect(stdout).toMatch(/proposal 2+: dropped, no-change: it is so/)
    expect(JSON.parse((await committee('show', '--json')).stdout)).toEqual({ ...fakeCommittee, proposals })
  })

  test('propose waits, and prints the proposal with what it lacks', async () => {
    const outcome = await committee('propose', '--add', `${KEY},org-e`, '--k', '2')
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(outcome.stdout).toContain(`proposal ${MADE}: open`)
    expect(outcome.stdout).toContain(`palaver committee approve ${MADE}`)
    expect(api.calls[0]?.body).toEqual({
      module: 'committee',
      payload: {
        propose: { add: [{ key: KEY, org: 'org-e' }], remove: [], replace: [], params: { k: 2 }, allowFewer: false },
      },
      wait: 'final',
      timeoutMs: 30_000,
    })
  })

  test('--no-wait returns with the ids at once', async () => {
    const { code, stdout } = await committee('propose', '--remove', PEER, '--allow-fewer', '--no-wait', '--json')
    expect([code, JSON.parse(stdout)]).toEqual([0, { txId: TX, proposal: MADE }])
    expect(api.calls[0]?.body).not.toHaveProperty('wait')
  })

  test('approve and withdraw take the start of an id', async () => {
    const approved = await committee('approve', '111', '--json')
    expect(JSON.parse(approved.stdout)).toEqual({ ...FINAL, proposal: fakeProposal.id, state: fakeProposal })
    expect((await committee('withdraw', fakeProposal.id, '--wait')).code).toBe(0)
    const payloads = api.calls.filter(({ method }) => method === 'POST').map(({ body }) => body as { payload: unknown })
    expect(payloads.map(({ payload }) => payload)).toEqual([
      { approve: { id: fakeProposal.id } },
      { withdraw: { id: fakeProposal.id } },
    ])
  })

  test.each(['fff', '', 'nonsense'])(
    "an id that starts with '%s' names no proposal: exit 1, nothing is sent",
    async (id) => {
      const outcome = await committee('approve', id)
      expect(outcome).toMatchObject({ code: 1, stdout: '' })
      expect(outcome.stderr).toMatch(/no proposal[\s\S]*palaver committee show/)
      expect(api.calls.filter(({ method }) => method === 'POST')).toEqual([])
    },
  )

  test('a refused entry shows its reason and is exit 1', async () => {
    answer = REFUSED
    const outcome = await committee('propose', '--k', '2', '--wait')
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toContain(`refused: not-voter: ${detail}`)
  })

  test('history has a row for each session, and what became of its changes', async () => {
    const { stdout } = await committee('history', '--limit', '5')
    expect(api.calls[0]?.url).toBe('/v1/committee/history?limit=5')
    expect(stdout).toMatch(/2 +40 +elected +4 +2 +1 +3333333333\.\.; 4444444444\.\. not applied: not-member: gone/)
    expect(stdout).toMatch(/1 +0 +genesis/)
    expect(JSON.parse((await committee('history', '--json')).stdout)).toEqual(fakeHistory)
  })

  test.each([
    [['propose'], /changes nothing[\s\S]*--add KEY,ORG/],
    [['approve'], /not enough/],
    [['history', '--limit', '101'], /at most 100/],
    [['propose', '--add', 'org-e'], /--add KEY,ORG/],
  ])('%j is exit 2 and says what to type', async (args, text) => {
    const outcome = await committee(...args)
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toMatch(text)
  })
})

describe('changes as people type them', () => {
  const peerKey = publicKeyHexFromPeerId(PEER)

  test.each([
    [{ add: [`${KEY.toUpperCase()},o`] }, { add: [{ key: KEY, org: 'o' }] }],
    [
      { add: [`${PEER},Big Org,weight=3,role=voter`] },
      { add: [{ key: peerKey, org: 'Big Org', weight: 3, roles: ['voter'] }] },
    ],
    [{ remove: [PEER, KEY] }, { remove: [peerKey, KEY] }],
    [{ replace: [`${KEY},${PEER},o`] }, { replace: [{ old: KEY, key: peerKey, org: 'o' }] }],
    [{ k: 3, 'timeout-ms': 900, 'stop-offset': 0 }, { params: { k: 3, voterTimeoutMs: 900, stopOffset: 0 } }],
    [{ set: ['heartbeatMs=250', 'maxBlockBytes=4096'] }, { params: { heartbeatMs: 250, maxBlockBytes: 4_096 } }],
    [
      { remove: [KEY], 'allow-fewer': true },
      { remove: [KEY], allowFewer: true },
    ],
  ])('%j', (args, change) => {
    const empty = { add: [], remove: [], replace: [], params: {}, allowFewer: false }
    expect(parseChange(args)).toEqual({ propose: { ...empty, ...change } })
  })

  test.each([
    [{ add: [`${KEY}`] }],
    [{ add: [`${KEY},`] }],
    [{ add: ['12D3Koo,o'] }],
    [{ add: [`${KEY},o,speed=2`] }],
    [{ add: [`${KEY},o,weight=two`] }],
    [{ add: [`${KEY},o,voter`] }],
    [{ remove: ['org-1'] }],
    [{ replace: [`${KEY},${PEER}`] }],
    [{ replace: [`${KEY},${PEER},o,p`] }],
    [{ set: ['heartbeatMs'] }],
    [{ set: ['heartbeatMs=-1'] }],
    [{ 'allow-fewer': true }],
  ])('%j is a usage error', (args) => {
    expect(() => parseChange(args)).toThrow(expect.objectContaining({ code: 'usage', hint: expect.any(String) }))
  })
})
