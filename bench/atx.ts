/**
 * The shared set of ATXs against its targets: sessions, inserts, memory, fetching, serving. Each job has a process of its
 * own; where two nodes talk, libp2p over loopback. `BENCH_ATX_IDS` shortens it, `BENCH_NEGENTROPY` names negentropy's
 * JavaScript file to measure beside ours.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Result, type RunningJob, runJob, startJob } from './atx-job.ts'
import { MONTH_IDS } from './atx-material.ts'
import { CASES, measureCase } from './deep.ts'
import { at, atLeast, atMost, type Figure } from './figures.ts'

type Note = (...figures: readonly Figure[]) => void

/** 31 months of 33,000: a million and a little. */
const IDS = Number(process.env.BENCH_ATX_IDS ?? 31 * MONTH_IDS)
const XOR_IDS = Math.min(IDS, 200_000)
const FETCHED = Math.min(100_000, IDS)
const FETCHED_BYTES = 1_024
const KIB = 1_024

export async function measureAtx(note: Note): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'palaver-bench-'))
  try {
    await measureStore(dir, note)
    await measureSessions(dir, note)
    await measureServe(dir, note)
    await measureListing(note)
    await measureFetch(dir, note)
    await compareDeep(note)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const count = (ids: number): string => ids.toLocaleString('en')
const read = (result: Result, name: string): number => result[name] ?? Number.NaN
const storeOf = (dir: string): string => join(dir, 'lthash16')

async function measureStore(dir: string, note: Note): Promise<void> {
  for (const [suite, ids] of [['xor', XOR_IDS] as const, ['lthash16', IDS] as const]) {
    const result = await runJob('insert', { dir: join(dir, suite), suite, ids })
    const rate = (seconds: number): number => ids / seconds
    const detail = `${count(ids)} with 300-byte blobs; ${rate(read(result, 'cpuSeconds')).toFixed(0)} per second of processor; loop delay p99 ${read(result, 'stallMs').toFixed(0)} ms`
    note(at(`inserts, suite ${suite}`, rate(read(result, 'seconds')), 'ids/s', atLeast(20_000), detail))
  }
  const input = { dir: storeOf(dir), suite: 'lthash16', ids: IDS } as const
  // The first one finds LevelDB still tidying up behind the inserts.
  const first = await runJob('open', input)
  const result = await runJob('open', input)
  const memory = `without mapped files (${read(result, 'mapped').toFixed(0)} more); ${read(result, 'arrays').toFixed(0)} in typed arrays; right after the inserts ${read(first, 'anonymous').toFixed(0)}`
  const clock = `${read(result, 'seconds').toFixed(1)} s on the clock`
  note(
    at(`resident memory at ${count(IDS)} ids`, read(result, 'anonymous'), 'B/id', atMost(150), memory),
    at(`opening ${count(IDS)} ids, processor`, read(result, 'cpuSeconds'), 's', null, clock),
  )
}

async function measureSessions(dir: string, note: Note): Promise<void> {
  const input = { dir: storeOf(dir), suite: 'lthash16', ids: IDS } as const
  const happy = await runJob('happy', input)
  const network = `processor; ${read(happy, 'networkMs').toFixed(2)} ms with a libp2p stream opened and closed`
  note(
    at('Hello of an equal set, framed', read(happy, 'helloBytes'), 'B', atMost(200), 'both suites'),
    at('session of equal sets, each side', read(happy, 'aloneMs'), 'ms', atMost(1), network),
  )
  for (const isDeep of [false, true]) {
    const result = await runJob('lists', { ...input, isDeep })
    const name = `100 differences in the last month, ${isDeep ? 'by ranges' : 'by lists'}`
    const detail = `whole sessions, both ways; processor of both sides ${(read(result, 'cpuSeconds') * 1_000).toFixed(0)} ms`
    note(at(name, read(result, 'bytes') / 1_000, 'kB', atMost(isDeep ? 100 : 2_200), detail))
  }
}

async function measureServe(dir: string, note: Note): Promise<void> {
  for (const [peers, rate] of [[1, 512 * KIB] as const, [5, 2_048 * KIB] as const]) {
    const result = await runJob('serve', { dir: storeOf(dir), suite: 'lthash16', peers })
    const off = (read(result, 'sum') / rate - 1) * 100
    const range = `${(read(result, 'least') / KIB).toFixed(0)} to ${(read(result, 'most') / KIB).toFixed(0)} KiB/s each`
    const detail = `${(read(result, 'sum') / KIB).toFixed(0)} of ${rate / KIB} KiB/s over 25 s; ${range}`
    note(
      at(`serving ${peers === 1 ? 'one peer' : `${peers} peers`}, off its rate`, Math.abs(off), '%', atMost(5), detail),
    )
  }
}

/** Two processes, each of which lists its set to the other at the same time. */
async function measureListing(note: Note): Promise<void> {
  const input = { suite: 'lthash16', ids: Math.min(IDS, 1_000_000) } as const
  const called = startJob('listing', input)
  const { address } = await called.ready
  const caller = startJob('listing', { ...input, address })
  const [a, b] = await Promise.all([caller.result, called.result])
  const megabytes = (read(a, 'bytes') + read(b, 'bytes')) / 1e6
  const seconds = Math.max(read(a, 'seconds'), read(b, 'seconds'))
  const cpu = read(a, 'cpuSeconds') + read(b, 'cpuSeconds')
  const detail = `two processes, both directions: ${megabytes.toFixed(0)} MB in ${seconds.toFixed(1)} s; loop delay p99 ${read(a, 'stallMs').toFixed(0)} ms`
  note(
    at(`${count(input.ids)} ids each way at once`, megabytes / seconds, 'MB/s', atLeast(20), detail),
    at(
      'the same, per second of processor',
      megabytes / cpu,
      'MB/s',
      null,
      'sum of both sides: two cores carry twice as much',
    ),
  )
}

async function measureFetch(dir: string, note: Note): Promise<void> {
  const [source, target] = [join(dir, 'source'), join(dir, 'target')]
  await runJob('sign', { dir: source, ids: FETCHED })
  const server: RunningJob = startJob('fetchServer', { dir: source })
  const client = await runJob('fetchClient', { dir: target, ...(await server.ready) })
  server.end()
  const served = await server.result
  const megabytes = (FETCHED * FETCHED_BYTES) / 1e6
  const perBlob = (result: Result): number => (read(result, 'cpuSeconds') * 1e6) / FETCHED
  const verify = read(client, 'verifyUs')
  const detail = `two processes; loop delay p99 ${read(client, 'stallMs').toFixed(0)} ms, RSS ${read(client, 'rssMiB').toFixed(0)} MiB`
  note(
    at(`fetching ${count(FETCHED)} blobs of 1 KiB`, megabytes / read(client, 'seconds'), 'MB/s', atLeast(10), detail),
    at(
      'the same, processor per blob of the fetching side',
      perBlob(client) / verify,
      'Ed25519',
      null,
      `in verifications of one signature, ${verify.toFixed(0)} us at that moment; server ${(perBlob(served) / verify).toFixed(2)}`,
    ),
  )
}

async function compareDeep(note: Note): Promise<void> {
  const file = process.env.BENCH_NEGENTROPY
  for (const each of CASES) {
    note(...(await measureCase(each)))
    const title = `${count(each.differences)} differences in ${each.name}, negentropy's JavaScript`
    if (file === undefined) {
      note(at(title, Number.NaN, 'kB', null, 'absent: BENCH_NEGENTROPY names its file'))
      continue
    }
    const result = await runJob('negentropy', { dir: file, ids: each.ids, peers: each.differences })
    const [cpu, build] = [read(result, 'cpuMs').toFixed(0), read(result, 'buildMs').toFixed(0)]
    const detail = `${read(result, 'turns')} turns; processor ${cpu} ms, and ${build} ms to build a side`
    note(at(title, read(result, 'bytes') / 1_000, 'kB', null, detail))
  }
}
