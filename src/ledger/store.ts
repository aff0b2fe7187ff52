/**
 * What the ledger keeps on disk: state, transaction index, state roots, the applied cursor and the waiting local
 * transactions. Everything a group of blocks changes goes into one atomic batch together with the cursor, so a block's
 * effects are there exactly once. The batch is not fsynced: after a crash the cursor may be older, never torn, and the
 * node delivers the final blocks above it again.
 */
import { Buffer } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ClassicLevel } from 'classic-level'
import type { Hash, Hex, PublicKeyHex } from '../domain.ts'
import { LedgerCursor, TxRow } from '../protocols/wire/tx.gen.ts'
import { LedgerError } from './errors.ts'
import { resultOf } from './results.ts'
import type { AppliedCursor, StateView, StateWrite, TxRecord } from './types.ts'

/** The part of an opened `ClassicLevel<string, Uint8Array>` (utf8 keys, 'view' or 'buffer' values) that is used. */
export type LedgerDb = Pick<
  ClassicLevel<string, Uint8Array>,
  'get' | 'getSync' | 'batch' | 'iterator' | 'clear' | 'snapshot'
>

/** State roots kept below the applied height. */
export const KEPT_ROOTS = 2_048
/** State keys, and bytes, read at once when the tree is rebuilt. */
const SCAN_KEYS = 4_096
const SCAN_BYTES = 1_048_576
/** Writes put into a batch before other work gets its turn. */
const WRITES_PER_TURN = 2_048
const HEIGHT_DIGITS = 16
/** Sorts after every key that starts with the same prefix. */
export const AFTER = '\u{10ffff}'

/** A row of the transaction index; `failedEntry` counts from 1, 0 when all entries were applied. */
export type IndexedTx = {
  readonly txId: Hash
  readonly height: number
  readonly blockHash: Hash
  readonly index: number
  readonly entries: number
  readonly failedEntry: number
  readonly failureCode: string
  readonly failureDetail: string
}

/** The effects of one or more blocks in a row. `roots` has one state root per block. */
export type AppliedBatch = {
  readonly cursor: AppliedCursor
  readonly writes: Iterable<readonly [key: string, value: Uint8Array | null]>
  readonly roots: readonly { readonly height: number; readonly stateRoot: Hash }[]
  readonly txs: readonly IndexedTx[]
}

/** A write under a whole key of the database, whoever owns it; null deletes. */
export type DbWrite = { readonly key: string; readonly value: Uint8Array | null }

/** A local transaction that waits: kept so that a crash loses none. */
export type PendingKey = { readonly sender: PublicKeyHex; readonly nonce: number }
export type PendingTx = PendingKey & { readonly bytes: Uint8Array }

/** The state as it was after one block, while later ones are written. To be closed. */
export interface FrozenState extends StateView {
  /** All state keys and values, in pages. */
  scan(): AsyncIterable<readonly StateWrite[]>
  close(): Promise<void>
}

export interface LedgerStore extends StateView {
  /** Null on a fresh home. Throws `wrong-network` when the data belongs to another chain. */
  readCursor(): Promise<AppliedCursor | null>
  /** Writes a group of blocks atomically. Throws `store-failed`. */
  apply(batch: AppliedBatch): Promise<void>
  /** All state keys and values, in pages. */
  scanState(): AsyncIterable<readonly StateWrite[]>
  /** The state as it is on disk now. */
  freeze(): FrozenState
  /** The number of the state in use; {@link adoptState} is given the next one. */
  generation(): number
  /** Makes the state of another generation, already on disk, that in use, with `beside`: one step, durable when it resolves. */
  adoptState(cursor: AppliedCursor, generation: number, beside: readonly DbWrite[]): Promise<void>
  /** Deletes what {@link adoptState} left behind. */
  dropOldState(): Promise<void>
  readRoot(height: number): Promise<Hash | null>
  readTx(txId: Hash): Promise<TxRecord | null>
  /** Whether the transaction is final. Synchronous: one point read. */
  hasTx(txId: Hash): boolean
  writePending(puts: readonly PendingTx[], removals: readonly PendingKey[]): Promise<void>
  /** Waiting local transactions, each sender's in the order of their nonces. */
  readPending(): AsyncIterable<PendingTx>
}

