/** The slides' runs, row by row (spec/pala.md 23.2 to 23.4): three voters, two proposers, no traitor. Variants: network-stories.test.ts. */
import { describe, expect, it } from 'vitest'
import { all, createStory, type Story } from '../helpers/sim/story.ts'

const VOTERS = ['V1', 'V2', 'V3']
const EVERYONE = [...VOTERS, 'P1', 'P2']
const LEADERS = ['P1', 'P2', 'P2']
const EPOCH_NEWS = { types: ['clockNotarization', 'epochProof'] as const }

/** A story that opens with what it shows. */
function begin(...about: readonly string[]): Story {
  const story = createStory({ proposers: ['P1', 'P2'], voters: VOTERS, leaders: LEADERS })
  for (const line of about) story.note(line)
  story.note('A row says for each node: freshest notarized block (epoch,s) / local epoch. Patience T is 6 s, k is 1.')
  return story
}

/** Rows A1 and A2 without the held notarization. */
function toA2(story: Story): Story {
  story.until(() => EVERYONE.every((name) => story.state(name) === '(1,1)/1'))
  story.run()
  return story
}

function takeP1Offline(story: Story): void {
  story.cut([...VOTERS, 'P2'], ['P1'])
}

/** Rows B1 to B4, without asserting. */
function toB4(story: Story): Story {
  takeP1Offline(story)
  story.until(() => [...VOTERS, 'P2'].every((name) => story.state(name) === '(2,1)/2'))
  story.run()
  return story
}

describe('23.2 no partition', () => {
  it('A0 to A2: one proposal, three votes to the leader, a notarization at the second', () => {
    const story = begin(
      'No Partition: P1 leads epoch 1. One proposal goes to everyone, three votes go to P1 alone, and the second of them',
      'makes the notarization (two of three voters). It is held back at A1 and let go for A2.',
    )
    const start = Object.fromEntries(EVERYONE.map((name) => [name, story.state(name)]))
    expect(start).toEqual(all(EVERYONE, '(0,1)/1'))
    story.note('A0     everyone (0,1)/1')
    story.hold({ types: ['notarization'] }, { types: ['blocks'], to: ['P2'] })
    story.row('A1', { ...all(EVERYONE, '(0,1)/1'), P1: '(1,1)/1' })
    expect(story.count('vote', ['P1'])).toBe(3)
    expect(story.count('vote', ['P2'])).toBe(0)
    for (const voter of VOTERS) expect(story.count('proposal', [voter])).toBe(1)
    const announced = story.world.network.held.filter((held) => held.message.type === 'notarization')
    expect(announced.map((held) => held.to).sort()).toEqual(['P2', 'V1', 'V2', 'V3'])
    for (const { message } of announced) {
      if (message.type === 'notarization') expect(message.notarization.signers).toHaveLength(2)
    }
    const { tree } = story.world.node('P1').state
    expect(tree.entries.get(tree.fnc)?.notarization?.signers).toHaveLength(3)
    story.release()
    story.row('A2', all(EVERYONE, '(1,1)/1'))
    for (const name of EVERYONE) expect(story.final(name)).toBe(0)
    story.tell('no-partition')
  })
})

