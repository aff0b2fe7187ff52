/**
 * Snapshots on disk: the one that is served, as rows in the order of their paths, and the one that is being imported, in
 * a copy of the state of its own until it is complete.
 */
import { Buffer } from 'node:buffer'
import { SnapshotEntry } from '../protocols/wire/snapshot.gen.ts'
import { type ChunkInfo, decodeManifest, encodeManifest, prefixRange, type SnapshotManifest } from './snapshot.ts'
import type { StateEntry } from './snapshot-chunk.ts'
import { pathOf } from './state-hash.ts'
import { AFTER, type LedgerDb, scanPages, statePrefix, write } from './store.ts'

const HEIGHT_DIGITS = 16
const PREFIX_DIGITS = 12
/** Rows, and bytes, read at once. */
const PAGE_ROWS = 256
const PAGE_BYTES = 65_536
/** Sorts after every hex digit. */
const AFTER_HEX = 'g'

export interface SnapshotStore {
  /** The served snapshot; null when there is none. */
  readManifest(): Promise<SnapshotManifest | null>
  /** Adds rows to the snapshot of `height`, in any order. */
  writeRows(height: number, entries: readonly StateEntry[]): Promise<void>
  /** Rows under a prefix, in the order of their paths. */
  rows(height: number, place: Pick<ChunkInfo, 'prefix' | 'bits'>): AsyncIterable<StateEntry>
  /** Makes a complete snapshot the served one. */
  publish(manifest: SnapshotManifest): Promise<void>
  /** Deletes every row but those of `height`. */
  dropRows(height: number | null): Promise<void>
}

/** The served snapshot, in keys that start with `prefix`. */
export function createSnapshotStore(db: LedgerDb, prefix: string): SnapshotStore {
  const manifestKey = `${prefix}snapshot/manifest`
  const rowKey = `${prefix}snapshot/row/`
  const rowsOf = (height: number): string => `${rowKey}${String(height).padStart(HEIGHT_DIGITS, '0')}/`

  return {
    async readManifest() {
      const bytes = await db.get(manifestKey)
      return bytes === undefined ? null : decodeManifest(bytes)
    },
    async writeRows(height, entries) {
      const batch = db.batch()
      for (const { key, value } of entries) {
        batch.put(rowsOf(height) + pathOf(key).toString('hex'), SnapshotEntry.encode({ key, value }))
      }
      await write(batch)
    },
    async *rows(height, place) {
      const [gte, last] = prefixRange(place).map((start) => rowsOf(height) + hex48(start)) as [string, string]
      const iterator = db.iterator({ gte, lt: last + AFTER_HEX, highWaterMarkBytes: PAGE_BYTES })
      try {
        for (;;) {
          const page = await iterator.nextv(PAGE_ROWS)
          if (page.length === 0) return
          for (const [, bytes] of page) yield SnapshotEntry.decode(bytes)
        }
      } finally {
        await iterator.close()
      }
    },
    async publish(manifest) {
      await write(db.batch().put(manifestKey, encodeManifest(manifest)))
    },
    async dropRows(height) {
      if (height === null) return db.clear({ gt: rowKey, lt: rowKey + AFTER })
      await db.clear({ gt: rowKey, lt: rowsOf(height) })
      await db.clear({ gt: rowsOf(height) + AFTER, lt: rowKey + AFTER })
    },
  }
}

function hex48(start: number): string {
  return start.toString(16).padStart(PREFIX_DIGITS, '0')
}

export interface ImportStore {
  /** The manifest of the import that was begun, encoded; null when there is none. */
  readManifest(): Promise<Uint8Array | null>
  /** Forgets an earlier import and starts this one. */
  start(manifest: Uint8Array): Promise<void>
  /** The chunks that are stored. */
  readStored(): Promise<ReadonlySet<number>>
  /** Stores a chunk, whole or not at all. */
  writeChunk(index: number, entries: readonly StateEntry[]): Promise<void>
  /** All that is stored, in pages. */
  scan(): ReturnType<typeof scanPages>
  /** Forgets the import; the entries stay, for `adoptState`. */
  clear(): Promise<void>
  /** Forgets the import with its entries. */
  discard(): Promise<void>
}

/** An import into the state of `generation`, which is not in use. */
export function createImportStore(db: LedgerDb, prefix: string, generation: number): ImportStore {
  const manifestKey = `${prefix}import/manifest`
  const storedKey = `${prefix}import/chunk/`
  const space = statePrefix(prefix, generation)

  async function clear(): Promise<void> {
    // The manifest goes first: without it nothing else counts.
    await write(db.batch().del(manifestKey))
    await db.clear({ gt: storedKey, lt: storedKey + AFTER })
  }

  async function discard(): Promise<void> {
    await clear()
    await db.clear({ gt: space, lt: space + AFTER })
  }

  return {
    async readManifest() {
      return (await db.get(manifestKey)) ?? null
    },
    async start(manifest) {
      await discard()
      await write(db.batch().put(manifestKey, manifest))
    },
    async readStored() {
      const stored = new Set<number>()
      for await (const [key] of db.iterator({ gt: storedKey, lt: storedKey + AFTER })) {
        stored.add(Number(key.slice(storedKey.length)))
      }
      return stored
    },
    async writeChunk(index, entries) {
      const batch = db.batch()
      for (const { key, value } of entries) batch.put(space + key, value)
      batch.put(storedKey + index, Buffer.alloc(0))
      await write(batch)
    },
    scan: () => scanPages(db, space),
    clear,
    discard,
  }
}
