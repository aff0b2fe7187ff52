/**
 * One queue for everything that depends on the order of final blocks: executing them, and checks and builds that must
 * see what was delivered before them. Blocks that wait together share one disk write.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { assert } from '../assert.ts'
import type { Hash } from '../domain.ts'
import { LedgerError } from './errors.ts'
import { createOverlay, executeTx, type Overlay } from './execute.ts'
import { isRefusal } from './refusals.ts'
import { resultOf } from './results.ts'
import { leafChange, type StateTree, sortChanges } from './state-tree.ts'
import type { IndexedTx, LedgerStore } from './store.ts'
import type { ParsedTx, TxCache } from './tx-cache.ts'
import type { AppliedCursor, ExecutedBlock, LedgerBlock } from './types.ts'

/** Blocks that may wait; `deliver` holds its caller back above it. */
export const MAX_QUEUED_BLOCKS = 256
/** Blocks and entries that share one disk write. */
const MAX_GROUP_BLOCKS = 64
const MAX_GROUP_ENTRIES = 16_384
/** Entries executed, and keys hashed, before other work gets its turn: about 4 ms. */
const ENTRIES_PER_TURN = 1_024
const KEYS_PER_TURN = 512
/** State roots kept in memory. */
const MAX_RECENT_ROOTS = 256

/** An executed block with what its transactions were. */
export type BlockOutcome = { readonly block: ExecutedBlock; readonly txs: readonly ParsedTx[] }

export type ExecutorOptions = {
  readonly store: LedgerStore
  readonly tree: StateTree
  readonly cache: TxCache
  readonly cursor: AppliedCursor
  /** Called for each block in order, once its effects are on disk. */
  readonly onApplied: (outcome: BlockOutcome) => void
  /** Called once when execution failed; nothing runs afterwards. */
  readonly onFailure: (error: unknown) => void
}

export interface Executor {
  /** Takes the next final block; waits while the queue is full. Ignores heights that were delivered before. */
  deliver(block: LedgerBlock): Promise<void>
  /** Runs `task` after everything that was delivered before it. */
  run<T>(task: () => T | Promise<T>): Promise<T>
  /** The root after `height`, waiting while that block is delivered and not executed; null when unknown. */
  stateRootAt(height: number): Promise<Hash | null>
  /** The last block executed in memory; inside `run`, all that was delivered. */
  readonly executedHeight: number
  readonly applied: AppliedCursor
  readonly queuedBlocks: number
  /** Ends after what is queued. */
  close(): Promise<void>
}

type Job = { readonly block: LedgerBlock } | { readonly task: () => Promise<void> }
type Group = { overlay: Overlay; txs: IndexedTx[]; roots: { height: number; stateRoot: Hash }[]; outcomes: BlockOutcome[] }

type Pipeline = Pick<ExecutorOptions, 'store' | 'tree' | 'cache'>

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

async function executeBlock({ tree, cache }: Pipeline, block: LedgerBlock, group: Group): Promise<number> {
  const overlay = createOverlay(group.overlay)
  const { height, hash } = block
  const indexed: IndexedTx[] = []
  const txs: ParsedTx[] = []
  let entries = 0
  let sinceTurn = 0
  for (const bytes of block.payload) {
    // Signatures were checked before the block was voted for; a final block needs no second look.
    const tx = cache.parse(bytes)
    const result = isRefusal(tx) ? null : executeTx(overlay, tx, block)
    if (isRefusal(tx) || result === null) continue
    indexed.push({ txId: tx.txId, height, blockHash: hash, index: indexed.length, ...result })
    txs.push(tx)
    entries += tx.calls.length
    sinceTurn += tx.calls.length
    if (sinceTurn < ENTRIES_PER_TURN) continue
    sinceTurn = 0
    await nextTurn()
  }
  const stateRoot = await hashChanges(tree, overlay)
  for (const [key, value] of overlay.changes) group.overlay.changes.set(key, value)
  group.txs.push(...indexed)
  group.roots.push({ height, stateRoot })
  const results = indexed.map((row) => ({ txId: row.txId, result: resultOf(row) }))
  group.outcomes.push({ block: { height, hash, stateRoot, entries, txs: results }, txs })
  return entries
}

