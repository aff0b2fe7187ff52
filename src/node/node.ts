/** One Palaver node in this process: opens the home, wires every service, starts them in order and stops them in reverse. */
import { verifyEd25519 } from '../crypto/ed25519.ts'
import { createSigner, type Signer } from '../crypto/keys.ts'
import type { PeerId } from '../domain.ts'
import { systemClock } from '../machine/clock.ts'
import { hasVoteJournal, openVoteJournal, type VoteJournal } from '../pala/journal-store.ts'
import type { Database } from '../pala/store.ts'
import type { Session } from '../pala/types.ts'
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import type { AtxService } from '../sync/service.ts'
import { createProofVerifier } from '../verify/verify.ts'
import type { NodePort } from './api/node-port.ts'
import { type ApiDoor, createApiDoor } from './api-door.ts'
import { openAtx } from './atx.ts'
import { createAtxPort } from './atx-views.ts'
import type { ConfigValues } from './config-schema.ts'
import { openDatabase } from './database.ts'
import { createEngine, type Engine } from './engine.ts'
import { createEventBus } from './events.ts'
import { genesisTimeMs, type OpenedGenesis, readGenesis, sessionOf } from './genesis.ts'
import { bindChain, type HomePaths, openHome } from './home.ts'
import { type HomeLock, lockHome } from './home-lock.ts'
import { prepareHome } from './home-start.ts'
import { type PasswordSource, unlockKey } from './keystore.ts'
import { createPalaverNetwork, type PalaverNetwork } from './libp2p.ts'
import { createLog, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createNodePort } from './port.ts'
import { createProofDocuments } from './proof-documents.ts'
import { createSeats, type Seats } from './seats.ts'
import { followCommittee, watchSessions } from './session-watch.ts'
import { createSyncMeter } from './sync-meter.ts'
import { type SyncReport, watchSync } from './sync-watch.ts'
import { createObserver, observeGauges, reportExecution, reportPeers, type Telemetry } from './telemetry.ts'

export type NodeOptions = {
  readonly home: string
  readonly config: ConfigValues
  readonly askPassword: PasswordSource
  /** Called once when the node cannot go on (disk, bug); it has stopped voting. The process should end. */
  readonly onFatal: (error: unknown) => void
  /** Hears how catching up goes: when it starts, each second, when it is done. */
  readonly onSync?: (report: SyncReport) => void
  /** Hears sentences for whoever started the node. */
  readonly onNotice?: (text: string) => void
  /** Ends a start that takes long: fetching a snapshot. `startNode` rejects then. */
  readonly signal?: AbortSignal
  readonly log?: Log
}

export interface PalaverNode {
  readonly peerId: PeerId
  readonly apiUrl: string
  multiaddrs(): string[]
  /** Stops taking part, writes what is open, and gives the home free. */
  stop(): Promise<void>
}

/** What must be undone at the end, last first. */
type Cleanup = (() => Promise<void>)[]

/** Opens the home and runs the node. Rejects with a `ConfigError`, `NetworkError` or `PalaError`; nothing is left running then. */
export async function startNode(options: NodeOptions): Promise<PalaverNode> {
  const cleanup: Cleanup = []
  try {
    return await assemble(options, cleanup)
  } catch (error) {
    await undo(cleanup)
    throw error
  }
}

async function undo(cleanup: Cleanup): Promise<void> {
  for (const step of cleanup.reverse()) await step()
  cleanup.length = 0
}

type Opened = {
  readonly paths: HomePaths
  readonly genesis: OpenedGenesis
  readonly seed: Uint8Array
  readonly signer: Signer
  readonly db: Database
  readonly journal: VoteJournal | null
}

/** Home, lock, key, genesis, database, journal. */
async function openAll({ home, askPassword }: NodeOptions, cleanup: Cleanup): Promise<Opened> {
  const paths = await openHome(home)
  const lock: HomeLock = await lockHome(paths.lock)
  cleanup.push(() => lock.release())
  const genesis = await readGenesis(paths.genesis)
  await bindChain(paths, genesis)
  const seed = await unlockKey(paths.key, askPassword)
  const db = await openDatabase(paths.db)
  cleanup.push(() => db.close())
  const journal = (await hasVoteJournal(paths.votesJournal))
    ? await openVoteJournal(paths.votesJournal, genesis.chainId)
    : null
  if (journal !== null) cleanup.push(() => journal.close())
  return { paths, genesis, seed, signer: createSigner(seed), db, journal }
}

