/** Rates and times of arrival of one serve (S14), from its last half minute. */
import type { Millis, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import type { ServeProgress } from './types.ts'

const WINDOW_MS = 30_000
/** Notes closer than this to the one before replace it: at most 31 are kept. */
const GRAIN_MS = 1_000
const SECOND_MS = 1_000

type Sample = { readonly at: Millis; readonly seq: number; readonly bytes: number }

export interface Meter {
  note(now: { readonly seq: number; readonly bytes: number }): void
  progress(totalSeq: number): ServeProgress
}

export type MeterOptions = {
  readonly peer: PeerId
  readonly direction: ServeProgress['direction']
  readonly fromSeq: number
  readonly clock: Clock
}

/** A serve that begins now. */
export function createMeter({ peer, direction, fromSeq, clock }: MeterOptions): Meter {
  const startedAt = clock.now()
  let latest: Sample = { at: startedAt, seq: fromSeq, bytes: 0 }
  const kept: Sample[] = [latest]

  /** Per millisecond since the oldest sample of the window. */
  function rates(): { readonly seq: number; readonly bytes: number } {
    const now = clock.now()
    while (kept.length > 1 && now - (kept[1]?.at ?? now) >= WINDOW_MS) kept.shift()
    const oldest = kept[0] ?? latest
    const elapsed = now - oldest.at
    if (elapsed <= 0) return { seq: 0, bytes: 0 }
    return { seq: (latest.seq - oldest.seq) / elapsed, bytes: (latest.bytes - oldest.bytes) / elapsed }
  }

  return {
    note({ seq, bytes }) {
      latest = { at: clock.now(), seq, bytes }
      if (latest.at - (kept.at(-1)?.at ?? 0) < GRAIN_MS) return
      kept.push(latest)
      rates()
    },
    progress(totalSeq) {
      const { seq, bytes } = latest
      const rate = rates()
      const left = Math.max(0, totalSeq - seq)
      const etaMs = left === 0 ? 0 : rate.seq > 0 ? Math.round(left / rate.seq) : null
      const bytesPerSecond = Math.round(rate.bytes * SECOND_MS)
      return { peer, direction, startedAt, fromSeq, seq, totalSeq, bytes, bytesPerSecond, etaMs }
    },
  }
}
