/** What can go wrong when sessions follow each other (spec/pala.md 16.8), one hazard per run. */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/domain.ts'
import type { Block } from '../../src/pala/types.ts'
import { electEntry } from '../helpers/sim/application.ts'
import { createStory, type Story, type StoryCommittee, type StoryOptions } from '../helpers/sim/story.ts'
import { committeeOf, namesOf, placeOf } from '../helpers/sim/switch-story.ts'
import { submitEntry } from '../helpers/sim/world.ts'

const HOUR_MS = 3_600_000
const OLD: StoryCommittee = { proposers: ['P1', 'P2'], voters: ['V1', 'V2', 'V3'], leaders: ['P1', 'P2'] }
/** Nobody of it was in session 1. */
const NEW: StoryCommittee = { proposers: ['P3', 'P4'], voters: ['V4', 'V5', 'V6'], leaders: ['P3', 'P4'] }
const BACK: StoryCommittee = { proposers: ['P2', 'P3'], voters: ['V6', 'V2', 'V1'], leaders: ['P2', 'P3'] }

/** Blocks come by themselves, twice a second. */
function begin(options: Partial<StoryOptions>): Story {
  const { params, ...others } = options
  return createStory({
    ...OLD,
    ...others,
    isBrief: true,
    params: { k: 2, emptyBlockIntervalMs: 500, heartbeatMs: 5_000, ...params },
  })
}

const sessionOf = (story: Story, name: PeerId): number => story.world.node(name).state.epoch.current.session

/** Runs until a block of `session` is final for all of `names`. */
function untilFinal(
  story: Story,
  session: number,
  names: readonly PeerId[] = namesOf(story),
  withinMs = 120_000,
): void {
  const isThere = (name: PeerId): boolean => {
    const isTaken = story.world.node(name).application.appliedHeight >= story.final(name)
    return isTaken && story.finalSlot(name).startsWith(`(${session},`)
  }
  story.until(() => names.every(isThere), withinMs)
}

/** The final blocks of a session on the disk of `node`, oldest first. */
function finalBlocks(story: Story, node: PeerId, session: number): Block[] {
  const { disk, application } = story.world.node(node)
  const heights = Array.from({ length: application.appliedHeight }, (_, i) => i + 1)
  const blocks = heights.flatMap((height) => disk.storedBlock(disk.finalHash(height) ?? '')?.proposal.block ?? [])
  return blocks.filter(({ header }) => header.sn.session === session)
}

/** How many blocks a session had, which of them was its stop block, and how many of those carried something. */
function shapeOf(blocks: readonly Block[]): {
  readonly stop: number
  readonly full: number
  readonly fullAfter: number
} {
  const at = blocks.findIndex(({ header }) => header.isStop)
  const isFull = ({ payload }: Block): boolean => payload.length > 0
  return { stop: at + 1, full: blocks.filter(isFull).length, fullAfter: blocks.slice(at + 1).filter(isFull).length }
}