function hex(bytes: Uint8Array): Hex {
  return Buffer.from(bytes).toString('hex')
}

function pad(value: number): string {
  return String(value).padStart(HEIGHT_DIGITS, '0')
}

function recordOf(txId: Hash, row: TxRow): TxRecord {
  const { height, index } = row
  return { txId, status: 'final', height, blockHash: hex(row.blockHash), index, result: resultOf(row) }
}

/** What starts every state key of a generation. */
export function statePrefix(prefix: string, generation: number): string {
  return `${prefix}state${generation === 0 ? '' : generation}/`
}

/** All state under `space`, in pages. */
export async function* scanPages(
  db: LedgerDb,
  space: string,
  snapshot?: ReturnType<LedgerDb['snapshot']>,
): AsyncGenerator<readonly StateWrite[]> {
  const iterator = db.iterator({ gt: space, lt: space + AFTER, highWaterMarkBytes: SCAN_BYTES, snapshot })
  try {
    for (;;) {
      const page = await iterator.nextv(SCAN_KEYS)
      if (page.length === 0) return
      yield page.map(([key, value]) => ({ key: key.slice(space.length), value }))
    }
  } finally {
    await iterator.close()
  }
}

class LevelLedgerStore implements LedgerStore {
  readonly #db: LedgerDb
  readonly #prefix: string
  readonly #chainId: Hash
  readonly #keys: Readonly<Record<'cursor' | 'tx' | 'root' | 'pending', string>>
  #generation = 0
  #state: string

