/** Why a request was refused before, or beside, what the node itself says. */
import { PalaverError } from '../../errors.ts'

export type RequestErrorCode =
  | 'not-found'
  | 'pruned'
  | 'unauthorized'
  | 'host-refused'
  | 'origin-refused'
  | 'invalid-request'
  | 'not-supported'
  | 'too-many-streams'
  | 'timeout'
  | 'tx-failed'
  | 'not-ready'
  | 'not-final'

/** `extra` goes into the problem document beside the standard members. */
export class RequestError extends PalaverError<RequestErrorCode> {
  readonly extra: Readonly<Record<string, unknown>>

  constructor(code: RequestErrorCode, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(code, message)
    this.extra = extra
  }
}
