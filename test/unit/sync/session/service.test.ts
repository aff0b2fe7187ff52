/** Session services on a conversation in memory: the scenarios again, long lists both ways at once, cuts at any message. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { DEEP_LIMITS, type DeepLimits } from '../../../../src/sync/deep/limits.ts'
import { createDeepScheme } from '../../../../src/sync/deep-scheme.ts'
import { SyncError } from '../../../../src/sync/errors.ts'
import type { Features, Hello } from '../../../../src/sync/messages.ts'
import type { AtxStream } from '../../../../src/sync/ports.ts'
import type { DeepScheme } from '../../../../src/sync/session/ports.ts'
import {
  baseFrames,
  createFakeSet,
  type FakeSet,
  fingerprintOf,
  idOf,
  pack,
  unpack,
} from '../../../helpers/sync/session/fake-set.ts'
import {
  idsOf,
  type LiveOptions,
  type LivePair,
  livePair,
  liveSide,
  recite,
} from '../../../helpers/sync/session/live-pair.ts'
import { oneBoundaryLater, SCENARIOS, type SetPair } from '../../../helpers/sync/session/scenarios.ts'
import { FEATURES, OFFER } from '../../../helpers/sync/session/virtual-pair.ts'
import { streamPair } from '../../../helpers/sync/stream-pair.ts'
import { until } from '../../../helpers/until.ts'

const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => idOf(`${prefix}-${i}`))

/** The real scheme with bounds of a test, which both sides must share. */
const limitedScheme = (limits: Partial<DeepLimits>): DeepScheme =>
  createDeepScheme((_peer, reason) => expect.unreachable(reason), { ...DEEP_LIMITS, ...limits })
/** One id in each of many timeframes. */
const few = Array.from({ length: 9 }, (_, frame) => (frame === 0 ? [] : [idOf(`few-${frame}`)]))

async function play({ alice, bob }: SetPair, features: Partial<Features> = {}) {
  const config = { features: { ...FEATURES, ...features } }
  const pair = livePair({ alice: { set: alice, config }, bob: { set: bob, config } })
  const [a, b] = await pair.ends()
  return {
    pair,
    summary: {
      ends: [a.kind, b.kind],
      ids: a.figures.idsIn + b.figures.idsIn,
      rounds: a.figures.rounds,
      gained: [a.figures.gained, b.figures.gained],
      blamed: [...pair.alice.misbehaved, ...pair.bob.misbehaved],
    },
  }
}

const row = (a: string, b: string, numbers: { ids: number; rounds: number; gained?: [number, number] }) => ({
  ends: [a, b],
  blamed: [],
  gained: [0, 0],
  ...numbers,
})

describe('scenarios S1 to S11 on services', () => {
  it.each([
    ['S1', {}, row('fast-equal', 'fast-equal', { ids: 0, rounds: 0 })],
    ['S2', {}, row('fast-equal', 'fast-equal', { ids: 0, rounds: 0 })],
    ['S3', {}, row('agreed', 'agreed', { ids: 399, rounds: 2, gained: [0, 1] })],
    ['S4', {}, row('agreed', 'agreed', { ids: 201, rounds: 1 })],
    ['S5', {}, row('agreed', 'agreed', { ids: 300, rounds: 1 })],
    ['S5', { totalFingerprint: true }, row('total-equal', 'total-equal', { ids: 0, rounds: 0 })],
    ['S6', {}, row('agreed', 'agreed', { ids: 1_300, rounds: 1 })],
    ['S7', {}, row('serve-out', 'serve-in', { ids: 500, rounds: 4, gained: [0, 300] })],
    ['S8', {}, row('serve-out', 'serve-in', { ids: 650, rounds: 4, gained: [0, 150] })],
    ['S9', {}, row('mutual', 'mutual', { ids: 1_400, rounds: 7 })],
    ['S9', { deepRange: true }, row('deep', 'deep', { ids: 1_400, rounds: 7, gained: [0, 400] })],
    ['S10', { deepRange: true }, row('deep', 'deep', { ids: 1_400, rounds: 7, gained: [1, 1] })],
    ['S4', { setRule: false }, row('agreed', 'agreed', { ids: 400, rounds: 2 })],
    ['S5', { setRule: false }, row('agreed', 'agreed', { ids: 400, rounds: 2 })],
    ['S6', { setRule: false }, row('mutual', 'mutual', { ids: 1_600, rounds: 4 })],
  ] as const)('%s %j', async (name, features, expected) => {
    const { summary } = await play(SCENARIOS[name](), features)
    expect(summary).toEqual(expected)
  })

  it('S11 one boundary later only grades differ', async () => {
    const { summary } = await play(oneBoundaryLater('S6'), { allFingerprint: true })
    expect(summary).toEqual(row('all-equal', 'all-equal', { ids: 0, rounds: 0 }))
  })

  it('S7 hands out what is to be fetched, with the timeframe that the peer claims', async () => {
    const { pair } = await play(SCENARIOS.S7())
    expect(pair.bob.learned.map(({ peer, frame, ids }) => [peer, frame, ids.length / 32])).toEqual([
      ['alice', 10, 100],
      ['alice', 9, 100],
      ['alice', 8, 100],
    ])
    expect(idsOf(pair.bob.learned).toSorted()).toEqual(baseFrames().slice(8, 11).flat().toSorted())
    expect(pair.bob.progress.map(({ phase, back }) => `${phase} ${back}`)).toEqual([
      'hello null',
      'freezing null',
      'rounds 0',
      'rounds 1',
      'rounds 2',
      'rounds 3',
      'confirming 3',
      'ended 3',
    ])
  })
})

