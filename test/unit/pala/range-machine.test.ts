/** The range-sync machine (P17.6, P17.9): its rules one by one, and random peers that must never keep it from the end. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ANSWER_DEADLINE_MS,
  APPLY_DEADLINE_MS,
  FIRST_SHUN_MS,
  HEDGE_AFTER_MS,
  MAX_RANGE_PEERS,
  MAX_WINDOWS,
  REQUESTS_PER_PEER,
  STALL_MS,
  START_BEHIND,
  STOP_BEHIND,
  WINDOW_BLOCKS,
} from '../../../src/pala/range/bounds.ts'
import { createRangeState, rangeStep } from '../../../src/pala/range/machine.ts'
import { lowestServed } from '../../../src/pala/range/rules/windows.ts'
import type { RangeEffect, RangeInput, RangeState } from '../../../src/pala/range/types.ts'

type Bare = RangeInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never
type Ask = Extract<RangeEffect, { type: 'ask' }>

/** Steps a machine at an instant that the test moves. */
function rig(head = 0) {
  const state = createRangeState(head)
  const clock = { now: 1_000 }
  const give = (input: Bare): RangeEffect[] => rangeStep(state, { ...input, now: clock.now } as RangeInput)
  const asks = (effects: readonly RangeEffect[]): Ask[] => effects.filter((effect) => effect.type === 'ask')
  const answer = ({ peer, requestId, to }: Ask, last = to): RangeEffect[] => [
    ...give({ type: 'arrived', peer, requestId }),
    ...give({ type: 'checked', requestId, last, end: 'none' }),
  ]
  return { state, clock, give, asks, answer }
}

const effectsOf = <T extends RangeEffect['type']>(effects: readonly RangeEffect[], type: T) =>
  effects.filter((effect): effect is Extract<RangeEffect, { type: T }> => effect.type === type)

function expectSound(state: RangeState): void {
  expect(state.windows.length).toBeLessThanOrEqual(2 * MAX_WINDOWS)
  let next = state.windows[0]?.from
  for (const window of state.windows) {
    expect(window.from).toBe(next)
    expect(window.to).toBeGreaterThanOrEqual(window.from)
    next = window.to + 1
  }
  for (const peer of state.peers.keys()) {
    expect([...state.requests.values()].filter((each) => each.peer === peer).length).toBeLessThanOrEqual(
      REQUESTS_PER_PEER,
    )
  }
}

