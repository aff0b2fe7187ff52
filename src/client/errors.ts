/** What can go wrong between a client and a node: the node said no, or could not be understood, or was not there. */
import { PalaverError } from '../errors.ts'

/** An RFC 9457 problem document, as the API sends it. */
export type Problem = {
  readonly type?: string
  readonly title?: string
  readonly status?: number
  readonly detail?: string
  readonly code?: string
  readonly [extra: string]: unknown
}

/** The node answered with a problem. `code` is the problem's stable code, `status` the HTTP status. */
export class ApiError extends PalaverError {
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(
      problem.code ?? `http-${status}`,
      problem.detail ?? problem.title ?? `the node answered with HTTP status ${status}`,
    )
    this.status = status
    this.problem = problem
  }
}

/**
 * The node was not reached (`unreachable`), answered with something that is not its API (`bad-answer`), or no longer
 * keeps the blocks asked for (`blocks-missing`).
 */
export class ClientError extends PalaverError<'unreachable' | 'bad-answer' | 'blocks-missing'> {}
