/** What the ledger of a node offers to consensus, the API and the network, and what it needs to be made. */
import type { Signer } from '../crypto/keys.ts'
import type { CommitteePlan, Hash, Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { FinalityStats } from './finality-stats.ts'
import type { CommitteeBook } from './modules/committee-book.ts'
import type { PlanProblem, SessionRecord } from './modules/committee-types.ts'
import type { LedgerModule } from './modules/module.ts'
import type { TxTransport } from './ports.ts'
import type { AdmitOutcome, Relay } from './relay.ts'
import type { SnapshotSource } from './snapshot.ts'
import type { ProvenState } from './state-history.ts'
import type { LedgerDb } from './store.ts'
import type { AppliedCursor, Entry, ExecutedBlock, LedgerBlock, PayloadVerdict, TxRecord } from './types.ts'

export type LedgerOptions = {
  readonly db: LedgerDb
  /** Starts every key of the ledger in `db`, e.g. `ledger/`. */
  readonly prefix: string
  readonly chainId: Hash
  /** Genesis: kv pairs at height 0. */
  readonly initialKv: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly transport: TxTransport
  /** Whether this node is a proposer and so keeps transactions that peers bring. */
  readonly keepsForeign: () => boolean
  /** Genesis: session 1's committee. */
  readonly initialCommittee: CommitteePlan
  /** Whether a session may have a plan (P16.2). */
  readonly planProblem: PlanProblem
  /** A snapshot of the state for newcomers every so many heights; 0, or nothing: none. */
  readonly snapshotEvery?: number
  /** Modules beside `kv` and `committee`. */
  readonly modules?: readonly LedgerModule[]
  /** Called once when the ledger cannot go on, for example on a full disk. The node stops. */
  readonly onFailure: (error: unknown) => void
  /** Called for each transaction this node admitted, when it is final: milliseconds since its admission. */
  readonly onLatency?: (latencyMs: Millis) => void
}

/** Running totals, and what waits now. */
export type LedgerCounters = {
  readonly admittedLocal: number
  readonly admittedForeign: number
  readonly refused: Readonly<Record<string, number>>
  readonly executedBlocks: number
  readonly executedTxs: number
  readonly executedEntries: number
  readonly failedTxs: number
  readonly expiredTxs: number
  readonly stateKeys: number
  readonly stateTreeBytes: number
  readonly queuedBlocks: number
}

export interface Ledger {
  /** Loads the state and the waiting local transactions. Throws a {@link LedgerError}. Call it before anything else. */
  open(): Promise<void>
  /** Ends after what was delivered is on disk. The database stays open: it belongs to the caller. */
  close(): Promise<void>
  /** Height of the last block whose effects are durable against a kill; 0 before any. */
  appliedHeight(): number
  /** Height, block hash (the chain id at height 0) and state root that are durable. */
  applied(): AppliedCursor
  /** The root after `height`, waiting for its execution; null when not delivered yet, or pruned. */
  stateRootAt(height: number): Promise<Hash | null>
  /**
   * The committee that changes accepted up to `height` give (P16.2), after everything delivered so far is executed; null
   * when none is due. Whatever was executed above `height`, the answer is the same. `height` must have been delivered.
   */
  electNext(height: number): Promise<CommitteePlan | null>
  /** What {@link electNext} gives for the applied block, kept ready; null when no change is due. */
  nextCommittee(): CommitteePlan | null
  /** The committee, and what is proposed. */
  committee(): Promise<CommitteeBook>
  /** How the latest `limit` sessions came to be, newest first. */
  committeeHistory(limit: number): Promise<readonly SessionRecord[]>
  /**
   * What is under a state key such as `kv/city` after `height`, with its proof; null when that state is not kept: only
   * some of the latest 256 executed heights are (see `state-history.ts`).
   */
  proveState(key: string, height: number): Promise<ProvenState | null>
  /** The snapshot this node serves. */
  snapshots(): SnapshotSource
  /** Takes the next final block; resolves when accepted. Heights below are ignored, a gap is a bug. */
  deliver(block: LedgerBlock): Promise<void>
  /** Transactions for a block above `pending` (un-final ancestors, newest first), at most `maxBytes` encoded. */
  buildPayload(pending: readonly LedgerBlock[], maxBytes: number): Promise<Uint8Array[]>
  /** Whether `block`'s payload may follow `pending` (its un-final ancestors, newest first). */
  checkPayload(block: LedgerBlock, pending: readonly LedgerBlock[]): Promise<PayloadVerdict>
  /** The value of a kv key after the applied block, as text. */
  get(key: string): Promise<{ readonly value: string | null; readonly height: number }>
  /** The value of a state key, such as `kv/city`, after the applied block. */
  stateValue(key: string): Uint8Array | undefined
  /** What is known of a transaction; null when nothing is. */
  transaction(txId: Hash): Promise<TxRecord | null>
  /** Admits signed transactions; an id or a refusal for each, in order. Local ones are on disk when it resolves. */
  admit(transactions: readonly Uint8Array[], origin: 'local' | PeerId): Promise<readonly AdmitOutcome[]>
  /** The entry for `module` from a payload as API clients write it. Throws `unknown-module` or `bad-entry`. */
  encodeEntry(module: string, payload: unknown): Entry
  /** The entry as API clients read it; null when no module here can. */
  showEntry(entry: Entry): unknown
  /** Signs `entries` as the signer's next transaction and admits it. Throws a {@link LedgerError} with the refusal's code. */
  submit(entries: readonly Entry[], signer: Signer): Promise<Hash>
  /** Resolves once the transaction is final or failed; with its pending record after `timeoutMs`. */
  waitFinal(txId: Hash, timeoutMs: Millis): Promise<TxRecord>
  pendingCount(): number
  pendingBytes(): number
  /** Calls back when there is something to propose, and when there is no more. */
  onPendingChange(listener: (pending: boolean) => void): void
  /** Calls back for each block, in order, once its effects are durable. */
  onExecuted(listener: (block: ExecutedBlock) => void): void
  /** Call it about twice a second: sends again, and drops what waits for too long. */
  tick(now: Millis): void
  /** Another proposer leads: what was proposed may be lost, what waits goes to the new leader. */
  leaderChanged(): void
  /** Messages of the transaction channel and topic. */
  readonly relay: Pick<Relay, 'receive' | 'receiveGossip' | 'counters'>
  readonly finality: FinalityStats
  counters(): LedgerCounters
}
