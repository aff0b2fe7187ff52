/** Results of transactions in their two forms: one outcome per entry for clients, one failure at most for the disk. */
import type { EntryResult, TxResult } from './types.ts'

/** `failedEntry` counts from 1; 0 means that all entries were applied. */
export type CompactResult = {
  readonly entries: number
  readonly failedEntry: number
  readonly failureCode: string
  /** The reason for people; may be empty. */
  readonly failureDetail: string
}

const APPLIED: EntryResult = { ok: true }
/** Entries before the failed one: done, then taken back. */
const ROLLED_BACK: EntryResult = { ok: false, code: 'rolled-back' }
/** Entries after the failed one. */
const NOT_RUN: EntryResult = { ok: false, code: 'not-run' }

/** The result a client sees. */
export function resultOf({ entries, failedEntry, failureCode: code, failureDetail: detail }: CompactResult): TxResult {
  if (failedEntry === 0) return { ok: true, entries: new Array<EntryResult>(entries).fill(APPLIED) }
  const results = new Array<EntryResult>(entries).fill(NOT_RUN)
  results.fill(ROLLED_BACK, 0, failedEntry - 1)
  results[failedEntry - 1] = { ok: false, code, ...(detail === '' ? {} : { detail }) }
  return { ok: false, entries: results }
}
