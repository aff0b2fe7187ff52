/**
 * The calendar that all nodes share (S3.1): where timeframes and epochs begin, and before which instant an ATX cannot
 * exist (S9.2). Pure arithmetic on UTC instants.
 */
import { assert } from '../../assert.ts'
import type { Millis } from '../../domain.ts'
import type { AtxInfo } from './types.ts'

/** Length of a timeframe: a calendar month in UTC, or a fixed time. */
export type Timeframe = 'month' | Millis

export type CalendarOptions = {
  /** Start of timeframe 0. */
  readonly genesisMs: Millis
  readonly timeframe: Timeframe
  /** How fast the fastest proof of elapsed time can tick: E1 of S9.2. */
  readonly maxTicksPerSecond: number
}

/** Timeframes and epochs. What is so far away that no date names it is at infinity. */
export interface Calendar {
  readonly genesisMs: Millis
  /** b(frame) of S3.1: the start of a timeframe, which is the end of the one before. */
  boundary(frame: number): Millis
  /** The timeframe of an instant; 0 before genesis. */
  frameOf(at: Millis): number
  epochStart(epoch: number): Millis
  /** The first instant at which an honest node can hold the ATX. */
  earliest(info: Pick<AtxInfo, 'publishEpoch' | 'baseTickHeight' | 'tickCount'>): Millis
}

/** `months` calendar months after `from`, the day clamped to the month's length. */
function addMonths(from: Date, months: number): Millis {
  const year = from.getUTCFullYear()
  const month = from.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const startOfDay = Date.UTC(year, month, Math.min(from.getUTCDate(), lastDay))
  const at = startOfDay + (from.getTime() - Date.UTC(year, from.getUTCMonth(), from.getUTCDate()))
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : at
}

/** How many calendar months lie between the months of two instants. */
function monthsBetween(from: Date, to: Date): number {
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
}

/** Two epochs per timeframe, so that every boundary is the start of an epoch (S3.1). */
export function createCalendar({ genesisMs, timeframe, maxTicksPerSecond }: CalendarOptions): Calendar {
  assert(Number.isSafeInteger(genesisMs), 'genesis is a whole millisecond')
  assert(timeframe === 'month' || (Number.isSafeInteger(timeframe) && timeframe > 0), 'a timeframe has a length')
  const genesis = new Date(genesisMs)

  function boundary(frame: number): Millis {
    return timeframe === 'month' ? addMonths(genesis, frame) : genesisMs + frame * timeframe
  }

  function frameOf(at: Millis): number {
    if (at < genesisMs) return 0
    if (timeframe !== 'month') return Math.floor((at - genesisMs) / timeframe)
    const frame = monthsBetween(genesis, new Date(at))
    return at < boundary(frame) ? frame - 1 : frame
  }

  function epochStart(epoch: number): Millis {
    const frame = Math.floor(epoch / 2)
    const start = boundary(frame)
    return epoch % 2 === 0 ? start : Math.floor((start + boundary(frame + 1)) / 2)
  }

  function earliest(info: Parameters<Calendar['earliest']>[0]): Millis {
    const ticked = genesisMs + ((info.baseTickHeight + info.tickCount) / maxTicksPerSecond) * 1_000
    return Math.max(epochStart(info.publishEpoch), ticked)
  }

  return { genesisMs, boundary, frameOf, epochStart, earliest }
}
