/**
 * Ids that were found invalid for good (S8), on disk and in memory: never fetched again, never counted as gained. The least
 * recently used of more than {@link MAX_REJECTED} go. Only what is invalid for every node belongs here.
 */
import type { BatchOperation, ClassicLevel } from 'classic-level'
import type { Hash } from '../../domain.ts'
import { MAX_REJECTED } from './bounds.ts'

/** The part of an opened database that is used: text keys, byte values. */
export type RejectedDb = Pick<ClassicLevel<string, Uint8Array>, 'batch' | 'iterator'>
type Operation = BatchOperation<ClassicLevel<string, Uint8Array>, string, Uint8Array>

const PREFIX = 'sync/rejected/'
const AFTER = '\uffff'
const ID = /^[0-9a-f]{64}$/
const POSITION_BYTES = 8

export interface RejectedStore {
  readonly size: number
  /** Whether the id is rejected; it then counts as used. */
  has(id: Hash): boolean
  /** Resolves when the ids are on disk, in one batch with what they displace. */
  add(ids: readonly Hash[]): Promise<void>
}

/** Reads what is on disk; rows that are none are deleted. */
export async function openRejectedStore(db: RejectedDb, limit: number = MAX_REJECTED): Promise<RejectedStore> {
  const { ids, next, strays } = await load(db)
  /** Least recently used first. */
  const order = new Set<Hash>(ids)
  let position = next
  const displaced = displace(order, limit)
  const stale = [...strays, ...displaced.map((id) => PREFIX + id)].map((key): Operation => ({ type: 'del', key }))
  if (stale.length > 0) await db.batch(stale)

  return {
    get size() {
      return order.size
    },
    has(id) {
      if (!order.delete(id)) return false
      order.add(id)
      return true
    },
    async add(added) {
      const operations: Operation[] = []
      for (const id of added) {
        order.delete(id)
        order.add(id)
        operations.push({ type: 'put', key: PREFIX + id, value: encodePosition(position++) })
      }
      for (const id of displace(order, limit)) operations.push({ type: 'del', key: PREFIX + id })
      await db.batch(operations)
    },
  }
}

/** Takes the least recently used ids above `limit` out. */
function displace(order: Set<Hash>, limit: number): Hash[] {
  const gone: Hash[] = []
  for (const id of order) {
    if (order.size <= limit) break
    order.delete(id)
    gone.push(id)
  }
  return gone
}

async function load(db: RejectedDb): Promise<{ ids: Hash[]; next: number; strays: string[] }> {
  const rows: { id: Hash; position: number }[] = []
  const strays: string[] = []
  for await (const [key, value] of db.iterator({ gte: PREFIX, lt: PREFIX + AFTER })) {
    const id = key.slice(PREFIX.length)
    const position = value.byteLength === POSITION_BYTES ? Number(Buffer.from(value).readBigUInt64BE()) : Number.NaN
    if (ID.test(id) && Number.isSafeInteger(position)) rows.push({ id, position })
    else strays.push(key)
  }
  rows.sort((a, b) => a.position - b.position)
  return { ids: rows.map(({ id }) => id), next: (rows.at(-1)?.position ?? -1) + 1, strays }
}

function encodePosition(position: number): Uint8Array {
  const bytes = Buffer.alloc(POSITION_BYTES)
  bytes.writeBigUInt64BE(BigInt(position))
  return bytes
}
