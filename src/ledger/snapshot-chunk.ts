/** Chunks of a snapshot: the entries of one subtree of the state tree, encoded, hashed and checked. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SnapshotChunk } from '../protocols/wire/snapshot.gen.ts'
import type { ChunkInfo } from './snapshot.ts'
import { MAX_PREFIX_BITS, prefixPath, prefixRange } from './snapshot.ts'
import { type LeafChange, leafChange } from './state-hash.ts'
import { StateTree } from './state-tree.ts'

const KEYS_PER_TURN = 512

export type StateEntry = { readonly key: string; readonly value: Uint8Array }

/** The chunk of entries in the order of their paths, and what the manifest says of it. */
export async function encodeChunk(
  entries: readonly StateEntry[],
  place: Pick<ChunkInfo, 'prefix' | 'bits'>,
): Promise<ChunkInfo> {
  const changes = await changesOf(entries)
  const bytes = SnapshotChunk.encode({ entries: [...entries] }).byteLength
  return { ...place, keys: entries.length, bytes, hash: await subtreeHash(changes, place) }
}

/** The entries of a chunk that is what its place in the manifest says; else the reason why it is not. */
export async function checkChunk(bytes: Uint8Array, info: ChunkInfo): Promise<readonly StateEntry[] | string> {
  if (bytes.byteLength !== info.bytes) return `it has ${bytes.byteLength} bytes in place of ${info.bytes}`
  const entries = decode(bytes)
  if (entries === null) return 'it is not a SnapshotChunk message'
  if (entries.length !== info.keys) return `it has ${entries.length} keys in place of ${info.keys}`
  const changes = await changesOf(entries)
  const fault = orderFault(changes, info)
  if (fault !== null) return fault
  return (await subtreeHash(changes, info)) === info.hash ? entries : 'its entries do not have the hash of the manifest'
}

function decode(bytes: Uint8Array): readonly StateEntry[] | null {
  try {
    return SnapshotChunk.decode(bytes).entries
  } catch {
    return null
  }
}

async function changesOf(entries: readonly StateEntry[]): Promise<readonly LeafChange[]> {
  const changes: LeafChange[] = []
  for (const { key, value } of entries) {
    changes.push(leafChange(key, value))
    if (changes.length % KEYS_PER_TURN === 0) await nextTurn()
  }
  return changes
}

function orderFault(changes: readonly LeafChange[], info: ChunkInfo): string | null {
  const [first, last] = prefixRange(info)
  let before: LeafChange | null = null
  for (const change of changes) {
    const start = change.record.readUIntBE(0, MAX_PREFIX_BITS / 8)
    if (start < first || start > last) return 'it has a key of another chunk'
    if (before !== null && change.record.compare(before.record, 0, 32, 0, 32) <= 0) return 'its keys are not in order'
    before = change
  }
  return null
}

async function subtreeHash(
  changes: readonly LeafChange[],
  place: Pick<ChunkInfo, 'prefix' | 'bits'>,
): Promise<ChunkInfo['hash']> {
  const tree = new StateTree()
  for (let at = 0; at < changes.length; at += KEYS_PER_TURN) {
    if (at > 0) await nextTurn()
    tree.update(changes.slice(at, at + KEYS_PER_TURN))
  }
  return tree.subtreeHash(prefixPath(place), place.bits).toString('hex')
}
