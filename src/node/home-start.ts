/**
 * Before a node's consensus exists: whether its home begins with a snapshot, and the network and API of that time. A home
 * that has final blocks goes on with them, whatever the configuration says.
 */
import { verifyEd25519 } from '../crypto/ed25519.ts'
import type { Millis, PeerId } from '../domain.ts'
import type { SnapshotManifest } from '../ledger/snapshot.ts'
import { createSnapshotTarget } from '../ledger/snapshot-import.ts'
import type { Clock } from '../machine/clock.ts'
import { rolesOf } from '../pala/committee.ts'
import { createPalaStore, type Database } from '../pala/store.ts'
import type { Session } from '../pala/types.ts'
import type { EventBus } from './events.ts'
import { genesisTimeMs, type OpenedGenesis } from './genesis.ts'
import type { Logger } from './log.ts'
import { createSnapshotPeers } from './snapshot-peers.ts'
import { createSnapshotPort, type SnapshotPortOptions } from './snapshot-port.ts'
import { createManifestProver } from './snapshot-proof.ts'
import { startFromSnapshot } from './snapshot-start.ts'
import { createStrangerNetwork } from './stranger-network.ts'
import { type SyncReport, watchSync } from './sync-watch.ts'

export type HomeStartOptions = {
  readonly sync: 'auto' | 'snapshot' | 'blocks'
  readonly genesis: OpenedGenesis
  /** The first session: genesis. */
  readonly session: Session
  /** This node's key, and the name it will have in the network. */
  readonly publicKey: string
  readonly self: PeerId
  readonly db: Database
  /** Peers to ask, by address. */
  readonly addresses: readonly string[]
  readonly mdns: boolean
  readonly clock: Clock
  readonly startedAt: Millis
  readonly signal: AbortSignal
  readonly log: Logger
  readonly events: EventBus
  readonly metrics: SnapshotPortOptions['metrics']
  /** A snapshot is being fetched: opens the API on this port. */
  readonly openApi: (port: ReturnType<typeof createSnapshotPort>) => Promise<void>
  readonly onSync: (report: SyncReport) => void
  readonly onNotice: (text: string) => void
}

/** Prepares the home. Rejects with `no-snapshot` where the configuration insists on one. */
export async function prepareHome(options: HomeStartOptions): Promise<void> {
  const { sync, genesis, db, onNotice } = options
  const store = createPalaStore(db)
  const target = createSnapshotTarget({ db, prefix: 'ledger/', chainId: genesis.chainId })
  const finalized = await store.finalized()
  const isDue = finalized === null && sync !== 'blocks' && (sync === 'snapshot' || mayLook(options))
  if (!isDue) {
    if (finalized !== null && sync === 'snapshot') {
      onNotice(`this home has block ${finalized.height} and goes on from there, without a snapshot`)
    }
    return target.discard()
  }
  await look({ ...options, sync }, { store, target })
}

/**
 * A member of the first committee that begins with a snapshot would not vote before the next session (P20.6-3), so it does
 * so only when told to.
 */
function mayLook({ session, publicKey, addresses, mdns }: HomeStartOptions): boolean {
  return rolesOf(session, publicKey).length === 0 && (addresses.length > 0 || mdns)
}

type Opened = {
  readonly store: ReturnType<typeof createPalaStore>
  readonly target: ReturnType<typeof createSnapshotTarget>
}
type Due = HomeStartOptions & { readonly sync: 'auto' | 'snapshot' }

async function look(options: Due, { store, target }: Opened): Promise<void> {
  const { sync: mode, genesis, session, addresses, mdns, clock, signal, log, onNotice } = options
  const { chainId } = genesis
  const name = genesis.genesis.network
  const network = createStrangerNetwork({ network: name, chainId, logger: log, bootstrap: addresses, mdns })
  const peers = createSnapshotPeers({ network })
  const watch = watchProgress(options, { network, target })
  await network.start()
  const stop = (): void => void network.stop()
  signal.addEventListener('abort', stop)
  try {
    const dialled = dial(network, addresses)
    const since = clock.now()
    const begun = await startFromSnapshot({
      mode,
      chainId,
      peers,
      connected: () => network.peers().map(({ peerId }) => peerId),
      isSearching: () => !dialled.isDone || (mdns && network.peers().length === 0),
      store,
      target,
      prover: createManifestProver({ chainId, first: session, peers, verifyEd25519 }),
      clock,
      signal,
      onChosen: watch.chosen,
      onRefused: (peer, reason) => log.info({ peer, reason }, 'a snapshot was refused'),
    })
    if (begun !== null) onNotice(startedLine(begun, clock.now() - since))
    log.info({ height: begun?.height ?? 0 }, begun === null ? 'begins with block 1' : 'begins with a snapshot')
  } finally {
    signal.removeEventListener('abort', stop)
    watch.stop()
    await network.stop()
  }
}

function startedLine({ height, chunks }: SnapshotManifest, tookMs: Millis): string {
  const mebibytes = chunks.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20
  const size = `${chunks.length} chunks, ${mebibytes.toFixed(1)} MiB in ${(tookMs / 1_000).toFixed(1)} s`
  return `starting from the snapshot of block ${height.toLocaleString('en-US')} (${size})`
}

type Dialling = { readonly isDone: boolean }

/** One try at each address; the network itself goes on trying. */
function dial(network: ReturnType<typeof createStrangerNetwork>, addresses: readonly string[]): Dialling {
  const state = { isDone: false }
  void Promise.allSettled(addresses.map((address) => network.connect(address))).then(() => {
    state.isDone = true
  })
  return state
}

type Watched = Pick<Opened, 'target'> & { readonly network: ReturnType<typeof createStrangerNetwork> }

/** The API, events and the operator hear how it goes from the moment a snapshot is chosen. */
function watchProgress(options: Due, { network, target }: Watched) {
  const { genesis, events, openApi, onSync, onNotice } = options
  let servers = 0
  let end: (() => void) | null = null
  const port = createSnapshotPort({
    ...options,
    chainId: genesis.chainId,
    networkName: genesis.genesis.network,
    genesisTime: genesisTimeMs(genesis.genesis),
    network,
    progress() {
      const snapshot = target.progress()
      return snapshot === null ? null : { snapshot, peers: servers }
    },
  })
  return {
    async chosen(manifest: SnapshotManifest, from: readonly PeerId[]): Promise<void> {
      servers = from.length
      const stored = target.progress()?.storedChunks ?? 0
      const begun = stored === 0 ? '' : `, ${stored} of ${manifest.chunks.length} chunks are here already`
      onNotice(`fetching the snapshot of block ${manifest.height.toLocaleString('en-US')}${begun}`)
      if (end !== null) return
      const read = (): SyncReport => ({ ...port.status().sync, height: 0 })
      end = watchSync({ read, events, onReport: (_, report) => onSync(report) })
      await openApi(port)
    },
    stop: () => end?.(),
  }
}
