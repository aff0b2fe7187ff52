/** Deadlines (S1): the Hello, silence, a slow list, the whole session; and a sign of life where a side has nothing to say (S4). */
import type { Millis } from '../../domain.ts'
import type { SessionState } from '../types.ts'
import { endUnanswered } from './endings.ts'
import { refuse, send, type Turn, violate } from './turn.ts'

const SECOND_MS = 1_000
/** Signs of life within the peer's idle timeout. */
const KEEP_ALIVES = 3
/** Signs of life that may come at once after a stall. */
const KEEP_ALIVE_BURST = 8

type Due = 'open' | 'idle' | 'session' | 'rate' | 'keepAlive'

/** What is due, and when; in the order in which it is looked at. */
function dues({ config, ...state }: SessionState): ReadonlyArray<readonly [Due, Millis]> {
  const { openTimeoutMs, idleTimeoutMs, sessionTimeoutMs, rateWindowMs } = config.limits
  const found: Array<readonly [Due, Millis]> = [['session', state.startedAt + sessionTimeoutMs]]
  if (state.phase === 'hello') found.push(['open', state.startedAt + openTimeoutMs])
  if (!state.isPeerOver) found.push(['idle', state.heardAt + idleTimeoutMs])
  if (isShowingLife(state)) found.push(['keepAlive', state.saidAt + idleTimeoutMs / KEEP_ALIVES])
  if (isReadingList(state) && !state.isPaused) found.push(['rate', state.rateSince + rateWindowMs])
  return found
}

/** Either side may wait long: for the other's acknowledgements, or for its own queue to shrink (S8). */
function isShowingLife({ phase, isPeerOver }: Pick<SessionState, 'phase' | 'isPeerOver'>): boolean {
  return (phase === 'rounds' || phase === 'confirming' || phase === 'deep') && !isPeerOver
}

function isReadingList({ phase, round }: Pick<SessionState, 'phase' | 'round'>): boolean {
  return phase === 'rounds' && round?.scheme === 'lists' && round.their.count !== null && !round.their.isEnded
}

export function onWoke(turn: Turn): void {
  const { state, now } = turn
  state.alarmAt = null
  if (state.phase === 'idle') return
  for (const [due, at] of dues(state)) {
    if (at <= now && turn.state.phase !== 'ended') onDue(turn, due)
  }
}

function onDue(turn: Turn, due: Due): void {
  const { state, now } = turn
  const { limits } = state.config
  switch (due) {
    case 'open':
      return endUnanswered(turn, 'timeout', 'no Hello in time')
    case 'idle':
      return endUnanswered(turn, 'timeout', 'the peer fell silent')
    case 'session':
      return endUnanswered(turn, 'timeout', 'the session took too long')
    case 'keepAlive':
      return send(turn, { type: 'keepAlive', done: state.figures.idsIn, total: 0 })
    case 'rate':
      if (state.rateBytes < (limits.minRate * limits.rateWindowMs) / SECOND_MS) {
        refuse(turn, 'limit', 'a list slower than the minimum rate')
        return
      }
      state.rateSince = now
      state.rateBytes = 0
  }
}

/** Signs of life cost the peer little: more than one a second on average is noise. */
export function onKeepAlive(turn: Turn): void {
  const { state, now } = turn
  state.keepAlivesHeard++
  if (state.keepAlivesHeard > KEEP_ALIVE_BURST + (now - state.startedAt) / SECOND_MS) violate(turn, 'noise', 'limit')
}

/** Asks to be woken at the first deadline, unless an earlier awakening is under way: deadlines move with every message. */
export function setAlarm({ state, now, effects }: Turn): void {
  if (state.phase === 'idle' || state.phase === 'ended') return
  const first = Math.min(...dues(state).map(([, at]) => at))
  if (state.alarmAt !== null && state.alarmAt <= first) return
  state.alarmAt = first
  effects.push({ type: 'wake', delayMs: Math.max(0, first - now) })
}
