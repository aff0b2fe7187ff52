/** The set at the instant of a Hello (S6). */
import type { Clock } from '../../machine/clock.ts'
import type { AtxSet } from '../set/types.ts'
import type { Present } from '../types.ts'

/** Without step 1 the value that would end it is not shown. */
export function presentOf(set: AtxSet, clock: Clock, hasStepOne: boolean): Present {
  const { frame, fast, all, total } = set.heads()
  return {
    wallMs: Math.floor(clock.now()),
    frame,
    frameStart: set.boundary(frame),
    frameEnd: set.boundary(frame + 1),
    fast: hasStepOne ? fast : null,
    all,
    total,
  }
}
