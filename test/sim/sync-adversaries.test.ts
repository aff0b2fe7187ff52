/** Adversaries A1 to A16 of spec/sync.md 11, as far as one session goes, on two machines in virtual time. */
import { describe, expect, it } from 'vitest'
import type { AtxMessage } from '../../src/sync/messages.ts'
import {
  baseFrames,
  createFakeSet,
  type FakeSet,
  fingerprintOf,
  idOf,
  pack,
  unpack,
} from '../helpers/sync/session/fake-set.ts'
import { SCENARIOS } from '../helpers/sync/session/scenarios.ts'
import {
  createPair,
  FEATURES,
  type PairRun,
  type Side,
  type SideOptions,
} from '../helpers/sync/session/virtual-pair.ts'

const DAY_MS = 86_400_000

/** Bob lists `extra(back)` besides what is true, and says from round 3 on that he gained nothing for long. */
function lyingBob(extra: (back: number) => string[]): SideOptions {
  const frames = baseFrames()
  return {
    set: createFakeSet({ frames: frames.map((ids, frame) => [...ids, ...extra(frames.length - 1 - frame)]) }),
    rewrite: (message) => (message.type === 'result' && message.back >= 3 ? [{ ...message, noGainRun: 3 }] : [message]),
  }
}

/** Alice lacks an id of long ago: step 1 fails, and the window does not help. */
const isolatedTail = (): string[][] => baseFrames().map((ids, frame) => (frame === 1 ? ids.slice(1) : ids))

describe('claims about the past', () => {
  const broadcast = (back: number): string[] => (back >= 1 && back <= 3 ? [idOf(`broadcast-${back}`)] : [])

  it('A1 what Alice got by gossip after her freeze is no gain; after N_2 rounds the liar is stopped', () => {
    const alice = createFakeSet({ frames: isolatedTail() })
    let isFrozen = false
    const run = createPair({
      alice: {
        set: alice,
        watch(side, input) {
          if (input.type === 'frozen' && !isFrozen) {
            isFrozen = true
            side.set.add(...[1, 2, 3].flatMap(broadcast))
          }
          return undefined
        },
      },
      bob: lyingBob(broadcast),
    })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'stopped', why: 'policy', by: 'us' })
    expect(run.alice.outcome?.figures).toMatchObject({ rounds: 4, gained: 0, claims: 3, learned: 3 })
    expect(run.alice.claimed).toEqual([1, 2, 3].map((back) => ({ id: idOf(`broadcast-${back}`), frame: 11 - back })))
    expect(run.alice.learned).toEqual([])
    expect(run.bob.outcome).toMatchObject({ kind: 'stopped', why: 'policy', by: 'peer' })
    // Her frozen fingerprint has each of them once.
    const known = run.alice.state.known
    expect(known).toEqual(fingerprintOf([...isolatedTail().flat(), ...[1, 2, 3].flatMap(broadcast)]))
  })

  it.each([
    ['in a round that brought gains, is no reason', true, { kind: 'mutual', figures: { rounds: 7, claims: 1 } }],
    ['in rounds without any, is one', false, { kind: 'stopped', why: 'policy', figures: { rounds: 4, claims: 1 } }],
  ])('S7.5 a claim that an honest peer makes by chance, %s to stop it', (_title, hasGain, expected) => {
    const late = idOf('came-by-another-session')
    const missed = (by: string): string[] => (hasGain ? [idOf(`missed-by-${by}`)] : [])
    const withLast = (frames: string[][], ids: string[]) =>
      createFakeSet({ frames: frames.map((each, frame) => (frame === 10 ? [...each, ...ids] : each)) })
    const run = createPair({
      alice: {
        set: withLast(isolatedTail(), missed('bob')),
        watch(side, input) {
          if (input.type === 'frozen') side.set.add(late)
          return undefined
        },
      },
      bob: { set: withLast(baseFrames(), [late, ...missed('alice')]) },
    })
    run.run()
    expect(run.alice.outcome).toMatchObject(expected)
    expect([run.alice.misbehaved, run.bob.misbehaved]).toEqual([[], []])
  })

  it('A2 what Alice has not seen is gained, one each round, with the claim it came with', () => {
    const run = createPair({ alice: { set: createFakeSet({ frames: isolatedTail() }) }, bob: lyingBob(broadcast) })
    run.run()
    expect(run.alice.learned).toEqual([1, 2, 3].map((back) => ({ id: idOf(`broadcast-${back}`), frame: 11 - back })))
    const gains = run.alice.sent.flatMap((message) => (message.type === 'result' ? [message.gained] : []))
    expect(gains).toEqual([0, 1, 1, 1])
    expect(run.alice.claimed).toEqual([])
    // He says that he gained nothing for three rounds: then Alice lets herself be served.
    expect(run.alice.outcome).toMatchObject({ kind: 'serve-in', figures: { gained: 3 } })
  })

  it('A3 an isolated honest peer is served, not blamed', () => {
    const { alice, bob } = SCENARIOS.S7()
    const run = createPair({ alice: { set: alice }, bob: { set: bob } })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'serve-out', figures: { rounds: 4, gained: 0, claims: 0 } })
    expect(run.bob.outcome).toMatchObject({ kind: 'serve-in', offer: { estIds: 1_200 }, figures: { gained: 300 } })
    expect([...run.alice.misbehaved, ...run.bob.misbehaved]).toEqual([])
  })
})

