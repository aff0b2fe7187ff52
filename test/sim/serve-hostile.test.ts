/** Serves in which one side cheats, stalls or floods: each ends with a name for it, and with an accusation where there is guilt (S9.1, S9.2). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AtxMessage, Item } from '../../src/sync/messages.ts'
import type { AtxStream } from '../../src/sync/ports.ts'
import { createFakeSet, type FakeBlob, fakeBlob } from '../helpers/sync/serve-set.ts'
import { type ClientOptions, createServeWorld, memoryDisk, SERVER } from '../helpers/sync/serve-world.ts'

const blobs = (count: number, bytes?: number) => Array.from({ length: count }, (_, index) => fakeBlob(index, bytes))
const packed = (list: readonly FakeBlob[]) => Buffer.from(list.map(({ id }) => id).join(''), 'hex')
const item = ({ id, blob }: FakeBlob): Item => ({ id, status: 'ok', blob })
const ids = (firstSeq: number, list: readonly FakeBlob[], totalSeq = firstSeq + list.length): AtxMessage => ({
  type: 'serveIds',
  firstSeq,
  ids: packed(list),
  totalSeq,
})
const give = (firstSeq: number, items: readonly Item[], uptoSeq = firstSeq + items.length): AtxMessage => ({
  type: 'serveBlobs',
  firstSeq,
  items,
  uptoSeq,
})
const end = (uptoSeq: number, complete = true): AtxMessage => ({
  type: 'serveEnd',
  uptoSeq,
  complete,
  reason: '',
  retryAfterMs: 0,
})

const all = blobs(10)
const [a, b, c] = all as [FakeBlob, FakeBlob, FakeBlob]

/** A client that is served by a script: messages to send, one after the other, whatever it answers. */
async function servedBy(messages: readonly AtxMessage[], options: ClientOptions & { readonly maxBytes?: number } = {}) {
  const world = createServeWorld(createFakeSet())
  async function script(stream: AtxStream): Promise<void> {
    const read = async (): Promise<void> => {
      for (;;) if ((await stream.read()) === null) return
    }
    await Promise.all([
      read().catch(() => undefined),
      (async () => {
        for (const message of messages) await stream.send(message)
      })().catch(() => undefined),
    ])
  }
  const { client, set } = await world.client('alice', { script, ...options })
  const outcome = await world.time.run(client.pull({ peer: SERVER, maxBytes: options.maxBytes ?? 0 }))
  return { world, outcome, set }
}

