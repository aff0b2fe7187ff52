/** What a liar cannot get out of, and what is not held against who is none (S9.2): later sessions, leaving, restarts. */
import { describe, expect, it } from 'vitest'
import { TOPICS } from '../../../src/protocols/catalogue.ts'
import { WHOLE_SET } from '../../../src/sync/deep/limits.ts'
import { createIdIndex, reconcile } from '../../../src/sync/deep/service.ts'
import { atxsOf, HOUR_MS, makeAtx, type TestAtx } from '../../helpers/sync/atx-blobs.ts'
import { attach, createPuppet, PLAIN, type Puppet, type PuppetOptions } from '../../helpers/sync/atx-puppet.ts'
import { differing, greeted, leadRounds, openList, randomIds } from '../../helpers/sync/atx-rounds.ts'
import {
  announcement,
  atRest,
  blames,
  connect,
  createWorld,
  gossip,
  has,
  held,
  session,
  type World,
  type WorldNode,
} from '../../helpers/sync/atx-world.ts'
import { pack, unpack } from '../../helpers/sync/session/fake-set.ts'
import { until } from '../../helpers/until.ts'

/** The open timeframe of the node that is lied to. */
const OPEN = 8

type Scene = {
  readonly world: World
  readonly alice: WorldNode
  readonly mallory: Puppet
  /** What Mallory was asked for she sends from now on. */
  deliver(): void
}

/** Mallory listed the timeframes of `lists`, the open one first, and holds her blobs back. */
async function listed(lists: readonly (readonly string[])[], options: Omit<PuppetOptions, 'clock'>): Promise<Scene> {
  const world = createWorld()
  const alice = await world.node('alice')
  await world.fill([[alice, Array.from({ length: OPEN + 1 }, (_, frame) => atxsOf(frame, 20))]])
  const mallory = createPuppet('mallory', { ...options, clock: world.clock })
  let mayDeliver = false
  mallory.network.wrap = held(({ type }) => type !== 'blobs' || mayDeliver)
  attach(alice, mallory)
  const stream = await greeted(mallory, alice)
  await leadRounds(stream, { frame: OPEN, lists })
  stream.abort('all is listed')
  await until(() => alice.service.sessions().length === 0)
  const deliver = (): void => {
    mayDeliver = true
  }
  return { world, alice, mallory, deliver }
}

/** Another session of hers is under way, in which she lists nothing; then she gives it up. */
async function callAgain({ alice, mallory }: Scene): Promise<void> {
  const stream = await greeted(mallory, alice)
  await stream.send(openList(OPEN, 0, 0))
  await until(() => alice.service.sessions().some(({ phase }) => phase === 'rounds'))
  stream.abort('never mind')
  await until(() => alice.service.sessions().length === 0)
}

async function leaveAndReturn({ alice, mallory }: Scene): Promise<void> {
  alice.network.part('mallory')
  await until(() => alice.service.sessions().length === 0)
  attach(alice, mallory)
}

const WAYS: readonly (readonly [string, (scene: Scene) => Promise<void>])[] = [
  ['another session', callAgain],
  ['leaving and coming back', leaveAndReturn],
]

describe.each(WAYS)('before what she listed is here, %s', (_way, goOn) => {
  const fresh = makeAtx('fresh', { epoch: 2 * OPEN })

  it('E1 takes nothing back of an ATX that she listed in a timeframe before it existed', async () => {
    const scene = await listed([[], [], [fresh.id]], { holds: [fresh] })
    await goOn(scene)
    scene.deliver()
    await until(() => has(scene.alice, fresh) && blames(scene.alice).length > 0)
    expect(blames(scene.alice)).toEqual(['mallory: impossible-time (ban)'])
  })

  it('E2 takes nothing back of an ATX that she listed before what it builds on', async () => {
    const base = makeAtx('base', { epoch: 5 })
    const late = makeAtx('late', { epoch: 6, positioning: base })
    const scene = await listed([[], [base.id], [late.id]], { holds: [base, late] })
    await goOn(scene)
    scene.deliver()
    await until(() => has(scene.alice, late) && blames(scene.alice).length > 0)
    expect(blames(scene.alice)).toEqual(['mallory: impossible-order (ban)'])
  })

  it('E4 takes nothing back of ids that do not exist', async () => {
    const scene = await listed([randomIds(200)], {})
    await goOn(scene)
    scene.deliver()
    await until(() => scene.alice.service.refused().length > 0)
    expect(blames(scene.alice)).toEqual(['mallory: undelivered (noted)', 'mallory: undelivered-many (ban)'])
  })
})

