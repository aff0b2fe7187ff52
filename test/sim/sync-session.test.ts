/** What may happen to a session in virtual time: rolls, silence, bounds, disconnects, gossip beside it, any input at all. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSessionState, sessionStep } from '../../src/sync/machine.ts'
import type { AtxMessage } from '../../src/sync/messages.ts'
import { markOf } from '../../src/sync/rules/fingerprints.ts'
import type { SessionEffect, SessionInput, SessionLimits } from '../../src/sync/types.ts'
import { createFakeSet, type FakeSet, fingerprintOf, idOf, pack } from '../helpers/sync/session/fake-set.ts'
import { SCENARIOS } from '../helpers/sync/session/scenarios.ts'
import {
  configOf,
  createPair,
  FEATURES,
  NOBODY,
  type PairRun,
  type Side,
  type SideName,
} from '../helpers/sync/session/virtual-pair.ts'

const MINUTE_MS = 60_000
const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => idOf(`${prefix}-${i}`))

describe('freeze', () => {
  /** Both roll once, `atInput` is the caller's input before which it does. */
  function rolling(atInput: SessionInput['type'], bobToo: boolean): PairRun {
    const sets = [0, 1].map((i) => createFakeSet({ frames: [named('a', 40), named('b', 30 + i), named('c', 30)] }))
    const [alice, bob] = sets as [FakeSet, FakeSet]
    let isRolled = false
    const run = createPair({
      alice: {
        set: alice,
        config: { limits: { chunkIds: 2 } },
        watch(side, input) {
          if (input.type === atInput && !isRolled) {
            isRolled = true
            side.set.roll()
            if (bobToo) bob.roll()
          }
          return undefined
        },
      },
      bob: { set: bob, config: { limits: { chunkIds: 2 } } },
    })
    run.run()
    return run
  }

  it('S7.1 a roll between Hello and freeze begins again with a new Hello, each way once', () => {
    const run = rolling('helloReceived', true)
    expect([run.alice.outcome?.kind, run.bob.outcome?.kind]).toEqual(['agreed', 'agreed'])
    const hellos = (side: Side) => side.sent.flatMap((message) => (message.type === 'hello' ? [message.frame] : []))
    expect([hellos(run.alice), hellos(run.bob)]).toEqual([
      [2, 3],
      [2, 3],
    ])
    expect(run.alice.outcome?.figures).toMatchObject({ rounds: 3, gained: 1 })
    expect([...run.alice.misbehaved, ...run.bob.misbehaved]).toEqual([])
  })

  it('S6 a roll here and not yet there is told apart by its retry, and blames nobody', () => {
    const run = rolling('helloReceived', false)
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'frame', by: 'peer' })
    expect(run.bob.misbehaved).toEqual([])
  })

  it('S7.1 a roll in the middle of a round disturbs nothing', () => {
    const run = rolling('chunkWeighed', false)
    expect([run.alice.outcome?.kind, run.bob.outcome?.kind]).toEqual(['agreed', 'agreed'])
  })

  it('S7.1 gossip during a frozen session leaves lists, digests and results as they were', () => {
    const play = (isBusy: boolean): AtxMessage[][] => {
      const { alice, bob } = SCENARIOS.S9()
      let inserted = 0
      const run = createPair({
        alice: {
          set: alice,
          watch(side, input) {
            if (isBusy && input.type === 'chunkReceived') side.set.add(...named(`gossip-${inserted++}`, 143))
            return undefined
          },
        },
        bob: { set: bob },
      })
      run.run()
      if (isBusy) expect(alice.count).toBe(1_200 + 7 * 143)
      return [run.alice.sent, run.bob.sent]
    }
    expect(play(true)).toEqual(play(false))
  })
})

