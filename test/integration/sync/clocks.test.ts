/** Clocks and boundaries on whole services: A15, A16, straddlers, rolls in the middle of a session (spec/sync.md 6, 7.1, 11). */
import { describe, expect, it } from 'vitest'
import { decodeAtxMessage } from '../../../src/sync/codec.ts'
import { atxsOf, DAY_MS, dayOf, HOUR_MS, makeAtx, type TestAtx } from '../../helpers/sync/atx-blobs.ts'
import {
  blames,
  connect,
  createWorld,
  equal,
  gossip,
  session,
  type World,
  type WorldNode,
} from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

const IDS = 20
const days = (count: number): TestAtx[][] => Array.from({ length: count }, (_, frame) => atxsOf(frame, IDS))

type Cast = { readonly world: World; readonly alice: WorldNode; readonly bob: WorldNode }

async function cast(alices: TestAtx[][], bobs: TestAtx[][]): Promise<Cast> {
  const world = createWorld()
  const [alice, bob] = [await world.node('alice'), await world.node('bob')]
  await world.fill([
    [alice, alices],
    [bob, bobs],
  ])
  connect(alice, bob)
  return { world, alice, bob }
}

describe('A15 a clock that is wrong', () => {
  it.each(['alice', 'bob'] as const)(
    "Bob's is 40 days slow and %s calls: CLOCK on both sides, the caller keeps it, nobody is banned",
    async (caller) => {
      const world = createWorld()
      world.clock.jumpTo(dayOf(60))
      const [alice, bob] = [await world.node('alice'), await world.node('bob', { skewMs: -40 * DAY_MS })]
      connect(alice, bob)
      const [a, b] = await (caller === 'alice' ? session(alice, bob) : session(bob, alice))
      expect([a, b]).toMatchObject([
        { kind: 'failed', code: 'clock', by: 'peer' },
        { kind: 'failed', code: 'clock', by: 'us' },
      ])
      for (const node of [alice, bob]) {
        expect(blames(node)).toEqual([])
        expect(node.service.refused()).toEqual([])
      }
      const words = [alice, bob].map(({ service }) => service.lastSessions().values().next().value?.outcome)
      expect(words).toEqual(caller === 'alice' ? ['refused', undefined] : [undefined, 'refused'])
    },
  )

  it('one timeframe apart close to a boundary: FRAME with a time to wait, and then it goes', async () => {
    const world = createWorld()
    const [alice, bob] = [await world.node('alice'), await world.node('bob', { skewMs: 120_000 })]
    world.clock.jumpTo(dayOf(1) - 60_000)
    connect(alice, bob)
    const [a, b] = await session(alice, bob)
    expect([a, b]).toMatchObject([
      { kind: 'failed', code: 'frame', by: 'peer' },
      { kind: 'failed', code: 'frame', by: 'us' },
    ])
    expect(a.kind === 'failed' && a.retryAfterMs).toBeGreaterThan(0)
    expect(a.kind === 'failed' && a.retryAfterMs).toBeLessThanOrEqual(120_000)
    world.clock.jump(60_000)
    expect(await session(alice, bob)).toMatchObject([{ kind: 'fast-equal' }, { kind: 'fast-equal' }])
    expect([...blames(alice), ...blames(bob)]).toEqual([])
  })
})

describe('A16 both dial at once', () => {
  it('exactly one session survives, the one of the smaller peer id', async () => {
    const { alice, bob } = await cast([atxsOf(0, IDS), atxsOf(1, IDS), []], [atxsOf(0, IDS), [], []])
    for (let attempt = 0; attempt < 3; attempt++) {
      const before = [alice.deeds.sessions.length, bob.deeds.sessions.length] as const
      const [first, second] = attempt % 2 === 0 ? [alice, bob] : [bob, alice]
      first.service.sync(second.name, false)
      second.service.sync(first.name, false)
      await until(() => alice.service.sessions().length + bob.service.sessions().length === 0)
      await until(() => alice.deeds.sessions.length > before[0] && bob.deeds.sessions.length > before[1])
      for (const [node, from] of [
        [alice, before[0]],
        [bob, before[1]],
      ] as const) {
        const ends = node.deeds.sessions.slice(from)
        const survivors = ends.filter(({ outcome }) => outcome.kind !== 'failed')
        expect(survivors).toMatchObject([{ isInbound: node === bob }])
        for (const { outcome } of ends.filter((end) => !survivors.includes(end))) {
          expect(outcome.kind === 'failed' && outcome.code).toMatch(/busy|superseded/)
        }
        expect(node.service.lastSessions().values().next().value?.outcome).not.toBe('failed')
      }
      await equal(2 * IDS, alice, bob)
    }
    expect([...blames(alice), ...blames(bob)]).toEqual([])
  })
})

