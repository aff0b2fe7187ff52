/** Membership in our own list of a timeframe, asked in ascending order (S7.2): both lists are walked once, side by side. */
import { compareIds } from '../set/packed-ids.ts'
import { type FrameList, ID_BYTES } from '../set/types.ts'

/** Answers for ids that ascend from question to question. */
export function createOwnFrame(list: FrameList, chunkIds: number): (ids: Uint8Array, offset: number) => boolean {
  const chunks = list.chunks(chunkIds)[Symbol.iterator]()
  let chunk: Uint8Array | null = null
  let at = 0
  const advance = (): void => {
    const { value, done } = chunks.next()
    chunk = done === true ? null : value
    at = 0
  }
  advance()
  return (ids, offset) => {
    while (chunk !== null) {
      const order = compareIds(chunk, at, ids, offset)
      if (order >= 0) return order === 0
      at += ID_BYTES
      if (at >= chunk.length) advance()
    }
    return false
  }
}
