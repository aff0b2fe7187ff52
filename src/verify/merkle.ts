/** Checks the proofs of `merkleProof` (src/crypto/merkle.ts): that an entry stands at an exact place under a root. */
import { equals } from 'uint8arrays/equals'
import type { MerkleProof } from '../crypto/merkle.ts'
import { taggedHash } from './tagged-hash.ts'

const LEAF_TAG = 'palaver/merkle/leaf/1'
const NODE_TAG = 'palaver/merkle/node/1'
const EMPTY_TAG = 'palaver/merkle/empty/1'
const HASH_BYTES = 32

/** The root over no entries. */
export const EMPTY_ROOT = taggedHash(EMPTY_TAG)

const leafHash = (entry: Uint8Array): Uint8Array => taggedHash(LEAF_TAG, entry)
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => taggedHash(NODE_TAG, left, right)

/** Whether `entry` is number `proof.index` of the entries under `root`, in a tree that its committee built by the rules. */
export function isIncluded(root: Uint8Array, entry: Uint8Array, { index, path, anchors }: MerkleProof): boolean {
  if ([...path, ...anchors.flatMap((anchor) => anchor.path)].some((each) => each.byteLength !== HASH_BYTES))
    return false
  const before = anchors.reduce((sum, anchor) => sum + 2 ** anchor.path.length, 0)
  const place = index - before
  const below = path.slice(0, -1)
  if (place < 0 || place >= 2 ** below.length) return false
  let hash = leafHash(entry)
  for (const [level, sibling] of below.entries()) {
    hash = (place >> level) & 1 ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
  }
  // The last sibling lies to the right: with it the full subtree of the entry meets the tree's right edge.
  const edge = path.at(-1)
  if (edge !== undefined) hash = nodeHash(hash, edge)
  for (const anchor of anchors.toReversed()) hash = nodeHash(anchor.path.reduce(nodeHash, leafHash(anchor.entry)), hash)
  return equals(hash, root)
}