describe('16.8 hazards of reconfiguration', () => {
  it('two changes in a row, each session as short as it may be; the committee is replaced entirely, then partly comes back', () => {
    const story = begin({ next: [NEW, BACK], params: { emptyBlockIntervalMs: 100 } })
    for (let i = 0; i < 20; i++) story.world.scheduler.after(i * 200, () => submitEntry(story.world, `entry ${i}`))
    for (const session of [2, 3]) {
      untilFinal(story, session)
      story.note(`session ${session} has a final block everywhere: ${committeeOf(story, 'V1', session)}`)
    }
    story.until(() => story.world.nodes.every(({ application }) => application.final.size === 20))
    for (const session of [1, 2]) {
      const { stop, full, fullAfter } = shapeOf(finalBlocks(story, 'V1', session))
      expect([stop, fullAfter], `session ${session}`).toEqual([6, 0])
      expect(full).toBeGreaterThan(0)
    }
    expect(namesOf(story).map((name) => committeeOf(story, name, 3))).toEqual(
      namesOf(story).map(() => 'P2 P3 | V6 V2 V1 | k=2'),
    )
    story.tell('session-two-changes', [
      'Two changes in a row (16.8)  sessions as short as they may be; the committee is replaced entirely, then partly comes back.',
      '     Only the sayings of leaders are told.',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })

  it('a voter keeps its name and changes its seat: its votes count where it sits now', () => {
    const turned: StoryCommittee = { ...OLD, voters: ['V3', 'V4', 'V1'] }
    const story = begin({ next: [turned] })
    story.hold({ types: ['vote'], from: ['V4'] })
    untilFinal(story, 2, ['V1', 'V3', 'P1'])
    const [first] = finalBlocks(story, 'V1', 2)
    const certificate = story.world.node('V1').disk.storedBlock(first?.hash ?? '')?.notarization
    expect(certificate?.signers).toEqual([0, 2])
  })

  it.each([
    { from: 2, to: 1 },
    { from: 1, to: 3 },
    { from: 3, to: 2 },
  ])('k changes between sessions: %o; the old k rules the old certificates, the new one the window', ({ from, to }) => {
    const story = begin({ params: { k: from }, next: [{ ...OLD, params: { k: to } }] })
    untilFinal(story, 2)
    story.run(4_000)
    const blocks = finalBlocks(story, 'V1', 2)
    const carried = blocks.map(({ notarizations }) => notarizations.length)
    expect(carried.slice(0, to + 2)).toEqual([from, ...Array.from({ length: to - 1 }, () => 0), 1, 1])
    expect(shapeOf(finalBlocks(story, 'V1', 1)).stop).toBe(2 * from + 2)
  })

  it('the proposers shrink to one and grow to four', () => {
    const one: StoryCommittee = { ...OLD, proposers: ['P2'], leaders: ['P2'] }
    const four: StoryCommittee = { ...OLD, proposers: ['P4', 'P3', 'P2', 'P1'], leaders: ['P4', 'P3', 'P2', 'P1'] }
    const story = begin({ next: [one, four] })
    untilFinal(story, 3)
    story.drop({ from: ['P4'] })
    story.until(() => ['V1', 'V2', 'V3'].every((name) => /^\(3,2,3\)/.test(story.state(name))))
    expect(finalBlocks(story, 'V1', 2).every(({ header }) => header.proposer === 0)).toBe(true)
  })

  it('P16.3 an accepted change ends the session at the first block that knows it, long before the offset', () => {
    const story = begin({
      params: { stopOffset: 1_000 },
      next: [NEW],
      elect:
        (plans) =>
        ({ wanted }) =>
          wanted === null ? null : (plans[Number(wanted)] ?? null),
    })
    story.run(8_000)
    expect(sessionOf(story, 'V1')).toBe(1)
    submitEntry(story.world, electEntry('0'))
    story.note('somebody asks for another committee')
    untilFinal(story, 2)
    story.note(`session 2: ${committeeOf(story, 'V1', 2)}`)
    const blocks = finalBlocks(story, 'V1', 1)
    const accepted = blocks.find(({ payload }) => payload.length > 0)?.header.height ?? 0
    const knowing = blocks.filter(({ header }) => header.stateHeight >= accepted)
    expect(knowing[0]?.header.isStop).toBe(true)
    expect(blocks.filter(({ header }) => header.isStop)).toHaveLength(1)
    story.tell('session-early-stop', [
      'An early end (16.3)  a change was accepted, so the first block that holds it as final is the stop block, long before',
      '     the offset. Only the sayings of leaders are told.',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })

  it('P16.2 without a change at the offset the committee stays, and the stop block says so', () => {
    const story = begin({ params: { stopOffset: 8 } })
    untilFinal(story, 3)
    const stops = [1, 2].map((session) => finalBlocks(story, 'V1', session).find(({ header }) => header.isStop))
    expect(stops.map((stop) => [stop?.header.sessionCount, stop?.election?.kept])).toEqual([
      [8, true],
      [8, true],
    ])
    expect(committeeOf(story, 'V1', 3)).toBe(committeeOf(story, 'V1', 1))
  })

  it('a node that slept through two sessions walks the committees, with nobody to ask but one that left', () => {
    const story = begin({ next: [NEW, BACK] })
    const others = namesOf(story).filter((name) => name !== 'V3')
    story.run(1_000)
    story.cut(others, ['V3'])
    untilFinal(story, 3, others)
    // V5 sat in session 2 only; it serves as a full node since.
    story.cut(
      others.filter((name) => name !== 'V5'),
      ['V5', 'V3'],
    )
    const before = story.delivered.length
    untilFinal(story, 3, ['V3'])
    const batches = story.delivered.slice(before).flatMap(({ to, message }) => {
      return to === 'V3' && message.type === 'blocks' ? [message.blocks.map((b) => b.proposal.block.header)] : []
    })
    const isBoth = batches.some((batch) => batch.some((h) => h.isStop) && batch.some((h) => h.sn.session === 2))
    expect(isBoth, 'a stop block and what follows it in one batch').toBe(true)
    expect(committeeOf(story, 'V3', 3)).toBe(committeeOf(story, 'V1', 3))
  })

  it('the new committee is offline: the chain halts at the stop block, for an hour, and goes on when it comes', () => {
    const story = begin({ next: [NEW] })
    const olds = [...OLD.voters, ...OLD.proposers]
    const news = [...NEW.voters, ...NEW.proposers]
    story.cut(olds, news)
    story.until(() => olds.every((name) => sessionOf(story, name) === 2))
    submitEntry(story.world, 'waits')
    story.run(10_000)
    const sizes = (): number[] =>
      olds.flatMap((name) => {
        const { tree, parked, clocks, timers } = story.world.node(name).state
        return [tree.entries.size, parked.size, clocks.size, timers.size]
      })
    const before = { sizes: sizes(), final: olds.map(story.finalSlot), states: olds.map(story.state) }
    story.run(HOUR_MS)
    expect({ sizes: sizes(), final: olds.map(story.finalSlot), states: olds.map(story.state) }).toEqual(before)
    expect(new Set(before.final).size).toBe(1)
    story.note('an hour later the new committee appears')
    story.join()
    untilFinal(story, 2)
    story.until(() => story.world.nodes.every(({ application }) => application.final.has('waits')))
    story.tell('session-new-committee-offline', [
      'The new committee is offline (16.8)  the stop block is final, its successors cannot be reached: the chain halts for an',
      '     hour and goes on when they come. Only the sayings of leaders are told.',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })

  it('P16.5 the stop block is final and everybody restarts before the first block of the new session', () => {
    const story = begin({ next: [NEW] })
    story.hold({ types: ['proposal'], from: ['P3'] })
    story.until(() => namesOf(story).every((name) => sessionOf(story, name) === 2))
    for (const node of story.world.nodes) node.crash()
    story.run(100)
    for (const node of story.world.nodes) node.start()
    story.release()
    untilFinal(story, 2)
    const [first] = finalBlocks(story, 'V1', 2)
    expect(first === undefined ? '' : placeOf(first)).toMatch(/^\(1,8\) < \(2,[12],1\) n\(1,7\) n\(1,8\)/)
  })
})