describe('23.3 P1 is offline', () => {
  it('B0 to B4: voters advance the epoch, P2 waits its second, liveness is back', () => {
    const story = toA2(
      begin(
        'P1 is offline: after T the voters call for epoch 2; two calls certify it (B1), the certificate moves everyone (B2),',
        'P2, the leader of epoch 2, waits a second for fresher chains (B3) and makes the first block (B4).',
      ),
    )
    takeP1Offline(story)
    story.row('B0', all(EVERYONE, '(1,1)/1'))
    story.hold(EPOCH_NEWS)
    story.until(() => story.state('P2') === '(1,1)/2')
    const enteredAtMs = story.world.elapsed
    story.row('B1', { ...all(EVERYONE, '(1,1)/1'), P2: '(1,1)/2' })
    story.release()
    story.row('B2', { ...all(EVERYONE, '(1,1)/2'), P1: '(1,1)/1' })
    story.row('B3', { ...all(EVERYONE, '(1,1)/2'), P1: '(1,1)/1' })
    story.run(1_000)
    story.row('B4', { ...all(EVERYONE, '(2,1)/2'), P1: '(1,1)/1' })
    const proposals = story.delivered.filter((d) => d.message.type === 'proposal' && d.from === 'P2')
    expect(proposals).toHaveLength(3)
    for (const { atMs, message } of proposals) {
      expect(atMs - enteredAtMs).toBeGreaterThanOrEqual(1_000)
      expect(atMs - enteredAtMs).toBeLessThanOrEqual(4_100)
      if (message.type !== 'proposal') continue
      expect(message.proposal.block.notarizations.map(({ sn }) => sn)).toEqual([{ session: 1, epoch: 1, s: 1 }])
      expect(message.proposal.block.clockNotarization?.target.epoch).toBe(2)
    }
    expect(story.count('clock', ['P1'])).toBe(0)
    story.tell('proposer-switch')
  })
})

describe('23.4 network partition', () => {
  it('D0 to D12: the majority goes on, and after healing everyone follows', () => {
    const story = toB4(
      toA2(
        begin(
          'Network Partition: after B4 the links are {V1 V2 P2} | {V3 P1}. P1 learns from V3 what it missed (D4); P2 stalls, the',
          'majority calls for epoch 3 and goes on (D5 to D7); links heal and the minority reconciles, first P1, then V3 (D8 to',
          'D10). Nothing is final before (3,2) is notarized: until then each epoch has one block only.',
        ),
      ),
    )
    story.hold({ from: ['P1'] }, { to: ['P1'] })
    story.cut(['V1', 'V2', 'P2'], ['V3', 'P1'])
    story.row('D0-D3', { ...all(EVERYONE, '(2,1)/2'), P1: '(1,1)/1' })
    story.release()
    story.row('D4', all(EVERYONE, '(2,1)/2'))
    story.hold(EPOCH_NEWS)
    story.until(() => story.state('P2') === '(2,1)/3')
    story.row('D5', { ...all(EVERYONE, '(2,1)/2'), P2: '(2,1)/3' })
    story.release()
    story.row('D6', { ...all(EVERYONE, '(2,1)/3'), V3: '(2,1)/2', P1: '(2,1)/2' })
    story.run(1_000)
    story.row('D7', { ...all(EVERYONE, '(3,1)/3'), V3: '(2,1)/2', P1: '(2,1)/2' })
    for (const name of EVERYONE) expect(story.final(name)).toBe(0)
    story.hold({})
    story.join()
    story.row('D8', { ...all(EVERYONE, '(3,1)/3'), V3: '(2,1)/2', P1: '(2,1)/2' })
    reconcile(story)
    for (const name of EVERYONE) expect(story.final(name)).toBe(0)
    story.hold({ types: ['notarization'], to: ['V3', 'P1'] })
    story.poke('P2')
    story.row('D11', { ...all(EVERYONE, '(3,2)/3'), V3: '(3,1)/3', P1: '(3,1)/3' })
    story.release()
    story.row('D12', all(EVERYONE, '(3,2)/3'))
    for (const name of EVERYONE) expect(story.final(name)).toBe(3)
    story.tell('network-partition')
  })
})

/** D9: P1 hears the others, V3 does not yet. D10: V3 too. */
function reconcile(story: Story): void {
  story.release({ to: ['P1'], from: ['V1', 'V2', 'P2'] })
  story.hold({ to: ['V3'] }, { from: ['V3'] })
  story.row('D9', { ...all(EVERYONE, '(3,1)/3'), V3: '(2,1)/2' })
  story.release()
  story.row('D10', all(EVERYONE, '(3,1)/3'))
}
