/** Jobs about sessions: the happy path, lists of a month that differ a little, and a million ids each way at once. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { MessageStream } from '../src/protocols/network.ts'
import { createAtxStream } from '../src/sync/atx-stream.ts'
import { createDeepScheme } from '../src/sync/deep-scheme.ts'
import { startSession } from '../src/sync/session/session.ts'
import type { OwnedAtxSet } from '../src/sync/set/atx-set.ts'
import type { Suite } from '../src/sync/set/types.ts'
import type { Outcome, SessionRole } from '../src/sync/types.ts'
import type { Job, Result } from './atx-job.ts'
import {
  atxOf,
  clockAt,
  configOf,
  createNode,
  type FrameClock,
  fail,
  fill,
  forgetfulDb,
  lastMonthOf,
  openDb,
  openSet,
  overlayDb,
  QUIET_PORTS,
  STREAM_ROW,
  stopwatch,
} from './atx-material.ts'

const HALF = 50
const RUNS = 500
const PORTS = { ...QUIET_PORTS, deep: createDeepScheme((_peer, reason) => fail(reason)) }

type Side = {
  readonly set: OwnedAtxSet
  readonly clock: FrameClock
  readonly suite: Suite
  readonly isDeep: boolean
}
type Counted = (bytes: number) => void

/** Leads one side of a session; `counted` hears what it sends. */
function lead(role: SessionRole, raw: MessageStream, side: Side & { readonly counted: Counted }): Promise<Outcome> {
  const { set, clock, suite, isDeep, counted } = side
  return startSession({
    config: configOf(role, { suite, deep: isDeep }),
    stream: createAtxStream(raw, (direction, bytes) => (direction === 'out' ? counted(bytes) : undefined)),
    set,
    clock,
    ports: PORTS,
    hasStepOne: true,
    standing: { isBanned: false, retryAfterMs: 0, live: 'none' },
    supersede: () => fail('nobody dials twice'),
  }).finished
}

function expectEnd({ kind }: Outcome, expected: Outcome['kind']): void {
  if (kind !== expected) fail(`a session ended as ${kind}, not as ${expected}`)
}

/** Sessions of two sides that hold the same set: between two nodes of this process, and without network. */
export const happy: Job = async ({ dir, suite, ids }) => {
  const clock = clockAt(lastMonthOf(ids))
  const db = await openDb(dir)
  const set = await openSet(db, { suite, clock })
  const side = { set, clock, suite, isDeep: false }
  const [caller, called] = [createNode('caller'), createNode('called')]
  called.streams(STREAM_ROW, async (raw) => {
    await lead('responder', raw, { ...side, counted: () => undefined })
  })
  const protocol = caller.streams(STREAM_ROW, async () => undefined)
  await Promise.all([caller.start(), called.start()])
  await caller.connect(called.multiaddrs()[0] ?? '')
  let bytes = 0
  const counted = (size: number): void => {
    bytes += size
  }
  const overNetwork = async (): Promise<void> => {
    const raw = await protocol.open(called.self)
    expectEnd(await lead('initiator', raw, { ...side, counted }), 'fast-equal')
  }
  const alone = async (): Promise<void> => {
    const [a, b] = bytePair()
    const ends = [lead('initiator', a, { ...side, counted }), lead('responder', b, { ...side, counted })]
    for (const outcome of await Promise.all(ends)) expectEnd(outcome, 'fast-equal')
  }
  const networkMs = await cpuMsOf(overNetwork)
  bytes = 0
  const aloneMs = await cpuMsOf(alone)
  const helloBytes = bytes / RUNS / 2 / 2
  await Promise.all([caller.stop(), called.stop()])
  await set.close()
  await db.close()
  // One byte each for the frame's and the message's length is not among them: two of the prefix are.
  return { networkMs, aloneMs, helloBytes: helloBytes + 2 }
}

/** Processor time of one side, in the second of two rounds. */
async function cpuMsOf(meet: () => Promise<void>): Promise<number> {
  for (let i = 0; i < RUNS; i++) await meet()
  const lap = stopwatch()
  for (let i = 0; i < RUNS; i++) await meet()
  return (lap().cpuSeconds * 1_000) / RUNS / 2
}

