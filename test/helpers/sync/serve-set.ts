/** A set and an intake in memory, for serves: blobs of any bytes, ids their SHA-256, inserted in the order they come. */
import { hash } from 'node:crypto'
import type { Hash } from '../../../src/domain.ts'
import type { Arrival, Intake, Verdict } from '../../../src/sync/intake/types.ts'
import type { AtxSet } from '../../../src/sync/set/types.ts'

export type FakeBlob = { readonly id: Hash; readonly blob: Uint8Array }

/** A blob that no other number has. */
export function fakeBlob(number: number, bytes = 64): FakeBlob {
  const blob = new Uint8Array(bytes)
  new DataView(blob.buffer).setUint32(0, number)
  return { id: hash('sha256', blob, 'hex'), blob }
}

export type FakeSet = Pick<AtxSet, 'storeId' | 'count' | 'has' | 'idsFrom' | 'blobs'> & {
  readonly ids: readonly Hash[]
  add(...blobs: readonly FakeBlob[]): void
  /** The blob is lost, its id is not. */
  lose(id: Hash): void
}

export function createFakeSet(blobs: readonly FakeBlob[] = [], storeId = new Uint8Array(16).fill(7)): FakeSet {
  const order: Hash[] = []
  const stored = new Map<Hash, Uint8Array | null>()
  const hexAt = (ids: Uint8Array, offset: number): Hash =>
    Buffer.from(ids.subarray(offset, offset + 32)).toString('hex')
  const set: FakeSet = {
    storeId,
    ids: order,
    get count() {
      return order.length
    },
    has: (ids, offset = 0) => stored.has(hexAt(ids, offset)),
    idsFrom: (fromSeq, limit) => Buffer.from(order.slice(fromSeq, fromSeq + limit).join(''), 'hex'),
    blobs: async (ids) => ids.map((id) => stored.get(id) ?? null),
    add(...added) {
      for (const { id, blob } of added) {
        if (stored.has(id)) continue
        stored.set(id, blob)
        order.push(id)
      }
    },
    lose: (id) => void stored.set(id, null),
  }
  set.add(...blobs)
  return set
}

export type FakeIntakeOptions = {
  /** Another verdict than that of the bytes. */
  readonly judge?: (arrival: Arrival) => Verdict | null
  /** What a call waits for. */
  readonly delay?: () => Promise<void>
  readonly rejected?: ReadonlySet<Hash>
}

export function createFakeIntake(
  set: FakeSet,
  options: FakeIntakeOptions = {},
): Intake & { readonly taken: Arrival[] } {
  const taken: Arrival[] = []
  const verdictOf = (arrival: Arrival): Verdict => {
    const judged = options.judge?.(arrival)
    if (judged !== null && judged !== undefined) return judged
    if (hash('sha256', arrival.blob, 'hex') !== arrival.id) return 'mismatch'
    if (set.has(Buffer.from(arrival.id, 'hex'))) return 'known'
    set.add(arrival)
    return 'inserted'
  }
  return {
    taken,
    async take(arrivals) {
      await options.delay?.()
      taken.push(...arrivals)
      return arrivals.map(verdictOf)
    },
    isRejected: (id) => options.rejected?.has(id) ?? false,
  }
}