describe('a server that cheats', () => {
  const cheats: readonly [string, readonly AtxMessage[], string][] = [
    ['sends ids of another place', [ids(5, all)], 'P'],
    ['goes back', [ids(0, [a]), ids(0, [b])], 'P'],
    ['leaves a gap', [ids(0, [a]), ids(2, [b])], 'P'],
    ['sends no ids', [ids(0, [])], 'P'],
    ['ends its store before its ids', [ids(0, all, 9)], 'P'],
    ['shrinks its store', [ids(0, [a], 10), ids(1, [b], 9)], 'P'],
    ['offers five batches at once', [0, 1, 2, 3, 4].map((n) => ids(n, [fakeBlob(n)])), 'P'],
    ['sends blobs before ids', [give(0, [item(a)])], 'P'],
    ['sends blobs nobody asked for', [ids(0, [a, b]), give(0, [item(a), item(c)])], 'P'],
    ['sends blobs in another order', [ids(0, [a, b]), give(0, [item(b), item(a)])], 'P'],
    ['sends a blob twice', [ids(0, [a, b]), give(0, [item(a)]), give(0, [item(a)])], 'P'],
    ['leaves a blob out', [ids(0, [a, b]), give(0, [item(a)], 2)], 'P'],
    ['sends more than its batch', [ids(0, [a, b]), give(0, [item(a), item(b), item(c)])], 'P'],
    ['moves nowhere', [ids(0, [a, b]), give(0, [])], 'P'],
    ['says that all is sent when it is not', [ids(0, [a, b]), end(2)], 'P'],
    ['says that all is sent when its store is larger', [ids(0, [a], 9), give(0, [item(a)]), end(1)], 'P'],
    ['ends elsewhere', [ids(0, [a]), give(0, [item(a)]), end(7)], 'P'],
    ['speaks of something else', [{ type: 'ack', index: 1 }], 'P'],
    ['floods the stream', Array.from({ length: 50 }, () => ({ type: 'keepAlive', done: 0, total: 0 }) as const), 'P'],
    ['gives other bytes', [ids(0, [a]), give(0, [{ ...item(a), blob: b.blob } as Item])], 'E5'],
    ['gives too many bytes', [ids(0, [a]), give(0, [{ ...item(a), blob: new Uint8Array(262_145) } as Item])], 'E5'],
    [
      'lists what it does not have',
      [
        ids(0, blobs(30)),
        give(
          0,
          blobs(30).map(({ id }) => ({ id, status: 'not-found' })),
        ),
      ],
      'E4',
    ],
  ]

  it.each(cheats)('S9.2 %s: accused of it, nothing more is taken', async (_, messages, evidence) => {
    const { world, outcome } = await servedBy(messages)
    expect(outcome.end).toBe('misbehaved')
    expect(world.accusations).toEqual([{ by: 'alice', peer: SERVER, evidence, reason: outcome.reason }])
    expect(world.failures).toEqual([])
  })

  it('S9.1 more bytes than were asked for', async () => {
    const { outcome } = await servedBy([ids(0, [a, b]), give(0, [item(a), item(b)])], { maxBytes: 100 })
    expect(outcome.end).toBe('misbehaved')
  })

  it('S9.2 the same ids again and again', async () => {
    const known = blobs(1_024)
    const round = (n: number) => [ids(n * 1_024, known), give(n * 1_024, [], (n + 1) * 1_024)]
    const messages = Array.from({ length: 120 }, (_, n) => round(n)).flat()
    const { world, outcome } = await servedBy(messages, { set: createFakeSet(known) })
    expect(outcome.end).toBe('misbehaved')
    expect(world.accusations).toMatchObject([{ evidence: 'P', reason: 'it repeats ids without end' }])
  })

  it.each(['mismatch', 'bad-signature', 'too-big', 'malformed', 'invalid'] as const)(
    'S9.2 E5 a blob that is %s ends it; what came before stays, the cursor stays behind it',
    async (verdict) => {
      const judge = ({ id }: { id: string }) => (id === c.id ? verdict : null)
      const { world, outcome, set } = await servedBy(
        [ids(0, [a, b, c]), give(0, [item(a)]), give(1, [item(b), item(c)])],
        { judge },
      )
      expect(outcome).toMatchObject({ end: 'misbehaved', gained: 2, lastSeq: 1 })
      expect(world.accusations).toMatchObject([{ evidence: 'E5' }])
      expect(set.ids).toEqual([a.id, b.id])
    },
  )
})

