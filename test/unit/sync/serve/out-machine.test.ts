/** The server's machine of one serve, rule by rule, and against any input (S9.1). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bitmapOf } from '../../../../src/sync/serve/bitmap.ts'
import { BATCH_IDS, BATCHES_IN_FLIGHT, KEEP_ALIVE_MS, WANT_DEADLINE_MS } from '../../../../src/sync/serve/bounds.ts'
import { createOutState, outStep } from '../../../../src/sync/serve/out-machine.ts'
import type { OutEffect, OutInput } from '../../../../src/sync/serve/types.ts'

type Bare = OutInput extends infer I ? (I extends unknown ? Omit<I, 'now' | 'total'> : never) : never

function machine(start: { readonly fromSeq?: number; readonly maxBytes?: number; readonly total: number }) {
  const { fromSeq = 0, maxBytes = 0 } = start
  const world = { now: 0, total: start.total }
  const state = createOutState({ now: 0, fromSeq, maxBytes, total: world.total })
  const feed = (input: Bare): OutEffect[] => outStep(state, { ...input, ...world } as OutInput)
  const all = (count: number) => bitmapOf(count, () => true)
  return {
    state,
    world,
    feed,
    want: (firstSeq: number, count: number) => feed({ type: 'wantReceived', firstSeq, bitmap: all(count) }),
    /** The batch under delivery leaves at once. */
    deliver(uptoSeq: number, bytes: number, isSpent = false) {
      return [...feed({ type: 'blobsSent', uptoSeq, bytes }), ...feed({ type: 'delivered', isSpent })]
    },
  }
}

const offers = (effects: readonly OutEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'offer' ? [[effect.firstSeq, effect.count, effect.totalSeq]] : []))
const types = (effects: readonly OutEffect[]) => effects.map(({ type }) => type)

describe('offering', () => {
  it('S9.1 four batches at once, another when the oldest is delivered', () => {
    const { feed, want, deliver } = machine({ total: 10_000 })
    expect(offers(feed({ type: 'started' }))).toEqual([0, 1, 2, 3].map((n) => [n * BATCH_IDS, BATCH_IDS, 10_000]))
    expect(offers(want(0, BATCH_IDS))).toEqual([])
    expect(offers(deliver(BATCH_IDS, 5))).toEqual([[4 * BATCH_IDS, BATCH_IDS, 10_000]])
  })

  it('S9.1 from the cursor on; the last batch is short', () => {
    const { feed } = machine({ fromSeq: 9_000, total: 10_030 })
    expect(offers(feed({ type: 'started' }))).toEqual([
      [9_000, 1_024, 10_030],
      [10_024, 6, 10_030],
    ])
  })

  it('S9.1 whoever has all hears that at once', () => {
    const { feed } = machine({ fromSeq: 7, total: 7 })
    expect(feed({ type: 'started' })).toEqual([{ type: 'finish', end: 'complete', reason: '', uptoSeq: 7 }])
  })

  it('the end follows a set that grew by a batch, not by less', () => {
    for (const [grown, next] of [
      [10 + BATCH_IDS, [[10, BATCH_IDS, 10 + BATCH_IDS]]],
      [9 + BATCH_IDS, []],
    ] as const) {
      const { feed, world, want } = machine({ total: 10 })
      feed({ type: 'started' })
      world.total = grown
      expect(offers(want(0, 10))).toEqual(next)
    }
  })
})

describe('delivering', () => {
  it('S9.1 one batch after the other, in the order of the ids', () => {
    const { feed, want, deliver } = machine({ total: 2_048 })
    feed({ type: 'started' })
    expect(want(0, BATCH_IDS)).toMatchObject([
      { type: 'deliver', firstSeq: 0, budget: Number.POSITIVE_INFINITY },
      { type: 'wake' },
    ])
    expect(types(want(BATCH_IDS, BATCH_IDS))).toEqual(['wake'])
    expect(deliver(BATCH_IDS, 5)).toContainEqual(expect.objectContaining({ type: 'deliver', firstSeq: BATCH_IDS }))
    expect(deliver(2 * BATCH_IDS, 5).at(-1)).toMatchObject({ type: 'finish', end: 'complete', uptoSeq: 2_048 })
  })

  it('S5 the bytes that are left are the budget; spent bytes end the serve', () => {
    const { feed, want, deliver } = machine({ total: 2_048, maxBytes: 100 })
    feed({ type: 'started' })
    want(0, BATCH_IDS)
    want(BATCH_IDS, BATCH_IDS)
    expect(deliver(BATCH_IDS, 60)).toContainEqual(expect.objectContaining({ type: 'deliver', budget: 40 }))
    expect(deliver(1_030, 40, true).at(-1)).toMatchObject({ type: 'finish', end: 'limit', uptoSeq: 1_030 })
  })
})

