/**
 * The checkpoints c_curr, c_old and c_all (S3.2) as plain state, and the parts of the two newest timeframes that settle
 * at an instant, from which the step-1 value is made without looking at an id (S3.3). Invariants: c_all = all timeframes
 * before `frame`; c_old = the one just before it.
 */
import { assert } from '../../assert.ts'
import type { Millis } from '../../domain.ts'
import { createAccumulator } from './fingerprint.ts'
import type { Accumulator, Suite } from './types.ts'

/** Disjoint parts of one timeframe by the instant from which they count as settled; what never does is in none. */
export type Settling = Map<Millis, Accumulator>

export type Checkpoints = {
  /** k, the open timeframe. */
  frame: number
  curr: Accumulator
  old: Accumulator
  all: Accumulator
  currSettling: Settling
  oldSettling: Settling
}

/** The checkpoints at genesis. */
export function emptyCheckpoints(suite: Suite): Checkpoints {
  const [curr, old, all] = [createAccumulator(suite), createAccumulator(suite), createAccumulator(suite)]
  return { frame: 0, curr, old, all, currSettling: new Map(), oldSettling: new Map() }
}

function roll(state: Checkpoints): void {
  state.old = state.curr
  state.oldSettling = state.currSettling
  state.all.unite(state.old)
  state.curr = createAccumulator(state.all.suite)
  state.currSettling = new Map()
  state.frame += 1
}

/**
 * One roll per boundary up to timeframe `frame`; none when it is the open one. From the second on nothing is left to
 * move, so however many were missed, two are made.
 */
export function rollTo(state: Checkpoints, frame: number): void {
  assert(frame >= state.frame, 'a closed timeframe never opens again')
  if (frame > state.frame) roll(state)
  if (frame > state.frame) roll(state)
  state.frame = frame
}

/** The part of `settling` that settles at `at`, made when it is new. */
export function settlingAt(settling: Settling, { at, suite }: { at: Millis; suite: Suite }): Accumulator {
  const part = settling.get(at) ?? createAccumulator(suite)
  settling.set(at, part)
  return part
}

/** The whole set: c_all + c_curr. */
export function totalOf({ all, curr }: Checkpoints): Accumulator {
  const total = all.copy()
  total.unite(curr)
  return total
}

/** c_all_high_grade at `now` (S3.3): all timeframes before the newest closed one, and the settled part of that. */
export function highGradeOf({ all, old, oldSettling }: Checkpoints, now: Millis): Accumulator {
  const high = all.copy()
  high.subtract(old)
  for (const [at, part] of oldSettling) if (at <= now) high.unite(part)
  return high
}

/** The next instant after `now` at which {@link highGradeOf} changes by itself. */
export function nextSettlingAfter({ oldSettling }: Checkpoints, now: Millis): Millis {
  return Math.min(Number.POSITIVE_INFINITY, ...[...oldSettling.keys()].filter((at) => at > now))
}