describe('a serve that fails without guilt', () => {
  it('a few blobs that are lost, wait or are early do not end it', async () => {
    const judge = ({ id }: { id: string }) =>
      id === b.id ? ('waiting' as const) : id === c.id ? ('early' as const) : null
    const lost: Item = { id: all[3]?.id ?? '', status: 'not-found' }
    const items = [item(a), item(b), item(c), lost]
    const { world, outcome } = await servedBy([ids(0, all.slice(0, 4)), give(0, items), end(4)], { judge })
    expect(outcome).toMatchObject({ end: 'complete', gained: 1, lastSeq: 4 })
    expect(world.accusations).toEqual([])
  })

  it.each([
    ['early', 'unusable'],
    ['full', 'overloaded'],
  ] as const)('all is %s: %s, nobody is accused, the cursor stays', async (verdict, named) => {
    const many = blobs(30)
    const { world, outcome } = await servedBy([ids(0, many), give(0, many.map(item))], { judge: () => verdict })
    expect(outcome).toMatchObject({ end: named, gained: 0, lastSeq: 0 })
    expect(world.accusations).toEqual([])
  })

  it('S9.1 BUSY with a time, and without one', async () => {
    const busy = (retryAfterMs: number): AtxMessage => ({ type: 'problem', code: 'busy', text: 'later', retryAfterMs })
    expect((await servedBy([busy(5_000)])).outcome).toMatchObject({ end: 'busy', retryAfterMs: 5_000 })
    expect((await servedBy([busy(0)])).outcome).toMatchObject({ end: 'busy', retryAfterMs: 60_000 })
    expect((await servedBy([busy(2 ** 32)])).outcome).toMatchObject({ end: 'busy', retryAfterMs: 86_400_000 })
  })

  it('another problem, and a server that ends early', async () => {
    const banned: AtxMessage = { type: 'problem', code: 'banned', text: 'go away', retryAfterMs: 0 }
    expect((await servedBy([banned])).outcome).toMatchObject({ end: 'refused', reason: 'banned: go away' })
    const { outcome } = await servedBy([ids(0, [a, b]), give(0, [item(a)]), end(1, false)])
    expect(outcome).toMatchObject({ end: 'incomplete', gained: 1, lastSeq: 1, retryAfterMs: 0 })
  })

  it.each([
    ['before anything', []],
    ['after ids', [ids(0, [a])]],
  ])('a server that falls silent %s has stalled', async (_, messages) => {
    const { world, outcome } = await servedBy(messages)
    expect(outcome).toMatchObject({ end: 'stalled', reason: 'it fell silent' })
    expect(world.accusations).toEqual([])
  })

  it('a server that only keeps the stream alive is left in the end', async () => {
    const world = createServeWorld(createFakeSet())
    const script = async (stream: AtxStream): Promise<void> => {
      const read = async (): Promise<void> => {
        while ((await stream.read()) !== null);
      }
      const speak = async (): Promise<void> => {
        for (;;) {
          await world.time.sleep(14_000, new AbortController().signal)
          await stream.send({ type: 'keepAlive', done: 0, total: 9 })
        }
      }
      await Promise.all([read(), speak()]).catch(() => undefined)
    }
    const { client } = await world.client('alice', { script })
    const outcome = await world.time.run(client.pull({ peer: SERVER }))
    expect(outcome).toMatchObject({ end: 'stalled', reason: 'it keeps the stream alive and sends nothing' })
  })

  it('a stream that ends without a word is lost, and one peer serves once at a time', async () => {
    const world = createServeWorld(createFakeSet())
    const { client } = await world.client('alice', { script: (stream) => stream.end() })
    const twice = [client.pull({ peer: SERVER }), client.pull({ peer: SERVER })]
    const outcomes = await world.time.run(Promise.all(twice))
    expect(outcomes.map((outcome) => outcome.end)).toEqual(['lost', 'refused'])
  })

  it('an intake that fails is an error of this node, not an outcome', async () => {
    const world = createServeWorld(createFakeSet(all))
    const broken = new Error('the disk is full')
    const { client } = await world.client('alice', { delay: () => Promise.reject(broken) })
    await expect(world.time.run(client.pull({ peer: SERVER }))).rejects.toBe(broken)
    expect(client.progress()).toEqual([])
  })

  it('a cursor that cannot be written is one too, and ends the reading of the stream', async () => {
    const world = createServeWorld(createFakeSet(all))
    const broken = new Error('the disk is full')
    const disk = Object.assign(Object.create(memoryDisk()), { put: () => Promise.reject(broken) })
    const { client } = await world.client('alice', { disk })
    await expect(world.time.run(client.pull({ peer: SERVER }))).rejects.toBe(broken)
    expect(client.progress()).toEqual([])
    await world.time.pass(1_000)
    expect(world.server.progress()).toEqual([])
  })

  it('a set that fails ends the serve and is told', async () => {
    const served = createFakeSet(all)
    const broken = new Error('the disk is gone')
    const world = createServeWorld(Object.assign(Object.create(served), { blobs: () => Promise.reject(broken) }))
    const { client } = await world.client('alice')
    expect(await world.time.run(client.pull({ peer: SERVER }))).toMatchObject({ end: 'lost' })
    expect(world.failures).toEqual([broken])
    expect(world.server.progress()).toEqual([])
  })
})

