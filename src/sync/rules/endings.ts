/** How decisions end a session (S7.3 to S7.7): Done, StopSync, and the peer's word that confirms them. */
import { WHOLE_SET } from '../deep/limits.ts'
import type { DoneReason, ServeOffer, StopReason } from '../messages.ts'
import type { Decision, Ending } from '../types.ts'
import { dropList, end, fail, mismatch, send, type Turn, violate } from './turn.ts'

export function carryOut(turn: Turn, decision: Exclude<Decision, 'next'>): void {
  const { state, effects } = turn
  state.decision = decision
  switch (decision) {
    case 'agreed':
      send(turn, { type: 'done', why: 'agreed', back: state.round?.back ?? 0 })
      state.phase = 'confirming'
      return
    case 'limit':
    case 'policy':
      return requestStop(turn, decision)
    case 'serve-out':
      effects.push({ type: 'offerServe' })
      return awaitStop(turn, { kind: 'serve-out' })
    case 'serve-in':
      state.phase = 'confirming'
      return
    case 'mutual':
      effects.push({ type: 'offerServe' })
      state.phase = 'confirming'
      return
    case 'deep':
      state.phase = 'deep'
      effects.push({ type: 'reconcile', scope: WHOLE_SET, frame: null })
  }
}

/** Asks the peer to stop, at any time. */
export function requestStop(turn: Turn, why: Exclude<StopReason, 'serve'>): void {
  const { phase, hellosReceived } = turn.state
  if (phase === 'ended' || phase === 'stopping') return
  const ending: Ending = { kind: 'stopped', why, by: 'us' }
  if (hellosReceived === 0) return end(turn, ending)
  send(turn, { type: 'stop', why, offer: null })
  // A node that goes down waits for no answer.
  if (why === 'shutdown') return end(turn, ending)
  awaitStop(turn, ending)
}

function awaitStop(turn: Turn, ending: Ending): void {
  dropList(turn)
  turn.state.phase = 'stopping'
  turn.state.stopEnding = ending
}

export function onDone(turn: Turn, why: DoneReason): void {
  const { phase, decision, stopEnding } = turn.state
  if (phase === 'stopping' && stopEnding !== null) return end(turn, stopEnding)
  if (phase === 'confirming' && decision === 'agreed' && why === 'agreed') return end(turn, { kind: 'agreed' })
  if (isAtTurn(turn)) return mismatch(turn, `you are done (${why}), we are not`)
  violate(turn, 'done in the middle of a round')
}

/** S7.6. A stop that serves must be what we decided too; any other is the peer's own affair. */
export function onStop(turn: Turn, why: StopReason, offer: ServeOffer | null): void {
  const { state } = turn
  if (state.phase === 'stopping' && state.stopEnding !== null) return end(turn, state.stopEnding)
  if (why !== 'serve') return obey(turn, why)
  if (state.phase === 'confirming' && (state.decision === 'serve-in' || state.decision === 'mutual')) {
    return end(turn, { kind: state.decision, offer })
  }
  if (isAtTurn(turn)) return mismatch(turn, 'you would serve us, we see no need')
  violate(turn, 'an offer to serve in the middle of a round')
}

function obey(turn: Turn, why: Exclude<StopReason, 'serve'>): void {
  send(turn, { type: 'done', why: 'mutual-limit', back: turn.state.round?.back ?? 0 })
  end(turn, { kind: 'stopped', why, by: 'peer' })
}

/** The peer went on with the next round, or with a reconciliation, when something else was due from it. */
export function isAtTurn({ state: { phase, round } }: Turn): boolean {
  if (phase === 'confirming' || phase === 'deep' || phase === 'freezing') return true
  return phase === 'rounds' && round?.their.count === null
}

/** The peer's half is over. Where it has reconciled all, this side may still be busy with what it was sent. */
export function onPeerEnded(turn: Turn): void {
  turn.state.isPeerOver = true
  if (turn.state.phase === 'deep') return
  onDisconnected(turn, 'the peer ended its half')
}

export function onDisconnected(turn: Turn, text: string): void {
  endUnanswered(turn, 'closed', text)
}

/** Nothing more comes: fine where a stop was all that was left to say. */
export function endUnanswered(turn: Turn, code: 'closed' | 'timeout', text: string): void {
  const { phase, stopEnding } = turn.state
  if (phase === 'stopping' && stopEnding !== null) return end(turn, stopEnding)
  fail(turn, code, { text, by: code === 'closed' ? 'peer' : 'us' })
}
