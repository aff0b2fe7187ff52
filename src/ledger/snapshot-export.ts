/**
 * Makes snapshots while blocks go on: the state of one height is sorted by path, cut into subtrees of about a quarter of
 * a megabyte, and served until the next one is complete. The same state gives the same chunks on every node.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { SnapshotChunk } from '../protocols/wire/snapshot.gen.ts'
import { LedgerError } from './errors.ts'
import {
  CHUNK_TARGET_BYTES,
  type ChunkInfo,
  MAX_CHUNK_BYTES,
  MAX_CHUNK_KEYS,
  MAX_PREFIX_BITS,
  manifestProblem,
  type SnapshotSource,
} from './snapshot.ts'
import { encodeChunk, type StateEntry } from './snapshot-chunk.ts'
import type { SnapshotStore } from './snapshot-store.ts'
import type { StateHistory } from './state-history.ts'
import type { FrozenState } from './store.ts'
import type { AppliedCursor, LedgerBlock } from './types.ts'

/**
 * A snapshot is of a multiple of `every`, as that of all nodes, or at most so many heights above: no header commits to some
 * states, and a busy node lets one pass.
 */
const MAX_ABOVE_MULTIPLE = 64
/** Rows written at once. */
const ROWS_PER_WRITE = 512
/** Bytes around an entry in a chunk, at most. */
const ENTRY_OVERHEAD = 16

export type SnapshotMakerOptions = {
  readonly store: SnapshotStore
  readonly history: Pick<StateHistory, 'take'>
  /** Whether the node has better things to do: nothing is started then. */
  readonly isBusy: () => boolean
  /** A snapshot for each so many heights; 0 makes none. */
  readonly every: number
  readonly onFailure: (error: unknown) => void
}

export interface SnapshotMaker extends SnapshotSource {
  /** Looks at final blocks, which commit to earlier states, and makes a snapshot when one is due. */
  noteBlocks(blocks: readonly LedgerBlock[]): void
  /** Resolves when nothing is being made. */
  settled(): Promise<void>
  /** Stops what is being made; it starts again with a later height. */
  close(): Promise<void>
}

/** Serves what the store has, and makes more of it. Rejects with `bad-snapshot` when that is damaged. */
export async function openSnapshotMaker(options: SnapshotMakerOptions): Promise<SnapshotMaker> {
  const { store, history, isBusy, every, onFailure } = options
  let served = await store.readManifest()
  /** Height of the snapshot that is served, or being made. */
  let latestHeight = served?.height ?? 0
  let making: Promise<void> | null = null
  let isClosed = false

  async function make(cursor: AppliedCursor, state: FrozenState, proofHeight: number): Promise<void> {
    try {
      await store.dropRows(served?.height ?? null)
      await sortRows(state, cursor.height)
      const chunks: ChunkInfo[] = []
      await cut(cursor.height, { prefix: 0, bits: 0 }, chunks)
      const manifest = { ...cursor, proofHeight, chunks }
      const problem = await manifestProblem(manifest)
      if (problem !== null) throw damaged(cursor.height, problem)
      await store.publish(manifest)
      served = manifest
      await store.dropRows(manifest.height)
    } finally {
      await state.close()
    }
  }

  async function sortRows(state: FrozenState, height: number): Promise<void> {
    for await (const page of state.scan()) {
      for (let at = 0; at < page.length; at += ROWS_PER_WRITE) {
        assertOpen()
        const entries = page.slice(at, at + ROWS_PER_WRITE).map(({ key, value }) => ({ key, value: value ?? NONE }))
        await store.writeRows(height, entries)
        await nextTurn()
      }
    }
  }

  async function cut(height: number, place: Place, chunks: ChunkInfo[]): Promise<void> {
    assertOpen()
    const entries = await readUpTo(height, place)
    if (entries !== null) {
      if (entries.length > 0) chunks.push(await encodeChunk(entries, place))
      return
    }
    const prefix = 2 * place.prefix
    const bits = place.bits + 1
    await cut(height, { prefix, bits }, chunks)
    await cut(height, { prefix: prefix + 1, bits }, chunks)
  }

  /** The entries under a prefix; null when they are too many for one chunk. */
  async function readUpTo(height: number, place: Place): Promise<StateEntry[] | null> {
    const isLast = place.bits === MAX_PREFIX_BITS
    const entries: StateEntry[] = []
    let bytes = 0
    for await (const entry of store.rows(height, place)) {
      entries.push(entry)
      bytes += 3 * entry.key.length + entry.value.byteLength + ENTRY_OVERHEAD
      const isOver = bytes > CHUNK_TARGET_BYTES || entries.length > MAX_CHUNK_KEYS
      if (isOver && entries.length > 1 && !isLast) return null
      if (bytes > MAX_CHUNK_BYTES) throw damaged(height, `the keys under ${place.prefix.toString(2)} fit no chunk`)
    }
    return entries
  }

  function assertOpen(): void {
    if (isClosed) throw new LedgerError('closed', 'the ledger was closed before its snapshot was complete')
  }

  function start(cursor: AppliedCursor, state: FrozenState, proofHeight: number): void {
    latestHeight = cursor.height
    making = make(cursor, state, proofHeight)
      .catch((error: unknown) => {
        if (!isClosed) onFailure(error)
      })
      .finally(() => {
        making = null
      })
  }

  return {
    noteBlocks(blocks) {
      for (const { stateHeight, height } of blocks) {
        const isNext = every > 0 && Math.floor(stateHeight / every) > Math.floor(latestHeight / every)
        const isDue = isNext && stateHeight % every <= MAX_ABOVE_MULTIPLE
        if (!isDue || making !== null || isClosed || isBusy()) continue
        const found = history.take(stateHeight)
        if (found !== null) start(found.cursor, found.state, height)
      }
    },
    manifest: async () => served,
    async chunk(height, index) {
      const manifest = served
      const info = manifest?.height === height ? manifest.chunks[index] : undefined
      if (info === undefined) return null
      const entries: StateEntry[] = []
      for await (const entry of store.rows(height, info)) entries.push(entry)
      // A newer snapshot may have taken the rows away.
      return served === manifest ? SnapshotChunk.encode({ entries }) : null
    },
    async settled() {
      while (making !== null) await making
    },
    async close() {
      isClosed = true
      await making
    },
  }
}

type Place = Pick<ChunkInfo, 'prefix' | 'bits'>
const NONE = new Uint8Array(0)

function damaged(height: number, why: string): LedgerError {
  const advice = 'the state on disk is damaged; move the home aside and let a fresh one catch up'
  return new LedgerError('store-damaged', `the snapshot of height ${height} failed: ${why}; ${advice}`)
}
