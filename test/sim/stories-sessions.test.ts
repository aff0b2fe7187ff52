/** The change of sessions as the slides tell it (spec/pala.md 16.7), k = 2: cases 1 to 3 and the branch picture. */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/domain.ts'
import { all, type StoryCommittee } from '../helpers/sim/story.ts'
import {
  blockAt,
  blocksAt,
  committeeOf,
  finalChain,
  finals,
  GONE,
  placeOf,
  reach,
  SECOND,
  settledRow,
  upTo53,
} from '../helpers/sim/switch-story.ts'
import { submitEntry } from '../helpers/sim/world.ts'

const EVERYONE = ['V1', 'V2', 'V3', 'V4', 'P2', 'P3']

const everyone = (state: string, others: Readonly<Record<PeerId, string>> = {}): Record<PeerId, string> => ({
  ...all(EVERYONE, state),
  ...all(GONE, '(1,2)/1'),
  ...others,
})

describe('16.7 the change of sessions, k = 2', () => {
  it('case 1: without a timeout, n(5,6) makes the stop block (5,4) final, and session 2 begins on it', () => {
    const story = upTo53()
    expect(finals(story, EVERYONE)).toEqual(['(5,1)'])
    story.hold({ types: ['vote'], about: ['(5,5)', '(5,6)'] })
    story.poke('P2')
    settledRow(story, '(5,4)', everyone('(5,4)/5'))
    expect(finals(story, EVERYONE)).toEqual(['(5,2)'])
    expect(blockAt(story, 'V1', '(5,4)').header.isStop).toBe(true)
    story.note('(5,4) is the stop block; entries wait, but what follows it stays empty')
    submitEntry(story.world, 'after the stop block')
    story.letGo({ about: ['(5,5)'] })
    settledRow(story, '(5,5)', everyone('(5,5)/5'))
    expect(finals(story, EVERYONE)).toEqual(['(5,3)'])
    expect(placeOf(blockAt(story, 'V1', '(5,6)'))).toBe('(5,5) < (5,6) n(5,4)')
    expect(EVERYONE.map((name) => committeeOf(story, name, 2))).toEqual(EVERYONE.map(() => 'unknown'))
    story.hold({ types: ['proposal'] })
    story.letGo({ about: ['(5,6)'] })
    settledRow(story, '(5,6)', everyone('(5,6)/2.1'))
    expect(finals(story, EVERYONE)).toEqual(['(5,4)'])
    expect(EVERYONE.map((name) => committeeOf(story, name, 2))).toEqual(EVERYONE.map(() => 'P3 | V2 V3 V4 | k=2'))
    for (const slot of ['(5,5)', '(5,6)']) expect(blockAt(story, 'V1', slot).payload).toEqual([])
    story.release()
    reach(story, EVERYONE, '(2,1,3)/2.1')
    settledRow(story, '(2,1,3)', everyone('(2,1,3)/2.1'))
    expect(placeOf(blockAt(story, 'V1', '(2,1,1)'))).toBe('(5,6) < (2,1,1) n(5,5) n(5,6)')
    expect(blockAt(story, 'V1', '(2,1,1)').payload).toHaveLength(1)
    expect(finals(story, EVERYONE)).toEqual(['(2,1,1)'])
    expect(finalChain(story, 'V1', '(5,3)')).toEqual(['(5,3)', '(5,4)', '(5,5)', '(5,6)', '(2,1,1)'])
    story.tell('session-case-1', [
      'Case 1 (16.7)  a session ends without a timeout. (5,4) is the stop block: it elects the next committee. The old one adds',
      '     empty blocks; the certificate of (5,6) makes (5,4) final (k = 2), and session 2 builds its first block on (5,6).',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })

  it('case 2: a timeout right after the stop block; the old committee goes on in epoch 6 until (5,4) is final', () => {
    const story = upTo53()
    story.hold({ types: ['vote'], about: ['(6,2)', '(6,3)'] })
    story.drop({ types: ['vote'], about: ['(5,6)'] })
    story.poke('P2')
    settledRow(story, '(5,5)', everyone('(5,5)/5'))
    expect(finals(story, EVERYONE)).toEqual(['(5,3)'])
    expect(blocksAt(story, 'V1', '(5,6)')).toHaveLength(1)
    reach(story, EVERYONE, '(6,1)/6')
    settledRow(story, '(6,1)', everyone('(6,1)/6'))
    expect(placeOf(blockAt(story, 'V1', '(6,1)'))).toBe('(5,5) < (6,1) n(5,4) n(5,5) cn(6)')
    expect(blockAt(story, 'V1', '(6,1)').header.isStop).toBe(false)
    expect(finals(story, EVERYONE)).toEqual(['(5,3)'])
    story.letGo({ about: ['(6,2)'] })
    settledRow(story, '(6,2)', everyone('(6,2)/6'))
    expect(placeOf(blockAt(story, 'V1', '(6,3)'))).toBe('(6,2) < (6,3) n(6,1)')
    expect(finals(story, EVERYONE)).toEqual(['(5,3)'])
    story.hold({ types: ['proposal'] })
    story.letGo({ about: ['(6,3)'] })
    settledRow(story, '(6,3)', everyone('(6,3)/2.1'))
    story.note('n(6,3) proves (6,1), but finality ends at the stop block: session 2 may build beside (6,1)')
    expect(finals(story, EVERYONE)).toEqual(['(5,4)'])
    story.release()
    reach(story, EVERYONE, '(2,1,3)/2.1')
    settledRow(story, '(2,1,3)', everyone('(2,1,3)/2.1'))
    expect(placeOf(blockAt(story, 'V1', '(2,1,1)'))).toBe('(6,3) < (2,1,1) n(6,2) n(6,3)')
    expect(finalChain(story, 'V1', '(5,4)')).toEqual(['(5,4)', '(5,5)', '(6,1)', '(6,2)', '(6,3)', '(2,1,1)'])
    expect(blocksAt(story, 'V1', '(5,6)')).toEqual([])
    story.tell('session-case-2', [
      'Case 2 (16.7)  the leader goes right after the stop block (5,4). Epoch 6 of the old session goes on with empty blocks;',
      '     the certificate of (6,3) makes (5,4) final, and only then session 2 begins. (5,6) is orphaned, nothing is lost.',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })

  it('case 3: a timeout before the stop block is certified; (6,1) stops instead and elects others, nobody acts on (5,4)', () => {
    const orphaned: StoryCommittee = { proposers: ['P2'], voters: ['V1', 'V2', 'V4'], leaders: ['P2'] }
    const story = upTo53({
      next: [SECOND, orphaned],
      // (5,4) knows no state, (6,1) that of (5,1), the third block.
      elect:
        (plans) =>
        ({ session, height }) =>
          session > 1 ? null : ((height < 3 ? plans[1] : plans[0]) ?? null),
    })
    story.drop({ types: ['vote'], about: ['(5,4)', '(5,5)'] })
    story.poke('P2')
    settledRow(story, '(5,3)', everyone('(5,3)/5'))
    const lost = blockAt(story, 'V1', '(5,4)')
    expect([lost.header.isStop, lost.election?.plan.voters.map(({ key }) => key)]).toEqual([true, ['V1', 'V2', 'V4']])
    story.hold({ types: ['vote'], about: ['(6,2)', '(6,3)'] })
    reach(story, EVERYONE, '(6,1)/6')
    settledRow(story, '(6,1)', everyone('(6,1)/6'))
    const stop = blockAt(story, 'V1', '(6,1)')
    expect(placeOf(stop)).toBe('(5,3) < (6,1) n(5,2) n(5,3) cn(6)')
    expect([stop.header.isStop, stop.header.sessionCount]).toEqual([true, lost.header.sessionCount])
    expect(finals(story, EVERYONE)).toEqual(['(5,1)'])
    expect(EVERYONE.map((name) => committeeOf(story, name, 2))).toEqual(EVERYONE.map(() => 'unknown'))
    story.release()
    reach(story, EVERYONE, '(2,1,3)/2.1')
    settledRow(story, '(2,1,3)', everyone('(2,1,3)/2.1'))
    expect(EVERYONE.map((name) => committeeOf(story, name, 2))).toEqual(EVERYONE.map(() => 'P3 | V2 V3 V4 | k=2'))
    expect(finalChain(story, 'V1', '(5,3)').slice(0, 2)).toEqual(['(5,3)', '(6,1)'])
    expect(finals(story, EVERYONE)).toEqual(['(2,1,1)'])
    story.tell('session-case-3', [
      'Case 3 (16.7)  a timeout comes before the stop block is certified: (5,4) is orphaned, (6,1) has its count and stops the',
      '     session instead, with another election. Nobody acts on what (5,4) said.',
      'Slots of session 1 are (epoch,s), later ones (session,epoch,s); a row says for each node: freshest block / epoch.',
    ])
  })
})
