/** I9: what the machine keeps up step by step must equal what a plain recomputation from its blocks gives. */
import type { Hash, PeerId } from '../../../src/domain.ts'
import type { BlockTree, TreeEntry } from '../../../src/pala/chain.ts'
import { compareSn, formatSn, snKey } from '../../../src/pala/sn.ts'
import type { State } from '../../../src/pala/types.ts'
import { demand } from './violation.ts'

/** Compares the notarized set, the freshest notarized head and the slot index with naive versions. */
export function demandDerived(node: PeerId, state: State): void {
  const { entries, bySlot, fnc } = state.tree
  const oldestFirst = [...entries.values()].sort((a, b) => a.ref.height - b.ref.height)
  const lowest = oldestFirst[0]?.ref.height ?? 0
  const notarized = new Set<Hash>()
  let freshest: TreeEntry | null = null
  for (const entry of oldestFirst) {
    const isRoot = entry.ref.height === lowest
    const counts = isRoot || (entry.notarization !== null && notarized.has(entry.parentHash))
    demand(entry.notarized === counts, 'I9', () => `${node}: ${formatSn(entry.ref.sn)} notarized is ${entry.notarized}`)
    demand(bySlot.get(snKey(entry.ref.sn))?.has(entry.ref.hash) === true, 'I9', () => `${node}: slot index`)
    if (!counts) continue
    notarized.add(entry.ref.hash)
    if (freshest === null || compareSn(entry.ref.sn, freshest.ref.sn) > 0) freshest = entry
  }
  demand(freshest?.ref.hash === fnc, 'I9', () => `${node}: FNC is not the freshest notarized block`)
  demandFinality(node, state)
}

/** F1 from scratch over every notarized block, capped at stop blocks (P16.6), and the session that a final stop block starts. */
function demandFinality(node: PeerId, { tree, sessions, epoch, halted }: State): void {
  if (halted) return
  let proven = 0
  for (const entry of tree.entries.values()) {
    const { sn, height } = entry.ref
    const k = sessions.get(sn.session)?.params.k ?? Number.POSITIVE_INFINITY
    if (entry.notarized && sn.s > k) proven = Math.max(proven, Math.min(height - k, stopHeight(tree, entry)))
  }
  const head = tree.entries.get(tree.finalized)
  const finalized = head?.ref.height ?? -1
  demand(finalized >= proven, 'I9', () => `${node}: ${proven} is provable, ${finalized} is final`)
  const isStopped = head?.stop?.hash === head?.ref.hash && head !== undefined
  const session = (head?.ref.sn.session ?? 0) + Number(isStopped)
  demand(epoch.current.session >= session, 'I9', () => `${node} is not in session ${session}, which has started`)
}

/** The height of the stop block at or below `from` in its session, read off the blocks; what left memory is below anyway. */
function stopHeight(tree: BlockTree, from: TreeEntry): number {
  for (let entry: TreeEntry | undefined = from; entry !== undefined; entry = tree.entries.get(entry.parentHash)) {
    if (entry.ref.sn.session !== from.ref.sn.session) break
    if (entry.stop?.hash === entry.ref.hash) return entry.ref.height
  }
  return from.stop?.height ?? Number.POSITIVE_INFINITY
}
