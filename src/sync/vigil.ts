/** Watches for the last chance to be graded high (S12.2): shortly before it, open timeframes are compared with all peers. */
import type { Millis } from '../domain.ts'
import type { AtxTraits } from './traits.ts'

/** An ATX received later than so many deltas before its epoch is not graded 2 (S3.4). */
const LAST_DELTAS = 4

/** To be told the instant now and then; calls `due` once before each epoch. */
export function createVigil(
  { calendar, deltaMs, epochAt }: Pick<AtxTraits, 'calendar' | 'deltaMs' | 'epochAt'>,
  due: () => void,
): (now: Millis) => void {
  let done = Number.NEGATIVE_INFINITY
  return (now) => {
    const next = epochAt(now) + 1
    // One delta for the comparison itself.
    if (next === done || now < calendar.epochStart(next) - (LAST_DELTAS + 1) * deltaMs) return
    done = next
    due()
  }
}
