/**
 * The ATX set on four real nodes and a newcomer, through command line and API: publishing, death and return, partition,
 * catching up with progress to see, and bad input.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AtxDetail, AtxStatusView, AtxView } from '../../src/node/api/atx-port.ts'
import { stopAll } from '../../testnet/launcher.ts'
import { readManifest } from '../../testnet/manifest.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { type AtxNet, initAtxNet, setConfig } from './atx-net.ts'
import { begin, json, run, succeed } from './cli.ts'

const ALL = [0, 1, 2, 3]
const CONFIG = { atxSyncIntervalMs: 1_000 }

let folder: string
let net: AtxNet

beforeAll(async () => {
  ensureBuilt()
  folder = temporaryFolder()
  net = await initAtxNet(join(folder, 'net'), ['--nodes', '4'], CONFIG)
  await succeed(['testnet', 'start', net.dir])
})

afterAll(async () => {
  await stopAll(net.dir)
  await endAll()
  removeFolders()
})

const count = async (): Promise<number> => (await net.status(0)).count
const pidOf = (node: number): number => readManifest(net.dir).nodes[node]?.process?.pid ?? 0

/** By the metrics of a node: what came by lists of ids, or in bulk. */
async function broughtBySessions(node: number): Promise<number> {
  const lines = (await net.client(node).metrics()).split('\n')
  const counts = lines.filter((line) => /^palaver_atx_inserted_total\{source="(sync|serve)"\}/.test(line))
  return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** The file of a body, written for a test. */
function file(name: string, body: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, body)
  return path
}

test('S8 what one node publishes every node holds: count, fingerprint, list and body, and an event told of it', async () => {
  const events = begin(['events', '--topic', 'atx', '--json', '--home', net.home(3)])
  await until(async () => {
    await net.publish([0], 1)
    return events.stdout() !== ''
  })
  const before = await count()
  // A body that travels with its announcement, and one that must be fetched after it.
  const bodies = [Buffer.from('small'), Buffer.alloc(200_000, 7)]
  const files = bodies.map((body, i) => file(`body${i}`, body))
  const published = await json<{ id: string; isNew: boolean }[]>([
    ...['atx', 'publish', ...files],
    ...['--home', net.home(1)],
  ])
  expect(published.map(({ isNew }) => isNew)).toEqual([true, true])
  const fingerprint = await net.agree(ALL, before + 2)
  const status = await json<AtxStatusView>(['atx', 'status', '--home', net.home(2)])
  expect([status.count, status.fingerprint]).toEqual([before + 2, fingerprint])
  const listed = await json<AtxView[]>(['atx', 'list', '--from', String(before), '--home', net.home(3)])
  expect(listed.map(({ id }) => id).sort()).toEqual(published.map(({ id }) => id).sort())
  for (const [i, { id }] of published.entries()) {
    const out = join(folder, `out${i}`)
    const shown = await json<AtxDetail>(['atx', 'show', id, '--out', out, '--home', net.home(0)])
    expect(readFileSync(out).equals(bodies[i] as Buffer)).toBe(true)
    expect(shown.publisherPeerId).toBe(readManifest(net.dir).nodes[1]?.peerId)
    await events.line(new RegExp(`"topic":"atx".*"inserted".*${id}`))
  }
  const again = await net.post(2, { blob: (await net.client(0).atx(published[0]?.id ?? ''))?.blob })
  expect(await again.json()).toMatchObject({ id: published[0]?.id, isNew: false, count: before + 2 })
})

test('a node killed while others published catches up by itself; killed again in the middle, nothing is lost', async () => {
  const before = await count()
  await succeed(['testnet', 'kill', net.dir, '3'])
  await net.publish([0, 1, 2], 160, 40_000)
  await net.agree([0, 1, 2], before + 160)
  const restart = begin(['testnet', 'restart', net.dir, '3'])
  const middle = await until(async () => {
    const { count: held } = await net.status(3)
    return held > before ? held : null
  }, 30_000)
  process.kill(pidOf(3), 'SIGKILL')
  await restart.finished
  expect(middle).toBeLessThan(before + 160)
  await succeed(['testnet', 'restart', net.dir, '3'])
  const fingerprint = await net.agree(ALL, before + 160)
  expect(await net.addedUp(3)).toEqual({ count: fingerprint.count, xor: fingerprint.xor, strong: fingerprint.strong })
  const { checkpoints } = await net.status(3)
  expect(checkpoints.curr).toEqual(fingerprint)
})

test('halves of a partition go on by themselves; healed, all four hold what both published', async () => {
  const before = await count()
  await succeed(['testnet', 'partition', net.dir, '0,1/2,3'])
  await Promise.all([net.publish([0, 1], 40), net.publish([2, 3], 60)])
  const halves = [await net.agree([0, 1], before + 40), await net.agree([2, 3], before + 60)]
  expect(halves[0]?.strong).not.toBe(halves[1]?.strong)
  await succeed(['testnet', 'heal', net.dir])
  await net.agree(ALL, before + 100)
})

