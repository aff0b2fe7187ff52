/** Gossip of ATXs against whole services (S8): who floods, who announces what is not there, and who must not pay for it. */
import { describe, expect, it } from 'vitest'
import { TOPICS } from '../../../src/protocols/catalogue.ts'
import { atxsOf, makeAtx, type TestAtx } from '../../helpers/sync/atx-blobs.ts'
import { attach, createPuppet, type Puppet, type PuppetOptions } from '../../helpers/sync/atx-puppet.ts'
import { listing, randomIds } from '../../helpers/sync/atx-rounds.ts'
import { announcement, blames, createWorld, gossip, has, type WorldNode } from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

const NO_BYTES = new Uint8Array(0)
/** An announcement that nobody brings waits for twice as long. */
const BEFORE_SILENCE_ENDS_MS = 4_000
const silent = () => new Promise<null>(() => undefined)
const fresh = (name: string, traits: { readonly positioning?: TestAtx } = {}) => makeAtx(name, { epoch: 2, ...traits })

/** Alice at the start of timeframe 1, and whoever connects with her. */
async function setUp() {
  const world = createWorld()
  const alice = await world.node('alice')
  await world.fill([[alice, [atxsOf(0, 20), atxsOf(1, 20)]]])
  const meets = (name: string, options: Omit<PuppetOptions, 'clock'> = {}): Puppet => {
    const puppet = createPuppet(name, { ...options, clock: world.clock })
    attach(alice, puppet)
    return puppet
  }
  return { world, alice, meets }
}

/** `relay` tells her of an id without its bytes. */
const announce = (to: WorldNode, id: string, author: string, relay = author) =>
  to.network.gossip(TOPICS.atxAnnounce.name, author, announcement({ id, blob: NO_BYTES }), relay)

describe('S8 many announcements', () => {
  it('of one relay that never brings them take no place of others, with bytes or without', async () => {
    const { alice, meets } = await setUp()
    const [inline, large] = [fresh('inline'), fresh('large')]
    meets('mallory', { item: silent })
    meets('carol', { holds: [large] })
    for (const id of randomIds(2_000)) void announce(alice, id, 'mallory')
    expect(await gossip(alice, inline, 'carol')).toBe('accept')
    expect(await announce(alice, large.id, 'carol')).toBe('accept')
    expect([has(alice, inline), has(alice, large), blames(alice), alice.network.penalties]).toEqual([
      true,
      true,
      [],
      [],
    ])
  })

  it("under the names of many authors are one relay's", async () => {
    const { alice, meets } = await setUp()
    const large = fresh('large')
    meets('mallory', { item: silent })
    meets('carol', { holds: [large] })
    for (const [i, id] of randomIds(2_000).entries()) void announce(alice, id, `author ${i}`, 'mallory')
    expect(await announce(alice, large.id, 'carol')).toBe('accept')
  })
})

describe('S8 announcements of what is not there', () => {
  it.each(['not-found', 'too-big'] as const)(
    'cost the relay that says so itself (%s), and wait no longer',
    async (status) => {
      const { alice, meets } = await setUp()
      meets('mallory', { item: (id) => ({ id, status }) })
      const verdicts: string[] = []
      for (const id of randomIds(30)) void announce(alice, id, 'mallory').then((verdict) => verdicts.push(verdict))
      await until(() => verdicts.length === 30, BEFORE_SILENCE_ENDS_MS)
      expect(new Set(verdicts)).toEqual(new Set(['ignore']))
      expect(alice.network.penalties).toHaveLength(30)
      expect(alice.network.penalties[0]).toMatchObject({ peer: 'mallory', penalty: 'useless' })
    },
  )

  it('are not asked of authors that are not connected', async () => {
    const { alice, meets } = await setUp()
    meets('mallory')
    expect(await announce(alice, randomIds(1)[0] ?? '', 'a stranger', 'mallory')).toBe('ignore')
    expect(alice.service.fetching()).toMatchObject({ queued: 0, failed: 1 })
  })

  it('cost nobody but the relay, when their author has them: the announcement goes on', async () => {
    const { alice, meets } = await setUp()
    const large = fresh('large')
    meets('mallory')
    meets('carol', { holds: [large] })
    expect(await announce(alice, large.id, 'carol', 'mallory')).toBe('accept')
    expect(alice.network.penalties.map(({ peer }) => peer)).toEqual(['mallory'])
  })

  it('cost a relay nothing that was asked before it had them', async () => {
    const { alice, meets } = await setUp()
    const [base, other] = [makeAtx('base', { epoch: 1 }), fresh('other')]
    const asked = Promise.withResolvers<void>()
    const bob = meets('bob', {
      holds: [other],
      async item(id) {
        if (id !== base.id) return null
        await asked.promise
        return { id, status: 'not-found' }
      },
    })
    meets('dave')
    expect(await announce(alice, other.id, 'bob')).toBe('accept')
    void gossip(alice, fresh('child', { positioning: base }), 'dave')
    await until(() => bob.asked.includes(base.id))
    const announced = announce(alice, base.id, 'bob')
    asked.resolve()
    expect(await announced).toBe('ignore')
    expect(alice.network.penalties).toEqual([])
  })
})

