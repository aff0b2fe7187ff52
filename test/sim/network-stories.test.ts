/** The variants of the slides' runs (spec/pala.md 23.3, 23.4), each as a trace with an opening that says what to look for. */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../src/domain.ts'
import { all, createStory, type Story, type StoryOptions } from '../helpers/sim/story.ts'

const VOTERS = ['V1', 'V2', 'V3']
const EVERYONE = [...VOTERS, 'P1', 'P2']
const HOUR_MS = 3_600_000
const PATIENCE_MS = 6_000
/** A round trip is 20 ms here, a role handshake 15; connecting, comparing and fetching take a few of them. */
const FEW_ROUND_TRIPS_MS = 300
const EPOCH_NEWS = { types: ['clockNotarization', 'epochProof'] as const }

type Telling = Partial<StoryOptions> & { readonly about: readonly string[] }

/** A story whose text opens with what it shows and how to read it. */
function open({ about, ...options }: Telling): Story {
  const story = createStory({
    proposers: ['P1', 'P2'],
    voters: VOTERS,
    leaders: ['P1', 'P2', 'P2'],
    params: { emptyBlockIntervalMs: 10 * HOUR_MS },
    ...options,
  })
  for (const line of about) story.note(line)
  story.note(`A row says for each node: freshest notarized block (epoch,s) / local epoch. Patience T is 6 s, k is 1.`)
  return story
}

const settled = (story: Story, names: readonly PeerId[], state: string, withinMs?: number): void =>
  story.until(() => names.every((name) => story.state(name) === state), withinMs)

/** Everyone at (1,1)/1: rows A1 and A2 of 23.2. */
function toA2(story: Story): Story {
  settled(story, EVERYONE, '(1,1)/1')
  story.row('A2', all(EVERYONE, '(1,1)/1'))
  return story
}

const takeP1Offline = (story: Story): void => story.cut([...VOTERS, 'P2'], ['P1'])

describe('23.3 variants of a proposer that goes offline', () => {
  it('B1a one voter alone loses patience: nothing changes, for an hour', () => {
    const about = [
      'B1a  P1 is offline and only the calls of V1 get through. One call of three is no quorum (2):',
      '     no epoch change, however long V1 goes on calling.',
    ]
    const story = toA2(open({ about, isBrief: true }))
    takeP1Offline(story)
    story.drop({ types: ['clock'], from: ['V2', 'V3'] })
    story.run(HOUR_MS)
    const calls = story.count('clock', ['P2'])
    expect(calls).toBeGreaterThan(500)
    story.note(`an hour later: P2 has received ${calls} calls, all by V1`)
    story.row('B1a', all(EVERYONE, '(1,1)/1'))
    expect(story.delivered.some(({ message }) => message.type === 'clockNotarization')).toBe(false)
    story.tell('proposer-switch-one-voter')
  })

  it('B1b V3 is unreachable too: two voters are enough', () => {
    const about = [
      'B1b  P1 is offline and V3 unreachable: V1 and V2 are two thirds of the voters,',
      '     so their calls make epoch 2 and their votes make (2,1).',
    ]
    const story = toA2(open({ about }))
    story.cut(['V1', 'V2', 'P2'], ['V3'], ['P1'])
    settled(story, ['V1', 'V2', 'P2'], '(2,1)/2')
    story.row('B4', { ...all(EVERYONE, '(1,1)/1'), V1: '(2,1)/2', V2: '(2,1)/2', P2: '(2,1)/2' })
    story.tell('proposer-switch-voter-unreachable')
  })

  it('B2a V3 misses the clock notarization: it learns epoch 2 from the proposal that embeds it', () => {
    const about = [
      'B2a  the certificate for epoch 2 never reaches V3 by itself. The first block of epoch 2',
      '     carries it, so V3 enters the epoch when the proposal comes, and votes.',
    ]
    const story = toA2(open({ about }))
    takeP1Offline(story)
    story.drop({ ...EPOCH_NEWS, to: ['V3'] })
    story.until(() => story.state('P2') === '(1,1)/2')
    story.row('B2', { ...all(EVERYONE, '(1,1)/2'), V3: '(1,1)/1', P1: '(1,1)/1' })
    settled(story, VOTERS, '(2,1)/2')
    expect(story.count('clockNotarization', ['V3']) + story.count('epochProof', ['V3'])).toBe(0)
    story.row('B4', { ...all(EVERYONE, '(2,1)/2'), P1: '(1,1)/1' })
    story.tell('proposer-switch-embedded-certificate')
  })

  it('B4a P2 does not lead either: epoch 3 comes', () => {
    const about = [
      'B4a  P1 is offline and the proposals of P2 get lost: epoch 2 brings no block, patience ends again,',
      '     a little later than T because the epoch before was unproductive, and epoch 3 comes.',
    ]
    const story = toA2(open({ about }))
    takeP1Offline(story)
    story.drop({ types: ['proposal'], from: ['P2'] })
    settled(story, VOTERS, '(1,1)/3')
    story.row('B4a', { ...all(EVERYONE, '(1,1)/3'), P1: '(1,1)/1' })
    expect(story.count('vote', ['P2'])).toBe(0)
    story.tell('proposer-switch-both-dead')
  })

  it('B4b P1 returns before T: (1,2) is voted in epoch 1', () => {
    const about = [
      'B4b, first half  P1 returns after 2 s with (1,2) proposed. Nobody has lost patience:',
      '     the voters are in epoch 1 still and vote for it. n(1,2) makes (1,1) final.',
    ]
    const story = toA2(open({ about }))
    takeP1Offline(story)
    story.run(2_000)
    story.poke('P1')
    story.run()
    story.join()
    settled(story, EVERYONE, '(1,2)/1')
    story.row('B4b', all(EVERYONE, '(1,2)/1'))
    for (const name of EVERYONE) expect(story.final(name)).toBe(1)
    story.tell('proposer-switch-return-in-time')
  })

  it('B4b P1 returns after the switch: (1,2) is refused in epoch 2', () => {
    const about = [
      'B4b, second half  P1 returns when the voters are in epoch 2 already. Its (1,2) arrives, gets no vote,',
      '     and P1 learns epoch 2 from whoever it meets.',
    ]
    const story = toA2(open({ about }))
    takeP1Offline(story)
    story.poke('P1')
    settled(story, VOTERS, '(1,1)/2')
    const before = story.count('vote', ['P1'])
    story.hold({ types: ['status', 'getStatus', 'epochProof', 'clockNotarization', 'blocks'] })
    story.join()
    story.row('B4b', { ...all(EVERYONE, '(1,1)/2'), P1: '(1,1)/1' })
    expect(story.count('proposal', ['V1'])).toBeGreaterThan(0)
    expect(story.count('vote', ['P1'])).toBe(before)
    story.release()
    settled(story, EVERYONE, '(2,1)/2')
    story.row('later', all(EVERYONE, '(2,1)/2'))
    story.tell('proposer-switch-return-too-late')
  })
})

