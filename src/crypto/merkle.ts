/**
 * A binary Merkle tree over opaque entries (the shape of RFC 6962: the left subtree holds the largest power of two
 * smaller than the number of leaves), with tagged hashes for leaves and nodes.
 */
import { assert } from '../assert.ts'
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

/** The first entry of a full subtree, and the siblings on the way up to that subtree's root, lowest first. */
export type MerkleAnchor = { readonly entry: Uint8Array; readonly path: readonly Uint8Array[] }

/**
 * Where an entry stands under a root. The root does not say how many entries there are, so siblings alone would not fix
 * the position: each left neighbour on the tree's right edge comes as an anchor, whose path shows how many it holds.
 */
export type MerkleProof = {
  readonly index: number
  /** Siblings above the entry up to where the right edge begins, lowest first. */
  readonly path: readonly Uint8Array[]
  /** Left neighbours on the right edge, from the root down. */
  readonly anchors: readonly MerkleAnchor[]
}

/** Proves where `entries[index]` stands; its verifier is `src/verify/merkle.ts`. */
export function merkleProof(entries: readonly Uint8Array[], index: number): MerkleProof {
  assert(index >= 0 && index < entries.length, 'the entry is one of the list')
  const leaves = entries.map((entry) => taggedHash(LEAF_TAG, entry))
  const anchors: MerkleAnchor[] = []
  let from = 0
  const to = leaves.length
  while (to - from > 1) {
    const middle = from + splitPoint(to - from)
    if (index < middle) {
      const path = [...pathIn(leaves, { index, from, to: middle }), foldHashes(leaves, middle, to)]
      return { index, path, anchors }
    }
    anchors.push({ entry: entries[from] as Uint8Array, path: pathIn(leaves, { index: from, from, to: middle }) })
    from = middle
  }
  return { index, path: [], anchors }
}

type Place = { readonly index: number; readonly from: number; readonly to: number }

/** The siblings of a leaf inside the subtree over [from, to), lowest first. */
function pathIn(leaves: readonly Uint8Array[], { index, from, to }: Place): Uint8Array[] {
  if (to - from === 1) return []
  const middle = from + splitPoint(to - from)
  if (index < middle) return [...pathIn(leaves, { index, from, to: middle }), foldHashes(leaves, middle, to)]
  return [...pathIn(leaves, { index, from: middle, to }), foldHashes(leaves, from, middle)]
}
