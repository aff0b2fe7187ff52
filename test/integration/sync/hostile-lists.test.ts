/** Peers that break the rules of lists and of delivery, against a whole service: A7 to A10, A12, and lies of every kind. */
import { describe, expect, it } from 'vitest'
import type { AtxMessage } from '../../../src/sync/messages.ts'
import { atxsOf, makeAtx } from '../../helpers/sync/atx-blobs.ts'
import { attach, createPuppet, dialRaw, hear } from '../../helpers/sync/atx-puppet.ts'
import { greeted, idsOf, leadRounds, listAgain, listing, openList, randomIds } from '../../helpers/sync/atx-rounds.ts'
import {
  blames,
  createWorld,
  gossip,
  has,
  type NodeOptions,
  type World,
  type WorldNode,
} from '../../helpers/sync/atx-world.ts'
import { pack } from '../../helpers/sync/session/fake-set.ts'
import { listDigest } from '../../helpers/sync/session/virtual-pair.ts'
import { until } from '../../helpers/until.ts'

/** The open timeframe of the node that is attacked. */
const OPEN = 8

async function target(options: NodeOptions = {}): Promise<{ world: World; alice: WorldNode }> {
  const world = createWorld()
  const alice = await world.node('alice', options)
  await world.fill([[alice, Array.from({ length: OPEN + 1 }, (_, frame) => atxsOf(frame, 20))]])
  return { world, alice }
}

const endOf = async ({ deeds }: WorldNode) => {
  await until(() => deeds.sessions.length > 0)
  return deeds.sessions.at(-1)?.outcome
}

describe('A7, A8 lists without end', () => {
  it('A7 2^40 ids announced: LIMIT, before a chunk is read', async () => {
    const { world, alice } = await target()
    const stream = await greeted(createPuppet('mallory', { clock: world.clock }), alice)
    await stream.send(openList(OPEN, 0, 2 ** 40))
    expect(await hear(stream, 'problem')).toMatchObject({ code: 'limit' })
    expect(await endOf(alice)).toMatchObject({ kind: 'failed', code: 'limit', figures: { idsIn: 0 } })
    expect(blames(alice)).toEqual(['mallory: protocol (noted)'])
  })

  it('A8 more ids than announced: cut at the first chunk too many', async () => {
    const { world, alice } = await target()
    const stream = await greeted(createPuppet('mallory', { clock: world.clock }), alice)
    const ids = randomIds(1_100)
    await stream.send(openList(OPEN, 0, 1_000))
    await stream.send({ type: 'ids', index: 0, ids: pack(ids.slice(0, 1_000)) })
    await stream.send({ type: 'ids', index: 1, ids: pack(ids.slice(1_000)) })
    expect(await hear(stream, 'problem')).toMatchObject({ code: 'protocol' })
    expect(await endOf(alice)).toMatchObject({ kind: 'failed', code: 'protocol', figures: { idsIn: 1_000 } })
    expect(blames(alice)).toEqual(['mallory: protocol (noted)'])
  })

  it('A8 a list that goes on and on is not acknowledged any more once enough waits; going on is a violation', async () => {
    const { world, alice } = await target({ limits: { session: { maxUnknownIds: 200, chunkIds: 16 } } })
    const stream = await greeted(createPuppet('mallory', { clock: world.clock }), alice)
    const ids = randomIds(5_000)
    await stream.send(openList(OPEN, 0, 1_000_000))
    const reading = hear(stream, 'problem')
    for (let index = 0; index * 16 < ids.length; index++) {
      const sending = stream.send({ type: 'ids', index, ids: pack(ids.slice(index * 16, index * 16 + 16)) })
      if (
        await sending.then(
          () => false,
          () => true,
        )
      )
        break
      // As slowly as an honest peer that waits for its acknowledgements, as long as there are any.
      await until(() => (alice.service.sessions()[0]?.idsIn ?? Number.POSITIVE_INFINITY) >= (index + 1) * 16)
    }
    expect(await reading).toMatchObject({ code: 'protocol', text: 'chunks without credit' })
    expect(alice.service.fetching().queued).toBeLessThanOrEqual(200 + 16 * 9)
    expect(blames(alice)).toEqual(['mallory: protocol (noted)'])
  })

  it('A8 a list that trickles is slower than the minimum rate: ended, and blamed on nobody', async () => {
    const { world, alice } = await target({ limits: { session: { rateWindowMs: 300 } } })
    const stream = await greeted(createPuppet('mallory', { clock: world.clock }), alice)
    const problem = hear(stream, 'problem')
    await stream.send(openList(OPEN, 0, 1_000))
    for (const [index, id] of randomIds(1_000).entries()) {
      if (alice.deeds.sessions.length > 0) break
      await stream.send({ type: 'ids', index, ids: pack([id]) }).catch(() => undefined)
      await until(() => alice.deeds.sessions.length > 0 || alice.service.sessions()[0]?.idsIn === index + 1)
    }
    expect(await problem).toMatchObject({ code: 'limit', text: 'a list slower than the minimum rate' })
    expect(await endOf(alice)).toMatchObject({ kind: 'failed', code: 'limit', by: 'us' })
    expect(alice.deeds.sessions[0]?.outcome.figures.idsIn).toBeLessThan(200)
    expect(blames(alice)).toEqual([])
  })
})

