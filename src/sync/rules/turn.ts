/** One step's workspace, and the ways a session ends: every rule uses them. */
import type { Millis } from '../../domain.ts'
import type { AtxMessage, ProblemCode } from '../messages.ts'
import type { Ending, FailureCode, SessionEffect, SessionState } from '../types.ts'

export type Turn = { readonly state: SessionState; readonly now: Millis; readonly effects: SessionEffect[] }

export function send({ state, now, effects }: Turn, message: AtxMessage): void {
  state.saidAt = now
  effects.push({ type: 'send', message })
}

/** The session is over. Nothing that comes later changes how it ended. */
export function end(turn: Turn, ending: Ending): void {
  const { state, effects } = turn
  if (state.phase === 'ended') return
  dropList(turn)
  state.phase = 'ended'
  effects.push({ type: 'end', outcome: { ...ending, figures: { ...state.figures } } })
}

/** Ends without a word to the peer, or by the peer's word. */
export function fail(
  turn: Turn,
  code: FailureCode,
  { text, by, retryAfterMs = 0 }: { readonly text: string; readonly by: 'us' | 'peer'; readonly retryAfterMs?: Millis },
): void {
  end(turn, { kind: 'failed', code, text, retryAfterMs, by })
}

/** Tells the peer what is wrong and ends. Costs nobody anything. */
export function refuse(turn: Turn, code: ProblemCode, text: string, retryAfterMs: Millis = 0): void {
  send(turn, { type: 'problem', code, text, retryAfterMs })
  fail(turn, code, { text, by: 'us', retryAfterMs })
}

/** A violation that no honest peer commits: class P (S9.2). */
export function violate(turn: Turn, reason: string, code: 'protocol' | 'limit' = 'protocol'): void {
  turn.effects.push({ type: 'misbehaved', reason })
  refuse(turn, code, reason)
}

/** The peer decided otherwise than this node (S7.7): said once, and no fault of either. */
export function mismatch(turn: Turn, text: string): void {
  send(turn, { type: 'problem', code: 'protocol', text, retryAfterMs: 0 })
  fail(turn, 'mismatch', { text, by: 'us' })
}

/** Stops our list; what of it was acknowledged counts as sent. */
export function dropList({ state, effects }: Turn): void {
  const { round } = state
  if (round === null || round.own.isSent || round.own.credit === 0) return
  countSent(state, ackedIds(state))
  round.own.isSent = true
  effects.push({ type: 'dropList' })
}

/** Of a list that is still being sent: what was acknowledged. */
export function ackedIds({ round, config, theirs }: SessionState): number {
  if (round === null || round.own.isSent || round.own.credit === 0) return 0
  const { chunkIds, chunkWindow } = config.limits
  return Math.min(round.own.count ?? 0, (round.own.credit - chunkWindow) * chunkIdsFor(chunkIds, theirs?.chunkIds))
}

export function countSent({ figures }: SessionState, ids: number): void {
  figures.idsOut += ids
  figures.bytesOut += ids * ID_BYTES
}

/** Bytes of an id on the wire. */
export const ID_BYTES = 32

/** Ids in our chunks: no more than the peer takes. */
export function chunkIdsFor(ours: number, theirs: number | undefined): number {
  return Math.max(1, Math.min(ours, theirs ?? ours))
}