describe('time', () => {
  it('S9.1 shows life when nothing else leaves, and not sooner', () => {
    const { feed, world, want } = machine({ total: 10 })
    feed({ type: 'started' })
    expect(want(0, 10)).toContainEqual({ type: 'wake', delayMs: KEEP_ALIVE_MS })
    world.now = KEEP_ALIVE_MS - 1
    expect(feed({ type: 'woke' })).toEqual([{ type: 'wake', delayMs: 1 }])
    world.now = KEEP_ALIVE_MS
    expect(feed({ type: 'woke' })).toEqual([
      { type: 'keepAlive', done: 0, total: 10 },
      { type: 'wake', delayMs: KEEP_ALIVE_MS },
    ])
  })

  it('a batch without an answer ends the serve; an answer gives the next one as long', () => {
    const { feed, world, want } = machine({ total: 2_048 })
    feed({ type: 'started' })
    world.now = WANT_DEADLINE_MS - 1
    want(0, BATCH_IDS)
    world.now = 2 * WANT_DEADLINE_MS - 2
    expect(types(feed({ type: 'woke' }))).not.toContain('finish')
    world.now = 2 * WANT_DEADLINE_MS - 1
    expect(feed({ type: 'woke' })).toMatchObject([{ type: 'finish', end: 'stalled' }])
  })
})

describe('misbehaviour', () => {
  it.each<[string, Bare]>([
    ['another place', { type: 'wantReceived', firstSeq: 1, bitmap: Uint8Array.of(0, 0) }],
    ['a bit outside', { type: 'wantReceived', firstSeq: 0, bitmap: Uint8Array.of(0, 4) }],
    ['a short bitmap', { type: 'wantReceived', firstSeq: 0, bitmap: Uint8Array.of(0) }],
    ['a long bitmap', { type: 'wantReceived', firstSeq: 0, bitmap: Uint8Array.of(0, 0, 0) }],
    ['a stray message', { type: 'strayReceived', what: 'a list in a serve' }],
  ])('P %s', (_, input) => {
    const { feed } = machine({ total: 10 })
    feed({ type: 'started' })
    expect(feed(input)).toMatchObject([
      { type: 'misbehaved', evidence: 'P' },
      { type: 'finish', end: 'misbehaved' },
    ])
  })

  it('P an answer to nothing', () => {
    const { feed, want } = machine({ total: 10 })
    feed({ type: 'started' })
    want(0, 10)
    expect(types(want(0, 10))).toEqual(['misbehaved', 'finish'])
  })
})

it.each<[Bare, string]>([
  [{ type: 'closed', reason: 'gone' }, 'lost'],
  [{ type: 'stopped', reason: 'the node stops' }, 'stopped'],
])('%j ends the serve, and nothing happens after the end', (input, end) => {
  const { feed, state } = machine({ total: 10 })
  feed({ type: 'started' })
  expect(feed(input)).toMatchObject([{ type: 'finish', end }])
  expect(feed({ type: 'woke' })).toEqual([])
  expect(feed({ type: 'blobsSent', uptoSeq: 3, bytes: 3 })).toEqual([])
  expect(state.batches).toEqual([])
})

it('property: total on any input of a peer; places never go back, never more batches than allowed, one end', () => {
  const peer = fc.oneof(
    fc.record({
      type: fc.constant('wantReceived' as const),
      firstSeq: fc.oneof(fc.constantFrom(0, 1_024, 2_048, 3_072), fc.nat()),
      bitmap: fc.oneof(fc.constantFrom(new Uint8Array(128), new Uint8Array(122)), fc.uint8Array({ maxLength: 130 })),
    }),
    fc.constant({ type: 'keepAliveReceived' } as const),
    fc.constant({ type: 'woke' } as const),
    fc.constant({ type: 'started' } as const),
    fc.record({ type: fc.constant('strayReceived' as const), what: fc.string() }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.record({ input: peer, passMs: fc.nat(20_000), grow: fc.nat(2_000), delivers: fc.boolean() })),
      fc.nat(4_000),
      (steps, total) => {
        const { feed, state, world } = machine({ total })
        const seen: OutEffect[] = []
        for (const { input, passMs, grow, delivers } of steps) {
          world.now += passMs
          world.total += grow
          const before = state.deliveredTo
          seen.push(...feed(input))
          const batch = state.batches[0]
          if (delivers && state.isDelivering && batch !== undefined) {
            seen.push(...feed({ type: 'blobsSent', uptoSeq: batch.firstSeq + batch.count, bytes: 1 }))
            seen.push(...feed({ type: 'delivered', isSpent: false }))
          }
          expect(state.batches.length).toBeLessThanOrEqual(BATCHES_IN_FLIGHT)
          expect(state.deliveredTo).toBeGreaterThanOrEqual(before)
          expect(state.deliveredTo).toBeLessThanOrEqual(state.offeredTo)
          expect(state.offeredTo).toBeLessThanOrEqual(world.total)
        }
        expect(seen.filter(({ type }) => type === 'finish').length).toBe(state.isEnded ? 1 : 0)
        const offered = offers(seen).map(([firstSeq]) => firstSeq)
        expect(offered).toEqual([...new Set(offered)].sort((a, b) => (a ?? 0) - (b ?? 0)))
      },
    ),
  )
})
