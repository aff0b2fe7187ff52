/**
 * Takes in a snapshot before the ledger is opened: into a copy of the state of its own, chunk by chunk, each checked
 * before it is stored, so a kill costs at most the chunk in flight and the present state stays until all is there.
 */
import { Buffer } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { required } from '../assert.ts'
import type { Hash } from '../domain.ts'
import { LedgerError } from './errors.ts'
import {
  chunkBytes,
  decodeManifest,
  encodeManifest,
  manifestProblem,
  type SnapshotManifest,
  type SnapshotTarget,
} from './snapshot.ts'
import { checkChunk } from './snapshot-chunk.ts'
import { createImportStore, type ImportStore } from './snapshot-store.ts'
import { buildTree } from './state-build.ts'
import { createLedgerStore, type DbWrite, type LedgerDb, type LedgerStore } from './store.ts'

export type SnapshotTargetOptions = {
  readonly db: LedgerDb
  /** As for the ledger. */
  readonly prefix: string
  readonly chainId: Hash
}

type Import = {
  readonly manifest: SnapshotManifest
  readonly ledger: LedgerStore
  readonly store: ImportStore
  readonly generation: number
  readonly stored: Set<number>
  storedBytes: number
}

/** A target on a database whose ledger is not open. */
export function createSnapshotTarget({ db, prefix, chainId }: SnapshotTargetOptions): SnapshotTarget {
  let current: Import | null = null
  const begun = (): Import => required(current, 'a snapshot is used before begin()')

  /** Where an import goes, or went before a restart. */
  async function nextStore(): Promise<ImportStore> {
    const ledger = createLedgerStore(db, prefix, chainId)
    await ledger.readCursor()
    return createImportStore(db, prefix, ledger.generation() + 1)
  }

  return {
    async begin(manifest) {
      const problem = await manifestProblem(manifest)
      if (problem !== null) throw new LedgerError('bad-snapshot', `the snapshot contradicts itself: ${problem}`)
      const ledger = createLedgerStore(db, prefix, chainId)
      const cursor = await ledger.readCursor()
      if (cursor !== null && cursor.height >= manifest.height) {
        const state = `this home has executed block ${cursor.height}, the snapshot is of block ${manifest.height}`
        throw new LedgerError('snapshot-too-old', `${state}: start without a snapshot`)
      }
      const generation = ledger.generation() + 1
      const store = createImportStore(db, prefix, generation)
      const stored = await resume(store, encodeManifest(manifest))
      const storedBytes = manifest.chunks.reduce((sum, { bytes }, index) => sum + (stored.has(index) ? bytes : 0), 0)
      current = { manifest, ledger, store, generation, stored, storedBytes }
      return missingOf(current)
    },
    async put(index, bytes) {
      const { manifest, store, stored } = begun()
      const info = manifest.chunks[index]
      if (info === undefined) return { ok: false, reason: `the snapshot has no chunk ${index}` }
      if (stored.has(index)) return { ok: true }
      const entries = await checkChunk(bytes, info)
      if (typeof entries === 'string') return { ok: false, reason: `this is not chunk ${index}: ${entries}` }
      await store.writeChunk(index, entries)
      note(begun(), index)
      return { ok: true }
    },
    finish: (beside = []) => finish(begun(), beside),
    async unfinished() {
      const stored = await (await nextStore()).readManifest()
      return stored === null ? null : decodeManifest(stored)
    },
    async discard() {
      current = null
      const store = await nextStore()
      if ((await store.readManifest()) !== null) await store.discard()
    },
    progress: () => (current === null ? null : progressOf(current)),
  }
}

/** What is stored of the very same manifest; of another one nothing is kept. */
async function resume(store: ImportStore, manifest: Uint8Array): Promise<Set<number>> {
  const before = await store.readManifest()
  if (before !== null && Buffer.compare(before, manifest) === 0) return new Set(await store.readStored())
  await store.start(manifest)
  return new Set()
}

function note(current: Import, index: number): void {
  if (current.stored.has(index)) return
  current.stored.add(index)
  current.storedBytes += current.manifest.chunks[index]?.bytes ?? 0
}

function missingOf({ manifest, stored }: Import): number[] {
  return [...manifest.chunks.keys()].filter((index) => !stored.has(index))
}

async function finish(current: Import, beside: readonly DbWrite[]): Promise<void> {
  const { manifest, ledger, store, generation } = current
  const missing = missingOf(current)
  if (missing.length > 0) {
    throw new LedgerError('snapshot-incomplete', `the snapshot misses ${missing.length} chunks, first ${missing[0]}`)
  }
  const tree = await buildTree(store.scan())
  if (tree.root() !== manifest.stateRoot) {
    await store.clear()
    const advice = 'check the disk, then start again'
    throw new LedgerError('bad-snapshot', `the imported state has another root than the snapshot: ${advice}`)
  }
  const { height, blockHash, stateRoot } = manifest
  await ledger.adoptState({ height, blockHash, stateRoot }, generation, beside)
  await store.clear()
  await nextTurn()
  await ledger.dropOldState()
}

function progressOf({ manifest, stored, storedBytes }: Import): ReturnType<SnapshotTarget['progress']> {
  const { height, chunks } = manifest
  return { height, chunks: chunks.length, storedChunks: stored.size, bytes: chunkBytes(manifest), storedBytes }
}
