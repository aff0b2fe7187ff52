/** Operating errors of the ledger, and the refusals that senders get. */
import { PalaverError } from '../errors.ts'
import type { RefusalCode } from './refusals.ts'

export type LedgerErrorCode =
  | RefusalCode
  | 'store-damaged'
  | 'store-failed'
  | 'wrong-network'
  | 'too-many-waiters'
  | 'closed'
  | 'bad-snapshot'
  | 'snapshot-too-old'
  | 'snapshot-incomplete'

export class LedgerError extends PalaverError<LedgerErrorCode> {}
