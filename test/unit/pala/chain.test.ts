/** What advancing the finalized head forgets (P13.1), beside a model that looks at every block. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hash } from '../../../src/domain.ts'
import { RETAINED_FINAL_BLOCKS } from '../../../src/pala/bounds.ts'
import { advanceFinalized, ancestry, type BlockTree, createTree, insertBlock } from '../../../src/pala/chain.ts'
import { CHAIN_ID, createCommittee, GENESIS_TIME, makeProposal } from '../../helpers/committee.ts'

const committee = createCommittee(1)

/** Puts a block above `parent`; forks differ by their slot. */
function grow(tree: BlockTree, parent: Hash, slot: number): Hash {
  const above = tree.entries.get(parent)
  if (above === undefined) throw new Error('the parent is in the tree')
  const header = { parentHash: parent, parentSn: above.ref.sn, height: above.ref.height + 1 }
  const proposal = makeProposal(committee, { sn: { session: 1, epoch: 1, s: slot }, parent: null, header })
  insertBlock(tree, proposal)
  return proposal.block.hash
}

/** Every block that neither leads to `head` nor descends from it, or is too old. */
function modelOf(tree: BlockTree, head: Hash) {
  const top = tree.entries.get(head)?.ref.height ?? 0
  const chainOf = (hash: Hash): Hash[] => [...ancestry(tree, hash)].map(({ ref }) => ref.hash)
  const below = new Set(chainOf(head))
  const isOnChain = (hash: Hash): boolean => below.has(hash) || chainOf(hash).includes(head)
  const lowest = top - RETAINED_FINAL_BLOCKS
  const all = [...tree.entries.values()].map(({ ref }) => ref)
  return {
    kept: all.filter(({ hash, height }) => isOnChain(hash) && height >= lowest).map(({ hash }) => hash),
    dead: all.filter(({ hash, height }) => !isOnChain(hash) && height > lowest).map(({ hash }) => hash),
  }
}

describe('advancing the finalized head', () => {
  test('keeps and forgets what the model does, in any tree', () => {
    // Each step grows blocks above some unfinal block or the head, then makes one of them final.
    const step = fc.record({ grown: fc.array(fc.nat(), { minLength: 1, maxLength: 12 }), final: fc.nat() })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        const tree = createTree(CHAIN_ID, GENESIS_TIME)
        let slot = 0
        for (const { grown, final } of steps) {
          for (const pick of grown) grow(tree, unfinal(tree)[pick % unfinal(tree).length] ?? tree.finalized, ++slot)
          const head = unfinal(tree)[final % unfinal(tree).length] ?? tree.finalized
          const { kept, dead } = modelOf(tree, head)
          expect(advanceFinalized(tree, head).sort()).toEqual(dead.sort())
          expect([...tree.entries.keys()].sort()).toEqual(kept.sort())
          const slots = [...tree.bySlot.values()].flatMap((hashes) => [...hashes])
          expect(slots.sort()).toEqual(kept.sort())
        }
      }),
      { numRuns: 40 },
    )
  })

  test(`of final blocks the latest ${RETAINED_FINAL_BLOCKS} and the head stay`, () => {
    const tree = createTree(CHAIN_ID, GENESIS_TIME)
    let head = CHAIN_ID
    for (let height = 1; height <= RETAINED_FINAL_BLOCKS + 40; height++) {
      head = grow(tree, head, height)
      if (height % 7 === 0) expect(advanceFinalized(tree, head)).toEqual([])
    }
    advanceFinalized(tree, head)
    const heights = [...tree.entries.values()].map(({ ref }) => ref.height)
    expect(heights).toHaveLength(RETAINED_FINAL_BLOCKS + 1)
    expect(Math.min(...heights)).toBe(40)
  })
})

/** The head and everything above it. */
function unfinal(tree: BlockTree): Hash[] {
  const head = tree.entries.get(tree.finalized)?.ref.height ?? 0
  return [...tree.entries.values()].filter(({ ref }) => ref.height >= head).map(({ ref }) => ref.hash)
}
