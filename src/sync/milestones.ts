/** When a serve under way has something to tell (S14): a tenth further, or ten seconds later. */
import type { Millis } from '../domain.ts'
import type { ServeProgress } from './serve/types.ts'

const SHARE = 0.1
const GAP_MS: Millis = 10_000

type Told = { readonly at: Millis; readonly seq: number }

/** Looks at the serves under way, now and then; `tell` hears of those that are due. */
export function createMilestones(tell: (serve: ServeProgress) => void) {
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
