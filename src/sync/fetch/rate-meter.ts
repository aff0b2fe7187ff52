/** How fast something goes at present: the mean over the last seconds. */
import type { Millis } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'

const SECOND_MS = 1_000
const SECONDS = 10

export interface RateMeter {
  add(amount: number): void
  perSecond(): number
}

/** A meter that stands at 0. */
export function createRateMeter(clock: Clock): RateMeter {
  const buckets = new Array<number>(SECONDS).fill(0)
  let last = secondOf(clock.now())
  const turn = (): void => {
    const second = secondOf(clock.now())
    for (let passed = last + 1; passed <= Math.min(second, last + SECONDS); passed++) buckets[passed % SECONDS] = 0
    last = Math.max(last, second)
  }
  return {
    add(amount) {
      turn()
      buckets[last % SECONDS] = (buckets[last % SECONDS] ?? 0) + amount
    },
    perSecond() {
      turn()
      return buckets.reduce((sum, each) => sum + each, 0) / SECONDS
    },
  }
}

function secondOf(now: Millis): number {
  return Math.floor(now / SECOND_MS)
}