describe('ATXs on two sides of a boundary', () => {
  /** Alice gets it right before a boundary, Bob right after. */
  async function straddled(atx: TestAtx): Promise<Cast> {
    const all = await cast(days(2), days(2))
    all.world.clock.jumpTo(dayOf(2) - 1_000)
    await gossip(all.alice, atx)
    all.world.clock.jumpTo(dayOf(2))
    await gossip(all.bob, atx)
    expect([all.alice, all.bob].map(({ service }) => service.set.frameOf(atx.id))).toEqual([1, 2])
    return all
  }
  const noLists = { idsIn: 0, idsOut: 0 }

  it('of an epoch that begins there: grade 0 on both sides, step 1 is equal', async () => {
    const { alice, bob } = await straddled(makeAtx('straddler', { epoch: 3 }))
    const isUnsettled = { kind: 'fast-equal', isUnsettled: true, isOpenDifferent: false, figures: noLists }
    expect(await session(alice, bob)).toMatchObject([isUnsettled, isUnsettled])
  })

  it('the same a roll later: only grades differ; and later still nothing does', async () => {
    const { world, alice, bob } = await straddled(makeAtx('straddler', { epoch: 3 }))
    world.clock.jumpTo(dayOf(3) + HOUR_MS)
    // In Alice's c_base, in Bob's c_old with grade 0.
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'all-equal', figures: noLists },
      { kind: 'all-equal', figures: noLists },
    ])
    world.clock.jumpTo(dayOf(4) + HOUR_MS)
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'fast-equal', isUnsettled: false },
      { kind: 'fast-equal' },
    ])
  })

  it('of a later epoch, so that it is settled here and open there: the totals are equal, no list moves', async () => {
    const { world, alice, bob } = await straddled(makeAtx('early straddler', { epoch: 4 }))
    world.clock.jumpTo(dayOf(2) + 13 * HOUR_MS)
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'total-equal', figures: noLists },
      { kind: 'total-equal', figures: noLists },
    ])
    expect([...blames(alice), ...blames(bob)]).toEqual([])
  })
})

describe('S7.1 a roll in the middle of round 2', () => {
  it('back counts from the pinned timeframe: the session ends as if there had been none', async () => {
    const bobs = days(5).map((atxs, frame) => (frame === 2 ? atxs.slice(1) : atxs))
    const { world, alice, bob } = await cast(days(5), bobs)
    let isRolled = false
    bob.network.wrap = (stream) => ({
      ...stream,
      async send(bytes) {
        const message = decodeAtxMessage(bytes)
        if (message.type === 'ids' && isRolled === false && bob.service.sessions()[0]?.back === 2) {
          isRolled = true
          world.clock.jump(1_000)
          expect([alice, bob].map(({ service }) => service.set.heads().frame)).toEqual([5, 5])
        }
        await stream.send(bytes)
      },
    })
    world.clock.jumpTo(dayOf(5) - 700)
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'agreed', figures: { rounds: 3, gained: 0 } },
      { kind: 'agreed', figures: { rounds: 3, gained: 1 } },
    ])
    expect(isRolled).toBe(true)
    await equal(5 * IDS, alice, bob)
    expect(bob.service.set.frameOf(days(5)[2]?.[0]?.id ?? '')).toBe(5)
    expect([...blames(alice), ...blames(bob)]).toEqual([])
  })
})