describe('A9 lists that are none', () => {
  const [a, b, c] = randomIds(3) as [string, string, string]
  const end = (ids: readonly string[], changes = {}): AtxMessage => ({
    type: 'frameEnd',
    back: 0,
    count: ids.length,
    digest: listDigest(ids),
    ...changes,
  })
  const chunk = (index: number, ...ids: string[]): AtxMessage => ({ type: 'ids', index, ids: pack(ids) })
  it.each<[string, readonly AtxMessage[]]>([
    ['an id twice', [openList(OPEN, 0, 3), chunk(0, a, a, b)]],
    ['ids that descend', [openList(OPEN, 0, 3), chunk(0, b, a, c)]],
    ['the same across chunks', [openList(OPEN, 0, 3), chunk(0, a, b), chunk(1, b)]],
    ['a chunk before its list', [chunk(0, a)]],
    ['a list of another timeframe', [{ ...openList(OPEN, 0, 3), frame: OPEN - 1 } as AtxMessage]],
    ['a chunk left out', [openList(OPEN, 0, 3), chunk(1, a)]],
    ['fewer ids than announced', [openList(OPEN, 0, 3), chunk(0, a, b), end([a, b])]],
    ['a wrong digest', [openList(OPEN, 0, 2), chunk(0, a, b), end([a, b], { digest: new Uint8Array(32) })]],
    [
      'a result before the list',
      [
        {
          type: 'result',
          back: 0,
          known: { count: 0, xor: new Uint8Array(32), strong: new Uint8Array(32) },
          gained: 0,
          noGainRun: 0,
          gainedTotal: 0,
        },
      ],
    ],
    ['an acknowledgement of nothing', [{ type: 'ack', index: 8 }]],
    ['a message of another conversation', [{ type: 'fetch', req: 1, ids: pack([a]) }]],
    ['an offer in the middle', [openList(OPEN, 0, 1), { type: 'stop', why: 'serve', offer: null }]],
  ])('%s is class P', async (_what, messages) => {
    const { world, alice } = await target()
    const stream = await greeted(createPuppet('mallory', { clock: world.clock }), alice)
    const problem = hear(stream, 'problem')
    for (const message of messages) await stream.send(message)
    expect((await problem)?.code).toMatch(/protocol|limit/)
    expect(blames(alice)).toEqual(['mallory: protocol (noted)'])
    expect(await endOf(alice)).toMatchObject({ kind: 'failed' })
  })

  it.each([
    ['no hello at all', Uint8Array.of(0xff, 0xff, 0xff)],
    ['an empty message', new Uint8Array(0)],
  ])('%s where a hello is due is class P', async (_what, bytes) => {
    const { alice } = await target()
    const raw = dialRaw(alice, 'mallory')
    await raw.send(bytes)
    await expect(raw.read()).rejects.toThrow()
    expect(blames(alice)).toEqual(['mallory: protocol (noted)'])
  })

  it('P the third violation within an hour is a ban, and then every conversation is refused', async () => {
    const { world, alice } = await target()
    const mallory = createPuppet('mallory', { clock: world.clock })
    const violate = async (): Promise<void> => {
      await until(() => alice.service.sessions().length === 0)
      const stream = await greeted(mallory, alice)
      await stream.send(chunk(0, b, a))
      await hear(stream, 'problem')
    }
    await violate()
    await violate()
    world.clock.jump(3_700_000)
    await violate()
    expect(blames(alice).at(-1)).toBe('mallory: protocol (noted)')
    await violate()
    await violate()
    expect(blames(alice).at(-1)).toBe('mallory: protocol (ban)')
    for (const intent of ['sync', 'fetch', 'serve'] as const) {
      const stream = await mallory.dial(alice, intent)
      expect(await hear(stream, 'problem')).toMatchObject({ code: 'banned' })
    }
  })
})

