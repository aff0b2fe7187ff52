/** What people and programs see of a bulk serve while it goes on and after it, on both of its sides (S14, issue 4.7). */
import { expect, it } from 'vitest'
import { atxStatusLines, progressLine } from '../../../bin/atx-lines.ts'
import type { AtxSessionView } from '../../../src/node/api/atx-port.ts'
import { TOPICS } from '../../../src/protocols/catalogue.ts'
import { AtxAnnouncement } from '../../../src/protocols/wire/atx.gen.ts'
import { makeAtx } from '../../helpers/sync/atx-blobs.ts'
import { createOutside, type Outside } from '../../helpers/sync/atx-outside.ts'
import { attach, createPuppet } from '../../helpers/sync/atx-puppet.ts'
import { connect, createWorld, equal, gossip } from '../../helpers/sync/atx-world.ts'
import { until } from '../../helpers/until.ts'

const DAYS = 10
const EACH = 100

/** Alice has ten days of a megabyte in all, Bob the last of them. */
async function farApart(): Promise<[Outside, Outside]> {
  const world = createWorld()
  const [alice, bob] = [await createOutside(world, 'alice'), await createOutside(world, 'bob')]
  const history = Array.from({ length: DAYS }, (_, frame) =>
    Array.from({ length: EACH }, (__, i) => makeAtx(`history ${frame} ${i}`, { epoch: 2 * frame, bytes: 1_000 })),
  )
  await world.fill([
    [alice.node, history],
    [bob.node, history.map((atxs, frame) => (frame === DAYS - 1 ? atxs : []))],
  ])
  connect(alice.node, bob.node)
  for (const { service } of [alice.node, bob.node]) await service.start()
  return [alice, bob]
}

const serveOf = ({ status }: Outside): AtxSessionView | undefined =>
  status().sessions.find(({ intent, bytesPerSecond }) => intent === 'serve' && bytesPerSecond > 0)

const typesOf = ({ events }: Outside, prefix: string): string[] =>
  events.map(({ type }) => type).filter((type) => type.startsWith(prefix))

