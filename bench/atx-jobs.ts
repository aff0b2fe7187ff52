/** Jobs of the ATX section by name: each runs in a process of its own, so that its time and memory are its own. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { systemClock } from '../src/machine/clock.ts'
import { atxCodec } from '../src/sync/atx/codec.ts'
import { createAtxValidator } from '../src/sync/atx/validator.ts'
import { createAtxStream } from '../src/sync/atx-stream.ts'
import { createAtxFetch } from '../src/sync/fetch/client.ts'
import { createFetchStore } from '../src/sync/fetch/fetch-store.ts'
import { createFetchServer } from '../src/sync/fetch/server.ts'
import { createIntake } from '../src/sync/intake/intake.ts'
import { openRejectedStore } from '../src/sync/intake/rejected-store.ts'
import { SESSION_LIMITS } from '../src/sync/rules/limits.ts'
import { startSession } from '../src/sync/session/session.ts'
import { ID_BYTES, type Suite } from '../src/sync/set/types.ts'
import {
  atxOf,
  clockAt,
  configOf,
  createNode,
  fail,
  fill,
  forgetfulDb,
  MONTH_IDS,
  openDb,
  openSet,
  QUIET_PORTS,
  STREAM_ROW,
  signedAtx,
  stopwatch,
  TRAITS,
} from './atx-material.ts'

type Ready = (ready: object) => void
type Input = {
  readonly dir: string
  readonly suite: Suite
  readonly ids: number
  readonly address: string
  readonly side: number
}
const NOBODY = { isBanned: false, retryAfterMs: 0, live: 'none' } as const
const SESSION = { hasStepOne: true, standing: NOBODY, supersede: () => fail('nobody dials twice') }
const FRAME = 31

/** Inserts through the store: 300-byte blobs, 1,024 at a time, months of 33,000. */
async function insert({ dir, suite, ids }: Input): Promise<object> {
  const db = await openDb(dir)
  const clock = clockAt(0)
  const set = await openSet(db, { suite, clock })
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const lap = stopwatch()
  await fill(set, clock, { ids, perFrame: MONTH_IDS })
  await set.close()
  const usage = lap()
  await db.close()
  return { ...usage, stallMs: delay.percentile(99.9) / 1e6, maxStallMs: delay.max / 1e6 }
}

/** Opens a set, and says what it holds in memory per id. */
async function open({ dir, suite }: Input): Promise<object> {
  const clock = clockAt(FRAME)
  const empty = await openSet(forgetfulDb(), { suite, clock })
  empty.heads()
  const gc = global.gc ?? (() => undefined)
  gc()
  const before = process.memoryUsage()
  const lap = stopwatch()
  const db = await openDb(dir)
  const set = await openSet(db, { suite, clock })
  const usage = lap()
  gc()
  await new Promise((resolve) => setTimeout(resolve, 500))
  gc()
  const after = process.memoryUsage()
  await set.close()
  await db.close()
  const perId = (key: 'rss' | 'arrayBuffers' | 'heapUsed') => (after[key] - before[key]) / set.count
  return { ...usage, count: set.count, rss: perId('rss'), arrays: perId('arrayBuffers'), heap: perId('heapUsed') }
}

/** Many sessions of two nodes in this process that hold the same set, over loopback. */
async function happy({ dir, suite }: Input): Promise<object> {
  const clock = clockAt(FRAME)
  const db = await openDb(dir)
  const set = await openSet(db, { suite, clock })
  const [caller, called] = [createNode('caller'), createNode('called')]
  let bytes = 0
  const answering: Promise<unknown>[] = []
  called.streams(STREAM_ROW, async (raw) => {
    const stream = createAtxStream(raw, () => undefined)
    const config = configOf('responder', { suite, deep: false })
    const session = startSession({ ...SESSION, config, stream, set, clock, ports: QUIET_PORTS })
    answering.push(session.finished)
    await session.finished
  })
  const protocol = caller.streams(STREAM_ROW, async () => undefined)
  await Promise.all([caller.start(), called.start()])
  await caller.connect(called.multiaddrs()[0] ?? '')
  const meet = async (): Promise<void> => {
    const raw = await protocol.open(called.self)
    const stream = createAtxStream(raw, (direction, size) => (bytes += direction === 'out' ? size : 0))
    const config = configOf('initiator', { suite, deep: false })
    const { kind } = await startSession({ ...SESSION, config, stream, set, clock, ports: QUIET_PORTS }).finished
    if (kind !== 'fast-equal') fail(`a session ended as ${kind}`)
  }
  const RUNS = 1_000
  for (let i = 0; i < RUNS; i++) await meet()
  bytes = 0
  const lap = stopwatch()
  for (let i = 0; i < RUNS; i++) await meet()
  const { cpuSeconds, seconds } = lap()
  await Promise.all([caller.stop(), called.stop()])
  await set.close()
  await db.close()
  return { bytes: bytes / RUNS, cpuMs: (cpuSeconds * 1_000) / RUNS / 2, wallMs: (seconds * 1_000) / RUNS }
}

/** A set in memory: a million ids in the last closed timeframe, of which each side has fifty that the other lacks. */
async function millionOf(side: number, { ids, suite }: Input) {
  const clock = clockAt(0)
  const set = await openSet(forgetfulDb(), { suite, clock })
  await fill(set, clock, { ids: ids - 50, perFrame: ids })
  await set.insert(Array.from({ length: 50 }, (_, i) => atxOf(`side ${side} ${i}`, clock)))
  clock.frame = 1
  await set.tick()
  return { set, clock }
}

