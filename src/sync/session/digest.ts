/** The digest that closes a list (S5): SHA-256 over a label and all ids, chunk by chunk. */
import { createHash } from 'node:crypto'

const LABEL = 'atxsync/list/v1'

export interface ListDigest {
  update(ids: Uint8Array): void
  /** Once, at the end. */
  digest(): Uint8Array
}

export function createListDigest(): ListDigest {
  const hash = createHash('sha256').update(LABEL)
  return {
    update: (ids) => void hash.update(ids),
    digest: () => new Uint8Array(hash.digest()),
  }
}
