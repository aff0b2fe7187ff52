/** Certificates as they arrive (P9, P12) and what growth of the notarized set sets off. */
import { required } from '../../assert.ts'
import type { PeerId, Verified } from '../../domain.ts'
import { addNotarization, conflictingNotarization, fncOf, type TreeEntry } from '../chain.ts'
import { isQuorum, sessionOf } from '../committee.ts'
import { votesIn } from '../evidence.ts'
import { compareEpochs, compareSn } from '../sn.ts'
import type { Notarization, State, Vote } from '../types.ts'
import { checkFirstVotes, checkLateCertificate } from './amnesia.ts'
import { enterEpoch, startVoterTimer } from './epoch.ts'
import { compareWithVotes, isDoubleVote, keepStray, recordConflict } from './evidence.ts'
import { advanceFinality } from './finality.ts'
import { watchOwnVotes } from './guard.ts'
import { proposeIfDue } from './leader.ts'
import { retryOpenVotes, retryParked } from './proposal.ts'
import { announceSoon } from './status.ts'
import {
  committeePeers,
  currentSession,
  drop,
  emit,
  isLeader,
  penalise,
  persist,
  send,
  stopTimer,
  type Turn,
} from './turn.ts'

/** A certificate from a peer: applied, then taken as epoch proof, then its consequences (P8.2-b, P8.5). */
export function onNotarization(turn: Turn, from: PeerId | null, notarization: Verified<Notarization>): void {
  const { state } = turn
  const peer = from === null ? undefined : state.peers.get(from)
  if (!state.tree.entries.has(notarization.blockHash)) {
    if (peer?.status && compareSn(peer.status.fnc.sn, notarization.sn) < 0) {
      // The sender surely stores what it certifies: a claim to catch up with if the body does not come by itself.
      const fnc = { sn: notarization.sn, hash: notarization.blockHash, height: peer.status.fnc.height }
      peer.status = { ...peer.status, fnc }
    }
    announceSoon(turn)
  }
  applyNotarization(turn, notarization)
  if (compareEpochs(notarization.sn, state.epoch.current) > 0) enterEpoch(turn, { kind: 'block', notarization })
}

/** Adds a certificate to the tree and runs what its growth sets off (P9.2). */
export function applyNotarization(turn: Turn, notarization: Notarization): void {
  const { state } = turn
  const conflict = conflictingNotarization(state.tree, notarization)
  if (conflict !== null) {
    return recordConflict(turn, { kind: 'conflictingNotarizations', first: conflict, second: notarization })
  }
  const before = fncOf(state.tree)
  const growth = addNotarization(state.tree, notarization)
  if (growth.isNew) {
    persist(turn, [{ type: 'notarization', notarization }], false)
    lookInto(turn, notarization)
  }
  if (growth.notarized.length === 0) return
  for (const entry of growth.notarized) {
    emit(turn, { type: 'notice', notice: { kind: 'notarized', block: entry.ref } })
  }
  if (fncOf(state.tree) !== before && isInEpoch(state, fncOf(state.tree))) progressInEpoch(turn)
  advanceFinality(turn, growth.notarized)
  if (state.tree.fnc !== before.ref.hash) fncGrew(turn)
}

function isInEpoch({ epoch }: State, { ref }: TreeEntry): boolean {
  return compareEpochs(ref.sn, epoch.current) === 0
}

/** P24.1: what a new certificate says about its signers, this node's own key first. */
function lookInto(turn: Turn, notarization: Notarization): void {
  watchOwnVotes(turn, notarization)
  compareWithVotes(turn, notarization)
  checkLateCertificate(turn, notarization)
  if (notarization.sn.s === 1) checkFirstVotes(turn, notarization.blockHash, votesIn(notarization))
}

function fncGrew(turn: Turn): void {
  announceSoon(turn)
  retryParked(turn)
  retryOpenVotes(turn, { resend: false })
  proposeIfDue(turn)
}

/** P14.2-b, P14.5: progress restarts patience and voids the calls for the next epoch. */
function progressInEpoch(turn: Turn): void {
  const { state } = turn
  state.clockCast = false
  state.clocks.clear()
  stopTimer(turn, 'voteResend')
  startVoterTimer(turn)
}

/** P10.5: the leader collects votes for its own proposals and certifies at the threshold; late votes add weight. */
export function onVote(turn: Turn, from: PeerId | null, vote: Verified<Vote>): void {
  const { state } = turn
  if (compareEpochs(vote.sn, state.epoch.current) !== 0) return drop(turn, 'vote', 'another epoch')
  const entry = state.tree.entries.get(vote.blockHash)
  const leads = isLeader(state)
  if (isDoubleVote(turn, from, vote)) return
  if (!leads || entry === undefined) return keepStray(turn, vote)
  if (compareSn(entry.ref.sn, vote.sn) !== 0) return penalise(turn, from, 'invalid', 'vote for another slot')
  const votes = state.votes.get(vote.blockHash) ?? new Map<number, Vote>()
  state.votes.set(vote.blockHash, votes)
  if (votes.has(vote.voter)) return
  votes.set(vote.voter, vote)
  if (vote.sn.s === 1) checkFirstVotes(turn, vote.blockHash, [vote])
  certify(turn, entry, votes)
}

function certify(turn: Turn, entry: TreeEntry, votes: ReadonlyMap<number, Vote>): void {
  const { state } = turn
  const signers = [...votes.keys()].sort((a, b) => a - b)
  if (!isQuorum(sessionOf(state.sessions, entry.ref.sn.session), signers)) return
  const signatures = signers.map((signer) => required(votes.get(signer), 'every signer voted').signature)
  const notarization = { sn: entry.ref.sn, blockHash: entry.ref.hash, signers, signatures }
  const isFirst = entry.notarization === null
  if (isFirst) send(turn, committeePeers(state), { type: 'notarization', notarization })
  applyNotarization(turn, notarization)
  if (votes.size === currentSession(state).voters.length) state.votes.delete(entry.ref.hash)
}
