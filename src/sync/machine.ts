/** The machine of a SYNC session (S6, S7), the same on both sides: the input's own rule, then the next deadline. */
import { unreachable } from '../assert.ts'
import type { Step } from '../machine/step.ts'
import { onAck, onBacklog, onChunk, onFrameEnd, onWeighed } from './rules/chunks.ts'
import { onDeepMessage, onDeepWeighed, onReconciled, onReconcileFailed, onReconcileLimited } from './rules/deep.ts'
import { onDisconnected, onDone, onPeerEnded, onStop, requestStop } from './rules/endings.ts'
import { onHello, onProblem, onStarted, onSuperseded } from './rules/hello.ts'
import { onFrameOpen, onListOpened, onListSent, onResult } from './rules/rounds.ts'
import { onFrozen } from './rules/step-one.ts'
import { strayed } from './rules/strays.ts'
import { onKeepAlive, onWoke, setAlarm } from './rules/timeouts.ts'
import { type Turn, violate } from './rules/turn.ts'
import type { SessionConfig, SessionEffect, SessionInput, SessionState } from './types.ts'

/** A session before its stream. */
export function createSessionState(config: SessionConfig): SessionState {
  return {
    config,
    phase: 'idle',
    startedAt: 0,
    heardAt: 0,
    isPeerOver: false,
    hellosSent: 0,
    hellosReceived: 0,
    sessionId: config.sessionId,
    present: null,
    theirs: null,
    round: null,
    known: null,
    noGainRun: 0,
    idleClaims: 0,
    decision: null,
    stopEnding: null,
    strayChunks: 0,
    strayOthers: 0,
    isPaused: false,
    saidAt: 0,
    keepAlivesHeard: 0,
    rateSince: 0,
    rateBytes: 0,
    alarmAt: null,
    figures: { rounds: 0, idsIn: 0, idsOut: 0, bytesIn: 0, bytesOut: 0, learned: 0, gained: 0, claims: 0 },
  }
}

/** The step function (DESIGN.md 4). */
export const sessionStep: Step<SessionState, SessionInput, SessionEffect> = (state, input) => {
  const turn: Turn = { state, now: input.now, effects: [] }
  if (state.phase === 'ended') return turn.effects
  onInput(turn, input)
  setAlarm(turn)
  return turn.effects
}

function onInput(turn: Turn, input: SessionInput): void {
  switch (input.type) {
    case 'started':
      return onStarted(turn, input.present)
    case 'frozen':
      return onFrozen(turn, input.frame, input.present)
    case 'listOpened':
      return onListOpened(turn, input.back, input.count)
    case 'listSent':
      return onListSent(turn, input.back)
    case 'chunkWeighed':
      return onWeighed(turn, input)
    case 'deepWeighed':
      return onDeepWeighed(turn, input)
    case 'reconciled':
      return onReconciled(turn, input.known, input.bytesOut)
    case 'reconcileFailed':
      return onReconcileFailed(turn, input.text)
    case 'reconcileLimited':
      return onReconcileLimited(turn, input.bytesOut)
    case 'backlogChanged':
      return onBacklog(turn, input.waiting)
    case 'stopRequested':
      return requestStop(turn, input.why)
    case 'superseded':
      return onSuperseded(turn)
    case 'peerEnded':
      return onPeerEnded(turn)
    case 'disconnected':
      return onDisconnected(turn, input.reason)
    case 'woke':
      return onWoke(turn)
    default:
      return onWire(turn, input)
  }
}

type Wire = Extract<
  SessionInput,
  {
    type: 'helloReceived' | 'messageReceived' | 'chunkReceived' | 'frameEnded' | 'deepReceived' | 'malformedReceived'
  }
>

/** The peer said something. */
function onWire(turn: Turn, input: Wire): void {
  turn.state.heardAt = turn.now
  switch (input.type) {
    case 'helloReceived':
      return onHello(turn, input)
    case 'messageReceived':
      return onMessage(turn, input.message)
    case 'chunkReceived':
      return onChunk(turn, input)
    case 'frameEnded':
      return onFrameEnd(turn, input)
    case 'deepReceived':
      return onDeepMessage(turn, input.bytes)
    case 'malformedReceived':
      return violate(turn, input.reason)
    default:
      return unreachable(input)
  }
}

function onMessage(turn: Turn, message: Extract<Wire, { type: 'messageReceived' }>['message']): void {
  if (message.type === 'problem') return onProblem(turn, message)
  if (turn.state.hellosReceived === 0) return violate(turn, `${message.type} before a Hello`)
  switch (message.type) {
    case 'done':
      return onDone(turn, message.why)
    case 'stop':
      return onStop(turn, message.why, message.offer)
    case 'keepAlive':
      return onKeepAlive(turn)
    case 'frameOpen':
      return strayed(turn, 'other') ? undefined : onFrameOpen(turn, message)
    case 'result':
      return strayed(turn, 'other') ? undefined : onResult(turn, message)
    case 'ack':
      return strayed(turn, 'other') ? undefined : onAck(turn, message.index)
    default:
      return violate(turn, `${message.type} on a stream for lists`)
  }
}
