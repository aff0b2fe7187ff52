/**
 * The queue of wanted ids on disk (S13), best effort: after a restart fetching goes on without a new session. Whatever
 * cannot be read is left out; sessions find it again.
 */
import type { BatchOperation, ClassicLevel } from 'classic-level'
import type { Hash } from '../../domain.ts'
import { AtxWantRow } from '../../protocols/wire/atx-fetch-store.gen.ts'
import { FETCH_TRIES, MAX_WANTED, STORED_TOGETHER } from './bounds.ts'
import type { RestoredWant } from './types.ts'

/** The part of an opened database that is used: text keys, byte values. */
export type FetchDb = Pick<ClassicLevel<string, Uint8Array>, 'batch' | 'iterator'>
type Operation = BatchOperation<ClassicLevel<string, Uint8Array>, string, Uint8Array>

const PREFIX = 'sync/want/'
const AFTER = '\uffff'
const ID = /^[0-9a-f]{64}$/

export interface FetchStore {
  /** What was wanted when this node stopped; rows that are none, or too many, are deleted. */
  load(): Promise<readonly RestoredWant[]>
  /** Writes what changed, in portions; null for an id that is not wanted any more. */
  write(changed: Iterable<readonly [Hash, RestoredWant | null]>): Promise<void>
}

/** The queue in an opened database. */
export function createFetchStore(db: FetchDb): FetchStore {
  /** Ids that have a row, so that what came and went between two writes costs none. */
  const stored = new Set<Hash>()

  function operationFor(id: Hash, want: RestoredWant | null): Operation[] {
    if (want !== null) {
      stored.add(id)
      return [{ type: 'put', key: PREFIX + id, value: encode(want) }]
    }
    return stored.delete(id) ? [{ type: 'del', key: PREFIX + id }] : []
  }

  return {
    async load() {
      const wants: RestoredWant[] = []
      const strays: Operation[] = []
      for await (const [key, value] of db.iterator({ gte: PREFIX, lt: PREFIX + AFTER })) {
        const want = wants.length < MAX_WANTED ? decode(key.slice(PREFIX.length), value) : null
        if (want === null) strays.push({ type: 'del', key })
        else {
          stored.add(want.id)
          wants.push(want)
        }
      }
      if (strays.length > 0) await db.batch(strays)
      return wants
    },
    async write(changed) {
      let operations: Operation[] = []
      for (const [id, want] of changed) {
        operations.push(...operationFor(id, want))
        if (operations.length < STORED_TOGETHER) continue
        await db.batch(operations)
        operations = []
      }
      if (operations.length > 0) await db.batch(operations)
    },
  }
}

function encode({ tries, claims }: RestoredWant): Uint8Array {
  return AtxWantRow.encode({
    tries,
    claims: claims.map(({ peer, frame }) => (frame === null ? { peer } : { peer, frame })),
  })
}

function decode(id: string, value: Uint8Array): RestoredWant | null {
  if (!ID.test(id)) return null
  try {
    const { tries, claims } = AtxWantRow.decode(value)
    if (tries >= FETCH_TRIES || claims.length === 0) return null
    return { id, tries, claims: claims.map(({ peer, frame }) => ({ peer, frame: frame ?? null })) }
  } catch {
    return null
  }
}
