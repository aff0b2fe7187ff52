/**
 * How a home without blocks begins (P17.6): looks among peers for a snapshot worth starting from, fetches it, and begins
 * with it; or gives up in bounded time and leaves the home as it was, for block 1.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Millis, PeerId } from '../domain.ts'
import type { SnapshotManifest, SnapshotTarget } from '../ledger/snapshot.ts'
import type { Clock } from '../machine/clock.ts'
import type { PalaStore } from '../pala/store.ts'
import { ConfigError } from './errors.ts'
import { createSnapshotFlow } from './snapshot-flow.ts'
import type { SnapshotPeers } from './snapshot-peers.ts'
import type { ManifestProver } from './snapshot-proof.ts'
import { beginWith } from './snapshot-seed.ts'

/** Fewer blocks than this come sooner one by one than a state does, and leave a whole history. */
export const WORTH_BLOCKS = 4_096
/** Without a new chunk for this time a node that may also begin with blocks does so, and one that may not gives up. */
const PATIENCE_MS: Readonly<Record<'auto' | 'snapshot', Millis>> = { auto: 20_000, snapshot: 60_000 }
const RETRY_MS: Millis = 250

export type SnapshotStartOptions = {
  readonly mode: 'auto' | 'snapshot'
  readonly chainId: string
  readonly peers: SnapshotPeers
  readonly connected: () => readonly PeerId[]
  /** Whether peers may still turn up: addresses are being dialled, or the local network is searched. */
  readonly isSearching: () => boolean
  readonly store: PalaStore
  readonly target: SnapshotTarget
  readonly prover: ManifestProver
  readonly clock: Clock
  /** Ends the search; what is on disk by then counts for the next start. */
  readonly signal: AbortSignal
  readonly onChosen: (manifest: SnapshotManifest, servers: readonly PeerId[]) => void | Promise<void>
  readonly onRefused: (peer: PeerId, reason: string) => void
  readonly patienceMs?: Millis
}

/** The snapshot begun with; null to begin with block 1. Rejects with `no-snapshot` when only a snapshot will do. */
export async function startFromSnapshot(options: SnapshotStartOptions): Promise<SnapshotManifest | null> {
  const { mode, connected, isSearching, target, clock, signal, patienceMs = PATIENCE_MS[mode] } = options
  const flow = createSnapshotFlow({ ...options, isWanted: (height) => isWanted(options, height) })
  let since = clock.now()
  let stored = 0
  for (;;) {
    signal.throwIfAborted()
    const maySeeMore = isSearching()
    const asked = connected()
    const outcome = await flow.round(asked)
    signal.throwIfAborted()
    if (outcome.kind === 'fetched') {
      await beginWith(outcome.fetched, options)
      return outcome.fetched.manifest
    }
    const storedNow = target.progress()?.storedBytes ?? 0
    if (storedNow > stored) since = clock.now()
    stored = storedNow
    if (mode === 'auto' && outcome.kind === 'none' && !maySeeMore) return null
    if (clock.now() - since > patienceMs) return giveUp(mode, asked.length)
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}

function giveUp(mode: 'auto' | 'snapshot', peers: number): null {
  if (mode === 'auto') return null
  const why = peers === 0 ? 'no peer is connected' : `none of ${peers} peers serves one that can be proven`
  const advice = 'name another peer with --peer, or start with --sync blocks'
  throw new ConfigError('no-snapshot', `there is no snapshot to start from: ${why}; ${advice}`)
}

/** Near the start of a chain blocks are as good, as long as someone has them. */
async function isWanted({ mode, peers, connected }: SnapshotStartOptions, height: number): Promise<boolean> {
  if (mode === 'snapshot' || height >= WORTH_BLOCKS) return true
  const answers = await Promise.all(connected().map((peer) => peers.blocks(peer, { from: 1, to: 1 })))
  return answers.some((answer) => answer?.type === 'pruned') && !answers.some((answer) => answer?.type === 'blocks')
}
