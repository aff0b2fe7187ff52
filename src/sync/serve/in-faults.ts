/** What a client finds wrong with a server's messages (S9.1): wrong places, ids or blobs it did not ask for, more than it asked. */

import { MAX_BLOB_BYTES } from '../intake/bounds.ts'
import type { Item } from '../messages.ts'
import { ID_BYTES } from '../set/types.ts'
import { countBits, hasBit } from './bitmap.ts'
import { BATCH_IDS, BATCHES_IN_FLIGHT } from './bounds.ts'
import type { Evidence, InBatch, InInput, InState } from './types.ts'

type Received<Type extends InInput['type']> = Omit<Extract<InInput, { readonly type: Type }>, 'now' | 'type'>
type Fault = { readonly evidence: Evidence; readonly reason: string }

/** Why ids are out of place; null when they are not. A server that does not know the place begins at 0 instead. */
export function idsFault(state: InState, { firstSeq, ids, totalSeq }: Received<'idsReceived'>): string | null {
  const count = ids.byteLength / ID_BYTES
  if (count === 0 || count > BATCH_IDS || !Number.isInteger(count)) return `${ids.byteLength} bytes of ids are no batch`
  if (state.batches.length >= BATCHES_IN_FLIGHT) return 'it offers more batches than it may at once'
  const isNext = state.nextSeq === null ? firstSeq === state.fromSeq || firstSeq === 0 : firstSeq === state.nextSeq
  if (!isNext) return `its ids start at ${firstSeq}, not at ${state.nextSeq ?? state.fromSeq}`
  const floor = state.nextSeq === null ? 0 : state.totalSeq
  if (totalSeq < Math.max(floor, firstSeq + count)) return `it says that its store ends at ${totalSeq}`
  return null
}

/** Why blobs are not the next of those that were asked for; null when they are. */
export function blobsFault(state: InState, { firstSeq, items, uptoSeq }: Received<'blobsReceived'>): Fault | null {
  const batch = state.batches[0]
  if (batch === undefined) return broken('it sends blobs that nobody asked for')
  if (firstSeq !== state.receivedTo) return broken(`its blobs start at ${firstSeq}, not at ${state.receivedTo}`)
  if (uptoSeq <= firstSeq || uptoSeq > batch.firstSeq + batch.count) return broken(`its blobs end at ${uptoSeq}`)
  const wanted = wantedIn(batch, firstSeq, uptoSeq)
  if (wanted.length !== items.length || items.some(({ id }, index) => id !== wanted[index])) {
    return broken('its blobs are not those that were asked for')
  }
  const sizes = items.map(sizeOf)
  if (sizes.some((size) => size > MAX_BLOB_BYTES)) return { evidence: 'E5', reason: 'one of its blobs is too big' }
  const bytes = sizes.reduce((sum, size) => sum + size, state.bytes)
  if (state.maxBytes > 0 && bytes > state.maxBytes) return broken('it sends more bytes than it was asked for')
  return null
}

/** Why an end is not believed; null when it is. */
export function endFault(state: InState, { complete, uptoSeq }: Received<'endReceived'>): string | null {
  const isDone = state.batches.length === 0 && state.receivedTo >= state.totalSeq
  if (complete && !isDone) return 'it says that all is sent while something is not'
  if (complete && state.nextSeq !== null && uptoSeq !== state.receivedTo)
    return `it says that it sent all up to ${uptoSeq}`
  return null
}

function wantedIn(batch: InBatch, firstSeq: number, uptoSeq: number): string[] {
  if (countBits(batch.bitmap) === 0) return []
  const wanted: string[] = []
  for (let index = firstSeq - batch.firstSeq; index < uptoSeq - batch.firstSeq; index++) {
    if (hasBit(batch.bitmap, index)) wanted.push(idAt(batch.ids, index))
  }
  return wanted
}

/** The id at a place of packed ids, as hex. */
export function idAt(ids: Uint8Array, index: number): string {
  const start = index * ID_BYTES
  return Buffer.from(ids.buffer, ids.byteOffset + start, ID_BYTES).toString('hex')
}

function sizeOf(item: Item): number {
  return item.status === 'ok' ? item.blob.byteLength : 0
}

function broken(reason: string): Fault {
  return { evidence: 'P', reason }
}
