/**
 * The authenticated map over all state keys: a binary sparse Merkle tree whose leaves sit at the shortest prefix of
 * their path that no other leaf shares, so the root depends on the contents only and presence and absence can be
 * proven. Nodes live in slabs, about 125 bytes per key, and each is hashed once per batch.
 */
import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { Hash } from '../domain.ts'

/** The tags of {@link taggedHash} for an inner node (left, right) and a leaf (path, hash of the value). */
export const NODE_TAG = 'palaver/state/node/1'
export const LEAF_TAG = 'palaver/state/leaf/1'
/** The tags of a path (key as UTF-8) and of a value's hash. */
export const KEY_TAG = 'palaver/state/key/1'
export const VALUE_TAG = 'palaver/state/value/1'
const HASH_BYTES = 32
const HASH_WORDS = HASH_BYTES / 4
const LEAF_BYTES = 2 * HASH_BYTES
const CHUNK_BITS = 12
const CHUNK_NODES = 1 << CHUNK_BITS
const CHUNK_MASK = CHUNK_NODES - 1
/** Bytes of a path that are compared as one number. */
const RANK_BYTES = 6
const NO_HASH = '00'.repeat(HASH_BYTES)

/** A key to set or to remove: `record` is its path and then its leaf hash; `rank` orders by path. */
export type LeafChange = { readonly record: Buffer; readonly rank: number; readonly isRemoval: boolean }

function tagPrefix(tag: string): Buffer {
  const bytes = Buffer.alloc(4 + tag.length + 4)
  bytes.writeUInt32BE(tag.length)
  bytes.write(tag, 4, 'ascii')
  return bytes
}

/** A reusable frame of `taggedHash(tag, a, b)` for two 32-byte parts, aligned so that hashes copy word by word. */
function pairFrame(tag: string): { bytes: Buffer; words: Int32Array; first: number; second: number } {
  const prefix = tagPrefix(tag)
  const first = prefix.byteLength
  const second = first + HASH_BYTES + 4
  const bytes = Buffer.from(new ArrayBuffer(second + HASH_BYTES))
  prefix.copy(bytes)
  bytes.writeUInt32BE(HASH_BYTES, first - 4)
  bytes.writeUInt32BE(HASH_BYTES, second - 4)
  return { bytes, words: new Int32Array(bytes.buffer), first, second }
}

const NODE_FRAME = pairFrame(NODE_TAG)
const LEFT_WORD = NODE_FRAME.first / 4
const RIGHT_WORD = NODE_FRAME.second / 4
const LEAF_FRAME = pairFrame(LEAF_TAG)
const KEY_PREFIX = tagPrefix(KEY_TAG)
const VALUE_PREFIX = tagPrefix(VALUE_TAG)

// Digests travel as latin1 text: Node returns that four times faster than a Buffer.
function digestInto(frame: Buffer, target: Buffer, at: number): void {
  target.write(hash('sha256', frame, 'binary'), at, HASH_BYTES, 'latin1')
}

function onePartFrame(prefix: Buffer, part: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefix.byteLength + part.byteLength)
  frame.set(prefix)
  frame.writeUInt32BE(part.byteLength, prefix.byteLength - 4)
  frame.set(part, prefix.byteLength)
  return frame
}

/** The change that sets state key `key` to `value`, or removes it when null. */
export function leafChange(key: string, value: Uint8Array | null): LeafChange {
  const record = Buffer.allocUnsafe(LEAF_BYTES)
  digestInto(onePartFrame(KEY_PREFIX, Buffer.from(key)), record, 0)
  if (value !== null) {
    const { bytes, first, second } = LEAF_FRAME
    record.copy(bytes, first, 0, HASH_BYTES)
    digestInto(onePartFrame(VALUE_PREFIX, value), bytes, second)
    digestInto(bytes, record, HASH_BYTES)
  }
  return { record, rank: record.readUIntBE(0, RANK_BYTES), isRemoval: value === null }
}

/** Orders changes by path, as {@link StateTree.update} takes them. */
export function sortChanges(changes: LeafChange[]): LeafChange[] {
  return changes.sort((a, b) => a.rank - b.rank || Buffer.compare(a.record, b.record))
}

function bitAt(path: Uint8Array, offset: number, depth: number): number {
  return ((path[offset + (depth >> 3)] as number) >> (7 - (depth & 7))) & 1
}

/** `CHUNK_NODES` records of `size` bytes, readable as bytes and as words. */
type Slab = { readonly bytes: Buffer; readonly words: Int32Array }

function createSlab(size: number): Slab {
  const memory = new ArrayBuffer(CHUNK_NODES * size)
  return { bytes: Buffer.from(memory), words: new Int32Array(memory) }
}

/**
 * A node reference is 0 for an empty subtree, positive for an inner node, negative for a leaf. Inner node n keeps its
 * hash in `hashes` and its children in `children`; leaf n keeps path and leaf hash in `leaves`.
 */
export class StateTree {
  #top = 0
  #leafCount = 0
  readonly #hashes: Slab[] = []
  readonly #children: Int32Array[] = []
  readonly #leaves: Slab[] = []
  #nextNode = 1
  #nextLeaf = 1
  readonly #freeNodes: number[] = []
  readonly #freeLeaves: number[] = []
  #changes: readonly LeafChange[] = []

  /** How many keys are set. */
  get size(): number {
    return this.#leafCount
  }

