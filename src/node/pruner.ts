/** Prunes in the background (P20.9): old final blocks go in small batches, never ones the ledger has yet to execute. */
import type { Millis } from '../domain.ts'
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
  readonly sessions: () => Promise<readonly SessionRecord[]>
  readonly onFailure: (error: unknown) => void
  readonly stepMs?: Millis
}

/** Starts pruning; the function it returns ends that and waits for the batch under way. */
export function startPruner(options: PrunerOptions): () => Promise<void> {
  const { store, keepBlocks, settledHeight, sessions, onFailure, stepMs = STEP_MS } = options
  if (keepBlocks === 0) return async () => undefined
  let running: Promise<void> = Promise.resolve()
  let isBusy = false
  const prune = async (): Promise<void> => {
    const horizon = settledHeight() - keepBlocks + 1
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
