/** Claims about the past on whole services: A1 to A6 and A14 of spec/sync.md 11. */
import { describe, expect, it } from 'vitest'
import { decodeAtxMessage } from '../../../src/sync/codec.ts'
import type { AtxMessage } from '../../../src/sync/messages.ts'
import { createAccumulator, sameFingerprint } from '../../../src/sync/set/fingerprint.ts'
import {
  atxsOf,
  baseDays,
  dayOf,
  HOUR_MS,
  makeAtx,
  newAtx,
  packIds,
  type TestAtx,
} from '../../helpers/sync/atx-blobs.ts'
import {
  atRest,
  blames,
  connect,
  createWorld,
  gossip,
  has,
  held,
  type NodeOptions,
  session,
  type World,
  type WorldNode,
} from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

const IDS = 20
const NOON_MS = 12 * HOUR_MS
/** What the node's peers tell it. */
function overheard(node: WorldNode): AtxMessage[] {
  const heard: AtxMessage[] = []
  const { wrap } = node.network
  node.network.wrap = (raw) => {
    const stream = wrap(raw)
    return {
      ...stream,
      async read() {
        const bytes = await stream.read()
        if (bytes !== null) heard.push(decodeAtxMessage(bytes))
        return bytes
      },
    }
  }
  return heard
}
const gainsIn = (messages: readonly AtxMessage[]): number[] =>
  messages.flatMap((message) => (message.type === 'result' ? [message.gained] : []))

/** Bob lists `extra[f]` in timeframe f besides what is true. */
const lies = (extra: Record<number, readonly TestAtx[]>): TestAtx[][] =>
  baseDays(IDS).map((atxs, frame) => [...atxs, ...(extra[frame] ?? [])])

type Cast = { readonly world: World; readonly alice: WorldNode; readonly bob: WorldNode }

async function cast(alices: TestAtx[][], bobs: TestAtx[][], options: NodeOptions = {}): Promise<Cast> {
  const world = createWorld()
  const [alice, bob] = [await world.node('alice', options), await world.node('bob')]
  await world.fill([
    [alice, alices],
    [bob, bobs],
  ])
  world.clock.jump(NOON_MS)
  connect(alice, bob)
  return { world, alice, bob }
}