describe('Carol, Alice and Bob', () => {
  const old = idOf('carol-of-half-a-year-ago')
  const meet = (alice: FakeSet, bob: FakeSet, options: Partial<SideOptions> = {}): PairRun => {
    const run = createPair({ alice: { set: alice, ...options }, bob: { set: bob, ...options } })
    run.run()
    return run
  }
  const aliceWithCarols = (): string[][] => baseFrames().map((ids, frame) => (frame === 11 ? [...ids, old] : ids))

  it('A4, A5 what Carol gave lies in the open timeframe: step 1 stays equal', () => {
    const run = meet(createFakeSet({ frames: aliceWithCarols() }), createFakeSet({ frames: baseFrames() }))
    expect(run.alice.outcome?.kind).toBe('fast-equal')
  })

  it('A5 it moves in round 0 when step 1 fails for another reason, and nobody is served', () => {
    const bob = createFakeSet({ frames: baseFrames().map((ids, frame) => (frame === 10 ? ids.slice(1) : ids)) })
    const run = meet(createFakeSet({ frames: aliceWithCarols() }), bob)
    expect(run.alice.outcome?.kind).toBe('agreed')
    expect(run.bob.learned[0]).toEqual({ id: old, frame: 11 })
    expect(run.bob.outcome).toMatchObject({ kind: 'agreed', figures: { rounds: 2, gained: 2 } })
  })

  it('A6 one roll later it is not settled: fast is equal, and said to be unsettled; a full run finds it in round 1', () => {
    const alice = () => createFakeSet({ frames: [...aliceWithCarols(), []], unsettled: [old] })
    const bob = () => createFakeSet({ frames: [...baseFrames(), []] })
    const config = { features: { ...FEATURES, allFingerprint: true } }
    expect(meet(alice(), bob(), { config }).alice.outcome).toMatchObject({ kind: 'fast-equal', isUnsettled: true })
    const full = meet(alice(), bob(), { config, hasStepOne: false })
    expect(full.bob.outcome).toMatchObject({ kind: 'agreed', figures: { rounds: 2, gained: 1 } })
  })

  it('A6 two rolls later it counts: step 1 fails, found in round 2', () => {
    const run = meet(
      createFakeSet({ frames: [...aliceWithCarols(), [], []], unsettled: [old] }),
      createFakeSet({ frames: [...baseFrames(), [], []] }),
    )
    expect(run.bob.outcome).toMatchObject({ kind: 'agreed', figures: { rounds: 3, gained: 1 } })
  })

  it('A6 with a filter that counts it after one roll: step 1 fails, found in round 1', () => {
    const run = meet(
      createFakeSet({ frames: [...aliceWithCarols(), []] }),
      createFakeSet({ frames: [...baseFrames(), []] }),
    )
    expect(run.bob.outcome).toMatchObject({ kind: 'agreed', figures: { rounds: 2, gained: 1 } })
  })
})

