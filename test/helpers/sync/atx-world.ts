/** Whole services on networks in memory, with a clock that tests move: what each of them did can be looked at. */
import { ClassicLevel } from 'classic-level'
import { expect, onTestFinished } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import type { Millis, PeerId } from '../../../src/domain.ts'
import type { Clock } from '../../../src/machine/clock.ts'
import { TOPICS } from '../../../src/protocols/catalogue.ts'
import type { MessageStream } from '../../../src/protocols/network.ts'
import { AtxAnnouncement } from '../../../src/protocols/wire/atx.gen.ts'
import { decodeAtxMessage } from '../../../src/sync/codec.ts'
import type { Judgement } from '../../../src/sync/court.ts'
import type { AtxDb, AtxPlugins } from '../../../src/sync/holdings.ts'
import type { AtxMessage } from '../../../src/sync/messages.ts'
import type { AtxObserver } from '../../../src/sync/observer.ts'
import type { ServeReport } from '../../../src/sync/serve/types.ts'
import { type AtxService, openAtxService } from '../../../src/sync/service.ts'
import type { AtxRecord } from '../../../src/sync/set/types.ts'
import type { AtxLimits, AtxTuning } from '../../../src/sync/talk.ts'
import type { Outcome } from '../../../src/sync/types.ts'
import { createFakeNetwork, type FakeNetwork } from '../fake-network.ts'
import { tempDir } from '../temp-dir.ts'
import { until } from '../until.ts'
import { CHAIN_ID, DAY_MS, dayOf, HOUR_MS, newAtx, START_MS, type TestAtx } from './atx-blobs.ts'

/** Runs by itself, and is moved ahead. */
export type TravelClock = Clock & { jumpTo(instant: Millis): void; jump(ms: Millis): void }

export type Deeds = {
  readonly sessions: { readonly peer: PeerId; readonly outcome: Outcome; readonly isInbound: boolean }[]
  readonly judged: Judgement[]
  readonly inserted: AtxRecord[]
  /** Serves of others, by others. */
  readonly served: ServeReport[]
  readonly gotServed: ServeReport[]
  readonly serveRefused: string[]
  readonly gossiped: string[]
  readonly notFetched: string[]
  readonly rebuilt: string[]
  readonly failed: unknown[]
  readonly bytes: Record<string, number>
}

export type WorldNode = {
  readonly name: PeerId
  readonly network: FakeNetwork
  readonly service: AtxService
  readonly dir: string
  readonly deeds: Deeds
  /** Ends the service and its database. */
  stop(): Promise<void>
}

export type NodeOptions = {
  readonly dir?: string
  readonly address?: string
  readonly skewMs?: Millis
  readonly tuning?: Partial<AtxTuning>
  readonly limits?: AtxLimits
  readonly plugins?: AtxPlugins
  readonly isBusy?: () => boolean
  /** The database as the service sees it. */
  readonly disk?: (db: AtxDb) => AtxDb
  /** Hears what the observer does, first. */
  readonly hears?: Partial<AtxObserver>
}

export type World = {
  readonly clock: TravelClock
  node(name: PeerId, options?: NodeOptions): Promise<WorldNode>
  /** Inserts the days' ATXs on their days, on all nodes at once; afterwards it is an hour into the last day. */
  fill(days: readonly (readonly [WorldNode, readonly (readonly TestAtx[])[]])[]): Promise<void>
}

export function createTravelClock(start: Millis = START_MS): TravelClock {
  let offset = start - performance.now()
  const now = (): Millis => offset + performance.now()
  return {
    now,
    jump(ms) {
      offset += ms
    },
    jumpTo(instant) {
      offset += Math.max(0, instant - now())
    },
  }
}

const NETWORK_PARAMS = { startMs: START_MS, timeframe: DAY_MS, n1: 6, n2: 3 } as const

function createDeeds(hears: Partial<AtxObserver>): { deeds: Deeds; observer: AtxObserver } {
  const deeds: Deeds = {
    sessions: [],
    judged: [],
    inserted: [],
    served: [],
    gotServed: [],
    serveRefused: [],
    gossiped: [],
    notFetched: [],
    rebuilt: [],
    failed: [],
    bytes: {},
  }
  const own: AtxObserver = {
    inserted: (records) => void deeds.inserted.push(...records),
    progressed: () => undefined,
    sessionEnded: (peer, outcome, isInbound) => void deeds.sessions.push({ peer, outcome, isInbound }),
    serveBegan: () => undefined,
    serveProgressed: () => undefined,
    fetchProgressed: () => undefined,
    serveEnded: (report) => void (report.direction === 'out' ? deeds.served : deeds.gotServed).push(report),
    serveRefused(_peer, direction, reason) {
      if (direction === 'out') deeds.serveRefused.push(reason)
    },
    judged: (judgement) => void deeds.judged.push(judgement),
    gossiped: (outcome) => void deeds.gossiped.push(outcome),
    moved(intent, direction, bytes) {
      deeds.bytes[`${intent} ${direction}`] = (deeds.bytes[`${intent} ${direction}`] ?? 0) + bytes
    },
    notFetched: (outcome) => void deeds.notFetched.push(outcome),
    rebuilt: (reason) => void deeds.rebuilt.push(reason),
    failed: (error) => void deeds.failed.push(error),
  }
  const both = Object.entries(own).map(([name, hear]) => [
    name,
    (...args: unknown[]) => {
      ;(hears[name as keyof AtxObserver] as ((...args: unknown[]) => void) | undefined)?.(...args)
      ;(hear as (...args: unknown[]) => void)(...args)
    },
  ])
  return { deeds, observer: Object.fromEntries(both) as AtxObserver }
}