describe('A10 ids that do not exist, and a lister who', () => {
  it('says that they are too big: E4, as if she had none', async () => {
    const scene = await listed([randomIds(200)], { item: (id) => ({ id, status: 'too-big' }) })
    scene.deliver()
    await until(() => scene.alice.service.refused().length > 0)
    expect(blames(scene.alice)).toEqual(['mallory: undelivered (noted)', 'mallory: undelivered-many (ban)'])
  })

  it('names them without a timeframe, in a reconciliation of the whole set', async () => {
    const scene = await listed([], {})
    const { alice, mallory } = scene
    const features = { ...PLAIN, deepRange: true }
    const stream = await greeted(mallory, alice, { features })
    const lists = Array.from({ length: 7 }, () => [])
    await leadRounds(stream, {
      frame: OPEN,
      lists,
      answer: (result) => ({ ...result, known: differing(result).known }),
    })
    const ids = [...unpack(alice.service.set.idsFrom(0, 1_000)), ...randomIds(30)]
    const index = await createIdIndex(pack(ids.sort()))
    const signal = AbortSignal.timeout(20_000)
    const outcome = await reconcile({ stream, scope: WHOLE_SET, isInitiator: true, signal, index })
    expect(outcome).toMatchObject({ kind: 'reconciled', given: 30 })
    await stream.end()
    scene.deliver()
    await until(() => alice.service.refused().length > 0)
    expect(blames(alice)).toEqual(['mallory: undelivered (noted)', 'mallory: undelivered-many (ban)'])
  })

  it('announces them by gossip: soft, once for as long as one is wanted', async () => {
    const scene = await listed([], {})
    const { alice } = scene
    for (const id of randomIds(30)) {
      const message = announcement({ id, blob: new Uint8Array(0) })
      void alice.network.gossip(TOPICS.atxAnnounce.name, 'mallory', message)
    }
    await until(() => alice.service.fetching().queued === 30)
    scene.deliver()
    await atRest(alice)
    expect(blames(alice)).toEqual(['mallory: undelivered (noted)'])
  })

  /** So long that all tries and rests of the fetcher are through; gossip makes it look at the clock. */
  async function wait({ world, alice }: Scene): Promise<void> {
    for (let times = 0; times < 24; times++) {
      world.clock.jump(61_000)
      const atx = makeAtx(`news-${times}`, { epoch: 2 * OPEN })
      await gossip(alice, atx)
      await until(() => has(alice, atx))
    }
  }

  it('is busy for ever: soft, and once', async () => {
    const scene = await listed([randomIds(200)], { item: (id) => ({ id, status: 'busy' }) })
    scene.deliver()
    await until(() => scene.mallory.asked.length > 0)
    for (let tries = 2; scene.alice.service.fetching().queued > 0; tries++) {
      const asked = scene.mallory.asked.length
      scene.world.clock.jump(61_000)
      await gossip(scene.alice, makeAtx(`news-${tries}`, { epoch: 2 * OPEN }))
      await until(() => scene.mallory.asked.length > asked || scene.alice.service.fetching().queued === 0)
    }
    expect(blames(scene.alice)).toEqual(['mallory: undelivered (noted)'])
  })

  it('says nothing: soft, and once', async () => {
    const scene = await listed([randomIds(200)], {})
    await wait(scene)
    expect(scene.alice.service.fetching().queued).toBe(0)
    expect(blames(scene.alice)).toEqual(['mallory: undelivered (noted)'])
  })

  it('is gone: what an honest peer may be, so nothing', async () => {
    const scene = await listed([randomIds(200)], {})
    scene.alice.network.part('mallory')
    await wait(scene)
    expect(scene.alice.service.fetching().queued).toBe(0)
    expect(blames(scene.alice)).toEqual([])
  })
})

describe('E2 where the timeframes are long, and are compared as ranges', () => {
  const base = makeAtx('base', { epoch: 2 })
  const late = makeAtx('late', { epoch: 3, positioning: base })
  const days = Array.from({ length: 6 }, (_, frame) => atxsOf(frame, 40))
  const withAtx = (frames: readonly TestAtx[][], frame: number, atx: TestAtx): TestAtx[][] =>
    frames.map((atxs, each) => (each === frame ? [...atxs, atx] : atxs))

  async function two(alices: TestAtx[][], bobs: TestAtx[][]): Promise<[WorldNode, WorldNode]> {
    const world = createWorld()
    const limits = { session: { rangeFromIds: 30 } }
    const nodes = [await world.node('alice', { limits }), await world.node('bob', { limits })] as const
    const [alice, bob] = nodes
    await world.fill([
      [alice, alices],
      [bob, bobs],
    ])
    connect(alice, bob)
    return [alice, bob]
  }

  it.each(['alice', 'bob'])('an ATX that the peer lists before what it builds on: a ban; %s calls', async (caller) => {
    const [alice, bob] = await two(withAtx(days, 4, base), withAtx(withAtx(days, 4, base), 3, late))
    await (caller === 'alice' ? session(alice, bob) : session(bob, alice))
    await until(() => has(alice, late) && blames(alice).length > 0)
    expect(blames(alice)).toEqual(['bob: impossible-order (ban)'])
    await atRest(bob)
    expect(blames(bob)).toEqual([])
  })

  it.each(['alice', 'bob'])('one that received that earlier than this node is honest; %s calls', async (caller) => {
    const [alice, bob] = await two(withAtx(days, 4, base), withAtx(withAtx(days, 2, base), 3, late))
    const ends = await (caller === 'alice' ? session(alice, bob) : session(bob, alice))
    await until(() => has(alice, late))
    await atRest(alice, bob)
    // What is in another timeframe here is nothing new.
    const gained = ends.map(({ figures }) => figures.gained)
    expect(gained).toEqual(caller === 'alice' ? [1, 0] : [0, 1])
    expect([...blames(alice), ...blames(bob)].filter((blame) => blame.includes('impossible'))).toEqual([])
  })
})

