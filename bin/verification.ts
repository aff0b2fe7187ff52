/** Failed verifications on the command line: exit 6, with the exact reason. */
import { VerifyError } from '../src/verify/errors.ts'
import { CliError } from './errors.ts'

/** What a failed check of `what` ends the command with; other errors pass unchanged. */
export function asCliError(error: unknown, what: string): unknown {
  if (!(error instanceof VerifyError)) return error
  if (error.code === 'genesis-invalid') {
    return new CliError('config', error.message, { cause: error, hint: "copy the network's genesis file again" })
  }
  const hint =
    error.code === 'other-chain'
      ? 'give the genesis of the network that the proof is of: --genesis FILE'
      : 'do not rely on it; ask another node for a proof'
  return new CliError('verification', `${what} proves nothing: ${error.message}`, { cause: error, hint })
}
