/** Prunes in the background (P20.9): old final blocks go in small batches, never ones the ledger has yet to execute. */
import type { Millis } from '../domain.ts'
import type { SnapshotSource } from '../ledger/snapshot.ts'
import { RETAINED_FINAL_BLOCKS } from '../pala/bounds.ts'
import type { PruneStore } from '../pala/prune-store.ts'
import type { SessionRecord } from '../pala/types.ts'

/** Pause between two batches, so that consensus has the disk in between. */
const STEP_MS = 100

export type PrunerOptions = {
  readonly store: PruneStore
  /** Final blocks to keep; 0 keeps all of them (archive mode). */
  readonly keepBlocks: number
  /** The highest block that is both final and executed. */
  readonly settledHeight: () => number
  /** The lowest height that others still need from here, however few blocks are to be kept. */
  readonly keepFrom: () => Promise<number>
  readonly sessions: () => Promise<readonly SessionRecord[]>
  readonly onFailure: (error: unknown) => void
  readonly stepMs?: Millis
}

/**
 * Whoever begins with a snapshot needs the blocks above it, and as many below as later ones name in their certificates.
 * The snapshot before the latest counts too: somebody may just have taken it.
 */
export function keptForSnapshots(snapshots: () => Pick<SnapshotSource, 'manifest'>): () => Promise<number> {
  let latest: number | null = null
  let before: number | null = null
  return async () => {
    const manifest = await snapshots().manifest()
    if (manifest === null) return Number.POSITIVE_INFINITY
    if (manifest.height !== latest) [before, latest] = [latest, manifest.height]
    return Math.max(1, (before ?? latest) - RETAINED_FINAL_BLOCKS)
  }
}

/** Starts pruning; the function it returns ends that and waits for the batch under way. */
export function startPruner(options: PrunerOptions): () => Promise<void> {
  const { store, keepBlocks, settledHeight, keepFrom, sessions, onFailure, stepMs = STEP_MS } = options
  if (keepBlocks === 0) return async () => undefined
  let running: Promise<void> = Promise.resolve()
  let isBusy = false
  const prune = async (): Promise<void> => {
    const horizon = Math.min(settledHeight() - keepBlocks + 1, await keepFrom())
    if (horizon > store.lowestHeight()) await store.step(horizon, await sessions())
  }
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    running = prune()
      .catch(onFailure)
      .finally(() => {
        isBusy = false
      })
  }, stepMs)
  return async () => {
    clearInterval(timer)
    await running
  }
}