describe('deadlines', () => {
  const silent = (from: AtxMessage['type']) => {
    let isSilent = false
    return (message: AtxMessage): readonly AtxMessage[] => {
      isSilent ||= message.type === from
      return isSilent ? [] : [message]
    }
  }
  it.each([
    ['hello', 10_000],
    ['frameOpen', 30_000],
    ['ids', 30_000],
    ['result', 30_000],
  ] as const)('a peer that falls silent at its %s is left after %i ms', (type, limitMs) => {
    const { alice, bob } = SCENARIOS.S3()
    const run = createPair({ alice: { set: alice }, bob: { set: bob, rewrite: silent(type) } })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'timeout', by: 'us' })
    expect(run.alice.endedAt).toBeGreaterThanOrEqual(limitMs)
    expect(run.alice.endedAt).toBeLessThan(limitMs + 1_000)
  })

  it('a caller that never says Hello is left after the same time', () => {
    const { alice, bob } = SCENARIOS.S3()
    const run = createPair({ alice: { set: alice, rewrite: () => [] }, bob: { set: bob } })
    run.run()
    expect(run.bob.outcome).toMatchObject({ kind: 'failed', code: 'timeout' })
    expect(run.bob.endedAt).toBe(10_000)
  })

  it('no session outlasts its time, whatever signs of life come', () => {
    const { alice, bob } = SCENARIOS.S3()
    const limits = { idleTimeoutMs: 60 * MINUTE_MS, sessionTimeoutMs: 60 * MINUTE_MS }
    const run: PairRun = createPair({
      alice: { set: alice },
      bob: { set: bob, rewrite: silent('frameOpen'), config: { limits } },
    })
    for (let at = 5_000; at < 20 * MINUTE_MS; at += 5_000) {
      run.at(at, () => run.deliver('alice', { type: 'keepAlive', done: 0, total: 0 }))
    }
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'timeout', text: 'the session took too long' })
    expect(run.alice.endedAt).toBe(15 * MINUTE_MS)
  })

  it('a flood of signs of life is a violation', () => {
    const { alice, bob } = SCENARIOS.S3()
    const run: PairRun = createPair({ alice: { set: alice }, bob: { set: bob, rewrite: silent('frameOpen') } })
    for (let i = 0; i < 50; i++) run.at(1_000, () => run.deliver('alice', { type: 'keepAlive', done: 0, total: 0 }))
    run.run()
    expect(run.alice.misbehaved).toEqual(['noise'])
  })
})

describe('S1 bounds on ids', () => {
  const meet = (name: 'S7' | 'S9', alice: Partial<SessionLimits>, bob: Partial<SessionLimits> = {}): PairRun => {
    const sets = SCENARIOS[name]()
    const run = createPair({
      alice: { set: sets.alice, config: { limits: alice } },
      bob: { set: sets.bob, config: { limits: bob } },
    })
    run.run()
    expect([...run.alice.misbehaved, ...run.bob.misbehaved]).toEqual([])
    return run
  }
  const opened = ({ sent }: Side): number => sent.filter(({ type }) => type === 'frameOpen').length
  const stopped = { kind: 'stopped', why: 'limit', by: 'us' }
  const obeyed = { kind: 'stopped', why: 'limit', by: 'peer' }

  it('maxIdsPerSession: a list that would bring more than are left is not read', () => {
    const { alice, bob } = meet('S9', { maxIdsPerSession: 299 })
    expect(alice.outcome).toMatchObject({ ...stopped, figures: { rounds: 2, idsIn: 200 } })
    expect(bob.outcome).toMatchObject(obeyed)
    expect(meet('S9', { maxIdsPerSession: 701 }).alice.outcome).toMatchObject({ kind: 'mutual' })
  })

  it.each([
    ['come have come', 'bob', 'alice', { rounds: 2, idsIn: 200, idsOut: 100 }],
    ['go have gone', 'alice', 'bob', { rounds: 2, idsIn: 100, idsOut: 200 }],
  ] as const)(
    'maxIdsPerSession: no further round is opened when all ids that may %s',
    (_what, full, other, figures) => {
      const limits = { [full]: { maxIdsPerSession: 200 } }
      const run = meet('S7', limits.alice ?? {}, limits.bob)
      expect(run[full].outcome).toMatchObject({ ...stopped, figures })
      expect(run[other].outcome).toMatchObject(obeyed)
      expect(opened(run[full])).toBe(2)
    },
  )

  it('maxIdsPerFrame: a list longer than what the peer takes is not opened', () => {
    const { alice, bob } = meet('S9', {}, { maxIdsPerFrame: 99 })
    expect(alice.outcome).toMatchObject({ ...stopped, figures: { rounds: 0, idsOut: 0 } })
    expect(bob.outcome).toMatchObject(obeyed)
    expect(opened(alice)).toBe(0)
    expect(meet('S9', {}, { maxIdsPerFrame: 100 }).alice.outcome).toMatchObject({ kind: 'mutual' })
  })
})