describe('a client that cheats', () => {
  const request: AtxMessage = {
    type: 'serve',
    token: new Uint8Array(0),
    storeId: new Uint8Array(0),
    afterSeq: 0,
    maxBytes: 0,
  }
  const want = (firstSeq: number, ...bitmap: number[]): AtxMessage => ({
    type: 'want',
    firstSeq,
    bitmap: Uint8Array.from(bitmap),
  })

  /** Sends its messages, reads all it gets, and waits until the server is done with it. */
  async function serve(messages: readonly AtxMessage[]) {
    const world = createServeWorld(createFakeSet(all))
    const stream = world.dial('mallory')
    const heard: AtxMessage[] = []
    const listening = (async () => {
      for (let message = await stream.read(); message !== null; message = await stream.read()) heard.push(message)
    })().catch(() => undefined)
    const speaking = (async () => {
      for (const message of messages) await stream.send(message)
    })().catch(() => undefined)
    await world.time.run(Promise.all([listening, speaking]))
    return { world, heard }
  }

  const cheats: readonly [string, readonly AtxMessage[]][] = [
    ['does not begin with a request', [{ type: 'keepAlive', done: 0, total: 0 }]],
    ['wants before it is offered anything else', [request, want(0, 0, 0), want(10, 0)]],
    ['wants of another place', [request, want(1, 0, 0)]],
    ['wants outside the batch', [request, want(0, 0, 4)]],
    ['sends a bitmap that is too long', [request, want(0, 0, 0, 0)]],
    ['sends a bitmap that is too short', [request, want(0, 0)]],
    ['asks twice', [request, request]],
    [
      'floods the stream',
      [request, ...Array.from({ length: 50 }, () => ({ type: 'keepAlive', done: 0, total: 0 }) as const)],
    ],
  ]

  it.each(cheats)('P %s: accused, told, and its place is free', async (_, messages) => {
    const { world, heard } = await serve(messages)
    expect(world.accusations).toMatchObject([{ by: SERVER, peer: 'mallory', evidence: 'P' }])
    expect(heard.at(-1)).toMatchObject({ type: 'problem', code: 'protocol' })
    await world.time.pass(0)
    expect(world.server.progress()).toEqual([])
    expect(world.failures).toEqual([])
  })

  it('a client that says nothing is left after ten seconds', async () => {
    const world = createServeWorld(createFakeSet(all))
    const stream = world.dial('mallory')
    await world.time.pass(10_000)
    await expect(stream.read()).rejects.toThrow('no request came')
  })

  it('a client that keeps the stream alive but answers nothing loses its place after two minutes', async () => {
    const world = createServeWorld(createFakeSet(all))
    const stream = world.dial('mallory')
    await stream.send(request)
    const heard: AtxMessage[] = []
    void (async () => {
      for (let message = await stream.read(); message !== null; message = await stream.read()) heard.push(message)
    })()
    for (let second = 0; second < 130; second += 10) {
      await world.time.pass(10_000)
      if (world.reports.length === 0) await stream.send({ type: 'keepAlive', done: 0, total: 0 })
    }
    expect(world.reports).toMatchObject([{ end: 'stalled' }])
    expect(heard.at(-1)).toMatchObject({ type: 'serveEnd', complete: false })
    expect(world.accusations).toEqual([])
  })

  it('a client that does not read loses its place after half a minute', async () => {
    const served = createFakeSet(blobs(8_000, 1_024))
    const world = createServeWorld(served)
    const stream = world.dial('mallory')
    await stream.send(request)
    for (let batch = 0; batch < 4; batch++) {
      const offered = await stream.read()
      expect(offered?.type).toBe('serveIds')
      await stream.send({ type: 'want', firstSeq: batch * 1_024, bitmap: new Uint8Array(128).fill(255) })
    }
    await world.time.pass(60_000)
    expect(world.reports).toMatchObject([{ end: 'lost', reason: 'it does not read what is sent' }])
  })

  it('property: no client, whatever it says, makes the server fail or keep its place', async () => {
    const bytes = (max: number) => fc.uint8Array({ maxLength: max })
    const message: fc.Arbitrary<AtxMessage> = fc.oneof(
      fc.record({ type: fc.constant('want' as const), firstSeq: fc.nat(12), bitmap: bytes(3) }),
      fc.constant(want(0, 255, 3)),
      fc.constant(request),
      fc.record({ type: fc.constant('keepAlive' as const), done: fc.nat(), total: fc.nat() }),
      fc.record({ type: fc.constant('ack' as const), index: fc.nat() }),
      fc.constant(end(3)),
      fc.constant({ type: 'problem', code: 'internal', text: '', retryAfterMs: 0 } as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 12 }), async (messages) => {
        const world = createServeWorld(createFakeSet(all))
        const stream = world.dial('mallory')
        const sent = (async () => {
          for (const each of [request, ...messages]) await stream.send(each)
          await stream.end()
        })().catch(() => undefined)
        const read = (async () => {
          while ((await stream.read()) !== null);
        })().catch(() => undefined)
        await world.time.run(Promise.all([sent, read]))
        await world.time.pass(0)
        expect(world.failures).toEqual([])
        expect(world.server.progress()).toEqual([])
        expect(world.reports).toHaveLength(1)
      }),
      { numRuns: 200 },
    )
  })
})
