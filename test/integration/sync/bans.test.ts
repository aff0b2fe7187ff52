/** What follows from evidence on a whole service (S9.2): rests, bans, addresses, the cap, and restarts. */
import { ClassicLevel } from 'classic-level'
import { describe, expect, it } from 'vitest'
import { atxsOf, DAY_MS, makeAtx } from '../../helpers/sync/atx-blobs.ts'
import { createPuppet, hear, type Puppet } from '../../helpers/sync/atx-puppet.ts'
import { listAgain, listing, randomIds } from '../../helpers/sync/atx-rounds.ts'
import { blames, createWorld, type World, type WorldNode } from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

const MINUTE_MS = 60_000

const PEERS = 20

/** Alice, with so many peers that a few bans are no reason to doubt herself. */
async function setUp(peers = PEERS): Promise<{ world: World; alice: WorldNode }> {
  const world = createWorld()
  const alice = await world.node('alice')
  await world.fill([[alice, [atxsOf(0, 20), atxsOf(1, 20)]]])
  meetBystanders(alice, peers)
  return { world, alice }
}

function meetBystanders({ network }: WorldNode, count: number): void {
  for (let i = 0; i < count; i++) network.join(`bystander-${i}`, [])
}

/** Her next life, on the same disk. */
async function restarted(world: World, { stop, dir }: WorldNode): Promise<WorldNode> {
  await stop()
  const alice = await world.node('alice', { dir })
  meetBystanders(alice, PEERS)
  return alice
}

/** Lists an ATX and delivers something else: hard evidence (E5). */
async function offend(world: World, alice: WorldNode, name: string, address = '203.0.113.1'): Promise<Puppet> {
  const before = alice.deeds.judged.length
  const { id } = makeAtx(`promised by ${name} ${before}`, { epoch: 2 })
  const item = () => ({ id, status: 'ok' as const, blob: Buffer.from('something else') })
  const puppet = await listing(world, alice, { name, ids: [id], item, address })
  await until(() => alice.deeds.judged.length > before)
  return puppet
}

async function isDealtWith(world: World, alice: WorldNode, name: string, address = '203.0.113.1'): Promise<boolean> {
  const stream = await createPuppet(name, { clock: world.clock, address }).dial(alice, 'fetch')
  const answer = await stream.read()
  stream.abort('enough')
  if (answer?.type === 'problem') expect(answer.code).toBe('banned')
  return answer?.type === 'hello'
}

/** The next ban of this peer, which was banned before, is twice as long. */
async function expectTwoDays(world: World, alice: WorldNode, name: string): Promise<void> {
  await offend(world, alice, name)
  world.clock.jump(DAY_MS + MINUTE_MS)
  expect(await isDealtWith(world, alice, name)).toBe(false)
  world.clock.jump(DAY_MS)
  expect(await isDealtWith(world, alice, name)).toBe(true)
}