describe('windows (P17.6)', () => {
  it('nobody is asked while the node is near the tip', () => {
    const { give, asks, state } = rig(100)
    expect(asks(give({ type: 'claimed', peer: 'a', height: 100 + START_BEHIND }))).toEqual([])
    expect(state.active).toBe(false)
  })

  it('windows go to several peers at once, none to one that does not claim them', () => {
    const { give, asks } = rig()
    const near = asks(give({ type: 'claimed', peer: 'near', height: START_BEHIND + 1 }))
    const far = asks(give({ type: 'claimed', peer: 'far', height: 10 * WINDOW_BLOCKS }))
    expect(near.map(({ from, to }) => [from, to])).toEqual([[1, START_BEHIND + 1]])
    expect(far.map(({ peer }) => peer)).toEqual(Array.from({ length: REQUESTS_PER_PEER }, () => 'far'))
    expect(far[0]?.from).toBe(START_BEHIND + 2)
  })

  it('batches are handed over in order, one at a time, whatever order they came in', () => {
    const { give, asks, answer } = rig()
    const [first, second] = asks(give({ type: 'claimed', peer: 'a', height: 4 * WINDOW_BLOCKS }))
    if (first === undefined || second === undefined) throw new Error('two requests')
    expect(effectsOf(answer(second), 'apply')).toEqual([])
    expect(effectsOf(answer(first), 'apply')).toEqual([{ type: 'apply', requestId: first.requestId }])
    const moved = give({ type: 'advanced', height: first.to })
    expect(effectsOf(moved, 'apply')).toEqual([{ type: 'apply', requestId: second.requestId }])
    expect(effectsOf(moved, 'forget')).toEqual([{ type: 'forget', requestId: first.requestId }])
  })

  it('what a short answer leaves out is asked for again', () => {
    const { give, asks, answer } = rig()
    const [first] = asks(give({ type: 'claimed', peer: 'a', height: 4 * WINDOW_BLOCKS }))
    if (first === undefined) throw new Error('a request')
    give({ type: 'claimed', peer: 'b', height: 4 * WINDOW_BLOCKS })
    answer(first, 10)
    give({ type: 'peerLeft', peer: 'b' })
    const again = asks(give({ type: 'claimed', peer: 'c', height: 4 * WINDOW_BLOCKS }))
    expect(again[0]).toMatchObject({ from: 11, to: first.to })
  })

  it('windows take the size of full answers, so that what waits stays bounded; they grow again', () => {
    const { give, asks, state } = rig()
    const [first] = asks(give({ type: 'claimed', peer: 'a', height: 40 * WINDOW_BLOCKS }))
    if (first === undefined) throw new Error('a request')
    give({ type: 'arrived', peer: 'a', requestId: first.requestId })
    const effects = give({ type: 'checked', requestId: first.requestId, last: 30, end: 'full' })
    expect(asks(effects)).toMatchObject([{ from: 31, to: 60 }])
    expectSound(state)
    const [next] = asks(effects)
    give({ type: 'arrived', peer: 'a', requestId: next?.requestId ?? 0 })
    give({ type: 'checked', requestId: next?.requestId ?? 0, last: 60, end: 'full' })
    expect(state.windowBlocks).toBe(60)
    expect(state.peers.get('a')?.failures).toBe(0)
  })

  it('P17.9 who answers with less than it has is left alone for a while, but its blocks count', () => {
    const { give, asks, answer, state, clock } = rig()
    const [first] = asks(give({ type: 'claimed', peer: 'a', height: 40 * WINDOW_BLOCKS }))
    if (first === undefined) throw new Error('a request')
    expect(effectsOf(answer(first, 1), 'apply')).toHaveLength(1)
    expect(state.peers.get('a')?.shunnedUntil).toBe(clock.now + FIRST_SHUN_MS)
  })

  it('blocks that became final by themselves are not fetched', () => {
    const { give, asks, state } = rig()
    give({ type: 'claimed', peer: 'a', height: 8 * WINDOW_BLOCKS })
    give({ type: 'advanced', height: 3 * WINDOW_BLOCKS + 5 })
    expect(state.windows[0]?.from).toBe(3 * WINDOW_BLOCKS + 6)
    expect(asks(give({ type: 'woke' }))).toEqual([])
    expect([...state.requests.values()].every(({ from }) => from > 3 * WINDOW_BLOCKS + 5)).toBe(true)
  })

  it('it ends near the tip and tells consensus to go on', () => {
    const { give, asks, answer, state } = rig()
    const [first] = asks(give({ type: 'claimed', peer: 'a', height: 2 * WINDOW_BLOCKS }))
    if (first === undefined) throw new Error('a request')
    answer(first)
    expect(effectsOf(give({ type: 'advanced', height: first.to }), 'lead')).toEqual([{ type: 'lead', leads: true }])
    const end = give({ type: 'advanced', height: 2 * WINDOW_BLOCKS - STOP_BEHIND })
    expect(effectsOf(end, 'lead')).toEqual([{ type: 'lead', leads: false }])
    expect([state.active, state.windows.length, state.requests.size]).toEqual([false, 0, 0])
  })
})