describe('lists that break the rules', () => {
  const differing = () => SCENARIOS.S3()
  /** Alice against a Bob who sends something else than his machine says. */
  function against(rewrite: (message: AtxMessage, side: Side) => readonly AtxMessage[], limits = {}): PairRun {
    const { alice, bob } = differing()
    const run = createPair({
      alice: { set: alice, config: { limits } },
      bob: { set: bob, rewrite, config: { limits } },
    })
    run.run()
    return run
  }
  const toChunks = (change: (ids: Uint8Array) => Uint8Array) => (message: AtxMessage) =>
    message.type === 'ids' ? [{ ...message, ids: change(message.ids) }] : [message]
  const swapped = (ids: Uint8Array): Uint8Array => {
    const copy = ids.slice()
    copy.set(ids.subarray(32, 64), 0)
    copy.set(ids.subarray(0, 32), 32)
    return copy
  }
  const doubled = (ids: Uint8Array): Uint8Array => {
    const copy = ids.slice()
    copy.set(ids.subarray(0, 32), 32)
    return copy
  }

  it('A7 an endless list is refused before a chunk is read', () => {
    const run = against((message) => (message.type === 'frameOpen' ? [{ ...message, count: 2 ** 40 }] : [message]))
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'limit', by: 'us', figures: { idsIn: 0 } })
    expect(run.alice.misbehaved).toEqual(['a list of 1099511627776 ids'])
    expect(run.alice.sent.at(-1)).toMatchObject({ type: 'problem', code: 'limit' })
  })

  it.each([
    ['A9 unsorted ids', toChunks(swapped), 'ids that do not ascend'],
    ['A9 the same id twice', toChunks(doubled), 'ids that do not ascend'],
    [
      'A8 more ids than announced',
      toChunks((ids) => new Uint8Array([...ids, ...new Uint8Array(32).fill(255)])),
      'more than the 100 ids announced',
    ],
    ['half an id', toChunks((ids) => ids.subarray(16)), 'a chunk of a wrong size'],
    ['an empty chunk', toChunks(() => new Uint8Array(0)), 'a chunk of a wrong size'],
    ['fewer ids than announced', toChunks((ids) => ids.subarray(32)), '99 ids instead of 100'],
    [
      'another digest',
      (message: AtxMessage) => (message.type === 'frameEnd' ? [{ ...message, digest: new Uint8Array(32) }] : [message]),
      'a wrong digest of a list',
    ],
    [
      'another count at the end',
      (message: AtxMessage) => (message.type === 'frameEnd' ? [{ ...message, count: 7 }] : [message]),
      '100 ids instead of 100',
    ],
    [
      'a chunk out of turn',
      (message: AtxMessage) => (message.type === 'ids' ? [{ ...message, index: 1 }] : [message]),
      'chunk 1 where 0 was due',
    ],
    [
      'another timeframe',
      (message: AtxMessage) => (message.type === 'frameOpen' ? [{ ...message, frame: 3 }] : [message]),
      'a list of another timeframe',
    ],
    [
      'an acknowledgement of what was not sent',
      (message: AtxMessage) => (message.type === 'ack' ? [{ ...message, index: 99 }] : [message]),
      'an acknowledgement of nothing',
    ],
    [
      'the same acknowledgement again and again',
      (message: AtxMessage) => (message.type === 'ack' ? [message, message] : [message]),
      'an acknowledgement of nothing',
    ],
    [
      'a result before the list',
      (message: AtxMessage) =>
        message.type === 'frameEnd'
          ? [{ type: 'result', back: 0, known: fingerprintOf([]), gained: 0, noGainRun: 0, gainedTotal: 0 } as const]
          : [message],
      'a result of a round that is not over',
    ],
  ])('%s is a violation at once', (_title, rewrite, reason) => {
    const run = against(rewrite)
    expect(run.alice.misbehaved).toEqual([reason])
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'protocol', by: 'us' })
    expect(run.bob.outcome).toMatchObject({ kind: 'failed', code: 'protocol', by: 'peer' })
    expect(run.bob.misbehaved).toEqual([])
  })

  it('chunks beyond the credit are a violation', () => {
    const single = (message: AtxMessage, side: Side): readonly AtxMessage[] => {
      if (message.type !== 'ids' || message.index > 0) return message.type === 'ids' ? [] : [message]
      const ids = (side.set.frames.at(-1) ?? []).toSorted()
      return ids.map((id, index) => ({ type: 'ids', index, ids: pack([id]) }))
    }
    // Nothing is acknowledged while more ids wait to be fetched than may.
    const { alice, bob } = differing()
    const run = createPair({
      alice: { set: alice, waiting: () => 70_000 },
      bob: { set: bob, rewrite: single },
    })
    run.run()
    expect(run.alice.misbehaved).toEqual(['chunks without credit'])
    expect(run.alice.outcome?.figures.idsIn).toBe(8)
  })

  /** Bob's list comes as one id each `gapMs`, and never ends. */
  function trickle(gapMs: number, ids: number): PairRun {
    const bob = createFakeSet({ frames: [[idOf('old')], Array.from({ length: ids }, (_, i) => idOf(`b${i}`))] })
    const run: PairRun = createPair({
      alice: { set: createFakeSet({ frames: [[], []] }) },
      bob: {
        set: bob,
        rewrite(message) {
          if (message.type === 'frameEnd' || message.type === 'result') return []
          if (message.type !== 'ids') return [message]
          for (const [index, id] of unpack(message.ids).entries()) {
            run.at(100 + index * gapMs, () => run.deliver('alice', { type: 'ids', index, ids: pack([id]) }))
          }
          return []
        },
      },
    })
    run.run()
    return run
  }

  it('A8 one id a second is cut below the minimum rate, with nothing kept but the ids that came', () => {
    const run = trickle(1_000, 1_000)
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'limit', by: 'us' })
    expect(run.alice.endedAt).toBeLessThan(31_000)
    expect(run.alice.outcome?.figures.idsIn).toBeLessThanOrEqual(31)
    expect(run.alice.misbehaved).toEqual([])
  })

  it('A8 a list that stops in the middle ends by silence', () => {
    const run = trickle(1, 40)
    expect(run.alice.outcome).toMatchObject({ kind: 'failed' })
    expect(run.alice.endedAt).toBeLessThan(31_000)
  })

  it('A10 ids that nobody can deliver, in every round: no more rounds than N_1 and a bounded haul', () => {
    const frames = baseFrames()
    const bob = createFakeSet({
      frames: frames.map((ids, frame) => [...ids, ...Array.from({ length: 50 }, (_, i) => idOf(`junk-${frame}-${i}`))]),
    })
    const run = createPair({
      alice: { set: createFakeSet({ frames }) },
      bob: {
        set: bob,
        config: { noGainRounds: 99 },
        rewrite: (message) => (message.type === 'result' ? [{ ...message, noGainRun: 0, gainedTotal: 1 }] : [message]),
      },
    })
    run.run()
    expect(run.alice.outcome?.figures).toMatchObject({ rounds: 7, gained: 350 })
    expect(run.alice.learned).toHaveLength(350)
  })
})

