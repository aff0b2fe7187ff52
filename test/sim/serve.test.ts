/** Serving in bulk between whole servers and clients, in virtual time (S9.1, S13, A13). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUSY_RETRY_MS, OFFER_HOLD_MS, SEND_DEADLINE_MS, SERVE_LIMITS } from '../../src/sync/serve/bounds.ts'
import { createFakeSet, fakeBlob } from '../helpers/sync/serve-set.ts'
import { blobBytes, createServeWorld, memoryDisk, SERVER, type ServeWorld } from '../helpers/sync/serve-world.ts'

const blobs = (count: number, bytes?: number) => Array.from({ length: count }, (_, index) => fakeBlob(index, bytes))
const idsSent = ({ sent }: ServeWorld) =>
  sent.flatMap(({ message }) => (message.type === 'serveBlobs' ? message.items.map(({ id }) => id) : []))

describe('serving a newcomer', () => {
  it('S9.1 S7 a newcomer gets everything in the order of the server', async () => {
    const world = createServeWorld(createFakeSet(blobs(5_000)))
    const { client, set } = await world.client('newcomer')
    const outcome = await world.time.run(client.pull({ peer: SERVER }))
    expect(outcome).toMatchObject({ end: 'complete', gained: 5_000, bytes: 320_000, lastSeq: 5_000 })
    expect(set.ids).toEqual(world.served.ids)
    expect(world.accusations).toEqual([])
    expect(world.reports).toMatchObject([{ end: 'complete', seq: 5_000, totalSeq: 5_000, bytes: 320_000, etaMs: 0 }])
    expect(client.progress()).toEqual([])
  })

  it('S8 who lacks every second gets those alone', async () => {
    const all = blobs(3_000)
    const world = createServeWorld(createFakeSet(all))
    const half = createFakeSet(all.filter((_, index) => index % 2 === 0))
    const { client, set } = await world.client('half', { set: half })
    const outcome = await world.time.run(client.pull({ peer: SERVER }))
    expect(outcome).toMatchObject({ end: 'complete', gained: 1_500 })
    expect(idsSent(world)).toEqual(all.filter((_, index) => index % 2 === 1).map(({ id }) => id))
    expect(set.count).toBe(3_000)
  })

  it('a client with all of it is told so, and nothing of an empty set is sent', async () => {
    for (const all of [[], blobs(2_500)]) {
      const world = createServeWorld(createFakeSet(all))
      const { client } = await world.client('same', { set: createFakeSet(all) })
      const outcome = await world.time.run(client.pull({ peer: SERVER }))
      expect(outcome).toMatchObject({ end: 'complete', gained: 0, bytes: 0, lastSeq: all.length })
      expect(idsSent(world)).toEqual([])
    }
  })

  it('A4 ids found invalid for good are not asked for', async () => {
    const all = blobs(100)
    const world = createServeWorld(createFakeSet(all))
    const rejected = new Set([all[3]?.id ?? ''])
    const { client, set } = await world.client('wary', { rejected })
    const outcome = await world.time.run(client.pull({ peer: SERVER }))
    expect(outcome).toMatchObject({ end: 'complete', gained: 99 })
    expect(set.ids).not.toContain(all[3]?.id)
  })

  it('the end follows a set that grows by batches, and leaves the last moments to others', async () => {
    const world = createServeWorld(createFakeSet(blobs(1_000)), { limits: { peerRate: 1_024 } })
    const { client, set } = await world.client('newcomer')
    const pulled = client.pull({ peer: SERVER })
    await world.time.pass(1_000)
    world.served.add(...blobs(3_000))
    await world.time.pass(180_000)
    world.served.add(...blobs(3_100))
    const outcome = await world.time.run(pulled)
    expect(outcome).toMatchObject({ end: 'complete', lastSeq: 3_000 })
    expect(set.count).toBe(3_000)
  })

  it('S14 both sides tell how far they are, at what rate, and until when', async () => {
    const world = createServeWorld(createFakeSet(blobs(4_096, 1_024)), { limits: { peerRate: 65_536 } })
    const { client } = await world.client('newcomer')
    const pulled = client.pull({ peer: SERVER })
    await world.time.pass(30_000)
    for (const [progress] of [world.server.progress(), client.progress()]) {
      expect(progress).toMatchObject({ fromSeq: 0, totalSeq: 4_096 })
      expect(progress?.bytesPerSecond).toBeGreaterThan(60_000)
      expect(progress?.bytesPerSecond).toBeLessThan(70_000)
      expect(progress?.etaMs).toBeGreaterThan(30_000)
      expect(progress?.etaMs).toBeLessThan(40_000)
    }
    const [here, there] = [client.progress()[0], world.server.progress()[0]]
    expect(here?.gained).toBeGreaterThan(1_000)
    expect([here?.gained, there?.gained]).toEqual([here?.seq, 0])
    expect(await world.time.run(pulled)).toMatchObject({ end: 'complete' })
  })

  it('S14 the client tells of each serve that was asked for, and of none that could not be', async () => {
    const world = createServeWorld(createFakeSet(blobs(1_000)))
    const { client, begun, reports, refused } = await world.client('newcomer')
    await world.time.run(client.pull({ peer: SERVER }))
    expect(begun).toMatchObject([{ peer: SERVER, direction: 'in', fromSeq: 0, gained: 0 }])
    expect(reports).toMatchObject([{ peer: SERVER, direction: 'in', end: 'complete', seq: 1_000, gained: 1_000 }])
    const cut = await world.client('unlucky', { address: '192.0.2.2', cutAt: 3 })
    await world.time.run(cut.client.pull({ peer: SERVER }))
    expect([cut.begun.length, cut.reports.map(({ end }) => end)]).toEqual([1, ['lost']])
    const open = () => Promise.reject(new Error('nobody is there'))
    const alone = await world.client('alone', { open })
    await world.time.run(alone.client.pull({ peer: SERVER }))
    expect([alone.begun, alone.reports, alone.refused]).toEqual([[], [], ['nobody is there']])
    expect(refused).toEqual([])
  })

  it('a byte limit ends the serve where it can go on', async () => {
    const world = createServeWorld(createFakeSet(blobs(2_000, 1_000)))
    const { client, set } = await world.client('thrifty')
    const first = await world.time.run(client.pull({ peer: SERVER, maxBytes: 500_500 }))
    expect(first).toMatchObject({ end: 'incomplete', gained: 500, bytes: 500_000, lastSeq: 500, retryAfterMs: 0 })
    const rest = await world.time.run(client.pull({ peer: SERVER }))
    expect(rest).toMatchObject({ end: 'complete', gained: 1_500 })
    expect(set.ids).toEqual(world.served.ids)
  })
})

describe('resuming', () => {
  /** One life of a client until the line is cut, then another with the same disk. */
  async function cutAndResume({ cutAt, count, capacity }: { cutAt: number; count: number; capacity: number }) {
    const world = createServeWorld(createFakeSet(blobs(count, 200)), { capacity })
    const set = createFakeSet()
    const disk = memoryDisk()
    const before = await world.client('phoenix', { set, disk, cutAt })
    const first = await world.time.run(before.client.pull({ peer: SERVER }))
    await world.time.pass(1_000)
    const held = new Set(set.ids)
    const sentBefore = world.sent.length
    const after = await world.client('phoenix', { set, disk })
    const second = await world.time.run(after.client.pull({ peer: SERVER }))
    const again = idsSent({ ...world, sent: world.sent.slice(sentBefore) }).filter((id) => held.has(id))
    return { world, set, first, second, again }
  }

  it('S9.1 property: whatever message is cut off, the resumed serve completes the set and sends nothing that was in', async () => {
    const cases = fc.record({
      cutAt: fc.nat(40),
      count: fc.constantFrom(1, 900, 3_000, 7_000),
      capacity: fc.constantFrom(1, 2, 8),
    })
    await fc.assert(
      fc.asyncProperty(cases, async (chosen) => {
        const { world, set, first, second, again } = await cutAndResume(chosen)
        expect(['lost', 'complete']).toContain(first.end)
        expect(second.end).toBe('complete')
        expect(set.ids).toEqual(world.served.ids)
        expect(again).toEqual([])
        expect(second.lastSeq).toBe(chosen.count)
        expect(world.accusations).toEqual([])
        expect(world.failures).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('S9.1 a disconnect at every message of a serve: the next one completes the set', async () => {
    const ends: string[] = []
    for (let cutAt = 0; ends.at(-1) !== 'complete'; cutAt++) {
      const { world, set, first, second, again } = await cutAndResume({ cutAt, count: 5_000, capacity: 2 })
      ends.push(first.end)
      expect(second.end).toBe('complete')
      expect(set.ids).toEqual(world.served.ids)
      expect(again).toEqual([])
    }
    expect(ends.length).toBeGreaterThan(20)
  })

  it('S9.1 a cut serve goes on from the saved cursor, not from 0', async () => {
    const { world, first } = await cutAndResume({ cutAt: 20, count: 9_000, capacity: 8 })
    expect(first).toMatchObject({ end: 'lost' })
    expect(first.lastSeq).toBeGreaterThan(0)
    const requests = world.sent.flatMap(({ message }) => (message.type === 'serve' ? [message.afterSeq] : []))
    expect(requests).toEqual([0, first.lastSeq])
  })

  it('S13 a kill between an insert and its cursor costs ids, not blobs', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000)))
    const set = createFakeSet()
    const disk = memoryDisk()
    let writes = 0
    const put = disk.put.bind(disk)
    const dying = Object.assign(Object.create(disk), {
      put: (key: string, value: Uint8Array) => (++writes > 1 ? new Promise(() => undefined) : put(key, value)),
    })
    const before = await world.client('phoenix', { set, disk: dying })
    void before.client.pull({ peer: SERVER })
    await world.time.pass(1_000)
    expect(set.count).toBe(2_048)
    const sentBefore = world.sent.length
    const after = await world.client('phoenix', { set, disk })
    const outcome = await world.time.run(after.client.pull({ peer: SERVER }))
    expect(outcome).toMatchObject({ end: 'complete', gained: 952, lastSeq: 3_000 })
    const sent = world.sent.slice(sentBefore)
    expect(sent.flatMap(({ message }) => (message.type === 'serve' ? [message.afterSeq] : []))).toEqual([1_024])
    expect(set.ids).toEqual(world.served.ids)
  })

  it('S9.1 a resume takes the place of a serve that is not known to have ended', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000, 1_024)), { limits: { maxServes: 1 } })
    const set = createFakeSet()
    const disk = memoryDisk()
    let turns = 0
    const delay = async () => (++turns > 2 ? gate : undefined)
    const before = await world.client('phoenix', { set, disk, delay })
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    void before.client.pull({ peer: SERVER })
    await world.time.pass(2_000)
    const after = await world.client('phoenix', { set, disk })
    const outcome = await world.time.run(after.client.pull({ peer: SERVER }))
    open()
    expect(outcome).toMatchObject({ end: 'complete', gained: 3_000 - 256 })
    expect(set.ids).toEqual(world.served.ids)
    expect(world.reports.map(({ end }) => end)).toEqual(['stopped', 'complete'])
  })

  it('S9.1 after a day a serve starts at 0 again and costs ids alone', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000)))
    const { client } = await world.client('newcomer')
    await world.time.run(client.pull({ peer: SERVER }))
    await world.time.pass(24 * 3_600_000)
    const sentBefore = idsSent(world).length
    const outcome = await world.time.run(client.pull({ peer: SERVER }))
    expect(outcome).toMatchObject({ end: 'complete', gained: 0 })
    expect(world.sent.flatMap(({ message }) => (message.type === 'serve' ? [message.afterSeq] : []))).toEqual([0, 0])
    expect(idsSent(world).length).toBe(sentBefore)
  })
})

