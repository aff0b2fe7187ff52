/** Who waits for which transaction, and which local ones can never become final. */
import type { Hash, Millis } from '../domain.ts'
import { LedgerError } from './errors.ts'
import { type RefusalCode, refusal } from './refusals.ts'
import type { TxRecord } from './types.ts'

/** Callers that may wait at once. */
const MAX_WAITERS = 65_536
/** Void local transactions that are remembered; the oldest are forgotten first. */
const MAX_FAILED = 8_192

export interface Outcomes {
  /** Resolves with the record once final or failed, or after `timeoutMs` with null. Throws `too-many-waiters`. */
  wait(txId: Hash, timeoutMs: Millis): Promise<TxRecord | null>
  /** A transaction became final. `record` is made only when someone waits. */
  settle(txId: Hash, record: () => TxRecord): void
  /** A local transaction became void. */
  fail(txId: Hash, code: RefusalCode, about: string): void
  failed(txId: Hash): TxRecord | undefined
  /** Ends all waiting. */
  close(): void
}

/** A record of a transaction that is not final. */
export function openRecord(txId: Hash, status: 'pending' | 'failed', reason?: TxRecord['reason']): TxRecord {
  const record = { txId, status, height: null, blockHash: null, index: null, result: null }
  return reason === undefined ? record : { ...record, reason }
}

/** Nobody waits, nothing failed. */
export function createOutcomes(): Outcomes {
  const waiters = new Map<Hash, Set<(record: TxRecord | null) => void>>()
  const failures = new Map<Hash, TxRecord>()
  let waiting = 0

  function settle(txId: Hash, record: () => TxRecord): void {
    const resolvers = waiters.get(txId)
    if (resolvers === undefined) return
    const settled = record()
    for (const resolve of [...resolvers]) resolve(settled)
  }

  return {
    wait(txId, timeoutMs) {
      if (waiting >= MAX_WAITERS) {
        throw new LedgerError('too-many-waiters', 'too many callers wait for finality: look the transaction up later')
      }
      const resolvers = waiters.get(txId) ?? new Set()
      waiters.set(txId, resolvers)
      waiting += 1
      return new Promise((resolve) => {
        const done = (record: TxRecord | null): void => {
          clearTimeout(timer)
          waiting -= 1
          resolvers.delete(done)
          if (resolvers.size === 0) waiters.delete(txId)
          resolve(record)
        }
        const timer = setTimeout(done, timeoutMs, null)
        resolvers.add(done)
      })
    },
    settle,
    fail(txId, code, about) {
      const record = openRecord(txId, 'failed', refusal(code, about))
      if (failures.size >= MAX_FAILED) failures.delete(failures.keys().next().value as Hash)
      failures.set(txId, record)
      settle(txId, () => record)
    },
    failed: (txId) => failures.get(txId),
    close() {
      for (const resolvers of [...waiters.values()]) for (const resolve of [...resolvers]) resolve(null)
    },
  }
}
