/** One step's workspace: the state, the instant, and the effects so far in order. Rules append to it. */
import type { Millis, PeerId, PenaltyClass } from '../../domain.ts'
import { proposerIndex, sessionOf, voterIndex } from '../committee.ts'
import type { DurableRecord, Effect, Message, Session, State, TimerName } from '../types.ts'

export type Turn = { readonly state: State; readonly now: Millis; readonly effects: Effect[] }

export function emit(turn: Turn, effect: Effect): void {
  turn.effects.push(effect)
}

/** Remembers records; `sync` fsyncs before the effects after it run (P20.1). */
export function persist(turn: Turn, records: readonly DurableRecord[], sync: boolean): void {
  if (records.length > 0) emit(turn, { type: 'persist', records, sync })
}

export function send(turn: Turn, to: readonly PeerId[], message: Message): void {
  if (to.length > 0) emit(turn, { type: 'send', to, message })
}

export function penalise(turn: Turn, peer: PeerId | null, penalty: PenaltyClass, reason: string): void {
  emit(turn, { type: 'misbehaviour', peer, penalty, reason })
}

/** Counts a message that was ignored without blame. */
export function drop(turn: Turn, what: string, reason: string): void {
  emit(turn, { type: 'notice', notice: { kind: 'dropped', what, reason } })
}

/** Starts a timer, replacing the one of the same name. */
export function startTimer(turn: Turn, timer: TimerName, delayMs: Millis): void {
  const generation = turn.state.nextGeneration++
  turn.state.timers.set(timer, { generation, dueAt: turn.now + delayMs })
  emit(turn, { type: 'setTimer', timer, generation, delayMs })
}

export function stopTimer(turn: Turn, timer: TimerName): void {
  if (turn.state.timers.delete(timer)) emit(turn, { type: 'cancelTimer', timer })
}

export function isRunning(turn: Turn, timer: TimerName): boolean {
  return turn.state.timers.has(timer)
}

/** The session of the local epoch. */
export function currentSession(state: State): Session {
  return sessionOf(state.sessions, state.epoch.current.session)
}

/** P20.6-3: a key without its journal stays silent until a session starts in which it cannot have signed anything. */
function mayAct({ votesFrom, epoch, halted }: State): boolean {
  return !halted && epoch.current.session >= votesFrom
}

/** This node's place among the voters of the current session; null when it may not vote. */
export function selfVoter(state: State): number | null {
  if (!mayAct(state)) return null
  return voterIndex(currentSession(state), state.config.self)
}

/** This node's place among the proposers of the current session; null when it may not propose. */
export function selfProposer(state: State): number | null {
  if (!mayAct(state)) return null
  return proposerIndex(currentSession(state), state.config.self)
}

/** Index of the leader of the local epoch. */
export function leaderIndex(state: State): number {
  return state.config.schedule(currentSession(state), state.epoch.current.epoch)
}

export function isLeader(state: State): boolean {
  return selfProposer(state) === leaderIndex(state)
}

/** Connected peers that proved the seat, in the current session. */
export function peersWith(state: State, role: 'proposer' | 'voter', index?: number): PeerId[] {
  const { session } = state.epoch.current
  const found: PeerId[] = []
  for (const [peer, { roles }] of state.peers) {
    const holds = roles.some((r) => r.role === role && r.session === session && (index ?? r.index) === r.index)
    if (holds) found.push(peer)
  }
  return found
}

/** Connected peers with any proven seat. */
export function committeePeers(state: State): PeerId[] {
  return [...state.peers].filter(([, peer]) => peer.roles.length > 0).map(([id]) => id)
}

/** The connected leader of the local epoch, or null when it is absent or this node itself. */
export function leaderPeer(state: State): PeerId | null {
  return peersWith(state, 'proposer', leaderIndex(state))[0] ?? null
}
