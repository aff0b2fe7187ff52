/** Sessions in virtual time whose reader cannot take more for a while (S8), and the signs of life that keep them alive (S4). */
import { describe, expect, it } from 'vitest'
import { SESSION_LIMITS } from '../../src/sync/rules/limits.ts'
import { createFakeSet, fingerprintOf, idOf } from '../helpers/sync/session/fake-set.ts'
import { SCENARIOS } from '../helpers/sync/session/scenarios.ts'
import { createPair, FEATURES, type PairRun, type Side } from '../helpers/sync/session/virtual-pair.ts'

const MINUTE_MS = 60_000
const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => idOf(`${prefix}-${i}`))

describe('back-pressure of long lists', () => {
  it('S8 too many ids to fetch: nothing is acknowledged, signs of life go out, and it goes on where it stood', () => {
    let fetched = 0
    const waiting = (): number => Math.max(0, run.alice.learned.length - fetched)
    const bob = createFakeSet({ frames: [named('old', 1), named('b', 400)] })
    const run: PairRun = createPair({
      alice: {
        set: createFakeSet({ frames: [[], []] }),
        waiting,
        config: { limits: { chunkIds: 4, maxUnknownIds: 50 } },
      },
      bob: { set: bob, config: { limits: { chunkIds: 4 } } },
    })
    run.run(5 * MINUTE_MS)
    // The 50 that may wait, and what was under way.
    expect(run.alice.learned.length).toBeGreaterThan(50)
    expect(run.alice.learned.length).toBeLessThanOrEqual(50 + 4 * 9)
    expect([run.alice.outcome, run.bob.outcome]).toEqual([null, null])
    expect(run.alice.sent.filter(({ type }) => type === 'keepAlive').length).toBeGreaterThan(20)
    run.at(0, () => {
      fetched = 1_000
      run.alice.push({ type: 'backlogChanged', waiting: waiting() })
    })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'agreed', figures: { gained: 401 } })
    expect(run.bob.outcome).toMatchObject({ kind: 'agreed' })
  })
})

describe('back-pressure of short lists', () => {
  const frames = (prefix: string) => Array.from({ length: 9 }, (_, frame) => named(`${prefix}${frame}`, 28))
  const limits = { chunkIds: 4, maxUnknownIds: 10 }
  const reports = ({ sent }: Side): number => sent.filter(({ type }) => type === 'result').length

  /** Lists of 28 ids, which need no acknowledgement. Alice fetches all that waits once in `everyMs`. */
  function fetching(everyMs: number) {
    let fetched = 0
    let most = 0
    const waiting = (): number => {
      const now = run.alice.learned.length - fetched
      most = Math.max(most, now)
      return now
    }
    const run: PairRun = createPair({
      alice: { set: createFakeSet({ frames: frames('a') }), config: { limits }, waiting },
      bob: { set: createFakeSet({ frames: frames('b') }), config: { limits } },
    })
    for (let at = everyMs; at < 10 * MINUTE_MS; at += everyMs) {
      run.at(at, () => {
        fetched = run.alice.learned.length
        run.alice.push({ type: 'backlogChanged', waiting: 0 })
      })
    }
    return { run, most: () => most }
  }

  it('S8 a round that was read is not reported while too many ids wait, so the next one brings none', () => {
    const { run, most } = fetching(60 * MINUTE_MS)
    run.run(5 * MINUTE_MS)
    expect([run.alice.outcome, run.bob.outcome]).toEqual([null, null])
    expect(most()).toBe(28)
    expect([reports(run.alice), reports(run.bob)]).toEqual([0, 1])
    expect([run.alice.misbehaved, run.bob.misbehaved]).toEqual([[], []])
  })

  it('S8 it is reported when the queue has shrunk, and all rounds end as they would have', () => {
    const { run, most } = fetching(MINUTE_MS)
    run.run()
    expect(most()).toBe(28)
    expect([run.alice.outcome, run.bob.outcome]).toMatchObject([
      { kind: 'mutual', figures: { rounds: 7, gained: 7 * 28 } },
      { kind: 'mutual', figures: { rounds: 7, gained: 7 * 28 } },
    ])
    expect(run.alice.endedAt).toBeGreaterThan(6 * MINUTE_MS)
    expect([run.alice.misbehaved, run.bob.misbehaved]).toEqual([[], []])
  })

  it('S8 a peer may ask to stop while a report is held back', () => {
    const { run } = fetching(60 * MINUTE_MS)
    run.at(5_000, () => run.bob.push({ type: 'stopRequested', why: 'limit' }))
    run.run(MINUTE_MS)
    expect([run.alice.outcome, run.bob.outcome]).toMatchObject([
      { kind: 'stopped', why: 'limit', by: 'peer' },
      { kind: 'stopped', why: 'limit', by: 'us' },
    ])
  })

  it('S7.6 a queue that shrinks after this side asked to stop reports nothing', () => {
    const { run } = fetching(60 * MINUTE_MS)
    run.at(5_000, () => {
      run.alice.push({ type: 'stopRequested', why: 'limit' })
      run.alice.push({ type: 'backlogChanged', waiting: 0 })
    })
    run.run(MINUTE_MS)
    expect(reports(run.alice)).toBe(0)
    expect(run.alice.outcome).toMatchObject({ kind: 'stopped', why: 'limit', by: 'us' })
  })
})

