/**
 * One queue for everything that depends on the order of final blocks: executing them, and checks and builds that must
 * see what was delivered before them. Blocks that wait together share one disk write.
 */
import { assert } from '../assert.ts'
import type { Hash } from '../domain.ts'
import { type BlockGroup, type BlockOutcome, executeBlock } from './block-execution.ts'
import { LedgerError } from './errors.ts'
import { createOverlay } from './execute.ts'
import type { LedgerModule } from './modules/module.ts'
import type { StateTree } from './state-tree.ts'
import type { LedgerStore } from './store.ts'
import type { TxCache } from './tx-cache.ts'
import type { AppliedCursor, LedgerBlock } from './types.ts'

/** Blocks, and bytes of payload, that may wait; `deliver` holds its caller back above it. */
const MAX_QUEUED_BLOCKS = 256
const MAX_QUEUED_BYTES = 33_554_432
/** Blocks and entries that share one disk write. */
const MAX_GROUP_BLOCKS = 64
const MAX_GROUP_ENTRIES = 16_384
/** State roots kept in memory. */
const MAX_RECENT_ROOTS = 256

export type ExecutorOptions = {
  readonly store: LedgerStore
  readonly tree: StateTree
  readonly cache: TxCache
  readonly modules: readonly LedgerModule[]
  readonly cursor: AppliedCursor
  /** Whether the state after this height must be seen by {@link onStored}: no later block shares its disk write. */
  readonly endsGroup: (height: number) => boolean
  /** Called when a group of blocks is on disk: tree and store hold the state after the last of them. */
  readonly onStored: (cursor: AppliedCursor, blocks: readonly LedgerBlock[]) => void
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

type Job =
  | { readonly block: LedgerBlock; readonly bytes: number }
  | { readonly task: () => Promise<void>; readonly cancel: (error: unknown) => void }
class QueuedExecutor implements Executor {
  readonly #options: ExecutorOptions
  readonly #jobs: Job[] = []
  readonly #roots: Map<number, Hash>
  #rootWaiters: { readonly height: number; readonly resolve: () => void }[] = []
  readonly #roomWaiters: (() => void)[] = []
  #applied: AppliedCursor
  #executedHeight: number
  #deliveredHeight: number
  #queuedBlocks = 0
  #queuedBytes = 0
  #running: Promise<void> | null = null
  #closed = false

  constructor(options: ExecutorOptions) {
    this.#options = options
    this.#applied = options.cursor
    this.#executedHeight = options.cursor.height
    this.#deliveredHeight = options.cursor.height
    this.#roots = new Map([[options.cursor.height, options.cursor.stateRoot]])
  }

  async deliver(block: LedgerBlock): Promise<void> {
    if (block.height <= this.#deliveredHeight) return
    while (this.#isFull()) await new Promise<void>((resolve) => this.#roomWaiters.push(resolve))
    this.#assertOpen()
    const last = this.#deliveredHeight
    assert(block.height === last + 1, `block ${block.height} was delivered after block ${last}`)
    const bytes = block.payload.reduce((sum, tx) => sum + tx.byteLength, 0)
    this.#deliveredHeight = block.height
    this.#queuedBlocks += 1
    this.#queuedBytes += bytes
    this.#jobs.push({ block, bytes })
    this.#start()
  }

  run<T>(task: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#assertOpen()
      this.#jobs.push({ task: () => Promise.resolve().then(task).then(resolve, reject), cancel: reject })
      this.#start()
    })
  }

  async stateRootAt(height: number): Promise<Hash | null> {
    if (height > this.#deliveredHeight || height < 0) return null
    if (height > this.#executedHeight) {
      await new Promise<void>((resolve) => this.#rootWaiters.push({ height, resolve }))
    }
    return this.#roots.get(height) ?? this.#options.store.readRoot(height)
  }

  async close(): Promise<void> {
    while (this.#running !== null) await this.#running
    this.#closed = true
    this.#wake()
  }

  get executedHeight(): number {
    return this.#executedHeight
  }

  get applied(): AppliedCursor {
    return this.#applied
  }

  get queuedBlocks(): number {
    return this.#queuedBlocks
  }

  #start(): void {
    this.#running ??= this.#runJobs()
      .catch((error: unknown) => {
        this.#closed = true
        for (const job of this.#jobs.splice(0)) if ('cancel' in job) job.cancel(error)
        this.#wake()
        this.#options.onFailure(error)
      })
      .finally(() => {
        this.#running = null
        if (this.#jobs.length > 0) this.#start()
      })
  }

  async #runJobs(): Promise<void> {
    for (;;) {
      const job = this.#jobs[0]
      if (job === undefined) return
      if ('block' in job) {
        await this.#runGroup()
      } else {
        this.#jobs.shift()
        await job.task()
      }
    }
  }

  async #runGroup(): Promise<void> {
    const { store, endsGroup, onStored, onApplied } = this.#options
    const blocks: LedgerBlock[] = []
    const group: BlockGroup = { overlay: createOverlay(store), txs: [], roots: [], outcomes: [] }
    let cursor = this.#applied
    let entries = 0
    while (group.roots.length < MAX_GROUP_BLOCKS && entries < MAX_GROUP_ENTRIES) {
      const job = this.#jobs[0]
      if (job === undefined || !('block' in job)) break
      this.#jobs.shift()
      this.#queuedBlocks -= 1
      this.#queuedBytes -= job.bytes
      const executed = await executeBlock(this.#options, job.block, group)
      blocks.push(job.block)
      entries += executed.entries
      cursor = { height: executed.height, blockHash: executed.hash, stateRoot: executed.stateRoot }
      this.#noteRoot(executed.height, executed.stateRoot)
      if (endsGroup(executed.height)) break
    }
    await store.apply({ cursor, writes: group.overlay.changes, roots: group.roots, txs: group.txs })
    this.#applied = cursor
    onStored(cursor, blocks)
    for (const outcome of group.outcomes) onApplied(outcome)
  }

  #noteRoot(height: number, root: Hash): void {
    this.#roots.set(height, root)
    this.#roots.delete(height - MAX_RECENT_ROOTS)
    this.#executedHeight = height
    this.#wake()
  }

  #wake(): void {
    const waiting = this.#rootWaiters
    const isReady = (height: number): boolean => height <= this.#executedHeight || this.#closed
    this.#rootWaiters = waiting.filter(({ height }) => !isReady(height))
    for (const { height, resolve } of waiting) if (isReady(height)) resolve()
    if (!this.#isFull()) for (const resolve of this.#roomWaiters.splice(0)) resolve()
  }

  #isFull(): boolean {
    return !this.#closed && (this.#queuedBlocks >= MAX_QUEUED_BLOCKS || this.#queuedBytes >= MAX_QUEUED_BYTES)
  }

  #assertOpen(): void {
    if (this.#closed) throw new LedgerError('closed', 'the ledger is closed: start the node again')
  }
}

/** An executor that continues above `cursor`, with the tree as it is there. */
export function createExecutor(options: ExecutorOptions): Executor {
  return new QueuedExecutor(options)
}