describe('traffic', () => {
  it('S4 both send long lists at once through a narrow stream', async () => {
    const [a, b] = [named('a', 9_000), named('b', 9_000)]
    const limits = { chunkIds: 64 }
    const pair = livePair({
      alice: { set: createFakeSet({ frames: [[], a] }), hasStepOne: false, config: { limits } },
      bob: { set: createFakeSet({ frames: [[], b] }), hasStepOne: false, config: { limits } },
      capacity: 1,
    })
    const [alice, bob] = await pair.ends()
    expect([alice.kind, bob.kind]).toEqual(['agreed', 'agreed'])
    expect(idsOf(pair.alice.learned)).toEqual(b.toSorted())
    expect(idsOf(pair.bob.learned)).toEqual(a.toSorted())
    expect(alice.figures).toMatchObject({ bytesIn: 9_000 * 32, bytesOut: 9_000 * 32 })
  })

  it('S12 long rounds reconcile ranges instead of lists, and end the same', async () => {
    const frames = [named('old', 50), named('x', 300), named('now', 300)]
    const config = { features: { ...FEATURES, deepRange: true }, limits: { rangeFromIds: 200 } }
    const pair = livePair({
      alice: { set: createFakeSet({ frames }), config },
      bob: { set: createFakeSet({ frames: [frames[0] ?? [], (frames[1] ?? []).slice(2), frames[2] ?? []] }), config },
    })
    const [alice, bob] = await pair.ends()
    expect([alice, bob]).toMatchObject([
      { kind: 'agreed', figures: { rounds: 2, idsIn: 0, gained: 0 } },
      { kind: 'agreed', figures: { rounds: 2, idsIn: 0, gained: 2 } },
    ])
    expect(pair.bob.learned).toMatchObject([{ frame: 1 }])
    expect(pair.bob.session.progress().bytesIn).toBe(600 * 32)
  })

  it('S9.2 E2 a round of ranges says what the peer has in the timeframe, all but what it may lack of ours', async () => {
    const frames = [named('old', 50), named('x', 300), named('now', 300)]
    const config = { features: { ...FEATURES, deepRange: true }, limits: { rangeFromIds: 200 } }
    const deep = limitedScheme({})
    const theirs = [frames[0] ?? [], [...(frames[1] ?? []).slice(2), idOf('extra')]]
    const pair = livePair({
      alice: { set: createFakeSet({ frames }), config, deep },
      bob: { set: createFakeSet({ frames: [...theirs, frames[2] ?? []] }), config, deep },
    })
    await pair.ends()
    const seen = ({ matched }: { matched: readonly { frame: number; lacked: Uint8Array }[] }) =>
      matched.map(({ frame, lacked }) => [frame, unpack(lacked)] as const)
    // Who opened the session knows exactly; who was called, that it is among what it listed.
    expect(seen(pair.alice)).toEqual([
      [2, []],
      [1, (frames[1] ?? []).slice(0, 2).toSorted()],
    ])
    const [[, now] = [], [, before] = []] = seen(pair.bob)
    expect(now).toEqual([])
    expect(before).toContain(theirs[1]?.at(-1))
    expect(before?.length).toBeLessThan(100)
  })

  it.each([
    ['by who opened the session', { maxUnknownIds: 3 }],
    ['by who was called', { maxBytes: 2_000 }],
  ])('S12.3 a round whose reconciliation reaches its limit goes on with lists, said %s', async (_by, limits) => {
    const frames = [named('old', 50), named('x', 3_000), named('now', 300)]
    const config = { features: { ...FEATURES, deepRange: true }, limits: { rangeFromIds: 400, chunkIds: 64 } }
    const deep = limitedScheme(limits)
    const lacks = (part: number): string[] => named('x', 3_000).filter((_, i) => i % 300 !== part)
    const pair = livePair({
      alice: { set: createFakeSet({ frames: frames.with(1, lacks(1)) }), config, deep },
      bob: { set: createFakeSet({ frames: frames.with(1, lacks(2)) }), config, deep },
      capacity: 1,
    })
    const [alice, bob] = await pair.ends()
    expect([alice, bob]).toMatchObject([
      { kind: 'agreed', figures: { rounds: 2, idsIn: 2_990 + 300, gained: 10 } },
      { kind: 'agreed', figures: { rounds: 2, idsIn: 2_990 + 300, gained: 10 } },
    ])
    expect([pair.alice.learned[0]?.frame, pair.bob.learned[0]?.frame]).toEqual([1, 1])
    expect([...pair.alice.misbehaved, ...pair.bob.misbehaved]).toEqual([])
    // What was tried before counts as moved.
    expect(alice.figures.bytesOut).toBeGreaterThan(3_290 * 32)
  })

  it.each([
    ['by who opened the session', SCENARIOS.S9().alice.frames, SCENARIOS.S9().bob.frames],
    ['by who was called', few, [named('old', 400), ...few.slice(1)]],
  ])(
    'S12.3 a reconciliation of the whole set that reaches its limit ends in mutual serves, said %s',
    async (...row) => {
      const [, alice, bob] = row
      const config = { features: { ...FEATURES, deepRange: true } }
      const deep = limitedScheme({ maxUnknownIds: 3 })
      const pair = livePair({
        alice: { set: createFakeSet({ frames: alice }), config, deep },
        bob: { set: createFakeSet({ frames: bob }), config, deep },
        capacity: 1,
      })
      const ends = await pair.ends()
      expect(ends).toMatchObject([
        { kind: 'mutual', offer: OFFER, figures: { rounds: 7 } },
        { kind: 'mutual', offer: OFFER, figures: { rounds: 7 } },
      ])
      expect([...pair.alice.misbehaved, ...pair.bob.misbehaved]).toEqual([])
    },
  )

  it('S12.3 lists that follow a reconciliation wait until it is seen to be over', async () => {
    const frames = [named('old', 50), named('x', 300), []]
    const config = { features: { ...FEATURES, deepRange: true }, limits: { rangeFromIds: 200 } }
    // biome-ignore lint/correctness/useYield: it finds nothing before its limit.
    const quick: DeepScheme = async function* ({ stream, scope }) {
      await stream.send({ type: 'deep', scheme: 1, scope, payload: Uint8Array.of(3) })
      throw new SyncError('limit', 'enough')
    }
    // biome-ignore lint/correctness/useYield: it finds nothing before its limit.
    const slow: DeepScheme = async function* ({ stream }) {
      await stream.read()
      for (let turn = 0; turn < 50; turn++) await nextTurn()
      throw new SyncError('limit', 'enough')
    }
    const pair = livePair({
      alice: { set: createFakeSet({ frames }), config, deep: quick },
      bob: { set: createFakeSet({ frames: frames.with(1, named('x', 299)) }), config, deep: slow },
    })
    expect(await pair.ends()).toMatchObject([
      { kind: 'agreed', figures: { gained: 0 } },
      { kind: 'agreed', figures: { gained: 1 } },
    ])
  })

  it('S12.3 timeframes further back than a scope can name go out as lists', async () => {
    const frames = Array.from({ length: 262 }, (_, frame) => (frame === 0 ? [] : named(`frame-${frame}`, 1)))
    const features = { ...FEATURES, deepRange: true }
    const config = { features, maxRounds: 258, limits: { rangeFromIds: 1 } }
    const deep = limitedScheme({})
    const pair = livePair({
      alice: { set: createFakeSet({ frames: frames.with(0, named('old', 1)) }), config, deep },
      bob: { set: createFakeSet({ frames }), config, deep },
    })
    // Backs 255 to 258 are lists of one id each.
    expect(await pair.ends()).toMatchObject([
      { kind: 'deep', figures: { rounds: 259, idsIn: 4, gained: 0 } },
      { kind: 'deep', figures: { rounds: 259, idsIn: 4, gained: 1 } },
    ])
    expect([...pair.alice.misbehaved, ...pair.bob.misbehaved]).toEqual([])
  })

  it('S12 lists of very different length go out as lists', async () => {
    const config = { features: { ...FEATURES, deepRange: true }, limits: { rangeFromIds: 200 } }
    const pair = livePair({
      alice: { set: createFakeSet({ frames: [named('x', 300), []] }), config },
      bob: { set: createFakeSet({ frames: [named('x', 269), []] }), config },
    })
    const [alice, bob] = await pair.ends()
    expect([alice, bob]).toMatchObject([
      { kind: 'agreed', figures: { rounds: 2, idsIn: 269, gained: 0 } },
      { kind: 'agreed', figures: { rounds: 2, idsIn: 300, gained: 31 } },
    ])
  })

  it('S8 ids known to be invalid are in the fingerprint, but no gain', async () => {
    const bad = idOf('x-0')
    const pair = livePair({
      alice: { set: createFakeSet({ frames: [[], []] }), isRejected: (id) => id === bad },
      bob: { set: createFakeSet({ frames: [named('x', 3), []] }) },
    })
    const [alice] = await pair.ends()
    expect(alice).toMatchObject({ kind: 'agreed', figures: { learned: 3, gained: 2 } })
    expect(idsOf(pair.alice.learned)).not.toContain(bad)
  })

  it('S7.2-4 what came here after the freeze and is claimed for long ago is told at once', async () => {
    const set = createFakeSet({ frames: [[], [], []] })
    let isAdded = false
    const pair = livePair({
      alice: { set },
      bob: { set: createFakeSet({ frames: [[], named('late', 2), []] }) },
      tap(from, message) {
        if (from === 'bob' && message.type === 'frameOpen' && !isAdded) {
          isAdded = true
          set.add(...named('late', 2))
        }
        return true
      },
    })
    const [alice] = await pair.ends()
    expect(alice).toMatchObject({ kind: 'agreed', figures: { learned: 2, gained: 0, claims: 2 } })
    expect(pair.alice.claimed).toMatchObject([{ peer: 'bob', frame: 1 }])
    expect(idsOf(pair.alice.claimed)).toEqual(named('late', 2).toSorted())
  })
})

