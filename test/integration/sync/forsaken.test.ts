/** Conversations that are open when a peer is banned, on a whole service: none of them brings it anything more (S9.2). */
import { expect, it } from 'vitest'
import type { AtxMessage, Intent } from '../../../src/sync/messages.ts'
import { atxsOf, makeAtx } from '../../helpers/sync/atx-blobs.ts'
import { attach, createPuppet, hear, type Puppet } from '../../helpers/sync/atx-puppet.ts'
import { listAgain } from '../../helpers/sync/atx-rounds.ts'
import { blames, createWorld, type WorldNode } from '../../helpers/sync/atx-world.ts'
import { pack } from '../../helpers/sync/session/fake-set.ts'
import { until } from '../../helpers/until.ts'

const kept = atxsOf(0, 20)

/** Alice, and Mallory who delivers junk when she is asked for what she lists. */
async function setUp(): Promise<{ alice: WorldNode; mallory: Puppet; offend: () => Promise<void> }> {
  const world = createWorld()
  const alice = await world.node('alice')
  await world.fill([[alice, [kept, atxsOf(1, 20)]]])
  const item = (id: string) => ({ id, status: 'ok' as const, blob: Buffer.from('junk') })
  const mallory = createPuppet('mallory', { clock: world.clock, item })
  attach(alice, mallory)
  return {
    alice,
    mallory,
    async offend() {
      await listAgain(mallory, alice, [makeAtx('promised', { epoch: 2 }).id])
      await until(() => blames(alice).length > 0)
      expect(blames(alice)).toEqual(['mallory: bad-blob (ban)'])
    },
  }
}

const fetch = (req: number): AtxMessage => ({ type: 'fetch', req, ids: pack(kept.map(({ id }) => id)) })
const serve: AtxMessage = {
  type: 'serve',
  token: new Uint8Array(0),
  storeId: new Uint8Array(16),
  afterSeq: 0,
  maxBytes: 0,
}

it.each<[Intent, AtxMessage]>([
  ['fetch', fetch(1)],
  ['serve', serve],
])('a stream for %s that was opened before the ban is given up', async (intent, request) => {
  const { alice, mallory, offend } = await setUp()
  const stream = await mallory.dial(alice, intent)
  await hear(stream, 'hello')
  await offend()
  await stream.send(request).catch(() => undefined)
  await expect(stream.read()).rejects.toThrow('this node does not deal with you')
})

it.each<[Intent, AtxMessage]>([
  ['fetch', fetch(1)],
  ['serve', serve],
])('who does not read the hello of a stream for %s before the ban has no use of it after', async (intent, request) => {
  const { alice, mallory, offend } = await setUp()
  const { promise: reads, resolve: read } = Promise.withResolvers<void>()
  alice.network.wrap = (raw) => ({
    ...raw,
    async send(message) {
      await reads
      return raw.send(message)
    },
  })
  const stream = await mallory.dial(alice, intent)
  alice.network.wrap = (raw) => raw
  await offend()
  read()
  await stream.send(request).catch(() => undefined)
  expect(await hear(stream, intent === 'fetch' ? 'blobs' : 'serveIds')).toBeNull()
  expect(alice.deeds.serveRefused.length + alice.service.serves().length).toBe(0)
})
