/** Session services whose reader cannot take more for a while (S8): in memory, and with the deadlines of the network. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createFakeSet, type FakeSet, idOf } from '../../../helpers/sync/session/fake-set.ts'
import {
  clockOf,
  idsOf,
  type LivePair,
  type LiveSide,
  livePair,
  liveSide,
} from '../../../helpers/sync/session/live-pair.ts'
import { SCENARIOS } from '../../../helpers/sync/session/scenarios.ts'
import { FEATURES } from '../../../helpers/sync/session/virtual-pair.ts'
import { wirePair } from '../../../helpers/sync/wire-pair.ts'
import { until } from '../../../helpers/until.ts'

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => idOf(`${prefix}-${i}`))

describe('back-pressure', () => {
  it('S8 a full queue holds the reader back until it shrinks', async () => {
    let fetched = 0
    const waiting = (): number => idsOf(pair.alice.learned).length - fetched
    const limits = { chunkIds: 4, maxUnknownIds: 50 }
    const pair: LivePair = livePair({
      alice: { set: createFakeSet({ frames: [[], []] }), config: { limits }, waiting },
      bob: { set: createFakeSet({ frames: [named('old', 1), named('b', 400)] }), config: { limits } },
    })
    await until(() => idsOf(pair.alice.learned).length > 50)
    await until(() => pair.bob.session.progress().idsOut > 0)
    expect(idsOf(pair.alice.learned).length).toBeLessThanOrEqual(50 + 4 * 9)
    fetched = 1_000
    pair.alice.session.backlog(0)
    const [alice] = await pair.ends()
    expect(alice).toMatchObject({ kind: 'agreed', figures: { gained: 401 } })
  })

  it.each([
    ['the whole set', {}, SCENARIOS.S9(), 'deep', 400],
    [
      'one timeframe',
      { rangeFromIds: 100 },
      {
        alice: createFakeSet({ frames: [named('old', 1), named('x', 1_000), []] }),
        bob: createFakeSet({ frames: [named('old', 1), named('x', 905), []] }),
      },
      'agreed',
      95,
    ],
  ] as const)(
    'S8 ids that the reconciliation of %s found are taken as the queue shrinks',
    async (_scope, changes, sets, kind, gained) => {
      let fetched = 0
      let most = 0
      const waiting = (): number => {
        most = Math.max(most, idsOf(pair.bob.learned).length - fetched)
        return idsOf(pair.bob.learned).length - fetched
      }
      const config = { features: { ...FEATURES, deepRange: true }, limits: { chunkIds: 20, ...changes } }
      const pair: LivePair = livePair({
        alice: { set: sets.alice, config },
        bob: { set: sets.bob, config: { ...config, limits: { ...config.limits, maxUnknownIds: 30 } }, waiting },
      })
      let isOver = false
      const ends = pair.ends().finally(() => (isOver = true))
      await until(() => waiting() > 30)
      while (!isOver) {
        await nextTurn()
        fetched = idsOf(pair.bob.learned).length
        pair.bob.session.backlog(0)
      }
      expect(await ends).toMatchObject([
        { kind, figures: { gained: 0 } },
        { kind, figures: { gained } },
      ])
      expect(idsOf(pair.bob.learned).length).toBe(gained)
      expect(most).toBe(40)
    },
  )

  it('S8 the word of the peer is heard while ids that a reconciliation found wait to be taken', async () => {
    const config = { features: { ...FEATURES, deepRange: true }, limits: { chunkIds: 20, rangeFromIds: 100 } }
    const pair: LivePair = livePair({
      alice: { set: createFakeSet({ frames: [named('old', 1), named('x', 1_000), []] }), config },
      bob: {
        set: createFakeSet({ frames: [named('old', 1), named('x', 905), []] }),
        config: { ...config, limits: { ...config.limits, maxUnknownIds: 30 } },
        waiting: () => idsOf(pair.bob.learned).length,
      },
    })
    await until(() => idsOf(pair.bob.learned).length > 30)
    pair.alice.session.stop('limit')
    expect(await pair.ends()).toMatchObject([
      { kind: 'stopped', by: 'us' },
      { kind: 'stopped', by: 'peer' },
    ])
    expect(idsOf(pair.bob.learned).length).toBe(40)
  })

  it('S12.3 ids that are still to be taken when the session ends are left alone', async () => {
    const config = { features: { ...FEATURES, deepRange: true }, limits: { chunkIds: 20 } }
    const { alice, bob } = SCENARIOS.S9()
    const pair: LivePair = livePair({
      alice: { set: alice, config },
      bob: {
        set: bob,
        config: { ...config, limits: { ...config.limits, maxUnknownIds: 30 } },
        waiting: () => idsOf(pair.bob.learned).length,
      },
    })
    await until(() => idsOf(pair.bob.learned).length > 30)
    pair.bob.session.stop('shutdown')
    expect(await pair.ends()).toMatchObject([{ kind: 'deep' }, { kind: 'stopped', why: 'shutdown' }])
    expect(idsOf(pair.bob.learned).length).toBe(40)
  })

  it('S8 a full queue holds the reader back for minutes, and neither end takes the other for stalled', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    onTestFinished(() => void vi.useRealTimers())
    let fetched = 0
    const [a, b] = wirePair()
    const limits = { chunkIds: 4, maxUnknownIds: 50 }
    const clock = (set: FakeSet) => ({ now: () => clockOf(set).now() + Date.now() })
    const [here, there] = [
      createFakeSet({ frames: [[], []] }),
      createFakeSet({ frames: [named('old', 1), named('b', 400)] }),
    ]
    const alice: LiveSide = liveSide('alice', a, {
      set: here,
      clock: clock(here),
      config: { limits },
      waiting: () => idsOf(alice.learned).length - fetched,
    })
    const bob = liveSide('bob', b, { set: there, clock: clock(there), config: { limits } })
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    expect(idsOf(alice.learned).length).toBeGreaterThan(50)
    fetched = 1_000
    alice.session.backlog(0)
    expect(await Promise.all([alice.session.finished, bob.session.finished])).toMatchObject([
      { kind: 'agreed', figures: { gained: 401 } },
      { kind: 'agreed', figures: { gained: 0 } },
    ])
  })
})
