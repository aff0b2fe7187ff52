/** Fetching end to end over streams in memory (S8): blobs into the set, hostile peers out, and what is wanted across restarts. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { SyncError } from '../../../../src/sync/errors.ts'
import type { AtxMessage } from '../../../../src/sync/messages.ts'
import type { AtxStream } from '../../../../src/sync/ports.ts'
import { arrival, type FakeAtx, fakeAtx, fakeChain } from '../../../helpers/sync/fetch-atxs.ts'
import { idsFrom } from '../../../helpers/sync/fetch-machine.ts'
import {
  createFakeStore,
  createFetchNet,
  type Far,
  type FetchNet,
  honest,
  packed,
} from '../../../helpers/sync/fetch-net.ts'
import { until } from '../../../helpers/until.ts'

const many = (count: number, padding = 0): FakeAtx[] =>
  Array.from({ length: count }, (_, index) => fakeAtx({ name: `atx${index}`, padding }))

function netOf(peers: Record<string, Far>, store = createFakeStore()): FetchNet {
  const net = createFetchNet(peers, store)
  onTestFinished(async () => {
    await net.fetch.stop()
    expect(net.heard.failed).toEqual([])
    expect(net.failures).toEqual([])
  })
  return net
}

/** Answers each request by `reply`. */
const replying =
  (reply: (req: number, ids: readonly string[]) => AtxMessage | null): Far =>
  async (stream) => {
    for (let message = await stream.read(); message !== null; message = await stream.read()) {
      if (message.type !== 'fetch') continue
      const text = Buffer.from(message.ids).toString('hex')
      const answer = reply(message.req, text.match(/.{64}/g) ?? [])
      if (answer !== null) await stream.send(answer)
    }
  }

const bringing = (blobOf: (id: string) => Uint8Array): Far =>
  replying((req, ids) => ({
    type: 'blobs',
    req,
    items: ids.map((id) => ({ id, status: 'ok', blob: blobOf(id) })),
    last: true,
  }))

describe('fetching (S8)', () => {
  it('a thousand ids from one peer: all in the set, over one stream, in few writes', async () => {
    const atxs = many(1_000)
    const net = netOf({ bob: honest(atxs) })
    net.list('bob', atxs)
    await until(() => net.set.ids.length === 1_000)
    await until(() => net.fetch.progress().queued === 0)
    expect(net.opened).toEqual(['bob'])
    expect(net.set.writes.length).toBeLessThan(30)
    expect(net.fetch.progress()).toMatchObject({ done: 1_000, failed: 0, etaMs: 0 })
    expect(net.fetch.progress().bytes).toBe(atxs.reduce((sum, { blob }) => sum + blob.byteLength, 0))
    expect(net.fetch.remaining('bob')).toBe(0)
  })

  it('large blobs come in several parts', async () => {
    const atxs = many(20, 200_000)
    const net = netOf({ bob: honest(atxs) })
    net.list('bob', atxs)
    await until(() => net.set.ids.length === 20)
    expect(net.heard.misbehaved).toEqual([])
  })

  it('a chain of which only the newest is known is fetched down to its base', async () => {
    const chain = fakeChain(300)
    const net = netOf({ bob: honest(chain) })
    net.list('bob', chain.slice(-1))
    await until(() => net.set.ids.length === 300)
    expect(net.set.ids).toEqual(chain.map(({ id }) => id))
    expect(net.heard.attempted).toContain('bob waiting')
    expect(net.heard.attempted).toContain('bob inserted')
  })

  it('a graph in which each of a hundred waits for one of another hundred does not deadlock', async () => {
    const below = many(100)
    const above = below.map(({ id }, index) => fakeAtx({ name: `above${index}`, previous: id }))
    const net = netOf({ bob: honest([...below, ...above]) })
    net.list('bob', above)
    await until(() => net.set.ids.length === 200)
  })

  it('gossip, fetch and a second session bring one ATX at once: one judgement, one insertion (S11)', async () => {
    const [atx] = many(1) as [FakeAtx]
    const net = netOf({ bob: honest([atx]), carol: honest([atx]) })
    const gate = Promise.withResolvers<void>()
    net.validator.gate = gate.promise
    net.list('bob', [atx])
    net.list('carol', [atx])
    const gossip = net.intake.take([arrival(atx, 'dave')])
    await until(() => net.fetch.progress().bytes > 0)
    gate.resolve()
    await gossip
    await until(() => net.fetch.progress().queued === 0)
    expect([net.validator.judged.get(atx.id), net.set.ids.length]).toEqual([1, 1])
  })

  it('what is in the set or rejected is not wanted', async () => {
    const [one, two] = many(2) as [FakeAtx, FakeAtx]
    const bad = fakeAtx({ name: 'bad', verdict: 'invalid' })
    const net = netOf({ bob: honest([one, two, bad]) })
    await net.intake.take([arrival(one), arrival(bad)])
    net.list('bob', [one, bad])
    expect(net.fetch.progress().queued).toBe(0)
    expect(net.opened).toEqual([])
  })

  it('an id that nobody can deliver ends unavailable, and the rest comes (A10)', async () => {
    const atxs = many(50)
    const net = netOf({ bob: honest(atxs) })
    net.fetch.advertise({ peer: 'bob', frame: 2, ids: packed(idsFrom(1, 50)) })
    net.list('bob', atxs)
    await until(() => net.fetch.progress().queued === 0)
    expect(net.fetch.progress()).toMatchObject({ done: 50, failed: 50 })
    expect(net.heard.attempted.filter((each) => each === 'bob not-found')).toHaveLength(50)
    net.fetch.advertise({ peer: 'bob', frame: 2, ids: packed(idsFrom(1, 50)) })
    expect(net.fetch.progress().queued).toBe(0)
  })

  it('an id is not poisoned by suppliers of wrong bytes and wrong signatures', async () => {
    const [atx] = many(1) as [FakeAtx]
    const net = netOf({
      liar: bringing(() => fakeAtx({ name: 'other' }).blob),
      forger: bringing(() => fakeAtx(atx.body, 'forged').blob),
      bob: honest([atx]),
    })
    for (const peer of ['liar', 'forger', 'bob']) net.list(peer, [atx])
    await until(() => net.set.ids.length === 1)
    expect(net.heard.attempted).toEqual(['liar mismatch', 'forger bad-signature', 'bob inserted'])
    expect(net.rejected.size).toBe(0)
  })
})

