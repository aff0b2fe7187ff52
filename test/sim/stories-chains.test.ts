/** Tables of spec/pala.md on real runs: finality 13.4, embedded certificates 5.2, timeout blocks 15.3, freshest chain 23.5. */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/domain.ts'
import { ancestry, finalizedOf, type TreeEntry } from '../../src/pala/chain.ts'
import { compareSn } from '../../src/pala/sn.ts'
import type { Block } from '../../src/pala/types.ts'
import { showSn } from '../helpers/sim/describe.ts'
import { all, createStory, type Story } from '../helpers/sim/story.ts'

const VOTERS = ['V1', 'V2', 'V3']

/** Blocks of the chain that ends in the freshest block a node stores, oldest first. */
function chainOf(story: Story, node: PeerId): Block[] {
  const { disk, state } = story.world.node(node)
  const { tree } = state
  const tip = [...tree.entries.values()].sort((a, b) => compareSn(a.ref.sn, b.ref.sn)).at(-1)
  // Final blocks leave their bodies to the disk.
  const bodyOf = ({ proposal, ref }: TreeEntry) => proposal?.block ?? disk.storedBlock(ref.hash)?.proposal.block ?? []
  const chain = [...ancestry(tree, tip?.ref.hash ?? '')].flatMap(bodyOf)
  return chain.reverse()
}

/** P13.2: a block stored 2k slots above in the same epoch carries the certificate that makes one final; first blocks do not. */
function finalByF2(chain: readonly Block[], k: number): string {
  let final = 'genesis'
  for (const { header, notarizations } of chain) {
    if (header.sn.s <= 2 * k) continue
    const carried = notarizations[0]?.sn
    if (carried?.epoch === header.sn.epoch) final = showSn({ ...header.sn, s: header.sn.s - 2 * k })
  }
  return final
}

function finalByF1(story: Story, node: PeerId): string {
  const { ref } = finalizedOf(story.world.node(node).state.tree)
  return ref.height === 0 ? 'genesis' : showSn(ref.sn)
}

const finals = (story: Story, node: PeerId, k: number): readonly [string, string] => [
  finalByF1(story, node),
  finalByF2(chainOf(story, node), k),
]

/** What a block embeds, in the slides' notation. */
function embedded({ notarizations, clockNotarization }: Block): string {
  const notas = notarizations.map(({ sn }) => `n${showSn(sn)}`)
  return [...notas, ...(clockNotarization === null ? [] : [`cn(${clockNotarization.target.epoch})`])].join(' ')
}

/** P1 leads epoch 1, nobody epochs 2 to 4, P2 epoch 5. */
function tableStory(): Story {
  return createStory({
    proposers: ['P1', 'P2', 'P3'],
    voters: VOTERS,
    leaders: ['P1', 'P3', 'P3', 'P3', 'P2'],
    params: { k: 2 },
  })
}

describe('13.4 finality and 5.2 embedded certificates, k = 2', () => {
  it('each row of both tables', () => {
    const story = tableStory()
    story.note(
      'Finality, k = 2: a block is final when the k-th block above it in its epoch is notarized (F1). P1 leads epoch 1, nobody',
    )
    story.note(
      'epochs 2 to 4, P2 epoch 5: (5,1) follows (1,4) and carries the certificates of (1,3) and (1,4) and of epoch 5.',
    )
    const rows: Array<readonly [string, string, string]> = []
    const look = (label: string): void => {
      story.run()
      rows.push([label, ...finals(story, 'V1', 2)])
    }
    const next = (label: string): void => {
      story.poke(story.state('V1').endsWith('/1') ? 'P1' : 'P2')
      look(label)
    }
    story.run()
    next('(1,2)')
    next('(1,3)')
    next('(1,4)')
    story.cut([...VOTERS, 'P2'], ['P1'], ['P3'])
    story.until(() => VOTERS.every((name) => story.state(name) === '(5,1)/5'), 120_000)
    look('(5,1)')
    for (const label of ['(5,2)', '(5,3)', '(5,4)']) next(label)
    story.hold({ types: ['vote'] })
    next('(5,5) not yet notarized')
    story.release()
    look('(5,5)')
    next('(5,6)')
    expect(rows).toEqual([
      ['(1,2)', 'genesis', 'genesis'],
      ['(1,3)', '(1,1)', 'genesis'],
      ['(1,4)', '(1,2)', 'genesis'],
      ['(5,1)', '(1,2)', 'genesis'],
      ['(5,2)', '(1,2)', 'genesis'],
      ['(5,3)', '(5,1)', 'genesis'],
      ['(5,4)', '(5,2)', 'genesis'],
      ['(5,5) not yet notarized', '(5,2)', '(5,1)'],
      ['(5,5)', '(5,3)', '(5,1)'],
      ['(5,6)', '(5,4)', '(5,2)'],
    ])
    expect(chainOf(story, 'V1').map((block) => `${showSn(block.header.sn)} ${embedded(block)}`.trim())).toEqual([
      '(1,1)',
      '(1,2)',
      '(1,3) n(1,1)',
      '(1,4) n(1,2)',
      '(5,1) n(1,3) n(1,4) cn(5)',
      '(5,2)',
      '(5,3) n(5,1)',
      '(5,4) n(5,2)',
      '(5,5) n(5,3)',
      '(5,6) n(5,4)',
    ])
    story.tell('finality-table')
  })
})