describe('agreement, clocks and glare', () => {
  it('A12 an echoed result ends the session as agreed, and no more', () => {
    const { alice, bob } = SCENARIOS.S9()
    let isEchoing = false
    const run: PairRun = createPair({
      alice: { set: alice },
      bob: {
        set: bob,
        rewrite: (message) => (isEchoing || message.type === 'result' ? [] : [message]),
        watch(_side, input) {
          if (input.type !== 'messageReceived' || input.message.type !== 'result' || isEchoing) return undefined
          isEchoing = true
          const { message } = input
          run.at(1, () => run.deliver('alice', message))
          run.at(2, () => run.deliver('alice', { type: 'done', why: 'agreed', back: 0 }))
          return true
        },
      },
    })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'agreed', figures: { rounds: 1 } })
  })

  it('A14 a late ATX graded 1 here and 0 there: `all` is equal, no list moves', () => {
    const late = idOf('atx-10-5')
    const config = { features: { ...FEATURES, allFingerprint: true } }
    const run = createPair({
      alice: { set: createFakeSet({ frames: baseFrames() }), config },
      bob: { set: createFakeSet({ frames: baseFrames(), unsettled: [late] }), config },
    })
    run.run()
    expect([run.alice.outcome?.kind, run.bob.outcome?.kind, run.ids()]).toEqual(['all-equal', 'all-equal', 0])
  })

  it.each([
    ['the caller', 0, -40],
    ['the called', -40, 0],
  ])('A15 a clock 40 days slow at %s: CLOCK, and nobody is blamed', (_who, aliceDays, bobDays) => {
    const { alice, bob } = SCENARIOS.S3()
    const run = createPair({
      alice: { set: alice, skewMs: aliceDays * DAY_MS },
      bob: { set: bob, skewMs: bobDays * DAY_MS },
    })
    run.run()
    expect(run.bob.outcome).toMatchObject({ kind: 'failed', code: 'clock', by: 'us' })
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'clock', by: 'peer' })
    expect([...run.alice.misbehaved, ...run.bob.misbehaved]).toEqual([])
  })

  it('A16 both dial at once: the session that the smaller peer id opened survives', () => {
    const play = (caller: 'alice' | 'bob'): PairRun => {
      const { alice, bob } = SCENARIOS.S3()
      const standing = { isBanned: false, retryAfterMs: 0, live: 'dialling' } as const
      const names = { alice: { role: 'initiator' }, bob: { role: 'responder' } } as const
      const swap = { alice: { self: 'bob', peer: 'alice' }, bob: { self: 'alice', peer: 'bob' } } as const
      const run = createPair({
        alice: { set: alice, config: { ...names.alice, ...(caller === 'bob' ? swap.alice : {}) } },
        bob: { set: bob, standing, config: { ...names.bob, ...(caller === 'bob' ? swap.bob : {}) } },
      })
      run.run()
      return run
    }
    expect(play('alice').alice.outcome?.kind).toBe('agreed')
    expect(play('bob').alice.outcome).toMatchObject({ kind: 'failed', code: 'busy', by: 'peer' })
  })
})

