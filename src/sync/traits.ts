/** What genesis fixes for all nodes of a network (S1, S5): the calendar, the window, and how all that is named. */
import type { Hash, Millis } from '../domain.ts'
import { networkIdOf } from './atx/network-id.ts'
import { type Calendar, createCalendar, type Timeframe } from './set/timeframes.ts'

/** The fastest proof of elapsed time that the rules assume, in ticks per second. */
const MAX_TICKS_PER_SECOND = 1_000_000
/** S1: the network delay that grading allows for, beside a month; less beside shorter timeframes. */
const DELTA_MS: Millis = 1_800_000
const DELTAS_PER_TIMEFRAME = 1_440

/** As genesis has them. */
export type AtxParams = {
  readonly startMs: Millis
  readonly timeframe: Timeframe
  readonly n1: number
  readonly n2: number
}

export type AtxTraits = AtxParams & {
  readonly chainId: Hash
  readonly calendar: Calendar
  /** 32 bytes. */
  readonly networkId: Uint8Array
  readonly deltaMs: Millis
  /** The epoch of an instant; 0 before the start. */
  epochAt(instant: Millis): number
}

export function createAtxTraits(chainId: Hash, params: AtxParams): AtxTraits {
  const { startMs, timeframe } = params
  const calendar = createCalendar({ genesisMs: startMs, timeframe, maxTicksPerSecond: MAX_TICKS_PER_SECOND })
  const deltaMs = timeframe === 'month' ? DELTA_MS : Math.min(DELTA_MS, Math.ceil(timeframe / DELTAS_PER_TIMEFRAME))
  return {
    ...params,
    chainId,
    calendar,
    networkId: networkIdOf({ chainId, ...params }),
    deltaMs,
    epochAt(instant) {
      const first = 2 * calendar.frameOf(instant)
      return instant >= calendar.epochStart(first + 1) ? first + 1 : first
    },
  }
}
