/** How a person names a block. */
import { CliError } from './errors.ts'

/** A height, a hash, or `latest`. Throws `usage`. */
export function parseBlockRef(text: string): number | string {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  if (text === 'latest' || /^[0-9a-f]{64}$/.test(text)) return text
  throw new CliError('usage', `'${text}' is no block`, {
    hint: 'name a height, a hash of 64 hex characters, or latest',
  })
}