describe('disconnects', () => {
  const PHASES = ['idle', 'hello', 'rounds', 'confirming', 'deep', 'stopping'] as const

  it.each(PHASES)('in phase %s the other side ends too, and blames nobody', (phase) => {
    const name = { stopping: 'S7', deep: 'S9' }[phase as string] ?? 'S3'
    const { alice, bob } = SCENARIOS[name as 'S3']()
    const config = { features: { ...FEATURES, deepRange: true } }
    let cuts = 0
    for (const victim of ['alice', 'bob'] as const satisfies readonly SideName[]) {
      let isCut = false
      const watch = (side: Side): boolean => {
        if (isCut || side.state.phase !== phase || side.name !== victim) return false
        isCut = true
        for (const each of [run.alice, run.bob]) run.at(0, () => each.push({ type: 'disconnected', reason: 'gone' }))
        return true
      }
      const run: PairRun = createPair({ alice: { set: alice, config, watch }, bob: { set: bob, config, watch } })
      run.run()
      expect([run.alice.misbehaved, run.bob.misbehaved]).toEqual([[], []])
      expect([run.alice.outcome, run.bob.outcome]).not.toContain(null)
      expect(run.alice.sent.filter(({ type }) => type === 'problem')).toEqual([])
      const expected = phase === 'stopping' ? { kind: 'serve-out' } : { kind: 'failed', code: 'closed' }
      if (isCut) expect(run[victim].outcome).toMatchObject(expected)
      if (isCut) cuts++
    }
    expect(cuts).toBeGreaterThan(0)
  })

  it('a stop that is not answered counts as what it asked for', () => {
    const { alice, bob } = SCENARIOS.S7()
    const run = createPair({
      alice: { set: alice },
      bob: { set: bob, rewrite: (message) => [message], watch: (side) => side.state.phase === 'confirming' },
    })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'serve-out' })
  })
})

// ---------------------------------------------------------------- totality

const anyFingerprint = fc.constantFrom(fingerprintOf([]), fingerprintOf([idOf('x')]))
const anyCount = fc.constantFrom(0, 1, 2, 3, 100, 2 ** 31, 2 ** 40, -1, 0.5)
const anyBack = fc.constantFrom(0, 1, 2, 6, 7, 255, 2 ** 32 - 1)
const anyBytes = fc.constantFrom(
  new Uint8Array(16),
  new Uint8Array(16).fill(1),
  new Uint8Array(32).fill(7),
  new Uint8Array(0),
)
const anyFeatures = fc.record({
  setRule: fc.boolean(),
  allFingerprint: fc.boolean(),
  totalFingerprint: fc.boolean(),
  deepRange: fc.boolean(),
  resume: fc.boolean(),
})
const maybeFingerprint = fc.option(anyFingerprint, { nil: null })
const maybeMark = fc.option(anyFingerprint.map(markOf), { nil: null })

const hello = fc.record({
  type: fc.constant('hello' as const),
  version: fc.constantFrom(1, 1, 1, 2),
  networkId: fc.constantFrom(new Uint8Array(32).fill(7), new Uint8Array(32).fill(7), new Uint8Array(32)),
  intent: fc.constantFrom('sync' as const, 'sync' as const, 'fetch' as const),
  sessionId: anyBytes,
  wallMs: fc.constantFrom(0, 1_000, 2 ** 50),
  frame: fc.constantFrom(3, 3, 3, 4),
  hasStrong: fc.boolean(),
  features: fc.oneof(fc.constant({ ...FEATURES, deepRange: true }), anyFeatures),
  maxIdsPerFrame: anyCount,
  chunkIds: anyCount,
  fast: maybeFingerprint,
  all: maybeMark,
  total: maybeMark,
  storeId: anyBytes,
})
const present = fc.record({
  wallMs: fc.constant(1_000),
  frame: fc.constantFrom(3, 3, 3, 4),
  frameStart: fc.constant(0),
  frameEnd: fc.constant(2_000),
  fast: maybeFingerprint,
  all: anyFingerprint,
  total: anyFingerprint,
})
const standing = fc.constantFrom(
  NOBODY,
  { isBanned: true, retryAfterMs: 0, live: 'none' } as const,
  {
    isBanned: false,
    retryAfterMs: 5,
    live: 'dialling',
  } as const,
)
const weighed = { learned: anyCount, gained: anyCount, fresh: anyCount, waiting: fc.constantFrom(0, 100_000) }
const offer = fc.constantFrom(null, { token: new Uint8Array(4), estIds: 1, estBytes: 1, retryAfterMs: 0 })
const message = fc.oneof(
  fc.record({ type: fc.constant('frameOpen' as const), back: anyBack, frame: anyCount, count: anyCount }),
  fc.record({ type: fc.constant('ack' as const), index: anyCount }),
  fc.record({
    type: fc.constant('result' as const),
    back: anyBack,
    known: anyFingerprint,
    gained: anyCount,
    noGainRun: anyCount,
    gainedTotal: anyCount,
  }),
  fc.record({
    type: fc.constant('done' as const),
    why: fc.constantFrom('fast' as const, 'agreed' as const, 'total-equal' as const, 'mutual-limit' as const),
    back: anyBack,
  }),
  fc.record({
    type: fc.constant('stop' as const),
    why: fc.constantFrom('serve' as const, 'limit' as const, 'policy' as const, 'shutdown' as const),
    offer,
  }),
  fc.constant({ type: 'keepAlive' as const, done: 0, total: 0 }),
  fc.constant({ type: 'problem' as const, code: 'internal' as const, text: '', retryAfterMs: 0 }),
  fc.constant({ type: 'fetch' as const, req: 1, ids: pack([idOf('x')]) }),
  fc.constant({ type: 'serveIds' as const, firstSeq: 0, ids: new Uint8Array(0), totalSeq: 0 }),
)
const bare = fc.oneof(
  fc.record({ type: fc.constant('started' as const), present }),
  fc.record({ type: fc.constant('helloReceived' as const), hello, present, standing }),
  fc.record({ type: fc.constant('frozen' as const), frame: fc.constantFrom(3, 3, 4), present }),
  fc.record({ type: fc.constant('listOpened' as const), back: anyBack, count: anyCount }),
  fc.record({ type: fc.constant('listSent' as const), back: anyBack }),
  fc.record({ type: fc.constant('messageReceived' as const), message }),
  fc.record({
    type: fc.constant('chunkReceived' as const),
    index: anyCount,
    count: anyCount,
    isAscending: fc.boolean(),
  }),
  fc.record({ type: fc.constant('chunkWeighed' as const), ...weighed }),
  fc.record({
    type: fc.constant('frameEnded' as const),
    back: anyBack,
    count: anyCount,
    isDigestGood: fc.boolean(),
    known: anyFingerprint,
  }),
  fc.record({ type: fc.constant('deepReceived' as const), bytes: anyCount }),
  fc.record({ type: fc.constant('deepWeighed' as const), ...weighed }),
  fc.record({ type: fc.constant('reconciled' as const), known: anyFingerprint, bytesOut: anyCount }),
  fc.constant({ type: 'reconcileFailed' as const, text: '' }),
  fc.record({ type: fc.constant('reconcileLimited' as const), bytesOut: anyCount }),
  fc.record({ type: fc.constant('backlogChanged' as const), waiting: anyCount }),
  fc.record({
    type: fc.constant('stopRequested' as const),
    why: fc.constantFrom('limit' as const, 'policy' as const, 'shutdown' as const),
  }),
  fc.constantFrom(
    { type: 'superseded' as const },
    { type: 'malformedReceived' as const, reason: 'bad bytes' },
    { type: 'peerEnded' as const },
    { type: 'disconnected' as const, reason: '' },
    { type: 'woke' as const },
  ),
)

