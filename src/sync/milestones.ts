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
      const { peer, direction, startedAt, fromSeq, seq, totalSeq } = serve
      const key = `${direction} ${startedAt} ${peer}`
      const before = told.get(key) ?? { at: startedAt, seq: fromSeq }
      const isTold = isDue({ further: seq - before.seq, of: totalSeq - fromSeq, passedMs: now - before.at })
      if (isTold) tell(serve)
      next.set(key, isTold ? { at: now, seq } : before)
    }
    told = next
  }
}

/** Looks at the fetcher, now and then; `tell` hears when it got further, and when nothing is left to fetch. */
export function createFetchMilestones(tell: (progress: FetchProgress) => void) {
  /** When it was told last, or begun, and how many ids had left the queue by then; null while nothing is wanted. */
  let told: { readonly at: Millis; readonly ended: number } | null = null

  return (progress: FetchProgress, now: Millis): void => {
    const { queued, done, failed } = progress
    const ended = done + failed
    const before = told
    if (before !== null && queued > 0) {
      const further = ended - before.ended
      if (!isDue({ further, of: further + queued, passedMs: now - before.at })) return
    }
    told = queued === 0 ? null : { at: now, ended }
    if (before !== null) tell(progress)
  }
}

type Advance = { readonly further: number; readonly of: number; readonly passedMs: Millis }

function isDue({ further, of, passedMs }: Advance): boolean {
  return passedMs >= GAP_MS || (further > 0 && further >= of * SHARE)
}
