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
import { type Announcer, createAnnouncer } from './announcer.ts'
import { createConversations } from './conversations.ts'
import type { FetchProgress } from './fetch/client.ts'
import { type AtxDb, type AtxPlugins, type Holdings, openHoldings } from './holdings.ts'
import { type Judging, openJudging } from './judging.ts'
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

/** How often boundaries are looked for. */
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
  /** Whether this node has better things to do than to serve in bulk (S9.1). */
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
  lastSessions(): ReadonlyMap<PeerId, LastSession>
  refused(): ReturnType<Judging['refused']>
  agreements(): { readonly have: number; readonly need: number; readonly isSynced: boolean }
  /** Announcements that are being judged. */
  pendingGossip(): number
}

/** Reads the disk and registers the protocol and the topic on `network`, which must not have started. */
export async function openAtxService(options: AtxServiceOptions): Promise<AtxService> {
  const { db, network, clock, observer } = options
  const traits = createAtxTraits(options.chainId, options.params)
  const store = createServiceStore(db)
  const connected = new Set<PeerId>()
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
    cursors: await openCursorStore(db, clock),
  })
  const { planner, scheduler, fetch } = talk
  const announcer = createGossip(options, holdings, talk)
  const publisher = createOwnPublisher({ ...options, traits, holdings, store, announcer })
  holdings.intake.listen({
    inserted: (records) => void judging.inserted(records).catch(observer.failed),
    unready: (info) => judging.unready(info, fetch.claimsOn(info.id)),
  })
  network.onPeers({
    connected(peer) {
      connected.add(peer)
      scheduler.joined(peer)
      fetch.connected(peer)
    },
    disconnected(peer) {
      connected.delete(peer)
      scheduler.left(peer)
      judging.left(peer)
      conversations.left(peer)
    },
  })
  let timer: NodeJS.Timeout | undefined
  const vigil = createVigil(traits, () => {
    for (const peer of connected) scheduler.lookCloser(peer)
  })

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
    serves: () => [...talk.serveServer.progress(), ...talk.serveClient.progress()],
    fetching: () => fetch.progress(),
    lastSessions: scheduler.last,
    refused: () => judging.refused(connected),
    agreements() {
      const now = clock.now()
      return { have: planner.agreements(now), need: options.tuning.minSyncedPeers, isSynced: planner.isSynced(now) }
    },
    pendingGossip: () => announcer.pending,
  }
}

function notConnected(what: string): NetworkError {
  const advice = 'connect one with: palaver peers connect MULTIADDR (`palaver peers list` shows who is)'
  return new NetworkError('not-connected', `${what}: ${advice}`)
}

function createGossip({ network, clock, observer }: AtxServiceOptions, holdings: Holdings, { fetch }: Talk): Announcer {
  const topic: Topic = network.topic(TOPICS.atxAnnounce, (from, message, relay) =>
    announcer.judge(from, message, relay),
  )
  const announcer: Announcer = createAnnouncer({
    topic,
    intake: holdings.intake,
    now: clock.now,
    has: holdings.has,
    want(id, from) {
      const ids = Buffer.from(id, 'hex')
      for (const peer of from) fetch.advertise({ peer, frame: null, ids })
    },
    settled: holdings.arrivals.settled,
    counted: observer.gossiped,
  })
  return announcer
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
