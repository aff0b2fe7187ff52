/**
 * The ledger of a node: takes transactions, gives payloads to consensus and checks them, executes final blocks exactly
 * once, and answers what became of a transaction. The pieces are in the files beside this one.
 */
import { Buffer } from 'node:buffer'
import { assert, required } from '../assert.ts'
import type { Signer } from '../crypto/keys.ts'
import type { CommitteePlan, Hash, Millis } from '../domain.ts'
import { type Admission, createAdmission } from './admission.ts'
import type { BlockOutcome } from './block-execution.ts'
import { LedgerError } from './errors.ts'
import { createExecutor, type Executor } from './executor.ts'
import { createFinalityStats } from './finality-stats.ts'
import { type OpenedState, openState } from './genesis.ts'
import type { Ledger, LedgerCounters, LedgerOptions } from './ledger.ts'
import { createMempool } from './mempool.ts'
import { createCommitteeModule, electedAfter } from './modules/committee.ts'
import { type CommitteeBook, readBook, readHistory } from './modules/committee-book.ts'
import type { SessionRecord } from './modules/committee-types.ts'
import { kvModule, kvStateKey } from './modules/kv.ts'
import type { LedgerModule } from './modules/module.ts'
import { createOutcomes, openRecord } from './outcomes.ts'
import { openPastStates, type PastStates } from './past-states.ts'
import { checkNonces, createPayloadChecker, isConnected, type PayloadChecker } from './payload.ts'
import { createPendingWriter, type PendingWriter } from './pending-writer.ts'
import { refusal } from './refusals.ts'
import { type AdmitOutcome, createRelay, type Relay } from './relay.ts'
import type { PooledTx, TxOrigin } from './sender-queue.ts'
import type { SnapshotSource } from './snapshot.ts'
import type { ProvenState } from './state-history.ts'
import { createLedgerStore, type LedgerStore } from './store.ts'
import { createTxCache, type ParsedTx, type TxCache } from './tx-cache.ts'
import type { AppliedCursor, Entry, ExecutedBlock, LedgerBlock, PayloadVerdict, TxRecord } from './types.ts'

/** Final blocks that wait for execution; above it the node is behind and makes no snapshot. */
const BUSY_BLOCKS = 16

class LedgerService implements Ledger {
  readonly finality = createFinalityStats()
  readonly relay: Relay
  readonly #options: LedgerOptions
  readonly #modules: ReadonlyMap<string, LedgerModule>
  readonly #store: LedgerStore
  readonly #cache: TxCache
  readonly #payloads: PayloadChecker
  readonly #pool = createMempool()
  readonly #outcomes = createOutcomes()
  readonly #writer: PendingWriter
  readonly #admission: Admission
  readonly #pendingListeners: ((pending: boolean) => void)[] = []
  readonly #executedListeners: ((block: ExecutedBlock) => void)[] = []
  readonly #totals = { executedBlocks: 0, executedTxs: 0, executedEntries: 0, failedTxs: 0, expiredTxs: 0 }
  #tree: { readonly size: number; readonly bytes: number } = { size: 0, bytes: 0 }
  #executor: Executor | null = null
  #past: PastStates | null = null
  #isReloaded = false
  #wasPending = false
  #nextCommittee: CommitteePlan | null = null
  /** Whether a block of the present group may have changed the above. */
  #mayElect = false
  #hasFailed = false

