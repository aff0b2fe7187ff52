/**
 * Snapshots of the ledger's state at a final height (spec/pala.md 17.6), in chunks that are subtrees of the state tree:
 * the manifest's hashes fold to the state root, and each chunk hashes to its place in the manifest, so nothing of it has
 * to be believed but the state root, which a finality proof shows.
 */
import { Buffer } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { taggedHash } from '../crypto/tagged-hash.ts'
import type { Hash } from '../domain.ts'
import * as wire from '../protocols/wire/snapshot.gen.ts'
import { LedgerError } from './errors.ts'
import { NODE_TAG } from './state-proof.ts'
import type { DbWrite } from './store.ts'

/** Chunks are split until they have at most this many bytes, or a single key. */
export const CHUNK_TARGET_BYTES = 262_144
/** The largest chunk taken: one key of the largest value is below it. */
export const MAX_CHUNK_BYTES = 1_048_576
export const MAX_CHUNK_KEYS = 16_384
/** The most chunks, 16 GiB of state, and the largest encoded manifest. */
export const MAX_CHUNKS = 65_536
export const MAX_MANIFEST_BYTES = 4_194_304
/** The longest prefix of a chunk: as many bits of a path as one number holds. */
export const MAX_PREFIX_BITS = 48
const HASHES_PER_TURN = 1_024
const HASH_HEX = /^[0-9a-f]{64}$/

/** The subtree under the paths that start with `prefix`, a number of `bits` bits. */
export type ChunkInfo = {
  readonly prefix: number
  readonly bits: number
  readonly keys: number
  /** Encoded size. */
  readonly bytes: number
  readonly hash: Hash
}

export type SnapshotManifest = {
  readonly height: number
  readonly blockHash: Hash
  /** The state root after `height`. */
  readonly stateRoot: Hash
  /** Height of a block whose header commits to it: `header.stateHeight` is `height` there. A hint, proven elsewhere. */
  readonly proofHeight: number
  /** Disjoint, in the order of their prefixes; subtrees without keys have none. */
  readonly chunks: readonly ChunkInfo[]
}

/** What a node serves to newcomers. */
export interface SnapshotSource {
  /** The latest snapshot; null when there is none yet. */
  manifest(): Promise<SnapshotManifest | null>
  /** A chunk of the snapshot of `height`, encoded; null when it is not that of the manifest any more, or has no such chunk. */
  chunk(height: number, index: number): Promise<Uint8Array | null>
}

export type PutOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string }

export type SnapshotProgress = {
  readonly height: number
  readonly chunks: number
  readonly storedChunks: number
  readonly bytes: number
  readonly storedBytes: number
}

/** Where a newcomer puts a snapshot, before its ledger is opened. */
export interface SnapshotTarget {
  /**
   * Starts, or goes on after a restart when it is the same manifest; resolves with the chunks that are missing. The caller
   * has checked the state root against a finality proof. Throws `bad-snapshot` for a manifest that contradicts itself,
   * `snapshot-too-old` when this home has already executed the height.
   */
  begin(manifest: SnapshotManifest): Promise<readonly number[]>
  /** Checks a chunk and stores it, durably against a kill; a chunk that is not the manifest's leaves nothing behind. */
  put(index: number, bytes: Uint8Array): Promise<PutOutcome>
  /**
   * Makes the complete state that of this home, and writes `beside` in the same step: after a kill all of it is there, or
   * nothing. Throws `snapshot-incomplete`, or `bad-snapshot` when it has another root.
   */
  finish(beside?: readonly DbWrite[]): Promise<void>
  /** The manifest of an import that was begun and neither finished nor discarded. */
  unfinished(): Promise<SnapshotManifest | null>
  /** Forgets an import that was begun, and what is stored of it. */
  discard(): Promise<void>
  /** Null before `begin`. */
  progress(): SnapshotProgress | null
}

const bytesOf = (hash: Hash): Uint8Array => Buffer.from(hash, 'hex')
const hexOf = (bytes: Uint8Array): Hash => Buffer.from(bytes).toString('hex')

export function encodeManifest({ blockHash, stateRoot, chunks, ...rest }: SnapshotManifest): Uint8Array {
  return wire.SnapshotManifest.encode({
    ...rest,
    blockHash: bytesOf(blockHash),
    stateRoot: bytesOf(stateRoot),
    chunks: chunks.map((chunk) => ({ ...chunk, hash: bytesOf(chunk.hash) })),
  })
}

/** Parses a manifest; what it says is not checked. Throws `bad-snapshot`. */
export function decodeManifest(bytes: Uint8Array): SnapshotManifest {
  if (bytes.byteLength > MAX_MANIFEST_BYTES) {
    throw new LedgerError('bad-snapshot', `a snapshot manifest has at most ${MAX_MANIFEST_BYTES} bytes`)
  }
  try {
    const { height, blockHash, stateRoot, proofHeight, chunks } = wire.SnapshotManifest.decode(bytes)
    return {
      height,
      blockHash: hexOf(blockHash),
      stateRoot: hexOf(stateRoot),
      proofHeight,
      chunks: chunks.map(({ prefix, bits, keys, bytes: size, hash }) => ({
        prefix,
        bits,
        keys,
        bytes: size,
        hash: hexOf(hash),
      })),
    }
  } catch (cause) {
    throw new LedgerError('bad-snapshot', 'the snapshot manifest is not a SnapshotManifest message', { cause })
  }
}