describe('A13 requests without end', () => {
  it('50 requests of one peer: one is served, the others hear BUSY with a time', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000, 1_024)))
    const clients = await Promise.all(Array.from({ length: 50 }, () => world.client('bob')))
    const outcomes = await world.time.run(Promise.all(clients.map(({ client }) => client.pull({ peer: SERVER }))))
    const busy = outcomes.filter(({ end }) => end === 'busy')
    expect(outcomes.filter(({ end }) => end === 'complete')).toHaveLength(1)
    expect(busy).toHaveLength(49)
    expect(busy.every(({ retryAfterMs }) => retryAfterMs === SEND_DEADLINE_MS)).toBe(true)
  })

  it('a peer that starts over when it has all waits like anybody else', async () => {
    const world = createServeWorld(createFakeSet(blobs(9_000)))
    const ends: string[] = []
    for (let round = 0; round < 5; round++) {
      const { client } = await world.client('bob')
      const { end, retryAfterMs } = await world.time.run(client.pull({ peer: SERVER }))
      ends.push(`${end} ${retryAfterMs}`)
    }
    expect(ends).toEqual(['complete null', ...Array(4).fill(`busy ${SERVE_LIMITS.cooldownMs}`)])
  })

  it('5 peers on one address get one serve between them, and another after the pause that was named', async () => {
    const world = createServeWorld(createFakeSet(blobs(300)))
    const clients = await Promise.all([1, 2, 3, 4, 5].map((n) => world.client(`bob${n}`)))
    const outcomes = await world.time.run(Promise.all(clients.map(({ client }) => client.pull({ peer: SERVER }))))
    expect(outcomes.map(({ end }) => end)).toEqual(['complete', 'busy', 'busy', 'busy', 'busy'])
    await world.time.pass(outcomes[1]?.retryAfterMs ?? 0)
    const again = clients[1]?.client.pull({ peer: SERVER })
    expect(await world.time.run(Promise.resolve(again))).toMatchObject({ end: 'complete', gained: 300 })
  })

  it('peers of this machine count for themselves: two at once, the third comes back later', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000, 1_024)))
    const clients = await Promise.all([1, 2, 3].map((n) => world.client(`bob${n}`, { address: '127.0.0.1' })))
    const outcomes = await world.time.run(Promise.all(clients.map(({ client }) => client.pull({ peer: SERVER }))))
    expect(outcomes.map(({ end }) => end)).toEqual(['complete', 'complete', 'busy'])
    expect(outcomes[2]?.retryAfterMs).toBe(BUSY_RETRY_MS)
    const again = clients[2]?.client.pull({ peer: SERVER })
    expect(await world.time.run(Promise.resolve(again))).toMatchObject({ end: 'complete' })
  })

  it('S9.1 who holds an offer finds the last place when strangers do not, but not within the pause of its address', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000, 1_024)))
    const at = (n: number) => world.client(`peer${n}`, { address: `192.0.2.${n}` })
    const [a, b, c] = await Promise.all([at(1), at(2), at(3)])
    const early = a.client.pull({ peer: SERVER })
    await world.time.pass(500)
    const offer = world.server.createOffer('peer3')
    expect(offer).toMatchObject({ estIds: 3_000, retryAfterMs: 0 })
    expect(offer.estBytes).toBeGreaterThan(2_500_000)
    const { token } = offer
    const stranger = b.client.pull({ peer: SERVER })
    expect(await world.time.run(stranger)).toMatchObject({ end: 'busy', retryAfterMs: OFFER_HOLD_MS })
    expect(await world.time.run(b.client.pull({ peer: SERVER, token }))).toMatchObject({ end: 'busy' })
    const pulled = c.client.pull({ peer: SERVER, token })
    await world.time.pass(500)
    expect(world.server.progress().map(({ peer }) => peer)).toEqual(['peer1', 'peer3'])
    expect(world.server.createOffer('peer4')).toMatchObject({ retryAfterMs: BUSY_RETRY_MS })
    expect(await world.time.run(Promise.all([early, pulled]))).toMatchObject([{ end: 'complete' }, { end: 'complete' }])
    const twin = await world.client('peer5', { address: '192.0.2.3' })
    const second = world.server.createOffer('peer5').token
    expect(await world.time.run(twin.client.pull({ peer: SERVER, token: second }))).toMatchObject({ end: 'busy' })
  })
})

