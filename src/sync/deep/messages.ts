/**
 * Payloads of `Deep` messages of scheme 1 (S12.3). A Negentropy message of version 1 (0x61) ends its sender's turn; with the
 * high bit of its first byte set (0xe1) it is one of several of the same turn, each of them a whole message. Three kinds are
 * ours and outside of Negentropy's versions (0x60 to 0x6f): 0x01 ids that you lack, more follow; 0x02 the number of ids that
 * I lacked, and the last ids that you lack; 0x03 the limit is reached, let us use lists.
 */
import { ID_BYTES } from '../set/types.ts'
import { FINGERPRINT_BYTES } from './id-index.ts'
import { type Bound, compareBounds, compareIds, compareToBound, LOWEST } from './ids.ts'
import { readVarint, writeVarint } from './varint.ts'

export const MESSAGE = 0x61
export const MESSAGE_OF_SEVERAL = 0xe1
export const LACKING = 0x01
export const LACKING_LAST = 0x02
export const LIMIT = 0x03

/** Modes of a range. */
export const SKIP = 0
export const FINGERPRINT = 1
export const ID_LIST = 2

/** A part of the space of ids, from the end of the range before it up to `upper`, and what the sender has there. */
export type Range = { readonly lower: Bound; readonly upper: Bound } & (
  | { readonly mode: 'skip' }
  | { readonly mode: 'fingerprint'; readonly fingerprint: Uint8Array }
  | { readonly mode: 'ids'; readonly ids: Uint8Array }
)

/** What is wrong with a payload, as a phrase. */
export type Fault = { readonly fault: string }

/** The ranges of a Negentropy message, one after the other; null behind the last. After a fault it must not be asked again. */
export function createRangeReader(payload: Uint8Array): { next(): Range | Fault | null } {
  let offset = 1
  let lower: Bound = LOWEST
  const number = (): number => {
    const read = readVarint(payload, offset)
    if (read === null) return -1
    offset = read.end
    return read.value
  }
  const take = (bytes: number): Uint8Array | null => {
    if (bytes > payload.byteLength - offset) return null
    offset += bytes
    return payload.subarray(offset - bytes, offset)
  }
  /** Undefined for what is none. All timestamps are 0, so a bound's is 0 (1 on the wire) or infinity (0). */
  const bound = (): Bound | undefined => {
    const timestamp = number()
    const length = number()
    if (length < 0 || length > ID_BYTES || timestamp < 0 || timestamp > 1) return undefined
    if (timestamp === 0) return length === 0 ? null : undefined
    return take(length) ?? undefined
  }
  return {
    next() {
      if (offset >= payload.byteLength) return null
      if (lower === null) return { fault: 'a range beyond the last' }
      const upper = bound()
      if (upper === undefined) return { fault: 'a bound that is none' }
      if (compareBounds(lower, upper) >= 0) return { fault: 'bounds that do not ascend' }
      const range = { lower, upper }
      lower = upper
      switch (number()) {
        case SKIP:
          return { ...range, mode: 'skip' }
        case FINGERPRINT: {
          const fingerprint = take(FINGERPRINT_BYTES)
          return fingerprint === null
            ? { fault: 'a fingerprint cut short' }
            : { ...range, mode: 'fingerprint', fingerprint }
        }
        case ID_LIST: {
          const count = number()
          const ids = count < 0 ? null : take(count * ID_BYTES)
          if (ids === null) return { fault: 'fewer ids than announced' }
          return areWithin(ids, range)
            ? { ...range, mode: 'ids', ids }
            : { fault: 'ids out of order or out of their range' }
        }
        default:
          return { fault: 'an unknown mode' }
      }
    },
  }
}

function areWithin(ids: Uint8Array, { lower, upper }: { readonly lower: Bound; readonly upper: Bound }): boolean {
  const count = ids.byteLength / ID_BYTES
  if (count === 0) return true
  return compareToBound(ids, 0, lower) >= 0 && compareToBound(ids, count - 1, upper) < 0 && areAscending(ids)
}

export function areAscending(ids: Uint8Array): boolean {
  for (let position = 1; position < ids.byteLength / ID_BYTES; position++) {
    if (compareIds(ids, position - 1, ids, position) >= 0) return false
  }
  return true
}

/** Writes a bound; returns the offset behind it. */
export function writeBound(bytes: Uint8Array, offset: number, bound: Bound): number {
  const at = writeVarint(bytes, offset, bound === null ? 0 : 1)
  const prefix = bound ?? LOWEST
  const start = writeVarint(bytes, at, prefix.byteLength)
  bytes.set(prefix, start)
  return start + prefix.byteLength
}
