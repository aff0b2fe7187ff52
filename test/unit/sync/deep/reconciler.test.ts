/** S12.3 two reconcilers beside a dumb model: both differences exact, whatever the sets, and every limit is kept. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Reaction } from '../../../../src/sync/deep/reconciler.ts'
import { hex, missing, namedIds, reconcilerOf, sha256, talk, unpack } from '../../../helpers/sync/deep.ts'

type Case = { readonly a: readonly string[]; readonly b: readonly string[] }

/** Ids spread over the space, or crowded: all but the last two bytes the same, so that bounds are long. */
const shapes: readonly ((name: string) => string)[] = [
  (name) => hex(sha256(name)),
  (name) => `${'7a'.repeat(30)}${hex(sha256(name)).slice(0, 4)}`,
  (name) => `${hex(sha256(name)).slice(0, 6)}${'00'.repeat(29)}`,
  (name) => `${hex(sha256(name)).startsWith('0') ? 'ff'.repeat(16) : '00'.repeat(16)}${hex(sha256(name)).slice(0, 32)}`,
]

const part = (max: number) => fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max }))
const cases: fc.Arbitrary<Case> = fc
  .record({
    both: part(3_000),
    onlyA: part(600),
    onlyB: part(600),
    tag: fc.string({ maxLength: 4 }),
    shape: fc.constantFrom(...shapes),
  })
  .map(({ both, onlyA, onlyB, tag, shape }) => {
    const ids = [...new Set(Array.from({ length: both + onlyA + onlyB }, (_, i) => shape(`${tag}/${i}`)))]
    return { a: ids.slice(0, both + onlyA), b: [...ids.slice(0, both), ...ids.slice(both + onlyA)] }
  })

function expectExact({ a, b }: Case, { initiator, responder }: ReturnType<typeof talk>): void {
  expect(initiator).toMatchObject({ type: 'reconciled', given: missing(b, a).length })
  expect(responder).toMatchObject({ type: 'reconciled', given: missing(a, b).length })
  expect(learned(initiator)).toEqual(missing(a, b))
  expect(learned(responder)).toEqual(missing(b, a))
  expectLacked(initiator, { own: a, exact: missing(b, a) })
  expectLacked(responder, { own: b, exact: missing(a, b) })
}

/** What the peer may lack are ids of ours, and all that it does lack. */
function expectLacked(reaction: Reaction, { own, exact }: { own: readonly string[]; exact: readonly string[] }): void {
  const lacked = reaction.type === 'reconciled' && reaction.lacked !== null ? unpack(reaction.lacked) : null
  if (lacked === null) return expect(own.length).toBeGreaterThan(4_000)
  expect(lacked).toEqual([...new Set(lacked)].sort())
  expect(missing(own, lacked)).toEqual([])
  expect(missing(lacked, exact)).toEqual([])
}

const learned = (reaction: Reaction): string[] => (reaction.type === 'reconciled' ? unpack(reaction.learned) : [])

describe('deep reconciliation', () => {
  it('S9.2 what the peer may lack is told up to 4,096 ids; it lacks nothing of ours that says it learned nothing', () => {
    const all = namedIds('lacked', 0, 9_000)
    const ends = (mine: readonly string[], theirs: readonly string[]) => {
      const { initiator, responder } = talk(reconcilerOf(mine, true), reconcilerOf(theirs, false))
      return [initiator, responder].map((end) => end.type === 'reconciled' && end.lacked && unpack(end.lacked).length)
    }
    expect(ends(all, all.slice(4_096))).toEqual([4_096, 0])
    expect(ends(all, all.slice(4_097))).toEqual([null, 0])
    expect(ends([], all)).toEqual([0, null])
  })

  it('S12.3 both sides end with exactly what they lack', () => {
    fc.assert(
      fc.property(cases, (sets) => {
        expectExact(sets, talk(reconcilerOf(sets.a, true), reconcilerOf(sets.b, false)))
      }),
      { numRuns: 40 },
    )
  })

  it('S12.3 small frames change how it is said, not what', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 256, max: 2_000 }), (sets, frameBytes) => {
        const longest = { bytes: 0 }
        const note = (payload: Uint8Array) => {
          longest.bytes = Math.max(longest.bytes, payload.byteLength)
        }
        const sides = [reconcilerOf(sets.a, true, { frameBytes }), reconcilerOf(sets.b, false, { frameBytes })] as const
        expectExact(sets, talk(...sides, note))
        expect(longest.bytes).toBeLessThanOrEqual(frameBytes)
        expect(sides[0].bytesOut).toBe(sides[1].bytesIn)
        expect(sides[1].bytesOut).toBe(sides[0].bytesIn)
        expect(sides[0].rounds).toBe(sides[1].rounds)
      }),
      { numRuns: 30 },
    )
  })

  it('S12.3 equal sets cost one short turn each way', () => {
    const ids = namedIds('equal', 0, 2_000)
    const [a, b] = [reconcilerOf(ids, true), reconcilerOf(ids, false)]
    expectExact({ a: ids, b: ids }, talk(a, b))
    expect(a.rounds).toBe(1)
    expect(a.bytesIn).toBe(1)
    expect(a.bytesOut).toBeLessThan(400)
  })

  it('S12.3 100 differences among 33,000 ids take less than 100 kB', () => {
    const ids = namedIds('atx', 0, 33_000)
    const sets = { a: ids.slice(50), b: ids.slice(0, -50) }
    const [a, b] = [reconcilerOf(sets.a, true), reconcilerOf(sets.b, false)]
    expectExact(sets, talk(a, b))
    expect(a.bytesIn + a.bytesOut).toBeLessThan(100_000)
  })

  it('S1 more than maxUnknownIds lacked ids end as a limit on both sides, whoever lacks them', () => {
    const ids = namedIds('many', 0, 1_000)
    const few = { maxUnknownIds: 500 }
    for (const [a, b] of [
      [ids, []],
      [[], ids],
      [ids.slice(0, 499), ids],
      [ids, ids.slice(0, 499)],
    ] as const) {
      const { initiator, responder } = talk(reconcilerOf(a, true, few), reconcilerOf(b, false, few))
      expect([initiator.type, responder.type]).toEqual(['limit', 'limit'])
    }
    expectExact(
      { a: ids, b: ids.slice(500) },
      talk(reconcilerOf(ids, true, few), reconcilerOf(ids.slice(500), false, few)),
    )
  })

  it('S12.3 more than maxRounds turns end as a limit on both sides', () => {
    const ids = namedIds('turns', 0, 3_000)
    const sets = { a: ids.slice(1), b: ids.slice(0, -1) }
    const run = (maxRounds: number) =>
      talk(reconcilerOf(sets.a, true, { maxRounds }), reconcilerOf(sets.b, false, { maxRounds }))
    const { initiator, responder } = run(1)
    expect([initiator.type, responder.type]).toEqual(['limit', 'limit'])
    expectExact(sets, run(2))
  })

  it('S12.3 more than maxBytes end as a limit on both sides, whoever would send them', () => {
    const ids = namedIds('bytes', 0, 1_000)
    for (const [a, b] of [
      [ids, []],
      [[], ids],
      [ids.slice(0, 500), ids.slice(500)],
    ] as const) {
      const { initiator, responder } = talk(
        reconcilerOf(a, true, { maxBytes: 8_000 }),
        reconcilerOf(b, false, { maxBytes: 8_000 }),
      )
      expect([initiator.type, responder.type]).toEqual(['limit', 'limit'])
    }
  })
})