describe('pace', () => {
  const WINDOW_MS = 10_000

  /** Bytes of every window of ten seconds that starts with a message. */
  function windows(world: ServeWorld, from: number, until: number): number[] {
    const flow = world.sent.flatMap(({ at, message }) =>
      blobBytes(message) > 0 ? [{ at, bytes: blobBytes(message) }] : [],
    )
    return flow
      .filter(({ at }) => at >= from && at + WINDOW_MS <= until)
      .map(({ at: start }) =>
        flow.filter(({ at }) => at >= start && at < start + WINDOW_MS).reduce((sum, { bytes }) => sum + bytes, 0),
      )
  }

  it.each([{ bytes: 300 }, { bytes: 20_000 }, { bytes: 262_144 }])(
    'S9.1 one peer gets its rate within 5 % over ten seconds, blobs of $bytes bytes',
    async ({ bytes }) => {
      const count = Math.ceil((SERVE_LIMITS.peerRate * 25) / bytes)
      const world = createServeWorld(createFakeSet(blobs(count, bytes)))
      const { client } = await world.client('newcomer')
      const start = world.time.clock.now()
      await world.time.run(client.pull({ peer: SERVER }))
      const end = world.time.clock.now()
      const seen = windows(world, start, end)
      expect(seen.length).toBeGreaterThan(10)
      for (const sum of seen) {
        expect(sum / ((SERVE_LIMITS.peerRate * WINDOW_MS) / 1_000)).toBeGreaterThan(0.95)
        expect(sum / ((SERVE_LIMITS.peerRate * WINDOW_MS) / 1_000)).toBeLessThanOrEqual(1.05)
      }
    },
  )

  it('S9.1 all peers together get the total rate within 5 %', async () => {
    const limits = { maxServes: 8, totalRate: 1_048_576 }
    const world = createServeWorld(createFakeSet(blobs(6_000, 1_024)), { limits })
    const clients = await Promise.all([1, 2, 3, 4, 5].map((n) => world.client(`c${n}`, { address: `192.0.2.${n}` })))
    const start = world.time.clock.now()
    await world.time.run(Promise.all(clients.map(({ client }) => client.pull({ peer: SERVER }))))
    const seen = windows(world, start, world.time.clock.now() - 1_000)
    expect(seen.length).toBeGreaterThan(10)
    for (const sum of seen) {
      expect(sum / (limits.totalRate * 10)).toBeGreaterThan(0.95)
      expect(sum / (limits.totalRate * 10)).toBeLessThanOrEqual(1.05)
    }
  })

  it('a client that wants nothing does not get ids faster than blobs', async () => {
    const all = blobs(100_000)
    const world = createServeWorld(createFakeSet(all))
    const { client } = await world.client('same', { set: createFakeSet(all) })
    const start = world.time.clock.now()
    await world.time.run(client.pull({ peer: SERVER }))
    const seconds = (world.time.clock.now() - start) / 1_000
    expect(seconds).toBeGreaterThan(((100_000 - 5 * 1_024) * 32) / SERVE_LIMITS.peerRate)
  })

  it('S9.1 while the node is busy no blob leaves, both sides show life, and the serve goes on after', async () => {
    let isBusy = false
    const world = createServeWorld(createFakeSet(blobs(4_000, 1_024)), { isBusy: () => isBusy })
    const { client, set } = await world.client('newcomer')
    const pulled = client.pull({ peer: SERVER })
    await world.time.pass(2_000)
    isBusy = true
    await world.time.pass(1_000)
    const mark = world.sent.length
    await world.time.pass(300_000)
    const meanwhile = world.sent.slice(mark)
    expect(meanwhile.filter(({ message }) => message.type !== 'keepAlive')).toEqual([])
    for (const side of [SERVER, 'newcomer']) {
      const signs = meanwhile.filter(({ from }) => from === side).map(({ at }) => at)
      expect(signs.length).toBeGreaterThanOrEqual(19)
      const gaps = signs.slice(1).map((at, index) => at - (signs[index] ?? 0))
      expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000)
    }
    isBusy = false
    expect(await world.time.run(pulled)).toMatchObject({ end: 'complete' })
    expect(set.count).toBe(4_000)
  })

  it('a slow intake slows the server down and loses nothing', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000, 1_024)), { capacity: 1 })
    const { client, set, intake } = await world.client('slow', {
      delay: () => world.time.sleep(20_000, new AbortController().signal),
    })
    const pulled = client.pull({ peer: SERVER })
    await world.time.pass(60_000)
    const ahead = world.sent.reduce((sum, { message }) => sum + blobBytes(message), 0) - intake.taken.length * 1_024
    expect(ahead).toBeLessThanOrEqual(4 * 131_072)
    expect(await world.time.run(pulled)).toMatchObject({ end: 'complete' })
    expect(set.ids).toEqual(world.served.ids)
  })
})

