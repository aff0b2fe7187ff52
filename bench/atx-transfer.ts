/** Jobs that move blobs: signed ATXs fetched, validated and stored; serving at its pace. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { verifySignature } from '../src/crypto/keys.ts'
import { systemClock } from '../src/machine/clock.ts'
import { atxCodec, atxStatement, parseAtx } from '../src/sync/atx/codec.ts'
import { createAtxValidator } from '../src/sync/atx/validator.ts'
import { createAtxStream } from '../src/sync/atx-stream.ts'
import { LISTER_SHARE } from '../src/sync/fetch/bounds.ts'
import { createAtxFetch } from '../src/sync/fetch/client.ts'
import { createFetchStore } from '../src/sync/fetch/fetch-store.ts'
import { createFetchServer } from '../src/sync/fetch/server.ts'
import { type AtxIntake, createIntake } from '../src/sync/intake/intake.ts'
import { openRejectedStore } from '../src/sync/intake/rejected-store.ts'
import { SESSION_LIMITS } from '../src/sync/rules/limits.ts'
import { createServeClient } from '../src/sync/serve/client.ts'
import { createServeServer } from '../src/sync/serve/server.ts'
import { type AtxSet, ID_BYTES } from '../src/sync/set/types.ts'
import type { Job } from './atx-job.ts'
import {
  CHAIN_ID,
  clockAt,
  createNode,
  fail,
  openDb,
  openSet,
  STREAM_ROW,
  signedAtx,
  stopwatch,
  TRAITS,
} from './atx-material.ts'

const SIGNED_AT_ONCE = 1_000
const BLOB_BYTES = 1_024
/** How often it is looked whether the fetcher has room again. */
const ROOM_POLL_MS = 2
const ignore = (): void => undefined

/** Signs ATXs of 1 KiB into a store. */
export const sign: Job = async ({ dir, ids }) => {
  const db = await openDb(dir)
  const set = await openSet(db, { suite: 'lthash16', clock: systemClock })
  for (let from = 0; from < ids; from += SIGNED_AT_ONCE) {
    const count = Math.min(SIGNED_AT_ONCE, ids - from)
    await set.insert(Array.from({ length: count }, (_, i) => signedAtx(from + i, BLOB_BYTES)))
  }
  await set.close()
  await db.close()
  return {}
}

/** Answers fetches until told to end. */
export const fetchServer: Job = async ({ dir }, ready, ended) => {
  const db = await openDb(dir)
  const set = await openSet(db, { suite: 'lthash16', clock: systemClock })
  const node = createNode('server')
  const server = createFetchServer({ set, clock: systemClock, misbehaved: (_peer, reason) => fail(reason) })
  node.streams(STREAM_ROW, (raw) => server.serve(createAtxStream(raw, ignore)))
  await node.start()
  const lap = stopwatch()
  ready({ address: node.multiaddrs()[0] ?? '', list: set.idsFrom(0, set.count) })
  await ended
  const usage = lap()
  server.stop()
  await node.stop()
  await set.close()
  await db.close()
  return usage
}

/** Fetches all that a server has, validates and stores it. */
export const fetchClient: Job = async ({ dir, address, list }) => {
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
  const fetch = createAtxFetch({
    open: async (to) => createAtxStream(await protocol.open(to), ignore),
    greet: async () => undefined,
    intake,
    set,
    store: createFetchStore(db),
    clock: systemClock,
    observer: {
      attempted: ignore,
      undelivered: (to) => fail(`${to} does not have what it named`),
      silent: (to) => fail(`${to} is silent`),
      ended: ({ outcome }) => (outcome === 'inserted' ? undefined : fail(`an id ended as ${outcome}`)),
      eased: ignore,
      misbehaved: (_peer, reason) => fail(reason),
      failed: fail,
    },
  })
  await fetch.start()
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const lap = stopwatch()
  const all = untilAll(intake, set, list.byteLength / ID_BYTES)
  const step = 1_024 * ID_BYTES
  for (let from = 0; from < list.byteLength; from += step) {
    while (fetch.held(peer) >= LISTER_SHARE) await pause(ROOM_POLL_MS)
    fetch.advertise({ peer, frame: null, ids: list.subarray(from, from + step) })
  }
  await all
  await set.tick()
  const usage = lap()
  const rssMiB = process.memoryUsage().rss / 2 ** 20
  const verifyUs = await bareVerification(set)
  await fetch.stop()
  await intake.stop()
  await node.stop()
  await set.close()
  await db.close()
  return { ...usage, verifyUs, rssMiB, stallMs: delay.percentile(99) / 1e6, maxStallMs: delay.max / 1e6 }
}

