/** The only file that reads time. Instants never go back, even when the system clock is set. */
import type { Millis } from '../domain.ts'

/** Gives the present instant. Machines never see a clock; they see the instants their inputs carry. */
export interface Clock {
  /** Milliseconds since the Unix epoch at start-up plus the monotonic time since then. */
  now(): Millis
}

/** The machine's clock: wall time anchored once, advanced monotonically. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
}
