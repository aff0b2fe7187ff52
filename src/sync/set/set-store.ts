/**
 * The ATX set on disk: a row and a blob per ATX by its place, and the checkpoints. An insert, and a roll, is one atomic
 * batch (S13), so after a crash the newest may be missing but nothing is torn.
 */
import { Buffer } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ClassicLevel } from 'classic-level'
import type { Hash } from '../../domain.ts'
import {
  AtxClosedFrames,
  AtxOpenFrame,
  AtxRow,
  type AtxSettling,
  AtxStoreHead,
} from '../../protocols/wire/atx-store.gen.ts'
import { SyncError } from '../errors.ts'
import type { Checkpoints, Settling } from './checkpoints.ts'
import { decodeAccumulator, encodeAccumulator } from './fingerprint.ts'
import type { Range } from './frame-ranges.ts'
import { type ScannedRow, scanRow } from './row-scan.ts'
import type { Accumulator, AtxRecord, AtxSource, Suite } from './types.ts'

/** The part of an opened `ClassicLevel<string, Uint8Array>` (utf8 keys, 'view' or 'buffer' values) that is used. */
export type SetDb = Pick<ClassicLevel<string, Uint8Array>, 'get' | 'getMany' | 'batch' | 'iterator' | 'clear'>

/** Rows, and bytes, read at once: about a millisecond of this thread. */
const SCAN_ROWS = 256
const SCAN_BYTES = 262_144
/** ATXs put into a batch before other work gets its turn. */
const PUTS_PER_TURN = 64
const PLACE_DIGITS = 14
/** Sorts after every place. */
const AFTER_PLACES = 'g'
const SOURCES: readonly AtxSource[] = ['local', 'gossip', 'sync', 'serve']

/** What is kept beside the ATXs; null where it is missing or unreadable. */
export type StoredState = { readonly storeId: Uint8Array; readonly checkpoints: Checkpoints | null }

type StoredRow = AtxRow & { readonly seq: number }

export type StoredAtx = { readonly record: AtxRecord; readonly blob: Uint8Array }

export type SetBatch = {
  /** Given when the store is made or rebuilt. */
  readonly head?: { readonly storeId: Uint8Array; readonly suite: Suite }
  readonly atxs: readonly StoredAtx[]
  readonly checkpoints: Checkpoints
  /** Whether more than the open timeframe changed. */
  readonly withClosed: boolean
}

export interface SetStore {
  /** Null on a fresh home. */
  readState(suite: Suite): Promise<StoredState | null>
  /** All rows up to the first that is missing or unreadable, in pages. */
  scan(): AsyncIterable<readonly ScannedRow[]>
  /** Deletes the ATXs from place `from` on. */
  truncate(from: number): Promise<void>
  /** Writes a batch; it is fsynced when this node's own ATX is in it. Throws `store-failed`. */
  write(batch: SetBatch): Promise<void>
  record(seq: number): Promise<AtxRecord | null>
  /** Those of a range, but for unreadable ones. */
  records(range: Range): Promise<readonly AtxRecord[]>
  blob(seq: number): Promise<Uint8Array | null>
  /** Those at many places, in one read. */
  recordsAt(seqs: readonly number[]): Promise<readonly (AtxRecord | null)[]>
  blobsAt(seqs: readonly number[]): Promise<readonly (Uint8Array | null)[]>
}

const hex = (bytes: Uint8Array): Hash => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
const optionalHex = (bytes: Uint8Array): Hash | null => (bytes.byteLength === 0 ? null : hex(bytes))
const fromHex = (text: Hash | null): Uint8Array => Buffer.from(text ?? '', 'hex')
const placeKey = (seq: number): string => seq.toString(16).padStart(PLACE_DIGITS, '0')

function encodeRow({ previous, positioning, id, publisher, source, ...rest }: AtxRecord): Uint8Array {
  return AtxRow.encode({
    ...rest,
    id: fromHex(id),
    publisher: fromHex(publisher),
    previous: fromHex(previous),
    positioning: fromHex(positioning),
    source: SOURCES.indexOf(source),
  })
}

function recordOf({ seq, ...row }: StoredRow): AtxRecord {
  return {
    ...row,
    seq,
    id: hex(row.id),
    publisher: hex(row.publisher),
    previous: optionalHex(row.previous),
    positioning: optionalHex(row.positioning),
    source: SOURCES[row.source] ?? 'sync',
  }
}

function encodeSettling(settling: Settling): AtxSettling[] {
  return [...settling].map(([at, part]) => ({ at, state: encodeAccumulator(part) }))
}

/** Runs a decoder of our own records; null for bytes that are none. */
function readable<T>(bytes: Uint8Array | undefined, decode: (bytes: Uint8Array) => T): T | null {
  if (bytes === undefined) return null
  try {
    return decode(bytes)
  } catch {
    return null
  }
}

function decodeCheckpoints(open: AtxOpenFrame, closed: AtxClosedFrames, suite: Suite): Checkpoints | null {
  let isWhole = open.frame === closed.frame
  const read = (bytes: Uint8Array): Accumulator | undefined => {
    const accumulator = decodeAccumulator(bytes, suite)
    isWhole &&= accumulator !== null
    return accumulator ?? undefined
  }
  const [curr, old, all] = [open.curr, closed.old, closed.all].map(read)
  const settling = (parts: readonly AtxSettling[]) => new Map(parts.map(({ at, state }) => [at, read(state)]))
  const [currSettling, oldSettling] = [open.settling, closed.settling].map(settling)
  if (!isWhole) return null
  return { frame: open.frame, curr, old, all, currSettling, oldSettling } as Checkpoints
}

