/** The Pala machine: dispatches each input to its rule. Labels in `rules/` name the paragraphs of the specification. */
import { unreachable } from '../assert.ts'
import type { PeerId } from '../domain.ts'
import type { Step } from '../machine/step.ts'
import { onClock, onGetClocks, onVoterTimeout } from './rules/clock.ts'
import { enterEpoch, startVoterTimer } from './rules/epoch.ts'
import { onEvidence } from './rules/evidence.ts'
import { onFinalRange, onRangeLead } from './rules/final-range.ts'
import { recheckFinality } from './rules/finality.ts'
import { closeGuard, compareWithPeers, onGuardTimeout } from './rules/guard.ts'
import { onFirstProposalDelay, onFirstProposalLimit, proposeIfDue, startLeading } from './rules/leader.ts'
import { onNotarization, onVote } from './rules/notarization.ts'
import { onGetProposals, onPeerConnected, onPeerDisconnected, onPeerRolesChanged } from './rules/peers.ts'
import { onPresence } from './rules/presence.ts'
import { onBlockBuilt, onBlockChecked, onProposal, onVoteResend, retryOpenVotes } from './rules/proposal.ts'
import { onHeartbeat, onStatus, onStatusSoon, sendStatus } from './rules/status.ts'
import {
  onBlocks,
  onEpochProof,
  onGetEpoch,
  onGetFresher,
  onGetRange,
  onInconsistent,
  onRequestTimeout,
} from './rules/sync.ts'
import { currentSession, drop, startTimer, type Turn } from './rules/turn.ts'
import type { Effect, Input, State, TimerName, VerifiedMessage } from './types.ts'

/** The step function (DESIGN.md 4). */
export const step: Step<State, Input, Effect> = (state, input) => {
  const turn: Turn = { state, now: input.now, effects: [] }
  onInput(turn, input)
  compareWithPeers(turn)
  return turn.effects
}

function onInput(turn: Turn, input: Input): void {
  switch (input.type) {
    case 'started':
      return onStarted(turn)
    case 'messageReceived':
      return onMessage(turn, input.from, input.message)
    case 'peerConnected':
      return onPeerConnected(turn, input.peer, input.roles)
    case 'peerDisconnected':
      return onPeerDisconnected(turn, input.peer)
    case 'peerRolesChanged':
      return onPeerRolesChanged(turn, input.peer, input.roles)
    case 'timerFired':
      return onTimer(turn, input.timer, input.generation)
    case 'blockBuilt':
      return onBlockBuilt(turn, input.proposal)
    case 'blockChecked':
      return onBlockChecked(turn, input.hash, input.verdict)
    case 'finalRangeReceived':
      return onFinalRange(turn, input.range)
    case 'rangeLeadChanged':
      return onRangeLead(turn, input.leads)
    case 'payloadPending':
      turn.state.payloadPending = input.pending
      return proposeIfDue(turn)
    default:
      return unreachable(input)
  }
}

/** P20.6: timers start, finality that the disk already proves is delivered, and the leader of the epoch leads. */
function onStarted(turn: Turn): void {
  closeGuard(turn)
  startTimer(turn, 'heartbeat', currentSession(turn.state).params.heartbeatMs)
  startVoterTimer(turn)
  recheckFinality(turn)
  startLeading(turn)
  retryOpenVotes(turn, { resend: true })
}

function onMessage(turn: Turn, from: PeerId | null, message: VerifiedMessage): void {
  switch (message.type) {
    case 'proposal':
      return onProposal(turn, from, message.proposal)
    case 'vote':
      return onVote(turn, from, message.vote)
    case 'notarization':
      return onNotarization(turn, from, message.notarization)
    case 'clock':
      return onClock(turn, message.clock)
    case 'clockNotarization':
      return void enterEpoch(turn, { kind: 'clocks', clockNotarization: message.clockNotarization })
    case 'status':
      return onStatus(turn, from, message.status)
    case 'presence':
      return onPresence(turn, from, message.presence)
    case 'epochProof':
      return onEpochProof(turn, from, message.proof)
    case 'evidence':
      return onEvidence(turn, message.evidence)
    case 'blocks':
      return onBlocks(turn, from, message.requestId, message.blocks)
    default:
      return from === null ? drop(turn, message.type, 'a request from nobody') : onRequest(turn, from, message)
  }
}

type Request = Extract<
  VerifiedMessage,
  { type: 'getStatus' | 'getEpoch' | 'getFresher' | 'getRange' | 'inconsistent' | 'getProposals' | 'getClocks' }
>

function onRequest(turn: Turn, from: PeerId, request: Request): void {
  switch (request.type) {
    case 'getStatus':
      return sendStatus(turn, [from])
    case 'getEpoch':
      return onGetEpoch(turn, from, request.epoch)
    case 'getFresher':
      return onGetFresher(turn, from, request.requestId, request)
    case 'getRange':
      return onGetRange(turn, from, request.requestId, request)
    case 'inconsistent':
      return onInconsistent(turn, from, request.requestId)
    case 'getProposals':
      return onGetProposals(turn, from, request.epoch)
    case 'getClocks':
      return onGetClocks(turn, from, request.target)
    default:
      return unreachable(request)
  }
}

/** A timer that was replaced or stopped fires into the void (P14.6). */
function onTimer(turn: Turn, timer: TimerName, generation: number): void {
  const running = turn.state.timers.get(timer)
  if (running === undefined || running.generation !== generation) return
  turn.state.timers.delete(timer)
  switch (timer) {
    case 'voterTimeout':
      return onVoterTimeout(turn, running.dueAt)
    case 'voteResend':
      return onVoteResend(turn)
    case 'firstProposalDelay':
      return onFirstProposalDelay(turn)
    case 'firstProposalLimit':
      return onFirstProposalLimit(turn)
    case 'proposeAgain':
      return proposeIfDue(turn)
    case 'heartbeat':
      return onHeartbeat(turn)
    case 'statusSoon':
      return onStatusSoon(turn)
    case 'epochRequest':
      return onRequestTimeout(turn, 'epoch')
    case 'blocksRequest':
      return onRequestTimeout(turn, 'blocks')
    case 'guard':
      return onGuardTimeout(turn)
    default:
      return unreachable(timer)
  }
}
