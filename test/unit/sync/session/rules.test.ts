/** Rules of a session by table: the decision after a round (S7.4, S7.5, S7.7), equal fingerprints (S3.5), the order of checks of a Hello (S6). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSessionState, sessionStep } from '../../../../src/sync/machine.ts'
import type { Hello } from '../../../../src/sync/messages.ts'
import { decide, type Side, type Standings } from '../../../../src/sync/rules/decide.ts'
import { hasMark, isSame, markOf } from '../../../../src/sync/rules/fingerprints.ts'
import type { Present, SessionEffect, SessionState, Standing } from '../../../../src/sync/types.ts'
import { fingerprintOf, idOf } from '../../../helpers/sync/session/fake-set.ts'
import { configOf, FEATURES, NOBODY } from '../../../helpers/sync/session/virtual-pair.ts'

const table = (changes: Partial<Standings>): Standings => ({
  back: 3,
  lastBack: 6,
  noGainRounds: 3,
  isSame: false,
  isLimit: false,
  hasClaims: false,
  isSetRule: true,
  hasDeep: true,
  own: { noGainRun: 0, gainedTotal: 1 },
  their: { noGainRun: 0, gainedTotal: 1 },
  ...changes,
})
const idle: Side = { noGainRun: 3, gainedTotal: 0 }
const nothing: Side = { noGainRun: 2, gainedTotal: 0 }
const something: Side = { noGainRun: 0, gainedTotal: 4 }
const atEnd = { back: 6 }

describe('S7.7 the decision after a round', () => {
  it.each([
    ['equal fingerprints go before all', { isSame: true, isLimit: true, own: idle, hasClaims: true }, 'agreed'],
    ['then the limit', { isLimit: true, own: idle, their: idle, hasClaims: true }, 'limit'],
    ['then policy, when nobody gained and claims came', { own: idle, their: idle, hasClaims: true }, 'policy'],
    ['S7.5 our run alone', { own: idle, their: something }, 'serve-out'],
    ['S7.5 our run alone, with claims', { own: idle, their: something, hasClaims: true }, 'serve-out'],
    ['S7.5 the run of the peer alone', { own: something, their: idle }, 'serve-in'],
    ['S7.5 both runs: nobody is isolated', { own: idle, their: idle }, 'next'],
    ['both runs in the literal variant', { own: idle, their: idle, isSetRule: false }, 'mutual'],
    ['neither run', {}, 'next'],
    ['S7.4 0 / >0', { ...atEnd, own: nothing, their: something }, 'serve-out'],
    ['S7.4 >0 / 0', { ...atEnd, own: something, their: nothing }, 'serve-in'],
    ['S7.4 >0 / >0', { ...atEnd, own: something, their: something }, 'mutual'],
    ['S7.4 0 / 0', { ...atEnd, own: nothing, their: nothing }, 'deep'],
    ['S7.4 0 / 0 without reconciliation', { ...atEnd, own: nothing, their: nothing, hasDeep: false }, 'mutual'],
    ['S7.5 asymmetric goes before the window end', { ...atEnd, own: idle, their: something }, 'serve-out'],
  ] as const)('%s', (_title, changes, expected) => {
    expect(decide(table(changes))).toBe(expected)
  })

  it('both sides read the same table with swapped arguments', () => {
    const side = fc.record({ noGainRun: fc.nat(6), gainedTotal: fc.nat(2) })
    const mirror: Record<string, string> = { 'serve-in': 'serve-out', 'serve-out': 'serve-in' }
    const arbitrary = fc.record({
      back: fc.nat(6),
      isSame: fc.boolean(),
      isLimit: fc.boolean(),
      isSetRule: fc.boolean(),
      hasDeep: fc.boolean(),
      own: side,
      their: side,
    })
    fc.assert(
      fc.property(arbitrary, (changes) => {
        const here = decide(table(changes))
        const there = decide(table({ ...changes, own: changes.their, their: changes.own }))
        expect(there).toBe(mirror[here] ?? here)
      }),
    )
  })
})

describe('S3.5 equal fingerprints', () => {
  const base = fingerprintOf([idOf('x')])
  it.each([
    ['itself', base, true, true],
    ['another count', { ...base, count: 2 }, false, false],
    ['another XOR', { ...base, xor: new Uint8Array(32) }, false, false],
    ['another strong field', { ...base, strong: new Uint8Array(32) }, true, false],
    ['no strong field', { ...base, strong: null }, true, false],
    ['a shorter XOR', { ...base, xor: base.xor.subarray(1) }, false, false],
    ['none', null, false, false],
  ] as const)('%s', (_title, other, inXor, inBoth) => {
    expect([isSame(base, other, 'xor'), isSame(base, other, 'lthash16')]).toEqual([inXor, inBoth])
    expect([isSame(other, base, 'xor'), isSame(other, base, 'lthash16')]).toEqual([inXor, inBoth])
  })
})

describe('S6 marks', () => {
  const [here, other] = [fingerprintOf([idOf('a'), idOf('b')]), fingerprintOf([idOf('a')])]
  const weak = { ...here, strong: null }
  it.each([
    ['of the same set', here, markOf(here), true],
    ['of another set', here, markOf(other), false],
    ['of the same set, by XOR on both sides', weak, markOf(weak), true],
    ['of another set, by XOR on both sides', weak, markOf({ ...other, strong: null }), false],
    ['none', here, null, null],
  ] as const)('%s', (_title, ours, theirs, expected) => {
    expect(hasMark(ours, theirs, true)).toBe(expected)
    expect(hasMark(ours, theirs, false)).toBe(null)
  })

  /** How the session ends when a Hello with these marks comes; nothing when it goes on. */
  function ending(marks: Partial<Hello>): unknown {
    const config = configOf('bob')
    const features = { ...config.features, allFingerprint: true, totalFingerprint: true }
    const state = createSessionState({ ...config, features })
    const present = { wallMs: 0, frame: 0, frameStart: 0, frameEnd: 1, fast: here, all: here, total: here }
    sessionStep(state, { type: 'started', present, now: 0 })
    const hello: Hello = { ...greetingOf(state, present), ...marks }
    const effects = sessionStep(state, { type: 'helloReceived', hello, present, standing: NOBODY, now: 0 })
    const end = effects.find((effect) => effect.type === 'end')
    if (end?.type !== 'end') return null
    const { figures: _, ...rest } = end.outcome
    return rest
  }

  const equal = { kind: 'fast-equal', isUnsettled: false, isOpenDifferent: false }
  const [same, apart] = [markOf(here), markOf(other)]
  it.each<[string, Partial<Hello>, unknown]>([
    ['all equal', { fast: here, all: same, total: same }, equal],
    ['the open timeframe differs', { fast: here, all: same, total: apart }, { ...equal, isOpenDifferent: true }],
    ['unsettled ids differ', { fast: here, all: apart, total: same }, { ...equal, isUnsettled: true }],
    ['no marks', { fast: here, all: null, total: null }, equal],
    [
      'only grades differ (A14)',
      { fast: other, all: same, total: apart },
      { kind: 'all-equal', isOpenDifferent: true },
    ],
    ['the same ids in other timeframes', { fast: other, all: apart, total: same }, { kind: 'total-equal' }],
    ['a real difference', { fast: other, all: apart, total: apart }, null],
    [
      'a peer without suite 2 compares by XOR; its marks say nothing, so a full run is due after a while',
      { hasStrong: false, fast: weak, all: markOf(weak), total: markOf(weak) },
      { ...equal, isUnsettled: true },
    ],
    [
      'a peer without suite 2 that differs',
      { hasStrong: false, fast: { ...other, strong: null }, all: markOf(weak) },
      null,
    ],
  ])('%s', (_title, marks, expected) => {
    expect(ending(marks)).toEqual(expected)
  })
})