describe('15.3 a chain of timeout blocks alone finalizes nothing, k = 2', () => {
  it('(5,4)(6,1)(7,1)(8,1)(9,1)..(9,5)', () => {
    const story = createStory({
      proposers: ['P0', 'P1'],
      voters: VOTERS,
      leaders: ['P0', 'P0', 'P0', 'P0', 'P1'],
      params: { k: 2 },
    })
    story.note(
      'Timeout blocks, k = 2: the first blocks of epochs 6, 7, 8, 9 are notarized one after the other, and alone they make',
    )
    story.note('nothing final. Finality moves again with the third block of epoch 9, and takes all of them with it.')
    const rows: Array<readonly [string, string, string]> = []
    const reach = (slot: string): void => {
      if (!slot.endsWith(',1)')) story.poke('P1')
      story.until(() => VOTERS.every((name) => story.state(name).startsWith(slot)), 120_000)
      story.run()
      rows.push([slot, ...finals(story, 'V1', 2)])
    }
    story.cut([...VOTERS, 'P1'], ['P0'])
    for (const slot of ['(5,1)', '(5,2)', '(5,3)', '(5,4)', '(6,1)', '(7,1)', '(8,1)', '(9,1)']) reach(slot)
    for (const slot of ['(9,2)', '(9,3)', '(9,4)', '(9,5)']) reach(slot)
    expect(rows.slice(3)).toEqual([
      ['(5,4)', '(5,2)', 'genesis'],
      ['(6,1)', '(5,2)', 'genesis'],
      ['(7,1)', '(5,2)', 'genesis'],
      ['(8,1)', '(5,2)', 'genesis'],
      ['(9,1)', '(5,2)', 'genesis'],
      ['(9,2)', '(5,2)', 'genesis'],
      ['(9,3)', '(9,1)', 'genesis'],
      ['(9,4)', '(9,2)', 'genesis'],
      ['(9,5)', '(9,3)', '(9,1)'],
    ])
    story.tell('timeout-blocks')
  })
})

const HUBS = ['P1', 'P2', 'P3', 'P4']

/** (1,1) everywhere, (1,2) to (1,4) certified for P1, V1 and P4 only; then (2,1) on (1,1) by V2 and V3. */
function forkedStory(leaderOfThree: PeerId, ...about: readonly string[]): Story {
  const story = createStory({
    proposers: HUBS,
    voters: VOTERS,
    leaders: ['P1', 'P2', leaderOfThree],
    params: { k: 4 },
  })
  for (const line of about) story.note(line)
  story.note('A row says for each node: freshest notarized block (epoch,s) / local epoch. k is 4.')
  story.run()
  story.hold({ types: ['notarization'], to: ['V2', 'V3', 'P2', 'P3'] })
  for (let i = 0; i < 3; i++) {
    story.poke('P1')
    story.run()
  }
  expect(['P1', 'P4', 'V1', 'V2', 'P3'].map(story.state)).toEqual([
    '(1,4)/1',
    '(1,4)/1',
    '(1,4)/1',
    '(1,1)/1',
    '(1,1)/1',
  ])
  story.hold()
  story.cut(['V2', 'V3', 'P2', 'P3'], ['V1', 'P4'], ['P1'])
  story.until(() => ['V2', 'V3', 'P3'].every((name) => story.state(name) === '(2,1)/2'))
  return story
}

