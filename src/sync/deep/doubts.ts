/** Ids of this side that the peer may lack: a few are remembered, of more only that they are many. */
import { createGrowingIds } from './ids.ts'

/** What is remembered of one scope: 128 KiB of ids. */
const MAX_DOUBTS = 4_096

export type Doubts = {
  /** The peer may lack the ids from position `from` up to `to` of this side's index. */
  add(from: number, to: number): void
  /** They all, packed and ascending, each once, out of the ids of the index; null when they are too many. */
  packed(ids: Uint8Array): Uint8Array | null
}

export function createDoubts(): Doubts {
  const positions = new Set<number>()
  let isOver = false
  return {
    add(from, to) {
      isOver ||= positions.size + to - from > MAX_DOUBTS
      for (let position = from; position < to && !isOver; position++) positions.add(position)
    },
    packed(ids) {
      if (isOver) return null
      const packed = createGrowingIds()
      for (const position of [...positions].sort((a, b) => a - b)) packed.add(ids, position, position + 1)
      return packed.packed()
    },
  }
}