describe('bans', () => {
  it('last a day, then two; they outlive a restart, and so does their count', async () => {
    const { world, alice } = await setUp()
    await offend(world, alice, 'mallory')
    expect(blames(alice)).toEqual(['mallory: bad-blob (ban)'])
    expect(await isDealtWith(world, alice, 'mallory')).toBe(false)
    expect(await isDealtWith(world, alice, 'somebody')).toBe(true)
    const again = await restarted(world, alice)
    expect(await isDealtWith(world, again, 'mallory')).toBe(false)
    expect(again.service.refused().map(({ peer }) => peer)).toEqual(['mallory'])
    world.clock.jump(DAY_MS)
    expect(await isDealtWith(world, again, 'mallory')).toBe(true)
    await expectTwoDays(world, again, 'mallory')
  })

  it('three peers on one address are the address, whoever comes from there; two are not', async () => {
    const { world, alice } = await setUp()
    for (const name of ['m1', 'm2']) await offend(world, alice, name)
    expect(await isDealtWith(world, alice, 'm4')).toBe(true)
    await offend(world, alice, 'm3')
    expect(await isDealtWith(world, alice, 'm4')).toBe(false)
    expect(await isDealtWith(world, alice, 'm5', '203.0.113.2')).toBe(true)
    world.clock.jump(DAY_MS)
    expect(await isDealtWith(world, alice, 'm4')).toBe(true)
  })

  it('an ended ban makes the next one longer, whoever was banned meanwhile and however often the node restarted', async () => {
    const { world, alice } = await setUp()
    await offend(world, alice, 'mallory')
    world.clock.jump(DAY_MS + MINUTE_MS)
    await offend(world, alice, 'another')
    const again = await restarted(world, alice)
    expect(again.service.refused().map(({ peer }) => peer)).toEqual(['another'])
    expect(await isDealtWith(world, again, 'mallory')).toBe(true)
    await expectTwoDays(world, again, 'mallory')
  })

  it('an address stays banned over a restart, and two bans on it are still two', async () => {
    const { world, alice } = await setUp()
    for (const name of ['m1', 'm2']) await offend(world, alice, name)
    const once = await restarted(world, alice)
    expect(await isDealtWith(world, once, 'm4')).toBe(true)
    await offend(world, once, 'm3')
    expect(await isDealtWith(world, once, 'm4')).toBe(false)
    const twice = await restarted(world, once)
    expect(await isDealtWith(world, twice, 'm4')).toBe(false)
    expect(await isDealtWith(world, twice, 'm5', '203.0.113.2')).toBe(true)
    world.clock.jump(DAY_MS)
    expect(await isDealtWith(world, twice, 'm4')).toBe(true)
  })

  it('of an earlier build, which wrote no address, hold and count', async () => {
    const { world, alice } = await setUp()
    const untilMs = Math.floor(world.clock.now()) + DAY_MS
    await alice.stop()
    const db = new ClassicLevel<string, string>(alice.dir)
    for (const peer of ['m1', 'm2', 'm3']) {
      await db.put(`sync/ban/${peer}`, JSON.stringify({ peer, untilMs, count: 1 }))
    }
    await db.close()
    const again = await restarted(world, alice)
    expect(again.service.refused().map(({ peer }) => peer)).toEqual(['m1', 'm2', 'm3'])
    expect(await isDealtWith(world, again, 'm1')).toBe(false)
    expect(await isDealtWith(world, again, 'm4')).toBe(true)
    world.clock.jump(DAY_MS + MINUTE_MS)
    await offend(world, again, 'm1')
    world.clock.jump(DAY_MS + MINUTE_MS)
    expect(await isDealtWith(world, again, 'm1')).toBe(false)
  })

  it('an address of this machine is nobody: a test network lives there', async () => {
    const { world, alice } = await setUp()
    for (const name of ['m1', 'm2', 'm3']) await offend(world, alice, name, '127.0.0.1')
    expect(await isDealtWith(world, alice, 'm4', '127.0.0.1')).toBe(true)
    expect(await isDealtWith(world, alice, 'm3', '127.0.0.1')).toBe(false)
  })

  it('above 30 % of the peers within an hour the fault is probably here: no ban, and everybody hears of it', async () => {
    const { world, alice } = await setUp(2)
    for (const name of ['m1', 'm2', 'm3']) await offend(world, alice, name)
    expect(blames(alice)).toEqual(['m1: bad-blob (ban)', 'm2: bad-blob (spared)', 'm3: bad-blob (spared)'])
    expect(await isDealtWith(world, alice, 'm2')).toBe(true)
    world.clock.jump(61 * MINUTE_MS)
    await offend(world, alice, 'm2')
    expect(blames(alice).at(-1)).toBe('m2: bad-blob (ban)')
  })
})

describe('a spared peer', () => {
  it('A10 is told of once a session, not once for each id', async () => {
    const { world, alice } = await setUp(2)
    await offend(world, alice, 'm1')
    await listing(world, alice, { name: 'm2', ids: randomIds(300) })
    await until(() => alice.service.fetching().queued === 0)
    expect(blames(alice)).toEqual(['m1: bad-blob (ban)', 'm2: undelivered (noted)', 'm2: undelivered-many (spared)'])
  })
})

describe('soft evidence', () => {
  it('E4 five points are a rest of half an hour, no ban; nothing is begun with the peer meanwhile', async () => {
    const { world, alice } = await setUp()
    const puppet = await listing(world, alice, { name: 'careless', ids: randomIds(1) })
    await until(() => blames(alice).length === 1)
    for (let times = 2; times <= 6; times++) {
      world.clock.jump(31_000)
      await listAgain(puppet, alice, randomIds(1))
      await until(() => blames(alice).length === times)
    }
    expect(blames(alice).map((blame) => blame.replace('careless: undelivered ', ''))).toEqual([
      ...Array.from({ length: 5 }, () => '(noted)'),
      '(rest)',
    ])
    const stream = await puppet.dial(alice, 'sync')
    expect(await hear(stream, 'problem')).toMatchObject({ code: 'banned' })
    world.clock.jump(30 * MINUTE_MS)
    expect(await isDealtWith(world, alice, 'careless')).toBe(true)
  })
})