function untilAll(intake: AtxIntake, set: AtxSet, count: number): Promise<void> {
  return new Promise((resolve) => {
    intake.listen({ inserted: () => (set.count >= count ? resolve() : undefined) })
  })
}

/** Processor time of one signature of those that were fetched, on this machine at this moment. */
async function bareVerification(set: AtxSet): Promise<number> {
  const COUNT = 1_000
  const records = await set.list({ fromSeq: 0, limit: COUNT })
  const blobs = await set.blobs(records.map(({ id }) => id))
  const checks = blobs.map((blob) => {
    const parsed = blob === null ? null : parseAtx(blob)
    if (parsed === null) return fail('a stored blob is an ATX')
    const statement = atxStatement(CHAIN_ID, parsed.payload)
    return { publicKey: parsed.info.publisher, statement, signature: parsed.signature }
  })
  const lap = stopwatch()
  for (const check of checks) {
    if (!(await verifySignature(check))) fail('a stored ATX is signed')
  }
  return (lap().cpuSeconds * 1e6) / COUNT
}

const SERVED_MS = 25_000

/** Serves peers of this process for a while, and says how fast the slowest, the fastest and all of them got blobs. */
export const serve: Job = async ({ dir, peers, suite }) => {
  const db = await openDb(dir)
  const set = await openSet(db, { suite, clock: clockAt(1_000) })
  const server = createServeServer({
    set,
    clock: systemClock,
    isBusy: () => false,
    limits: { maxServes: peers },
    observer: {
      began: ignore,
      ended: ignore,
      refused: (_peer, reason) => fail(reason),
      misbehaved: (_peer, _evidence, reason) => fail(reason),
      failed: fail,
    },
  })
  const node = createNode('server')
  node.streams(STREAM_ROW, (raw) => server.accept(createAtxStream(raw, ignore)))
  await node.start()
  const address = node.multiaddrs()[0] ?? ''
  const rates = await Promise.all(
    Array.from({ length: peers }, (_, index) => servedRate({ name: `client ${index}`, address, storeId: set.storeId })),
  )
  await server.stop()
  await node.stop()
  await set.close()
  await db.close()
  return { sum: rates.reduce((sum, rate) => sum + rate, 0), least: Math.min(...rates), most: Math.max(...rates) }
}

type Served = { readonly name: string; readonly address: string; readonly storeId: Uint8Array }

/** Bytes of blobs a second: all messages but the first, over the time from the first to the last. */
async function servedRate({ name, address, storeId }: Served): Promise<number> {
  const node = createNode(name)
  const protocol = node.streams(STREAM_ROW, async () => undefined)
  await node.start()
  const peer = await node.connect(address)
  const came: { at: number; bytes: number }[] = []
  const client = createServeClient({
    set: { count: 1_000_000, has: () => false },
    intake: {
      async take(arrivals) {
        came.push({ at: performance.now(), bytes: arrivals.reduce((sum, { blob }) => sum + blob.byteLength, 0) })
        return arrivals.map(() => 'inserted' as const)
      },
      isRejected: () => false,
    },
    cursors: { read: () => 0, save: async () => undefined },
    clock: systemClock,
    open: async (to) => createAtxStream(await protocol.open(to), ignore),
    greet: async () => ({ storeId }),
    observer: {
      began: ignore,
      ended: ignore,
      refused: (_peer, reason) => fail(reason),
      misbehaved: (_peer, _evidence, reason) => fail(reason),
    },
  })
  const ended = client.pull({ peer })
  await new Promise((resolve) => setTimeout(resolve, SERVED_MS))
  await client.stop()
  await ended
  await node.stop()
  const [first, last] = [came[0], came.at(-1)]
  if (first === undefined || last === undefined) return fail('nothing was served')
  const bytes = came.slice(1).reduce((sum, each) => sum + each.bytes, 0)
  return bytes / ((last.at - first.at) / 1_000)
}
