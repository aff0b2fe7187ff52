/** Abuse of serving against a whole service (A13): places, the cool-down of an address, and gossip meanwhile. */
import { describe, expect, it } from 'vitest'
import type { AtxMessage } from '../../../src/sync/messages.ts'
import type { AtxJudgement, AtxStream } from '../../../src/sync/ports.ts'
import type { ServeLimits } from '../../../src/sync/serve/bounds.ts'
import { baseDays, makeAtx, newAtx } from '../../helpers/sync/atx-blobs.ts'
import { createPuppet, hear } from '../../helpers/sync/atx-puppet.ts'
import {
  blames,
  connect,
  createWorld,
  gossip,
  session,
  type World,
  type WorldNode,
} from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

/** Alice serves so slowly that no serve ends by itself. */
async function slowServer(places: Partial<ServeLimits> = {}): Promise<{ world: World; alice: WorldNode }> {
  const world = createWorld()
  const alice = await world.node('alice', { limits: { serve: { totalRate: 2_048, peerRate: 1_024, ...places } } })
  await world.fill([[alice, baseDays(40)]])
  return { world, alice }
}

/** Asks for a serve and wants all that is offered; answers with what came first after the hello. */
async function ask(world: World, alice: WorldNode, name: string, address: string) {
  const stream = await createPuppet(name, { clock: world.clock, address }).dial(alice, 'serve')
  await hear(stream, 'hello')
  const request = { type: 'serve', token: new Uint8Array(0), storeId: new Uint8Array(16), afterSeq: 0, maxBytes: 0 }
  await stream.send(request as AtxMessage)
  const first = await stream.read()
  if (first?.type === 'serveIds') {
    const bitmap = new Uint8Array(Math.ceil(first.ids.byteLength / 32 / 8)).fill(0xff)
    const spare = bitmap.length * 8 - first.ids.byteLength / 32
    bitmap[bitmap.length - 1] = 0xff >> spare
    await stream.send({ type: 'want', firstSeq: first.firstSeq, bitmap })
  }
  return { stream, first }
}

const kindOf = ({ first }: { readonly first: AtxMessage | null }): string => first?.type ?? 'nothing'
const abort = (streams: readonly { readonly stream: AtxStream }[]): void => {
  for (const { stream } of streams) stream.abort('enough')
}

describe('A13 asking for serves again and again', () => {
  it('50 times from one peer: one serve, and BUSY with a time to wait for all others', async () => {
    const { world, alice } = await slowServer()
    const asked = []
    for (let i = 0; i < 50; i++) asked.push(await ask(world, alice, 'bob', '198.51.100.1'))
    expect(asked.map(kindOf)).toEqual(['serveIds', ...Array.from({ length: 49 }, () => 'problem')])
    for (const { first } of asked.slice(1)) {
      expect(first).toMatchObject({ code: 'busy' })
      expect(first?.type === 'problem' && first.retryAfterMs).toBeGreaterThan(0)
    }
    expect(alice.service.serves()).toHaveLength(1)
    expect(alice.deeds.serveRefused).toHaveLength(49)
    expect(blames(alice)).toEqual([])
    abort(asked)
    await until(() => alice.service.serves().length === 0)
  })

  it('5 peer ids on one address: one serve, then the cool-down, then another', async () => {
    const { world, alice } = await slowServer()
    const asked = []
    for (let i = 0; i < 5; i++) asked.push(await ask(world, alice, `sybil-${i}`, '198.51.100.2'))
    expect(asked.map(kindOf)).toEqual(['serveIds', 'problem', 'problem', 'problem', 'problem'])
    abort(asked)
    await until(() => alice.service.serves().length === 0)
    const early = await ask(world, alice, 'sybil-5', '198.51.100.2')
    expect(early.first).toMatchObject({ type: 'problem', code: 'busy' })
    world.clock.jump(10 * 60_000)
    const late = await ask(world, alice, 'sybil-6', '198.51.100.2')
    expect(kindOf(late)).toBe('serveIds')
    abort([late])
    await until(() => alice.service.serves().length === 0)
  })

  it('5 addresses: two at once, and gossip is accepted as ever while they last', async () => {
    const { world, alice } = await slowServer()
    const asked = []
    for (let i = 0; i < 5; i++) asked.push(await ask(world, alice, `peer-${i}`, `198.51.100.${10 + i}`))
    expect(asked.map(kindOf)).toEqual(['serveIds', 'serveIds', 'problem', 'problem', 'problem'])
    expect(asked[4]?.first).toMatchObject({ code: 'busy', text: 'all places are taken' })
    const atxs = Array.from({ length: 100 }, (_, i) => makeAtx(`gossiped-${i}`, { epoch: 22 }))
    const verdicts = await Promise.all(atxs.map((atx) => gossip(alice, atx)))
    expect(new Set(verdicts)).toEqual(new Set(['accept']))
    expect(alice.service.serves()).toHaveLength(2)
    abort(asked)
    await until(() => alice.service.serves().length === 0)
  })
})

