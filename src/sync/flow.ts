/** How fast something moves (S14): the mean over the last half minute. */
import type { Millis } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'

const WINDOW_MS = 30_000
/** Samples closer than this to the one before are not kept: there are at most 31. */
const GRAIN_MS = 1_000
const SECOND_MS = 1_000

/** So many things, and their bytes. */
export type Amounts = { readonly count: number; readonly bytes: number }

type Sample = Amounts & { readonly at: Millis }

export interface Flow {
  /** What has moved by now, all in all. */
  note(moved: Amounts): void
  /** What was noted last. */
  readonly moved: Amounts
  perSecond(): Amounts
}

/** A flow that begins now, `from` amounts that were there before. */
export function createFlow(clock: Clock, from: Amounts): Flow {
  let latest: Sample = { ...from, at: clock.now() }
  const kept: Sample[] = [latest]

  /** The beginning of the window. */
  function oldestAt(now: Millis): Sample {
    while (kept.length > 1 && now - (kept[1]?.at ?? now) >= WINDOW_MS) kept.shift()
    return kept[0] ?? latest
  }

  return {
    note({ count, bytes }) {
      latest = { at: clock.now(), count, bytes }
      if (latest.at - (kept.at(-1)?.at ?? 0) < GRAIN_MS) return
      kept.push(latest)
      oldestAt(latest.at)
    },
    get moved() {
      return latest
    },
    perSecond() {
      const now = clock.now()
      const oldest = oldestAt(now)
      const seconds = (now - oldest.at) / SECOND_MS
      if (seconds <= 0) return { count: 0, bytes: 0 }
      return { count: (latest.count - oldest.count) / seconds, bytes: (latest.bytes - oldest.bytes) / seconds }
    },
  }
}

/** Time until `left` more have moved at this rate per second; null when nothing moves. */
export function etaMsOf(left: number, perSecond: number): Millis | null {
  if (left <= 0) return 0
  return perSecond > 0 ? Math.round((left / perSecond) * SECOND_MS) : null
}
