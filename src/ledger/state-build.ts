/** The tree over a state on disk. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { leafChange, sortChanges } from './state-hash.ts'
import { StateTree } from './state-tree.ts'
import type { StateWrite } from './types.ts'

/** Builds the tree over all keys of a scan, page by page, and lets other work run in between. */
export async function buildTree(pages: AsyncIterable<readonly StateWrite[]>): Promise<StateTree> {
  const tree = new StateTree()
  for await (const page of pages) {
    tree.update(sortChanges(page.map(({ key, value }) => leafChange(key, value))))
    await nextTurn()
  }
  return tree
}
