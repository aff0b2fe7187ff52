/** Variants of the partition story (spec/pala.md 23.4), and clocks stranded at different hubs (18.3). */
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/pala/types.ts'
import { all, createStory, type Story } from '../helpers/sim/story.ts'

const VOTERS = ['V1', 'V2', 'V3']
const EVERYONE = [...VOTERS, 'P1', 'P2']
const HOUR_MS = 3_600_000

const begin = (leaders: readonly string[], voters = VOTERS): Story =>
  createStory({ proposers: ['P1', 'P2'], voters, leaders, params: { emptyBlockIntervalMs: 10 * HOUR_MS } })

const settled = (story: Story, names: readonly string[], state: string): void =>
  story.until(() => names.every((name) => story.state(name) === state))

describe('23.4 variants', () => {
  it('D-rr round-robin leaders: the majority goes on under P1', () => {
    const story = begin(['P1', 'P2', 'P1'])
    settled(story, EVERYONE, '(1,1)/1')
    story.cut(['V1', 'V2', 'P1'], ['V3', 'P2'])
    settled(story, ['V1', 'V2', 'P1'], '(3,1)/3')
    expect(['V3', 'P2'].map(story.state)).toEqual(['(1,1)/1', '(1,1)/1'])
    story.join()
    settled(story, EVERYONE, '(3,1)/3')
  })

  it('D-k a minority alone for an hour: no notarization, no epoch, the same memory, a call each T', () => {
    const story = begin(['P1', 'P2', 'P2'])
    settled(story, EVERYONE, '(1,1)/1')
    story.cut(['V1', 'V2', 'P2'], ['V3', 'P1'])
    story.run(60_000)
    const { state } = story.world.node('P1')
    const sizes = (): number[] => [state.clocks.size, state.parked.size, state.tree.entries.size, state.timers.size]
    const before = { sizes: sizes(), clocks: story.count('clock', ['P1']) }
    story.run(HOUR_MS)
    expect(['V3', 'P1'].map(story.state)).toEqual(['(1,1)/1', '(1,1)/1'])
    expect(sizes()).toEqual(before.sizes)
    expect(story.count('clock', ['P1']) - before.clocks).toBe(HOUR_MS / 6_000)
  })

  it('D-half two against two of four voters: neither side moves, and it heals', () => {
    const four = [...VOTERS, 'V4']
    const story = begin(['P1', 'P2', 'P2'], four)
    settled(story, [...four, 'P1', 'P2'], '(1,1)/1')
    story.cut(['V1', 'V2', 'P1'], ['V3', 'V4', 'P2'])
    story.poke('P1')
    story.run(60_000)
    expect([...four, 'P1', 'P2'].map(story.state)).toEqual(Array.from({ length: 6 }, () => '(1,1)/1'))
    story.join()
    story.until(() => story.world.oracle.book.finalHeight === 1 || story.state('V1') === '(2,1)/2')
  })

  it('D-flap links that toggle each T/2 do no harm, and all agree when they stay', () => {
    const story = begin(['P1', 'P2', 'P2'])
    for (let i = 0; i < 20; i++) {
      story.cut(['V1', 'V2', 'P2'], ['V3', 'P1'])
      story.run(3_000)
      story.join()
      story.run(3_000)
    }
    story.until(() => new Set(EVERYONE.map(story.state)).size === 1)
    expect(story.state('V1')).not.toBe('(0,1)/1')
  })

  it('D5b without the stall the majority stays in epoch 2, and the minority catches up by sync', () => {
    const story = begin(['P1', 'P2', 'P2'])
    settled(story, EVERYONE, '(1,1)/1')
    story.cut([...VOTERS, 'P2'], ['P1'])
    settled(story, [...VOTERS, 'P2'], '(2,1)/2')
    story.cut(['V1', 'V2', 'P2'], ['V3', 'P1'])
    for (let i = 0; i < 4; i++) {
      story.poke('P2')
      story.run(1_000)
    }
    expect(['V1', 'V2', 'P2'].map(story.state)).toEqual(['(2,5)/2', '(2,5)/2', '(2,5)/2'])
    story.join()
    settled(story, EVERYONE, '(2,5)/2')
    expect(story.count('blocks', ['V3']) + story.count('blocks', ['P1'])).toBeGreaterThan(0)
  })
})

const SIX = ['V1', 'V2', 'V3', 'V4', 'V5', 'V6']

type Means = { readonly fetches: boolean; readonly resends: boolean }

/** Three hubs with two voters each, threshold 4; then V1 and V2 get a link to P1. */
function stranded({ fetches, resends }: Means): Story {
  const called = new Set<string>()
  const isAllowed = (effect: Effect, id: string): boolean => {
    if (effect.type !== 'castClock') return true
    // Only the call of an expired timer goes wide; an answer to getClocks does not.
    const isAnswer = !effect.publish
    const call = `${id}/${effect.target.epoch}`
    const isRepeat = called.has(call)
    called.add(call)
    return isAnswer ? fetches : resends || !isRepeat
  }
  const story = createStory({
    proposers: ['P1', 'P2', 'P3'],
    voters: SIX,
    leaders: ['P2', 'P2', 'P1'],
    hooks: {
      rewrite(effect, node) {
        if (!isAllowed(effect, node.id) || effect.type === 'publish') return []
        return [effect.type === 'castClock' ? { ...effect, publish: false } : effect]
      },
    },
  })
  const groups = [
    ['P2', 'V1', 'V2'],
    ['P1', 'V3', 'V4'],
    ['P3', 'V5', 'V6'],
  ]
  story.cut(...groups)
  return story
}

const W0 = { ...all(SIX, '(0,1)/1'), P1: '(0,1)/1', P2: '(0,1)/1', P3: '(0,1)/1' }
const linkToP1 = (story: Story): void => story.cut(['P2'], ['P1', 'V1', 'V2', 'V3', 'V4'], ['P3', 'V5', 'V6'])

describe('18.3 clocks stranded at different hubs', () => {
  it('W0 to W6: P1 fetches the calls that went to P2, and progress comes with a reachable leader', () => {
    const story = stranded({ fetches: true, resends: false })
    story.row('W0', W0)
    story.run(7_000)
    story.row('W1', W0)
    const near = ['P1', 'V1', 'V2', 'V3', 'V4']
    story.hold({ types: ['getClocks'] })
    linkToP1(story)
    story.row('W2', W0)
    story.hold({ types: ['clockNotarization', 'epochProof'] })
    story.world.network.release(() => true)
    story.row('W3', { ...W0, P1: '(0,1)/2' })
    story.release()
    story.row('W4', { ...W0, ...all(near, '(0,1)/2') })
    story.until(() => near.every((name) => story.state(name) === '(0,1)/3'))
    story.row('W5', { ...W0, ...all(near, '(0,1)/3') })
    story.until(() => near.every((name) => story.state(name) === '(3,1)/3'))
    story.row('W6', { ...W0, ...all(near, '(3,1)/3') })
    story.tell('stranded-clocks')
  })

  it.each([
    { fetches: true, resends: false },
    { fetches: false, resends: true },
  ])('recovers with one of the two: %o', (means) => {
    const story = stranded(means)
    story.run(7_000)
    linkToP1(story)
    settled(story, ['P1', 'V1', 'V2', 'V3', 'V4'], '(3,1)/3')
  })

  it('stays stranded with neither', () => {
    const story = stranded({ fetches: false, resends: false })
    story.run(7_000)
    linkToP1(story)
    story.run(HOUR_MS)
    expect(['P1', ...SIX].map(story.state)).toEqual(Array.from({ length: 7 }, () => '(0,1)/1'))
  })
})
