/** "Finalized chain branch during reconfiguration" (spec/pala.md 16.6, 16.7), k = 2: the old session goes on beside the new one. */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/domain.ts'
import { all, type Rule, type Story, type StoryCommittee, type StoryOptions } from '../helpers/sim/story.ts'
import {
  blockAt,
  blocksAt,
  finalChain,
  finals,
  GONE,
  placeOf,
  reach,
  settledRow,
  upTo53,
} from '../helpers/sim/switch-story.ts'

/** Session 2 shares no one with session 1 but V3. */
const APART: StoryCommittee = { proposers: ['P3'], voters: ['V3', 'V4', 'V5'], leaders: ['P3'] }
const NEW = ['V3', 'V4', 'V5', 'P3']

/** P4 would lead session 1 from epoch 6 on. */
const CAST: Partial<StoryOptions> = {
  proposers: ['P0', 'P1', 'P2', 'P4'],
  leaders: ['P1', 'P0', 'P0', 'P0', 'P2', 'P4'],
  next: [APART],
}

/** The leader's time for an empty block has come; nothing else makes it go on above the stop block. */
function pokeEmpty(story: Story, leader: PeerId): void {
  story.world.node(leader).state.leader.lastProposedAt = Number.NEGATIVE_INFINITY
  story.poke(leader)
}

const states = (olds: readonly PeerId[], old: string, news: readonly PeerId[], fresh: string) => ({
  ...all(olds, old),
  ...all(news, fresh),
  ...all(GONE, '(1,2)/1'),
})

/** (5,4) to (5,6) are there, (5,6) certified by V1 and V3 at P2; of the others only V3 hears of it, then both sides are cut. */
function split(): Story {
  const story = upTo53(CAST)
  // Session 2 stays in its first epoch although it has nothing to do.
  const isIdle: Rule = { types: ['clock'], from: NEW }
  story.drop({ types: ['notarization'], about: ['(5,6)'], to: ['V1', 'V2', 'P4'] }, isIdle)
  story.hold({ types: ['vote'], about: ['(5,6)', '(6,2)'] }, { types: ['proposal'], about: ['(2,1,1)'] })
  story.poke('P2')
  story.run(1_000)
  story.letGo({ about: ['(5,6)'], from: ['V1', 'V3'] })
  story.cut(['V1', 'V2', 'P4'], ['P2', ...NEW])
  settledRow(story, 'split', states(['V1', 'V2', 'P4'], '(5,5)/5', ['P2', ...NEW], '(5,6)/2.1'))
  return story
}

describe('16.7 the branch picture, k = 2', () => {
  it('stragglers certify (5,7) while session 2 builds on (5,6); (5,7) is discarded, finality never moves sideways', () => {
    const olds = ['V1', 'V2', 'P2', 'P4']
    const story = upTo53(CAST)
    story.drop({ types: ['notarization'], about: ['(5,7)'], to: ['V3'] })
    story.hold({ types: ['vote'], about: ['(5,6)'] })
    story.poke('P2')
    story.run(1_000)
    pokeEmpty(story, 'P2')
    settledRow(story, '(5,7)', states([...olds, ...NEW], '(5,5)/5', [], ''))
    story.note('(5,7) has its votes, but no certificate counts above a block that has none')
    story.hold({ to: NEW })
    story.letGo({ types: ['vote'] })
    story.run()
    story.cut(olds, NEW)
    story.letGo({ types: ['notarization'], about: ['(5,6)'], to: ['V3'] })
    story.hold()
    reach(story, NEW, '(2,1,3)/2.1')
    settledRow(story, 'apart', states(olds, '(5,7)/2.1', NEW, '(2,1,3)/2.1'))
    // (5,8) would carry n(5,6), and who knows that has left session 1.
    expect(placeOf(blockAt(story, 'P2', '(5,7)'))).toBe('(5,6) < (5,7) n(5,5)')
    expect(placeOf(blockAt(story, 'V3', '(2,1,1)'))).toBe('(5,6) < (2,1,1) n(5,5) n(5,6)')
    expect([finals(story, olds), finals(story, NEW)]).toEqual([['(5,4)'], ['(2,1,1)']])
    story.join()
    reach(story, [...olds, ...NEW, ...GONE], '(2,1,3)/2.1')
    settledRow(story, 'joined', all([...olds, ...NEW, ...GONE], '(2,1,3)/2.1'))
    expect(finalChain(story, 'V1', '(5,4)')).toEqual(['(5,4)', '(5,5)', '(5,6)', '(2,1,1)'])
    expect(blocksAt(story, 'V1', '(5,7)')).toEqual([])
    story.tell('session-branch-window', [
      'The branch (16.7)  stragglers of session 1 certify (5,7) while session 2 already builds on (5,6). Both chains hold the',
      '     stop block (5,4), and no more than that was final: (5,7) is discarded, the final head never moves sideways.',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })

  it('stragglers go on in epoch 6, prove the stop block by (6,3), and join the session that builds on (5,6)', () => {
    const olds = ['V1', 'V2', 'P4']
    const story = split()
    expect([finals(story, olds), finals(story, ['P2', ...NEW])]).toEqual([['(5,3)'], ['(5,4)']])
    story.hold()
    story.letGo({})
    reach(story, olds, '(6,3)/2.1')
    reach(story, ['P2', ...NEW], '(2,1,3)/2.1')
    settledRow(story, 'apart', states(olds, '(6,3)/2.1', ['P2', ...NEW], '(2,1,3)/2.1'))
    expect(placeOf(blockAt(story, 'V1', '(6,1)'))).toBe('(5,5) < (6,1) n(5,4) n(5,5) cn(6)')
    expect([finals(story, olds), finals(story, NEW)]).toEqual([['(5,4)'], ['(2,1,1)']])
    story.join()
    reach(story, [...olds, 'P2', ...NEW], '(2,1,3)/2.1')
    expect(finalChain(story, 'V1', '(5,4)')).toEqual(['(5,4)', '(5,5)', '(5,6)', '(2,1,1)'])
    for (const slot of ['(6,1)', '(6,2)', '(6,3)']) expect(blocksAt(story, 'V1', slot)).toEqual([])
    story.tell('session-branch-timeout', [
      'The branch after a timeout (16.7)  stragglers change to epoch 6 of session 1 and prove the stop block by (6,3), while',
      '     session 2 builds on (5,6). When links come up they join session 2; their empty blocks are discarded.',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })

  it('a straggler whose freshest block (6,1) proves nothing fetches the branch that does, though it is not fresher', () => {
    const olds = ['V1', 'V2', 'P4']
    const story = split()
    story.hold({ types: ['vote'], about: ['(6,2)'] }, { types: ['proposal'], about: ['(2,1,1)'] })
    reach(story, olds, '(6,1)/6')
    settledRow(story, '(6,1)', states(olds, '(6,1)/6', ['P2', ...NEW], '(5,6)/2.1'))
    expect(finals(story, olds)).toEqual(['(5,3)'])
    story.join()
    story.until(() => olds.every((name) => story.state(name) === '(6,1)/2.1'))
    expect(finals(story, olds)).toEqual(['(5,4)'])
    story.release()
    reach(story, [...olds, 'P2', ...NEW], '(2,1,3)/2.1')
    expect(finalChain(story, 'V1', '(5,4)')).toEqual(['(5,4)', '(5,5)', '(5,6)', '(2,1,1)'])
  })
})
