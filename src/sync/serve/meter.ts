/** How far one serve is, and how fast it goes (S14). */
import type { PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createFlow, etaMsOf } from '../flow.ts'
import type { ServeProgress } from './types.ts'

export interface Meter {
  note(now: { readonly seq: number; readonly bytes: number }): void
  progress(state: { readonly totalSeq: number; readonly gained: number }): ServeProgress
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
  const flow = createFlow(clock, { count: fromSeq, bytes: 0 })
  return {
    note: ({ seq, bytes }) => flow.note({ count: seq, bytes }),
    progress({ totalSeq, gained }) {
      const { count: seq, bytes } = flow.moved
      const perSecond = flow.perSecond()
      const etaMs = etaMsOf(totalSeq - seq, perSecond.count)
      const bytesPerSecond = Math.round(perSecond.bytes)
      return { peer, direction, startedAt, fromSeq, seq, totalSeq, bytes, bytesPerSecond, gained, etaMs }
    },
  }
}