  constructor(options: LedgerOptions) {
    const { db, prefix, chainId, clock, transport, keepsForeign } = options
    this.#options = options
    const committee = createCommitteeModule({ initial: options.initialCommittee, planProblem: options.planProblem })
    const modules = [kvModule, committee, ...(options.modules ?? [])]
    this.#modules = new Map(modules.map((module) => [module.name, module]))
    this.#store = createLedgerStore(db, prefix, chainId)
    this.#cache = createTxCache({ chainId, modules: this.#modules })
    this.#payloads = createPayloadChecker(this.#cache)
    this.#writer = createPendingWriter({ store: this.#store, onFailure: (error) => this.#fail(error) })
    const parts = { store: this.#store, cache: this.#cache, pool: this.#pool, writer: this.#writer }
    const admission = createAdmission({ chainId, clock, ...parts, onAdmitted: (tx) => this.#noteAdmitted(tx) })
    this.#admission = admission
    this.relay = createRelay({
      transport,
      clock,
      keepsForeign,
      admit: (transactions, from) => admission.admit(transactions, from),
      examine: (bytes) => admission.examine(bytes),
      locals: () => this.#pool.locals(),
    })
  }

  async open(): Promise<void> {
    const { chainId, initialKv } = this.#options
    const modules = [...this.#modules.values()]
    const state = await openState(this.#store, { chainId, initialKv, modules })
    this.#tree = state.tree
    const onApplied = (outcome: BlockOutcome): void => this.#noteApplied(outcome)
    const onFailure = (error: unknown): void => this.#fail(error)
    const parts = { store: this.#store, cache: this.#cache, modules, ...state }
    const past = await this.#openPast(state, onFailure)
    const onStored: PastStates['note'] = (cursor, blocks) => past.note(cursor, blocks)
    const { snapshotEvery: every = 0 } = this.#options
    // All nodes make their snapshots of the same states, so that newcomers can fetch from several.
    const endsGroup = (height: number): boolean => every > 0 && height % every === 0
    this.#executor = createExecutor({ ...parts, endsGroup, onStored, onApplied, onFailure })
    await this.#admission.reload()
    this.#isReloaded = true
    this.#noteNextCommittee(state.cursor.height)
  }

  async #openPast(state: OpenedState, onFailure: (error: unknown) => void): Promise<PastStates> {
    const { db, prefix, snapshotEvery: every = 0 } = this.#options
    const isBusy = (): boolean => (this.#executor?.queuedBlocks ?? 0) > BUSY_BLOCKS
    this.#past = await openPastStates({ db, prefix, store: this.#store, every, isBusy, onFailure, ...state })
    return this.#past
  }

  async close(): Promise<void> {
    await this.#executor?.close()
    await this.#past?.close()
    this.#outcomes.close()
    await this.#writer.settled()
  }

  appliedHeight(): number {
    return this.#running().applied.height
  }

  applied(): AppliedCursor {
    return this.#running().applied
  }

  stateRootAt(height: number): Promise<Hash | null> {
    return this.#running().stateRootAt(height)
  }

  async proveState(key: string, height: number): Promise<ProvenState | null> {
    return required(this.#past, 'the ledger is used before open()').prove(key, height)
  }

  snapshots(): SnapshotSource {
    return required(this.#past, 'the ledger is used before open()').snapshots
  }

  electNext(height: number): Promise<CommitteePlan | null> {
    return this.#running().run(() => {
      assert(
        height <= this.#running().executedHeight,
        `block ${height} was delivered before its election was asked for`,
      )
      return electedAfter(this.#store, height, this.#options.planProblem)
    })
  }

  nextCommittee(): CommitteePlan | null {
    return this.#nextCommittee
  }

  committee(): Promise<CommitteeBook> {
    return this.#running().run(() => readBook(this.#store, this.#options.planProblem))
  }

  committeeHistory(limit: number): Promise<readonly SessionRecord[]> {
    return this.#running().run(() => readHistory(this.#store, limit))
  }

  deliver(block: LedgerBlock): Promise<void> {
    return this.#running().deliver(block)
  }

  buildPayload(pending: readonly LedgerBlock[], maxBytes: number): Promise<Uint8Array[]> {
    return this.#running().run(() => {
      const picked = this.#pool.build(this.#payloads.noncesAbove(pending), maxBytes)
      this.#notePending()
      return picked.map(({ bytes }) => bytes)
    })
  }

  async checkPayload(block: LedgerBlock, pending: readonly LedgerBlock[]): Promise<PayloadVerdict> {
    const parsing = this.#payloads.parse(block)
    // Signatures need no order: they are verified while earlier blocks execute.
    const verifying = parsing.then((txs) => (typeof txs === 'string' ? txs : this.#payloads.verify(txs)))
    const order = this.#running().run(async () => this.#checkOrder(block, await parsing, pending))
    const [fault, verdict] = await Promise.all([verifying, order])
    return fault === null ? verdict : { verdict: 'invalid', reason: fault }
  }

  async get(key: string): Promise<{ readonly value: string | null; readonly height: number }> {
    const value = this.#store.get(kvStateKey(key))
    return { value: value === undefined ? null : Buffer.from(value).toString('utf8'), height: this.appliedHeight() }
  }

  readonly stateValue = (key: string): Uint8Array | undefined => this.#store.get(key)

  async transaction(txId: Hash): Promise<TxRecord | null> {
    const known = (await this.#store.readTx(txId)) ?? this.#outcomes.failed(txId)
    return known ?? (this.#pool.get(txId) === undefined ? null : openRecord(txId, 'pending'))
  }

  admit(transactions: readonly Uint8Array[], origin: TxOrigin): Promise<readonly AdmitOutcome[]> {
    return this.#admission.admit(transactions, origin)
  }

  encodeEntry(name: string, payload: unknown): Entry {
    const module = this.#modules.get(name)
    if (module === undefined) throw new LedgerError('unknown-module', refusal('unknown-module', name).detail)
    return { module: name, payload: module.encode(payload) }
  }

  showEntry({ module: name, payload }: Entry): unknown {
    const module = this.#modules.get(name)
    const parsed = module?.parse(payload)
    return module !== undefined && parsed?.ok ? module.show(parsed.entry) : null
  }

  submit(entries: readonly Entry[], signer: Signer): Promise<Hash> {
    return this.#admission.submit(entries, signer)
  }

  async waitFinal(txId: Hash, timeoutMs: Millis): Promise<TxRecord> {
    // Waiting starts before looking, so that finality in between is not missed.
    const waiting = this.#outcomes.wait(txId, timeoutMs)
    const known = await this.transaction(txId)
    if (known !== null && known.status !== 'pending') this.#outcomes.settle(txId, () => known)
    return (await waiting) ?? openRecord(txId, 'pending')
  }

  pendingCount(): number {
    return this.#pool.size
  }

  pendingBytes(): number {
    return this.#pool.bytes
  }

  onPendingChange(listener: (pending: boolean) => void): void {
    this.#pendingListeners.push(listener)
  }

  onExecuted(listener: (block: ExecutedBlock) => void): void {
    this.#executedListeners.push(listener)
  }

  tick(now: Millis): void {
    this.#totals.expiredTxs += this.#pool.expire(now).length
    this.#notePending()
    this.relay.tick(now)
  }

  leaderChanged(): void {
    this.#pool.resetProposed()
    this.#notePending()
    this.relay.leaderChanged()
  }

  counters(): LedgerCounters {
    const { size: stateKeys, bytes: stateTreeBytes } = this.#tree
    const queuedBlocks = this.#executor?.queuedBlocks ?? 0
    return { ...this.#admission.counters(), ...this.#totals, stateKeys, stateTreeBytes, queuedBlocks }
  }

  #running(): Executor {
    return required(this.#executor, 'the ledger is used before open()')
  }

  #checkOrder(block: LedgerBlock, txs: readonly ParsedTx[] | string, pending: readonly LedgerBlock[]): PayloadVerdict {
    if (typeof txs === 'string') return { verdict: 'invalid', reason: txs }
    const executed = this.#running().executedHeight
    if (isConnected(block.height, pending, executed)) {
      return checkNonces(txs, this.#payloads.noncesAbove(pending), this.#store)
    }
    const reason = `block ${block.height} with ${pending.length} un-final ancestors, executed height ${executed}`
    return { verdict: 'retryable', reason }
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#options.onFailure(error)
  }

  #noteAdmitted(tx: PooledTx): void {
    // What a restart found leaves with the first tick, when there is a network.
    if (tx.origin === 'local' && this.#isReloaded) this.relay.enqueue(tx)
    this.#notePending()
  }

  #noteNextCommittee(height: number): void {
    this.#mayElect = false
    this.#nextCommittee = electedAfter(this.#store, height, this.#options.planProblem)
    this.#notePending()
  }

  #notePending(): void {
    // A change that was accepted waits for blocks as much as a transaction does: the stop block is some blocks away.
    const isPending = this.#pool.hasReady || this.#nextCommittee !== null
    if (isPending === this.#wasPending) return
    this.#wasPending = isPending
    for (const listener of this.#pendingListeners) listener(this.#wasPending)
  }

  #noteApplied({ block, txs }: BlockOutcome): void {
    const { height, hash: blockHash } = block
    // Transactions make a change due, and only the stop block that meets it ends that. One look per group of blocks.
    this.#mayElect ||= txs.length > 0 || this.#nextCommittee !== null
    if (this.#mayElect && height === this.appliedHeight()) this.#noteNextCommittee(height)
    const executed = new Set(block.txs.map(({ txId }) => txId))
    for (const [index, { txId, sender, nonce }] of txs.entries()) {
      for (const removed of this.#pool.advance(sender, nonce + 1)) this.#leavePool(removed, executed)
      const result = block.txs[index]?.result ?? null
      this.#outcomes.settle(txId, () => ({ txId, status: 'final', height, blockHash, index, result }))
    }
    for (const tx of txs) this.#cache.forget(tx)
    this.#totals.executedBlocks += 1
    this.#totals.executedTxs += txs.length
    this.#totals.executedEntries += block.entries
    if (txs.length > 0) this.finality.recordFinal(this.#options.clock.now(), txs.length)
    for (const listener of this.#executedListeners) listener(block)
    this.#notePending()
  }

  #leavePool(tx: PooledTx, executed: ReadonlySet<Hash>): void {
    if (tx.origin !== 'local') return
    this.#writer.remove(tx)
    const now = this.#options.clock.now()
    if (executed.has(tx.txId)) {
      this.finality.recordLatency(now, now - tx.admittedAt)
      this.#options.onLatency?.(now - tx.admittedAt)
      return
    }
    this.#totals.failedTxs += 1
    this.#outcomes.fail(tx.txId, 'nonce-used', `nonce ${tx.nonce} was used by another transaction`)
  }
}

/** A ledger over an opened database. Nothing is read before `open`. */
export function createLedger(options: LedgerOptions): Ledger {
  return new LedgerService(options)
}