describe('A1 Bob lists as old what Alice gets by gossip after her freeze', () => {
  /** Alice hears of the ATXs once she has frozen, and Bob's lists of closed timeframes wait for that. */
  async function late(extra: Record<number, readonly TestAtx[]>, alices = baseDays(IDS)): Promise<Cast> {
    const atxs = Object.values(extra).flat()
    let isTold = false
    const { alice, bob, world } = await cast(alices, lies(extra), {
      hears: {
        progressed({ phase }) {
          if (phase !== 'rounds' || isTold) return
          isTold = true
          for (const atx of atxs) void gossip(alice, atx)
        },
      },
    })
    bob.network.wrap = held(
      ({ type, ...rest }) =>
        type !== 'frameOpen' || ('back' in rest && rest.back === 0) || atxs.every((atx) => has(alice, atx)),
    )
    return { world, alice, bob }
  }

  it('E1 when it cannot have existed by then: nothing gained, blacklisted at once', async () => {
    const broadcast = [8, 9, 10].map((frame) => makeAtx(`broadcast-${frame}`, { epoch: 23 }))
    const [x, y, z] = broadcast as [TestAtx, TestAtx, TestAtx]
    const { alice, bob } = await late({ 8: [x], 9: [y], 10: [z] })
    const heard = overheard(bob)
    const [a, b] = await session(alice, bob)
    expect(a).toMatchObject({ kind: 'stopped', why: 'policy', by: 'us', figures: { gained: 0 } })
    expect(b).toMatchObject({ kind: 'stopped', by: 'peer' })
    // The verdict reads the disk, and rounds without gain go on meanwhile.
    expect(a.figures.rounds).toBeLessThanOrEqual(4)
    await until(() => blames(alice).length > 0)
    expect(gainsIn(heard).every((gained) => gained === 0)).toBe(true)
    expect(blames(alice)).toEqual(['bob: impossible-time (ban)'])
    expect(alice.service.refused()).toMatchObject([{ peer: 'bob' }])
    // What gossip brought stays, in the open timeframe.
    expect(broadcast.map(({ id }) => alice.service.set.frameOf(id))).toEqual([11, 11, 11])
    expect(await session(bob, alice)).toMatchObject([
      { kind: 'failed', code: 'banned', by: 'peer' },
      { kind: 'failed', code: 'banned', by: 'us' },
    ])
    expect(blames(bob)).toEqual([])
  })

  it('E2 when he lists it before what it builds on: blacklisted without a look at clocks', async () => {
    const base = makeAtx('base', { epoch: 15 })
    const builtOn = makeAtx('built on it', { epoch: 16, positioning: base })
    const { alice, bob } = await late({ 10: [base], 8: [builtOn] })
    const [a] = await session(alice, bob)
    expect(a.figures).toMatchObject({ gained: 0 })
    expect(a.figures.rounds).toBeLessThanOrEqual(4)
    await until(() => blames(alice).includes('bob: impossible-order (ban)'))
    expect(blames(alice)).toEqual(['bob: impossible-order (ban)'])
    expect([has(alice, base), has(alice, builtOn)]).toEqual([true, true])
  })

  it('without evidence he is stopped after N_2 rounds, and her frozen fingerprint has each of them once', async () => {
    const broadcast = [8, 9, 10].map((frame) => makeAtx(`plausible-${frame}`, { epoch: 2 * frame }))
    const [x, y, z] = broadcast as [TestAtx, TestAtx, TestAtx]
    const alices = baseDays(IDS).map((atxs, frame) => (frame === 1 ? atxs.slice(1) : atxs))
    const { alice, bob } = await late({ 8: [x], 9: [y], 10: [z] }, alices)
    const heard = overheard(bob)
    const [a, b] = await session(alice, bob)
    expect(a).toMatchObject({ kind: 'stopped', why: 'policy', by: 'us', figures: { rounds: 4, gained: 0, claims: 3 } })
    expect(b).toMatchObject({ kind: 'stopped', why: 'policy', by: 'peer' })
    const known = heard.flatMap((message) => (message.type === 'result' ? [message.known] : [])).at(-1)
    const expected = createAccumulator('lthash16')
    expected.add(packIds([...alices.flat(), ...broadcast]))
    expect(known !== undefined && sameFingerprint(known, expected.fingerprint())).toBe(true)
    // An honest Bob who has had them all the time, while others announce them to Alice only now, does exactly the same.
    expect(blames(alice)).toEqual([])
  })
})

