/** Plugs consensus and ledger into each other and into the network: the ports of each are met here and nowhere else. */
import type { Signer } from '../crypto/keys.ts'
import type { Millis, PeerId } from '../domain.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createEvidenceModule } from '../ledger/modules/evidence.ts'
import { createLedger } from '../ledger/service.ts'
import type { LedgerBlock } from '../ledger/types.ts'
import type { Clock } from '../machine/clock.ts'
import { finalizedOf } from '../pala/chain.ts'
import { planProblem } from '../pala/election.ts'
import type { Application } from '../pala/ports.ts'
import { openPruneStore, type PruneStore } from '../pala/prune-store.ts'
import { createPala, type PalaObserver, type PalaService } from '../pala/service.ts'
import { createPalaStore, type Database, type PalaStore } from '../pala/store.ts'
import type { Block, State } from '../pala/types.ts'
import { CHANNELS, TOPICS } from '../protocols/catalogue.ts'
import type { Network } from '../protocols/network.ts'
import { type ConsensusOptions, restoreConsensus } from './consensus-state.ts'
import { createEvidenceCourt } from './evidence-court.ts'
import { type EvidenceDesk, openEvidenceDesk } from './evidence-desk.ts'
import { openProofDesk } from './proof-desk.ts'
import type { Proofs } from './proofs.ts'
import { keptForSnapshots, startPruner } from './pruner.ts'
import type { Seats } from './seats.ts'
import { serveSnapshots } from './snapshot-server.ts'
import type { ProveValue } from './value-proofs.ts'

/** How often waiting transactions are looked at: sent again, or dropped when too old. */
const LEDGER_TICK_MS = 500

export type EngineOptions = ConsensusOptions & {
  readonly initialKv: Readonly<Record<string, string>>
  readonly signer: Signer
  readonly db: Database
  readonly network: Network
  readonly clock: Clock
  /** Follows the sessions of the consensus made here. */
  readonly seats: Seats
  /** Final blocks kept on disk; 0 keeps all (P20.9). */
  readonly pruneKeepBlocks: number
  /** See {@link createLedger}. */
  readonly snapshotEvery: number
  readonly observer: PalaObserver
  /** See {@link createLedger}. */
  readonly onLatency: (latencyMs: Millis) => void
}

export interface Engine {
  readonly pala: PalaService
  readonly ledger: Ledger
  readonly store: PalaStore
  readonly evidence: EvidenceDesk
  readonly proofs: Proofs
  readonly proveValue: ProveValue
  /** The lowest height whose block is still on disk (P20.9). */
  lowestHeight(): number
  /** Why this node does not vote although its key sits in the committee; null when it votes or has no seat. */
  readonly votingStopped: string | null
  /** Replays final blocks the ledger has not executed, then starts consensus. Call it after the network started. */
  start(): Promise<void>
  stop(): Promise<void>
}

const ledgerBlock = ({ hash, header, payload, election }: Block): LedgerBlock => ({
  height: header.height,
  hash,
  timestamp: header.timestamp,
  payload,
  session: header.sn.session,
  stateHeight: header.stateHeight,
  isStop: header.isStop,
  election: election === null || election.kept ? null : election.plan,
})

