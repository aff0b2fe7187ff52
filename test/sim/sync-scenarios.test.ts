/** Scenarios S1 to S11 (spec/sync.md 11) on two machines in virtual time: exact outcomes, under the set rule and the literal one. */
import { describe, expect, it } from 'vitest'
import type { Features } from '../../src/sync/messages.ts'
import { idOf } from '../helpers/sync/session/fake-set.ts'
import { oneBoundaryLater, SCENARIOS, type SetPair } from '../helpers/sync/session/scenarios.ts'
import { createPair, FEATURES, OFFER, type PairRun } from '../helpers/sync/session/virtual-pair.ts'

function play({ alice, bob }: SetPair, features: Partial<Features> = {}): PairRun {
  const config = { features: { ...FEATURES, ...features } }
  const run = createPair({ alice: { set: alice, config }, bob: { set: bob, config } })
  run.run()
  return run
}

/** How it ended here and there, ids moved, rounds, ids gained here and there. */
function resultOf(run: PairRun) {
  const { alice, bob } = run
  const [a, b] = [alice.outcome, bob.outcome]
  return {
    ends: [a?.kind, b?.kind],
    ids: run.ids(),
    rounds: a?.figures.rounds,
    gained: [a?.figures.gained, b?.figures.gained],
    blamed: [...alice.misbehaved, ...bob.misbehaved],
  }
}

const both = (kind: string): [string, string] => [kind, kind]
const row = (ends: [string, string], ids: number, rounds: number, gained: [number, number] = [0, 0]) => ({
  ends,
  ids,
  rounds,
  gained,
  blamed: [],
})

const DEEP = { deepRange: true }
const LITERAL = { setRule: false }
const TOTAL = { totalFingerprint: true }
const ALL = { allFingerprint: true }

describe('scenarios under the set rule', () => {
  it.each([
    ['S1 identical', 'S1', row(both('fast-equal'), 0, 0)],
    ['S2 differ only in c_curr', 'S2', row(both('fast-equal'), 0, 0)],
    ['S3 one of last month is missing', 'S3', row(both('agreed'), 399, 2, [0, 1])],
    ['S4 last month here, this month there', 'S4', row(both('agreed'), 201, 1)],
    ['S5 offline last month, caught up', 'S5', row(both('agreed'), 300, 1)],
    ['S6 a newcomer that was served everything', 'S6', row(both('agreed'), 1_300, 1)],
    ['S7 isolated, only c_curr', 'S7', row(['serve-out', 'serve-in'], 500, 4, [0, 300])],
    ['S8 every second id is missing', 'S8', row(['serve-out', 'serve-in'], 650, 4, [0, 150])],
    ['S9 the oldest timeframes are missing, no reconciliation', 'S9', row(both('mutual'), 1_400, 7)],
    ['S10 each misses one old id, no reconciliation', 'S10', row(both('mutual'), 1_400, 7)],
  ] as const)('%s', (_title, name, expected) => {
    expect(resultOf(play(SCENARIOS[name]()))).toEqual(expected)
  })

  it('S1 takes one Hello each way and nothing else', () => {
    const { alice, bob } = play(SCENARIOS.S1(), { ...ALL, ...TOTAL, ...DEEP })
    expect([alice.sent, bob.sent].map((sent) => sent.map(({ type }) => type))).toEqual([['hello'], ['hello']])
  })

  it.each(['S5', 'S6'] as const)('%s with TOTAL_FP moves no list', (name) => {
    expect(resultOf(play(SCENARIOS[name](), TOTAL))).toEqual(row(both('total-equal'), 0, 0))
  })

  it.each(['S5', 'S6'] as const)(
    'S11 (%s one boundary later) with ALL_FP: only grades differ, no list moves',
    (name) => {
      expect(resultOf(play(oneBoundaryLater(name), ALL))).toEqual(row(both('all-equal'), 0, 0))
      expect(resultOf(play(oneBoundaryLater(name)))).toEqual(row(both('agreed'), 0, 1))
    },
  )
})

describe('scenarios that end in deep reconciliation', () => {
  // Lists of 100 ids go out as lists also where ranges are agreed.
  it('S9 window end at k = 6, then everything that is missing', () => {
    const run = play(SCENARIOS.S9(), DEEP)
    expect(resultOf(run)).toEqual(row(both('deep'), 1_400, 7, [0, 400]))
    expect(new Set([...run.bob.set.ids(), ...run.bob.inSession])).toEqual(new Set(run.alice.set.ids()))
  })

  it('S10 each gains exactly one', () => {
    const run = play(SCENARIOS.S10(), DEEP)
    expect(resultOf(run)).toEqual(row(both('deep'), 1_400, 7, [1, 1]))
    expect([run.alice.learned, run.bob.learned]).toEqual([
      [{ id: idOf('atx-2-3'), frame: null }],
      [{ id: idOf('atx-2-7'), frame: null }],
    ])
  })
})

describe('S12.3 reconciliation that reaches its limit', () => {
  it.each(['S9', 'S10'] as const)('%s of the whole set: each side serves the other', (name) => {
    const { alice, bob } = SCENARIOS[name]()
    const config = { features: { ...FEATURES, ...DEEP } }
    const run = createPair({ alice: { set: alice, config, isDeepLimited: true }, bob: { set: bob, config } })
    run.run()
    expect([run.alice.outcome, run.bob.outcome]).toMatchObject([
      { kind: 'mutual', offer: OFFER },
      { kind: 'mutual', offer: OFFER },
    ])
    expect([...run.alice.misbehaved, ...run.bob.misbehaved]).toEqual([])
  })
})

describe('scenarios under the literal rule', () => {
  it.each([
    ['S3', row(both('agreed'), 399, 2, [0, 1])],
    ['S4', row(both('agreed'), 400, 2)],
    ['S5', row(both('agreed'), 400, 2)],
    ['S6', row(both('mutual'), 1_600, 4)],
    ['S7', row(['serve-out', 'serve-in'], 500, 4, [0, 300])],
    ['S9', row(both('mutual'), 800, 4)],
    ['S10', row(both('mutual'), 800, 4)],
  ] as const)('%s', (name, expected) => {
    expect(resultOf(play(SCENARIOS[name](), LITERAL))).toEqual(expected)
  })

  it('is spoken only with its like', () => {
    const { alice, bob } = SCENARIOS.S3()
    const run = createPair({
      alice: { set: alice, config: { features: { ...FEATURES, setRule: false } } },
      bob: { set: bob },
    })
    run.run()
    expect(run.bob.outcome).toMatchObject({ kind: 'failed', code: 'version', by: 'us' })
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'version', by: 'peer' })
  })
})
