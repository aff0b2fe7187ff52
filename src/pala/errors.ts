/** Operating errors of Pala's codec, store, journal and service. */
import { PalaverError } from '../errors.ts'

export type PalaErrorCode =
  /** Bytes from a peer or from disk that are not what they should be. */
  | 'malformed'
  /** The vote journal has a bad record before its end (P20.6-1). */
  | 'journal-damaged'
  /** The store holds what cannot be, e.g. a finalized head without its block. */
  | 'store-damaged'

export class PalaError extends PalaverError<PalaErrorCode> {}