/** What a peer in the same state of affairs would say. */
function greetingOf({ config, sessionId }: SessionState, { frame, wallMs }: Present): Hello {
  const { networkId, limits, features } = config
  const { maxIdsPerFrame, chunkIds } = limits
  const bare = { fast: null, all: null, total: null, storeId: new Uint8Array(0), hasStrong: true }
  return {
    type: 'hello',
    version: 1,
    intent: 'sync',
    ...{ networkId, sessionId, frame, wallMs, features, maxIdsPerFrame, chunkIds, ...bare },
  }
}

describe('S6 checks of a Hello', () => {
  const DAY_MS = 86_400_000
  const MINUTE_MS = 60_000
  const present = (changes: Partial<Present> = {}): Present => ({
    wallMs: 5.5 * DAY_MS,
    frame: 5,
    frameStart: 5 * DAY_MS,
    frameEnd: 6 * DAY_MS,
    fast: fingerprintOf([idOf('a')]),
    all: fingerprintOf([idOf('a')]),
    total: fingerprintOf([idOf('a')]),
    ...changes,
  })
  const good: Hello = {
    type: 'hello',
    version: 1,
    networkId: new Uint8Array(32).fill(7),
    intent: 'sync',
    sessionId: new Uint8Array(16).fill(1),
    wallMs: 5.5 * DAY_MS,
    frame: 5,
    hasStrong: true,
    features: FEATURES,
    maxIdsPerFrame: 1_000,
    chunkIds: 10,
    fast: fingerprintOf([]),
    all: null,
    total: null,
    storeId: new Uint8Array(16),
  }
  const banned: Standing = { isBanned: true, retryAfterMs: 9, live: 'running' }

  /** What a responder answers first; the code and wait of a Problem. */
  function answer(changes: Partial<Hello>, standing: Standing = NOBODY, here: Present = present()) {
    const state = createSessionState(configOf('bob'))
    sessionStep(state, { type: 'started', present: here, now: 0 })
    const hello = { ...good, ...changes }
    const effects = sessionStep(state, { type: 'helloReceived', hello, present: here, standing, now: 0 })
    const sent = effects.flatMap((effect) => (effect.type === 'send' ? [effect.message] : []))[0]
    return sent?.type === 'problem' ? [sent.code, sent.retryAfterMs] : [sent?.type, effectsOf(effects)]
  }
  const effectsOf = (effects: readonly SessionEffect[]): string[] =>
    effects.map(({ type }) => type).filter((type) => type !== 'send' && type !== 'wake')

  it.each([
    ['version before network', { version: 2, networkId: new Uint8Array(32) }, banned, ['version', 0]],
    ['another rule is another version', { features: { ...FEATURES, setRule: false } }, banned, ['version', 0]],
    ['network before ban', { networkId: new Uint8Array(32) }, banned, ['network', 0]],
    ['ban before rate', { wallMs: 0 }, banned, ['banned', 0]],
    ['rate before clock', { wallMs: 0 }, { ...banned, isBanned: false }, ['busy', 9]],
    ['a running session before clock', { wallMs: 0 }, { ...NOBODY, live: 'running' }, ['busy', 30_000]],
    ['clock before timeframe', { wallMs: 0, frame: 4 }, NOBODY, ['clock', 0]],
    ['timeframe', { frame: 3 }, NOBODY, ['frame', 0]],
    ['all is well', {}, NOBODY, ['hello', ['freeze']]],
    [
      'all is well, and our own call gives way',
      {},
      { ...NOBODY, live: 'dialling' },
      ['hello', ['supersede', 'freeze']],
    ],
    ['equal in step 1', { fast: fingerprintOf([idOf('a')]) }, NOBODY, ['hello', ['end']]],
  ] as const)('%s', (_title, changes, standing, expected) => {
    expect(answer(changes, standing)).toEqual(expected)
  })

  it.each([
    [5 * MINUTE_MS, ['hello', ['freeze']]],
    [5 * MINUTE_MS + 1, ['clock', 0]],
  ])('clockTolerance: %i ms apart, either way', (apartMs, expected) => {
    for (const skew of [apartMs, -apartMs]) expect(answer({ wallMs: 5.5 * DAY_MS + skew })).toEqual(expected)
  })

  it.each([
    [
      'we rolled two minutes ago, the peer not yet',
      5 * DAY_MS + 2 * MINUTE_MS,
      4,
      5 * DAY_MS - 1 * MINUTE_MS,
      MINUTE_MS,
    ],
    [
      'the peer rolled, we shall in three minutes',
      6 * DAY_MS - 3 * MINUTE_MS,
      6,
      6 * DAY_MS + MINUTE_MS,
      3 * MINUTE_MS,
    ],
    ['a moment before', 6 * DAY_MS - 10, 6, 6 * DAY_MS + 10, 1_000],
    ['ten minutes ago, the last moment of it', 5 * DAY_MS + 10 * MINUTE_MS, 4, 5 * DAY_MS + 5 * MINUTE_MS, 1_000],
    ['ten minutes and one ms ago', 5 * DAY_MS + 10 * MINUTE_MS + 1, 4, 5 * DAY_MS + 6 * MINUTE_MS, 0],
    [
      'ten minutes before, the first moment',
      6 * DAY_MS - 10 * MINUTE_MS,
      6,
      6 * DAY_MS - 5 * MINUTE_MS,
      10 * MINUTE_MS,
    ],
    ['ten minutes and one ms before', 6 * DAY_MS - 10 * MINUTE_MS - 1, 6, 6 * DAY_MS - 6 * MINUTE_MS, 0],
    ['an hour from the boundary it does not pass', 5 * DAY_MS + 60 * MINUTE_MS, 4, 5 * DAY_MS + 60 * MINUTE_MS, 0],
  ])('boundaryGuard: %s', (_title, wallMs, theirFrame, theirWallMs, wait) => {
    expect(answer({ frame: theirFrame, wallMs: theirWallMs }, NOBODY, present({ wallMs }))).toEqual(['frame', wait])
  })
})
