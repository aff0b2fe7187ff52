/** Finalization by rule F1 (P13.1) and its consequences: what is delivered, pruned, forgotten. */
import { required } from '../../assert.ts'
import type { Hash } from '../../domain.ts'
import { advanceFinalized, ancestorAt, ancestry, descendsFrom, finalizedOf, fncOf, type TreeEntry } from '../chain.ts'
import { type Sn, snKey } from '../sn.ts'
import type { Block, BlockRef } from '../types.ts'
import { finalHeightBy } from './certificates.ts'
import { halt } from './halt.ts'
import { emit, persist, type Turn } from './turn.ts'

/** P13.1: makes final what the FNC head proves; delivers it after it is durable (P20.5). */
export function advanceFinality(turn: Turn): boolean {
  const { tree } = turn.state
  const height = provenHeight(turn)
  const before = finalizedOf(tree)
  if (height <= before.ref.height) return false
  const head = ancestorAt(tree, tree.fnc, height)
  if (head === null || !descendsFrom(tree, head.ref.hash, tree.finalized)) {
    halt(turn, 'conflicting-finality', `a notarized chain does not contain final block ${before.ref.hash}`)
    return false
  }
  finalize(turn, head, before)
  return true
}

/** The greatest height F1 proves on the freshest notarized chain, within what is kept. */
function provenHeight({ state }: Turn): number {
  const floor = finalizedOf(state.tree).ref.height
  for (const entry of ancestry(state.tree, fncOf(state.tree).ref.hash)) {
    if (entry.ref.height <= floor) return floor
    const height = finalHeightBy(state.sessions, entry)
    if (height !== null) return height
  }
  return floor
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
}

/** P5.3 refuses every block at or below the finalized head, so its locks have done their work. */
function dropLocks(locks: Map<string, Hash>, upTo: Sn): void {
  const bound = snKey(upTo)
  for (const slot of locks.keys()) if (slot <= bound) locks.delete(slot)
}
