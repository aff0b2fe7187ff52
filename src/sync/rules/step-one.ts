/** Step 1 (S6): equal fingerprints end the session at once; then the view is pinned (S7.1). */
import type { Hello } from '../messages.ts'
import type { Present } from '../types.ts'
import { commonSuite, hasMark, isSame } from './fingerprints.ts'
import { greet } from './greeting.ts'
import { openRound } from './rounds.ts'
import { end, refuse, type Turn } from './turn.ts'

/** Both sides compare the same two hellos: no further message says what came of it. */
export function stepOne(turn: Turn, theirs: Hello): void {
  const { state } = turn
  const { present, config } = state
  if (present === null || state.hellosSent !== state.hellosReceived) return
  const { allFingerprint, totalFingerprint } = config.features
  const isSameSuite = (config.suite === 'lthash16') === theirs.hasStrong
  const isAllSame = allFingerprint ? hasMark(present.all, theirs.all, isSameSuite) : null
  const isTotalSame = totalFingerprint ? hasMark(present.total, theirs.total, isSameSuite) : null
  const isOpenDifferent = isTotalSame === false
  if (isSame(present.fast, theirs.fast, commonSuite(config.suite, theirs))) {
    // Where marks are of two suites nobody knows: a full run every now and then tells.
    const isUnsettled = isAllSame === false || (allFingerprint && theirs.all !== null && !isSameSuite)
    return end(turn, { kind: 'fast-equal', isUnsettled, isOpenDifferent })
  }
  // Only grades differ (A14). Who leaves the step out wants the open timeframe compared too.
  const isStepTaken = present.fast !== null && theirs.fast !== null
  if (isAllSame === true && isStepTaken) return end(turn, { kind: 'all-equal', isOpenDifferent })
  // The same ids, whatever timeframe each is in.
  if (isTotalSame === true) return end(turn, { kind: 'total-equal' })
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
