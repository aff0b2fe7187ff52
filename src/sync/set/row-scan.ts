/**
 * Reads of a stored row only what memory keeps. Opening reads a million of them, and the generated decoder allocates six
 * objects outside of the heap for each: that was half of the time and twice the memory of what is kept.
 */
import { ID_BYTES } from './types.ts'

/** The part of a row that memory keeps; its bytes are views of the row's. */
export type ScannedRow = {
  readonly id: Uint8Array
  readonly publisher: Uint8Array
  readonly publishEpoch: number
  readonly frame: number
  readonly committedAt: number
  readonly receivedAt: number
}

/** Numbers of AtxRow's fields (atx-store.proto). */
const FIELD = { id: 1, publisher: 2, publishEpoch: 3, frame: 8, committedAt: 9, receivedAt: 10 } as const
const FIELDS = 16
const VARINT = 0
const BYTES = 2
/** Above this a number is not exact, and none of ours. */
const MAX_VARINT_BYTES = 8

/** Null for bytes that are no row. */
export function scanRow(row: Uint8Array): ScannedRow | null {
  const reader = { at: 0 }
  const numbers = new Array<number>(FIELDS).fill(0)
  let id: Uint8Array | null = null
  let publisher: Uint8Array | null = null
  while (reader.at < row.byteLength) {
    const tag = readVarint(row, reader)
    const value = readVarint(row, reader)
    const field = Math.floor(tag / 8)
    if (Number.isNaN(value)) return null
    if (tag % 8 === VARINT) {
      if (field < FIELDS) numbers[field] = value
      continue
    }
    const end = reader.at + value
    if (tag % 8 !== BYTES || end > row.byteLength) return null
    if (field === FIELD.id) id = row.subarray(reader.at, end)
    else if (field === FIELD.publisher) publisher = row.subarray(reader.at, end)
    reader.at = end
  }
  if (id?.byteLength !== ID_BYTES || publisher?.byteLength !== ID_BYTES) return null
  const [publishEpoch = 0, frame = 0] = [numbers[FIELD.publishEpoch], numbers[FIELD.frame]]
  const [committedAt = 0, receivedAt = 0] = [numbers[FIELD.committedAt], numbers[FIELD.receivedAt]]
  return { id, publisher, publishEpoch, frame, committedAt, receivedAt }
}

/** NaN when it does not end, or is too large. */
function readVarint(row: Uint8Array, reader: { at: number }): number {
  let value = 0
  for (let shift = 1, count = 0; count < MAX_VARINT_BYTES; shift *= 128, count++) {
    const byte = row[reader.at++] ?? Number.NaN
    value += (byte % 128) * shift
    if (!(byte >= 128)) return value
  }
  return Number.NaN
}