describe('A2 Bob lists as old what Alice has never seen', () => {
  it('one gained each round, fetched, valid, stored in her open timeframe; E1: blacklisted, his claims dropped', async () => {
    const fresh = [8, 9, 10].map((frame) => makeAtx(`unseen-${frame}`, { epoch: 23 }))
    const [x, y, z] = fresh as [TestAtx, TestAtx, TestAtx]
    const { alice, bob } = await cast(baseDays(IDS), lies({ 8: [x], 9: [y], 10: [z] }))
    // Blobs come after the session, and only the first of them before the verdict.
    let answers = 0
    bob.network.wrap = held(({ type }) => {
      if (type !== 'blobs') return true
      if (alice.deeds.sessions.length === 0 || (answers > 0 && blames(alice).length === 0)) return false
      answers++
      return true
    })
    const heard = overheard(bob)
    const [a] = await session(alice, bob)
    expect(a).toMatchObject({ kind: 'agreed', figures: { rounds: 4, gained: 3 } })
    expect(gainsIn(heard)).toEqual([0, 1, 1, 1])
    await until(() => blames(alice).length > 0)
    expect(blames(alice)).toEqual(['bob: impossible-time (ban)'])
    await atRest(alice, bob)
    const stored = fresh.filter((atx) => has(alice, atx))
    expect(stored).toHaveLength(1)
    expect(stored.map(({ id }) => alice.service.set.frameOf(id))).toEqual([11])
    expect(await alice.service.set.record(stored[0]?.id ?? '')).toMatchObject({ source: 'sync', frame: 11 })
    expect(alice.deeds.notFetched).toEqual(['dropped', 'dropped'])
    expect(bob.deeds.judged).toEqual([])
  })

  it('a serve of his that is under way ends with the verdict', async () => {
    const fresh = makeAtx('unseen', { epoch: 23 })
    const alices = baseDays(IDS).map((atxs, frame) => (frame === 1 ? atxs.slice(1) : atxs))
    const { alice, bob } = await cast(alices, lies({ 10: [fresh], 9: [makeAtx('true', { epoch: 18 })] }))
    bob.network.wrap = held(({ type }) => {
      if (type === 'serveBlobs') return alice.deeds.judged.length > 0 && alice.service.serves().length === 0
      return type !== 'blobs' || alice.service.serves().length > 0
    })
    const [a] = await session(alice, bob)
    expect(a).toMatchObject({ kind: 'serve-in' })
    await until(() => blames(alice).length > 0)
    expect(blames(alice)).toEqual(['bob: impossible-time (ban)'])
    await until(() => alice.service.lastSessions().get('bob')?.outcome === 'failed')
    expect(alice.service.lastSessions().get('bob')?.reason).toMatch(/^stopped: this node does not deal with you/)
    expect(alice.service.set.count).toBeLessThan(12 * IDS + 2)
    expect(has(alice, fresh)).toBe(true)
  })

  it('E2 both are stored before the order is seen to be impossible, and both stay', async () => {
    const base = makeAtx('unseen base', { epoch: 15 })
    const builtOn = makeAtx('unseen, built on it', { epoch: 16, positioning: base })
    const { alice, bob } = await cast(baseDays(IDS), lies({ 10: [base], 8: [builtOn] }))
    await session(alice, bob)
    await until(() => blames(alice).length > 0)
    expect(blames(alice)).toEqual(['bob: impossible-order (ban)'])
    expect([base, builtOn].map(({ id }) => alice.service.set.frameOf(id))).toEqual([11, 11])
  })
})