/** A session of two sides of one store, each of which got fifty ATXs in its newest month that the other lacks. */
export const lists: Job = async ({ dir, suite, ids, isDeep }) => {
  const db = await openDb(dir)
  const month = lastMonthOf(ids)
  const open = async (name: string): Promise<Side> => {
    const clock = clockAt(month)
    const set = await openSet(overlayDb(db), { suite, clock })
    await set.insert(Array.from({ length: HALF }, (_, i) => atxOf(`${name} ${i}`, clock)))
    clock.frame = month + 1
    await set.tick()
    return { set, clock, suite, isDeep }
  }
  const sides = [await open('alice'), await open('bob')] as const
  let bytes = 0
  const counted = (size: number): void => {
    bytes += size
  }
  const [a, b] = bytePair()
  const lap = stopwatch()
  const outcomes = await Promise.all([
    lead('initiator', a, { ...sides[0], counted }),
    lead('responder', b, { ...sides[1], counted }),
  ])
  const usage = lap()
  for (const outcome of outcomes) {
    expectEnd(outcome, 'agreed')
    if (outcome.figures.gained !== HALF) fail(`${outcome.figures.gained} ids were found`)
  }
  await db.close()
  return { ...usage, bytes }
}

/** One side of a session in which each lists a million ids of one timeframe to the other. */
export const listing: Job = async ({ suite, ids, address }, ready) => {
  const isCaller = address !== ''
  const clock = clockAt(0)
  const set = await openSet(forgetfulDb(), { suite, clock })
  await fill(set, clock, { ids: ids - HALF, perFrame: ids })
  await set.insert(Array.from({ length: HALF }, (_, i) => atxOf(`of ${isCaller} ${i}`, clock)))
  clock.frame = 1
  await set.tick()
  // Orders of timeframes are kept: this is done once, for all sessions with all peers.
  const sorting = stopwatch()
  await set.freeze().list(1)
  const sortSeconds = sorting().cpuSeconds
  const node = createNode(isCaller ? 'caller' : 'called')
  const done = Promise.withResolvers<Result>()
  const role: SessionRole = isCaller ? 'initiator' : 'responder'
  const meet = async (raw: MessageStream): Promise<void> => {
    const loop = monitorEventLoopDelay({ resolution: 2 })
    loop.enable()
    let bytes = 0
    const counted = (size: number): void => {
      bytes += size
    }
    const lap = stopwatch()
    const outcome = await lead(role, raw, { set, clock, suite, isDeep: false, counted })
    expectEnd(outcome, 'agreed')
    done.resolve({ ...lap(), bytes, sortSeconds, stallMs: loop.percentile(99) / 1e6 })
  }
  const protocol = node.streams(STREAM_ROW, meet)
  await node.start()
  ready({ address: node.multiaddrs()[0] ?? '', list: new Uint8Array(0) })
  if (isCaller) await meet(await protocol.open(await node.connect(address)))
  const result = await done.promise
  await delay(500)
  await node.stop()
  return result
}

/** Two ends of a conversation in memory, in bytes. */
function bytePair(): [MessageStream, MessageStream] {
  const pipes = [createPipe(), createPipe()] as const
  const end = (out: Pipe, back: Pipe): MessageStream => ({
    peer: 'peer',
    remoteAddress: '127.0.0.1',
    send: async (message) => out.push(message),
    read: () => back.pull(),
    end: async () => out.push(null),
    abort: () => out.push(null),
  })
  return [end(pipes[0], pipes[1]), end(pipes[1], pipes[0])]
}

type Pipe = ReturnType<typeof createPipe>

function createPipe() {
  const waiting: (Uint8Array | null)[] = []
  let wake: () => void = () => undefined
  return {
    push(message: Uint8Array | null): void {
      waiting.push(message)
      wake()
    },
    async pull(): Promise<Uint8Array | null> {
      for (;;) {
        const message = waiting.shift()
        if (message !== undefined) return message
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
