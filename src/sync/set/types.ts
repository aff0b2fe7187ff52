/**
 * The shared set as its users see it (S2, S3): ids in the order they were received here, timeframes, checkpoints and
 * fingerprints. Single ids are 64 hex characters; lists of ids are packed, 32 bytes each.
 */
import type { Hash, Millis, PublicKeyHex } from '../../domain.ts'

/** Bytes of an id. */
export const ID_BYTES = 32

/** A set's fingerprint (S3.5). `xor`: 32 bytes. `strong`: 32 bytes, null in the XOR suite. */
export type Fingerprint = {
  readonly count: number
  readonly xor: Uint8Array
  readonly strong: Uint8Array | null
}

/** Suite 1 and suite 2 of S3.5. */
export type Suite = 'xor' | 'lthash16'

/** A fingerprint that grows (S3.5): ids are added at most once, disjoint sets are united, a part is taken away. */
export interface Accumulator {
  readonly suite: Suite
  readonly count: number
  /** Adds packed ids, none of which is in it. */
  add(ids: Uint8Array): void
  /** Adds a disjoint set. */
  unite(other: Accumulator): void
  /** Takes away a set that is part of it. */
  subtract(part: Accumulator): void
  copy(): Accumulator
  /** The fingerprint in a suite not stronger than its own; in its own when absent. */
  fingerprint(suite?: Suite): Fingerprint
}

/** What the default codec and any other says of an ATX (S2). Ids of golden ATXs are left out of `dependencies`. */
export type AtxInfo = {
  readonly id: Hash
  readonly publisher: PublicKeyHex
  readonly publishEpoch: number
  readonly baseTickHeight: number
  readonly tickCount: number
  /** The publisher's previous ATX; null for its first. */
  readonly previous: Hash | null
  /** The ATX whose tick height this one builds on; null for a golden one. */
  readonly positioning: Hash | null
}

/** How an ATX came here. */
export type AtxSource = 'local' | 'gossip' | 'sync' | 'serve'

/** One ATX of the set (S2). */
export type AtxRecord = AtxInfo & {
  /** Position in the order of receipt, from 0. */
  readonly seq: number
  readonly frame: number
  /** When it was inserted; never before its predecessor. */
  readonly committedAt: Millis
  /** When its bytes arrived first; for grading only. */
  readonly receivedAt: Millis
  readonly source: AtxSource
  /** Bytes of the blob. */
  readonly bytes: number
}

/** A valid ATX that is ready for insertion: its dependencies are in the set, or before it in the same batch. */
export type NewAtx = {
  readonly info: AtxInfo
  readonly blob: Uint8Array
  readonly receivedAt: Millis
  readonly source: AtxSource
}

/** The checkpoints of an instant (S3.2, S3.3). */
export type Heads = {
  /** The open timeframe, k. */
  readonly frame: number
  /** c_all_high_grade, the step-1 value. */
  readonly fast: Fingerprint
  readonly curr: Fingerprint
  readonly old: Fingerprint
  readonly all: Fingerprint
  /** c_all + c_curr: the whole set. */
  readonly total: Fingerprint
}

/** The ids of one timeframe in a frozen view, strictly ascending. */
export type FrameList = {
  readonly frame: number
  readonly count: number
  /** Packed ids, `idsPerChunk` of them each but the last. Chunks are shared: nobody writes into them. */
  chunks(idsPerChunk: number): Iterable<Uint8Array>
}

/** The set as it was at an instant (S7.1): a pair of numbers over an append-only list, nothing is copied or locked. */
export interface FrozenView {
  /** k at the freeze; `back` counts from it. */
  readonly frame: number
  /** Ids with a lower seq are in the view. */
  readonly freezeSeq: number
  /** c_all + frozen c_curr, a copy of its own. */
  known(): Accumulator
  /** The ids of timeframe `frame - back`; of the frozen part of the open one for 0. Empty below timeframe 0. */
  list(back: number): Promise<FrameList>
  /** Whether the id at `offset` of packed ids is in the view. */
  has(ids: Uint8Array, offset?: number): boolean
}

/** The live set of one node: reads are synchronous and from memory, blobs and records come from disk. */
export interface AtxSet {
  /** 16 random bytes made with the database (S5). */
  readonly storeId: Uint8Array
  readonly suite: Suite
  readonly count: number
  /** Whether the id at `offset` of packed ids is in the set. */
  has(ids: Uint8Array, offset?: number): boolean
  /** Position in the order of receipt of the id at `offset` of packed ids; null when it is not in the set. */
  seqOf(ids: Uint8Array, offset?: number): number | null
  /** Fingerprints as of now, rolled if a boundary has passed (S3.2); from a cache (S3.3). */
  heads(): Heads
  freeze(): FrozenView
  /** Inserts in the given order, in one durable write; ids that are there already change nothing and are left out of the answer. */
  insert(atxs: readonly NewAtx[]): Promise<readonly AtxRecord[]>
  blob(id: Hash): Promise<Uint8Array | null>
  record(id: Hash): Promise<AtxRecord | null>
  /** Blobs of many ids in one read, in their order. */
  blobs(ids: readonly Hash[]): Promise<readonly (Uint8Array | null)[]>
  /** Records of many ids in one read, in their order. */
  records(ids: readonly Hash[]): Promise<readonly (AtxRecord | null)[]>
  /** Packed ids with seq >= `fromSeq`, at most `limit`. */
  idsFrom(fromSeq: number, limit: number): Uint8Array
  /** Records newest first, or from `fromSeq` on, at most `limit`. */
  list(options: { readonly fromSeq?: number; readonly limit: number }): Promise<readonly AtxRecord[]>
  /** Start of timeframe `frame` (S3.1). */
  boundary(frame: number): Millis
  /** The timeframe in which an id was received; null when it is not here. */
  frameOf(id: Hash): number | null
}
