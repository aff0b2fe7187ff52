/** What the measurements of the ATX set are made of: ids and ATXs by number, sets on disk and in memory, nodes on loopback, usage of this process. */
import { hash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { ClassicLevel } from 'classic-level'
import { createSigner } from '../src/crypto/keys.ts'
import type { PalaverNetwork } from '../src/node/libp2p.ts'
import { STREAMS } from '../src/protocols/catalogue.ts'
import { signAtx } from '../src/sync/atx/codec.ts'
import type { Features } from '../src/sync/messages.ts'
import { SESSION_LIMITS } from '../src/sync/rules/limits.ts'
import type { SessionPorts } from '../src/sync/session/ports.ts'
import { type OwnedAtxSet, openAtxSet } from '../src/sync/set/atx-set.ts'
import { createGradeFilter } from '../src/sync/set/grades.ts'
import type { SetDb } from '../src/sync/set/set-store.ts'
import type { NewAtx, Suite } from '../src/sync/set/types.ts'
import { type AtxTraits, createAtxTraits } from '../src/sync/traits.ts'
import type { SessionConfig, SessionRole } from '../src/sync/types.ts'
import { createQuietNetwork } from './quiet-network.ts'

export const CHAIN_ID = hash('sha256', 'bench chain', 'hex')
/** Ids of a month, and months: about a million. */
export const MONTH_IDS = 33_000
/** The timeframe in which the last of so many ids lie. */
export const lastMonthOf = (ids: number): number => Math.floor((ids - 1) / MONTH_IDS)
const BLOB_BYTES = 300
const FRAME_MS = 30 * 86_400_000
/** A genesis so long ago that many timeframes are closed. */
const START_MS = 1_700_000_000_000
/** No limit of calls: sessions are measured one after the other. */
export const STREAM_ROW = { ...STREAMS.atx, rate: 100_000, burst: 100_000 }

export const TRAITS: AtxTraits = createAtxTraits(CHAIN_ID, { startMs: START_MS, timeframe: FRAME_MS, n1: 6, n2: 3 })

/** A clock that stands in a timeframe. */
export type FrameClock = { frame: number; now: () => number }

export const clockAt = (frame: number): FrameClock => {
  const clock = { frame, now: () => START_MS + clock.frame * FRAME_MS + FRAME_MS / 2 }
  return clock
}

/** The ATX of a number, unsigned: for everything behind the intake. */
export function atxOf(name: string, clock: FrameClock): NewAtx {
  const id = hash('sha256', name, 'hex')
  const info = { publishEpoch: 2 * clock.frame, baseTickHeight: 0, tickCount: 1, previous: null, positioning: null }
  const blob = new Uint8Array(BLOB_BYTES).fill(id.charCodeAt(0))
  return {
    info: { id, publisher: hash('sha256', `publisher ${name}`, 'hex'), ...info },
    blob,
    receivedAt: START_MS,
    source: 'sync',
  }
}

const INSERTED_AT_ONCE = 1_024

/** Inserts ATXs by number, `perFrame` in each timeframe. */
export async function fill(
  set: OwnedAtxSet,
  clock: FrameClock,
  { ids, perFrame, name = 'atx' }: { readonly ids: number; readonly perFrame: number; readonly name?: string },
): Promise<void> {
  for (let from = 0; from < ids; ) {
    clock.frame = Math.floor(from / perFrame)
    const to = Math.min(ids, from + INSERTED_AT_ONCE, (clock.frame + 1) * perFrame)
    await set.insert(Array.from({ length: to - from }, (_, i) => atxOf(`${name}-${from + i}`, clock)))
    from = to
  }
}

/** A set over a database; in memory only without one. */
export async function openSet(
  db: SetDb,
  { suite, clock }: { readonly suite: Suite; readonly clock: { now(): number } },
) {
  const { calendar, deltaMs } = TRAITS
  return await openAtxSet({
    db,
    prefix: 'atx/set/',
    suite,
    calendar,
    filter: createGradeFilter({ epochStart: calendar.epochStart, deltaMs, minHighGrade: 1 }),
    clock,
    onRebuild: fail,
    onFailure: fail,
  })
}

export function fail(reason: unknown): never {
  throw reason instanceof Error ? reason : new Error(String(reason))
}

export async function openDb(dir: string): Promise<ClassicLevel<string, Uint8Array>> {
  const db = new ClassicLevel<string, Uint8Array>(dir, { valueEncoding: 'view' })
  await db.open()
  return db
}

/** A database that forgets: for what is measured apart from the disk. */
export function forgetfulDb(): SetDb {
  const batch = { put: () => batch, del: () => batch, write: async () => undefined }
  const iterator = () => ({ nextv: async () => [], close: async () => undefined })
  const none = { get: async () => undefined, getMany: async () => [], clear: async () => undefined }
  return { ...none, batch: () => batch, iterator } as unknown as SetDb
}

/** A database whose writes are forgotten. */
export function overlayDb(db: ClassicLevel<string, Uint8Array>): SetDb {
  const { batch } = forgetfulDb()
  return {
    get: (key: string) => db.get(key),
    getMany: (keys: string[]) => db.getMany(keys),
    iterator: (options: object) => db.iterator(options),
    clear: async () => undefined,
    batch,
  } as unknown as SetDb
}

const PUBLISHERS_PER_EPOCH = 20_000

/** A signed ATX of about `bytes` bytes; a publisher has one for each epoch. */
export function signedAtx(index: number, bytes: number): NewAtx {
  const signer = createSigner(hash('sha256', `signer ${index % PUBLISHERS_PER_EPOCH}`, 'buffer'))
  const unsigned = {
    publishEpoch: 1 + Math.floor(index / PUBLISHERS_PER_EPOCH),
    baseTickHeight: 0,
    tickCount: 1 + index,
    previous: null,
    positioning: null,
  }
  const { id, blob } = signAtx(
    { ...unsigned, body: Buffer.alloc(bytes - 180, index % 251) },
    { chainId: CHAIN_ID, signer },
  )
  return { info: { ...unsigned, id, publisher: signer.publicKey }, blob, receivedAt: START_MS, source: 'sync' }
}

/** A full node's network on loopback, not started. */
export const createNode = (name: string): PalaverNetwork =>
  createQuietNetwork(hash('sha256', `bench node ${name}`, 'buffer'), CHAIN_ID)

export const ALL_FEATURES: Features = {
  setRule: true,
  allFingerprint: true,
  totalFingerprint: true,
  deepRange: false,
  resume: true,
}

/** A session's config by role. */
export function configOf(
  role: SessionRole,
  { suite, deep }: { readonly suite: Suite; readonly deep: boolean },
): SessionConfig {
  const isCaller = role === 'initiator'
  return {
    self: isCaller ? 'caller' : 'called',
    peer: isCaller ? 'called' : 'caller',
    role,
    sessionId: hash('sha256', 'session', 'buffer').subarray(0, 16),
    networkId: TRAITS.networkId,
    suite,
    features: { ...ALL_FEATURES, deepRange: deep },
    maxRounds: TRAITS.n1,
    noGainRounds: TRAITS.n2,
    limits: SESSION_LIMITS,
  }
}

/** Ports of a session beside which nothing is fetched or judged. */
export const QUIET_PORTS: SessionPorts = {
  learned: () => undefined,
  waiting: () => 0,
  froze: () => undefined,
  listed: () => undefined,
  matched: () => undefined,
  claimed: () => undefined,
  misbehaved: (_peer, reason) => fail(reason),
  offer: () => fail('nobody is served'),
  isRejected: () => false,
  deep: () => fail('no deep scheme'),
  progressed: () => undefined,
}

export type Usage = { readonly seconds: number; readonly cpuSeconds: number }

/** Wall and processor time of this process from now until the answer is called. */
export function stopwatch(): () => Usage {
  const from = performance.now()
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return { seconds: (performance.now() - from) / 1_000, cpuSeconds: (user + system) / 1e6 }
  }
}
