/** Stories about the change of sessions (spec/pala.md 16.7): the slides' cast, the chain they begin with, and questions about blocks. */
import type { PeerId } from '../../../src/domain.ts'
import { ancestry } from '../../../src/pala/chain.ts'
import type { Block } from '../../../src/pala/types.ts'
import { showEpoch, showSn } from './describe.ts'
import { createStory, type Story, type StoryCommittee, type StoryOptions } from './story.ts'

/** Session 2: V1 leaves, V4 joins, V2 and V3 have other seats, P3 takes over from P1, P2 and P0. */
export const SECOND: StoryCommittee = { proposers: ['P3'], voters: ['V2', 'V3', 'V4'], leaders: ['P3'] }

/** Whoever took no part from epoch 2 on. */
export const GONE = ['P0', 'P1']

/**
 * The slides' chain (1,1) (1,2) (5,1) (5,2) (5,3), k = 2: P1 led epoch 1 and is gone, P0 led 2 to 4 and never came, P2 leads
 * from 5 on. The sixth block of the session is its stop block.
 */
export function upTo53(options: Partial<StoryOptions> = {}): Story {
  const story = createStory({
    proposers: ['P0', 'P1', 'P2'],
    voters: ['V1', 'V2', 'V3'],
    leaders: ['P1', 'P0', 'P0', 'P0', 'P2'],
    params: { k: 2 },
    next: [SECOND],
    ...options,
  })
  story.note('k = 2; P1 leads epoch 1 and goes, P0 leads 2 to 4 and is never there, P2 leads from 5 on')
  story.note('the sixth block of session 1 is its stop block; it says who makes up session 2')
  const present = namesOf(story).filter((name) => !GONE.includes(name))
  story.run()
  story.poke('P1')
  story.run()
  story.cut(present, ...GONE.map((name) => [name]))
  reach(story, present, '(5,1)/5')
  for (const slot of ['(5,2)', '(5,3)']) {
    story.poke('P2')
    reach(story, present, `${slot}/5`)
  }
  return story
}

export const namesOf = (story: Story): PeerId[] => story.world.nodes.map(({ id }) => id)

/** Lets time pass until all of them are there; full nodes hear of growth by status, so a little more. */
export function reach(story: Story, names: readonly PeerId[], state: string): void {
  story.until(() => names.every((name) => story.state(name) === state), 200_000)
  story.run(1_000)
}

/** A row once full nodes have caught up, and what is final there. */
export function settledRow(story: Story, label: string, expected: Readonly<Record<PeerId, string>>): void {
  story.run(1_000)
  story.row(label, expected)
  const present = Object.keys(expected).filter((name) => !GONE.includes(name))
  const heads = finals(story, present).map((slot) => {
    const there = present.filter((name) => story.finalSlot(name) === slot)
    return `${slot} at ${there.length === present.length ? 'all' : there.join(' ')}`
  })
  story.note(`final: ${heads.join(', ')}`)
}

/** The finalized heads of some nodes, each once. */
export const finals = (story: Story, names: readonly PeerId[]): string[] => [
  ...new Set(names.map((name) => story.finalSlot(name))),
]

/** Every block of a slot that `node` ever stored. */
export function blocksAt(story: Story, node: PeerId, slot: string): Block[] {
  const { disk, state } = story.world.node(node)
  const entries = [...state.tree.entries.values()].filter(({ ref }) => showSn(ref.sn) === slot)
  return entries.flatMap(({ proposal, ref }) => proposal?.block ?? disk.storedBlock(ref.hash)?.proposal.block ?? [])
}

export function blockAt(story: Story, node: PeerId, slot: string): Block {
  const [block] = blocksAt(story, node, slot)
  if (block === undefined) throw new Error(`${node} has no ${slot}`)
  return block
}

/** What a block says of its place: its parent and what it embeds, in the slides' notation. */
export function placeOf({ header, notarizations, clockNotarization }: Block): string {
  const certs = notarizations.map(({ sn }) => `n${showSn(sn)}`)
  if (clockNotarization !== null) certs.push(`cn(${showEpoch(clockNotarization.target)})`)
  return `${showSn(header.parentSn)} < ${showSn(header.sn)} ${certs.join(' ')}`.trim()
}

/** Slots of `node`'s final chain from `slot` to its finalized head. */
export function finalChain(story: Story, node: PeerId, slot: string): string[] {
  const { tree } = story.world.node(node).state
  const slots = [...ancestry(tree, tree.finalized)].map(({ ref }) => showSn(ref.sn)).reverse()
  return slots.slice(slots.indexOf(slot))
}

/** The committee that `node` knows for a session: proposers, then voters in the order of their seats. */
export function committeeOf(story: Story, node: PeerId, session: number): string {
  const known = story.world.node(node).state.sessions.get(session)
  if (known === undefined) return 'unknown'
  const keys = (members: readonly { readonly key: string }[]): string => members.map(({ key }) => key).join(' ')
  return `${keys(known.proposers)} | ${keys(known.voters)} | k=${known.params.k}`
}
