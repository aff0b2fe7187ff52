/**
 * A packed ascending list of ids with sums at regular places, so that the fingerprint of any range of it costs a few
 * additions and one hash however long the range is: no peer can make us go through the list again and again.
 */
import { assert } from '../../assert.ts'
import { ID_BYTES } from '../set/types.ts'
import { type Bound, compareIds, compareToBound } from './ids.ts'
import type { Steps } from './pace.ts'
import { writeVarint } from './varint.ts'

export const FINGERPRINT_BYTES = 16
/** Ids between two kept sums: 1 byte of sums for every 16 of ids. */
const STRIDE = 16
/** 256 bits as 32-bit lanes, lowest first. */
const LANES = 8
const LANE_SIZE = 2 ** 32
/** Ids that one step of building adds up: some tenths of a millisecond. */
const IDS_PER_STEP = 4_096
const MAX_VARINT_BYTES = 8

/** SHA-256. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

export type IdIndex = {
  readonly ids: Uint8Array
  readonly count: number
  /** The first position from `from` on whose id is not below the bound. */
  seek(bound: Bound, from: number): number
  /** Negentropy's fingerprint of the ids from position `from` up to `to`: of their sum mod 2^256 and their number. */
  fingerprint(from: number, to: number): Uint8Array
}

/** Builds the index of packed ids, which must ascend and must not change any more. */
export function* buildIdIndex(ids: Uint8Array, sha256: Sha256): Steps<IdIndex> {
  assert(ids.byteLength % ID_BYTES === 0, 'packed ids are 32 bytes each')
  const count = ids.byteLength / ID_BYTES
  const sums = new Uint32Array((Math.floor(count / STRIDE) + 1) * LANES)
  const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength)
  const lanes = new Float64Array(LANES)
  for (let position = 0; position < count; position++) {
    assert(position === 0 || compareIds(ids, position - 1, ids, position) < 0, 'packed ids ascend')
    addId(lanes, view, position)
    const next = position + 1
    if (next % STRIDE === 0) {
      carry(lanes)
      sums.set(lanes, (next / STRIDE) * LANES)
    }
    if (next % IDS_PER_STEP === 0) yield
  }
  return {
    ids,
    count,
    seek: (bound, from) => seek({ ids, count }, bound, from),
    fingerprint: createFingerprinter({ view, sums, sha256 }),
  }
}

function seek({ ids, count }: Pick<IdIndex, 'ids' | 'count'>, bound: Bound, from: number): number {
  if (bound === null) return count
  let [low, high] = [from, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareToBound(ids, middle, bound) < 0) low = middle + 1
    else high = middle
  }
  return low
}

type Sums = { readonly view: DataView; readonly sums: Uint32Array; readonly sha256: Sha256 }

function createFingerprinter({ view, sums, sha256 }: Sums): IdIndex['fingerprint'] {
  const lanes = new Float64Array(LANES)
  const input = new Uint8Array(ID_BYTES + MAX_VARINT_BYTES)
  const inputView = new DataView(input.buffer)
  const addRange = (from: number, to: number): void => {
    for (let position = from; position < to; position++) addId(lanes, view, position)
  }
  return (from, to) => {
    lanes.fill(0)
    const [first, last] = [Math.ceil(from / STRIDE), Math.floor(to / STRIDE)]
    if (first >= last) addRange(from, to)
    else {
      addRange(from, first * STRIDE)
      for (let i = 0; i < LANES; i++) {
        lanes[i] = (lanes[i] ?? 0) + (sums[last * LANES + i] ?? 0) - (sums[first * LANES + i] ?? 0)
      }
      addRange(last * STRIDE, to)
    }
    carry(lanes)
    for (let i = 0; i < LANES; i++) inputView.setUint32(4 * i, lanes[i] ?? 0, true)
    const length = writeVarint(input, ID_BYTES, to - from)
    return sha256(input.subarray(0, length)).subarray(0, FINGERPRINT_BYTES)
  }
}

/** Adds an id lane by lane; doubles hold the sum of two million lanes exactly, so carrying can wait. */
function addId(lanes: Float64Array, view: DataView, position: number): void {
  const offset = position * ID_BYTES
  for (let i = 0; i < LANES; i++) lanes[i] = (lanes[i] ?? 0) + view.getUint32(offset + 4 * i, true)
}

/** Brings every lane back into 32 bits; what leaves the highest one is dropped: mod 2^256. */
function carry(lanes: Float64Array): void {
  let carried = 0
  for (let i = 0; i < LANES; i++) {
    const sum = (lanes[i] ?? 0) + carried
    carried = Math.floor(sum / LANE_SIZE)
    lanes[i] = sum - carried * LANE_SIZE
  }
}