export function chunkBytes({ chunks }: SnapshotManifest): number {
  return chunks.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** First and last number of {@link MAX_PREFIX_BITS} bits under a prefix. */
export function prefixRange({ prefix, bits }: Pick<ChunkInfo, 'prefix' | 'bits'>): readonly [number, number] {
  const size = 2 ** (MAX_PREFIX_BITS - bits)
  return [prefix * size, (prefix + 1) * size - 1]
}

/** The first 48 bits of the paths under a prefix, as the start of a path: 6 bytes, zeros after the prefix. */
export function prefixPath(info: Pick<ChunkInfo, 'prefix' | 'bits'>): Uint8Array {
  const path = Buffer.alloc(MAX_PREFIX_BITS / 8)
  path.writeUIntBE(prefixRange(info)[0], 0, MAX_PREFIX_BITS / 8)
  return path
}

/** Why a manifest cannot be one of the state it names, for people; null when its chunks fold to its state root. */
export async function manifestProblem(manifest: SnapshotManifest): Promise<string | null> {
  const shape = shapeProblem(manifest)
  if (shape !== null) return shape
  const root = await foldedRoot(manifest.chunks)
  return root === manifest.stateRoot ? null : `its chunks fold to the state root ${root}, not to ${manifest.stateRoot}`
}

function shapeProblem({ height, proofHeight, blockHash, stateRoot, chunks }: SnapshotManifest): string | null {
  if (!isCount(height, Number.MAX_SAFE_INTEGER)) return 'its height is not a positive number'
  if (!isCount(proofHeight, Number.MAX_SAFE_INTEGER) || proofHeight <= height) return 'its proof height is not above it'
  if (!HASH_HEX.test(blockHash) || !HASH_HEX.test(stateRoot)) return 'its block hash or state root is not 32 bytes'
  if (chunks.length > MAX_CHUNKS) return `it has more than ${MAX_CHUNKS} chunks`
  let next = 0
  for (const [index, info] of chunks.entries()) {
    const fault = chunkFault(info)
    if (fault !== null) return `chunk ${index} ${fault}`
    const [first, last] = prefixRange(info)
    if (first < next) return `chunk ${index} stands at or before the end of the one before it`
    next = last + 1
  }
  return null
}

function chunkFault({ prefix, bits, keys, bytes, hash }: ChunkInfo): string | null {
  if (bits !== 0 && !isCount(bits, MAX_PREFIX_BITS)) return `has a prefix of more than ${MAX_PREFIX_BITS} bits`
  if (prefix !== 0 && !isCount(prefix, 2 ** bits - 1)) return 'has a prefix longer than its bits'
  if (!isCount(keys, MAX_CHUNK_KEYS)) return `does not have 1 to ${MAX_CHUNK_KEYS} keys`
  if (!isCount(bytes, MAX_CHUNK_BYTES)) return `does not have 1 to ${MAX_CHUNK_BYTES} bytes`
  return HASH_HEX.test(hash) ? null : 'has a hash that is not 32 bytes'
}

function isCount(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= max
}

type Subtree = { readonly hash: Uint8Array; readonly isLeaf: boolean }

/** The root of the state tree that has these subtrees and nothing else. */
async function foldedRoot(chunks: readonly ChunkInfo[]): Promise<Hash> {
  const none = new Uint8Array(32)
  let hashes = 0

  async function fold(from: number, to: number, depth: number): Promise<Subtree | null> {
    const info = chunks[from]
    if (info === undefined || from === to) return null
    if (info.bits === depth) return { hash: bytesOf(info.hash), isLeaf: info.keys === 1 }
    let middle = from
    while (middle < to && bitOf(chunks[middle], depth) === 0) middle += 1
    const left = await fold(from, middle, depth + 1)
    const right = await fold(middle, to, depth + 1)
    // A lone leaf moves up to the shortest prefix that no other leaf shares.
    if (left === null && (right === null || right.isLeaf)) return right
    if (right === null && left?.isLeaf) return left
    hashes += 1
    if (hashes % HASHES_PER_TURN === 0) await nextTurn()
    return { hash: taggedHash(NODE_TAG, left?.hash ?? none, right?.hash ?? none), isLeaf: false }
  }

  return hexOf((await fold(0, chunks.length, 0))?.hash ?? none)
}

/** Bit `depth` of a chunk's prefix. */
function bitOf(info: ChunkInfo | undefined, depth: number): number {
  return info === undefined ? 1 : Math.floor(info.prefix / 2 ** (info.bits - 1 - depth)) % 2
}
