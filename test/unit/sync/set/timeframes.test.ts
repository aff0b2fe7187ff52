/** Timeframes and epochs on the calendar (S3.1), and the first instant an ATX can exist (S9.2). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCalendar } from '../../../../src/sync/set/timeframes.ts'

const at = (text: string) => Date.parse(`${text}Z`)
const GENESIS = at('2025-01-01T09:00:00')
const months = createCalendar({ genesisMs: GENESIS, timeframe: 'month', maxTicksPerSecond: 10 })
const iso = (ms: number) => new Date(ms).toISOString()

describe('S3.1 calendar months', () => {
  it('every boundary of many years is the same day and hour, a month later', () => {
    let [year, month] = [2025, 1]
    for (let frame = 0; frame < 1_200; frame++) {
      expect(iso(months.boundary(frame))).toBe(`${year}-${String(month).padStart(2, '0')}-01T09:00:00.000Z`)
      month = month === 12 ? 1 : month + 1
      if (month === 1) year += 1
    }
  })

  it('the day is clamped to the length of the month', () => {
    const late = createCalendar({ genesisMs: at('2027-12-31T23:30:00'), timeframe: 'month', maxTicksPerSecond: 1 })
    expect([0, 1, 2, 3, 4, 14].map((frame) => iso(late.boundary(frame)))).toEqual([
      '2027-12-31T23:30:00.000Z',
      '2028-01-31T23:30:00.000Z',
      '2028-02-29T23:30:00.000Z',
      '2028-03-31T23:30:00.000Z',
      '2028-04-30T23:30:00.000Z',
      '2029-02-28T23:30:00.000Z',
    ])
  })

  it('what no date can name is at infinity', () => {
    expect(months.boundary(2 ** 31)).toBe(Number.POSITIVE_INFINITY)
    expect(months.epochStart(2 ** 32 - 1)).toBe(Number.POSITIVE_INFINITY)
  })
})

const calendars = fc
  .record({
    genesisMs: fc.integer({ min: at('1999-01-01T00:00:00'), max: at('2060-01-01T00:00:00') }),
    timeframe: fc.oneof(fc.constant('month' as const), fc.integer({ min: 1_000, max: 10 ** 11 })),
    maxTicksPerSecond: fc.constant(1),
  })
  .map(createCalendar)

it('S3.1 timeframes are half open: each begins at its boundary and ends just before the next', () => {
  fc.assert(
    fc.property(calendars, fc.nat(600), (calendar, frame) => {
      expect(calendar.frameOf(calendar.boundary(frame))).toBe(frame)
      expect(calendar.frameOf(calendar.boundary(frame + 1) - 1)).toBe(frame)
      expect(calendar.boundary(frame + 1)).toBeGreaterThan(calendar.boundary(frame))
    }),
  )
})

it('S3.1 every boundary is the start of an epoch, and one more epoch starts inside each timeframe', () => {
  fc.assert(
    fc.property(calendars, fc.nat(600), (calendar, frame) => {
      expect(calendar.epochStart(2 * frame)).toBe(calendar.boundary(frame))
      expect(calendar.frameOf(calendar.epochStart(2 * frame + 1))).toBe(frame)
      expect(calendar.epochStart(2 * frame + 1)).toBeGreaterThan(calendar.boundary(frame))
    }),
  )
})

it('S3.1 an instant before genesis counts as timeframe 0', () => {
  expect(months.frameOf(GENESIS - 1)).toBe(0)
})

describe('S9.2 earliest', () => {
  it.each([
    ['the start of its epoch', { publishEpoch: 2, baseTickHeight: 0, tickCount: 1 }, at('2025-02-01T09:00:00')],
    [
      'the ticks it claims, when they take longer',
      { publishEpoch: 0, baseTickHeight: 500, tickCount: 100 },
      GENESIS + 60_000,
    ],
  ])('%s', (_, info, earliest) => {
    expect(months.earliest(info)).toBe(earliest)
  })
})
