/** Everything this node says to peers about the set (S4): sessions, fetching and serving, plugged into each other. */
import type { Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { Conversations } from './conversations.ts'
import { createDeepScheme } from './deep-scheme.ts'
import { LISTER_SHARE } from './fetch/bounds.ts'
import { type AtxFetch, createAtxFetch } from './fetch/client.ts'
import { createFetchStore } from './fetch/fetch-store.ts'
import { createFetchServer } from './fetch/server.ts'
import type { GainsCounter } from './gains.ts'
import { createGreeter, type Greeter } from './greeter.ts'
import type { AtxDb, Holdings } from './holdings.ts'
import type { Judging } from './judging.ts'
import type { Features, Hello } from './messages.ts'
import type { AtxObserver } from './observer.ts'
import { createPlanner, type Planner } from './planner.ts'
import type { AtxStream } from './ports.ts'
import { SESSION_LIMITS } from './rules/limits.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'
import type { ServeLimits } from './serve/bounds.ts'
import { createServeClient, type ServeClient } from './serve/client.ts'
import type { CursorStore } from './serve/serve-store.ts'
import { createServeServer, type ServeServer } from './serve/server.ts'
import { createSessions, type Sessions } from './session/sessions.ts'
import type { AtxTraits } from './traits.ts'
import type { SessionLimits } from './types.ts'

/** What an operator may change. */
export type AtxTuning = {
  readonly syncIntervalMs: Millis
  /** Distinct peers that must agree for the node to call itself synced (S7.3). */
  readonly minSyncedPeers: number
  /** Whether sessions may end at step 1 (S6). */
  readonly stepOne: boolean
  /** Whether range reconciliation is offered (S12.3). */
  readonly deep: boolean
}

/** Bounds that differ from those of S1. */
export type AtxLimits = { readonly session?: Partial<SessionLimits>; readonly serve?: Partial<ServeLimits> }

export type TalkOptions = {
  readonly db: AtxDb
  readonly self: PeerId
  readonly clock: Clock
  /** From 0 to 1. */
  readonly chance: () => number
  readonly traits: AtxTraits
  readonly tuning: AtxTuning
  readonly limits?: AtxLimits
  readonly holdings: Holdings
  readonly conversations: Conversations
  readonly judging: Judging
  readonly gains: GainsCounter
  readonly cursors: CursorStore
  readonly isBusy: () => boolean
  readonly observer: AtxObserver
}

const FORSAKEN = 'this node does not deal with you for a while'

export interface Talk {
  readonly planner: Planner
  readonly scheduler: Scheduler
  readonly sessions: Sessions
  readonly fetch: AtxFetch
  readonly serveClient: ServeClient
  readonly serveServer: ServeServer
  readonly greeter: Greeter
  /** Leads a conversation that a peer began, after its hello. */
  lead(stream: AtxStream, hello: Hello): Promise<void>
  /** Ends what is under way with a banned peer; what it delivered stays (S9.2). */
  forsake(peer: PeerId): void
  stop(): Promise<void>
}

/** Nothing is said before the scheduler starts. */
export function createTalk(options: TalkOptions): Talk {
  const { clock, tuning, holdings, conversations, judging, gains, observer } = options
  const { set, intake, arrivals } = holdings
  const features = featuresOf(tuning)
  const planner = createPlanner(tuning)
  const greeter = createOwnGreeter(options, features)
  const greet = (stream: AtxStream, intent: 'fetch' | 'serve') => greeter.greet(stream, intent)
  const misbehaved = judging.misbehaved
  const fetch = createAtxFetch({
    open: (peer) => conversations.open(peer, 'fetch'),
    greet: async (stream) => judging.met(stream.peer, (await greet(stream, 'fetch')).storeId),
    intake,
    set,
    store: createFetchStore(options.db),
    clock,
    observer: {
      attempted({ peer, id, outcome }) {
        if (outcome === 'inserted') gains.fetched(peer, id)
        judging.attempted({ peer, id, outcome })
        if (outcome === 'not-found' || outcome === 'too-big-there') arrivals.denied(id, peer)
      },
      undelivered: judging.undelivered,
      silent: judging.silent,
      ended(end) {
        const { id, outcome, claims } = end
        judging.ended(end)
        if (outcome !== 'inserted' && outcome !== 'known') {
          observer.notFetched(outcome)
          arrivals.lost([id])
          for (const { peer, isListed } of claims) if (isListed) scheduler.lost(peer)
        }
      },
      eased: (peer) => sessions.backlog(peer, fetch.held(peer)),
      misbehaved,
      failed: observer.failed,
    },
  })
  const fetchServer = createFetchServer({ set, clock, misbehaved })
  const serveServer = createOwnServeServer(options)
  const serveClient = createServeClient({
    set,
    intake,
    cursors: options.cursors,
    clock,
    open: (peer) => conversations.open(peer, 'serve'),
    greet: (stream) => greet(stream, 'serve'),
    observer: {
      began: observer.serveBegan,
      ended(report) {
        gains.served(report.peer, report.gained)
        observer.serveEnded(report)
      },
      refused: (peer, reason) => observer.serveRefused(peer, 'in', reason),
      misbehaved: (peer, evidence) => judging.accused(peer, evidence),
    },
  })
  const sessions = createOwnSessions(options, { features, fetch, serveServer, scheduler: () => scheduler })
  const scheduler = createScheduler({
    planner,
    sessions,
    serves: serveClient,
    clock,
    chance: options.chance,
    remaining: (peer) => fetch.remaining(peer),
    refusedMs: judging.refusedMs,
    failed: observer.failed,
    ended: observer.sessionEnded,
  })

  return {
    planner,
    scheduler,
    sessions,
    fetch,
    serveClient,
    serveServer,
    greeter,
    async lead(stream, hello) {
      if (hello.intent === 'sync') return scheduler.accept(stream, hello)
      // It may have been banned while it took its time to read our hello.
      if (judging.refusedMs(stream.peer) > 0) return stream.abort(FORSAKEN)
      return hello.intent === 'fetch' ? fetchServer.serve(stream) : serveServer.accept(stream)
    },
    forsake(peer) {
      fetch.banned(peer)
      scheduler.lost(peer)
      sessions.stop(peer, 'policy')
      for (const side of [fetchServer, serveClient, serveServer]) side.forsake(peer, FORSAKEN)
    },
    async stop() {
      fetchServer.stop()
      await Promise.all([scheduler.stop(), serveServer.stop(), fetch.stop()])
    },
  }
}

function featuresOf({ deep }: AtxTuning): Features {
  return { setRule: true, allFingerprint: true, totalFingerprint: true, deepRange: deep, resume: true }
}

function limitsOf({ limits }: TalkOptions): SessionLimits {
  // The fetcher turns away what it cannot hold, so lists must pause before that.
  return { ...SESSION_LIMITS, maxUnknownIds: LISTER_SHARE, ...limits?.session }
}

function createOwnGreeter(options: TalkOptions, features: Features): Greeter {
  const { traits, holdings, clock, judging } = options
  const { set } = holdings
  const { maxIdsPerFrame, chunkIds } = limitsOf(options)
  return createGreeter({
    networkId: traits.networkId,
    storeId: () => set.storeId,
    hasStrong: set.suite === 'lthash16',
    features,
    maxIdsPerFrame,
    chunkIds,
    now: clock.now,
    frame: () => set.heads().frame,
    isBanned: (peer) => judging.refusedMs(peer) > 0,
  })
}

function createOwnServeServer({ holdings, clock, isBusy, limits, judging, observer }: TalkOptions): ServeServer {
  return createServeServer({
    set: holdings.set,
    clock,
    isBusy,
    limits: limits?.serve ?? {},
    observer: {
      began: observer.serveBegan,
      ended: observer.serveEnded,
      refused: (peer, reason) => observer.serveRefused(peer, 'out', reason),
      misbehaved: (peer, evidence) => judging.accused(peer, evidence),
      failed: observer.failed,
    },
  })
}

type SessionParts = {
  readonly features: Features
  readonly fetch: AtxFetch
  readonly serveServer: ServeServer
  readonly scheduler: () => Scheduler
}

function createOwnSessions(options: TalkOptions, { features, fetch, serveServer, scheduler }: SessionParts): Sessions {
  const { traits, tuning, holdings, conversations, judging, clock, observer } = options
  return createSessions({
    config: {
      self: options.self,
      networkId: traits.networkId,
      features,
      maxRounds: traits.n1,
      noGainRounds: traits.n2,
      limits: limitsOf(options),
    },
    set: holdings.set,
    clock,
    ports: {
      learned(listed) {
        if (!fetch.advertise(listed)) scheduler().lost(listed.peer)
      },
      waiting: (peer) => fetch.held(peer),
      froze: judging.froze,
      listed: judging.listed,
      matched: judging.matched,
      claimed: judging.claimed,
      misbehaved: judging.misbehaved,
      offer: (peer) => serveServer.createOffer(peer),
      isRejected: (id) => holdings.intake.isRejected(id),
      deep: createDeepScheme(judging.misbehaved),
      progressed: observer.progressed,
    },
    open: (peer) => conversations.open(peer, 'sync'),
    intervalMs: tuning.syncIntervalMs,
    isBanned: (peer) => judging.refusedMs(peer) > 0,
    hasStepOne: (peer) => tuning.stepOne && scheduler().hasStepOne(peer),
  })
}
