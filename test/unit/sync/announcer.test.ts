/** Announcements over gossip are judged whole before they are passed on (S8). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AtxAnnouncement } from '../../../src/protocols/wire/atx.gen.ts'
import { createAnnouncer, MAX_INLINE_BYTES } from '../../../src/sync/announcer.ts'
import type { Verdict } from '../../../src/sync/intake/types.ts'
import { until } from '../../helpers/until.ts'

const ID = 'ab'.repeat(32)
const bytesOf = (id: string) => Buffer.from(id, 'hex')

type Facts = {
  readonly verdict?: Verdict
  readonly has?: boolean
  readonly rejected?: boolean
  readonly settles?: boolean
  /** Who is asked on account of the announcement. */
  readonly asked?: readonly string[]
  readonly refused?: readonly string[]
  /** Who answers that it does not have it. */
  readonly deniedBy?: string
}

function setUp(facts: Facts = {}) {
  const published: Uint8Array[] = []
  const wanted: unknown[] = []
  const taken: unknown[] = []
  const waits: unknown[] = []
  const useless: string[] = []
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
    want(id, from) {
      wanted.push([id, from])
      return facts.asked ?? from
    },
    async settled({ denied, ...wait }) {
      waits.push(wait)
      if (facts.deniedBy !== undefined) denied?.(facts.deniedBy)
      return facts.settles ?? false
    },
    isRefused: (peer) => facts.refused?.includes(peer) ?? false,
    useless: (relay) => useless.push(relay),
    counted: (outcome) => counts.push(outcome),
  })
  const judge = (blob = new Uint8Array([1]), relay = 'relay') =>
    announcer.judge('author', AtxAnnouncement.encode({ id: bytesOf(ID), blob }), relay)
  return { announcer, published, wanted, taken, waits, useless, counts, judge }
}

/** An announcer whose intake answers, and whose waits end, when the test says so. */
function slowIntake() {
  const taking = Promise.withResolvers<Verdict>()
  const announcer = createAnnouncer({
    topic: { publish: async () => 0 },
    intake: { take: async () => [await taking.promise], isRejected: () => false },
    now: () => 0,
    has: () => false,
    want: (_, from) => from,
    settled: () => new Promise(() => undefined),
    isRefused: () => false,
    useless: () => undefined,
    counted: () => undefined,
  })
  const message = AtxAnnouncement.encode({ id: bytesOf(ID), blob: new Uint8Array([1]) })
  const bare = AtxAnnouncement.encode({ id: bytesOf(ID), blob: new Uint8Array(0) })
  const judge = (relay: string, count: number, what = message) =>
    Array.from({ length: count }, () => announcer.judge('author', what, relay))
  return { announcer, judge, bare, answer: taking.resolve }
}

describe('S8 judging at once', () => {
  it('a bounded number of blobs of one relay, which leaves room for others', async () => {
    const { announcer, judge, answer } = slowIntake()
    const mallory = judge('mallory', 251)
    expect(await mallory[250]).toBe('ignore')
    const carol = judge('carol', 1)
    expect(announcer.pending).toBe(251)
    answer('inserted')
    expect(await Promise.all([...mallory.slice(0, 250), ...carol])).toEqual(Array.from({ length: 251 }, () => 'accept'))
    expect(announcer.pending).toBe(0)
    expect(await Promise.all(judge('mallory', 250))).not.toContain('ignore')
  })

  it('a bounded number of blobs in all', async () => {
    const { announcer, judge, answer } = slowIntake()
    const judged = ['a', 'b', 'c', 'd', 'e'].flatMap((relay) => judge(relay, 250))
    expect(announcer.pending).toBe(1_000)
    expect(await judged[1_000]).toBe('ignore')
    answer('inserted')
    expect(new Set(await Promise.all(judged.slice(0, 1_000)))).toEqual(new Set(['accept']))
  })

  it('ids alone, and blobs that wait for what they build on, take no place of those that are judged', async () => {
    const { announcer, judge, bare, answer } = slowIntake()
    judge('mallory', 300, bare)
    expect(announcer.pending).toBe(0)
    judge('mallory', 250)
    answer('waiting')
    await until(() => announcer.pending === 0)
  })
})

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

  it('a wait is on the account of the relay, whoever the author is', async () => {
    const { judge, waits } = setUp({ verdict: 'waiting' })
    await judge()
    await judge(new Uint8Array(0))
    const wait = { id: ID, peer: 'relay', withinMs: 8_000 }
    expect(waits).toEqual([wait, wait])
  })

  it.each<[string, Facts, string, readonly string[]]>([
    ['the relay does not have it', { deniedBy: 'relay' }, 'ignore', ['relay']],
    ['the author brings it in place of the relay', { deniedBy: 'relay', settles: true }, 'accept', ['relay']],
    ['the author does not have it', { deniedBy: 'author' }, 'ignore', []],
    ['the relay was asked before it announced it', { deniedBy: 'relay', asked: ['author'] }, 'ignore', []],
    ['nobody says a word', {}, 'ignore', []],
  ])(
    'an id alone, and %s: never rejected, which others who passed it on would pay for',
    async (_, facts, expected, useless) => {
      const announced = setUp(facts)
      expect(await announced.judge(new Uint8Array(0))).toBe(expected)
      expect(announced.useless).toEqual(useless)
    },
  )

  it("what a blob builds on may be anybody's to lack", async () => {
    const { judge, useless } = setUp({ verdict: 'waiting', deniedBy: 'relay' })
    expect([await judge(), useless]).toEqual(['ignore', []])
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
