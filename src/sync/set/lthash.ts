/**
 * LtHash16 (S3.5): an id is stretched to 1024 lanes of 16 bits, and a set is the lane-wise sum of its ids. Adding an id,
 * uniting disjoint sets and taking one away are sums; finding two sets with one sum is hard.
 */
import { createHash } from 'node:crypto'
import { endianness } from 'node:os'
import { assert } from '../../assert.ts'
import { ID_BYTES } from './types.ts'

/** Bytes of a sum: 1024 lanes, little endian. */
export const LANE_BYTES = 2_048
const WORDS = LANE_BYTES / 4
const DOMAIN = 'atxsync/lthash16/v1'
const LOW_BITS = 0x7fff7fff
const TOP_BITS = 0x80008000

/** Lanes, two in each word. Their bytes are the wire's on a little-endian machine; Node runs on few others. */
export type Lanes = Int32Array<ArrayBuffer>

export function emptyLanes(): Lanes {
  assert(
    endianness() === 'LE',
    'lanes lie in memory as on the wire: this machine is big-endian, which is not supported',
  )
  return new Int32Array(WORDS)
}

/** Not the one-shot `hash`, whose output length Node 22 does not let one choose. */
const STRETCH = { outputLength: LANE_BYTES } as const
const input = Buffer.alloc(DOMAIN.length + ID_BYTES)
input.write(DOMAIN, 'ascii')
const aligned = new Int32Array(WORDS)
const alignedBytes = new Uint8Array(aligned.buffer)

/** The lanes of the id at `offset`; good until the next call. Stretching takes 7 us, ten times the addition. */
export function lift(ids: Uint8Array, offset: number): Lanes {
  input.set(ids.subarray(offset, offset + ID_BYTES), DOMAIN.length)
  alignedBytes.set(createHash('shake128', STRETCH).update(input).digest())
  return aligned
}

/** Adds lane by lane, mod 2^16, two lanes at a time: the top bit of each is added without its carry. */
export function addLanes(sum: Lanes, other: Lanes): void {
  for (let at = 0; at < WORDS; at++) {
    const a = sum[at] as number
    const b = other[at] as number
    sum[at] = ((a & LOW_BITS) + (b & LOW_BITS)) ^ ((a ^ b) & TOP_BITS)
  }
}

/** Subtracts lane by lane, mod 2^16: the top bit of each lane is set first, so that no lane borrows from the next. */
export function subtractLanes(sum: Lanes, other: Lanes): void {
  for (let at = 0; at < WORDS; at++) {
    const a = sum[at] as number
    const b = other[at] as number
    sum[at] = ((a | TOP_BITS) - (b & LOW_BITS)) ^ ((a ^ ~b) & TOP_BITS)
  }
}
