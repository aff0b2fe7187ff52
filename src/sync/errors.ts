/** Operating errors of the shared set, each with a sentence that says what to do next. */
import { PalaverError } from '../errors.ts'

export type SyncErrorCode =
  | 'malformed'
  | 'store-damaged'
  | 'store-failed'
  | 'protocol'
  | 'limit'
  | 'refused'
  | 'timeout'

/** Something about the set, its store or a conversation over it went wrong; `code` names what. */
export class SyncError extends PalaverError<SyncErrorCode> {}

/** Whether the peer sent what no honest one sends (S9.2 P), rather than that it refused or the stream broke. */
export function isOffence(error: unknown): error is SyncError {
  return error instanceof SyncError && (error.code === 'malformed' || error.code === 'protocol')
}
