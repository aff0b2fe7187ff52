/** The `palaver` command as a process against an API made by hand: output, exit codes, errors, how it finds its node. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  endAll,
  type Finished,
  palaver,
  type RunOptions,
  removeFolders,
  startPalaver,
  temporaryFolder,
} from '../../helpers/processes.ts'
import { until } from '../../helpers/until.ts'
import { createFakeApi, type FakeApi } from './fake-api.ts'

const TX = 'a'.repeat(64)
const HASH = 'b'.repeat(64)
const BLOCK = {
  height: 5,
  hash: HASH,
  parentHash: HASH,
  session: 1,
  epoch: 2,
  number: 3,
  proposer: 'p',
  timestamp: '2026-01-01T00:00:00.000Z',
  txIds: [TX],
  entries: 1,
  payloadBytes: 9,
  stateHeight: 4,
  stateRoot: HASH,
  notarization: { signers: [0, 1, 2], weight: 3, threshold: 3 },
  finalized: true,
}
const PROOF = {
  id: 'c'.repeat(64),
  kind: 'doubleVote',
  accused: { key: 'd'.repeat(64), peerId: '12D3KooWtest', org: 'org-2', seat: 'voter' },
  session: 1,
  epoch: 2,
  number: 3,
  recordedAt: 7,
}
const FINAL = { txId: TX, height: 5, blockHash: HASH, result: { ok: true, entries: [{ ok: true }] } }

let api: FakeApi
let home: string

beforeEach(async () => {
  api = await createFakeApi({
    'GET /v1/kv/city': { json: { key: 'city', value: 'Geneva', height: 5 } },
    'GET /v1/kv/none': { json: { key: 'none', value: null, height: 5 } },
    'GET /v1/blocks/5': { json: BLOCK },
    'GET /v1/blocks': { json: [BLOCK] },
    'POST /v1/tx': { json: FINAL },
    'POST /v1/tx/batch': { status: 504, json: { code: 'timeout', detail: 'not final', txId: TX } },
    'POST /v1/peers': { status: 502, json: { code: 'unreachable', detail: 'connection refused' } },
    'GET /v1/events': (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(
        `id: 1\ndata: ${JSON.stringify({ id: 1, topic: 'block', type: 'final', time: 'T', data: { height: 5 } })}\n\n`,
      )
    },
    'GET /v1/evidence': { json: [PROOF] },
    [`GET /v1/evidence/${PROOF.id}`]: { json: { ...PROOF, evidence: 'AAAA' } },
    'GET /v1/status': { json: {} },
  })
  home = temporaryFolder()
  writeFileSync(join(home, 'api.token'), 'secret-token\n')
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

describe('evidence', () => {
  test('list and show name who did what, where it is recorded, and what to type next', async () => {
    const listed = await withHome(['evidence', 'list'])
    expect(listed.stdout).toMatch(/doubleVote\s+org-2\s+voter\s+dddddddddd\.\.\s+\(1,2,3\)\s+7/)
    const shown = await withHome(['evidence', 'show', PROOF.id.slice(0, 10)])
    expect(shown.stdout).toContain(
      'EVIDENCE doubleVote by voter org-2 key dddddddddd.. at (1,2,3), recorded on the ledger at height 7',
    )
    expect(shown.stdout).toContain(`palaver committee propose --remove ${PROOF.accused.key}`)
    const json = await withHome(['evidence', 'show', PROOF.id, '--json'])
    expect(JSON.parse(json.stdout)).toEqual({ ...PROOF, evidence: 'AAAA' })
  })

  test('an id that is none, or that nobody knows, says so', async () => {
    expect(await withHome(['evidence', 'show', 'nothing'])).toMatchObject({ code: 2 })
    const unknown = await withHome(['evidence', 'show', 'abcdef'])
    expect(unknown).toMatchObject({ code: 1 })
    expect(unknown.stderr).toContain('palaver evidence list')
  })
})

function withHome(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return palaver([...args, '--home', home], options)
}

describe('finding the node', () => {
  test('through HOME/api.json, with the token of the home', async () => {
    expect(await withHome(['tx', 'submit', '--kv', 'city=Geneva', '--wait'])).toMatchObject({
      code: 0,
      stdout: `${TX} final at height 5 in block ${HASH}\n`,
    })
    expect(api.calls[0]?.headers.authorization).toBe('Bearer secret-token')
    expect(api.calls[0]?.body).toMatchObject({
      module: 'kv',
      payload: { key: 'city', value: 'Geneva' },
      wait: 'final',
      timeoutMs: 30_000,
    })
  })

  test('through PALAVER_HOME when --home is not given', async () => {
    expect(await palaver(['kv', 'get', 'city'], { env: { PALAVER_HOME: home } })).toMatchObject({
      code: 0,
      stdout: 'Geneva\n',
    })
  })

  test('a token is not sent to an --api that is not the home s own', async () => {
    const other = await createFakeApi({ 'POST /v1/tx': { json: { txId: TX } } })
    await palaver(['tx', 'submit', '--kv', 'a=b', '--api', other.url], { env: { PALAVER_HOME: home } })
    await palaver(['tx', 'submit', '--kv', 'a=b', '--api', api.url], { env: { PALAVER_HOME: home } })
    await other.close()
    expect(other.calls[0]?.headers.authorization).toBeUndefined()
    expect(api.calls[0]?.headers.authorization).toBe('Bearer secret-token')
  })

  test('exit 4 and the next command when none runs, has ended, or does not answer', async () => {
    const none = temporaryFolder()
    const [absent, ended, silent] = await Promise.all([
      palaver(['status', '--home', none]),
      withEnded(none),
      palaver(['status', '--api', 'http://127.0.0.1:1']),
    ])
    expect([absent.code, ended.code, silent.code]).toEqual([4, 4, 4])
    expect(absent.stderr).toMatch(/palaver start --home/)
    expect(silent.stderr).toMatch(/127\.0\.0\.1:1/)
  })

  async function withEnded(folder: string): Promise<Finished> {
    const dead = join(folder, 'dead')
    mkdirSync(dead)
    writeFileSync(join(dead, 'api.json'), JSON.stringify({ url: api.url, tokenFile: 'none', pid: 2 ** 22 + 1 }))
    return palaver(['status', '--home', dead])
  }
})

describe('output', () => {
  test('data goes to stdout, one JSON document with --json', async () => {
    const outcome = await withHome(['block', 'show', '5', '--json'])
    expect(JSON.parse(outcome.stdout)).toEqual(BLOCK)
    expect(outcome.stdout.trim().split('\n')).toHaveLength(1)
    expect((await withHome(['block', 'list'])).stdout).toMatch(/height +hash/)
  })

  test('a missing value is exit 1: nothing on stdout, with --json the answer', async () => {
    const [plain, json] = await Promise.all([
      withHome(['kv', 'get', 'none']),
      withHome(['kv', 'get', 'none', '--json']),
    ])
    expect([plain.code, plain.stdout, json.code]).toEqual([1, '', 1])
    expect(JSON.parse(json.stdout)).toEqual({ key: 'none', value: null, height: 5 })
    expect(plain.stderr).toMatch(/palaver kv put none/)
  })

  test('entries come from standard input or a file, and a timeout is exit 5 with the id', async () => {
    const entries = JSON.stringify([1, 2].map((n) => ({ module: 'kv', payload: { key: `k${n}`, value: 'v' } })))
    const file = join(home, 'entries.json')
    writeFileSync(file, entries)
    const [piped, filed] = await Promise.all([
      withHome(['tx', 'submit', '-', '--wait', '--timeout', '2s'], { input: entries }),
      withHome(['tx', 'submit', '--file', file, '--wait']),
    ])
    expect([piped.code, filed.code]).toEqual([5, 5])
    expect(piped.stderr).toContain(TX)
    expect(api.calls.map((call) => (call.body as { entries: unknown[] }).entries.length)).toEqual([2, 2])
  })

  test('events are one JSON object per line until Ctrl-C', async () => {
    const follow = startPalaver(['events', '--topic', 'block', '--json', '--home', home])
    expect(JSON.parse(await follow.line(/"id":1/))).toMatchObject({ topic: 'block', data: { height: 5 } })
    follow.child.kill('SIGINT')
    expect((await follow.finished).signal ?? 'SIGINT').toBe('SIGINT')
    await until(() => follow.child.exitCode !== null || follow.child.signalCode !== null)
  })

  test('a peer that cannot be reached is a failure of the command, not a node that is away', async () => {
    const outcome = await withHome([
      'peers',
      'connect',
      '/ip4/127.0.0.1/tcp/1/p2p/12D3KooWBmAwcd4PJNJvfV89HwE48nwkRmAgo8Vy3uQEyNNHBox2',
    ])
    expect(outcome).toMatchObject({ code: 1, stdout: '' })
    expect(outcome.stderr).toMatch(/connection refused/)
  })
})

describe('usage', () => {
  test.each([
    [['statsu'], /unknown command 'statsu'[\s\S]*did you mean 'status'/],
    [['status', '--wacth'], /unknown flag '--wacth'[\s\S]*did you mean '--watch'/],
    [['peers', 'lst'], /'lst'[\s\S]*did you mean 'list'/],
    [['peers'], /list \| connect/],
    [['kv', 'get'], /not enough/],
    [[], /name a command/],
    [['tx', 'submit'], /--kv KEY=VALUE/],
    [['tx', 'submit', '--kv', 'novalue'], /KEY=VALUE/],
    [['tx', 'submit', '-'], /standard input/],
    [['tx', 'submit', '--kv', 'a=b', '--timeout', '5'], /duration/],
    [['peers', 'connect', 'http://127.0.0.1:4001'], /URL/],
    [['block', 'show', 'first'], /latest/],
    [['block', 'list', '--limit', '1000'], /at most 100/],
    [['events', '--topic', 'blocks'], /topics are/],
    [['completion', 'tcsh'], /bash/],
  ])('%j is exit 2, silent on stdout, and says what to type', async (args, text) => {
    const outcome = await palaver(args, { env: { PALAVER_HOME: home } })
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toMatch(text)
  })

  test('--help lists every command and the flags of one; --version prints the version', async () => {
    const [all, one, version] = await Promise.all([
      palaver(['--help']),
      palaver(['tx', 'submit', '--help']),
      palaver(['--version']),
    ])
    expect([all.code, one.code, version.code]).toEqual([0, 0, 0])
    for (const name of ['init', 'start', 'testnet', 'status', 'doctor', 'completion'])
      expect(all.stdout).toContain(`palaver ${name}`)
    expect(one.stdout).toMatch(/--timeout[\s\S]*--wait|--wait[\s\S]*--timeout/)
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('a completion script is printed, and completions name commands', async () => {
    for (const shell of ['bash', 'zsh', 'fish'])
      expect((await palaver(['completion', shell])).stdout).toContain('--get-yargs-completions')
  })
})
