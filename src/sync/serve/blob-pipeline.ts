/** The way of blobs from the set to the stream (S9.1): look up, keep within the budget, fill messages, pace, send. */
import { pipe } from 'it-pipe'
import type { Hash } from '../../domain.ts'
import type { Item } from '../messages.ts'
import { ID_BYTES } from '../set/types.ts'
import { hasBit } from './bitmap.ts'
import { ID_COST_BYTES, MESSAGE_BYTES } from './bounds.ts'
import { idAt } from './in-faults.ts'

/** A batch of which a client wants a part. `ids` are packed. */
export type WantedBatch = {
  readonly firstSeq: number
  readonly ids: Uint8Array
  readonly bitmap: Uint8Array
  /** Bytes of blobs that may be sent at most. */
  readonly budget: number
}

/** One message of blobs. `bytes` are those of its blobs; `cost` is what it takes of the rate. */
export type BlobMessage = {
  readonly firstSeq: number
  readonly items: readonly Item[]
  readonly uptoSeq: number
  readonly bytes: number
  readonly cost: number
}

export type BlobPipeline = {
  /** Null when the blob is not here. */
  readonly blob: (id: Hash) => Promise<Uint8Array | null>
  /** Resolves when so much may leave. */
  readonly pace: (cost: number) => Promise<void>
  /** False when the stream is gone. */
  readonly send: (message: BlobMessage) => Promise<boolean>
}

type Piece = { readonly seq: number; readonly item: Item | null; readonly bytes: number }

/** Sends the wanted blobs of a batch; resolves to whether the budget ended it. */
export async function sendBatch(batch: WantedBatch, { blob, pace, send }: BlobPipeline): Promise<boolean> {
  let sentTo = batch.firstSeq
  await pipe(
    pieces(batch, blob),
    (source) => withinBudget(source, batch.budget),
    (source) => intoMessages(source, batch.firstSeq),
    (source) => paced(source, pace),
    async (source) => {
      for await (const message of source) {
        if (!(await send(message))) return
        sentTo = message.uptoSeq
      }
    },
  )
  return sentTo < batch.firstSeq + count(batch)
}

function count({ ids }: WantedBatch): number {
  return ids.byteLength / ID_BYTES
}

/** Every place of the batch, with its blob where that is wanted. */
async function* pieces(batch: WantedBatch, blob: BlobPipeline['blob']): AsyncGenerator<Piece> {
  for (let index = 0; index < count(batch); index++) {
    const seq = batch.firstSeq + index
    if (hasBit(batch.bitmap, index)) yield { seq, ...(await itemOf(idAt(batch.ids, index), blob)) }
    else yield { seq, item: null, bytes: 0 }
  }
}

async function itemOf(id: Hash, blob: BlobPipeline['blob']): Promise<Omit<Piece, 'seq'>> {
  const bytes = await blob(id)
  if (bytes === null) return { item: { id, status: 'not-found' }, bytes: 0 }
  return { item: { id, status: 'ok', blob: bytes }, bytes: bytes.byteLength }
}

async function* withinBudget(source: AsyncIterable<Piece>, budget: number): AsyncGenerator<Piece> {
  let left = budget
  for await (const piece of source) {
    left -= piece.bytes
    if (left < 0) return
    yield piece
  }
}

/** Messages up to the size, and at the end one with the rest; a batch of which nothing is wanted is one message too. */
async function* intoMessages(source: AsyncIterable<Piece>, firstSeq: number): AsyncGenerator<BlobMessage> {
  let message = emptyMessage(firstSeq)
  for await (const { seq, item, bytes } of source) {
    if (message.bytes > 0 && message.bytes + bytes > MESSAGE_BYTES) {
      yield message
      message = emptyMessage(seq)
    }
    if (item !== null) message.items.push(item)
    message.uptoSeq = seq + 1
    message.bytes += bytes
    message.cost += item === null ? ID_COST_BYTES : bytes
  }
  if (message.uptoSeq > message.firstSeq) yield message
}

function emptyMessage(firstSeq: number) {
  return { firstSeq, items: [] as Item[], uptoSeq: firstSeq, bytes: 0, cost: 0 }
}

async function* paced(source: AsyncIterable<BlobMessage>, pace: BlobPipeline['pace']): AsyncGenerator<BlobMessage> {
  for await (const message of source) {
    await pace(message.cost)
    yield message
  }
}
