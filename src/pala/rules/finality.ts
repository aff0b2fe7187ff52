/** Finalization by rule F1 (P13.1) and its consequences: what is delivered, pruned, forgotten. */
import { required } from '../../assert.ts'
import type { Hash } from '../../domain.ts'
import { advanceFinalized, ancestorAt, ancestry, descendsFrom, finalizedOf, type TreeEntry } from '../chain.ts'
import { type Sn, snKey } from '../sn.ts'
import type { Block, BlockRef } from '../types.ts'
import { finalHeightBy } from './certificates.ts'
import { halt } from './halt.ts'
import { startElected } from './session.ts'
import { emit, persist, type Turn } from './turn.ts'

/**
 * P13.1: makes final what newly notarized blocks prove, and delivers it after it is durable (P20.5). Any notarized block
 * counts, not only those below the FNC head: after a stop block the freshest head may stand beside the chain that proves
 * it final (P16.7), and F1 is safe for every certificate (P21.1).
 */
export function advanceFinality(turn: Turn, notarized: Iterable<TreeEntry>): void {
  const { state } = turn
  let best: TreeEntry | null = null
  let height = finalizedOf(state.tree).ref.height
  for (const entry of notarized) {
    const proven = finalHeightBy(state.sessions, entry)
    if (proven === null || proven <= height) continue
    best = entry
    height = proven
  }
  if (best === null) return
  const before = finalizedOf(state.tree)
  const head = ancestorAt(state.tree, best.ref.hash, height)
  const isOnChain = head !== null && descendsFrom(state.tree, head.ref.hash, state.tree.finalized)
  // With a third of the weight lying, two chains can both be proven: then nothing more is final here.
  if (head === null || !isOnChain || !descendsFrom(state.tree, state.tree.fnc, head.ref.hash)) {
    return halt(turn, 'conflicting-finality', `a notarized chain does not contain final block ${before.ref.hash}`)
  }
  finalize(turn, head, before)
}

/** After a restart: whatever the notarized blocks on disk prove. */
export function recheckFinality(turn: Turn): void {
  const above = [...turn.state.tree.entries.values()].filter((entry) => entry.notarized && entry.ref.height > 0)
  advanceFinality(turn, above)
}

function finalize(turn: Turn, head: TreeEntry, before: TreeEntry): void {
  const { state } = turn
  const refs: BlockRef[] = []
  const blocks: Block[] = []
  for (const entry of ancestry(state.tree, head.ref.hash)) {
    if (entry.ref.height <= before.ref.height) break
    refs.unshift(entry.ref)
    blocks.unshift(required(entry.proposal, 'a block above the finalized head has its body').block)
  }
  const dead = advanceFinalized(state.tree, head.ref.hash)
  for (const hash of [...dead, ...refs.map((ref) => ref.hash)]) {
    state.verdicts.delete(hash)
    state.votes.delete(hash)
  }
  state.unproductiveEpochs = 0
  dropLocks(state.voteLocks, head.ref.sn)
  dropLocks(state.proposeLocks, head.ref.sn)
  persist(
    turn,
    [
      { type: 'finalized', blocks: refs },
      { type: 'pruned', blocks: dead, locksUpTo: head.ref.sn },
    ],
    true,
  )
  emit(turn, { type: 'deliver', blocks })
  for (const block of blocks) if (block.header.isStop) startElected(turn, block)
}

/** P5.3 refuses every block at or below the finalized head, so its locks have done their work. */
function dropLocks(locks: Map<string, Hash>, upTo: Sn): void {
  const bound = snKey(upTo)
  for (const slot of locks.keys()) if (slot <= bound) locks.delete(slot)
}