describe('bad ends', () => {
  it('a stream that breaks after any number of messages ends both sessions and blames nobody', async () => {
    let total = Number.POSITIVE_INFINITY
    for (let cut = 0; cut < total; cut++) {
      const { alice, bob } = SCENARIOS.S7()
      let sent = 0
      const pair: LivePair = livePair({
        alice: { set: alice },
        bob: { set: bob },
        tap() {
          if (sent++ === cut) pair.alice.stream.abort('cut')
          return true
        },
      })
      const [a, b] = await pair.ends()
      const kinds = new Set([a.kind, b.kind])
      for (const kind of kinds) expect(['failed', 'serve-in', 'serve-out']).toContain(kind)
      expect([...pair.alice.misbehaved, ...pair.bob.misbehaved]).toEqual([])
      total = Math.min(total, sent > cut ? Number.POSITIVE_INFINITY : sent)
    }
    expect(total).toBeGreaterThan(30)
  })

  it('bytes that are no message are a violation', async () => {
    const [a, b] = streamPair()
    const garbled: AtxStream = {
      ...a,
      read: () => Promise.reject(new SyncError('malformed', 'no field is set')),
    }
    const alice = liveSide('alice', garbled, { set: createFakeSet({ frames: [[]] }) })
    const heard = recite(b, [])
    await b.end()
    expect(await alice.session.finished).toMatchObject({ kind: 'failed', code: 'protocol', by: 'us' })
    expect(alice.misbehaved).toEqual(['no field is set'])
    expect((await heard).map(({ type }) => type)).toEqual(['hello', 'problem'])
  })

  it('S4 a stream that fails for its framing while this side writes is the fault of the peer too', async () => {
    const [a] = streamPair()
    const broken: AtxStream = {
      ...a,
      send: () => Promise.reject(new SyncError('malformed', 'a frame was refused')),
    }
    const alice = liveSide('alice', broken, { set: createFakeSet({ frames: [[]] }) })
    await until(() => alice.misbehaved.length > 0)
    expect(alice.misbehaved).toEqual(['a frame was refused'])
    a.abort('the test is over')
    expect(await alice.session.finished).toMatchObject({ kind: 'failed', code: 'protocol', by: 'us' })
  })

  it('a stop for shutdown waits for nobody', async () => {
    const [a, b] = streamPair()
    const alice = liveSide('alice', a, { set: createFakeSet({ frames: [[]] }) })
    await b.end()
    alice.session.stop('shutdown')
    expect(await alice.session.finished).toMatchObject({ kind: 'stopped', why: 'shutdown', by: 'us' })
  })

  it('a failure of our own while a message is looked at rejects too', async () => {
    const { alice, bob } = SCENARIOS.S3()
    const [a, b] = streamPair()
    const { heads } = alice
    let looks = 0
    const broken: FakeSet = {
      ...alice,
      heads() {
        if (looks++ > 0) throw new SyncError('store-damaged', 'the heads are gone')
        return heads()
      },
    }
    const failing = liveSide('alice', a, { set: broken })
    const other = liveSide('bob', b, { set: bob })
    await expect(failing.session.finished).rejects.toMatchObject({ code: 'store-damaged' })
    expect(await other.session.finished).toMatchObject({ kind: 'failed', code: 'closed' })
  })

  it('a failure of our own disk rejects, and the stream is given up', async () => {
    const [a, b] = streamPair()
    const { bob } = SCENARIOS.S3()
    const broken: FakeSet = {
      ...createFakeSet({ frames: baseFrames() }),
      freeze() {
        throw new SyncError('store-damaged', 'the index is gone')
      },
    }
    const alice = liveSide('alice', a, { set: broken })
    const other = liveSide('bob', b, { set: bob })
    await expect(alice.session.finished).rejects.toMatchObject({ code: 'store-damaged' })
    expect(await other.session.finished).toMatchObject({ kind: 'failed', code: 'closed' })
  })

  it.each<[string, Partial<LiveOptions>]>([
    [
      'in a reconciliation',
      {
        // biome-ignore lint/correctness/useYield: it fails.
        async *deep() {
          throw new TypeError('a bug')
        },
      },
    ],
    [
      'while what it found is taken',
      {
        isRejected() {
          throw new SyncError('store-damaged', 'the index is gone')
        },
      },
    ],
  ])('a failure of our own %s rejects, and the peer is told nothing of a fault', async (_when, broken) => {
    const { alice, bob } = SCENARIOS.S9()
    const config = { features: { ...FEATURES, deepRange: true } }
    const pair = livePair({ alice: { set: alice, config }, bob: { set: bob, config, ...broken } })
    await expect(pair.bob.session.finished).rejects.toThrow(/a bug|the index is gone/)
    expect(await pair.alice.session.finished).toMatchObject({ figures: { rounds: 7 } })
    expect([...pair.alice.misbehaved, ...pair.bob.misbehaved]).toEqual([])
  })

  it('a hostile list is refused at its first chunk, and the peer is told', async () => {
    const [a, b] = streamPair()
    const alice = liveSide('alice', a, { set: createFakeSet({ frames: [[], named('a', 3), []] }) })
    const hello: Hello = {
      type: 'hello',
      version: 1,
      networkId: new Uint8Array(32).fill(7),
      intent: 'sync',
      sessionId: new Uint8Array(16).fill(1),
      wallMs: 2.5 * 86_400_000,
      frame: 2,
      hasStrong: true,
      features: FEATURES,
      maxIdsPerFrame: 100,
      chunkIds: 10,
      fast: fingerprintOf([]),
      all: null,
      total: null,
      storeId: new Uint8Array(16),
    }
    const heard = await recite(b, [
      hello,
      { type: 'frameOpen', back: 0, frame: 2, count: 3 },
      { type: 'ids', index: 0, ids: pack([...named('z', 3).toSorted().toReversed()]) },
    ])
    expect(await alice.session.finished).toMatchObject({ kind: 'failed', code: 'protocol', by: 'us' })
    expect(alice.misbehaved).toEqual(['ids that do not ascend'])
    expect(alice.learned).toEqual([])
    expect(heard.at(-1)).toMatchObject({ type: 'problem', code: 'protocol', text: 'ids that do not ascend' })
  })
})
