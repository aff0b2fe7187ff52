/** Range reconciliation (S12.3), which replaces the lists of a round or follows the window's end. */
import type { Fingerprint } from '../set/types.ts'
import type { Weighed } from '../types.ts'
import { onBacklog, tally } from './chunks.ts'
import { carryOut, isAtTurn } from './endings.ts'
import { fallBackToLists, finishReading } from './rounds.ts'
import { strayed } from './strays.ts'
import { end, mismatch, refuse, type Turn, violate } from './turn.ts'

export function onDeepMessage(turn: Turn, bytes: number): void {
  const { state, effects } = turn
  if (strayed(turn, 'chunk')) return
  if (isReconciling(turn)) {
    state.figures.bytesIn += bytes
    effects.push({ type: 'passOn' })
  } else if (isAtTurn(turn)) mismatch(turn, 'you reconcile, we do not')
  else violate(turn, 'reconciliation that was not agreed')
}

export function onDeepWeighed(turn: Turn, weighed: Weighed): void {
  if (!isReconciling(turn)) return
  tally(turn, weighed)
  onBacklog(turn, weighed.waiting)
}

/** "The peer's ids of this scope that we lack" are known. */
export function onReconciled(turn: Turn, known: Fingerprint, bytesOut: number): void {
  const { state } = turn
  if (!isReconciling(turn)) return
  state.figures.bytesOut += bytesOut
  if (state.phase === 'deep') return end(turn, { kind: 'deep' })
  if (state.round === null) return
  state.round.own.isSent = true
  finishReading(turn, state.round, known)
}

export function onReconcileFailed(turn: Turn, text: string): void {
  if (!isReconciling(turn)) return
  refuse(turn, 'protocol', text)
}

/** S12.3: lists of the round instead; where the whole set was compared, each side serves the other (S7.4). */
export function onReconcileLimited(turn: Turn, bytesOut: number): void {
  const { state } = turn
  if (!isReconciling(turn)) return
  state.figures.bytesOut += bytesOut
  if (state.phase === 'deep') carryOut(turn, 'mutual')
  else if (state.round !== null) fallBackToLists(turn, state.round)
}

function isReconciling({ state: { phase, round } }: Turn): boolean {
  return phase === 'deep' || (phase === 'rounds' && round?.scheme === 'range' && !round.their.isEnded)
}
