/**
 * Writes waiting local transactions to the store and removes settled ones: what comes while a write is under way goes
 * into the next one. No fsync: the operating system holds the bytes when the process is killed.
 */
import type { LedgerStore, PendingKey, PendingTx } from './store.ts'

export interface PendingWriter {
  /** Resolves once the transaction would survive a kill of this process. */
  put(tx: PendingTx): Promise<void>
  /** Removes one, some time soon: a leftover is dropped when the ledger opens. */
  remove(tx: PendingKey): void
  /** Resolves when everything asked for is written. Rejects with the first failure. */
  settled(): Promise<void>
}

export type PendingWriterOptions = {
  readonly store: Pick<LedgerStore, 'writePending'>
  readonly onFailure: (error: unknown) => void
}

/** A writer with nothing to do. */
export function createPendingWriter({ store, onFailure }: PendingWriterOptions): PendingWriter {
  let puts: PendingTx[] = []
  let removals: PendingKey[] = []
  /** The write under way, and the one that will take what is asked for now. */
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null

  async function writeNext(): Promise<void> {
    const [batchPuts, batchRemovals] = [puts, removals]
    puts = []
    removals = []
    next = null
    await store.writePending(batchPuts, batchRemovals)
  }

  function schedule(): Promise<void> {
    if (next === null) {
      next = writing.catch(() => undefined).then(writeNext)
      writing = next
      writing.catch(onFailure)
    }
    return next
  }

  return {
    put(tx) {
      puts.push(tx)
      return schedule()
    },
    remove({ sender, nonce }) {
      removals.push({ sender, nonce })
      schedule().catch(() => undefined)
    },
    settled: () => writing,
  }
}
