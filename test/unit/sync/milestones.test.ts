/** When a serve, or the fetcher, has something to tell (S14). */
import { expect, it } from 'vitest'
import { createFetchMilestones, createServeMilestones } from '../../../src/sync/milestones.ts'
import type { ServeProgress } from '../../../src/sync/serve/types.ts'

const SERVE: ServeProgress = {
  peer: 'bob',
  direction: 'in',
  startedAt: 1_000,
  fromSeq: 100,
  seq: 100,
  totalSeq: 1_100,
  bytes: 0,
  bytesPerSecond: 0,
  gained: 0,
  etaMs: null,
}

function watch() {
  const told: ServeProgress[] = []
  const look = createServeMilestones((serve) => void told.push(serve))
  return { told, look, seqs: () => told.map(({ seq }) => seq) }
}

it.each<[string, readonly (readonly [number, number])[], number[]]>([
  [
    'each tenth',
    [
      [1_500, 199],
      [2_000, 200],
      [2_500, 299],
      [3_000, 305],
      [3_500, 404],
      [4_000, 1_100],
    ],
    [200, 305, 1_100],
  ],
  [
    'after ten seconds in which little or nothing came',
    [
      [10_999, 101],
      [11_000, 101],
      [20_999, 101],
      [21_000, 101],
    ],
    [101, 101],
  ],
])('S14 tells %s', (_, looks, expected) => {
  const { look, seqs } = watch()
  for (const [now, seq] of looks) look([{ ...SERVE, seq }], now)
  expect(seqs()).toEqual(expected)
})

it('S14 keeps serves apart, and forgets those that ended', () => {
  const { look, told } = watch()
  const out: ServeProgress = { ...SERVE, direction: 'out' }
  look([{ ...SERVE, seq: 200 }, out], 2_000)
  look(
    [
      { ...SERVE, seq: 200 },
      { ...out, seq: 250 },
    ],
    2_000,
  )
  look([], 3_000)
  look([{ ...SERVE, startedAt: 3_000, seq: 200 }], 4_000)
  expect(told.map(({ direction, seq }) => [direction, seq])).toEqual([
    ['in', 200],
    ['out', 250],
    ['in', 200],
  ])
})

it.each<
  [string, readonly (readonly [now: number, queued: number, done: number, failed: number])[], [number, number][]]
>([
  [
    'each tenth of what is wanted, and its end',
    [
      [1_000, 0, 50, 0],
      [2_000, 1_000, 50, 0],
      [3_000, 901, 149, 0],
      [4_000, 900, 149, 1],
      [5_000, 811, 239, 0],
      [6_000, 0, 900, 150],
      [7_000, 0, 900, 150],
    ],
    [
      [4_000, 900],
      [6_000, 0],
    ],
  ],
  [
    'every ten seconds in which little or nothing came',
    [
      [1_000, 1_000, 0, 0],
      [10_999, 1_000, 0, 0],
      [11_000, 1_000, 0, 0],
      [20_999, 999, 1, 0],
      [21_000, 999, 1, 0],
    ],
    [
      [11_000, 1_000],
      [21_000, 999],
    ],
  ],
])('S14 fetching tells %s', (_, looks, expected) => {
  let now = 0
  const at: [number, number][] = []
  const look = createFetchMilestones(({ queued }) => void at.push([now, queued]))
  const rates = { waiting: 0, bytes: 0, bytesPerSecond: 0, idsPerSecond: 0, etaMs: null }
  for (const [instant, queued, done, failed] of looks) {
    now = instant
    look({ queued, done, failed, ...rates }, now)
  }
  expect(at).toEqual(expected)
})
