/** How fast the finalized head moves, over the last seconds, and so how long catching up will take. */
import type { Millis } from '../domain.ts'

const WINDOW_MS = 10_000
/** Samples kept: at most ten per second over the window. */
const SAMPLE_EVERY_MS = 100

export interface SyncMeter {
  /** Notes a finalized height. */
  note(now: Millis, height: number): void
  /** Blocks per second over the last ten seconds. */
  rate(now: Millis): number
}

/** An empty meter. */
export function createSyncMeter(): SyncMeter {
  let samples: { readonly at: Millis; readonly height: number }[] = []
  return {
    note(now, height) {
      const last = samples.at(-1)
      if (last !== undefined && now - last.at < SAMPLE_EVERY_MS) return
      samples = samples.filter((sample) => now - sample.at <= WINDOW_MS)
      samples.push({ at: now, height })
    },
    rate(now) {
      const recent = samples.filter((sample) => now - sample.at <= WINDOW_MS)
      const [first, last] = [recent[0], recent.at(-1)]
      if (first === undefined || last === undefined || last.at === first.at) return 0
      return ((last.height - first.height) * 1_000) / (now - first.at)
    },
  }
}