describe('S9.2 announcements of a refused peer', () => {
  /** Mallory delivered something else than she listed. */
  async function refusing() {
    const { world, alice, meets } = await setUp()
    const [promised, hers, ofCarol, large] = [fresh('promised'), fresh('hers'), fresh('of carol'), fresh('large')]
    const item = (id: string) => (id === promised.id ? { id, status: 'ok' as const, blob: hers.blob } : null)
    const mallory = await listing(world, alice, { name: 'mallory', ids: [promised.id], item, holds: [hers, large] })
    await until(() => blames(alice).length > 0)
    expect(blames(alice)).toEqual(['mallory: bad-blob (ban)'])
    const carol = meets('carol', { holds: [large] })
    return { alice, meets, mallory, carol, hers, ofCarol, large }
  }

  it('are ignored; those of others that come through it are not, nor its own that others pass on', async () => {
    const { alice, mallory, carol, hers, ofCarol, large } = await refusing()
    const asked = mallory.asked.length
    expect([await gossip(alice, hers, 'mallory'), await announce(alice, hers.id, 'mallory')]).toEqual([
      'ignore',
      'ignore',
    ])
    expect(has(alice, hers)).toBe(false)
    const say = (atx: TestAtx, author: string, relay: string) =>
      alice.network.gossip(TOPICS.atxAnnounce.name, author, announcement(atx), relay)
    expect(await say(ofCarol, 'carol', 'mallory')).toBe('accept')
    expect(await announce(alice, large.id, 'carol', 'mallory')).toBe('accept')
    expect([mallory.asked.length, carol.asked]).toEqual([asked, [large.id]])
    expect(await say(hers, 'mallory', 'carol')).toBe('accept')
    expect([blames(alice).length, alice.network.penalties]).toEqual([1, []])
  })

  it('nor is it asked on the off-chance, also when it connects again; anybody else who is connected is', async () => {
    const { alice, mallory, meets } = await refusing()
    const base = makeAtx('base', { epoch: 1 })
    const child = fresh('child', { positioning: base })
    alice.network.part('mallory')
    attach(alice, mallory)
    const dave = meets('dave')
    const asked = mallory.asked.length
    const erin = meets('erin', { holds: [base] })
    expect(await gossip(alice, child, 'dave')).toBe('accept')
    expect([has(alice, base), has(alice, child)]).toEqual([true, true])
    expect([dave.asked, erin.asked, mallory.asked.length]).toEqual([[base.id], [base.id], asked])
  })
})

describe('publishing in the wrong order', () => {
  it('is refused and leaves nothing behind; in the right one all hear of both', async () => {
    const { world, alice } = await setUp()
    const bob = await world.node('bob')
    alice.network.meet(bob.network)
    bob.network.join(alice.name, [])
    const [base, before] = [makeAtx('base', { epoch: 1 }), alice.service.set.count]
    const top = fresh('top', { positioning: base })
    await expect(alice.service.publishBlob(top.blob)).rejects.toMatchObject({ code: 'refused' })
    expect(await alice.service.publishBlob(base.blob)).toMatchObject({ isNew: true })
    await until(() => has(bob, base))
    expect([alice.service.set.count, has(alice, top)]).toEqual([before + 1, false])
    expect(await alice.service.publishBlob(top.blob)).toMatchObject({ isNew: true })
    await until(() => has(bob, top))
    expect([bob.deeds.gossiped, bob.deeds.sessions]).toEqual([['accept', 'accept'], []])
  })
})
