/** Rates and times of arrival (S14). */
import { expect, it } from 'vitest'
import { createMeter } from '../../../../src/sync/serve/meter.ts'

function meterAt(start = 0) {
  let now = start
  const meter = createMeter({ peer: 'bob', direction: 'in', fromSeq: 100, clock: { now: () => now } })
  const at = (instant: number): void => {
    now = instant
  }
  return { meter, at }
}

it('S14 nothing is known before the first batch', () => {
  const { meter } = meterAt(5)
  expect(meter.progress({ totalSeq: 500, gained: 7 })).toEqual({
    peer: 'bob',
    direction: 'in',
    startedAt: 5,
    fromSeq: 100,
    seq: 100,
    totalSeq: 500,
    bytes: 0,
    bytesPerSecond: 0,
    gained: 7,
    etaMs: null,
  })
})

it('S14 an even flow tells its rate and its end; at the end nothing is left', () => {
  const { meter, at } = meterAt()
  for (let second = 1; second <= 100; second++) {
    at(second * 1_000)
    meter.note({ seq: 100 + second * 10, bytes: second * 5_000 })
  }
  expect(meter.progress({ totalSeq: 2_100, gained: 0 })).toMatchObject({
    seq: 1_100,
    bytes: 500_000,
    bytesPerSecond: 5_000,
    etaMs: 100_000,
  })
  expect(meter.progress({ totalSeq: 1_100, gained: 0 })).toMatchObject({ etaMs: 0 })
})

it('S14 the rate is that of the last half minute: a flow that stops has none', () => {
  const { meter, at } = meterAt()
  for (let second = 1; second <= 60; second++) {
    at(second * 1_000)
    meter.note({ seq: 100 + second, bytes: second * 1_000 })
  }
  at(75_000)
  expect(meter.progress({ totalSeq: 1_000, gained: 0 }).bytesPerSecond).toBeLessThan(700)
  at(200_000)
  expect(meter.progress({ totalSeq: 1_000, gained: 0 })).toMatchObject({ bytesPerSecond: 0, etaMs: null })
})