describe('stopping', () => {
  it('a server that stops says so, and the client may come again', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000, 1_024)))
    const { client } = await world.client('newcomer')
    const pulled = client.pull({ peer: SERVER })
    await world.time.pass(2_000)
    await world.time.run(world.server.stop())
    const outcome = await world.time.run(pulled)
    expect(outcome).toMatchObject({ end: 'incomplete' })
    expect(outcome.retryAfterMs).toBeGreaterThan(0)
    expect(outcome.lastSeq).toBeGreaterThan(0)
    const late = await world.client('late', { address: '192.0.2.9' })
    expect(await world.time.run(late.client.pull({ peer: SERVER }))).toMatchObject({ end: 'busy' })
  })

  it('a client that stops keeps its cursor and frees the place', async () => {
    const world = createServeWorld(createFakeSet(blobs(3_000, 1_024)))
    const { client } = await world.client('newcomer')
    const pulled = client.pull({ peer: SERVER })
    await world.time.pass(2_000)
    await world.time.run(client.stop())
    expect(await world.time.run(pulled)).toMatchObject({ end: 'stopped' })
    await world.time.pass(1_000)
    expect(world.server.progress()).toEqual([])
    expect(await world.time.run(client.pull({ peer: SERVER }))).toMatchObject({ end: 'stopped', gained: 0 })
  })
})
