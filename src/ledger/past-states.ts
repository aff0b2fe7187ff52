/** What a node keeps of earlier states beside the present one: the latest, for proofs, and a snapshot for newcomers. */

import type { SnapshotSource } from './snapshot.ts'
import { openSnapshotMaker, type SnapshotMakerOptions } from './snapshot-export.ts'
import { createSnapshotStore } from './snapshot-store.ts'
import { createStateHistory, type ProvenState } from './state-history.ts'
import type { StateTree } from './state-tree.ts'
import type { LedgerDb, LedgerStore } from './store.ts'
import type { AppliedCursor, LedgerBlock } from './types.ts'

export type PastStatesOptions = Pick<SnapshotMakerOptions, 'every' | 'isBusy' | 'onFailure'> & {
  readonly db: LedgerDb
  readonly prefix: string
  readonly store: LedgerStore
  readonly tree: StateTree
  readonly cursor: AppliedCursor
}

export interface PastStates {
  readonly snapshots: SnapshotSource
  /** To be called when tree and store hold the state after `cursor`, the last of `blocks`. */
  note(cursor: AppliedCursor, blocks: readonly LedgerBlock[]): void
  /** As `StateHistory.prove`. */
  prove(key: string, height: number): ProvenState | null
  close(): Promise<void>
}

/** Starts with the state as it is, and the snapshot that is on disk. */
export async function openPastStates(options: PastStatesOptions): Promise<PastStates> {
  const { db, prefix, store, tree, cursor, every, isBusy, onFailure } = options
  await store.dropOldState()
  const history = createStateHistory(tree, store, cursor)
  const snapshotStore = createSnapshotStore(db, prefix)
  const snapshots = await openSnapshotMaker({ store: snapshotStore, history, every, isBusy, onFailure })
  return {
    snapshots,
    note(at, blocks) {
      history.note(at)
      snapshots.noteBlocks(blocks)
    },
    prove: (key, height) => history.prove(key, height),
    async close() {
      await snapshots.close()
      await history.close()
    },
  }
}
