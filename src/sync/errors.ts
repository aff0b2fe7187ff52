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
