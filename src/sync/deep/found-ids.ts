/** Ids that one side turned out to have and the other not: each turn adds an ascending list, and all together stay below a bound. */
import { createGrowingIds, type GrowingIds, mergeIds } from './ids.ts'
import type { Steps } from './pace.ts'

export type FoundIds = {
  /** Whether more were added than there may be; one that a peer makes us find twice counts twice. */
  readonly isOver: boolean
  beginTurn(): void
  /** Adds the id at `position` of a packed list; within a turn ids ascend. */
  add(ids: Uint8Array, position: number): void
  /** All of them, packed and ascending, each once. */
  merged(): Steps<Uint8Array>
}

export function createFoundIds(maxIds: number): FoundIds {
  const turns: GrowingIds[] = []
  let current = createGrowingIds()
  let count = 0
  return {
    get isOver() {
      return count > maxIds
    },
    beginTurn() {
      if (current.count > 0) current = createGrowingIds()
    },
    add(ids, position) {
      if (current.count === 0) turns.push(current)
      current.add(ids, position, position + 1)
      count++
    },
    merged: () => mergeIds(turns.map((turn) => turn.packed())),
  }
}
