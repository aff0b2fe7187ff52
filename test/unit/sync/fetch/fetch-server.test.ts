/** The fetch server (S8): what it answers, in which portions, and what it does not put up with. */
import { describe, expect, it } from 'vitest'
import { MAX_STREAMS_PER_PEER, RESPONSE_BYTES } from '../../../../src/sync/fetch/bounds.ts'
import type { FetchServer } from '../../../../src/sync/fetch/server.ts'
import type { AtxMessage, FetchMessage } from '../../../../src/sync/messages.ts'
import type { AtxStream } from '../../../../src/sync/ports.ts'
import { fakeAtx } from '../../../helpers/sync/fetch-atxs.ts'
import { idsFrom } from '../../../helpers/sync/fetch-machine.ts'
import { packed, serverOf } from '../../../helpers/sync/fetch-net.ts'
import { streamPair } from '../../../helpers/sync/stream-pair.ts'

type Blobs = Extract<FetchMessage, { type: 'blobs' }>

function converse(server: FetchServer, name = 'alice'): { near: AtxStream; served: Promise<void> } {
  const [near, far] = streamPair({ names: [name, 'bob'] })
  return { near, served: server.serve(far).catch(() => undefined) }
}

async function answerTo(near: AtxStream, request: AtxMessage): Promise<Blobs[]> {
  await near.send(request)
  const parts: Blobs[] = []
  for (;;) {
    const message = await near.read()
    if (message?.type !== 'blobs') throw new Error('no answer')
    parts.push(message)
    if (message.last) return parts
  }
}

const fetch = (req: number, ids: readonly string[]): AtxMessage => ({ type: 'fetch', req, ids: packed(ids) })
const small = Array.from({ length: 100 }, (_, index) => fakeAtx({ name: `${index}` }))

describe('answers (S8)', () => {
  it('one item for each id, in few messages', async () => {
    const { near, served } = converse(serverOf(small))
    const ids = [...small.slice(0, 99).map(({ id }) => id), ...idsFrom(1, 1)]
    const parts = await answerTo(near, fetch(7, ids))
    expect(parts).toHaveLength(1)
    expect(parts[0]).toMatchObject({ req: 7, last: true })
    expect(parts[0]?.items.map(({ id, status }) => [id, status])).toEqual(
      ids.map((id, index) => [id, index < 99 ? 'ok' : 'not-found']),
    )
    await near.end()
    await served
    expect(await near.read()).toBeNull()
  })

  it('large blobs go in portions, so that nothing waits long behind them', async () => {
    const large = Array.from({ length: 9 }, (_, index) => fakeAtx({ name: `${index}`, padding: 100_000 }))
    const { near } = converse(serverOf(large))
    const parts = await answerTo(
      near,
      fetch(
        1,
        large.map(({ id }) => id),
      ),
    )
    expect(parts.map(({ items }) => items.length)).toEqual([2, 2, 2, 2, 1])
    for (const { items } of parts) {
      const bytes = items.reduce((sum, item) => sum + (item.status === 'ok' ? item.blob.byteLength : 0), 0)
      expect(bytes).toBeLessThanOrEqual(RESPONSE_BYTES)
    }
  })

  it('an id that is asked for twice is sent once', async () => {
    const { near } = converse(serverOf(small))
    const id = small[0]?.id ?? ''
    const [part] = await answerTo(near, fetch(1, [id, id, id]))
    expect(part?.items).toHaveLength(1)
  })

  it('a blob above the limit is said to be so', async () => {
    const huge = fakeAtx({ name: 'huge', padding: 300_000 })
    const { near } = converse(serverOf([huge]))
    const [part] = await answerTo(near, fetch(1, [huge.id]))
    expect(part?.items).toEqual([{ id: huge.id, status: 'too-big' }])
  })

  it('a peer above its rate waits', async () => {
    const server = serverOf(small, { bytesPerSecond: 40_000 })
    const { near, served } = converse(server)
    const ids = small.map(({ id }) => id)
    for (let req = 0; req < 2; req++) await answerTo(near, fetch(req, ids))
    await near.send(fetch(2, ids))
    await near.send(fetch(3, ids))
    server.stop()
    await served
    await expect(near.read()).rejects.toThrow('fetching ended')
  })
})

describe('a peer that is not dealt with any more (S9.2)', () => {
  it('its streams are given up, one that waits for its rate too, and nobody else’s', async () => {
    const server = serverOf(small, { bytesPerSecond: 40_000 })
    const [idle, waiting, other] = [converse(server), converse(server), converse(server, 'carol')]
    const ids = small.map(({ id }) => id)
    for (let req = 0; req < 2; req++) await answerTo(waiting.near, fetch(req, ids))
    await waiting.near.send(fetch(2, ids))
    server.forsake('alice', 'enough of it')
    for (const { near } of [idle, waiting]) await expect(near.read()).rejects.toThrow('enough of it')
    await idle.served
    expect(await answerTo(other.near, fetch(1, idsFrom(1, 1)))).toHaveLength(1)
    server.stop()
  })
})

describe('hostile clients (S9.2 P)', () => {
  const cases: { given: string; message: AtxMessage }[] = [
    { given: 'no ids', message: fetch(1, []) },
    { given: '101 ids', message: fetch(1, idsFrom(0, 101)) },
    { given: 'a wrong width', message: { type: 'fetch', req: 1, ids: Buffer.alloc(33) } },
    { given: 'an answer', message: { type: 'blobs', req: 1, items: [], last: true } },
    { given: 'another kind of message', message: { type: 'ack', index: 1 } },
  ]

  it.each(cases)('$given: class P and the end of the stream', async ({ message }) => {
    const blamed: unknown[] = []
    const { near, served } = converse(serverOf(small, { misbehaved: () => blamed.push(1) }))
    await near.send(message)
    await served
    expect(blamed).toHaveLength(1)
    await expect(near.read()).rejects.toThrow()
  })

  it('a flood of requests waits unread: the client is held back, nothing piles up here', async () => {
    const { near, served } = converse(serverOf(small))
    let sent = 0
    const flood = (async () => {
      for (; sent < 1_000; sent++)
        await near.send(
          fetch(
            sent,
            small.map(({ id }) => id),
          ),
        )
    })().catch(() => undefined)
    for (let parts = 0; parts < 20; parts++) await near.read()
    expect(sent).toBeLessThan(60)
    near.abort('enough')
    await Promise.all([flood, served])
  })

  it('too many streams of one peer are refused, and counted again when they end', async () => {
    const server = serverOf(small)
    const open = Array.from({ length: MAX_STREAMS_PER_PEER }, () => converse(server))
    const refused = converse(server)
    expect(await refused.near.read()).toMatchObject({ type: 'problem', code: 'busy' })
    await open[0]?.near.end()
    await open[0]?.served
    const again = converse(server)
    expect(await answerTo(again.near, fetch(1, idsFrom(1, 1)))).toHaveLength(1)
  })
})