describe('hostile and broken servers (S8, S9.2)', () => {
  const [atx] = many(1) as [FakeAtx]

  const cases: { given: string; far: Far; reason: string }[] = [
    {
      given: 'blobs that nobody asked for',
      far: replying((req) => ({
        type: 'blobs',
        req,
        items: [{ id: idsFrom(9, 1)[0] ?? '', status: 'ok', blob: Buffer.alloc(9) }],
        last: true,
      })),
      reason: 'mallory sent an item that was not asked for, or twice',
    },
    {
      given: 'an oversized blob',
      far: bringing(() => Buffer.alloc(300_000)),
      reason: 'mallory sent a blob above the limit',
    },
    {
      given: 'an answer to no request',
      far: replying((req) => ({ type: 'blobs', req: req + 5, items: [], last: true })),
      reason: 'mallory answered a request that was not made',
    },
    {
      given: 'parts without end',
      far: endless,
      reason: 'mallory sent an empty part of an answer',
    },
    {
      given: 'a message of another kind of stream',
      far: replying(() => ({ type: 'done', why: 'fast', back: 0 })),
      reason: "mallory sent 'done' on a fetch stream",
    },
  ]

  async function endless(stream: AtxStream): Promise<void> {
    const message = await stream.read()
    if (message?.type !== 'fetch') return
    for (;;) await stream.send({ type: 'blobs', req: message.req, items: [], last: false })
  }

  it.each(cases)('$given: class P, the stream ends, and another peer is asked', async ({ far, reason }) => {
    const net = netOf({ mallory: far, bob: honest([atx]) })
    net.list('mallory', [atx])
    net.list('bob', [atx])
    await until(() => net.set.ids.length === 1)
    expect(net.heard.misbehaved).toEqual([reason])
    expect(net.heard.attempted.at(-1)).toBe('bob inserted')
  })

  it('nonsense is told apart from a stream that broke', async () => {
    const errors: Record<string, Error> = {
      mallory: new SyncError('malformed', 'no ATX message'),
      stranger: new SyncError('protocol', 'another conversation'),
      refuser: new SyncError('refused', 'not now'),
      broken: new Error('connection lost'),
    }
    const mute: Far = async () => undefined
    const net = netOf({ mallory: mute, stranger: mute, refuser: mute, broken: mute, bob: honest([atx]) })
    Object.assign(net.breakReads, errors)
    for (const peer of [...Object.keys(errors), 'bob']) net.list(peer, [atx])
    await until(() => net.set.ids.length === 1)
    expect(net.heard.misbehaved).toEqual(['mallory no ATX message', 'stranger another conversation'])
    const failed = Object.keys(errors).map((peer) => `${peer} no-answer`)
    expect(net.heard.attempted).toEqual([...failed, 'bob inserted'])
  })

  it('a peer that is not connected, refuses, or hangs up costs a try, and another one is asked', async () => {
    const net = netOf({
      refuser: async (stream) => stream.send({ type: 'problem', code: 'busy', text: 'later', retryAfterMs: 60_000 }),
      quitter: async (stream) => stream.end(),
      bob: honest([atx]),
    })
    for (const peer of ['nobody', 'refuser', 'quitter', 'bob']) net.list(peer, [atx])
    await until(() => net.set.ids.length === 1)
    expect(net.heard.attempted).toEqual(['nobody no-answer', 'refuser no-answer', 'quitter no-answer', 'bob inserted'])
    expect(net.heard.misbehaved).toEqual([])
  })

  it('a ban from within an outcome closes the stream and asks no more of that peer', async () => {
    const atxs = many(500)
    const net = netOf({ mallory: bringing(() => Buffer.from('nonsense')) })
    net.hooks.attempted = (peer) => net.fetch.banned(peer)
    net.list('mallory', atxs)
    await until(() => net.heard.attempted.includes('mallory malformed'))
    await until(() => net.fetch.progress().queued === 0)
    expect(net.opened).toEqual(['mallory'])
  })
})

describe('across restarts (S13)', () => {
  it('what was wanted is fetched after a restart without a new session; what came meanwhile is not', async () => {
    const atxs = many(20)
    const store = createFakeStore()
    const before = createFetchNet({}, store)
    before.list('bob', atxs, 5)
    await before.fetch.stop()
    expect(store.rows.size).toBe(20)
    const after = netOf({ bob: honest(atxs) }, store)
    await after.intake.take([arrival(atxs[0] as FakeAtx)])
    await after.fetch.start()
    await until(() => after.set.ids.length === 20)
    expect(after.fetch.progress().bytes).toBe(atxs.slice(1).reduce((sum, { blob }) => sum + blob.byteLength, 0))
    await after.fetch.stop()
    expect(store.rows.size).toBe(0)
  })
})