describe('A10 ids that nobody can deliver', () => {
  it('in every round: bounded, E4 soft and then hard, and his claims are dropped', async () => {
    const { world, alice } = await target()
    const mallory = createPuppet('mallory', { clock: world.clock })
    attach(alice, mallory)
    const stream = await greeted(mallory, alice)
    const lists = Array.from({ length: 7 }, () => randomIds(50))
    const results = await leadRounds(stream, { frame: OPEN, lists })
    expect(results.length).toBeLessThanOrEqual(7)
    await until(() => blames(alice).length >= 2)
    expect(blames(alice)).toEqual(['mallory: undelivered (noted)', 'mallory: undelivered-many (ban)'])
    await until(() => alice.service.fetching().queued === 0 && alice.service.sessions().length === 0)
    expect(mallory.asked.length).toBeLessThanOrEqual(350)
    expect(new Set(mallory.asked).size).toBe(mallory.asked.length)
    expect(alice.service.set.count).toBe((OPEN + 1) * 20)
  })

  it('a few of them are unavailable, and his next session does not have them fetched again', async () => {
    const { world, alice } = await target()
    const ids = randomIds(10)
    const mallory = await listing(world, alice, { name: 'mallory', ids })
    await until(() => alice.deeds.notFetched.length === 10)
    expect(new Set(alice.deeds.notFetched)).toEqual(new Set(['unavailable']))
    expect(mallory.asked.toSorted()).toEqual(ids)
    world.clock.jump(60_000)
    await listAgain(mallory, alice, ids)
    await until(() => alice.deeds.sessions.length === 2 && alice.service.fetching().queued === 0)
    expect(mallory.asked).toHaveLength(10)
    expect(blames(alice)).toEqual(['mallory: undelivered (noted)'])
  })

  it('the same ids from somebody who has them are fetched from there', async () => {
    const { world, alice } = await target()
    const atxs = Array.from({ length: 5 }, (_, i) => makeAtx(`withheld-${i}`, { epoch: 2 * OPEN }))
    await listing(world, alice, { name: 'mallory', ids: idsOf(atxs) })
    await until(() => alice.deeds.notFetched.length === 5)
    await listing(world, alice, { name: 'carol', ids: idsOf(atxs), holds: atxs })
    await until(() => atxs.every((atx) => has(alice, atx)))
    expect(blames(alice)).toEqual(['mallory: undelivered (noted)'])
  })
})

describe('E5 what is delivered is something else', () => {
  const good = makeAtx('good', { epoch: 2 * OPEN })
  const forged = Buffer.from(good.blob)
  forged[forged.length - 1] = (forged[forged.length - 1] ?? 0) ^ 1

  it.each([
    ['another ATX', makeAtx('another', { epoch: 2 * OPEN }).blob],
    ['no ATX', Buffer.from('junk')],
    ['the right one under a wrong signature', forged],
  ])('%s: ban, and the id stays good for whoever has it', async (_what, blob) => {
    const { world, alice } = await target()
    const item = (id: string) => ({ id, status: 'ok' as const, blob })
    await listing(world, alice, { name: 'mallory', ids: [good.id], item })
    await until(() => blames(alice).length > 0)
    expect(blames(alice)).toEqual(['mallory: bad-blob (ban)'])
    expect(has(alice, good)).toBe(false)
    await listing(world, alice, { name: 'carol', ids: [good.id], holds: [good] })
    await until(() => has(alice, good))
    expect(blames(alice)).toHaveLength(1)
  })

  it('an invalid ATX: ban, and it is not fetched from anybody again, nor a gain', async () => {
    const { world, alice } = await target()
    const invalid = makeAtx('no tick has passed', { epoch: 2 * OPEN, ticks: 0 })
    await listing(world, alice, { name: 'mallory', ids: [invalid.id], holds: [invalid] })
    await until(() => blames(alice).length > 0)
    expect(blames(alice)).toEqual(['mallory: bad-blob (ban)'])
    const carol = createPuppet('carol', { clock: world.clock, holds: [invalid] })
    attach(alice, carol)
    const stream = await greeted(carol, alice)
    const results = await leadRounds(stream, { frame: OPEN, lists: [[invalid.id]] })
    expect(results[0]).toMatchObject({ gained: 0 })
    stream.abort('enough')
    await until(() => alice.service.sessions().length === 0)
    expect(carol.asked).toEqual([])
    expect(await gossip(alice, invalid)).toBe('reject')
  })
})

