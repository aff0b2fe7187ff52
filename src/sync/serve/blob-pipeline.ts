/** The way of blobs from the set to the stream (S9.1): look up, keep within the budget, fill messages, pace, send. */
import { pipe } from 'it-pipe'
import type { Hash } from '../../domain.ts'
import type { Item } from '../messages.ts'
import { ID_BYTES } from '../set/types.ts'
import { hasBit } from './bitmap.ts'
import { ID_COST_BYTES, MESSAGE_BYTES, READ_AT_ONCE } from './bounds.ts'
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
  /** In the order of the ids; null for a blob that is not here. */
  readonly blobs: (ids: readonly Hash[]) => Promise<readonly (Uint8Array | null)[]>
  /** Resolves when so much may leave. */
  readonly pace: (cost: number) => Promise<void>
  /** False when the stream is gone. */
  readonly send: (message: BlobMessage) => Promise<boolean>
}

type Piece = { readonly seq: number; readonly item: Item | null; readonly bytes: number }

/** Sends the wanted blobs of a batch; resolves to whether the budget ended it. */
export async function sendBatch(batch: WantedBatch, { blobs, pace, send }: BlobPipeline): Promise<boolean> {
  let sentTo = batch.firstSeq
  await pipe(
    pieces(batch, blobs),
    (source) => withinBudget(source, batch.budget),
    (source) => intoMessages(source, batch.firstSeq),
    oneAhead,
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
async function* pieces(batch: WantedBatch, blobs: BlobPipeline['blobs']): AsyncGenerator<Piece> {
  for (let from = 0; from < count(batch); from += READ_AT_ONCE) {
    const indexes = Array.from({ length: Math.min(READ_AT_ONCE, count(batch) - from) }, (_, i) => from + i)
    const wanted = indexes.filter((index) => hasBit(batch.bitmap, index))
    const ids = wanted.map((index) => idAt(batch.ids, index))
    const read = await blobs(ids)
    const items = new Map(wanted.map((index, at) => [index, itemOf(ids[at] as Hash, read[at] ?? null)]))
    for (const index of indexes) yield { seq: batch.firstSeq + index, ...(items.get(index) ?? NOTHING) }
  }
}

const NOTHING = { item: null, bytes: 0 }

function itemOf(id: Hash, blob: Uint8Array | null): Omit<Piece, 'seq'> {
  if (blob === null) return { item: { id, status: 'not-found' }, bytes: 0 }
  return { item: { id, status: 'ok', blob }, bytes: blob.byteLength }
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

/** Reads the next message while one waits for its turn: the disk's time is then not the rate's. */
async function* oneAhead(source: AsyncGenerator<BlobMessage>): AsyncGenerator<BlobMessage> {
  let next = source.next()
  try {
    for (;;) {
      const { value, done } = await next
      if (done === true) return
      next = source.next()
      // Awaited in the next turn; meanwhile nobody watches it.
      next.catch(() => undefined)
      yield value
    }
  } finally {
    await source.return(undefined)
  }
}

async function* paced(source: AsyncIterable<BlobMessage>, pace: BlobPipeline['pace']): AsyncGenerator<BlobMessage> {
  for await (const message of source) {
    await pace(message.cost)
    yield message
  }
}
