/**
 * Evidence (P24.1, P24.2): found where votes, certificates and blocks meet, kept once per kind, key and slot, told to
 * everybody, and a reason to stop when it names this node's own key.
 */
import type { PeerId, Verified } from '../../domain.ts'
import { setLatest } from '../../machine/latest.ts'
import { MAX_EVIDENCE_CERTIFICATES, MAX_PEERS, MAX_STRAY_VOTES } from '../bounds.ts'
import { conflictingNotarization, entryOf } from '../chain.ts'
import { type CertificateConflict, doubleVotesOf, noteOffence, type Offence, voteIn } from '../evidence.ts'
import { compareEpochs, compareSn, formatSn, type Sn, snKey } from '../sn.ts'
import type { Notarization, Proposal, Vote } from '../types.ts'
import { halt } from './halt.ts'
import { drop, emit, isLeader, peersWith, penalise, persist, send, type Turn } from './turn.ts'

/** Stores a proven offence and tells everybody, the first time. Against the own key it means a second process or a lost disk. */
export function recordOffence(turn: Turn, offence: Offence): void {
  const { state } = turn
  if (offence.kind === 'badCertificate' && offence.certificates.byteLength > MAX_EVIDENCE_CERTIFICATES) {
    return drop(turn, 'evidence', 'too large to pass on')
  }
  const noted = noteOffence(state, offence)
  if (typeof noted === 'string') return drop(turn, 'evidence', noted)
  const { key, accused } = noted
  persist(turn, [{ type: 'evidence', key, evidence: offence }], true)
  emit(turn, { type: 'notice', notice: { kind: 'evidence', accused, evidence: offence } })
  emit(turn, { type: 'publish', message: { type: 'evidence', evidence: offence } })
  if (accused.key !== state.config.self) return
  const what = `there is proof of ${offence.kind} by this node's own key at ${formatSn(accused.slot)}`
  halt(turn, 'own-equivocation', `${what}: look for a second process that uses it`)
}

/** P3.5: two certificates for one slot mean that more than a third is Byzantine. Both are kept; whoever signed both is named. */
export function recordConflict(turn: Turn, conflict: CertificateConflict): void {
  const key = `${snKey(conflict.first.sn)}/${conflict.kind}`
  persist(turn, [{ type: 'evidence', key, evidence: conflict }], true)
  emit(turn, { type: 'notice', notice: { kind: 'evidence', accused: null, evidence: conflict } })
  for (const offence of doubleVotesOf(conflict)) recordOffence(turn, offence)
  halt(turn, 'conflicting-notarizations', `slot ${formatSn(conflict.first.sn)} has two certificates`)
}

/** Evidence from a peer or from this node's own verifier. */
export function onEvidence(turn: Turn, offence: Verified<Offence>): void {
  recordOffence(turn, offence)
}

/** P24.2: a new connection is told what it was not told before, so that evidence outlives partitions and restarts. */
export function showEvidence(turn: Turn, peer: PeerId): void {
  const { offences, shown, nextNumber } = turn.state.evidence
  const before = shown.get(peer) ?? 0
  setLatest(shown, [peer, nextNumber - 1], MAX_PEERS)
  for (const { offence, number } of offences.values()) {
    if (number > before) send(turn, [peer], { type: 'evidence', evidence: offence })
  }
}

/** P10.5: whether this vote is the second one of its voter for the slot; then neither counts. */
export function isDoubleVote(turn: Turn, from: PeerId | null, vote: Verified<Vote>): boolean {
  const other = otherVote(turn, vote)
  if (other === null) return false
  turn.state.votes.get(other.blockHash)?.delete(vote.voter)
  recordOffence(turn, { kind: 'doubleVote', first: other, second: vote })
  penalise(turn, peersWith(turn.state, 'voter', vote.voter)[0] ?? from, 'invalid', 'two votes for one slot')
  return true
}

function otherVote({ state }: Turn, vote: Vote): Vote | null {
  const { sn, blockHash, voter } = vote
  const stray = state.evidence.strays.get(strayKey(vote))
  if (stray !== undefined && stray.blockHash !== blockHash) return stray
  for (const [hash, votes] of state.votes) {
    const other = votes.get(voter)
    if (hash !== blockHash && other !== undefined && compareSn(other.sn, sn) === 0) return other
  }
  const certificate = conflictingNotarization(state.tree, { sn, blockHash, signers: [], signatures: [] })
  return certificate === null ? null : voteIn(certificate, voter)
}

const strayKey = ({ voter, sn }: { readonly voter: number; readonly sn: Sn }): string => `${voter}/${snKey(sn)}`

/** P10.5, P24.1: a leader keeps votes for blocks it never proposed: the other half of a double vote may follow. */
export function keepStray(turn: Turn, vote: Vote): void {
  const { state } = turn
  const { strays } = state.evidence
  for (const [key, { sn }] of strays) {
    if (compareEpochs(sn, state.epoch.current) === 0) break
    strays.delete(key)
  }
  if (isLeader(state) && strays.size < MAX_STRAY_VOTES) strays.set(strayKey(vote), vote)
  drop(turn, 'vote', 'not for an own proposal')
}

/** A certificate meets votes that this leader holds for another block of the slot. */
export function compareWithVotes(turn: Turn, notarization: Notarization): void {
  const { state } = turn
  for (const voter of state.evidence.strays.size > 0 ? notarization.signers : []) {
    const stray = state.evidence.strays.get(strayKey({ voter, sn: notarization.sn }))
    if (stray !== undefined) accuseTwice(turn, stray, notarization)
  }
  for (const hash of state.tree.bySlot.get(snKey(notarization.sn)) ?? []) {
    for (const vote of state.votes.get(hash)?.values() ?? []) accuseTwice(turn, vote, notarization)
  }
}

function accuseTwice(turn: Turn, vote: Vote, notarization: Notarization): void {
  if (vote.blockHash === notarization.blockHash) return
  const other = voteIn(notarization, vote.voter)
  if (other !== null) recordOffence(turn, { kind: 'doubleVote', first: vote, second: other })
}

/** Another block in the slot of `proposal`, with its leader's signature: the leader equivocated (A1). */
export function rivalOf({ state }: Turn, { block }: Proposal): Proposal | null {
  for (const other of state.tree.bySlot.get(snKey(block.header.sn)) ?? []) {
    if (other !== block.hash) return entryOf(state.tree, other).proposal
  }
  return null
}

/** A1: two blocks of one leader for one slot. Who passed them on did nothing wrong. */
export function accuseLeader(turn: Turn, first: Proposal, second: Proposal): void {
  recordOffence(turn, { kind: 'doubleProposal', first, second })
  const leader = peersWith(turn.state, 'proposer', second.block.header.proposer)[0] ?? null
  if (leader !== null) penalise(turn, leader, 'invalid', 'two proposals for one slot')
}
