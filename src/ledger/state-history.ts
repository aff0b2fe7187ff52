/**
 * The latest states, one for each group of blocks that went to disk together: headers commit to states a little in the
 * past, and proofs must be made there. The tree keeps the nodes, the database keeps the values.
 */
import { required } from '../assert.ts'
import { pathOf } from './state-hash.ts'
import { encodeStateProof } from './state-proof.ts'
import type { StateTree, TreeVersion } from './state-tree.ts'
import type { FrozenState, LedgerStore } from './store.ts'
import type { AppliedCursor } from './types.ts'

/**
 * States kept. Headers lag by about 2k blocks, k at most 64. When much changes, the tree keeps fewer of them (see
 * `MAX_LOGGED_NODES`).
 */
const MAX_VERSIONS = 256

/** A state key at a height: its value there, and the encoded `StateProof` of that against `stateRoot`. */
export type ProvenState = AppliedCursor & {
  readonly value: Uint8Array | null
  readonly proof: Uint8Array
}

export interface StateHistory {
  /** Keeps the state as it is in tree and store, which is that after `cursor`. */
  note(cursor: AppliedCursor): void
  /** Proves what is under `key` after `height`; null when that state is not kept. */
  prove(key: string, height: number): ProvenState | null
  /** Hands over the state after `height`, which then is the caller's to close; null when it is not kept. */
  take(height: number): { readonly cursor: AppliedCursor; readonly state: FrozenState } | null
  close(): Promise<void>
}

type Version = { readonly cursor: AppliedCursor; readonly tree: TreeVersion; readonly state: FrozenState }

/** A history that starts with the state as it is. */
export function createStateHistory(tree: StateTree, store: LedgerStore, cursor: AppliedCursor): StateHistory {
  const versions: Version[] = []

  function note(at: AppliedCursor): void {
    versions.push({ cursor: at, tree: tree.freeze(), state: store.freeze() })
    while (versions.length > MAX_VERSIONS || !tree.isReadable(oldest().tree)) void versions.shift()?.state.close()
    tree.release(oldest().tree)
  }

  // The newest can always be read: nothing has changed since.
  const oldest = (): Version => required(versions[0], 'the history has at least the newest state')
  const find = (height: number): number => versions.findLastIndex((version) => version.cursor.height === height)

  note(cursor)
  return {
    note,
    prove(key, height) {
      const version = versions[find(height)]
      if (version === undefined || !tree.isReadable(version.tree)) return null
      const path = pathOf(key)
      const proof = encodeStateProof(tree.path(version.tree, path), path)
      return { ...version.cursor, value: version.state.get(key) ?? null, proof }
    },
    take(height) {
      const index = find(height)
      // The newest stays: a history is never empty.
      if (index < 0 || index === versions.length - 1) return null
      const [version] = versions.splice(index, 1)
      return version === undefined ? null : { cursor: version.cursor, state: version.state }
    },
    async close() {
      await Promise.all(versions.splice(0).map(({ state }) => state.close()))
    },
  }
}
