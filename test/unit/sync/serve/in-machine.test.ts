/** The client's machine of one serve, rule by rule, and against any input (S9.1). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_REJECTED } from '../../../../src/sync/intake/bounds.ts'
import type { Verdict } from '../../../../src/sync/intake/types.ts'
import type { Item } from '../../../../src/sync/messages.ts'
import { bitmapOf } from '../../../../src/sync/serve/bitmap.ts'
import { BATCHES_IN_FLIGHT, KEEP_ALIVE_MS, PATIENCE_MS, SILENCE_MS } from '../../../../src/sync/serve/bounds.ts'
import { createInState, inStep } from '../../../../src/sync/serve/in-machine.ts'
import type { InEffect, InInput } from '../../../../src/sync/serve/types.ts'
import { fakeBlob } from '../../../helpers/sync/serve-set.ts'

type Bare = InInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

const idAt = (seq: number) => fakeBlob(seq).id
const packed = (firstSeq: number, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, index) => idAt(firstSeq + index)).join(''), 'hex')
const item = (seq: number): Item => ({ ...fakeBlob(seq), status: 'ok' })
const items = (...seqs: readonly number[]) => seqs.map(item)

function ids(
  firstSeq: number,
  count: number,
  parts: { lacks?: (seq: number) => boolean; total?: number; held?: number } = {},
): Bare {
  const { lacks = () => true, total = firstSeq + count, held = 0 } = parts
  const bitmap = bitmapOf(count, (index) => lacks(firstSeq + index))
  return { type: 'idsReceived', firstSeq, ids: packed(firstSeq, count), totalSeq: total, bitmap, held }
}
const give = (firstSeq: number, uptoSeq: number, given: readonly Item[]): Bare => ({
  type: 'blobsReceived',
  firstSeq,
  uptoSeq,
  items: given,
})
const taken = (...verdicts: readonly Verdict[]): Bare => ({ type: 'taken', verdicts })
const end = (uptoSeq: number, complete = true): Bare => ({
  type: 'endReceived',
  uptoSeq,
  complete,
  reason: '',
  retryAfterMs: 0,
})

function machine(start: { readonly fromSeq?: number; readonly maxBytes?: number } = {}) {
  const world = { now: 0 }
  const state = createInState({ now: 0, fromSeq: start.fromSeq ?? 0, maxBytes: start.maxBytes ?? 0 })
  const feed = (...inputs: readonly Bare[]): InEffect[] => {
    let effects: InEffect[] = []
    for (const input of inputs) effects = inStep(state, { ...input, ...world } as InInput)
    return effects
  }
  return { state, world, feed }
}

const ends = (effects: readonly InEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'finish' ? [effect.outcome.end] : []))

describe('the way of a batch', () => {
  it('S9.1 ids, a want, blobs, the intake, the cursor, the end', () => {
    const { feed } = machine()
    const lacks = (seq: number) => seq !== 1
    expect(feed(ids(0, 3, { lacks, held: 1 }))).toMatchObject([
      { type: 'want', firstSeq: 0, bitmap: Uint8Array.of(0b101) },
      { type: 'wake' },
    ])
    expect(feed(give(0, 2, items(0)))).toMatchObject([{ type: 'take', blobs: [{ id: idAt(0) }] }, { type: 'wake' }])
    expect(feed(taken('inserted'))).toMatchObject([{ type: 'saveCursor', uptoSeq: 2 }, { type: 'wake' }])
    feed(give(2, 3, items(2)), taken('known'))
    expect(feed(end(3))).toEqual([
      {
        type: 'finish',
        outcome: { end: 'complete', reason: '', gained: 1, bytes: 128, lastSeq: 3, retryAfterMs: null },
      },
    ])
  })

  it('S9.1 the cursor moves over ids that are here already', () => {
    const { feed } = machine()
    feed(ids(0, 3, { lacks: () => false, held: 3 }))
    expect(feed(give(0, 3, []))).toMatchObject([{ type: 'take', blobs: [] }, { type: 'wake' }])
    expect(feed(taken())).toMatchObject([{ type: 'saveCursor', uptoSeq: 3 }, { type: 'wake' }])
  })

  it('S9.1 a resume goes on at the cursor, or at 0 when the server does not know the place', () => {
    for (const firstSeq of [50, 0]) {
      const { feed, state } = machine({ fromSeq: 50 })
      feed(ids(firstSeq, 2), give(firstSeq, firstSeq + 2, items(firstSeq, firstSeq + 1)), taken('inserted', 'known'))
      expect(state.takenTo).toBe(firstSeq + 2)
    }
    const { feed } = machine({ fromSeq: 50 })
    expect(ends(feed(ids(49, 2)))).toEqual(['misbehaved'])
  })

  it('S9.1 four batches in flight, not five', () => {
    const { feed } = machine()
    for (const firstSeq of [0, 1, 2, 3]) expect(ends(feed(ids(firstSeq, 1)))).toEqual([])
    expect(ends(feed(ids(4, 1)))).toEqual(['misbehaved'])
  })

  it('more familiar ids than the set and the rejected ones together are repeats', () => {
    const { feed, state } = machine()
    state.familiar = MAX_REJECTED + 4
    expect(ends(feed(ids(0, 1, { lacks: () => false, held: 5 })))).toEqual([])
    expect(ends(feed(ids(1, 1, { lacks: () => false, held: 5 })))).toEqual(['misbehaved'])
  })

  it('S5 bytes up to the wish, not above', () => {
    for (const [maxBytes, expected] of [
      [128, []],
      [127, ['misbehaved']],
    ] as const) {
      const { feed } = machine({ maxBytes })
      expect(ends(feed(ids(0, 2), give(0, 2, items(0, 1))))).toEqual(expected)
    }
  })
})

describe('verdicts', () => {
  it.each<[Verdict, string | null, string | null]>([
    ['inserted', null, null],
    ['known', null, null],
    ['waiting', null, null],
    ['early', null, null],
    ['full', 'overloaded', null],
    ['mismatch', 'misbehaved', 'E5'],
    ['bad-signature', 'misbehaved', 'E5'],
    ['too-big', 'misbehaved', 'E5'],
    ['malformed', 'misbehaved', 'E5'],
    ['invalid', 'misbehaved', 'E5'],
  ])('S9.2 %s: ends it as %s with evidence %s', (verdict, ended, evidence) => {
    const { feed, state } = machine()
    const effects = feed(ids(0, 2), give(0, 1, items(0)), taken(verdict))
    expect(ends(effects)).toEqual(ended === null ? [] : [ended])
    expect(effects.flatMap((effect) => (effect.type === 'misbehaved' ? [effect.evidence] : []))).toEqual(
      evidence === null ? [] : [evidence],
    )
    expect(state.takenTo).toBe(ended === null ? 1 : 0)
  })

  it('S9.2 E4 nineteen lost blobs are borne, or one in twenty, as with lists; more is an offence', () => {
    const lost = (seq: number): Item => ({ id: idAt(seq), status: 'not-found' })
    const seqs = Array.from({ length: 1_000 }, (_, seq) => seq)
    for (const [count, missing, expected] of [
      [19, 19, []],
      [20, 20, ['misbehaved']],
      [1_000, 50, []],
      [1_000, 51, ['misbehaved']],
    ] as const) {
      const { feed } = machine()
      const given = seqs.slice(0, count).map((seq) => (seq < missing ? lost(seq) : item(seq)))
      expect(ends(feed(ids(0, count), give(0, count, given)))).toEqual(expected)
    }
  })
})

describe('time', () => {
  it('S9.1 shows life every fifteen seconds, whatever it hears', () => {
    const { feed, world } = machine()
    expect(feed({ type: 'started' })).toEqual([{ type: 'wake', delayMs: KEEP_ALIVE_MS }])
    world.now = KEEP_ALIVE_MS
    expect(feed({ type: 'woke' })).toMatchObject([{ type: 'keepAlive', done: 0, total: 0 }, { type: 'wake' }])
  })

  it('a silent server has stalled after half a minute; a sign of life gives it as long again', () => {
    const { feed, world } = machine()
    feed({ type: 'started' })
    world.now = SILENCE_MS - 1
    feed({ type: 'keepAliveReceived' })
    world.now = 2 * SILENCE_MS - 2
    expect(ends(feed({ type: 'woke' }))).toEqual([])
    world.now = 2 * SILENCE_MS - 1
    expect(ends(feed({ type: 'woke' }))).toEqual(['stalled'])
  })

  it('while the intake works nobody is blamed for silence', () => {
    const { feed, world } = machine()
    feed(ids(0, 1), give(0, 1, items(0)))
    world.now = 5 * SILENCE_MS
    expect(ends(feed({ type: 'woke' }))).toEqual([])
    expect(ends(feed(taken('inserted')))).toEqual([])
    world.now += SILENCE_MS
    expect(ends(feed({ type: 'woke' }))).toEqual(['stalled'])
  })

  it('signs of life alone are not enough for ever', () => {
    const { feed, world } = machine()
    const seen: string[] = []
    for (; world.now < PATIENCE_MS; world.now += KEEP_ALIVE_MS) seen.push(...ends(feed({ type: 'keepAliveReceived' })))
    expect(seen).toEqual([])
    expect(ends(feed({ type: 'keepAliveReceived' }))).toEqual(['stalled'])
  })
})

it.each<[Bare, string]>([
  [{ type: 'closed', reason: 'gone' }, 'lost'],
  [{ type: 'stopped', reason: 'the node stops' }, 'stopped'],
  [{ type: 'problemReceived', code: 'busy', text: '', retryAfterMs: 7 }, 'busy'],
  [{ type: 'problemReceived', code: 'protocol', text: '', retryAfterMs: 0 }, 'refused'],
  [end(0, false), 'incomplete'],
])('%j ends the serve, and nothing happens after the end', (input, expected) => {
  const { feed, state } = machine()
  expect(ends(feed({ type: 'started' }, input))).toEqual([expected])
  expect(feed(ids(0, 1))).toEqual([])
  expect(state.batches).toEqual([])
})

it('property: total on any input of a peer; the cursor never passes what came, one end', () => {
  const seq = fc.oneof({ weight: 4, arbitrary: fc.nat(6) }, fc.nat())
  const peer: fc.Arbitrary<Bare> = fc.oneof(
    fc
      .record({ first: fc.nat(6), count: fc.nat(3), total: seq, held: fc.nat(9), lacks: fc.boolean() })
      .map((drawn) =>
        ids(drawn.first, drawn.count, { total: drawn.total, held: drawn.held, lacks: () => drawn.lacks }),
      ),
    fc
      .record({ first: fc.nat(6), upto: seq, given: fc.array(fc.nat(6).map(item), { maxLength: 3 }) })
      .map((drawn) => give(drawn.first, drawn.upto, drawn.given)),
    fc.constant<Bare>({ type: 'keepAliveReceived' }),
    fc.constant<Bare>({ type: 'woke' }),
    fc.record({ upto: seq, complete: fc.boolean() }).map(({ upto, complete }) => end(upto, complete)),
    fc.constant<Bare>({ type: 'strayReceived', what: 'anything' }),
  )
  const verdict = fc.constantFrom<Verdict>('inserted', 'known', 'waiting', 'early')
  fc.assert(
    fc.property(fc.array(fc.record({ input: peer, verdict, passMs: fc.nat(9_000), takes: fc.boolean() })), (steps) => {
      const { feed, state, world } = machine()
      let finished = 0
      for (const { input, verdict: given, passMs, takes } of steps) {
        world.now += passMs
        finished += ends(feed(input)).length
        const taking = state.taking[0]
        if (takes && taking !== undefined) finished += ends(feed(taken(...Array(taking.count).fill(given)))).length
        expect(state.takenTo).toBeLessThanOrEqual(state.receivedTo)
        expect(state.receivedTo).toBeLessThanOrEqual(state.nextSeq ?? 0)
        expect(state.batches.length).toBeLessThanOrEqual(BATCHES_IN_FLIGHT)
      }
      expect(finished).toBe(state.isEnded ? 1 : 0)
    }),
    { numRuns: 500 },
  )
})
