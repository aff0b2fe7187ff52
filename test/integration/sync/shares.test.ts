/** Peers that fill the queue of ids to fetch, against a whole service: others get on all the same. */
import { expect, it } from 'vitest'
import { TOPICS } from '../../../src/protocols/catalogue.ts'
import { LISTER_SHARE, MAX_LISTERS } from '../../../src/sync/fetch/bounds.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import { SESSION_LIMITS } from '../../../src/sync/rules/limits.ts'
import { atxsOf, HOUR_MS, type TestAtx } from '../../helpers/sync/atx-blobs.ts'
import { attach, createPuppet } from '../../helpers/sync/atx-puppet.ts'
import { greeted, idsOf, listing, openList, randomIds } from '../../helpers/sync/atx-rounds.ts'
import { atx } from '../../helpers/sync/atx-set.ts'
import { announcement, blames, connect, createWorld, has, session } from '../../helpers/sync/atx-world.ts'
import { pack } from '../../helpers/sync/session/fake-set.ts'
import { until } from '../../helpers/until.ts'

const CHUNK_IDS = 1_000
const OPEN = 2

/** ATXs that only make lists long: nobody asks for their bytes. */
const filler = (count: number): TestAtx[] =>
  Array.from({ length: count }, (_, i) => {
    const { info, blob } = atx(`filler ${i}`)
    return { id: info.id, info, blob }
  })

/** Lists ids in the open timeframe until the node acknowledges no more: then it says that it is alive instead. */
async function listAll(stream: AtxStream, ids: readonly string[]): Promise<void> {
  let credit = SESSION_LIMITS.chunkWindow
  let isPaused = false
  const reading = (async () => {
    for (let message = await stream.read(); message !== null; message = await stream.read()) {
      if (message.type === 'ack') credit = message.index + 1 + SESSION_LIMITS.chunkWindow
      if (message.type === 'keepAlive') isPaused = true
    }
  })()
  reading.catch(() => undefined)
  await stream.send(openList(OPEN, 0, ids.length))
  for (let index = 0; index * CHUNK_IDS < ids.length; index++) {
    await until(() => index < credit || isPaused)
    if (index >= credit) return
    await stream.send({ type: 'ids', index, ids: pack(ids.slice(index * CHUNK_IDS, (index + 1) * CHUNK_IDS)) })
  }
}

it('one lists 40,000 ids and is silent: her session pauses, others exchange 20,000 ids meanwhile', async () => {
  const world = createWorld()
  const tuning = { deep: false }
  const [alice, bob] = [await world.node('alice', { tuning }), await world.node('bob', { tuning })]
  const shared = filler(19_800)
  await world.fill([
    [alice, [[...shared, ...atxsOf(0, 100, 'alice')], [], []]],
    [bob, [[...shared, ...atxsOf(0, 100, 'bob')], [], []]],
  ])
  world.clock.jump(HOUR_MS)
  const mallory = createPuppet('mallory', { clock: world.clock, isSilent: true })
  attach(alice, mallory)
  const stream = await greeted(mallory, alice)
  await listAll(stream, randomIds(40_000))
  connect(alice, bob)
  const [mine] = await session(alice, bob)
  expect(mine).toMatchObject({ kind: 'agreed', figures: { gained: 100 } })
  await until(() => alice.service.set.count === 20_000 && bob.service.set.count === 20_000)
  const { queued } = alice.service.fetching()
  expect(queued).toBeGreaterThan(LISTER_SHARE)
  expect(queued).toBeLessThanOrEqual(LISTER_SHARE + CHUNK_IDS * (SESSION_LIMITS.chunkWindow + 1))
  expect(alice.deeds.notFetched).toEqual([])
  expect([...blames(alice), ...blames(bob)]).toEqual([])
  stream.abort('the test is over')
}, 60_000)

it('announcements in the names of strangers take no peer’s place among those that are asked', async () => {
  const world = createWorld()
  const alice = await world.node('alice')
  await world.fill([[alice, [atxsOf(0, 20), atxsOf(1, 20)]]])
  attach(alice, createPuppet('mallory', { clock: world.clock, isSilent: true }))
  const empty = new Uint8Array(0)
  const judged = randomIds(MAX_LISTERS + 10).map((id, i) =>
    alice.network.gossip(TOPICS.atxAnnounce.name, `stranger ${i}`, announcement({ id, blob: empty }), 'mallory'),
  )
  const held = atxsOf(1, 5, 'of carol')
  await listing(world, alice, { name: 'carol', ids: idsOf(held), holds: held })
  await until(() => held.every((each) => has(alice, each)))
  await alice.stop()
  await Promise.all(judged)
}, 30_000)