describe('23.4 variants of a partition', () => {
  it('D-rr round-robin leaders: the majority goes on under P1', () => {
    const about = [
      'D-rr  leaders take turns (P1, P2, P1, ...). The majority {V1 V2 P1} passes over epoch 2, whose leader P2',
      '     is on the other side, and makes (3,1) under P1. After healing the minority follows.',
    ]
    const story = toA2(open({ about, leaders: ['P1', 'P2', 'P1'] }))
    story.cut(['V1', 'V2', 'P1'], ['V3', 'P2'])
    settled(story, ['V1', 'V2', 'P1'], '(3,1)/3')
    story.row('apart', { ...all(EVERYONE, '(3,1)/3'), V3: '(1,1)/1', P2: '(1,1)/1' })
    story.join()
    settled(story, EVERYONE, '(3,1)/3', FEW_ROUND_TRIPS_MS)
    story.row('healed', all(EVERYONE, '(3,1)/3'))
    story.tell('partition-round-robin')
  })

  it('D-k a minority alone for an hour: no notarization, no epoch, the same memory, a call each T', () => {
    const about = [
      'D-k  V3 and P1 are alone for an hour. V3 calls for epoch 2 each T; P1 keeps one call, not six hundred;',
      '     nothing is notarized and the epoch stays.',
    ]
    const story = toA2(open({ about, isBrief: true }))
    story.cut(['V3', 'P1'], ['V1'], ['V2'], ['P2'])
    story.run(60_000)
    const { state } = story.world.node('P1')
    const sizes = (): Record<string, number> => ({
      calls: state.clocks.size,
      parked: state.parked.size,
      blocks: state.tree.entries.size,
      timers: state.timers.size,
    })
    const before = { sizes: sizes(), calls: story.count('clock', ['P1']) }
    story.note(`after a minute P1 holds ${JSON.stringify(before.sizes)}`)
    story.run(HOUR_MS)
    const calls = story.count('clock', ['P1']) - before.calls
    story.note(`an hour and ${calls} calls later P1 holds ${JSON.stringify(sizes())}`)
    expect(sizes()).toEqual(before.sizes)
    expect(calls).toBe(HOUR_MS / PATIENCE_MS)
    expect(['V3', 'P1'].map(story.state)).toEqual(['(1,1)/1', '(1,1)/1'])
    story.tell('partition-minority-hour')
  })

  it('D-half two against two of four voters: neither side moves; healed, the calls unite in a few round trips', () => {
    const four = [...VOTERS, 'V4']
    const names = [...four, 'P1', 'P2']
    const about = [
      'D-half  two and two of four voters (three make a quorum): neither side can certify anything, and each hub',
      '     holds two calls for epoch 2. When the links come up, the hubs fetch the calls they lack:',
      '     epoch 2 begins within a few round trips, not after another T.',
    ]
    const story = open({ about, voters: four })
    settled(story, names, '(1,1)/1')
    story.row('A2', all(names, '(1,1)/1'))
    story.cut(['V1', 'V2', 'P1'], ['V3', 'V4', 'P2'])
    story.run(4 * PATIENCE_MS + 1_000)
    story.row('apart', all(names, '(1,1)/1'))
    story.join()
    story.until(() => names.every((name) => story.state(name).endsWith('/2')), FEW_ROUND_TRIPS_MS)
    story.row('healed', all(names, '(1,1)/2'))
    settled(story, names, '(2,1)/2', PATIENCE_MS / 2)
    story.row('later', all(names, '(2,1)/2'))
    story.tell('partition-half')
  })

  it('D-flap links that toggle each T/2 do no harm, and all agree when they stay', () => {
    const about = [
      'D-flap  the partition {V1 V2 P2} | {V3 P1} comes and goes each T/2, twenty times. Told are the first',
      '     sayings of leaders only. When the links stay, all nodes agree.',
    ]
    const story = open({ about, isBrief: true })
    for (let i = 0; i < 20; i++) {
      story.cut(['V1', 'V2', 'P2'], ['V3', 'P1'])
      story.run(PATIENCE_MS / 2)
      story.join()
      story.run(PATIENCE_MS / 2)
    }
    settled(story, EVERYONE, '(7,1)/7')
    story.row('stays', all(EVERYONE, '(7,1)/7'))
    story.tell('partition-flapping')
  })

  it('D5b without the stall the majority stays in epoch 2, and the minority catches up by sync', () => {
    const about = [
      'D5b  the leader of the majority goes on making blocks: no patience ends there, the epoch stays 2.',
      '     After healing V3 and P1 fetch the blocks they missed.',
    ]
    const story = toA2(open({ about }))
    takeP1Offline(story)
    settled(story, [...VOTERS, 'P2'], '(2,1)/2')
    story.row('B4', { ...all(EVERYONE, '(2,1)/2'), P1: '(1,1)/1' })
    story.cut(['V1', 'V2', 'P2'], ['V3', 'P1'])
    for (let i = 0; i < 4; i++) {
      story.poke('P2')
      story.run(1_000)
    }
    expect(['V1', 'V2', 'P2'].map(story.state)).toEqual(['(2,5)/2', '(2,5)/2', '(2,5)/2'])
    story.join()
    settled(story, EVERYONE, '(2,5)/2', FEW_ROUND_TRIPS_MS)
    story.row('healed', all(EVERYONE, '(2,5)/2'))
    expect(story.count('blocks', ['V3']) + story.count('blocks', ['P1'])).toBeGreaterThan(0)
    story.tell('partition-no-stall')
  })
})