describe('A12 and other words that cost nothing', () => {
  it('A12 who echoes our result ends in agreement, but the node is synced only when three peers agree', async () => {
    const { world, alice } = await target()
    for (const [i, name] of ['m1', 'm2', 'm3'].entries()) {
      expect(alice.service.agreements()).toEqual({ have: i, need: 3, isSynced: false })
      const puppet = createPuppet(name, { clock: world.clock })
      attach(alice, puppet)
      const stream = await greeted(puppet, alice)
      await leadRounds(stream, { frame: OPEN, lists: [[]], answer: (result) => result })
      expect(await hear(stream, 'done')).toMatchObject({ why: 'agreed' })
      await stream.send({ type: 'done', why: 'agreed', back: 0 })
      await stream.end()
      await until(() => alice.deeds.sessions.length === i + 1)
      expect(alice.deeds.sessions.at(-1)?.outcome.kind).toBe('agreed')
    }
    expect(alice.service.agreements()).toEqual({ have: 3, need: 3, isSynced: true })
    world.clock.jump(16 * 60_000)
    expect(alice.service.agreements()).toMatchObject({ have: 0, isSynced: false })
  })

  it('A12 who echoes our first fingerprint ends the session at step 1, and again is one peer of three', async () => {
    const { world, alice } = await target()
    const echo = createPuppet('echo', {
      clock: world.clock,
      async onSync(stream, { fast, all, total, sessionId }) {
        await stream.send(echo.hello('sync', { fast, all, total, sessionId }))
        await stream.end()
      },
    })
    attach(alice, echo)
    alice.service.sync('echo', false)
    expect(await endOf(alice)).toMatchObject({ kind: 'fast-equal' })
    expect(alice.service.agreements()).toMatchObject({ have: 1, isSynced: false })
  })

  it('who says that he gains while we do not is offered a serve, which anybody may ask for anyway', async () => {
    const { world, alice } = await target()
    const stream = await greeted(createPuppet('mallory', { clock: world.clock }), alice)
    const results = await leadRounds(stream, { frame: OPEN, lists: [[], [], [], []] })
    expect(results.map(({ noGainRun }) => noGainRun)).toEqual([0, 1, 2, 3])
    expect(await hear(stream, 'stop')).toMatchObject({ why: 'serve' })
    expect(await endOf(alice)).toMatchObject({ kind: 'serve-out' })
    expect(blames(alice)).toEqual([])
  })

  it('who says that he would serve us and does not is given up after a while', async () => {
    const { world, alice } = await target({ limits: { session: { idleTimeoutMs: 300 } } })
    const mallory = createPuppet('mallory', { clock: world.clock })
    attach(alice, mallory)
    const stream = await greeted(mallory, alice)
    const lists = [[], ...[1, 2, 3].map(() => randomIds(1))]
    await leadRounds(stream, {
      frame: OPEN,
      lists,
      answer: (result) => ({ ...result, known: { ...result.known, count: 1 }, noGainRun: result.back, gainedTotal: 0 }),
    })
    expect(await endOf(alice)).toMatchObject({ kind: 'failed', code: 'timeout', figures: { rounds: 4 } })
  })

  it('who never reads holds up nobody else: gossip and other sessions go on, and silence ends his', async () => {
    const { world, alice } = await target({ limits: { session: { idleTimeoutMs: 600, chunkIds: 1 } } })
    await createPuppet('mallory', { clock: world.clock }).dial(alice, 'sync')
    dialRaw(alice, 'mute')
    await until(() => alice.service.sessions().length === 1)
    const atx = makeAtx('meanwhile', { epoch: 2 * OPEN })
    expect(await gossip(alice, atx)).toBe('accept')
    const other = await greeted(createPuppet('other', { clock: world.clock }), alice)
    const results = await leadRounds(other, { frame: OPEN, lists: [[]], answer: (result) => result })
    expect(results).toHaveLength(1)
    other.abort('enough')
    await until(() => alice.deeds.sessions.some(({ peer }) => peer === 'mallory'))
    const outcome = alice.deeds.sessions.find(({ peer }) => peer === 'mallory')?.outcome
    expect(outcome).toMatchObject({ kind: 'failed', code: 'timeout' })
    expect(blames(alice)).toEqual([])
  })
})
