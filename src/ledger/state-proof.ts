/**
 * Proofs that a state key has a value, or has none, against a state root; and what the tree hashes. Pure: runs in
 * browsers, with the tagged hash given by the caller.
 */
import { StateProof } from '../protocols/wire/state-proof.gen.ts'

/** The tags of an inner node (left, right) and a leaf (path, hash of the value). */
export const NODE_TAG = 'palaver/state/node/1'
export const LEAF_TAG = 'palaver/state/leaf/1'
/** The tags of a path (key as UTF-8) and of a value's hash. */
export const KEY_TAG = 'palaver/state/key/1'
export const VALUE_TAG = 'palaver/state/value/1'
/** Levels of the tree: bits of a path. */
export const MAX_DEPTH = 256
const HASH_BYTES = 32
/** Upper bound of an encoded proof: every level with its field header, and the other leaf. */
const MAX_PROOF_BYTES = (MAX_DEPTH + 2) * (HASH_BYTES + 2)

/** The hash of DESIGN 5.4; 32 bytes. */
export type TaggedHash = (tag: string, ...parts: Uint8Array[]) => Uint8Array

/** A leaf as the tree keeps it; both 32 bytes. */
export type Leaf = { readonly path: Uint8Array; readonly valueHash: Uint8Array }

/** The way from the root to where a key is or would be: what stands beside it at each level, null when empty. */
export type TreePath = { readonly siblings: readonly (Uint8Array | null)[]; readonly leaf: Leaf | null }

/** The encoded proof for the key with `path`. */
export function encodeStateProof({ siblings, leaf }: TreePath, path: Uint8Array): Uint8Array {
  const none = new Uint8Array(0)
  const isOther = leaf !== null && !isSame(leaf.path, path)
  return StateProof.encode({
    siblings: siblings.map((sibling) => sibling ?? none),
    otherPath: isOther ? leaf.path : none,
    otherValueHash: isOther ? leaf.valueHash : none,
  })
}

/** What is claimed: that the state with `root` (64 hex characters) has `value` under `key`, or nothing when null. */
export type StateClaim = {
  readonly root: string
  /** A state key such as `kv/city`. */
  readonly key: string
  readonly value: Uint8Array | null
  /** An encoded `StateProof`. */
  readonly proof: Uint8Array
}

export type StateVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string }

const refuse = (reason: string): StateVerdict => ({ ok: false, reason })

/** Whether `proof` shows the claim. Total: any bytes give a verdict. */
export function verifyStateProof({ root, key, value, proof }: StateClaim, taggedHash: TaggedHash): StateVerdict {
  if (proof.byteLength > MAX_PROOF_BYTES) return refuse(`a state proof has at most ${MAX_PROOF_BYTES} bytes`)
  const message = decode(proof)
  if (typeof message === 'string') return refuse(message)
  // A lone surrogate would be read as another key.
  if (!key.isWellFormed()) return refuse('the key is not Unicode text')
  const path = taggedHash(KEY_TAG, new TextEncoder().encode(key))
  const place = placeHash(message, { path, value }, taggedHash)
  if (typeof place === 'string') return refuse(place)
  const shown = toHex(fold(place, path, message.siblings, taggedHash))
  if (shown === root) return { ok: true }
  const claim = value === null ? `no value under '${key}'` : `this value under '${key}'`
  return refuse(`the proof does not show ${claim}: it leads to the root ${shown}, not to ${root}`)
}

function decode(proof: Uint8Array): StateProof | string {
  let message: StateProof
  try {
    message = StateProof.decode(proof)
  } catch {
    return 'the state proof is not a StateProof message'
  }
  if (!isSame(StateProof.encode(message), proof)) return 'the state proof is not in its one form'
  if (!message.siblings.every((sibling) => sibling.byteLength === 0 || isHash(sibling))) {
    return 'a sibling of the state proof is no hash'
  }
  return message
}

type Target = { readonly path: Uint8Array; readonly value: Uint8Array | null }

/** The hash of what the proof says to stand where the key belongs; a reason when that cannot show the claim. */
function placeHash(message: StateProof, { path, value }: Target, taggedHash: TaggedHash): Uint8Array | string {
  const { otherPath, otherValueHash, siblings } = message
  const hasOther = otherPath.byteLength > 0 || otherValueHash.byteLength > 0
  if (value !== null) {
    if (hasOther) return 'the state proof shows another key where a value is claimed'
    return taggedHash(LEAF_TAG, path, taggedHash(VALUE_TAG, value))
  }
  if (!hasOther) return new Uint8Array(HASH_BYTES)
  if (!isHash(otherPath) || !isHash(otherValueHash)) return 'the other leaf of the state proof is not two hashes'
  if (isSame(otherPath, path)) return 'the state proof shows the very key that is claimed to be absent'
  if (!sharesPrefix(otherPath, path, siblings.length)) return 'the other leaf of the state proof stands elsewhere'
  return taggedHash(LEAF_TAG, otherPath, otherValueHash)
}

/** Hashes from the place up to the root. */
function fold(
  place: Uint8Array,
  path: Uint8Array,
  siblings: readonly Uint8Array[],
  taggedHash: TaggedHash,
): Uint8Array {
  let hash = place
  for (let depth = siblings.length - 1; depth >= 0; depth -= 1) {
    const given = siblings[depth] as Uint8Array
    const sibling = given.byteLength === 0 ? new Uint8Array(HASH_BYTES) : given
    hash = bitAt(path, depth) === 0 ? taggedHash(NODE_TAG, hash, sibling) : taggedHash(NODE_TAG, sibling, hash)
  }
  return hash
}

/** Bit `depth` of a path, from the most significant. */
export function bitAt(path: Uint8Array, depth: number): 0 | 1 {
  return (((path[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1) === 1 ? 1 : 0
}

function sharesPrefix(a: Uint8Array, b: Uint8Array, bits: number): boolean {
  for (let depth = 0; depth < bits; depth += 1) if (bitAt(a, depth) !== bitAt(b, depth)) return false
  return true
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.byteLength === HASH_BYTES && bytes.some((byte) => byte !== 0)
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index])
}

function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