let addresses = 0

/** It is the start of timeframe 0, and nobody is there. */
export function createWorld(): World {
  const clock = createTravelClock()

  async function node(name: PeerId, options: NodeOptions = {}): Promise<WorldNode> {
    const { dir = await tempDir(), skewMs = 0, address = `10.1.${addresses >> 8}.${addresses++ & 255}` } = options
    const db: AtxDb = new ClassicLevel(dir, { valueEncoding: 'view' })
    await db.open()
    const network = createFakeNetwork(name, address)
    const { deeds, observer } = createDeeds(options.hears ?? {})
    const service = await openAtxService({
      db: options.disk?.(db) ?? db,
      network,
      clock: { now: () => clock.now() + skewMs },
      signer: createSigner(Buffer.alloc(32, name)),
      chainId: CHAIN_ID,
      params: NETWORK_PARAMS,
      tuning: { syncIntervalMs: 300_000, minSyncedPeers: 3, stepOne: true, deep: true, ...options.tuning },
      limits: options.limits ?? {},
      isBusy: options.isBusy ?? (() => false),
      ...(options.plugins === undefined ? {} : { plugins: options.plugins }),
      observer,
    })
    let isStopped = false
    const stop = async (): Promise<void> => {
      if (isStopped) return
      isStopped = true
      await service.stop().catch(() => undefined)
      await db.close()
    }
    onTestFinished(stop)
    return { name, network, service, dir, deeds, stop }
  }

  return {
    clock,
    node,
    async fill(days) {
      const last = Math.max(...days.map(([, frames]) => frames.length)) - 1
      for (let frame = 0; frame <= last; frame++) {
        clock.jumpTo(dayOf(frame) + HOUR_MS)
        for (const [{ service }, frames] of days) {
          const receivedAt = Math.floor(clock.now())
          await service.set.insert((frames[frame] ?? []).map((atx) => newAtx(atx, receivedAt)))
          service.set.heads()
        }
      }
    },
  }
}

export function connect(a: WorldNode, b: WorldNode): void {
  a.network.meet(b.network)
  b.network.meet(a.network)
  a.network.join(b.name, [])
  b.network.join(a.name, [])
}

export function disconnect(a: WorldNode, b: WorldNode): void {
  a.network.part(b.name)
  b.network.part(a.name)
}

/** `a` begins a session with `b`: how it ended on both sides. */
export async function session(a: WorldNode, b: WorldNode): Promise<[Outcome, Outcome]> {
  const [before, there] = [a.deeds.sessions.length, b.deeds.sessions.length]
  a.service.sync(b.name, false)
  await until(() => a.deeds.sessions.length > before && b.deeds.sessions.length > there, 20_000, 'the end of a session')
  const [mine, theirs] = [a.deeds.sessions.at(-1), b.deeds.sessions.at(-1)]
  if (mine === undefined || theirs === undefined) throw new Error('both ended')
  return [mine.outcome, theirs.outcome]
}

export const has = ({ service }: WorldNode, { id }: Pick<TestAtx, 'id'>): boolean =>
  service.set.has(Buffer.from(id, 'hex'))

/** Resolves when the node does nothing more: no session, no serve, nothing to fetch. */
export async function atRest(...nodes: readonly WorldNode[]): Promise<void> {
  const isAtRest = ({ service }: WorldNode): boolean =>
    service.sessions().length + service.serves().length + service.fetching().queued === 0
  await until(() => nodes.every(isAtRest), 20_000, 'rest')
}

/** Resolves when all hold the same ids, `count` of them. */
export async function equal(count: number, ...nodes: readonly WorldNode[]): Promise<void> {
  await until(() => nodes.every(({ service }) => service.set.count === count), 30_000, `${count} ids everywhere`)
  const [first, ...others] = nodes.map(({ service }) => service.set.heads().total)
  for (const other of others) expect(other).toEqual(first)
}

/** What the peers of a network hear only when `mayGo`: for its `wrap`. */
export const held =
  (mayGo: (message: AtxMessage) => boolean) =>
  (stream: MessageStream): MessageStream => ({
    ...stream,
    async send(bytes) {
      const message = decodeAtxMessage(bytes)
      await until(() => mayGo(message), 20_000, `leave to send ${message.type}`)
      await stream.send(bytes)
    },
  })

/** What was seen of each as offences, `peer: offence (consequence)`. */
export const blames = ({ deeds }: WorldNode): string[] =>
  deeds.judged.map(({ peer, offence, consequence }) => `${peer}: ${offence} (${consequence})`)

export function announcement({ id, blob }: Pick<TestAtx, 'id' | 'blob'>): Uint8Array {
  return AtxAnnouncement.encode({ id: Buffer.from(id, 'hex'), blob })
}

/** `to` hears of the ATX by gossip. */
export const gossip = (to: WorldNode, atx: TestAtx, from: PeerId = 'somebody') =>
  to.network.gossip(TOPICS.atxAnnounce.name, from, announcement(atx))