describe('A4 to A6 Carol has a valid ATX of half a year ago', () => {
  const old = makeAtx('carols', { epoch: 10 })
  const withOld = lies({ 5: [old] })

  /** Alice after a session with Carol; Bob is there too. */
  async function afterCarol(bobs = baseDays(IDS), options: NodeOptions = {}) {
    const world = createWorld()
    const nodes = [
      await world.node('alice', options),
      await world.node('bob', options),
      await world.node('carol', options),
    ]
    const [alice, bob, carol] = nodes as [WorldNode, WorldNode, WorldNode]
    await world.fill([
      [alice, baseDays(IDS)],
      [bob, bobs],
      [carol, withOld],
    ])
    connect(alice, carol)
    connect(alice, bob)
    const [a] = await session(carol, alice)
    await until(() => has(alice, old))
    await atRest(alice, carol)
    return { world, alice, bob, carol, a }
  }

  it('A4 it is stored in her open timeframe, and Carol is not blamed', async () => {
    const { alice, carol, a } = await afterCarol()
    expect(a).toMatchObject({ kind: 'agreed', figures: { rounds: 7 } })
    expect(await alice.service.set.record(old.id)).toMatchObject({ frame: 11, source: 'sync' })
    expect([...blames(alice), ...blames(carol)]).toEqual([])
  })

  it('A5 with Bob step 1 is equal; the open timeframe is looked at by itself (S12.2), and nobody is served', async () => {
    const { alice, bob } = await afterCarol()
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'fast-equal', isOpenDifferent: true, isUnsettled: false },
      { kind: 'fast-equal', isOpenDifferent: true },
    ])
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'agreed', figures: { rounds: 1 } },
      { kind: 'agreed', figures: { rounds: 1, gained: 1 } },
    ])
    await until(() => has(bob, old))
    expect([...alice.deeds.served, ...bob.deeds.served]).toEqual([])
  })

  it('A5 when step 1 fails for another reason it moves in round 0, and nobody is served', async () => {
    const bobs = baseDays(IDS).map((atxs, frame) => (frame === 10 ? atxs.slice(1) : atxs))
    const { alice, bob } = await afterCarol(bobs)
    const heard = overheard(alice)
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'agreed', figures: { rounds: 2, gained: 0 } },
      { kind: 'agreed', figures: { rounds: 2, gained: 2 } },
    ])
    expect(gainsIn(heard)).toEqual([1, 1])
    await until(() => has(bob, old))
    expect([...alice.deeds.served, ...bob.deeds.served]).toEqual([])
  })

  it('A6 one roll later it is grade 0: step 1 is equal, and a closer look finds it in round 1', async () => {
    const { world, alice, bob } = await afterCarol()
    world.clock.jumpTo(dayOf(12) + HOUR_MS)
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'fast-equal', isUnsettled: true },
      { kind: 'fast-equal', isUnsettled: true },
    ])
    const [, b] = await session(alice, bob)
    expect(b).toMatchObject({ kind: 'agreed', figures: { rounds: 2, gained: 1 } })
  })

  it('A6 two rolls later it counts: step 1 fails, found in round 2', async () => {
    const { world, alice, bob } = await afterCarol()
    world.clock.jumpTo(dayOf(13) + HOUR_MS)
    const [, b] = await session(alice, bob)
    expect(b).toMatchObject({ kind: 'agreed', figures: { rounds: 3, gained: 1 } })
    await until(() => has(bob, old))
  })

  it('A6 with a filter that counts it after one roll: step 1 fails, found in round 1', async () => {
    const plugins = { filter: { settlesAt: ({ receivedAt }: { receivedAt: number }) => receivedAt } }
    const { world, alice, bob } = await afterCarol(baseDays(IDS), { plugins })
    world.clock.jumpTo(dayOf(12) + HOUR_MS)
    const [, b] = await session(alice, bob)
    expect(b).toMatchObject({ kind: 'agreed', figures: { rounds: 2, gained: 1 } })
  })

  it('A6 where only unsettled ids differ for six hours, a full session is held', async () => {
    // Bob catches up one roll after Alice: the same ids, in different timeframes, none of them settled.
    const { world, alice, bob } = await afterCarol()
    world.clock.jumpTo(dayOf(12) + HOUR_MS)
    await bob.service.set.insert([newAtx(old, world.clock.now())])
    const isUnsettled = { kind: 'fast-equal', isUnsettled: true, isOpenDifferent: false }
    expect(await session(alice, bob)).toMatchObject([isUnsettled, isUnsettled])
    world.clock.jump(5 * HOUR_MS)
    expect(await session(alice, bob)).toMatchObject([isUnsettled, isUnsettled])
    world.clock.jump(HOUR_MS)
    expect(await session(alice, bob)).toMatchObject([{ kind: 'total-equal' }, { kind: 'total-equal' }])
  })
})

describe('A14 a late ATX', () => {
  it('graded 1 by Alice and 0 by Bob: step 1 differs, all is equal, no list moves', async () => {
    const world = createWorld()
    const [alice, bob] = [await world.node('alice'), await world.node('bob')]
    const days = [atxsOf(0, IDS), atxsOf(1, IDS)]
    await world.fill([
      [alice, days],
      [bob, days],
    ])
    const late = makeAtx('late', { epoch: 2 })
    const target = dayOf(1) + NOON_MS
    world.clock.jumpTo(target - 150_000)
    await alice.service.set.insert([newAtx(late, target - 200_000)])
    await bob.service.set.insert([newAtx(late, target - 150_000)])
    world.clock.jumpTo(dayOf(2) + HOUR_MS)
    connect(alice, bob)
    expect(alice.service.set.heads().fast).not.toEqual(bob.service.set.heads().fast)
    expect(await session(alice, bob)).toMatchObject([
      { kind: 'all-equal', figures: { idsIn: 0, idsOut: 0 } },
      { kind: 'all-equal', figures: { idsIn: 0, idsOut: 0 } },
    ])
  })
})