type Running = {
  readonly opened: Opened
  /** The first session: genesis. */
  readonly session: Session
  readonly seats: Seats
  readonly network: PalaverNetwork
  readonly engine: Engine
  readonly atx: AtxService
  readonly telemetry: Telemetry
  readonly log: Log
}

async function assemble(options: NodeOptions, cleanup: Cleanup): Promise<PalaverNode> {
  const startedAt = systemClock.now()
  const log = options.log ?? createLog(options.config.logLevel)
  const telemetry = createTelemetry(options, log)
  cleanup.push(async () => telemetry.metrics.close())
  const opened = await openAll(options, cleanup)
  const session = sessionOf(opened.genesis.genesis)
  const door = createDoor(options, opened, log)
  cleanup.push(() => door.close())
  await prepare(options, { opened, session, telemetry, log, door, startedAt })
  const seats = createSeats(opened.signer.publicKey)
  const network = createNetwork(options, { opened, seats, telemetry, log })
  const engine = await openEngine(options, { opened, session, seats, network, telemetry })
  const atx = await openSet(options, { opened, network, telemetry, log })
  const running: Running = { opened, session, seats, network, engine, atx, telemetry, log }
  report(running)
  await network.start()
  cleanup.push(() => network.stop())
  await engine.start()
  cleanup.push(() => engine.stop())
  await atx.start()
  cleanup.push(() => atx.stop())
  followCommittee(engine, running)
  const port = createPort(running, startedAt)
  cleanup.push(reportSync(options, running, port))
  const apiUrl = await door.serve(port)
  cleanup.push(() => door.close())
  return {
    peerId: network.self,
    apiUrl,
    multiaddrs: () => network.multiaddrs(),
    async stop() {
      await undo(cleanup)
      log.flush()
    },
  }
}

function stuckAdvice({ height }: SyncReport, { home, db }: HomePaths): string {
  const what = `every peer that is ahead has deleted block ${height + 1}, which this node needs next`
  const away = height === 0 ? '' : `mv ${db} ${db}.old, then `
  const begin = `${away}palaver start --home ${home} --sync snapshot`
  return `palaver: ${what}; connect a node that keeps every block (--peer), or begin with a snapshot: ${begin}`
}

function createDoor({ config }: NodeOptions, { paths }: Opened, log: Log): ApiDoor {
  return createApiDoor({ paths, address: config.api, allowedHosts: config.apiHosts, logger: log.forModule('api') })
}

type Preparing = Pick<Running, 'opened' | 'session' | 'telemetry' | 'log'> & {
  readonly door: ApiDoor
  readonly startedAt: number
}

/** Before there is a chain: a fresh home may begin with a snapshot. */
function prepare(options: NodeOptions, { opened, session, telemetry, log, door, startedAt }: Preparing): Promise<void> {
  const { config, onSync, onNotice, signal } = options
  const { genesis, signer, db } = opened
  return prepareHome({
    sync: config.sync,
    genesis,
    session,
    publicKey: signer.publicKey,
    self: peerIdFromPublicKeyHex(signer.publicKey),
    db,
    addresses: [...config.peers, ...config.bootstrap],
    mdns: config.mdns,
    clock: systemClock,
    startedAt,
    signal: signal ?? new AbortController().signal,
    log: log.forModule('net'),
    events: telemetry.events,
    metrics: () => telemetry.metrics.render(),
    openApi: async (port) => void (await door.serve(port)),
    onSync: (report) => onSync?.(report),
    onNotice: (text) => onNotice?.(text),
  })
}

function createTelemetry({ onFatal }: NodeOptions, log: Log): Telemetry {
  const node = log.forModule('node')
  const events = createEventBus({
    clock: systemClock,
    onListenerError: (error) => node.error({ err: error }, 'an event subscriber failed and was dropped'),
  })
  return {
    events,
    metrics: createMetrics(),
    meter: createSyncMeter(),
    log: log.forModule('pala'),
    clock: systemClock,
    onFatal,
  }
}

type NetworkParts = Pick<Running, 'opened' | 'seats' | 'telemetry' | 'log'>