/** An executor that continues above `cursor`, with the tree as it is there. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { store, onApplied, onFailure } = options
  const jobs: Job[] = []
  const roots = new Map<number, Hash>([[options.cursor.height, options.cursor.stateRoot]])
  let rootWaiters: { readonly height: number; readonly resolve: () => void }[] = []
  let roomWaiters: (() => void)[] = []
  let applied = options.cursor
  let executedHeight = applied.height
  let deliveredHeight = applied.height
  let queuedBlocks = 0
  let running: Promise<void> | null = null
  let closed = false

  function wake(): void {
    rootWaiters = rootWaiters.filter(({ height, resolve }) => {
      if (height > executedHeight && !closed) return true
      resolve()
      return false
    })
    if (queuedBlocks >= MAX_QUEUED_BLOCKS && !closed) return
    for (const resolve of roomWaiters.splice(0)) resolve()
  }

  function noteRoot(height: number, root: Hash): void {
    roots.set(height, root)
    roots.delete(height - MAX_RECENT_ROOTS)
    executedHeight = height
    wake()
  }

  async function runGroup(): Promise<void> {
    const group: Group = { overlay: createOverlay(store), txs: [], roots: [], outcomes: [] }
    let entries = 0
    while (group.roots.length < MAX_GROUP_BLOCKS && entries < MAX_GROUP_ENTRIES) {
      const job = jobs[0]
      if (job === undefined || !('block' in job)) break
      jobs.shift()
      queuedBlocks -= 1
      entries += await executeBlock(options, job.block, group)
      const { height, hash, stateRoot } = (group.outcomes.at(-1) as BlockOutcome).block
      noteRoot(height, stateRoot)
      applied = { height, blockHash: hash, stateRoot }
    }
    await store.apply({ cursor: applied, writes: group.overlay.changes, roots: group.roots, txs: group.txs })
    for (const outcome of group.outcomes) onApplied(outcome)
  }

  async function runJobs(): Promise<void> {
    for (;;) {
      const job = jobs[0]
      if (job === undefined) return
      if ('block' in job) {
        await runGroup()
      } else {
        jobs.shift()
        await job.task()
      }
    }
  }

  function start(): void {
    running ??= runJobs()
      .catch((error: unknown) => {
        closed = true
        jobs.length = 0
        wake()
        onFailure(error)
      })
      .finally(() => {
        running = null
        if (jobs.length > 0) start()
      })
  }

  function assertOpen(): void {
    if (closed) throw new LedgerError('closed', 'the ledger is closed: start the node again')
  }

  return {
    async deliver(block) {
      if (block.height <= deliveredHeight) return
      while (queuedBlocks >= MAX_QUEUED_BLOCKS && !closed) await new Promise<void>((resolve) => roomWaiters.push(resolve))
      assertOpen()
      assert(block.height === deliveredHeight + 1, `block ${block.height} delivered after block ${deliveredHeight}`)
      deliveredHeight = block.height
      queuedBlocks += 1
      jobs.push({ block })
      start()
    },

    run(task) {
      return new Promise((resolve, reject) => {
        assertOpen()
        jobs.push({ task: async () => Promise.resolve().then(task).then(resolve, reject) })
        start()
      })
    },

    async stateRootAt(height) {
      if (height > deliveredHeight || height < 0) return null
      if (height > executedHeight) await new Promise<void>((resolve) => rootWaiters.push({ height, resolve }))
      return roots.get(height) ?? store.readRoot(height)
    },

    async close() {
      while (running !== null) await running
      closed = true
      wake()
    },

    get executedHeight() {
      return executedHeight
    },
    get applied() {
      return applied
    },
    get queuedBlocks() {
      return queuedBlocks
    },
  }
}