describe('totality', () => {
  it('any inputs in any order: no throw, one end, nothing after it, no more work than the window allows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('alice' as const, 'bob' as const),
        fc.array(fc.tuple(bare, fc.constantFrom(0, 0, 0, 1, 1_000, 31_000)), { maxLength: 40 }),
        (name, inputs) => {
          const state = createSessionState(configOf(name, { features: { ...FEATURES, deepRange: true } }))
          let now = 0
          const effects: SessionEffect[] = []
          for (const [input, delay] of inputs) {
            now += delay
            effects.push(...sessionStep(state, { ...input, now } as SessionInput))
          }
          const ends = effects.filter(({ type }) => type === 'end')
          expect(ends.length).toBe(state.phase === 'ended' ? 1 : 0)
          if (ends.length > 0) expect(effects.at(-1)?.type).toBe('end')
          expect(state.hellosSent).toBeLessThanOrEqual(2)
          expect(state.round?.back ?? 0).toBeLessThanOrEqual(6)
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('a peer may send any messages at any time: the honest side ends with an outcome', () => {
    const wire = fc.oneof(
      hello,
      message,
      fc.record({
        type: fc.constant('ids' as const),
        index: fc.nat(3),
        ids: fc.constantFrom(pack([idOf('x')]), pack(named('y', 3)), new Uint8Array(31)),
      }),
      fc.record({ type: fc.constant('frameEnd' as const), back: fc.nat(2), count: fc.nat(3), digest: anyBytes }),
      fc.record({ type: fc.constant('deep' as const), scheme: fc.nat(2), scope: anyBack, payload: anyBytes }),
    )
    fc.assert(
      fc.property(fc.array(wire, { maxLength: 15 }), fc.nat(12), (messages, after) => {
        const { alice, bob } = {
          alice: createFakeSet({ frames: [[], named('a', 3), []] }),
          bob: createFakeSet({ frames: [[], named('b', 3), []] }),
        }
        let sent = 0
        const run = createPair({
          alice: { set: alice },
          bob: { set: bob, rewrite: (own) => (sent++ === after ? messages : [own]) },
        })
        run.run(20 * MINUTE_MS)
        expect(run.alice.outcome).not.toBeNull()
      }),
      { numRuns: 300 },
    )
  })
})
