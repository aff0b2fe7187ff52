/** Errors of the command line itself, and the exit codes of CONTRACT that every error maps to. */
import { ApiError } from '../src/client/errors.ts'
import { PalaverError } from '../src/errors.ts'

/** Exit codes of CONTRACT. Signals end with 128 + their number. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  config: 3,
  unreachable: 4,
  notReady: 5,
  verification: 6,
  locked: 7,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** A failed command: what failed, why, and (in `hint`) what to type next. */
export class CliError extends PalaverError<
  'usage' | 'failure' | 'config' | 'unreachable' | 'not-ready' | 'verification' | 'locked'
> {
  readonly hint: string | null

  constructor(code: CliError['code'], message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(code, message, options)
    this.hint = options.hint ?? null
  }
}

/** Exit codes of error codes that mean the same wherever they come from; everything else is a plain failure. */
const EXIT_OF_CODE: Readonly<Record<string, ExitCode>> = {
  usage: EXIT.usage,
  config: EXIT.config,
  'config-invalid': EXIT.config,
  'config-missing': EXIT.config,
  'genesis-missing': EXIT.config,
  'genesis-invalid': EXIT.config,
  'genesis-foreign': EXIT.config,
  'home-missing': EXIT.config,
  'home-foreign': EXIT.config,
  'home-permissions': EXIT.config,
  'key-missing': EXIT.config,
  'key-permissions': EXIT.config,
  'keystore-missing': EXIT.config,
  'keystore-damaged': EXIT.config,
  'keystore-permissions': EXIT.config,
  'manifest-invalid': EXIT.config,
  unreachable: EXIT.unreachable,
  'bad-answer': EXIT.unreachable,
  'not-ready': EXIT.notReady,
  timeout: EXIT.notReady,
  'no-snapshot': EXIT.notReady,
  verification: EXIT.verification,
  locked: EXIT.locked,
  'home-locked': EXIT.locked,
  interrupted: EXIT.interrupted,
}

/** Exit codes of what a node answers; there `unreachable` speaks of a peer, not of the node. */
const EXIT_OF_ANSWER: Readonly<Record<string, ExitCode>> = {
  'bad-multiaddr': EXIT.usage,
  'missing-peer-id': EXIT.usage,
  timeout: EXIT.notReady,
  'not-ready': EXIT.notReady,
}

/** The exit code for an error that ended a command. Errors that are not operating errors are bugs. */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof PalaverError)) return EXIT.bug
  if (error instanceof ApiError) return EXIT_OF_ANSWER[error.code] ?? EXIT.failure
  return EXIT_OF_CODE[error.code] ?? EXIT.failure
}
