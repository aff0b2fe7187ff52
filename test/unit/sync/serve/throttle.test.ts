/** The pace of serving against a model that adds up windows (S9.1). */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createThrottle } from '../../../../src/sync/serve/throttle.ts'

const WINDOW_MS = 10_000
const limits = { totalRate: 2_097_152, peerRate: 524_288 }

type Leaving = { readonly at: number; readonly bytes: number; readonly peer: string }

/** Each of `peers` sends messages one after the other, each when it may and a little later; all as fast as they can. */
function run(
  peers: number,
  draw: { readonly sizes: readonly number[]; readonly lateMs: readonly number[] },
): Leaving[] {
  let now = 0
  const throttle = createThrottle(limits, { now: () => now })
  const left: Leaving[] = []
  const waiting = Array.from({ length: peers }, (_, n) => ({ peer: `p${n}`, at: 0, bytes: 0, turn: n }))
  while (now < 30_000) {
    const next = waiting.reduce((a, b) => (b.at < a.at ? b : a))
    now = next.at
    if (next.bytes > 0) left.push({ at: now, bytes: next.bytes, peer: next.peer })
    next.bytes = draw.sizes[next.turn % draw.sizes.length] ?? 1
    next.at = now + throttle.reserve(next.peer, next.bytes) + (draw.lateMs[next.turn % draw.lateMs.length] ?? 0)
    next.turn++
  }
  return left
}

/** Bytes of every window that starts with a message and is over before the last one. */
function windowSums(left: readonly Leaving[]): number[] {
  const last = left.at(-1)?.at ?? 0
  const sums: number[] = []
  let sum = 0
  let end = 0
  for (const { at: start, bytes } of left) {
    if (start + WINDOW_MS > last) break
    for (; (left[end]?.at ?? last) < start + WINDOW_MS; end++) sum += left[end]?.bytes ?? 0
    sums.push(sum)
    sum -= bytes
  }
  return sums
}

it('S9.1 property: every window of ten seconds is within 5 % of the rate, for one peer and for all', () => {
  const draw = fc.record({
    peers: fc.integer({ min: 1, max: 7 }),
    sizes: fc.array(fc.integer({ min: 8_192, max: 131_072 }), { minLength: 1, maxLength: 20 }),
    lateMs: fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 20 }),
  })
  fc.assert(
    fc.property(draw, ({ peers, ...rest }) => {
      const left = run(peers, rest)
      const rate = Math.min(limits.totalRate, peers * limits.peerRate)
      const sums = windowSums(left)
      expect(sums.length).toBeGreaterThan(0)
      expect(Math.max(...sums)).toBeLessThanOrEqual(rate * 10 * 1.05)
      expect(Math.min(...sums)).toBeGreaterThanOrEqual(rate * 10 * 0.95)
      for (let n = 0; n < peers; n++) {
        const own = windowSums(left.filter(({ peer }) => peer === `p${n}`))
        expect(Math.max(...own)).toBeLessThanOrEqual(limits.peerRate * 10 * 1.05)
      }
    }),
    { numRuns: 40 },
  )
})

it('a peer cannot shed its debt by coming again, and is forgotten when it is paid', () => {
  let now = 0
  const throttle = createThrottle(limits, { now: () => now })
  throttle.reserve('bob', 10 * limits.peerRate)
  for (now = 0; now < 1_000; now++) throttle.reserve(`other${now}`, 0)
  expect(throttle.reserve('bob', 0)).toBeGreaterThan(8_000)
  expect(throttle.size).toBeLessThan(200)
  now = 20_000
  throttle.reserve('eve', 0)
  expect(throttle.size).toBe(1)
})
