/** Cursors of serves on disk (S9.1, S13): how far this node came in the store of each server. A lost one costs ids, no blobs. */
import type { ClassicLevel } from 'classic-level'
import { u64be } from '../../crypto/tagged-hash.ts'
import type { Millis, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { MAX_CURSORS, RESUME_MS } from './bounds.ts'

/** The part of an opened `ClassicLevel<string, Uint8Array>` that is used. */
export type CursorDb = Pick<ClassicLevel<string, Uint8Array>, 'put' | 'del' | 'iterator'>

const PREFIX = 'atx/serve/'
const AFTER = '\uffff'
const STORE_ID_BYTES = 16
/** storeId(16) seq(8) savedAt(8). */
const ROW_BYTES = STORE_ID_BYTES + 16

/** A place in a server's store. */
export type Cursor = {
  readonly peer: PeerId
  /** 16 bytes. */
  readonly storeId: Uint8Array
  /** Everything below went through the intake. */
  readonly seq: number
}

type Row = Omit<Cursor, 'peer'> & { readonly savedAt: Millis }

export interface CursorStore {
  /** The place in this store of this peer, if it was saved in the last day; else 0. */
  read(place: Omit<Cursor, 'seq'>): number
  /** Remembers the place; one a peer. */
  save(cursor: Cursor): Promise<void>
}

/** Reads the cursors that are still of use and deletes the others. By peer and store: a peer may claim any store id. */
export async function openCursorStore(db: CursorDb, clock: Clock): Promise<CursorStore> {
  /** In the order of saving. */
  const rows = new Map<PeerId, Row>()
  const isFresh = ({ savedAt }: Row): boolean => clock.now() - savedAt < RESUME_MS

  async function load(): Promise<void> {
    const found: [PeerId, Row][] = []
    for await (const [key, value] of db.iterator({ gte: PREFIX, lt: PREFIX + AFTER })) {
      const row = parseRow(value)
      if (row !== null && isFresh(row)) found.push([key.slice(PREFIX.length), row])
      else await db.del(key)
    }
    for (const [peer, row] of found.sort(([, a], [, b]) => a.savedAt - b.savedAt)) rows.set(peer, row)
  }

  await load()
  return {
    read({ peer, storeId }) {
      const row = rows.get(peer)
      if (row === undefined || !isFresh(row) || Buffer.compare(row.storeId, storeId) !== 0) return 0
      return row.seq
    },
    async save({ peer, storeId, seq }) {
      const row = { storeId, seq, savedAt: Math.floor(clock.now()) }
      rows.delete(peer)
      rows.set(peer, row)
      await db.put(PREFIX + peer, Buffer.concat([storeId, u64be(seq), u64be(row.savedAt)]))
      const oldest = rows.keys().next().value
      if (rows.size <= MAX_CURSORS || oldest === undefined) return
      rows.delete(oldest)
      await db.del(PREFIX + oldest)
    },
  }
}

function parseRow(value: Uint8Array): Row | null {
  if (value.byteLength !== ROW_BYTES) return null
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  return {
    storeId: value.slice(0, STORE_ID_BYTES),
    seq: Number(view.getBigUint64(STORE_ID_BYTES)),
    savedAt: Number(view.getBigUint64(STORE_ID_BYTES + 8)),
  }
}
