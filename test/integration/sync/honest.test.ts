/** Honest services, whole: scenarios S7 to S10 of spec/sync.md 11, several peers at once, gossip meanwhile, restarts. */
import { describe, expect, it } from 'vitest'
import { decodeAtxMessage } from '../../../src/sync/codec.ts'
import { atxsOf, baseDays, makeAtx, type TestAtx } from '../../helpers/sync/atx-blobs.ts'
import {
  atRest,
  blames,
  connect,
  createWorld,
  disconnect,
  equal,
  gossip,
  has,
  session,
  type WorldNode,
} from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

type Days = readonly (readonly TestAtx[])[]

async function pair(alices: Days, bobs: Days) {
  const world = createWorld()
  const [alice, bob] = [await world.node('alice'), await world.node('bob')]
  await world.fill([
    [alice, alices],
    [bob, bobs],
  ])
  connect(alice, bob)
  return { world, alice, bob }
}

const none = (...nodes: WorldNode[]): void => {
  for (const node of nodes) expect(blames(node)).toEqual([])
  for (const { deeds } of nodes) expect(deeds.failed).toEqual([])
}

describe('who lacks much is served', () => {
  it('S7, A3 Bob was isolated for long: Alice serves him, and nobody is blamed', async () => {
    const { alice, bob } = await pair(
      baseDays(),
      baseDays().map((atxs, frame) => (frame === 11 ? atxs : [])),
    )
    const [a, b] = await session(alice, bob)
    expect(a).toMatchObject({ kind: 'serve-out', figures: { rounds: 4, gained: 0, idsIn: 100, idsOut: 400 } })
    expect(b).toMatchObject({ kind: 'serve-in', figures: { gained: 300 } })
    await equal(1_200, alice, bob)
    await atRest(alice, bob)
    expect(alice.deeds.served).toMatchObject([{ peer: 'bob', end: 'complete' }])
    expect(bob.service.lastSessions().get('alice')).toMatchObject({ outcome: 'served' })
    none(alice, bob)
    // All that was served lies in his open timeframe: nothing but totals is compared from now on (S6).
    expect(bob.service.set.frameOf(atxsOf(0)[0]?.id ?? '')).toBe(11)
    expect(await session(bob, alice)).toMatchObject([{ kind: 'total-equal' }, { kind: 'total-equal' }])
  })

  it('S8 Bob lacks every second one: Alice serves him', async () => {
    const { alice, bob } = await pair(
      baseDays(),
      baseDays().map((atxs, frame) => (frame === 11 ? atxs : atxs.filter((_, i) => i % 2 === 0))),
    )
    const [a, b] = await session(alice, bob)
    expect([a, b]).toMatchObject([
      { kind: 'serve-out', figures: { idsIn: 250, idsOut: 400, gained: 0 } },
      { kind: 'serve-in', figures: { gained: 150 } },
    ])
    await equal(1_200, alice, bob)
    none(alice, bob)
  })
})

describe('differences that are older than the window', () => {
  it('S9 Bob lacks the oldest timeframes: no serve at N_2, DEEP at the window end finds all', async () => {
    const { alice, bob } = await pair(
      baseDays(),
      baseDays().map((atxs, frame) => (frame < 4 ? [] : atxs)),
    )
    const [a, b] = await session(alice, bob)
    expect([a, b]).toMatchObject([
      { kind: 'deep', figures: { rounds: 7, gained: 0 } },
      { kind: 'deep', figures: { rounds: 7, gained: 400 } },
    ])
    await equal(1_200, alice, bob)
    expect([...alice.deeds.served, ...bob.deeds.served]).toEqual([])
    none(alice, bob)
  })

  it('S10 each misses one old ATX: DEEP, and each gains exactly that', async () => {
    const { alice, bob } = await pair(
      baseDays().map((atxs, frame) => (frame === 2 ? atxs.slice(1) : atxs)),
      baseDays().map((atxs, frame) => (frame === 2 ? atxs.slice(0, -1) : atxs)),
    )
    const ends = await session(alice, bob)
    expect(ends).toMatchObject([
      { kind: 'deep', figures: { rounds: 7, gained: 1 } },
      { kind: 'deep', figures: { rounds: 7, gained: 1 } },
    ])
    await equal(1_200, alice, bob)
    none(alice, bob)
  })

  it('S10 without DEEP both serve each other, and both get what they lack', async () => {
    const world = createWorld()
    const tuning = { deep: false }
    const [alice, bob] = [await world.node('alice', { tuning }), await world.node('bob', { tuning })]
    await world.fill([
      [alice, baseDays().map((atxs, frame) => (frame === 2 ? atxs.slice(1) : atxs))],
      [bob, baseDays().map((atxs, frame) => (frame === 2 ? atxs.slice(0, -1) : atxs))],
    ])
    connect(alice, bob)
    expect(await session(alice, bob)).toMatchObject([{ kind: 'mutual' }, { kind: 'mutual' }])
    await equal(1_200, alice, bob)
    none(alice, bob)
  })
})