it('S14 a serve shows rate, gain and time left while it goes on; both sides count it and tell of it', async () => {
  const [alice, bob] = await farApart()
  const [there, here] = await until(() => {
    const both = [serveOf(alice), serveOf(bob)]
    return both[0] !== undefined && both[1] !== undefined ? [both[0], both[1]] : null
  })
  expect(here).toMatchObject({ direction: 'inbound', back: 0, total: DAYS * EACH })
  expect(here.gained).toBeGreaterThan(0)
  expect(here.etaMs).toBeGreaterThan(0)
  expect(there).toMatchObject({ direction: 'outbound', total: DAYS * EACH, gained: 0 })
  const status = bob.status()
  expect(progressLine(status, { done: 0, bytes: 0 })).toMatch(
    /^\[[#.]{24}\] [\d,]+ of 1,000 ATXs, [\d,]+ ids, [\d.]+ (Ki|Mi)?B, [\d.]+ [KM]iB\/s, [\d.]+ m?s left, open timeframe$/,
  )
  expect(atxStatusLines(status).join('\n')).toMatch(/inbound serve with alice, .*\/s, [\d,]+ gained, [\d.]+ m?s left/)

  await equal(DAYS * EACH, alice.node, bob.node)
  await until(() => [alice, bob].every((side) => typesOf(side, 'atx-serve-end').length > 0))
  // The rest was listed before the serve, and fetched.
  const served = bob.node.deeds.inserted.filter(({ source }) => source === 'serve')
  expect(served.length).toBeGreaterThan(0)
  expect([bob.status().gained, alice.status().gained]).toEqual([bob.node.deeds.inserted.length, 0])
  // The lists before it had a rate too.
  const rounds = bob.events.filter(({ type, data }) => type === 'atx-round' && Number(data.idsIn) > 0)
  expect(rounds.length).toBeGreaterThan(0)
  for (const { data } of rounds) expect(data.bytesPerSecond).toBeGreaterThan(0)
  for (const [side, direction, gained] of [
    [alice, 'outbound', 0],
    [bob, 'inbound', served.length],
  ] as const) {
    expect(await side.metrics('palaver_atx_serves_total')).toEqual([
      `palaver_atx_serves_total{direction="${direction}",end="complete"} 1`,
    ])
    const peerId = side === alice ? 'bob' : 'alice'
    const serves = side.events.filter(({ type }) => type.startsWith('atx-serve-'))
    expect(serves.map(({ data }) => [data.peerId, data.direction])).toEqual(serves.map(() => [peerId, direction]))
    expect(serves[0]).toMatchObject({ type: 'atx-serve-start', data: { fromSeq: 0 } })
    expect(typesOf(side, 'atx-serve-progress').length).toBeGreaterThan(0)
    expect(serves.at(-1)).toMatchObject({
      type: 'atx-serve-end',
      data: { end: 'complete', seq: DAYS * EACH, totalSeq: DAYS * EACH, gained },
    })
  }
}, 30_000)

it('S14 fetching tells how far it is while nothing comes, and when it is at its end', async () => {
  const world = createWorld()
  const alice = await createOutside(world, 'alice')
  const atx = makeAtx('late', { epoch: 0 })
  const came = Promise.withResolvers<void>()
  const item = async (id: string) => {
    await came.promise
    return { id, status: 'ok' as const, blob: atx.blob }
  }
  const bob = createPuppet('bob', { clock: world.clock, item })
  attach(alice.node, bob)
  await alice.node.service.start()
  const announced = { id: Buffer.from(atx.id, 'hex'), blob: new Uint8Array(0) }
  void alice.node.network.gossip(TOPICS.atxAnnounce.name, 'bob', AtxAnnouncement.encode(announced))
  await until(() => bob.asked.includes(atx.id))
  const told = () => alice.events.filter(({ type }) => type === 'atx-fetch-progress').map(({ data }) => data)
  // It is looked each second, and told after ten of them.
  await until(() => {
    world.clock.jump(1_000)
    return told().length > 0
  })
  came.resolve()
  await until(() => told().length > 1)
  expect(told()[0]).toMatchObject({ queued: 1, done: 0, failed: 0 })
  expect(told().at(-1)).toMatchObject({ queued: 0, done: 1, failed: 0, bytes: atx.blob.byteLength })
}, 30_000)

it('S14 gains are what sessions and serves brought, each ATX once: nothing that gossip announced, with its bytes or without', async () => {
  const world = createWorld()
  const [alice, bob, carol] = [
    await createOutside(world, 'alice'),
    await createOutside(world, 'bob'),
    await createOutside(world, 'carol'),
  ]
  const listed = Array.from({ length: 20 }, (_, i) => makeAtx(`listed ${i}`, { epoch: 0 }))
  const [small, large] = [makeAtx('small', { epoch: 0 }), makeAtx('large', { epoch: 0 })]
  await world.fill([
    [alice.node, [[...listed, large]]],
    [carol.node, [listed]],
  ])
  for (const other of [alice, carol]) connect(other.node, bob.node)
  await gossip(bob.node, small, 'alice')
  await bob.node.network.gossip(
    TOPICS.atxAnnounce.name,
    'alice',
    AtxAnnouncement.encode({ id: Buffer.from(large.id, 'hex'), blob: new Uint8Array(0) }),
  )
  expect([bob.node.service.set.count, bob.status().gained]).toEqual([2, 0])
  bob.node.service.sync(null)
  // As `atx sync` follows it.
  const { gained, peers } = await until(() => {
    const status = bob.status()
    return status.peers.length === 2 && status.count === 22 && status.fetching.queued === 0 ? status : null
  })
  expect(gained).toBe(20)
  expect(peers.reduce((sum, { gainedTotal }) => sum + gainedTotal, 0)).toBe(20)
})
