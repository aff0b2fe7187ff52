/** How the initiator ends: it tells the responder which of its ids that one lacks, in payloads of ours (see messages.ts). */
import { ID_BYTES } from '../set/types.ts'
import { compareIds, createGrowingIds } from './ids.ts'
import { areAscending, type Fault, LACKING, LACKING_LAST } from './messages.ts'
import { readVarint, writeVarint } from './varint.ts'

const MAX_HEAD_BYTES = 9

/** Packed ascending ids in payloads of at most `frameBytes`; `learned` is the number of ids that this side lacked. */
export function encodeLacking(ids: Uint8Array, learned: number, frameBytes: number): Uint8Array[] {
  const head = new Uint8Array(MAX_HEAD_BYTES)
  head[0] = LACKING_LAST
  const lastHead = head.subarray(0, writeVarint(head, 1, learned))
  const perPayload = Math.floor((frameBytes - 1) / ID_BYTES) * ID_BYTES
  const payloads: Uint8Array[] = []
  let offset = 0
  for (; lastHead.byteLength + ids.byteLength - offset > frameBytes; offset += perPayload) {
    payloads.push(payload(Uint8Array.of(LACKING), ids.subarray(offset, offset + perPayload)))
  }
  return [...payloads, payload(lastHead, ids.subarray(offset))]
}

function payload(head: Uint8Array, ids: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.byteLength + ids.byteLength)
  bytes.set(head)
  bytes.set(ids, head.byteLength)
  return bytes
}

export type LackingReader = {
  /** Whether a payload has come. */
  readonly hasBegun: boolean
  /** Whether the last one has come, and how many ids the initiator lacked by its own word; null before. */
  read(payload: Uint8Array): Fault | { readonly isLast: boolean; readonly learned: number }
  /** The ids so far, packed and ascending. */
  packed(): Uint8Array
}

/** Reads the payloads one after the other; more than `maxIds` ids, or claimed ids, are a fault: the initiator had to stop before. */
export function createLackingReader(maxIds: number): LackingReader {
  const all = createGrowingIds()
  let hasBegun = false
  return {
    get hasBegun() {
      return hasBegun
    },
    read(payload) {
      hasBegun = true
      const isLast = payload[0] === LACKING_LAST
      const number = isLast ? readVarint(payload, 1) : { value: 0, end: 1 }
      if (number === null) return { fault: 'a number that is none' }
      const ids = payload.subarray(number.end)
      const count = ids.byteLength / ID_BYTES
      if (!Number.isInteger(count)) return { fault: 'an id cut short' }
      if (!isLast && count === 0) return { fault: 'no ids, and more to follow' }
      if (Math.max(all.count + count, number.value) > maxIds) return { fault: `more than ${maxIds} ids` }
      const follows = all.count === 0 || count === 0 || compareIds(all.packed(), all.count - 1, ids, 0) < 0
      if (!follows || !areAscending(ids)) return { fault: 'ids out of order' }
      all.add(ids, 0, count)
      return { isLast, learned: number.value }
    },
    packed: () => all.packed(),
  }
}