  /** Bytes of the slabs. */
  get bytes(): number {
    return this.#hashes.length * CHUNK_NODES * (HASH_BYTES + 8) + this.#leaves.length * CHUNK_NODES * LEAF_BYTES
  }

  /** The root over all keys; 32 zero bytes when there is none. */
  root(): Hash {
    return this.#top === 0 ? NO_HASH : this.#hashOf(this.#top).toString('hex')
  }

  /** Applies changes of distinct keys, ordered by {@link sortChanges}; synchronous, about 6 microseconds per key in large batches. */
  update(changes: readonly LeafChange[]): void {
    this.#changes = changes
    this.#top = this.#updateNode(this.#top, 0, 0, changes.length)
    this.#changes = []
  }

  #updateNode(ref: number, depth: number, from: number, to: number): number {
    if (from === to) return ref
    if (ref <= 0 && to - from === 1) {
      const settled = this.#updateLeaf(ref, this.#change(from))
      if (settled !== null) return settled
    }
    const middle = this.#partition(depth, from, to)
    const left = this.#updateNode(this.#childOf(ref, depth, 0), depth + 1, from, middle)
    const right = this.#updateNode(this.#childOf(ref, depth, 1), depth + 1, middle, to)
    if ((left === 0 && right <= 0) || (right === 0 && left < 0)) {
      if (ref > 0) this.#freeNodes.push(ref)
      return left === 0 ? right : left
    }
    const node = ref > 0 ? ref : this.#newNode()
    this.#setChildren(node, left, right)
    return node
  }

  /** One change to an empty place or a leaf; null when the leaf has to move down first. */
  #updateLeaf(ref: number, change: LeafChange): number | null {
    if (ref === 0) return change.isRemoval ? 0 : this.#newLeaf(change.record)
    const { bytes } = this.#leaves[-ref >> CHUNK_BITS] as Slab
    const at = (-ref & CHUNK_MASK) * LEAF_BYTES
    const isSame = change.record.compare(bytes, at, at + HASH_BYTES, 0, HASH_BYTES) === 0
    if (!isSame) return change.isRemoval ? ref : null
    if (!change.isRemoval) {
      bytes.set(change.record, at)
      return ref
    }
    this.#freeLeaves.push(-ref)
    this.#leafCount -= 1
    return 0
  }

  #change(index: number): LeafChange {
    return this.#changes[index] as LeafChange
  }

  /** The first change in [from, to) whose path has a one at `depth`. */
  #partition(depth: number, from: number, to: number): number {
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >> 1
      if (bitAt(this.#change(middle).record, 0, depth) === 1) high = middle
      else low = middle + 1
    }
    return low
  }

  #childOf(ref: number, depth: number, side: 0 | 1): number {
    if (ref > 0) return (this.#children[ref >> CHUNK_BITS] as Int32Array)[2 * (ref & CHUNK_MASK) + side] as number
    if (ref === 0) return 0
    const { bytes } = this.#leaves[-ref >> CHUNK_BITS] as Slab
    return bitAt(bytes, (-ref & CHUNK_MASK) * LEAF_BYTES, depth) === side ? ref : 0
  }

  #newNode(): number {
    const node = this.#freeNodes.pop() ?? this.#nextNode++
    if (node >> CHUNK_BITS >= this.#hashes.length) {
      this.#hashes.push(createSlab(HASH_BYTES))
      this.#children.push(new Int32Array(2 * CHUNK_NODES))
    }
    return node
  }

  #newLeaf(record: Buffer): number {
    const leaf = this.#freeLeaves.pop() ?? this.#nextLeaf++
    if (leaf >> CHUNK_BITS >= this.#leaves.length) this.#leaves.push(createSlab(LEAF_BYTES))
    ;(this.#leaves[leaf >> CHUNK_BITS] as Slab).bytes.set(record, (leaf & CHUNK_MASK) * LEAF_BYTES)
    this.#leafCount += 1
    return -leaf
  }

  #setChildren(node: number, left: number, right: number): void {
    const children = this.#children[node >> CHUNK_BITS] as Int32Array
    const at = node & CHUNK_MASK
    children[2 * at] = left
    children[2 * at + 1] = right
    this.#copyHash(left, LEFT_WORD)
    this.#copyHash(right, RIGHT_WORD)
    digestInto(NODE_FRAME.bytes, (this.#hashes[node >> CHUNK_BITS] as Slab).bytes, at * HASH_BYTES)
  }

  /** Copies the hash of `ref` into the node frame; an empty subtree's is zero. */
  #copyHash(ref: number, word: number): void {
    const { words } = NODE_FRAME
    if (ref === 0) {
      words.fill(0, word, word + HASH_WORDS)
      return
    }
    const isNode = ref > 0
    const index = isNode ? ref : -ref
    const slab = (isNode ? this.#hashes : this.#leaves)[index >> CHUNK_BITS] as Slab
    const from = (index & CHUNK_MASK) * (isNode ? HASH_WORDS : 2 * HASH_WORDS) + (isNode ? 0 : HASH_WORDS)
    for (let i = 0; i < HASH_WORDS; i += 1) words[word + i] = slab.words[from + i] as number
  }

  #hashOf(ref: number): Buffer {
    this.#copyHash(ref, LEFT_WORD)
    return Buffer.from(NODE_FRAME.bytes.subarray(NODE_FRAME.first, NODE_FRAME.first + HASH_BYTES))
  }
}