/** Reads the disk and registers every protocol on the network, which must not have started. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { chainId, session, signer, db, network, clock, seats, observer } = options
  const store = createPalaStore(db)
  const pruned = await openPruneStore(db)
  const restored = await restoreConsensus(options, { store, self: signer.publicKey, now: clock.now() })
  const { state, permission } = restored
  let { alarm } = restored
  seats.follow(state)
  const onFailure = observer.failed
  const mayVote = (): boolean => seats.current().session >= state.votesFrom

  const txChannel = network.channel(CHANNELS.txSubmit, (from, bytes) => ledger.relay.receive(from, bytes))
  const txTopic = network.topic(TOPICS.txRelay, (from, bytes) => ledger.relay.receiveGossip(from, bytes))
  const ledger = createLedger({
    db,
    prefix: 'ledger/',
    chainId,
    initialKv: options.initialKv,
    initialCommittee: session,
    planProblem,
    clock,
    snapshotEvery: options.snapshotEvery,
    modules: [createEvidenceModule(createEvidenceCourt(chainId))],
    keepsForeign: () => seats.own().some((seat) => seat.role === 'proposer' && seat.session >= seats.current().session),
    onFailure,
    onLatency: options.onLatency,
    transport: {
      leader: () => pala.leader(),
      send: (peer: PeerId, message) => txChannel.send(peer, message),
      publish: (message) => txTopic.publish(message),
      penalise: (peer, penalty, reason) => network.penalise(peer, penalty, reason),
    },
  })
  await ledger.open()
  const evidence = await openEvidenceDesk({
    state,
    store: store.evidence,
    ledger,
    signer,
    clock,
    onFailure: (error) => observer.rejected('evidence', String(error)),
  })
  const desk = openProofDesk({ store, tree: state.tree, first: session, db, network, ledger, onFailure })
  serveSnapshots({ network, snapshots: () => ledger.snapshots() })
  const pala = createPala({
    state,
    store,
    journal: permission.journal(mayVote),
    network,
    application: applicationOf(ledger),
    signer,
    clock,
    lowestHeight: pruned.lowestHeight,
    observer: {
      ...observer,
      notice(notice) {
        if (notice.kind === 'sessionStarted') desk.keepLinks()
        evidence.noticed(notice)
        observer.notice(notice)
      },
      alarm(code, detail) {
        alarm = detail
        store.evidence.noteHalt(detail).catch(observer.failed)
        observer.alarm(code, detail)
      },
      leaderChanged() {
        ledger.leaderChanged()
        observer.leaderChanged()
      },
    },
  })
  ledger.onPendingChange((pending) => pala.payloadPending(pending))
  let ticker: NodeJS.Timeout | undefined
  let stopPruning = async (): Promise<void> => undefined

  return {
    pala,
    ledger,
    store,
    lowestHeight: pruned.lowestHeight,
    evidence,
    proofs: desk.proofs,
    proveValue: desk.proveValue,
    get votingStopped() {
      return alarm ?? (seats.claims().length > 0 && !mayVote() ? permission.reason : null)
    },
    async start() {
      await replay({ store, ledger, top: restored.durable.finalized?.height ?? 0 })
      pala.start()
      desk.keepLinks()
      stopPruning = prune(options, { pruned, store, ledger, state })
      ticker = setInterval(() => {
        ledger.tick(clock.now())
        evidence.tick()
      }, LEDGER_TICK_MS)
    },
    async stop() {
      clearInterval(ticker)
      await stopPruning()
      await pala.stop()
      await desk.stop()
      await ledger.close()
    },
  }
}

type Replay = Pick<Engine, 'store' | 'ledger'> & { readonly top: number }

/** Exactly once (P13.6): the ledger's cursor says where it stands; final blocks above it are handed over again. */
async function replay({ store, ledger, top }: Replay): Promise<void> {
  for (let height = ledger.appliedHeight() + 1; height <= top; height++) {
    const hash = await store.finalHash(height)
    const proposal = hash === null ? null : await store.block(hash)
    if (proposal === null) throw new Error(`final block ${height} is missing from the database`)
    await ledger.deliver(ledgerBlock(proposal.block))
  }
}

type PruneParts = Pick<Engine, 'store' | 'ledger'> & { readonly pruned: PruneStore; readonly state: State }

function prune(
  { pruneKeepBlocks, observer }: EngineOptions,
  { pruned, store, ledger, state }: PruneParts,
): () => Promise<void> {
  return startPruner({
    store: pruned,
    keepBlocks: pruneKeepBlocks,
    settledHeight: () => Math.min(finalizedOf(state.tree).ref.height, ledger.appliedHeight()),
    keepFrom: keptForSnapshots(() => ledger.snapshots()),
    sessions: store.sessionRecords,
    onFailure: observer.failed,
  })
}

function applicationOf(ledger: Ledger): Application {
  return {
    buildPayload: ({ pendingAncestors }, maxBytes) => ledger.buildPayload(pendingAncestors.map(ledgerBlock), maxBytes),
    checkPayload: (block, { pendingAncestors }) =>
      ledger.checkPayload(ledgerBlock(block), pendingAncestors.map(ledgerBlock)),
    deliver: (block) => ledger.deliver(ledgerBlock(block)),
    stateRootAt: (height) => ledger.stateRootAt(height),
    electNext: (height) => ledger.electNext(height),
    appliedHeight: () => ledger.appliedHeight(),
  }
}
