/** The set as it was at an instant (S7.1): lists and lookups over the append-only order, cut at the freeze. */
import { setLatest } from '../../machine/latest.ts'
import type { FrameRanges } from './frame-ranges.ts'
import type { IdIndex } from './id-index.ts'
import type { SortedOrders } from './sorted-orders.ts'
import { type Accumulator, type FrameList, type FrozenView, ID_BYTES } from './types.ts'

export type FrozenParts = {
  readonly frame: number
  readonly freezeSeq: number
  readonly known: Accumulator
  readonly index: IdIndex
  readonly ranges: FrameRanges
  readonly orders: SortedOrders
}

export function createFrozenView({ frame, freezeSeq, known, index, ranges, orders }: FrozenParts): FrozenView {
  return {
    frame,
    freezeSeq,
    known: () => known.copy(),
    has(ids, offset = 0) {
      const seq = index.find(ids, offset)
      return seq >= 0 && seq < freezeSeq
    },
    async list(back): Promise<FrameList> {
      const range = ranges.range(frame - back, freezeSeq)
      const count = range.to - range.from
      const order = count === 0 ? new Uint32Array(0) : await orders.order(range)
      const recent = createRecentChunks()
      return {
        frame: frame - back,
        count,
        chunks(idsPerChunk) {
          const parts = { index, order, below: freezeSeq, count, idsPerChunk }
          return order.length === count ? wholeChunksOf(parts, recent) : chunksOf(parts)
        },
      }
    },
  }
}

type ListParts = {
  readonly index: IdIndex
  readonly order: Uint32Array
  /** Places from here on came after the freeze and are passed over. */
  readonly below: number
  readonly count: number
  readonly idsPerChunk: number
}

/** Chunks made lately: a session sends its list and walks it beside the peer's, both at about the same place. */
const MAX_RECENT = 32

type RecentChunks = { get(at: number, ids: number, make: () => Uint8Array): Uint8Array }

function createRecentChunks(): RecentChunks {
  const chunks = new Map<number, Uint8Array>()
  return {
    get(at, ids, make) {
      const known = chunks.get(at)
      if (known?.length === ids * ID_BYTES) return known
      const chunk = make()
      setLatest(chunks, [at, chunk], MAX_RECENT)
      return chunk
    },
  }
}

/** Where all places of the order are in the list: a chunk's place is known without those before it. */
function* wholeChunksOf({ index, order, count, idsPerChunk }: ListParts, recent: RecentChunks): Generator<Uint8Array> {
  for (let at = 0; at < count; at += idsPerChunk) {
    const ids = Math.min(idsPerChunk, count - at)
    yield recent.get(at, ids, () => {
      const chunk = new Uint8Array(ids * ID_BYTES)
      for (let i = 0; i < ids; i++) index.copy(order[at + i] as number, chunk, i * ID_BYTES)
      return chunk
    })
  }
}

function* chunksOf({ index, order, below, count, idsPerChunk }: ListParts): Generator<Uint8Array> {
  let at = 0
  for (let left = count; left > 0; ) {
    const chunk = new Uint8Array(Math.min(left, idsPerChunk) * ID_BYTES)
    for (let offset = 0; offset < chunk.length; at++) {
      const seq = order[at] as number
      if (seq >= below) continue
      index.copy(seq, chunk, offset)
      offset += ID_BYTES
    }
    left -= chunk.length / ID_BYTES
    yield chunk
  }
}