class LevelSetStore implements SetStore {
  readonly #db: SetDb
  readonly #keys: Readonly<Record<'head' | 'open' | 'closed' | 'row' | 'blob', string>>

  constructor(db: SetDb, prefix: string) {
    this.#db = db
    const at = (name: string): string => prefix + name
    this.#keys = { head: at('head'), open: at('open'), closed: at('closed'), row: at('row/'), blob: at('blob/') }
  }

  async readState(suite: Suite): Promise<StoredState | null> {
    const head = readable(await this.#db.get(this.#keys.head), AtxStoreHead.decode)
    if (head === null) return null
    const open = readable(await this.#db.get(this.#keys.open), AtxOpenFrame.decode)
    const closed = readable(await this.#db.get(this.#keys.closed), AtxClosedFrames.decode)
    const isUsable = head.suite === suite && open !== null && closed !== null
    return {
      storeId: Uint8Array.from(head.storeId),
      checkpoints: isUsable ? decodeCheckpoints(open, closed, suite) : null,
    }
  }

  async *scan(): AsyncGenerator<readonly ScannedRow[]> {
    let seq = 0
    for await (const page of this.#pages({ from: 0, to: Number.MAX_SAFE_INTEGER })) {
      const rows: ScannedRow[] = []
      for (const [key, bytes] of page) {
        const row = key === this.#keys.row + placeKey(seq) ? scanRow(bytes) : null
        if (row === null) return yield rows
        rows.push(row)
        seq += 1
      }
      yield rows
    }
  }

  async truncate(from: number): Promise<void> {
    for (const space of [this.#keys.row, this.#keys.blob]) {
      await this.#db.clear({ gte: space + placeKey(from), lt: space + AFTER_PLACES })
    }
  }

  async write({ head, atxs, checkpoints, withClosed }: SetBatch): Promise<void> {
    const batch = this.#db.batch()
    const { frame, curr, old, all, currSettling, oldSettling } = checkpoints
    if (head !== undefined) batch.put(this.#keys.head, AtxStoreHead.encode(head))
    const open = { frame, curr: encodeAccumulator(curr), settling: encodeSettling(currSettling) }
    batch.put(this.#keys.open, AtxOpenFrame.encode(open))
    if (withClosed) {
      const states = { old: encodeAccumulator(old), all: encodeAccumulator(all), settling: encodeSettling(oldSettling) }
      batch.put(this.#keys.closed, AtxClosedFrames.encode({ frame, ...states }))
    }
    for (const [at, { record, blob }] of atxs.entries()) {
      batch.put(this.#keys.row + placeKey(record.seq), encodeRow(record))
      batch.put(this.#keys.blob + placeKey(record.seq), blob)
      if (at % PUTS_PER_TURN === PUTS_PER_TURN - 1) await nextTurn()
    }
    try {
      await batch.write({ sync: atxs.some(({ record }) => record.source === 'local') })
    } catch (cause) {
      const advice = 'check free space and permissions of the home, then start the node again'
      throw new SyncError('store-failed', `the ATX set could not be written: ${advice}`, { cause })
    }
  }

  async record(seq: number): Promise<AtxRecord | null> {
    const row = readable(await this.#db.get(this.#keys.row + placeKey(seq)), AtxRow.decode)
    return row === null ? null : recordOf({ ...row, seq })
  }

  async records(range: Range): Promise<readonly AtxRecord[]> {
    const records: AtxRecord[] = []
    for await (const page of this.#pages(range)) {
      for (const [key, bytes] of page) {
        const row = readable(bytes, AtxRow.decode)
        if (row !== null) records.push(recordOf({ ...row, seq: Number.parseInt(key.slice(-PLACE_DIGITS), 16) }))
      }
    }
    return records
  }

  async blob(seq: number): Promise<Uint8Array | null> {
    return (await this.#db.get(this.#keys.blob + placeKey(seq))) ?? null
  }

  async recordsAt(seqs: readonly number[]): Promise<readonly (AtxRecord | null)[]> {
    const found = await this.#db.getMany(seqs.map((seq) => this.#keys.row + placeKey(seq)))
    return seqs.map((seq, at) => {
      const row = readable(found[at], AtxRow.decode)
      return row === null ? null : recordOf({ ...row, seq })
    })
  }

  async blobsAt(seqs: readonly number[]): Promise<readonly (Uint8Array | null)[]> {
    const found = await this.#db.getMany(seqs.map((seq) => this.#keys.blob + placeKey(seq)))
    return found.map((blob) => blob ?? null)
  }

  async *#pages({ from, to }: Range): AsyncGenerator<readonly [string, Uint8Array][]> {
    const { row } = this.#keys
    const bounds = { gte: row + placeKey(from), lt: row + placeKey(to) }
    const iterator = this.#db.iterator({ ...bounds, highWaterMarkBytes: SCAN_BYTES })
    try {
      for (;;) {
        const page = await iterator.nextv(SCAN_ROWS)
        if (page.length === 0) return
        yield page
      }
    } finally {
      await iterator.close()
    }
  }
}

/** A store over `db`, whose keys all start with `prefix`. */
export function createSetStore(db: SetDb, prefix: string): SetStore {
  return new LevelSetStore(db, prefix)
}
