/** Hashes of the state tree, computed in reused frames: the hot path of execution. */
import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import { KEY_TAG, LEAF_TAG, NODE_TAG, VALUE_TAG } from './state-proof.ts'

export const HASH_BYTES = 32
/** A leaf in memory: its path, its hash, and the hash of its value. */
export const LEAF_BYTES = 3 * HASH_BYTES
/** Bytes of a path that are compared as one number. */
const RANK_BYTES = 6

/** A key to set or to remove: `record` is what the tree keeps of a leaf; `rank` orders by path. */
export type LeafChange = { readonly record: Buffer; readonly rank: number; readonly isRemoval: boolean }

function tagPrefix(tag: string): Buffer {
  const bytes = Buffer.alloc(4 + tag.length + 4)
  bytes.writeUInt32BE(tag.length)
  bytes.write(tag, 4, 'ascii')
  return bytes
}

/** A frame of `taggedHash(tag, a, b)` for two 32-byte parts, aligned so that hashes copy word by word. */
type PairFrame = {
  readonly bytes: Buffer
  readonly words: Int32Array
  /** Where the parts start, in words. */
  readonly left: number
  readonly right: number
}

function pairFrame(tag: string): PairFrame {
  const prefix = tagPrefix(tag)
  const first = prefix.byteLength
  const second = first + HASH_BYTES + 4
  const bytes = Buffer.from(new ArrayBuffer(second + HASH_BYTES))
  prefix.copy(bytes)
  bytes.writeUInt32BE(HASH_BYTES, first - 4)
  bytes.writeUInt32BE(HASH_BYTES, second - 4)
  return { bytes, words: new Int32Array(bytes.buffer), left: first / 4, right: second / 4 }
}

/** The frame of an inner node; whoever fills it hashes it before anything else runs. */
export const NODE_FRAME = pairFrame(NODE_TAG)
const LEAF_FRAME = pairFrame(LEAF_TAG)
const KEY_PREFIX = tagPrefix(KEY_TAG)
const VALUE_PREFIX = tagPrefix(VALUE_TAG)

/** Writes the SHA-256 of `frame` to `target`. Digests travel as latin1 text: Node returns that four times faster than a Buffer. */
export function digestInto(frame: Buffer, target: Buffer, at: number): void {
  target.write(hash('sha256', frame, 'binary'), at, HASH_BYTES, 'latin1')
}

/** Where frames of keys and values are laid out; the longest keys and values fit, with their prefix. */
const SCRATCH = Buffer.allocUnsafeSlow(131_072)

/** A frame of `taggedHash(tag, part)` with room for a part of `size` bytes, only good until the next call. */
function frameFor(prefix: Buffer, size: number): Buffer {
  const whole = prefix.byteLength + size
  const frame = whole <= SCRATCH.byteLength ? SCRATCH.subarray(0, whole) : Buffer.allocUnsafe(whole)
  frame.set(prefix)
  frame.writeUInt32BE(size, prefix.byteLength - 4)
  return frame
}

function digestKey(key: string, target: Buffer): void {
  const frame = frameFor(KEY_PREFIX, Buffer.byteLength(key))
  frame.write(key, KEY_PREFIX.byteLength, 'utf8')
  digestInto(frame, target, 0)
}

function digestValue(value: Uint8Array, target: Buffer, at: number): void {
  const frame = frameFor(VALUE_PREFIX, value.byteLength)
  frame.set(value, VALUE_PREFIX.byteLength)
  digestInto(frame, target, at)
}

/** The path of a state key: 32 bytes. */
export function pathOf(key: string): Buffer {
  const path = Buffer.allocUnsafe(HASH_BYTES)
  digestKey(key, path)
  return path
}

/** The change that sets state key `key` to `value`, or removes it when null. */
export function leafChange(key: string, value: Uint8Array | null): LeafChange {
  const record = Buffer.allocUnsafe(LEAF_BYTES)
  digestKey(key, record)
  if (value !== null) {
    const { bytes, left, right } = LEAF_FRAME
    digestValue(value, bytes, 4 * right)
    record.copy(bytes, 4 * left, 0, HASH_BYTES)
    bytes.copy(record, 2 * HASH_BYTES, 4 * right)
    digestInto(bytes, record, HASH_BYTES)
  }
  return { record, rank: record.readUIntBE(0, RANK_BYTES), isRemoval: value === null }
}

/** Orders changes by path, as the tree takes them. */
export function sortChanges(changes: LeafChange[]): LeafChange[] {
  return changes.sort((a, b) => a.rank - b.rank || Buffer.compare(a.record, b.record))
}
