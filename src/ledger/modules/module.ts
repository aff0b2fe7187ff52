/**
 * What a ledger module is: a pure function from state and entry to writes, with a parser for its entries. A module is
 * deterministic: no clock, randomness or I/O, and the same answer on every node.
 */
import type { Hash, Millis, PublicKeyHex } from '../../domain.ts'
import type { LedgerBlock, StateView, StateWrite } from '../types.ts'

/** What a module may know beside state and entry. */
export type ExecutionContext = {
  readonly height: number
  /** The block's timestamp, milliseconds since the Unix epoch. */
  readonly timestamp: Millis
  readonly sender: PublicKeyHex
  /** The transaction, and the entry's place in it, from 0. */
  readonly txId: Hash
  readonly entry: number
}

/** A failed entry writes nothing; `code` is stable, `detail` tells people why and what to do. */
export type EntryOutcome =
  | { readonly ok: true; readonly writes: readonly StateWrite[] }
  | { readonly ok: false; readonly code: string; readonly detail?: string }

export type ParsedEntry<Parsed> =
  | { readonly ok: true; readonly entry: Parsed }
  | { readonly ok: false; readonly detail: string }

/** A module owns the state keys that start with `<name>/`. */
export interface LedgerModule<Parsed = unknown> {
  readonly name: string
  /** Decodes an entry's payload, once per transaction and node. Never throws. */
  parse(payload: Uint8Array): ParsedEntry<Parsed>
  /** What `entry` does to the state. Never throws. */
  apply(view: StateView, entry: Parsed, context: ExecutionContext): EntryOutcome
  /** The entry as API clients write and read it. */
  show(entry: Parsed): unknown
  /** The payload for an entry as API clients write it. Throws a `LedgerError` `bad-entry`. */
  encode(input: unknown): Uint8Array
  /** What the state has at height 0 beside the initial kv. */
  genesis?(): readonly StateWrite[]
  /** What the end of `block` does, after its transactions. Never throws. */
  endBlock?(view: StateView, block: LedgerBlock): readonly StateWrite[]
}