describe('stops', () => {
  const big = (): FakeSet =>
    createFakeSet({ frames: [[idOf('x')], Array.from({ length: 400 }, (_, i) => idOf(`big-${i}`))] })
  const limits = { chunkIds: 4, chunkWindow: 8 }

  it('S7.6 the window in flight is thrown away, and the stopped side ends with Done', () => {
    const run: PairRun = createPair({
      alice: {
        set: createFakeSet({ frames: [[], []] }),
        config: { limits },
        watch(side, input) {
          if (input.type === 'chunkReceived' && input.index === 10)
            run.at(0, () => side.push({ type: 'stopRequested', why: 'policy' }))
          return undefined
        },
      },
      bob: { set: big(), config: { limits } },
    })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'stopped', why: 'policy', by: 'us' })
    expect(run.bob.outcome).toMatchObject({ kind: 'stopped', why: 'policy', by: 'peer' })
    expect(run.bob.sent.at(-1)).toMatchObject({ type: 'done', why: 'mutual-limit' })
    expect(run.alice.misbehaved).toEqual([])
    expect(run.alice.state.strayChunks).toBeGreaterThan(0)
    expect(run.bob.outcome?.figures.idsOut).toBeLessThan(100)
  })

  it('S7.6 who goes on after a stop is blamed', () => {
    const run: PairRun = createPair({
      alice: {
        set: createFakeSet({ frames: [[], []] }),
        config: { limits },
        watch(side, input) {
          if (input.type === 'chunkReceived' && input.index === 2)
            run.at(0, () => side.push({ type: 'stopRequested', why: 'policy' }))
          return undefined
        },
      },
      bob: {
        set: big(),
        config: { limits },
        rewrite(message, side) {
          if (message.type !== 'ids' || message.index > 0) return message.type === 'ids' ? [] : [message]
          const ids = (side.set.frames.at(-1) ?? []).toSorted()
          return ids.map((id, index) => ({ type: 'ids', index, ids: pack([id]) }))
        },
      },
    })
    run.run()
    expect(run.alice.misbehaved).toEqual(['goes on after it was asked to stop'])
  })

  it('S7.7 a decision that the peer does not share is said once and blames nobody', () => {
    const { alice, bob } = SCENARIOS.S7()
    const run = createPair({
      alice: { set: alice },
      bob: { set: bob, config: { noGainRounds: 5 } },
    })
    run.run()
    expect(run.bob.outcome).toMatchObject({ kind: 'failed', code: 'mismatch', by: 'us' })
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'protocol', by: 'peer' })
    expect([...run.alice.misbehaved, ...run.bob.misbehaved]).toEqual([])
    expect(run.bob.sent.filter(({ type }) => type === 'problem')).toMatchObject([{ code: 'protocol' }])
  })
})
