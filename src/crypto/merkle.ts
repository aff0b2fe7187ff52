/**
 * A binary Merkle tree over opaque entries (the shape of RFC 6962: the left subtree holds the largest power of two
 * smaller than the number of leaves), with tagged hashes for leaves and nodes.
 */
import { taggedHash } from './tagged-hash.ts'

const LEAF_TAG = 'palaver/merkle/leaf/1'
const NODE_TAG = 'palaver/merkle/node/1'
const EMPTY_TAG = 'palaver/merkle/empty/1'

/** The largest power of two smaller than `count` (count >= 2). */
function splitPoint(count: number): number {
  return 2 ** Math.ceil(Math.log2(count) - 1)
}

function foldHashes(hashes: readonly Uint8Array[], from: number, to: number): Uint8Array {
  if (to - from === 1) return hashes[from] as Uint8Array
  const middle = from + splitPoint(to - from)
  return taggedHash(NODE_TAG, foldHashes(hashes, from, middle), foldHashes(hashes, middle, to))
}

/** The 32-byte root over `entries`, in order. */
export function merkleRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return taggedHash(EMPTY_TAG)
  const leaves = entries.map((entry) => taggedHash(LEAF_TAG, entry))
  return foldHashes(leaves, 0, leaves.length)
}
