/** The peer's Hello (S6): the checks in their order. */
import type { Millis } from '../../domain.ts'
import type { Features, Hello, Problem } from '../messages.ts'
import type { Present, SessionInput, SessionState, Standing } from '../types.ts'
import { isSameBytes } from './fingerprints.ts'
import { greet, VERSION } from './greeting.ts'
import { stepOne } from './step-one.ts'
import { end, fail, refuse, send, type Turn, violate } from './turn.ts'

/** One each way, and one more after a roll. */
const MAX_HELLOS = 2
/** For a peer that is one timeframe apart: its clock or ours passes the boundary meanwhile. */
const MIN_FRAME_RETRY_MS: Millis = 1_000
/** When another session with this peer goes on. */
const BUSY_RETRY_MS: Millis = 30_000

export function onStarted(turn: Turn, present: Present): void {
  const { state, now } = turn
  if (state.phase !== 'idle') return
  state.phase = 'hello'
  state.startedAt = now
  state.heardAt = now
  if (state.config.role === 'initiator') greet(turn, present)
}

export function onHello(turn: Turn, input: Extract<SessionInput, { type: 'helloReceived' }>): void {
  const { state } = turn
  const { hello, present } = input
  if (state.phase === 'idle' || state.phase === 'ended') return
  if (!isExpected(state)) return violate(turn, 'a Hello in the middle of a session')
  const isCall = state.hellosReceived === 0 && state.config.role === 'responder'
  if (isCall) state.sessionId = hello.sessionId
  state.hellosReceived++
  const standing = isCall ? input.standing : null
  if (!isAcceptable(turn, hello, { present, standing })) return
  if (standing?.live === 'dialling') turn.effects.push({ type: 'supersede' })
  state.theirs = hello
  if (state.hellosSent < state.hellosReceived) greet(turn, present)
  stepOne(turn, hello)
}

/** A second Hello comes when the timeframe rolled before the peer's freeze: then nothing of round 0 has come from it. */
function isExpected({ phase, round, hellosReceived }: SessionState): boolean {
  if (hellosReceived >= MAX_HELLOS) return false
  return phase === 'hello' || phase === 'freezing' || (round?.back === 0 && round.their.count === null)
}

type Knowledge = { readonly present: Present; readonly standing: Standing | null }

/** Who fails here is told, and no more: it may be right where we are wrong. */
function isAcceptable(turn: Turn, hello: Hello, { present, standing }: Knowledge): boolean {
  const { sessionId, config } = turn.state
  if (hello.version !== VERSION) refuse(turn, 'version', `this node speaks version ${VERSION}`)
  else if (hello.features.setRule !== config.features.setRule) refuse(turn, 'version', ruleText(config.features))
  else if (!isSameBytes(hello.networkId, config.networkId)) refuse(turn, 'network', 'another network')
  else if (standing?.isBanned === true) refuse(turn, 'banned', 'this node does not sync with you for a while')
  else if (standing !== null && standing.retryAfterMs > 0)
    refuse(turn, 'busy', 'too many sessions', standing.retryAfterMs)
  else if (standing?.live === 'running') refuse(turn, 'busy', 'a session with you goes on', BUSY_RETRY_MS)
  else if (Math.abs(hello.wallMs - present.wallMs) > config.limits.clockToleranceMs) refuseClock(turn, hello, present)
  else if (hello.frame !== present.frame) refuseFrame(turn, hello, present)
  else if (isGlare(turn.state, standing)) refuse(turn, 'busy', 'our session with you goes on instead', BUSY_RETRY_MS)
  else if (hello.intent !== 'sync') violate(turn, 'a stream of another intent')
  else if (!isSameBytes(hello.sessionId, sessionId)) violate(turn, 'a Hello of another session')
  return turn.state.phase !== 'ended'
}

function ruleText({ setRule }: Features): string {
  return setRule ? 'this node counts by the set rule' : 'this node counts by the literal rule'
}

/** Both dialled: the session that the smaller peer id opened survives. */
function isGlare({ config }: SessionState, standing: Standing | null): boolean {
  return standing?.live === 'dialling' && config.self < config.peer
}

function refuseClock(turn: Turn, hello: Hello, present: Present): void {
  const seconds = Math.round((hello.wallMs - present.wallMs) / 1_000)
  refuse(turn, 'clock', `your clock is ${seconds} s ahead of ours`)
}

/** One timeframe apart close to the boundary: the clocks differ a little, it passes. */
function refuseFrame(turn: Turn, hello: Hello, present: Present): void {
  const wait = untilSameFrame(hello, present, turn.state.config.limits.boundaryGuardMs)
  refuse(turn, 'frame', `we are in timeframe ${present.frame}, you in ${hello.frame}`, wait)
}

function untilSameFrame(hello: Hello, { frame, frameStart, frameEnd, wallMs }: Present, guardMs: Millis): Millis {
  const isBehind = hello.frame === frame - 1 && wallMs - frameStart <= guardMs
  const isAhead = hello.frame === frame + 1 && frameEnd - wallMs <= guardMs
  if (!isBehind && !isAhead) return 0
  return Math.max(MIN_FRAME_RETRY_MS, Math.ceil(isBehind ? frameStart - hello.wallMs : frameEnd - wallMs))
}

/** Our own session with the peer gives way to the one it opened (glare). */
export function onSuperseded(turn: Turn): void {
  if (turn.state.phase === 'ended') return
  const text = 'the session that the other side opened goes on instead'
  send(turn, { type: 'problem', code: 'busy', text, retryAfterMs: 0 })
  fail(turn, 'superseded', { text, by: 'us' })
}

/** The peer says why it will not go on. */
export function onProblem(turn: Turn, { code, text, retryAfterMs }: Problem): void {
  end(turn, { kind: 'failed', code, text, retryAfterMs, by: 'peer' })
}