describe('E1 of an ATX that does not come into the set', () => {
  const unknown = makeAtx('unknown', { epoch: 1 })
  const builtOn = makeAtx('built on the unknown', { epoch: 2 * OPEN, positioning: unknown })
  const ahead = makeAtx('far ahead', { epoch: 2 * OPEN + 200 })

  it.each([
    ['is of the future, listed in an old timeframe', ahead, [[], [], [ahead.id]]],
    ['is of the future, and of no timeframe that is open', ahead, [[ahead.id]]],
    ['waits for what nobody has, listed in an old timeframe', builtOn, [[], [], [builtOn.id]]],
  ])('%s: a ban', async (_what, atx, lists) => {
    const scene = await listed(lists, { holds: [atx] })
    scene.deliver()
    await until(() => scene.alice.service.refused().length > 0)
    expect(blames(scene.alice)).toEqual(['mallory: impossible-time (ban)'])
    expect(has(scene.alice, atx)).toBe(false)
  })

  it('by gossip it is as good evidence as from who listed it', async () => {
    const scene = await listed([[], [], [ahead.id]], {})
    expect(await gossip(scene.alice, ahead)).toBe('ignore')
    expect(blames(scene.alice)).toEqual(['mallory: impossible-time (ban)'])
  })

  it('of the open timeframe, by a clock that is ahead of ours, it is evidence of nothing', async () => {
    const soon = makeAtx('soon', { epoch: 2 * OPEN + 1 })
    const scene = await listed([[soon.id]], { holds: [soon] })
    scene.deliver()
    await until(() => scene.mallory.asked.length > 0)
    scene.world.clock.jump(12 * HOUR_MS)
    await gossip(scene.alice, soon)
    await until(() => has(scene.alice, soon))
    expect(blames(scene.alice)).toEqual([])
  })
})

describe('over a restart of this node', () => {
  async function restarted(scene: Scene): Promise<WorldNode> {
    await scene.alice.stop()
    const alice = await scene.world.node('alice', { dir: scene.alice.dir })
    await alice.service.start()
    scene.deliver()
    attach(alice, scene.mallory)
    return alice
  }

  it('E1 the timeframe in which an id was listed is remembered with it', async () => {
    const fresh = makeAtx('fresh', { epoch: 2 * OPEN })
    const alice = await restarted(await listed([[], [], [fresh.id]], { holds: [fresh] }))
    await until(() => has(alice, fresh) && blames(alice).length > 0)
    expect(blames(alice)).toEqual(['mallory: impossible-time (ban)'])
  })

  it('E4 what is not to be had now may have been lost meanwhile: soft, and once', async () => {
    const alice = await restarted(await listed([randomIds(100)], {}))
    await atRest(alice)
    expect(blames(alice)).toEqual(['mallory: undelivered (noted)'])
  })
})

describe('honest peers', () => {
  it('one that lost its store, and says so, has lost what it listed too: soft, and once', async () => {
    let store = 1
    const scene = await listed([randomIds(100)], { storeId: () => new Uint8Array(16).fill(store) })
    store = 2
    await leaveAndReturn(scene)
    scene.deliver()
    await atRest(scene.alice)
    expect(blames(scene.alice)).toEqual(['mallory: undelivered (noted)'])
  })

  it('one that lists what a liar lists too is not blamed for how that one lists it', async () => {
    const known = makeAtx('known', { epoch: 14 })
    const scene = await listed([[], [], [], [known.id]], {})
    const bob = createPuppet('bob', { clock: scene.world.clock, holds: [known] })
    attach(scene.alice, bob)
    const stream = await greeted(bob, scene.alice)
    await leadRounds(stream, { frame: OPEN, lists: [[], [known.id]] })
    stream.abort('all is listed')
    scene.deliver()
    await until(() => has(scene.alice, known) && scene.alice.service.refused().length > 0)
    await atRest(scene.alice)
    expect(blames(scene.alice)).toEqual(['mallory: undelivered (noted)', 'mallory: impossible-time (ban)'])
  })
})
