/** What can go wrong with a testnet as a whole, apart from its nodes. */
import { PalaverError } from '../src/errors.ts'

/** An operating error of the testnet tools; the message names the directory or node and what to do. */
export class TestnetError extends PalaverError<
  | 'no-testnet'
  | 'manifest-invalid'
  | 'exists'
  | 'running'
  | 'not-running'
  | 'not-ready'
  | 'no-proxy'
  | 'proxy-failed'
  | 'interrupted'
  | 'usage'
> {}
