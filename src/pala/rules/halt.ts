/** The end of trust: a node that sees safety broken stops voting and proposing, and says so loudly (P3.5). */
import type { AlarmCode } from '../types.ts'
import { emit, stopTimer, type Turn } from './turn.ts'

/** Stops voting and proposing for good; only the operator can start again. */
export function halt(turn: Turn, code: AlarmCode, detail: string): void {
  if (turn.state.halted) return
  turn.state.halted = true
  turn.state.leader.phase = 'idle'
  for (const timer of [
    'voterTimeout',
    'voteResend',
    'proposeAgain',
    'firstProposalDelay',
    'firstProposalLimit',
  ] as const) {
    stopTimer(turn, timer)
  }
  emit(turn, { type: 'alarm', code, detail })
}
