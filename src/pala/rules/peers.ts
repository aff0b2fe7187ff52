/** Peers come and go (P17.1, P10.4, P18.3): on connect both sides compare, voters get open proposals, proposers get calls. */
import type { PeerId, Role } from '../../domain.ts'
import { MAX_PEERS, PROPOSALS_COOLDOWN_MS } from '../bounds.ts'
import { compareEpochs, type EpochId } from '../sn.ts'
import type { Proposal } from '../types.ts'
import { askForClocks } from './clock.ts'
import { showEvidence } from './evidence.ts'
import { outstandingProposals } from './leader.ts'
import { sendPresence } from './presence.ts'
import { askLeaderForProposals, retryOpenVotes } from './proposal.ts'
import { sendStatus } from './status.ts'
import { catchUp } from './sync.ts'
import { drop, leaderPeer, send, stopTimer, type Turn } from './turn.ts'

/** After the role handshake of a connection. */
export function onPeerConnected(turn: Turn, peer: PeerId, roles: readonly Role[]): void {
  const { state } = turn
  if (!state.peers.has(peer) && state.peers.size >= MAX_PEERS) return drop(turn, 'peer', 'too many peers')
  state.peers.set(peer, { roles, status: null, proposalsPushedAt: null, shunnedUntil: 0, failures: 0 })
  sendStatus(turn, [peer])
  send(turn, [peer], { type: 'getStatus' })
  askForClocks(turn, peer)
  if (roles.some((role) => role.role === 'voter')) pushProposals(turn, peer)
  if (leaderPeer(state) === peer) retryOpenVotes(turn, { resend: true })
  showEvidence(turn, peer)
  sendPresence(turn, [peer])
}

/** P16.5, P18.7: seats of a session that started meanwhile; what their holder must have goes out now. */
export function onPeerRolesChanged(turn: Turn, peer: PeerId, roles: readonly Role[]): void {
  const { state } = turn
  const known = state.peers.get(peer)
  if (known === undefined) return
  known.roles = roles
  askForClocks(turn, peer)
  const { session } = state.epoch.current
  if (roles.some((role) => role.role === 'voter' && role.session === session)) pushProposals(turn, peer)
  if (leaderPeer(state) !== peer) return
  askLeaderForProposals(turn)
  retryOpenVotes(turn, { resend: true })
}

export function onPeerDisconnected(turn: Turn, peer: PeerId): void {
  const { state } = turn
  state.peers.delete(peer)
  if (state.requests.epoch?.peer === peer) {
    state.requests.epoch = null
    stopTimer(turn, 'epochRequest')
  }
  if (state.requests.blocks?.peer === peer) {
    state.requests.blocks = null
    stopTimer(turn, 'blocksRequest')
  }
  catchUp(turn)
}

/** P10.4: the leader's un-notarized proposals, in order of s. */
function pushProposals(turn: Turn, peer: PeerId): void {
  const known = turn.state.peers.get(peer)
  if (known === undefined) return
  for (const proposal of openProposals(turn)) send(turn, [peer], { type: 'proposal', proposal })
  known.proposalsPushedAt = turn.now
}

function openProposals({ state }: Turn): Proposal[] {
  return outstandingProposals(state).flatMap((entry) => entry.proposal ?? [])
}

/** P10.4, P17.7: answers a voter that may have missed proposals; more often than the cooldown it gets no answer. */
export function onGetProposals(turn: Turn, from: PeerId, epoch: EpochId): void {
  const { state, now } = turn
  const peer = state.peers.get(from)
  if (peer === undefined || compareEpochs(epoch, state.epoch.current) !== 0) return
  if (peer.proposalsPushedAt !== null && now - peer.proposalsPushedAt < PROPOSALS_COOLDOWN_MS) return
  pushProposals(turn, from)
}
