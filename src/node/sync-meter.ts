/** How fast the finalized head moves and blocks come in, over the last seconds, and so how long catching up will take. */
import type { Millis } from '../domain.ts'

const WINDOW_MS = 10_000
/** Samples kept: at most ten per second over the window. */
const SAMPLE_EVERY_MS = 100

/** A finalized height, and bytes of blocks fetched in bulk since the start. */
export type SyncSample = { readonly height: number; readonly bytes: number }

export interface SyncMeter {
  note(now: Millis, sample: SyncSample): void
  /** Blocks per second over the last ten seconds. */
  rate(now: Millis): number
  /** Bytes per second of blocks fetched in bulk, over the last ten seconds. */
  bytesPerSecond(now: Millis): number
}

/** An empty meter. */
export function createSyncMeter(): SyncMeter {
  let samples: (SyncSample & { readonly at: Millis })[] = []

  function perSecond(now: Millis, of: (sample: SyncSample) => number): number {
    const recent = samples.filter((sample) => now - sample.at <= WINDOW_MS)
    const [first, last] = [recent[0], recent.at(-1)]
    if (first === undefined || last === undefined || last.at === first.at) return 0
    return ((of(last) - of(first)) * 1_000) / (now - first.at)
  }

  return {
    note(now, sample) {
      const last = samples.at(-1)
      if (last !== undefined && now - last.at < SAMPLE_EVERY_MS) return
      samples = samples.filter(({ at }) => now - at <= WINDOW_MS)
      samples.push({ at: now, ...sample })
    },
    rate: (now) => perSecond(now, ({ height }) => height),
    bytesPerSecond: (now) => perSecond(now, ({ bytes }) => bytes),
  }
}