describe('18.1 a partition heals without waiting for anyone’s patience', () => {
  it('links come up: every node has epoch, chain and finality of the best within a few round trips', () => {
    const about = [
      'The minority {V3 P1} missed an epoch change and three blocks. From the moment the links come up it takes',
      '     a few round trips of 20 ms until all nodes are equal: status, epoch proof, blocks. Nobody waits for T.',
    ]
    const story = toA2(open({ about }))
    story.cut(['V1', 'V2', 'P2'], ['V3', 'P1'])
    settled(story, ['V1', 'V2', 'P2'], '(2,1)/2')
    for (let i = 0; i < 2; i++) {
      story.poke('P2')
      story.run()
    }
    expect(['V1', 'V3', 'P1'].map(story.state)).toEqual(['(2,3)/2', '(1,1)/1', '(1,1)/1'])
    story.join()
    const healedAtMs = story.world.elapsed
    settled(story, EVERYONE, '(2,3)/2', FEW_ROUND_TRIPS_MS)
    const tookMs = story.world.elapsed - healedAtMs
    expect(tookMs).toBeLessThan(PATIENCE_MS / 10)
    story.note(`equal ${tookMs.toFixed(0)} ms after the links came up`)
    for (const name of EVERYONE) expect(story.final(name)).toBe(3)
    story.row('healed', all(EVERYONE, '(2,3)/2'))
    story.poke('P2')
    settled(story, EVERYONE, '(2,4)/2', FEW_ROUND_TRIPS_MS)
    story.row('goes on', all(EVERYONE, '(2,4)/2'))
    story.tell('partition-heals-at-once')
  })
})
