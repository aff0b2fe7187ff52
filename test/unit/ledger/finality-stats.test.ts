import { expect, test } from 'vitest'
import { createFinalityStats } from '../../../src/ledger/finality-stats.ts'

test('percentiles are by nearest rank over the window', () => {
  const stats = createFinalityStats()
  expect(stats.latencies(0, 60_000)).toBeNull()
  stats.recordLatency(0, 9_999)
  for (let ms = 1; ms <= 100; ms += 1) stats.recordLatency(100_000, ms)
  expect(stats.latencies(100_500, 60_000)).toEqual({ p50: 50, p95: 95, p99: 99, count: 100 })
  expect(stats.latencies(300_000, 60_000)).toBeNull()
})

test('only the newest 8,192 latencies are kept', () => {
  const stats = createFinalityStats()
  for (let i = 0; i < 10_000; i += 1) stats.recordLatency(1_000, i < 1_808 ? 1 : 2)
  expect(stats.latencies(1_000, 1)).toEqual({ p50: 2, p95: 2, p99: 2, count: 8_192 })
})

test('the rate covers the last ten whole seconds', () => {
  const stats = createFinalityStats()
  for (let second = 0; second < 30; second += 1) stats.recordFinal(second * 1_000 + 7, 50)
  expect(stats.perSecond(30_000)).toBe(50)
  expect(stats.perSecond(35_000)).toBe(25)
  expect(stats.perSecond(60_000)).toBe(0)
})