describe('peers that do not help (P17.9)', () => {
  it('a false claim costs one deadline; then consensus goes on without it', () => {
    const { give, asks, clock, state } = rig()
    expect(asks(give({ type: 'claimed', peer: 'liar', height: 2 ** 50 }))).toHaveLength(REQUESTS_PER_PEER)
    clock.now += ANSWER_DEADLINE_MS
    const effects = give({ type: 'woke' })
    expect(asks(effects)).toEqual([])
    expect([state.active, state.leads]).toEqual([false, false])
  })

  it('the time a useless peer is left alone doubles, and it is penalised in the end', () => {
    const { give, clock, state } = rig()
    give({ type: 'claimed', peer: 'liar', height: 2 ** 50 })
    const waits: number[] = []
    const penalties: string[] = []
    for (let round = 0; round < 6; round++) {
      clock.now += ANSWER_DEADLINE_MS
      penalties.push(...effectsOf(give({ type: 'woke' }), 'penalise').map(({ penalty }) => penalty))
      waits.push((state.peers.get('liar')?.shunnedUntil ?? 0) - clock.now)
      clock.now = state.peers.get('liar')?.shunnedUntil ?? 0
      give({ type: 'woke' })
    }
    expect(waits.every((wait, at) => at === 0 || wait > (waits[at - 1] ?? 0))).toBe(true)
    expect(penalties).toContain('useless')
  })

  it('a slow lowest window is asked of another peer as well; the loser may answer late without blame', () => {
    const { give, asks, answer, clock } = rig()
    const [slow] = asks(give({ type: 'claimed', peer: 'slow', height: START_BEHIND + 1 }))
    if (slow === undefined) throw new Error('a request')
    expect(asks(give({ type: 'claimed', peer: 'fast', height: START_BEHIND + 1 }))).toEqual([])
    clock.now += HEDGE_AFTER_MS
    const [hedge] = asks(give({ type: 'woke' }))
    expect(hedge).toMatchObject({ peer: 'fast', from: slow.from })
    if (hedge === undefined) throw new Error('a second request')
    expect(effectsOf(answer(hedge), 'apply')).toHaveLength(1)
    expect(effectsOf(give({ type: 'arrived', peer: 'slow', requestId: slow.requestId }), 'penalise')).toEqual([])
  })

  it('a bad batch is penalised and fetched from someone else', () => {
    const { give, asks } = rig()
    const [bad] = asks(give({ type: 'claimed', peer: 'liar', height: START_BEHIND + 1 }))
    if (bad === undefined) throw new Error('a request')
    give({ type: 'claimed', peer: 'good', height: START_BEHIND + 1 })
    give({ type: 'arrived', peer: 'liar', requestId: bad.requestId })
    const effects = give({ type: 'refused', requestId: bad.requestId, penalty: 'invalid', reason: 'altered' })
    expect(effectsOf(effects, 'penalise')).toEqual([
      { type: 'penalise', peer: 'liar', penalty: 'invalid', reason: 'altered' },
    ])
    expect(asks(effects)).toMatchObject([{ peer: 'good', from: bad.from, to: bad.to }])
  })

  it('so is a batch that consensus refuses, or never takes', () => {
    for (const end of ['refused', 'silence'] as const) {
      const { give, asks, answer, clock } = rig()
      const [bad] = asks(give({ type: 'claimed', peer: 'liar', height: START_BEHIND + 1 }))
      if (bad === undefined) throw new Error('a request')
      give({ type: 'claimed', peer: 'good', height: START_BEHIND + 1 })
      answer(bad)
      clock.now += end === 'silence' ? APPLY_DEADLINE_MS : 0
      const { requestId } = bad
      const effects =
        end === 'silence'
          ? give({ type: 'woke' })
          : give({ type: 'refused', requestId, penalty: 'invalid', reason: 'no fit' })
      const again = [...asks(effects), ...asks(give({ type: 'woke' }))]
      expect(again, end).toMatchObject([{ peer: 'good', from: bad.from }])
    }
  })

  it('an answer that nobody asked for is an offence, and never a batch', () => {
    const { give, state } = rig()
    give({ type: 'claimed', peer: 'a', height: START_BEHIND + 1 })
    expect(effectsOf(give({ type: 'arrived', peer: 'a', requestId: 77 }), 'penalise')).toMatchObject([
      { peer: 'a', penalty: 'limit' },
    ])
    give({ type: 'checked', requestId: 77, last: 10, end: 'full' })
    expect(state.windows.every(({ batch }) => batch === null)).toBe(true)
  })

  it('an answer in the name of another peer is none', () => {
    const { give, asks, state } = rig()
    const [ask] = asks(give({ type: 'claimed', peer: 'a', height: START_BEHIND + 1 }))
    give({ type: 'claimed', peer: 'thief', height: START_BEHIND + 1 })
    const effects = give({ type: 'arrived', peer: 'thief', requestId: ask?.requestId ?? 0 })
    expect(effectsOf(effects, 'penalise')).toMatchObject([{ peer: 'thief' }])
    expect(state.requests.get(ask?.requestId ?? 0)?.arrived).toBe(false)
  })

  it('P20.9 a peer that pruned the heights is asked for later ones only', () => {
    const { give, asks, state } = rig()
    const [ask] = asks(give({ type: 'claimed', peer: 'pruned', height: 4 * WINDOW_BLOCKS }))
    const { requestId } = ask ?? { requestId: 0 }
    give({ type: 'arrived', peer: 'pruned', requestId })
    const effects = give({ type: 'pruned', requestId, lowest: WINDOW_BLOCKS })
    expect(effectsOf(effects, 'penalise')).toEqual([])
    expect(state.active).toBe(false)
    // Nobody has them: consensus does not ask either, and people can be told.
    expect([effectsOf(effects, 'lead'), lowestServed(state)]).toEqual([[{ type: 'lead', leads: true }], WINDOW_BLOCKS])
    const archive = asks(give({ type: 'claimed', peer: 'archive', height: 4 * WINDOW_BLOCKS }))
    expect(archive[0]).toMatchObject({ peer: 'archive', from: 1 })
    expect([state.leads, lowestServed(state)]).toEqual([false, null])
  })

  it('without progress for a while consensus looks for blocks itself again', () => {
    const { give, asks, answer, clock, state } = rig()
    const [first] = asks(give({ type: 'claimed', peer: 'a', height: 8 * WINDOW_BLOCKS }))
    if (first === undefined) throw new Error('a request')
    answer(first)
    give({ type: 'advanced', height: first.to })
    clock.now += STALL_MS
    expect(effectsOf(give({ type: 'woke' }), 'lead')).toEqual([{ type: 'lead', leads: false }])
    expect(state.active).toBe(true)
  })

  it('claims of more peers than the bound are not kept', () => {
    const { give, state } = rig()
    for (let index = 0; index < MAX_RANGE_PEERS + 5; index++) {
      give({ type: 'claimed', peer: `peer${index}`, height: 1 })
    }
    expect(state.peers.size).toBe(MAX_RANGE_PEERS)
  })
})