it('S9.1 who is offered a serve while all places are taken does not ask before its time', async () => {
  const { world, alice } = await slowServer({ maxServes: 1 })
  const bob = await world.node('bob')
  await bob.service.set.insert(
    baseDays(40)
      .at(-1)
      ?.map((atx) => newAtx(atx, world.clock.now())) ?? [],
  )
  const other = await ask(world, alice, 'other', '198.51.100.3')
  expect(kindOf(other)).toBe('serveIds')
  connect(alice, bob)
  const [mine] = await session(bob, alice)
  expect(mine).toMatchObject({ kind: 'serve-in', offer: { retryAfterMs: 60_000 } })
  await until(() => bob.service.lastSessions().size > 0)
  const last = bob.service.lastSessions().get('alice')
  expect(last).toMatchObject({ outcome: 'busy', retryAt: (last?.at ?? 0) + 60_000 })
  expect(bob.service.serves()).toEqual([])
  expect(alice.deeds.serveRefused).toEqual([])
  abort([other])
  await until(() => alice.service.serves().length === 0)
})

describe('S9.1 more urgent work', () => {
  /** Alice has as many announcements to judge, and a serve under way; how often it looked whether she is busy. */
  async function judging(count: number) {
    const world = createWorld()
    const judged = Promise.withResolvers<AtxJudgement>()
    const looks = { count: 0 }
    const isBusy = (): boolean => ++looks.count < 0
    const alice = await world.node('alice', { plugins: { validator: { validate: () => judged.promise } }, isBusy })
    await world.fill([[alice, baseDays(40)]])
    const atxs = Array.from({ length: count }, (_, i) => makeAtx(`gossiped-${i}`, { epoch: 22 }))
    const verdicts = atxs.map((atx, i) => gossip(alice, atx, `relay-${i % 3}`))
    const { stream } = await ask(world, alice, 'bob', '198.51.100.1')
    const judge = async (): Promise<void> => {
      judged.resolve({ verdict: 'valid' })
      expect(new Set(await Promise.all(verdicts))).toEqual(new Set(['accept']))
    }
    const end = async (): Promise<void> => {
      abort([{ stream }])
      await until(() => alice.service.serves().length === 0)
    }
    return { alice, looks, next: stream.read(), judge, end }
  }

  it('501 announcements that are judged hold a serve back, until they are', async () => {
    const { alice, looks, next, judge, end } = await judging(501)
    await until(() => looks.count > 5)
    expect(alice.service.serves()).toMatchObject([{ bytes: 0 }])
    await judge()
    expect((await next)?.type).toBe('serveBlobs')
    await end()
  })

  it('500 do not', async () => {
    const { next, judge, end } = await judging(500)
    expect((await next)?.type).toBe('serveBlobs')
    await judge()
    await end()
  })
})
