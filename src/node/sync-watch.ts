/** Tells events and the operator how catching up goes: when it starts, once a second, and when it is done. */
import type { Millis } from '../domain.ts'
import type { SyncStatus } from './api/node-port.ts'
import type { EventBus } from './events.ts'

const TICK_MS = 1_000

/** A moment of catching up: the status with the finalized height it was taken at. */
export type SyncReport = SyncStatus & { readonly height: number }

export type SyncWatchOptions = {
  readonly read: () => SyncReport
  readonly events: Pick<EventBus, 'publish'>
  /** Hears the same as the events. */
  readonly onReport: (type: 'start' | 'progress' | 'done', report: SyncReport) => void
  readonly tickMs?: Millis
}

/** Starts watching; the function it returns ends that. */
export function watchSync({ read, events, onReport, tickMs = TICK_MS }: SyncWatchOptions): () => void {
  let isCatchingUp = false
  const tick = (): void => {
    const report = read()
    const was = isCatchingUp
    isCatchingUp = report.state === 'catching-up'
    if (!was && !isCatchingUp) return
    const type = isCatchingUp ? (was ? 'progress' : 'start') : 'done'
    events.publish('sync', type, report)
    onReport(type, report)
  }
  const timer = setInterval(tick, tickMs)
  return () => clearInterval(timer)
}