function createNetwork({ config }: NodeOptions, parts: NetworkParts): PalaverNetwork {
  const { opened, seats, telemetry, log } = parts
  const { genesis, seed, signer, paths } = opened
  const net = log.forModule('net')
  return createPalaverNetwork({
    seed,
    network: genesis.genesis.network,
    chainId: genesis.chainId,
    listen: config.listen,
    announce: config.announce,
    bootstrap: [...config.bootstrap, ...config.peers],
    mdns: config.mdns,
    dht: config.dht,
    ownRoles: seats.claims,
    memberKey: seats.memberKey,
    seatsOf: seats.of,
    isAhead: seats.isAhead,
    committee: seats.committee,
    signer,
    datastorePath: paths.libp2p,
    clock: systemClock,
    logger: net,
    registry: telemetry.metrics.registry,
    onDuplicateRole(peer, role) {
      net.error({ peer, ...role }, 'two peers prove the same seat: one key runs twice')
      telemetry.events.publish('evidence', 'duplicate-role', { peer, ...role })
    },
  })
}

function openEngine(
  { config }: NodeOptions,
  { opened, session, seats, network, telemetry }: Omit<Running, 'engine' | 'atx' | 'log'>,
): Promise<Engine> {
  const { paths, genesis, signer, db, journal } = opened
  return createEngine({
    chainId: genesis.chainId,
    genesisTime: genesisTimeMs(genesis.genesis),
    session,
    seats,
    initialKv: genesis.genesis.kv,
    signer,
    db,
    network,
    clock: systemClock,
    journal,
    journalPath: paths.votesJournal,
    unsafeResetVotes: config.unsafeResetVotes,
    pruneKeepBlocks: config.pruneKeep,
    snapshotEvery: config.snapshotEvery,
    observer: watchSessions(createObserver(telemetry), { seats, network, telemetry }),
    onLatency: (latencyMs) => telemetry.metrics.finalized(latencyMs),
  })
}

function openSet(
  { config }: NodeOptions,
  { opened, network, telemetry, log }: Pick<Running, 'opened' | 'network' | 'telemetry' | 'log'>,
): Promise<AtxService> {
  const { db, signer, genesis } = opened
  return openAtx({
    db,
    network,
    signer,
    chainId: genesis.chainId,
    genesis: genesis.genesis,
    config,
    clock: systemClock,
    telemetry: { ...telemetry, log: log.forModule('atx') },
  })
}

function report({ engine, telemetry, network, log }: Running): void {
  reportExecution(engine, telemetry)
  reportPeers(network, telemetry)
  observeGauges(telemetry.metrics, engine, () => network.peers())
  if (engine.votingStopped === null) return
  const advice =
    'restore the whole home from one moment, or start once with --unsafe-reset-votes if this key cannot have voted since'
  log.forModule('pala').error(`this node follows but does not vote: ${engine.votingStopped}; ${advice}`)
}

function createPort(running: Running, startedAt: number): NodePort {
  const { opened, session, seats, network, engine, atx, telemetry } = running
  const { genesis, signer } = opened
  return createNodePort({
    chainId: genesis.chainId,
    network,
    networkName: genesis.genesis.network,
    genesisTime: genesisTimeMs(genesis.genesis),
    session,
    seats,
    engine,
    atx: createAtxPort(atx),
    signer,
    clock: systemClock,
    events: telemetry.events,
    meter: telemetry.meter,
    metrics: () => telemetry.metrics.render(),
    proofDocuments: createProofDocuments({
      proofs: engine.proofs,
      proveValue: engine.proveValue,
      ledger: engine.ledger,
      verifier: createProofVerifier(genesis.text, { verifyEd25519 }),
    }),
    startedAt,
  })
}

/** Catching up as events and log lines, and to whoever started the node. */
function reportSync(options: NodeOptions, { telemetry, opened }: Running, node: NodePort): () => Promise<void> {
  const { onSync, onNotice } = options
  let isStuck = false
  const stop = watchSync({
    events: telemetry.events,
    read() {
      const { sync, finalized } = node.status()
      return { ...sync, height: finalized.height }
    },
    onReport(type, report) {
      if (type !== 'progress') telemetry.log.info(report, type === 'start' ? 'catching up' : 'caught up')
      onSync?.(report)
      if (!isStuck && report.lowestServed !== undefined) onNotice?.(stuckAdvice(report, opened.paths))
      isStuck = report.lowestServed !== undefined
    },
  })
  return async () => stop()
}
