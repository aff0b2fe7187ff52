/** Plugs consensus and ledger into each other and into the network: the ports of each are met here and nowhere else. */
import type { Signer } from '../crypto/keys.ts'
import type { Hash, Millis, PeerId } from '../domain.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createLedger } from '../ledger/service.ts'
import type { LedgerBlock } from '../ledger/types.ts'
import type { Clock } from '../machine/clock.ts'
import { proposerIndex, roundRobin } from '../pala/committee.ts'
import type { VoteJournal } from '../pala/journal-store.ts'
import { staleDatabaseReason } from '../pala/journal-store.ts'
import type { Application } from '../pala/ports.ts'
import { createPala, type PalaObserver, type PalaService } from '../pala/service.ts'
import { restoreState } from '../pala/state.ts'
import { createPalaStore, type Database, type PalaStore } from '../pala/store.ts'
import type { Block, Session } from '../pala/types.ts'
import { CHANNELS, TOPICS } from '../protocols/catalogue.ts'
import type { Network } from '../protocols/network.ts'

/** How often waiting transactions are looked at: sent again, or dropped when too old. */
const LEDGER_TICK_MS = 500

export type EngineOptions = {
  readonly chainId: Hash
  readonly genesisTime: Millis
  readonly session: Session
  readonly initialKv: Readonly<Record<string, string>>
  readonly signer: Signer
  readonly db: Database
  readonly network: Network
  readonly clock: Clock
  /** Null when this key has no journal here and so must not vote (P20.6-3). */
  readonly journal: VoteJournal | null
  /** Ignores a stale or missing journal: the operator's `--unsafe-reset-votes`. */
  readonly unsafeResetVotes: boolean
  readonly observer: PalaObserver
  /** See {@link createLedger}. */
  readonly onLatency: (latencyMs: Millis) => void
}

export interface Engine {
  readonly pala: PalaService
  readonly ledger: Ledger
  readonly store: PalaStore
  /** Why this node does not vote although its key sits in the committee; null when it votes or has no seat. */
  readonly votingStopped: string | null
  /** Replays final blocks the ledger has not executed, then starts consensus. Call it after the network started. */
  start(): Promise<void>
  stop(): Promise<void>
}

const ledgerBlock = ({ hash, header, payload }: Block): LedgerBlock => ({
  height: header.height,
  hash,
  timestamp: header.timestamp,
  payload,
})

/** Reads the disk and registers every protocol on the network, which must not have started. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { chainId, session, signer, db, network, clock, journal, observer } = options
  const store = createPalaStore(db)
  const durable = await store.load()
  const votingStopped = options.unsafeResetVotes ? null : reasonNotToVote(options, durable)
  const config = {
    chainId,
    self: signer.publicKey,
    schedule: roundRobin,
    genesisTime: options.genesisTime,
    mayVote: votingStopped === null,
  }
  const state = restoreState(config, [session], durable)

  const txChannel = network.channel(CHANNELS.txSubmit, (from, bytes) => ledger.relay.receive(from, bytes))
  const txTopic = network.topic(TOPICS.txRelay, (from, bytes) => ledger.relay.receiveGossip(from, bytes))
  const ledger = createLedger({
    db,
    prefix: 'ledger/',
    chainId,
    initialKv: options.initialKv,
    clock,
    keepsForeign: () => proposerIndex(session, signer.publicKey) !== null,
    onFailure: observer.failed,
    onLatency: options.onLatency,
    transport: {
      leader: () => pala.leader(),
      send: (peer: PeerId, message) => txChannel.send(peer, message),
      publish: (message) => txTopic.publish(message),
      penalise: (peer, penalty, reason) => network.penalise(peer, penalty, reason),
    },
  })
  await ledger.open()
  const pala = createPala({
    state,
    store,
    journal: votingStopped === null ? journal : null,
    network,
    application: applicationOf(ledger),
    signer,
    clock,
    observer: {
      ...observer,
      leaderChanged() {
        ledger.leaderChanged()
        observer.leaderChanged()
      },
    },
  })
  ledger.onPendingChange((pending) => pala.payloadPending(pending))
  let ticker: NodeJS.Timeout | undefined

  /** Exactly once (P13.6): the ledger's cursor says where it stands; final blocks above it are handed over again. */
  async function replay(): Promise<void> {
    const top = durable.finalized?.height ?? 0
    for (let height = ledger.appliedHeight() + 1; height <= top; height++) {
      const hash = await store.finalHash(height)
      const proposal = hash === null ? null : await store.block(hash)
      if (proposal === null) throw new Error(`final block ${height} is missing from the database`)
      await ledger.deliver(ledgerBlock(proposal.block))
    }
  }

  return {
    pala,
    ledger,
    store,
    votingStopped,
    async start() {
      await replay()
      pala.start()
      ticker = setInterval(() => ledger.tick(clock.now()), LEDGER_TICK_MS)
    },
    async stop() {
      clearInterval(ticker)
      await pala.stop()
      await ledger.close()
    },
  }
}

function reasonNotToVote(
  { journal, session, signer }: EngineOptions,
  durable: Awaited<ReturnType<PalaStore['load']>>,
): string | null {
  const seated = session.voters.some((voter) => voter.key === signer.publicKey)
  if (!seated && proposerIndex(session, signer.publicKey) === null) return null
  if (journal === null) return 'the vote journal of this key is missing'
  return staleDatabaseReason(journal.highWater, durable)
}

function applicationOf(ledger: Ledger): Application {
  return {
    buildPayload: ({ pendingAncestors }, maxBytes) => ledger.buildPayload(pendingAncestors.map(ledgerBlock), maxBytes),
    checkPayload: (block, { pendingAncestors }) =>
      ledger.checkPayload(ledgerBlock(block), pendingAncestors.map(ledgerBlock)),
    deliver: (block) => ledger.deliver(ledgerBlock(block)),
    stateRootAt: (height) => ledger.stateRootAt(height),
    appliedHeight: () => ledger.appliedHeight(),
  }
}
