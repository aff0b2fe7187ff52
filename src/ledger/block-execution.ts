/** Executes a whole block: its transactions, then the state root; lets other work run in between. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Hash } from '../domain.ts'
import { createOverlay, endBlock, executeTx, type Overlay } from './execute.ts'
import type { LedgerModule } from './modules/module.ts'
import { isRefusal } from './refusals.ts'
import { resultOf } from './results.ts'
import { leafChange, sortChanges } from './state-hash.ts'
import type { StateTree } from './state-tree.ts'
import type { IndexedTx } from './store.ts'
import type { ParsedTx, TxCache } from './tx-cache.ts'
import type { ExecutedBlock, LedgerBlock } from './types.ts'

/** Entries executed, and keys hashed, before other work gets its turn: about 4 ms. */
const ENTRIES_PER_TURN = 1_024
const KEYS_PER_TURN = 512

/** An executed block with what its transactions were. */
export type BlockOutcome = { readonly block: ExecutedBlock; readonly txs: readonly ParsedTx[] }

/** Blocks in a row whose effects go to disk together. */
export type BlockGroup = {
  overlay: Overlay
  txs: IndexedTx[]
  roots: { height: number; stateRoot: Hash }[]
  outcomes: BlockOutcome[]
}

type Pipeline = { readonly tree: StateTree; readonly cache: TxCache; readonly modules: readonly LedgerModule[] }

async function hashChanges(tree: StateTree, overlay: Overlay): Promise<Hash> {
  const changes = []
  for (const [key, value] of overlay.changes) {
    changes.push(leafChange(key, value))
    if (changes.length % KEYS_PER_TURN === 0) await nextTurn()
  }
  sortChanges(changes)
  for (let at = 0; at < changes.length; at += KEYS_PER_TURN) {
    if (at > 0) await nextTurn()
    tree.update(changes.slice(at, at + KEYS_PER_TURN))
  }
  return tree.root()
}

type Executed = { readonly txs: ParsedTx[]; readonly rows: IndexedTx[]; entries: number }

async function executeTxs(cache: TxCache, block: LedgerBlock, overlay: Overlay): Promise<Executed> {
  const executed: Executed = { txs: [], rows: [], entries: 0 }
  let sinceTurn = 0
  for (const bytes of block.payload) {
    // Signatures were checked before the block was voted for; a final block needs no second look.
    const tx = cache.parse(bytes)
    const result = isRefusal(tx) ? null : executeTx(overlay, tx, block)
    if (isRefusal(tx) || result === null) continue
    const index = executed.rows.length
    executed.rows.push({ txId: tx.txId, height: block.height, blockHash: block.hash, index, ...result })
    executed.txs.push(tx)
    executed.entries += tx.calls.length
    sinceTurn += tx.calls.length
    if (sinceTurn < ENTRIES_PER_TURN) continue
    sinceTurn = 0
    await nextTurn()
  }
  return executed
}

/** Executes `block` on top of `group` and adds it there; the tree moves on with it. */
export async function executeBlock(
  { tree, cache, modules }: Pipeline,
  block: LedgerBlock,
  group: BlockGroup,
): Promise<ExecutedBlock> {
  const overlay = createOverlay(group.overlay)
  const { txs, rows, entries } = await executeTxs(cache, block, overlay)
  endBlock(overlay, modules, block)
  const { height, hash } = block
  const stateRoot = await hashChanges(tree, overlay)
  for (const [key, value] of overlay.changes) group.overlay.changes.set(key, value)
  for (const row of rows) group.txs.push(row)
  group.roots.push({ height, stateRoot })
  const results = rows.map((row) => ({ txId: row.txId, result: resultOf(row) }))
  const executed = { height, hash, stateRoot, entries, txs: results }
  group.outcomes.push({ block: executed, txs })
  return executed
}
