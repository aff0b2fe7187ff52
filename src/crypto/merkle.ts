/**
 * A binary Merkle tree over opaque entries (the shape of RFC 6962: the left subtree holds the largest power of two
 * smaller than the number of leaves), with tagged hashes for leaves and nodes.
 */
import { assert } from '../assert.ts'
import { type Digest, digestBytes, pairDigest, taggedDigest, taggedHash } from './tagged-hash.ts'

const LEAF_TAG = 'palaver/merkle/leaf/1'
const NODE_TAG = 'palaver/merkle/node/1'
const EMPTY_TAG = 'palaver/merkle/empty/1'

const nodeDigest = pairDigest(NODE_TAG)

/** The largest power of two smaller than `count` (count >= 2). */
function splitPoint(count: number): number {
  return 2 ** Math.ceil(Math.log2(count) - 1)
}

/**
 * The hash over the leaves in [from, to). Level by level, neighbours in pairs and an odd last one as it is: that gives the
 * same tree as splitting from above.
 */
function foldHashes(leaves: readonly Digest[], from: number, to: number): Digest {
  let level = leaves.slice(from, to)
  while (level.length > 1) {
    const above: Digest[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as Digest, level[i + 1]]
      above.push(right === undefined ? left : nodeDigest(left, right))
    }
    level = above
  }
  return level[0] as Digest
}

const leavesOf = (entries: readonly Uint8Array[]): Digest[] => entries.map((entry) => taggedDigest(LEAF_TAG, entry))

/** The 32-byte root over `entries`, in order. */
export function merkleRoot(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return taggedHash(EMPTY_TAG)
  return digestBytes(foldHashes(leavesOf(entries), 0, entries.length))
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
  const leaves = leavesOf(entries)
  const anchors: MerkleAnchor[] = []
  let from = 0
  const to = leaves.length
  while (to - from > 1) {
    const middle = from + splitPoint(to - from)
    if (index < middle) {
      const path = [...pathIn(leaves, { index, from, to: middle }), digestBytes(foldHashes(leaves, middle, to))]
      return { index, path, anchors }
    }
    anchors.push({ entry: entries[from] as Uint8Array, path: pathIn(leaves, { index: from, from, to: middle }) })
    from = middle
  }
  return { index, path: [], anchors }
}

type Place = { readonly index: number; readonly from: number; readonly to: number }

/** The siblings of a leaf inside the subtree over [from, to), lowest first. */
function pathIn(leaves: readonly Digest[], { index, from, to }: Place): Uint8Array[] {
  if (to - from === 1) return []
  const middle = from + splitPoint(to - from)
  const isLeft = index < middle
  const own = isLeft ? { index, from, to: middle } : { index, from: middle, to }
  const other = isLeft ? foldHashes(leaves, middle, to) : foldHashes(leaves, from, middle)
  return [...pathIn(leaves, own), digestBytes(other)]
}