const APART = { V1: '(1,4)/1', P1: '(1,4)/1', P4: '(1,4)/1' }

describe('23.5 freshest is not longest, k = 4', () => {
  it('E0 to E4: a voter on the longer chain catches up and votes on the fresher one', () => {
    const story = forkedStory(
      'P3',
      'Freshest is not longest: (1,1) to (1,4) on one branch, (2,1) on (1,1) on the other. P3 knows both and builds (3,1) on',
      '(2,1), the fresher one (E2). V1 has only the longer one: it parks the proposal, fetches (2,1), and votes (E3).',
    )
    story.release({ to: ['P3'] })
    story.row('E0', { ...APART, ...all(['V2', 'V3', 'P2', 'P3'], '(2,1)/2') })
    const { tree } = story.world.node('P3').state
    const longer = [...tree.entries.values()].find(({ ref }) => showSn(ref.sn) === '(1,4)')
    expect(longer?.notarized).toBe(true)
    story.until(() => ['V2', 'V3', 'P2', 'P3'].every((name) => story.state(name) === '(2,1)/3'))
    story.hold({ types: ['getFresher'], from: ['V1'] }, { types: ['getFresher'], from: ['P4', 'P1'] })
    story.cut(['V1', 'V2', 'P2', 'P3'], ['V3'], ['P1'], ['P4'])
    story.row('E1', { ...APART, V1: '(1,4)/3', V2: '(2,1)/3', V3: '(2,1)/3', P2: '(2,1)/3', P3: '(2,1)/3' })
    expect(story.world.node('V1').state.epoch.fncAtEntry.sn).toEqual({ session: 1, epoch: 1, s: 4 })
    story.run(4_000)
    const isParked = [...story.world.node('V1').state.parked.values()].map(({ block }) => showSn(block.header.sn))
    expect(isParked).toEqual(['(3,1)'])
    expect(story.count('vote', ['P3'])).toBe(1)
    story.row('E2', { ...APART, V1: '(1,4)/3', V2: '(2,1)/3', V3: '(2,1)/3', P2: '(2,1)/3', P3: '(2,1)/3' })
    story.release()
    story.row('E3', { ...APART, V1: '(3,1)/3', V2: '(3,1)/3', V3: '(2,1)/3', P2: '(3,1)/3', P3: '(3,1)/3' })
    const voters = story.delivered.filter((d) => d.message.type === 'vote' && d.to === 'P3').map((d) => d.from)
    expect(voters).toEqual(['V2', 'V1'])
    story.hold({ types: ['notarization'], to: ['V1'] })
    story.poke('P3')
    story.run()
    story.poke('P3')
    story.run()
    expect(story.count('vote', ['P3'])).toBe(6)
    expect(story.state('V1')).toBe('(3,1)/3')
    story.release()
    story.row('E4', { ...APART, V1: '(3,3)/3', V2: '(3,3)/3', V3: '(2,1)/3', P2: '(3,3)/3', P3: '(3,3)/3' })
    expect(story.world.oracle.book.finalHeight).toBe(0)
    story.tell('freshest-chain')
  })

  it('P11.3 a first block on the longer but staler chain gets no vote', () => {
    const story = forkedStory(
      'P4',
      'The opposite is refused: P4 knows only the longer branch and proposes (3,1) on (1,4). V2 and V3 entered epoch 3 with',
      '(2,1) as their freshest chain, which is their floor: the older parent (1,4) is below it, so they do not vote, ever.',
    )
    story.until(() => ['V2', 'V3'].every((name) => story.state(name) === '(2,1)/3'))
    story.hold({ types: ['getFresher'], from: ['P4'] })
    story.cut(['V2', 'V3', 'P4'], ['V1'], ['P1', 'P2', 'P3'])
    story.until(() => story.count('proposal', ['V2']) >= 6)
    story.run()
    const { tree } = story.world.node('V2').state
    const first = [...tree.entries.values()].find(({ ref }) => showSn(ref.sn) === '(3,1)')
    expect(tree.entries.get(first?.parentHash ?? '')?.ref.sn).toEqual({ session: 1, epoch: 1, s: 4 })
    expect(tree.entries.get(first?.parentHash ?? '')?.notarized).toBe(true)
    expect(story.count('vote', ['P4'])).toBe(0)
    expect(story.state('V2')).toBe('(2,1)/3')
    story.tell('freshest-chain-refused')
  })
})
