/**
 * The shared set of one node: opens what it holds, plugs gossip, sessions, fetching, serving and judging into each other
 * and into the network, and is what the rest of the node talks to.
 */
import { randomInt } from 'node:crypto'
import type { Signer } from '../crypto/keys.ts'
import type { Hash, Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { TOPICS } from '../protocols/catalogue.ts'
import { NetworkError } from '../protocols/errors.ts'
import type { Network, Topic } from '../protocols/network.ts'
import { type Announcer, BUSY_AT, createAnnouncer } from './announcer.ts'
import { createConversations } from './conversations.ts'
import type { AtxFetch, FetchProgress } from './fetch/client.ts'
import { createGains, type Gains, type GainsCounter } from './gains.ts'
import { type AtxDb, type AtxPlugins, type Holdings, openHoldings } from './holdings.ts'
import { type Judging, openJudging } from './judging.ts'
import { createFetchMilestones, createServeMilestones } from './milestones.ts'
import type { AtxObserver } from './observer.ts'
import { createPublisher, type Publisher } from './publisher.ts'
import type { LastSession } from './scheduler.ts'
import { openCursorStore } from './serve/serve-store.ts'
import type { ServeProgress } from './serve/types.ts'
import { createServiceStore } from './service-store.ts'
import type { SessionProgress } from './session/ports.ts'
import type { AtxSet } from './set/types.ts'
import { type AtxLimits, type AtxTuning, createTalk, type Talk } from './talk.ts'
import { type AtxParams, type AtxTraits, createAtxTraits } from './traits.ts'
import { createVigil } from './vigil.ts'

/** How often it is looked for boundaries, and for serves that have something to tell. */
const LOOK_MS: Millis = 1_000
const CHANCES = 1_000_000

export type AtxServiceOptions = {
  readonly db: AtxDb
  readonly network: Network
  readonly clock: Clock
  readonly signer: Signer
  readonly chainId: Hash
  readonly params: AtxParams
  readonly tuning: AtxTuning
  readonly limits?: AtxLimits
  /** Whether this node has better things to do than to serve in bulk (S9.1), beside judging many announcements. */
  readonly isBusy: () => boolean
  readonly plugins?: AtxPlugins
  readonly observer: AtxObserver
}

export interface AtxService extends Publisher {
  readonly set: AtxSet
  /** The present epoch. */
  epoch(): number
  /** Resumes what was wanted before, and looks for peers to agree with. Call it after the network started. */
  start(): Promise<void>
  stop(): Promise<void>
  /**
   * Begins sessions with the peer, or with all; answers with whom. Unless told otherwise they compare the open timeframes
   * too (S12.2). Throws `NetworkError` 'not-connected'.
   */
  sync(peer: PeerId | null, isCloser?: boolean): readonly PeerId[]
  sessions(): readonly SessionProgress[]
  serves(): readonly ServeProgress[]
  fetching(): FetchProgress
  readonly gains: Gains
  lastSessions(): ReadonlyMap<PeerId, LastSession>
  refused(): ReturnType<Judging['refused']>
  agreements(): { readonly have: number; readonly need: number; readonly isSynced: boolean }
}

/** Reads the disk and registers the protocol and the topic on `network`, which must not have started. */
export async function openAtxService(options: AtxServiceOptions): Promise<AtxService> {
  const { db, network, clock, observer } = options
  const traits = createAtxTraits(options.chainId, options.params)
  const store = createServiceStore(db)
  const connected = new Set<PeerId>()
  const gains = createGains()
  const holdings = await openHoldings({ ...options, traits })
  const conversations = createConversations({
    network,
    greeter: () => talk.greeter,
    lead: (stream, hello) => talk.lead(stream, hello),
    counted: observer.moved,
    misbehaved: (peer) => judging.misbehaved(peer),
  })
  const judging = await openJudging({
    store,
    set: holdings.set,
    traits,
    clock,
    wanted: (peer) => talk.fetch.remaining(peer),
    peerCount: () => connected.size,
    addressOf: conversations.addressOf,
    observer,
    banned: (peer) => talk.forsake(peer),
  })
  const talk: Talk = createTalk({
    ...options,
    self: network.self,
    chance: () => randomInt(CHANCES) / CHANCES,
    traits,
    holdings,
    conversations,
    judging,
    gains,
    cursors: await openCursorStore(db, clock),
    isBusy: () => options.isBusy() || announcer.pending > BUSY_AT,
  })
  const { planner, scheduler, fetch } = talk
  const announcer = createGossip(options, {
    holdings,
    fetch,
    gains,
    isConnected: (peer) => connected.has(peer),
    isRefused: (peer) => judging.refusedMs(peer) > 0,
  })
  const publisher = createOwnPublisher({ ...options, traits, holdings, store, announcer })
  holdings.intake.listen({
    inserted: (records) => void judging.inserted(records).catch(observer.failed),
    unready: (info) => judging.unready(info, fetch.claimsOn(info.id)),
  })
  network.onPeers({
    connected(peer) {
      connected.add(peer)
      gains.joined(peer)
      scheduler.joined(peer)
      if (judging.refusedMs(peer) === 0) fetch.connected(peer)
    },
    disconnected(peer) {
      connected.delete(peer)
      gains.left(peer)
      scheduler.left(peer)
      fetch.disconnected(peer)
      judging.left(peer)
    },
  })
  let timer: NodeJS.Timeout | undefined
  const vigil = createVigil(traits, () => {
    for (const peer of connected) scheduler.lookCloser(peer)
  })

  const serveMilestones = createServeMilestones(observer.serveProgressed)
  const fetchMilestones = createFetchMilestones(observer.fetchProgressed)
  const serves = () => [...talk.serveServer.progress(), ...talk.serveClient.progress()]

  return {
    ...publisher,
    set: holdings.set,
    epoch: () => traits.epochAt(clock.now()),
    async start() {
      await fetch.start()
      scheduler.start()
      timer = setInterval(() => {
        holdings.set.tick().catch(observer.failed)
        vigil(clock.now())
        serveMilestones(serves(), clock.now())
        fetchMilestones(fetch.progress(), clock.now())
      }, LOOK_MS)
    },
    async stop() {
      clearInterval(timer)
      await talk.stop()
      await judging.stop()
      await holdings.stop()
    },
    sync(peer, isCloser = true) {
      const peers = peer === null ? [...connected] : [peer]
      if (peers.length === 0) throw notConnected('no peer is connected')
      if (peer !== null && !connected.has(peer)) throw notConnected(`${peer} is not connected`)
      return peers.filter((each) => scheduler.begin(each, isCloser) || planner.isLive(each))
    },
    sessions: () => talk.sessions.progress(),
    serves,
    fetching: () => fetch.progress(),
    gains,
    lastSessions: scheduler.last,
    refused: () => judging.refused(connected),
    agreements() {
      const now = clock.now()
      return { have: planner.agreements(now), need: options.tuning.minSyncedPeers, isSynced: planner.isSynced(now) }
    },
  }
}

function notConnected(what: string): NetworkError {
  const advice = 'connect one with: palaver peers connect MULTIADDR (`palaver peers list` shows who is)'
  return new NetworkError('not-connected', `${what}: ${advice}`)
}

type GossipParts = {
  readonly holdings: Holdings
  readonly fetch: AtxFetch
  readonly gains: GainsCounter
  readonly isConnected: (peer: PeerId) => boolean
  readonly isRefused: (peer: PeerId) => boolean
}

function createGossip({ network, clock, observer }: AtxServiceOptions, parts: GossipParts): Announcer {
  const { holdings, fetch, gains, isConnected, isRefused } = parts
  const topic: Topic = network.topic(TOPICS.atxAnnounce, (author, message, relay) =>
    announcer.judge(author, message, relay),
  )
  const announcer: Announcer = createAnnouncer({
    topic,
    intake: holdings.intake,
    now: clock.now,
    has: holdings.has,
    // An author that is not connected cannot be asked.
    want: (id, from) => from.filter((peer) => isConnected(peer) && advertise(fetch, peer, id)),
    settled(wait) {
      const settled = holdings.arrivals.settled(wait)
      void gains.announced(wait.id, settled)
      return settled
    },
    isRefused,
    useless: (relay) => network.penalise(relay, 'useless', 'announced an ATX that it does not have'),
    counted: observer.gossiped,
  })
  return announcer
}

/** Whether the peer is to be asked for the ATX now, and was not before. */
function advertise(fetch: AtxFetch, peer: PeerId, id: Hash): boolean {
  const wasAsked = fetch.isWantedFrom(peer, id)
  fetch.advertise({ peer, frame: null, ids: Buffer.from(id, 'hex') })
  return fetch.isWantedFrom(peer, id) && !wasAsked
}

type PublisherParts = Pick<AtxServiceOptions, 'signer' | 'clock' | 'observer'> & {
  readonly traits: AtxTraits
  readonly holdings: Holdings
  readonly store: ReturnType<typeof createServiceStore>
  readonly announcer: Announcer
}

function createOwnPublisher({
  signer,
  clock,
  observer,
  traits,
  holdings,
  store,
  announcer,
}: PublisherParts): Publisher {
  const { set, codec, intake } = holdings
  return createPublisher({
    chainId: traits.chainId,
    signer,
    set,
    codec,
    intake,
    store,
    now: clock.now,
    epochAt: traits.epochAt,
    announce: (id, blob) => void announcer.announce(id, blob).catch(observer.failed),
  })
}
