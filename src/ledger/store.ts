/**
 * What the ledger keeps on disk: state, transaction index, state roots, the applied cursor and the waiting local
 * transactions. Everything a group of blocks changes goes into one atomic batch together with the cursor, so a block's
 * effects are there exactly once. The batch is not fsynced: after a crash the cursor may be older, never torn, and the
 * node delivers the final blocks above it again.
 */
import { Buffer } from 'node:buffer'
import type { ClassicLevel } from 'classic-level'
import type { Hash, Hex, PublicKeyHex } from '../domain.ts'
import { LedgerCursor, TxRow } from '../protocols/wire/tx.gen.ts'
import { LedgerError } from './errors.ts'
import { resultOf } from './results.ts'
import type { AppliedCursor, StateView, StateWrite, TxRecord } from './types.ts'

/** The part of an opened `ClassicLevel<string, Uint8Array>` (utf8 keys, 'view' or 'buffer' values) that is used. */
export type LedgerDb = Pick<ClassicLevel<string, Uint8Array>, 'get' | 'getSync' | 'batch' | 'iterator' | 'keys'>

/** State roots kept below the applied height. */
export const KEPT_ROOTS = 2_048
/** State keys read at once when the tree is rebuilt. */
const SCAN_KEYS = 1_024
const HEIGHT_DIGITS = 16
/** Sorts after every key that starts with the same prefix. */
const AFTER = '\u{10ffff}'

/** A row of the transaction index; `failedEntry` counts from 1, 0 when all entries were applied. */
export type IndexedTx = {
  readonly txId: Hash
  readonly height: number
  readonly blockHash: Hash
  readonly index: number
  readonly entries: number
  readonly failedEntry: number
  readonly failureCode: string
}

/** The effects of one or more blocks in a row. `roots` has one state root per block. */
export type AppliedBatch = {
  readonly cursor: AppliedCursor
  readonly writes: Iterable<readonly [key: string, value: Uint8Array | null]>
  readonly roots: readonly { readonly height: number; readonly stateRoot: Hash }[]
  readonly txs: readonly IndexedTx[]
}

/** A local transaction that waits: kept so that a crash loses none. */
export type PendingKey = { readonly sender: PublicKeyHex; readonly nonce: number }

export interface LedgerStore extends StateView {
  /** Null on a fresh home. Throws `wrong-network` when the data belongs to another chain. */
  readCursor(): Promise<AppliedCursor | null>
  /** Writes a group of blocks atomically. Throws `store-failed`. */
  apply(batch: AppliedBatch): Promise<void>
  /** All state keys and values, in pages. */
  scanState(): AsyncIterable<readonly StateWrite[]>
  readRoot(height: number): Promise<Hash | null>
  readTx(txId: Hash): Promise<TxRecord | null>
  /** Whether the transaction is final. Synchronous: one point read. */
  hasTx(txId: Hash): boolean
  writePending(puts: readonly (PendingKey & { readonly bytes: Uint8Array })[], removals: readonly PendingKey[]): Promise<void>
  /** Waiting local transactions, each sender's in the order of their nonces. */
  readPending(): AsyncIterable<PendingKey & { readonly bytes: Uint8Array }>
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

/** A store over `db` under `prefix`, for the chain `chainId`. */
export function createLedgerStore(db: LedgerDb, prefix: string, chainId: Hash): LedgerStore {
  const keys = {
    cursor: `${prefix}cursor`,
    state: `${prefix}state/`,
    tx: `${prefix}tx/`,
    root: `${prefix}root/`,
    pending: `${prefix}pending/`,
  }
  const pendingKey = ({ sender, nonce }: PendingKey): string => `${keys.pending}${sender}/${pad(nonce)}`

  async function write(batch: ReturnType<LedgerDb['batch']>): Promise<void> {
    try {
      await batch.write()
    } catch (cause) {
      const advice = 'check free space and permissions of the home, then start the node again'
      throw new LedgerError('store-failed', `the ledger could not be written: ${advice}`, { cause })
    }
  }

  return {
    async readCursor() {
      const bytes = await db.get(keys.cursor)
      if (bytes === undefined) return null
      const cursor = LedgerCursor.decode(bytes)
      if (hex(cursor.chainId) !== chainId) {
        const advice = 'start with the genesis file this home was made with, or with a fresh --home'
        throw new LedgerError('wrong-network', `the ledger on disk belongs to another network: ${advice}`)
      }
      return { height: cursor.height, blockHash: hex(cursor.blockHash), stateRoot: hex(cursor.stateRoot) }
    },

    async apply({ cursor, writes, roots, txs }) {
      const batch = db.batch()
      for (const [key, value] of writes) {
        if (value === null) batch.del(keys.state + key)
        else batch.put(keys.state + key, value)
      }
      for (const { txId, blockHash, ...row } of txs) {
        batch.put(keys.tx + txId, TxRow.encode({ ...row, blockHash: Buffer.from(blockHash, 'hex') }))
      }
      for (const { height, stateRoot } of roots) {
        batch.put(keys.root + pad(height), Buffer.from(stateRoot, 'hex'))
        if (height >= KEPT_ROOTS) batch.del(keys.root + pad(height - KEPT_ROOTS))
      }
      const { height, blockHash, stateRoot } = cursor
      const row = { blockHash: Buffer.from(blockHash, 'hex'), stateRoot: Buffer.from(stateRoot, 'hex') }
      batch.put(keys.cursor, LedgerCursor.encode({ height, ...row, chainId: Buffer.from(chainId, 'hex') }))
      await write(batch)
    },

    async *scanState() {
      const iterator = db.iterator({ gt: keys.state, lt: keys.state + AFTER })
      try {
        for (;;) {
          const page = await iterator.nextv(SCAN_KEYS)
          if (page.length === 0) return
          yield page.map(([key, value]) => ({ key: key.slice(keys.state.length), value }))
        }
      } finally {
        await iterator.close()
      }
    },

    get: (key) => db.getSync(keys.state + key),
    hasTx: (txId) => db.getSync(keys.tx + txId) !== undefined,

    async readRoot(height) {
      const bytes = await db.get(keys.root + pad(height))
      return bytes === undefined ? null : hex(bytes)
    },

    async readTx(txId) {
      const bytes = await db.get(keys.tx + txId)
      return bytes === undefined ? null : recordOf(txId, TxRow.decode(bytes))
    },

    async writePending(puts, removals) {
      const batch = db.batch()
      for (const put of puts) batch.put(pendingKey(put), put.bytes)
      for (const key of removals) batch.del(pendingKey(key))
      await write(batch)
    },

    async *readPending() {
      for await (const [key, bytes] of db.iterator({ gt: keys.pending, lt: keys.pending + AFTER })) {
        const [sender = '', nonce = ''] = key.slice(keys.pending.length).split('/')
        yield { sender, nonce: Number(nonce), bytes }
      }
    },
  }
}