  constructor(db: LedgerDb, prefix: string, chainId: Hash) {
    this.#db = db
    this.#prefix = prefix
    this.#chainId = chainId
    this.#state = statePrefix(prefix, 0)
    this.#keys = {
      cursor: `${prefix}cursor`,
      tx: `${prefix}tx/`,
      root: `${prefix}root/`,
      pending: `${prefix}pending/`,
    }
  }

  async readCursor(): Promise<AppliedCursor | null> {
    const bytes = await this.#db.get(this.#keys.cursor)
    if (bytes === undefined) return null
    const cursor = LedgerCursor.decode(bytes)
    if (hex(cursor.chainId) !== this.#chainId) {
      const advice = 'start with the genesis file this home was made with, or with a fresh --home'
      throw new LedgerError('wrong-network', `the ledger on disk belongs to another network: ${advice}`)
    }
    this.#use(cursor.generation)
    return { height: cursor.height, blockHash: hex(cursor.blockHash), stateRoot: hex(cursor.stateRoot) }
  }

  async apply({ cursor, writes, roots, txs }: AppliedBatch): Promise<void> {
    const batch = this.#db.batch()
    const { tx, root } = this.#keys
    const state = this.#state
    let sinceTurn = 0
    for (const [key, value] of writes) {
      if (value === null) batch.del(state + key)
      else batch.put(state + key, value)
      sinceTurn += 1
      if (sinceTurn % WRITES_PER_TURN === 0) await nextTurn()
    }
    for (const { txId, blockHash, ...row } of txs) {
      batch.put(tx + txId, TxRow.encode({ ...row, blockHash: Buffer.from(blockHash, 'hex') }))
    }
    for (const { height, stateRoot } of roots) {
      batch.put(root + pad(height), Buffer.from(stateRoot, 'hex'))
      if (height >= KEPT_ROOTS) batch.del(root + pad(height - KEPT_ROOTS))
    }
    batch.put(this.#keys.cursor, this.#encodeCursor(cursor))
    await write(batch)
  }

  scanState(): AsyncIterable<readonly StateWrite[]> {
    return scanPages(this.#db, this.#state)
  }

  freeze(): FrozenState {
    const snapshot = this.#db.snapshot()
    const space = this.#state
    return {
      get: (key) => this.#db.getSync(space + key, { snapshot }),
      scan: () => scanPages(this.#db, space, snapshot),
      close: () => snapshot.close(),
    }
  }

  generation(): number {
    return this.#generation
  }

  async adoptState(cursor: AppliedCursor, generation: number, beside: readonly DbWrite[]): Promise<void> {
    const batch = this.#db.batch()
    for (const { key, value } of beside) {
      if (value === null) batch.del(key)
      else batch.put(key, value)
    }
    batch.put(this.#keys.root + pad(cursor.height), Buffer.from(cursor.stateRoot, 'hex'))
    this.#use(generation)
    batch.put(this.#keys.cursor, this.#encodeCursor(cursor))
    await write(batch, { sync: true })
  }

  async dropOldState(): Promise<void> {
    if (this.#generation === 0) return
    const old = statePrefix(this.#prefix, this.#generation - 1)
    await this.#db.clear({ gt: old, lt: old + AFTER })
  }

  get(key: string): Uint8Array | undefined {
    return this.#db.getSync(this.#state + key)
  }

  hasTx(txId: Hash): boolean {
    return this.#db.getSync(this.#keys.tx + txId) !== undefined
  }

  async readRoot(height: number): Promise<Hash | null> {
    const bytes = await this.#db.get(this.#keys.root + pad(height))
    return bytes === undefined ? null : hex(bytes)
  }

  async readTx(txId: Hash): Promise<TxRecord | null> {
    const bytes = await this.#db.get(this.#keys.tx + txId)
    return bytes === undefined ? null : recordOf(txId, TxRow.decode(bytes))
  }

  async writePending(puts: readonly PendingTx[], removals: readonly PendingKey[]): Promise<void> {
    const batch = this.#db.batch()
    for (const put of puts) batch.put(this.#pendingKey(put), put.bytes)
    for (const key of removals) batch.del(this.#pendingKey(key))
    await write(batch)
  }

  async *readPending(): AsyncGenerator<PendingTx> {
    const { pending } = this.#keys
    for await (const [key, bytes] of this.#db.iterator({ gt: pending, lt: pending + AFTER })) {
      const [sender = '', nonce = ''] = key.slice(pending.length).split('/')
      yield { sender, nonce: Number(nonce), bytes }
    }
  }

  #pendingKey({ sender, nonce }: PendingKey): string {
    return `${this.#keys.pending}${sender}/${pad(nonce)}`
  }

  #encodeCursor({ height, blockHash, stateRoot }: AppliedCursor): Uint8Array {
    return LedgerCursor.encode({
      height,
      blockHash: Buffer.from(blockHash, 'hex'),
      stateRoot: Buffer.from(stateRoot, 'hex'),
      chainId: Buffer.from(this.#chainId, 'hex'),
      generation: this.#generation,
    })
  }

  #use(generation: number): void {
    this.#generation = generation
    this.#state = statePrefix(this.#prefix, generation)
  }
}

/** Writes a batch; with `sync` it is durable when it resolves. Throws `store-failed`. */
export async function write(batch: ReturnType<LedgerDb['batch']>, { sync = false } = {}): Promise<void> {
  try {
    await batch.write({ sync })
  } catch (cause) {
    const advice = 'check free space and permissions of the home, then start the node again'
    throw new LedgerError('store-failed', `the ledger could not be written: ${advice}`, { cause })
  }
}

/** A store over `db`, whose keys all start with `prefix`, for the chain `chainId`. */
export function createLedgerStore(db: LedgerDb, prefix: string, chainId: Hash): LedgerStore {
  return new LevelLedgerStore(db, prefix, chainId)
}