describe('signs of life', () => {
  const keepAlives = ({ sent }: Side): number => sent.filter(({ type }) => type === 'keepAlive').length

  it('S8 S9.2 a queue that swings around its limit for a minute costs a few, and accuses nobody', () => {
    const limit = SESSION_LIMITS.maxUnknownIds
    const bob = createFakeSet({ frames: [named('old', 1), named('b', 1_000)] })
    const run: PairRun = createPair({
      alice: {
        set: createFakeSet({ frames: [[], []] }),
        waiting: () => limit + 1,
        config: { limits: { chunkIds: 1 } },
      },
      bob: { set: bob, config: { limits: { chunkIds: 1 } } },
    })
    // Each time the fetcher makes room for a moment, the next chunk fills it.
    for (let at = 500; at < 70_000; at += 500) {
      run.at(at, () => run.alice.push({ type: 'backlogChanged', waiting: limit }))
    }
    run.run()
    expect([run.alice.outcome, run.bob.outcome]).toMatchObject([{ kind: 'agreed' }, { kind: 'agreed' }])
    expect(run.alice.endedAt).toBeGreaterThan(MINUTE_MS)
    expect([run.alice.misbehaved, run.bob.misbehaved]).toEqual([[], []])
    // Alice speaks by her acknowledgements; Bob waits for them and has nothing else to say.
    expect(keepAlives(run.alice)).toBe(0)
    expect(keepAlives(run.bob)).toBe(Math.floor(run.bob.endedAt / 10_000))
  })

  it('S4 both show them while one is held back, three within the time after which silence counts', () => {
    const bob = createFakeSet({ frames: [named('old', 1), named('b', 400)] })
    const limits = { chunkIds: 4, maxUnknownIds: 50 }
    const run: PairRun = createPair({
      alice: { set: createFakeSet({ frames: [[], []] }), waiting: () => 51, config: { limits } },
      bob: { set: bob, config: { limits } },
    })
    run.run(5 * MINUTE_MS)
    expect([run.alice.outcome, run.bob.outcome]).toEqual([null, null])
    for (const side of [run.alice, run.bob]) {
      expect(keepAlives(side)).toBeGreaterThanOrEqual(29)
      expect(keepAlives(side)).toBeLessThanOrEqual(30)
    }
  })

  it('S4 who holds its peer back notices all the same that the peer is gone', () => {
    const bob = createFakeSet({ frames: [named('old', 1), named('b', 400)] })
    const limits = { chunkIds: 4, maxUnknownIds: 50 }
    const run: PairRun = createPair({
      alice: { set: createFakeSet({ frames: [[], []] }), waiting: () => 51, config: { limits } },
      bob: { set: bob, config: { limits }, rewrite: (message) => (run.now() > MINUTE_MS ? [] : [message]) },
    })
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'failed', code: 'timeout', text: 'the peer fell silent' })
    expect(run.alice.endedAt).toBeGreaterThan(80_000)
    expect(run.alice.endedAt).toBeLessThan(100_000)
  })

  it('S12.3 none go to a peer that has reconciled all and ended its half: this side weighs on in peace', () => {
    const { alice, bob } = SCENARIOS.S9()
    const config = { features: { ...FEATURES, deepRange: true } }
    const run: PairRun = createPair({
      alice: {
        set: alice,
        config,
        // Its reconciliation takes another minute.
        wrap: (step) => (state, input) =>
          input.type === 'reconciled' && run.now() < MINUTE_MS ? [] : step(state, input),
      },
      bob: { set: bob, config },
    })
    run.run(MINUTE_MS)
    expect([run.alice.outcome, run.bob.outcome?.kind]).toEqual([null, 'deep'])
    expect(keepAlives(run.alice)).toBe(0)
    run.at(2 * MINUTE_MS, () => run.alice.push({ type: 'reconciled', known: fingerprintOf([]), bytesOut: 0 }))
    run.run()
    expect(run.alice.outcome).toMatchObject({ kind: 'deep' })
  })
})
