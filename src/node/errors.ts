/** What can be wrong with a home, its files and its configuration; the command line maps the codes to exit codes. */
import { PalaverError } from '../errors.ts'

/** The message names the file or key, what is wrong with it, and what to type next. */
export class ConfigError extends PalaverError<
  | 'genesis-missing'
  | 'genesis-invalid'
  | 'genesis-foreign'
  | 'config-invalid'
  | 'home-missing'
  | 'home-exists'
  | 'home-locked'
  | 'home-permissions'
  | 'key-missing'
  | 'key-permissions'
  | 'keystore-damaged'
  | 'wrong-password'
  | 'password-missing'
  | 'api-unavailable'
  | 'no-snapshot'
> {}
