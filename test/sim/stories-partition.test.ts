/** Clocks stranded at different hubs (spec/pala.md 18.3). */
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/pala/types.ts'
import { all, createStory, type Story } from '../helpers/sim/story.ts'

const HOUR_MS = 3_600_000

const settled = (story: Story, names: readonly string[], state: string): void =>
  story.until(() => names.every((name) => story.state(name) === state))

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
    for (const line of [
      'Six voters, four calls make a certificate; three hubs with two voters each, cut apart. Every voter calls for epoch 2',
      'and each hub holds two calls (W1). V1 and V2 get a link to P1 (W2), which fetches the calls they gave to P2: four (W3).',
      'Nobody repeats a call in this run: without the fetch nothing would ever happen. Epoch 2 has no leader here (W5),',
      'epoch 3 has P1 (W6). A row says for each node: freshest notarized block (epoch,s) / local epoch.',
    ])
      story.note(line)
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