describe('gossip and sessions at the same time', () => {
  it('S7.1 what gossip brings during a session lands behind the freeze, and the frozen fingerprint stays', async () => {
    const late = Array.from({ length: 200 }, (_, i) => makeAtx(`during-${i}`, { epoch: 22 }))
    const world = createWorld()
    let isOpen = false
    const alice = await world.node('alice', {
      hears: {
        progressed({ phase, back }) {
          if (phase !== 'rounds' || back !== 0 || isOpen) return
          isOpen = true
          for (const atx of late) void gossip(alice, atx)
        },
      },
    })
    const bob = await world.node('bob')
    await world.fill([
      [alice, baseDays()],
      [bob, baseDays().map((atxs, frame) => (frame === 10 ? atxs.slice(1) : atxs))],
    ])
    connect(alice, bob)
    const ends = await session(alice, bob)
    expect(ends).toMatchObject([
      { kind: 'agreed', figures: { rounds: 2, gained: 0, idsOut: 200, idsIn: 199 } },
      { kind: 'agreed', figures: { rounds: 2, gained: 1 } },
    ])
    await until(() => alice.deeds.gossiped.length === 200)
    expect(new Set(alice.deeds.gossiped)).toEqual(new Set(['accept']))
    expect(alice.service.set.count).toBe(1_400)
    none(alice, bob)
  })

  it('one ATX by gossip, fetch and serve at once is judged once and inserted once', async () => {
    const atxs = Array.from({ length: 60 }, (_, i) => makeAtx(`thrice-${i}`, { epoch: 20 }))
    let validations = 0
    const world = createWorld()
    let isOpen = false
    const bob = await world.node('bob', {
      hears: {
        progressed({ back }) {
          if (back === null || isOpen) return
          isOpen = true
          for (const atx of atxs) void gossip(bob, atx)
        },
      },
      plugins: {
        validator: {
          async validate() {
            validations++
            await new Promise((resolve) => setTimeout(resolve, 5))
            return { verdict: 'valid' }
          },
        },
      },
    })
    const [alice, carol] = [await world.node('alice'), await world.node('carol')]
    // Bob lacks whole timeframes, so both sessions end in serves, while what they listed is fetched.
    const days = baseDays(60).map((base, frame) => (frame === 10 ? [...base, ...atxs] : base))
    await world.fill([
      [alice, days],
      [carol, days],
      [bob, days.map((base, frame) => (frame === 11 ? base : []))],
    ])
    connect(alice, bob)
    connect(carol, bob)
    bob.service.sync(null)
    await equal(days.flat().length, alice, bob, carol)
    await atRest(alice, bob, carol)
    const brought = days.slice(0, 11).flat().length
    expect(validations).toBe(brought)
    expect(bob.deeds.inserted).toHaveLength(brought)
    none(alice, bob, carol)
  })
})