test('a newcomer gets thousands: progress is seen on the way, and it is synced only after three peers agreed', async () => {
  const total = (await count()) + 2_000
  await net.publish(ALL, 2_000)
  await net.agree(ALL, total)
  const { node } = await json<{ node: number }>(['testnet', 'add', net.dir, '--no-start'])
  setConfig(net.home(node), CONFIG)
  const start = begin(['testnet', 'restart', net.dir, String(node)])
  const seen: AtxStatusView[] = []
  await until(async () => seen.push(await net.status(node)), 30_000)
  const sync = begin(['atx', 'sync', '--home', net.home(node)])
  await until(async () => {
    const status = await net.status(node)
    seen.push(status)
    return status.synced
  }, 60_000)
  expect(seen.some(({ sessions, fetching }) => sessions.length > 0 || fetching.queued > 0)).toBe(true)
  expect(seen.filter(({ synced, agreements }) => synced !== agreements.have >= 3)).toEqual([])
  expect(seen.filter(({ synced }) => synced).map((status) => status.count)).toEqual([total])
  await start.finished
  const { code, stdout, stderr } = await sync.finished
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(
    /^(\[[#.]{24}\] [\d,]+ of [\d,]+ ATXs|(\[[#.]{24}\] )?comparing), [\d,]+ ids, [\d.]+ \w+, [\d.]+ [KM]?i?B\/s/m,
  )
  expect((await net.status(node)).gained).toBe(await broughtBySessions(node))
  expect(stdout).toMatch(/[\d,]+ ATXs, fingerprint [0-9a-f]{10}/)
  await net.agree([...ALL, node], total)
})

test.each([
  [['show', '0'.repeat(64)], 1, 'does not have ATX'],
  [['publish', 'EMPTY'], 2, 'is empty'],
  [['publish', 'LARGE'], 2, 'has 261,121 bytes'],
  [['publish', 'FOLDER'], 2, 'it is a folder'],
  [['sync', '12D3KooWBmAwcd4PJNJvfV89HwE48nwkRmAgo8Vy3uQEyNNHBox2'], 1, 'is not connected'],
])('palaver atx %s ends with %i', async (args, code, words) => {
  const names: Record<string, string> = {
    EMPTY: file('empty', ''),
    LARGE: file('large', Buffer.alloc(261_121)),
    FOLDER: folder,
  }
  const outcome = await run(['atx', ...args.map((arg) => names[arg] ?? arg), '--home', net.home(0)])
  expect([outcome.code, outcome.stdout]).toEqual([code, ''])
  expect(outcome.stderr).toContain(words)
})

test('what is no valid ATX is refused by a problem document with a code, and nothing of it is kept', async () => {
  const before = await net.status(0)
  const good = await net.sign()
  const unsigned = Uint8Array.from(good.blob)
  unsigned[unsigned.length - 1] = (unsigned.at(-1) ?? 0) ^ 1
  const base64 = (blob: Uint8Array): string => Buffer.from(blob).toString('base64')
  const rows: [object, number, string, string][] = [
    [{ blob: base64(Buffer.from('no ATX')) }, 400, 'malformed', 'not the encoding'],
    [{ blob: '*' }, 400, 'invalid-request', 'blob'],
    [{}, 400, 'invalid-request', 'body'],
    [{ blob: base64(Buffer.alloc(300_000)) }, 400, 'invalid-request', 'blob'],
    [{ blob: base64(unsigned) }, 409, 'refused', 'signature'],
    [{ blob: base64((await net.sign({ tickCount: 0 })).blob) }, 409, 'refused', 'rule'],
    [{ blob: base64((await net.sign({ publishEpoch: before.epoch + 2 })).blob) }, 409, 'refused', 'future'],
    [{ blob: base64((await net.sign({ positioning: 'ab'.repeat(32) })).blob) }, 409, 'refused', 'builds on'],
  ]
  for (const [body, status, code, words] of rows) {
    const answer = await net.post(0, body)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    const problem = (await answer.json()) as { detail: string }
    expect(problem).toMatchObject({ status, code })
    expect(problem.detail).toContain(words)
  }
  expect(await (await net.post(0, { blob: base64(good.blob) }, 'not the token')).json()).toMatchObject({
    status: 401,
    code: 'unauthorized',
  })
  expect((await net.status(0)).fingerprint).toEqual(before.fingerprint)
  // The wrong signature said nothing of the id.
  expect(await (await net.post(0, { blob: base64(good.blob) })).json()).toMatchObject({ id: good.id, isNew: true })
})
