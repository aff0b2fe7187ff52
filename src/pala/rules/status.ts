/** Status (P17.1, P18.5): the summary two nodes compare to find who is behind, on connect, on change, and as heartbeat. */
import type { PeerId } from '../../domain.ts'
import { STATUS_COALESCE_MS } from '../bounds.ts'
import { finalizedOf } from '../chain.ts'
import { compareEpochs } from '../sn.ts'
import type { State, Status } from '../types.ts'
import { askForClocks } from './clock.ts'
import { leaderGotStatus } from './leader.ts'
import { sendPresence } from './presence.ts'
import { bestHead } from './session.ts'
import { catchUp } from './sync.ts'
import { currentSession, drop, emit, isRunning, send, startTimer, type Turn } from './turn.ts'

/** What this node says of itself. */
export function statusOf(state: State): Status {
  return {
    epoch: state.epoch.current,
    fnc: bestHead(state).ref,
    finalized: finalizedOf(state.tree).ref,
    fncAtEntry: state.epoch.fncAtEntry.sn,
  }
}

export function sendStatus(turn: Turn, to: readonly PeerId[]): void {
  send(turn, to, { type: 'status', status: statusOf(turn.state) })
}

/** P17.1, P18.3: remembers the claim, serves the leader's question, fetches clocks of the same epoch, and catches up. */
export function onStatus(turn: Turn, from: PeerId | null, status: Status): void {
  const peer = from === null ? undefined : turn.state.peers.get(from)
  if (from === null || peer === undefined) return drop(turn, 'status', 'not a connected peer')
  peer.status = status
  if (compareEpochs(status.epoch, turn.state.epoch.current) === 0) askForClocks(turn, from)
  catchUp(turn)
  leaderGotStatus(turn)
}

/** P18.5: after growth, tell those who are not told by the leader, at most once per {@link STATUS_COALESCE_MS}. */
export function announceSoon(turn: Turn): void {
  if (!isRunning(turn, 'statusSoon')) startTimer(turn, 'statusSoon', STATUS_COALESCE_MS)
}

/** Committee peers get each certificate from the leader; full nodes hear of growth only here. */
export function onStatusSoon(turn: Turn): void {
  const fullNodes = [...turn.state.peers].filter(([, peer]) => peer.roles.length === 0).map(([id]) => id)
  sendStatus(turn, fullNodes)
  catchUp(turn)
}

/** P18.5: status to every peer and to gossip each `heartbeatMs`. */
export function onHeartbeat(turn: Turn): void {
  sendStatus(turn, [...turn.state.peers.keys()])
  sendPresence(turn, [...turn.state.peers.keys()])
  emit(turn, { type: 'publish', message: { type: 'status', status: statusOf(turn.state) } })
  startTimer(turn, 'heartbeat', currentSession(turn.state).params.heartbeatMs)
  catchUp(turn)
}