describe('several peers, breaks and restarts', () => {
  it('three peers with a different third each: the union is complete, and each blob is fetched once', async () => {
    const world = createWorld()
    const shared = atxsOf(0, 30)
    const thirds = [0, 1, 2].map((part) => atxsOf(1, 90).filter((_, i) => i % 3 === part))
    const node = await world.node('node')
    const peers = [await world.node('p0'), await world.node('p1'), await world.node('p2')]
    await world.fill([
      [node, [shared, [], atxsOf(2, 30)]],
      ...peers.map((peer, i) => [peer, [shared, thirds[i] ?? [], atxsOf(2, 30)]] as const),
    ])
    for (const peer of peers) connect(node, peer)
    node.service.sync(null)
    await until(() => node.service.set.count === 150)
    await atRest(node, ...peers)
    for (const atx of thirds.flat()) expect(has(node, atx)).toBe(true)
    const bytesOfBlobs = thirds.flat().reduce((sum, { blob }) => sum + blob.byteLength, 0)
    const fetched = node.deeds.bytes['fetch in'] ?? 0
    expect(fetched).toBeGreaterThan(bytesOfBlobs)
    expect(fetched).toBeLessThan(1.5 * bytesOfBlobs)
    none(node, ...peers)
  })

  it('S8 more than may wait to be fetched holds the lists back, and one session brings all of it', async () => {
    const world = createWorld()
    const limits = { session: { maxUnknownIds: 100, chunkIds: 50 } }
    const [alice, bob] = [await world.node('alice'), await world.node('bob', { limits })]
    const [shared, lacking] = [atxsOf(0, 30), atxsOf(1, 1_000)]
    await world.fill([
      [alice, [shared, lacking, []]],
      [bob, [shared, [], []]],
    ])
    connect(alice, bob)
    const [mine] = await session(bob, alice)
    expect(mine).toMatchObject({ kind: 'agreed', figures: { gained: 1_000 } })
    await until(() => bob.service.set.count === 1_030)
    none(alice, bob)
  })

  it('whoever is started finds the others, and all of them end with the same set', async () => {
    const world = createWorld()
    const tuning = { minSyncedPeers: 2, syncIntervalMs: 1_000 }
    const nodes = [
      await world.node('a', { tuning }),
      await world.node('b', { tuning }),
      await world.node('c', { tuning }),
    ]
    await world.fill(nodes.map((each, i) => [each, [atxsOf(0, 20), atxsOf(1, 20, `only-${i}`), []]] as const))
    for (const { service } of nodes) await service.start()
    for (const [i, each] of nodes.entries()) for (const other of nodes.slice(i + 1)) connect(each, other)
    await equal(80, ...nodes)
    await until(() => nodes.every(({ service }) => service.agreements().isSynced), 20_000, 'all are synced')
    none(...nodes)
  })

  it('a call that comes when the set is closed already and the network is not is told to come again', async () => {
    const world = createWorld()
    const [alice, bob] = [await world.node('alice'), await world.node('bob')]
    await world.fill([[alice, [atxsOf(0, 5), []]]])
    connect(alice, bob)
    await alice.service.stop()
    bob.service.sync('alice', false)
    await until(() => bob.deeds.sessions.length > 0)
    const text = 'this node is about to stop'
    expect(bob.deeds.sessions[0]?.outcome).toMatchObject({ kind: 'failed', code: 'busy', text, retryAfterMs: 30_000 })
    expect([alice.service.sessions(), alice.deeds.sessions]).toEqual([[], []])
    none(alice, bob)
  })

  it('what a broken session had learned is fetched after the peer comes back, after a restart too', async () => {
    const world = createWorld()
    const [alice, bob] = [await world.node('alice'), await world.node('bob')]
    const days = [atxsOf(0), atxsOf(1), []]
    await world.fill([
      [alice, days],
      [bob, [atxsOf(0), atxsOf(1).slice(0, 40), []]],
    ])
    // The connection breaks when the session is over and before a blob has come.
    alice.network.wrap = (stream) => ({
      ...stream,
      async send(bytes) {
        const isBlobs = decodeAtxMessage(bytes).type === 'blobs'
        if (isBlobs) await until(() => bob.deeds.sessions.length + alice.deeds.sessions.length === 2)
        if (isBlobs) disconnect(alice, bob)
        await stream.send(bytes)
      },
    })
    connect(alice, bob)
    const [, b] = await session(alice, bob)
    expect(b).toMatchObject({ kind: 'agreed', figures: { gained: 60 } })
    expect(bob.service.fetching().queued).toBe(60)
    alice.network.wrap = (stream) => stream
    await bob.stop()
    const again = await world.node('bob', { dir: bob.dir })
    expect(again.service.set.count).toBe(140)
    await again.service.start()
    connect(alice, again)
    await equal(200, alice, again)
    none(alice, bob, again)
  })
})

describe('S6 who calls more often than may be', () => {
  it('hears when to call again; the other keeps what it knows of it, and may call at once', async () => {
    const { alice, bob } = await pair([atxsOf(0, 20), atxsOf(1, 20)], [atxsOf(0, 20), atxsOf(1, 20)])
    for (let times = 0; times < 3; times++) await session(bob, alice)
    const known = alice.service.lastSessions().get('bob')
    expect(known).toMatchObject({ outcome: 'equal', reason: null, retryAt: null })
    expect(await session(bob, alice)).toMatchObject([
      { kind: 'failed', code: 'busy', by: 'peer' },
      { kind: 'failed', code: 'busy', by: 'us' },
    ])
    expect(bob.service.lastSessions().get('alice')).toMatchObject({ outcome: 'busy', retryAt: expect.any(Number) })
    expect(alice.service.lastSessions().get('bob')).toEqual(known)
    expect(await session(alice, bob)).toMatchObject([{ kind: 'fast-equal' }, { kind: 'fast-equal' }])
    none(alice, bob)
  })
})
