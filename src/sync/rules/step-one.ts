/** Step 1 (S6): equal fingerprints end the session at once; then the view is pinned (S7.1). */
import type { Hello } from '../messages.ts'
import type { Present } from '../types.ts'
import { commonSuite, isSame } from './fingerprints.ts'
import { greet } from './greeting.ts'
import { openRound } from './rounds.ts'
import { end, refuse, type Turn } from './turn.ts'

/** Both sides compare the same two hellos: no further message says what came of it. */
export function stepOne(turn: Turn, theirs: Hello): void {
  const { state } = turn
  const { present, config } = state
  if (present === null || state.hellosSent !== state.hellosReceived) return
  const suite = commonSuite(config.suite, theirs)
  const isAllSame = config.features.allFingerprint && isSame(present.all, theirs.all, suite)
  const isTotalSame = config.features.totalFingerprint && isSame(present.total, theirs.total, suite)
  const isOpenDifferent = config.features.totalFingerprint && theirs.total !== null && !isTotalSame
  if (isSame(present.fast, theirs.fast, suite)) {
    const isUnsettled = config.features.allFingerprint && theirs.all !== null && !isAllSame
    return end(turn, { kind: 'fast-equal', isUnsettled, isOpenDifferent })
  }
  // Only grades differ (A14). Who leaves the step out wants the open timeframe compared too.
  const isStepTaken = present.fast !== null && theirs.fast !== null
  if (isAllSame && isStepTaken) return end(turn, { kind: 'all-equal', isOpenDifferent })
  // The same ids, whatever timeframe each is in.
  if (isTotalSame) return end(turn, { kind: 'total-equal' })
  state.phase = 'freezing'
  turn.effects.push({ type: 'freeze' })
}

/** `back` counts from the frame of the view; a roll since our Hello would make it another one than the peer's. */
export function onFrozen(turn: Turn, frame: number, present: Present): void {
  const { state } = turn
  if (state.phase !== 'freezing') return
  if (frame === state.present?.frame) return openRound(turn, 0)
  if (state.hellosSent > 1) return refuse(turn, 'frame', 'timeframes roll faster than hellos')
  greet(turn, present)
}
