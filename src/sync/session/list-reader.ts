/** Reads the peer's list of one timeframe (S7.2): ascending across chunk borders, and its digest. */

import { compareIds } from '../set/packed-ids.ts'
import { ID_BYTES } from '../set/types.ts'
import { createListDigest } from './digest.ts'

export interface ListReader {
  /** Whether a chunk ascends, also from the last one taken. */
  isAscending(ids: Uint8Array): boolean
  /** Takes a chunk that was found in order. */
  take(ids: Uint8Array): void
  isDigest(digest: Uint8Array): boolean
}

export function createListReader(): ListReader {
  const hash = createListDigest()
  let last: Uint8Array | null = null
  return {
    isAscending(ids) {
      if (last !== null && ids.length >= ID_BYTES && compareIds(last, 0, ids, 0) >= 0) return false
      for (let at = ID_BYTES; at + ID_BYTES <= ids.length; at += ID_BYTES) {
        if (compareIds(ids, at - ID_BYTES, ids, at) >= 0) return false
      }
      return true
    },
    take(ids) {
      hash.update(ids)
      last = ids.slice(ids.length - ID_BYTES)
    },
    isDigest: (digest) => Buffer.compare(hash.digest(), digest) === 0,
  }
}