type Conduct = 'honest' | 'slow' | 'silent' | 'lying' | 'tiny' | 'pruned' | 'empty' | 'boasting'
const TARGET = 40 * WINDOW_BLOCKS
const LATENCY: Readonly<Record<Conduct, number>> = {
  honest: 50,
  slow: HEDGE_AFTER_MS * 3,
  silent: Number.POSITIVE_INFINITY,
  lying: 20,
  tiny: 20,
  pruned: 20,
  empty: 20,
  boasting: 20,
}

/** Plays peers of these conducts against the machine until the node is near the tip; counts what it took. */
function play(conducts: readonly Conduct[], leaving: readonly number[]) {
  const { state, clock, give } = rig()
  let due: { readonly at: number; readonly run: () => RangeEffect[] }[] = []
  let asked = 0
  let wake = Number.POSITIVE_INFINITY
  const started = clock.now
  const later = (ms: number, run: () => RangeEffect[]) => due.push({ at: clock.now + ms, run })
  const react = (effects: readonly RangeEffect[]): void => {
    expectSound(state)
    for (const effect of effects) {
      if (effect.type === 'wake') wake = effect.delayMs === null ? Number.POSITIVE_INFINITY : clock.now + effect.delayMs
      else if (effect.type === 'apply')
        later(10, () => give({ type: 'advanced', height: heights.get(effect.requestId) ?? 0 }))
      else if (effect.type === 'ask') reply(effect)
    }
  }
  const heights = new Map<number, number>()
  const reply = ({ peer, requestId, from, to }: Ask): void => {
    asked++
    const conduct = conducts[Number(peer)] ?? 'silent'
    const serves = from <= TARGET && (conduct === 'honest' || conduct === 'slow' || conduct === 'tiny')
    const last = conduct === 'tiny' ? from : Math.min(to, TARGET)
    if (LATENCY[conduct] === Number.POSITIVE_INFINITY) return
    later(LATENCY[conduct], () => {
      const effects = give({ type: 'arrived', peer, requestId })
      if (state.requests.get(requestId)?.peer !== peer) return effects
      heights.set(requestId, last)
      if (serves) return [...effects, ...give({ type: 'checked', requestId, last, end: 'none' })]
      if (conduct === 'pruned') return [...effects, ...give({ type: 'pruned', requestId, lowest: from + 1 })]
      if (conduct === 'empty') return [...effects, ...give({ type: 'empty', requestId })]
      return [...effects, ...give({ type: 'refused', requestId, penalty: 'invalid', reason: 'lie' })]
    })
  }
  conducts.forEach((conduct, index) => {
    react(give({ type: 'claimed', peer: String(index), height: conduct === 'boasting' ? 2 ** 50 : TARGET }))
    if (leaving[index]) later(leaving[index], () => give({ type: 'peerLeft', peer: String(index) }))
  })
  const isNear = () => state.head >= TARGET - STOP_BEHIND
  for (let steps = 0; !isNear() && steps < 5_000; steps++) {
    const next = Math.min(wake, ...due.map(({ at }) => at))
    if (next === Number.POSITIVE_INFINITY) break
    clock.now = next
    const ready = due.filter(({ at }) => at <= next)
    due = due.filter(({ at }) => at > next)
    if (ready.length === 0) react(give({ type: 'woke' }))
    for (const { run } of ready) react(run())
  }
  return { head: state.head, asked, tookMs: clock.now - started }
}

