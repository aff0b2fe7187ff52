/** The ledger's nouns: what a sender signs, what executing it gives, and what blocks and records look like. */
import type { CommitteePlan, Hash, Millis, PublicKeyHex } from '../domain.ts'

/** The largest signed transaction, in bytes on the wire. */
export const MAX_TX_BYTES = 262_144
/** The most entries one transaction may carry. */
export const MAX_ENTRIES = 4_096

/** One instruction to a ledger module; `payload` is the module's own protobuf. */
export type Entry = { readonly module: string; readonly payload: Uint8Array }

/** A decoded signed transaction. Its nonce counts the sender's transactions from 0 without gaps. */
export type Transaction = {
  readonly txId: Hash
  readonly sender: PublicKeyHex
  readonly nonce: number
  readonly entries: readonly Entry[]
  /** The wire form, which blocks carry unchanged. */
  readonly bytes: Uint8Array
  /** The signed bytes, and the 64-byte signature over them. */
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

/** Of an entry that was not applied: a stable code and, where the module gives one, the reason for people. */
export type EntryResult = { readonly ok: boolean; readonly code?: string; readonly detail?: string }

/** What executing one transaction gave: one outcome per entry, in order. All entries are applied, or none. */
export type TxResult = { readonly ok: boolean; readonly entries: readonly EntryResult[] }

/** What a node knows of a transaction. `failed` means that it can never become final; `reason` says why. */
export type TxRecord = {
  readonly txId: Hash
  readonly status: 'pending' | 'final' | 'failed'
  readonly height: number | null
  readonly blockHash: Hash | null
  /** Its place among the transactions of its block, from 0. */
  readonly index: number | null
  readonly result: TxResult | null
  readonly reason?: { readonly code: string; readonly detail: string }
}

/** A block as the ledger sees it: its place on the chain and opaque signed transactions, in order. */
export type LedgerBlock = {
  readonly height: number
  readonly hash: Hash
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: Millis
  readonly payload: readonly Uint8Array[]
  readonly session: number
  /** The height whose state its header commits to, and which its election saw. */
  readonly stateHeight: number
  /** Whether it ends its session. */
  readonly isStop: boolean
  /** In a stop block that changes the committee: the next session's; else null. */
  readonly election: CommitteePlan | null
}

/** Whether a payload may follow its ancestors; `retryable`: not checkable against the state this node is at. */
export type PayloadVerdict = { readonly verdict: 'valid' | 'invalid' | 'retryable'; readonly reason?: string }

/** The exactly-once cursor: the last block whose effects are durable, and the state root after it. */
export type AppliedCursor = { readonly height: number; readonly blockHash: Hash; readonly stateRoot: Hash }

/** A final block after execution. */
export type ExecutedBlock = {
  readonly height: number
  readonly hash: Hash
  readonly stateRoot: Hash
  readonly entries: number
  /** Transactions that were executed, in order; their nonces are consumed. */
  readonly txs: readonly { readonly txId: Hash; readonly result: TxResult }[]
}

/** Reads of the replicated state. */
export interface StateView {
  /** The value of a state key such as `kv/city`, or undefined. */
  get(key: string): Uint8Array | undefined
}

/** One change of the replicated state; null deletes. */
export type StateWrite = { readonly key: string; readonly value: Uint8Array | null }
