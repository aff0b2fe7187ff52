/** When a serve under way, or the fetcher, has something to tell (S14): a tenth further, or ten seconds later. */
import type { Millis } from '../domain.ts'
import type { FetchProgress } from './fetch/client.ts'
import type { ServeProgress } from './serve/types.ts'

const SHARE = 0.1
const GAP_MS: Millis = 10_000

type Told = { readonly at: Millis; readonly seq: number }

/** Looks at the serves under way, now and then; `tell` hears of those that are due. */
export function createServeMilestones(tell: (serve: ServeProgress) => void) {
  let told = new Map<string, Told>()

  return (serves: readonly ServeProgress[], now: Millis): void => {
    const next = new Map<string, Told>()
    for (const serve of serves) {
      const { peer, direction, startedAt, fromSeq, seq } = serve
      const key = `${direction} ${startedAt} ${peer}`
      const before = told.get(key) ?? { at: startedAt, seq: fromSeq }
      const isTold = isDue(serve, before, now)
      if (isTold) tell(serve)
      next.set(key, isTold ? { at: now, seq } : before)
    }
    told = next
  }
}

function isDue({ fromSeq, seq, totalSeq }: ServeProgress, before: Told, now: Millis): boolean {
  if (now - before.at >= GAP_MS) return true
  return seq > before.seq && seq - before.seq >= (totalSeq - fromSeq) * SHARE
}

/** Looks at the fetcher, now and then; `tell` hears when it got further, and when nothing is left to fetch. */
export function createFetchMilestones(tell: (progress: FetchProgress) => void) {
  /** How many ids had left the queue when it was told last, or when it was empty last. */
  let told = { at: 0, ended: 0 }
  let isIdle = true

  return (progress: FetchProgress, now: Millis): void => {
    const { queued, done, failed } = progress
    const ended = done + failed
    const wasIdle = isIdle
    isIdle = queued === 0
    if (wasIdle) {
      told = { at: now, ended }
      return
    }
    const further = ended - told.ended
    const isTold = isIdle || now - told.at >= GAP_MS || (further > 0 && further >= (further + queued) * SHARE)
    if (!isTold) return
    told = { at: now, ended }
    tell(progress)
  }
}
