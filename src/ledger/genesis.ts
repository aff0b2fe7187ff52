/** Opening the state: genesis on a fresh home, otherwise the tree rebuilt from disk and compared with the cursor. */
import { Buffer } from 'node:buffer'
import type { Hash } from '../domain.ts'
import { LedgerError } from './errors.ts'
import { kvModule, kvStateKey } from './modules/kv.ts'
import type { LedgerModule } from './modules/module.ts'
import { buildTree } from './state-build.ts'
import { leafChange, sortChanges } from './state-hash.ts'
import { StateTree } from './state-tree.ts'
import type { LedgerStore } from './store.ts'
import type { AppliedCursor } from './types.ts'

export type OpenedState = { readonly tree: StateTree; readonly cursor: AppliedCursor }

/** The state at height 0: `initialKv`, and what the modules add. */
export type GenesisState = {
  readonly chainId: Hash
  readonly initialKv: Readonly<Record<string, string>>
  readonly modules: readonly LedgerModule[]
}

/** Writes the state of genesis, which every node computes for itself. */
async function writeGenesis(store: LedgerStore, { chainId, initialKv, modules }: GenesisState): Promise<void> {
  const writes: [string, Uint8Array | null][] = []
  for (const [key, value] of Object.entries(initialKv)) {
    kvModule.encode({ key, value })
    writes.push([kvStateKey(key), Buffer.from(value)])
  }
  for (const { key, value } of modules.flatMap((module) => module.genesis?.() ?? [])) writes.push([key, value])
  const tree = new StateTree()
  tree.update(sortChanges(writes.map(([key, value]) => leafChange(key, value))))
  const stateRoot = tree.root()
  const cursor = { height: 0, blockHash: chainId, stateRoot }
  await store.apply({ cursor, writes, roots: [{ height: 0, stateRoot }], txs: [] })
}

/** Opens the state. Throws `wrong-network`, `store-damaged`, `store-failed`, or `bad-entry` for a bad `initialKv`. */
export async function openState(store: LedgerStore, genesis: GenesisState): Promise<OpenedState> {
  if ((await store.readCursor()) === null) await writeGenesis(store, genesis)
  const cursor = await store.readCursor()
  if (cursor === null) throw new LedgerError('store-failed', 'the ledger did not keep genesis: check the disk')
  const tree = await buildTree(store.scanState())
  if (tree.root() !== cursor.stateRoot) {
    const advice = 'the data is damaged; move the home aside and let a fresh one catch up'
    throw new LedgerError(
      'store-damaged',
      `the state on disk does not give the root of block ${cursor.height}: ${advice}`,
    )
  }
  return { tree, cursor }
}
