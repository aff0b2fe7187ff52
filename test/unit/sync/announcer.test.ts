/** Announcements over gossip are judged whole before they are passed on (S8). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AtxAnnouncement } from '../../../src/protocols/wire/atx.gen.ts'
import { createAnnouncer, MAX_INLINE_BYTES } from '../../../src/sync/announcer.ts'
import type { Verdict } from '../../../src/sync/intake/types.ts'

const ID = 'ab'.repeat(32)
const bytesOf = (id: string) => Buffer.from(id, 'hex')

function setUp(facts: { verdict?: Verdict; has?: boolean; rejected?: boolean; settles?: boolean } = {}) {
  const published: Uint8Array[] = []
  const wanted: unknown[] = []
  const taken: unknown[] = []
  const counts: string[] = []
  const announcer = createAnnouncer({
    topic: {
      async publish(message) {
        published.push(message)
        return 3
      },
    },
    intake: {
      async take(arrivals) {
        taken.push(...arrivals)
        return arrivals.map(() => facts.verdict ?? 'inserted')
      },
      isRejected: () => facts.rejected ?? false,
    },
    now: () => 7,
    has: () => facts.has ?? false,
    want: (id, from) => wanted.push([id, from]),
    settled: async () => facts.settles ?? false,
    counted: (outcome) => counts.push(outcome),
  })
  const judge = (blob = new Uint8Array([1]), relay = 'relay') =>
    announcer.judge('author', AtxAnnouncement.encode({ id: bytesOf(ID), blob }), relay)
  return { announcer, published, wanted, taken, counts, judge }
}

describe('S8 announcing', () => {
  it.each([
    [MAX_INLINE_BYTES, MAX_INLINE_BYTES],
    [MAX_INLINE_BYTES + 1, 0],
  ])('a blob of %i bytes goes with %i bytes beside its id', async (size, inline) => {
    const { announcer, published } = setUp()
    expect(await announcer.announce(ID, new Uint8Array(size))).toBe(3)
    const { id, blob } = AtxAnnouncement.decode(published[0] as Uint8Array)
    expect([Buffer.from(id).toString('hex'), blob.byteLength]).toEqual([ID, inline])
  })
})

describe('S8 judging', () => {
  it.each<[Verdict, string]>([
    ['inserted', 'accept'],
    ['known', 'ignore'],
    ['mismatch', 'reject'],
    ['bad-signature', 'reject'],
    ['too-big', 'reject'],
    ['malformed', 'reject'],
    ['invalid', 'reject'],
    ['early', 'ignore'],
    ['full', 'ignore'],
  ])('a blob the intake calls %s: %s', async (verdict, expected) => {
    const { judge, taken, counts } = setUp({ verdict })
    expect(await judge()).toBe(expected)
    expect(taken).toEqual([{ id: ID, blob: new Uint8Array([1]), receivedAt: 7, source: 'gossip', from: 'relay' }])
    expect(counts).toEqual([expected])
  })

  it.each([
    [true, 'accept'],
    [false, 'ignore'],
  ])('one that waits for what it builds on is passed on when that came (%s)', async (settles, expected) => {
    expect(await setUp({ verdict: 'waiting', settles }).judge()).toBe(expected)
  })

  it.each([
    ['relay', ['relay', 'author'], true, 'accept'],
    ['author', ['author'], false, 'ignore'],
  ])('an id alone is fetched from %s first', async (relay, from, settles, expected) => {
    const { judge, wanted, taken } = setUp({ settles })
    expect(await judge(new Uint8Array(0), relay)).toBe(expected)
    expect(wanted).toEqual([[ID, from]])
    expect(taken).toEqual([])
  })

  it('what is here already, and what was rejected before, costs nothing', async () => {
    const known = setUp({ has: true })
    expect(await known.judge()).toBe('ignore')
    const rejected = setUp({ rejected: true })
    expect(await rejected.judge()).toBe('reject')
    expect([...known.taken, ...rejected.taken]).toEqual([])
  })

  it('judges a bounded number at once', async () => {
    let release: (value: boolean) => void = () => undefined
    const { promise, resolve } = Promise.withResolvers<boolean>()
    release = resolve
    const announcer = createAnnouncer({
      topic: { publish: async () => 0 },
      intake: { take: async () => ['waiting'], isRejected: () => false },
      now: () => 0,
      has: () => false,
      want: () => undefined,
      settled: () => promise,
      counted: () => undefined,
    })
    const message = AtxAnnouncement.encode({ id: bytesOf(ID), blob: new Uint8Array([1]) })
    const judged = Array.from({ length: 1_001 }, () => announcer.judge('a', message, 'b'))
    expect(announcer.pending).toBe(1_000)
    expect(await judged[1_000]).toBe('ignore')
    release(true)
    expect(new Set(await Promise.all(judged.slice(0, 1_000)))).toEqual(new Set(['accept']))
    expect(announcer.pending).toBe(0)
  })

  it('other bytes are rejected, and never thrown at', async () => {
    const { announcer } = setUp()
    expect(
      await announcer.judge('a', AtxAnnouncement.encode({ id: bytesOf('ab'), blob: new Uint8Array(0) }), 'b'),
    ).toBe('reject')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (message) => {
        expect(['accept', 'ignore', 'reject']).toContain(await announcer.judge('a', message, 'b'))
      }),
    )
  })
})
