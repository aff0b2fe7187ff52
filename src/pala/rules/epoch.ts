/** The local epoch (P8): it only grows, each step has a proof, and it is durable before anything of it leaves. */

import { BACKOFF_FACTOR } from '../bounds.ts'
import { finalizedOf, fncOf } from '../chain.ts'
import { compareEpochs, type EpochId } from '../sn.ts'
import type { EpochProof, State } from '../types.ts'
import { startLeading } from './leader.ts'
import { askLeaderForProposals, retryParked } from './proposal.ts'
import { sendStatus } from './status.ts'
import {
  committeePeers,
  currentSession,
  emit,
  persist,
  selfProposer,
  selfVoter,
  send,
  startTimer,
  stopTimer,
  type Turn,
} from './turn.ts'

/** The epoch that `proof` proves. */
export function provenEpoch(proof: EpochProof): EpochId {
  switch (proof.kind) {
    case 'clocks':
      return proof.clockNotarization.target
    case 'block':
      return proof.notarization.sn
    case 'session':
      return { session: proof.session, epoch: 1 }
  }
}

/** P14.4: the voters' patience in this epoch, grown by each unproductive one before. */
export function voterTimeoutMs(state: State): number {
  const { voterTimeoutMs: base, maxVoterTimeoutMs } = currentSession(state).params
  return Math.min(base * BACKOFF_FACTOR ** state.unproductiveEpochs, maxVoterTimeoutMs)
}

/** P8.2, P8.3: enters the proven epoch if it is later than the local one. Certificates of the same message are applied before. */
export function enterEpoch(turn: Turn, proof: EpochProof): boolean {
  const { state } = turn
  const { session, epoch } = provenEpoch(proof)
  const next: EpochId = { session, epoch }
  if (compareEpochs(next, state.epoch.current) <= 0 || !state.sessions.has(session)) return false
  const finalizedHeight = finalizedOf(state.tree).ref.height
  state.unproductiveEpochs = finalizedHeight > state.finalizedAtEntry ? 0 : state.unproductiveEpochs + 1
  state.finalizedAtEntry = finalizedHeight
  state.epoch = { current: next, proof, fncAtEntry: fncOf(state.tree).ref }
  persist(turn, [{ type: 'epoch', epoch: next, proof, fncAtEntry: state.epoch.fncAtEntry }], true)
  forgetOldEpochs(turn)
  startVoterTimer(turn)
  if (proof.kind === 'clocks') spread(turn, proof)
  // Members of the new session were full nodes until now, and the old leader tells them nothing.
  sendStatus(turn, proof.kind === 'session' ? [...state.peers.keys()] : committeePeers(state))
  emit(turn, { type: 'notice', notice: { kind: 'epochEntered', epoch: next, cause: proof.kind } })
  startLeading(turn)
  if (proof.kind === 'session') askLeaderForProposals(turn)
  retryParked(turn)
  return true
}

/** P8.3-3, P8.3-4: votes, proposals and clocks of the past go; locks stay. */
function forgetOldEpochs(turn: Turn): void {
  const { state } = turn
  state.votes.clear()
  state.checking.clear()
  state.clockCast = false
  for (const peer of state.peers.values()) peer.proposalsPushedAt = null
  for (const [hash, { block }] of state.parked) {
    if (compareEpochs(block.header.sn, state.epoch.current) < 0) state.parked.delete(hash)
  }
  for (const [key, clocks] of state.clocks) {
    const target = clocks.values().next().value?.target
    if (target === undefined || compareEpochs(target, state.epoch.current) <= 0) state.clocks.delete(key)
  }
  for (const timer of ['firstProposalDelay', 'firstProposalLimit', 'proposeAgain', 'voteResend'] as const) {
    stopTimer(turn, timer)
  }
}

/** P8.3-5, P14.3: a proposer relays the clock notarization it advanced by, once; gossip carries it further. */
function spread(turn: Turn, { clockNotarization }: Extract<EpochProof, { kind: 'clocks' }>): void {
  if (selfProposer(turn.state) === null) return
  const message = { type: 'clockNotarization', clockNotarization } as const
  send(turn, committeePeers(turn.state), message)
  emit(turn, { type: 'publish', message })
}

/** P14.2: (re)starts the patience of a voter; called on epoch change and when the FNC grows inside the epoch. */
export function startVoterTimer(turn: Turn): void {
  if (selfVoter(turn.state) === null) return stopTimer(turn, 'voterTimeout')
  startTimer(turn, 'voterTimeout', voterTimeoutMs(turn.state))
}