/** One side of a session in which each lists a million ids to the other. */
async function listing(input: Input, ready: Ready): Promise<object> {
  const { side, suite, address } = input
  const { set, clock } = await millionOf(side, input)
  // Orders of timeframes are kept, so this is done once for all peers.
  const sorting = stopwatch()
  await set.freeze().list(1)
  const sorted = sorting()
  const node = createNode(`side ${side}`)
  const done = Promise.withResolvers<object>()
  const role = side === 0 ? 'initiator' : 'responder'
  const lead = async (raw: Parameters<Parameters<typeof node.streams>[1]>[0]): Promise<void> => {
    const lap = stopwatch()
    const delay = monitorEventLoopDelay({ resolution: 2 })
    delay.enable()
    let bytes = 0
    const stream = createAtxStream(raw, (_direction, size) => (bytes += size))
    const config = configOf(role, { suite, deep: false })
    const outcome = await startSession({ ...SESSION, config, stream, set, clock, ports: QUIET_PORTS }).finished
    if (outcome.kind !== 'agreed') fail(`it ended as ${outcome.kind} ${'text' in outcome ? outcome.text : ''}`)
    done.resolve({ ...lap(), bytes, sorted, learned: outcome.figures.learned, maxStallMs: delay.max / 1e6 })
  }
  const protocol = node.streams(STREAM_ROW, lead)
  await node.start()
  ready({ address: node.multiaddrs()[0] })
  if (side === 0) await lead(await protocol.open(await node.connect(address)))
  const result = await done.promise
  await new Promise((resolve) => setTimeout(resolve, 300))
  await node.stop()
  return result
}

/** Signs ATXs of 1 KiB into a store. */
async function sign({ dir, ids }: Input): Promise<object> {
  const db = await openDb(dir)
  const set = await openSet(db, { suite: 'lthash16', clock: systemClock })
  const AT_ONCE = 1_000
  for (let from = 0; from < ids; from += AT_ONCE) {
    await set.insert(Array.from({ length: Math.min(AT_ONCE, ids - from) }, (_, i) => signedAtx(from + i, 1_024)))
  }
  await set.close()
  await db.close()
  return {}
}

/** Answers fetches until told to end. */
async function fetchServer({ dir }: Input, ready: Ready, ended: Promise<void>): Promise<object> {
  const db = await openDb(dir)
  const set = await openSet(db, { suite: 'lthash16', clock: systemClock })
  const node = createNode('server')
  const server = createFetchServer({ set, clock: systemClock, misbehaved: (_peer, reason) => fail(reason) })
  node.streams(STREAM_ROW, (raw) => server.serve(createAtxStream(raw, () => undefined)))
  await node.start()
  const lap = stopwatch()
  ready({ address: node.multiaddrs()[0], ids: Buffer.from(set.idsFrom(0, set.count)).toString('base64') })
  await ended
  const usage = lap()
  server.stop()
  await node.stop()
  await set.close()
  await db.close()
  return usage
}

/** Fetches all that a server has, validates and stores it. */
async function fetchClient({ dir, address, ...input }: Input & { readonly list: string }): Promise<object> {
  const db = await openDb(dir)
  const set = await openSet(db, { suite: 'lthash16', clock: systemClock })
  const { chainId, calendar } = TRAITS
  const { clockToleranceMs } = SESSION_LIMITS
  const intake = createIntake({
    set,
    codec: atxCodec,
    validator: createAtxValidator({ chainId, calendar, clockToleranceMs }),
    rejected: await openRejectedStore(db),
    clock: systemClock,
    onFailure: fail,
  })
  const node = createNode('client')
  const protocol = node.streams(STREAM_ROW, async () => undefined)
  await node.start()
  const peer = await node.connect(address)
  let failed = 0
  const fetch = createAtxFetch({
    open: async (to) => createAtxStream(await protocol.open(to), () => undefined),
    greet: async () => undefined,
    intake,
    set,
    store: createFetchStore(db),
    clock: systemClock,
    observer: {
      attempted: () => undefined,
      ended: ({ outcome }) => (failed += outcome === 'inserted' ? 0 : 1),
      misbehaved: (_peer, reason) => fail(reason),
      failed: fail,
    },
  })
  await fetch.start()
  const ids = Buffer.from(input.list, 'base64')
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const lap = stopwatch()
  const step = 1_024 * ID_BYTES
  const all = Promise.withResolvers<void>()
  intake.listen({ inserted: () => (set.count * ID_BYTES === ids.byteLength ? all.resolve() : undefined) })
  for (let from = 0; from < ids.byteLength; from += step) {
    await fetch.room(AbortSignal.timeout(600_000))
    fetch.advertise({ peer, frame: null, ids: ids.subarray(from, from + step) })
  }
  await all.promise
  await set.close()
  const usage = lap()
  const { rss } = process.memoryUsage()
  await fetch.stop()
  await intake.stop()
  await node.stop()
  await db.close()
  if (failed > 0) fail(`${failed} ids did not come`)
  return {
    ...usage,
    count: set.count,
    stallMs: delay.percentile(99.9) / 1e6,
    maxStallMs: delay.max / 1e6,
    rssMiB: rss / 2 ** 20,
    at: performance.now(),
  }
}

type Job = (input: never, ready: Ready, ended: Promise<void>) => Promise<object>
const JOBS: Readonly<Record<string, Job>> = { insert, open, happy, listing, sign, fetchServer, fetchClient }

const ending = Promise.withResolvers<void>()
process.on('message', async (message: { readonly job?: string; readonly input?: object }) => {
  const { job, input } = message
  if (job === undefined) return ending.resolve()
  const run = JOBS[job]
  if (run === undefined) throw new Error(`there is no job ${job}`)
  const result = await run(input as never, (ready) => process.send?.({ ready }), ending.promise)
  process.send?.({ result }, () => process.exit(0))
})
