/** Our list of one timeframe as messages (S7.2): its chunks, then its end with the digest. */
import { pipe } from 'it-pipe'
import type { SyncMessage } from '../messages.ts'
import type { FrameList } from '../set/types.ts'
import { createListDigest } from './digest.ts'

export type ListMessage = Extract<SyncMessage, { type: 'ids' | 'frameEnd' }>

/** Lazily: a chunk is read from the view when its turn to leave has come. */
export function listMessages(list: FrameList, { back, chunkIds }: { back: number; chunkIds: number }) {
  const hash = createListDigest()
  const digested = function* (chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
    for (const ids of chunks) {
      hash.update(ids)
      yield ids
    }
  }
  const framed = function* (chunks: Iterable<Uint8Array>): Generator<ListMessage> {
    let index = 0
    for (const ids of chunks) yield { type: 'ids', index: index++, ids }
    yield { type: 'frameEnd', back, count: list.count, digest: hash.digest() }
  }
  return pipe(list.chunks(chunkIds), digested, framed)
}