describe('random peers', () => {
  const conduct = fc.constantFrom<Conduct[]>('honest', 'slow', 'silent', 'lying', 'tiny', 'pruned', 'empty', 'boasting')

  it('one honest peer among any others is enough: it always ends, in bounded time, with bounded requests', () => {
    const others = fc.array(fc.tuple(conduct, fc.integer({ min: 1, max: 60_000 })), { maxLength: 6 })
    fc.assert(
      fc.property(others, fc.nat(), (chosen, place) => {
        const conducts = chosen.map(([each]) => each)
        const leaving = chosen.map(([, after]) => after)
        const at = place % (conducts.length + 1)
        conducts.splice(at, 0, 'honest')
        leaving.splice(at, 0, 0)
        const { head, asked, tookMs } = play(conducts, leaving)
        expect(head).toBeGreaterThanOrEqual(TARGET - STOP_BEHIND)
        expect(tookMs).toBeLessThan(120_000)
        expect(asked).toBeLessThan(1_000)
      }),
      { numRuns: 200 },
    )
  })

  it('with liars alone it stops asking often', () => {
    const { head, asked, tookMs } = play(['lying', 'boasting', 'silent'], [])
    expect(head).toBe(0)
    // Two requests to each, again and again, with pauses that grow to ten minutes: the run covers days.
    expect(tookMs / asked).toBeGreaterThan(30_000)
  })
})
