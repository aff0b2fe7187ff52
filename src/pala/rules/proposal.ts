/** The voter's side (P11) and the insertion of proposals (P5.3): check, store, vote once, durably. */
import { required } from '../../assert.ts'
import type { Hash, PeerId, Verified } from '../../domain.ts'
import { CLOCK_WINDOW, MAX_PARKED_PROPOSALS } from '../bounds.ts'
import { entryOf, finalizedOf, fncOf, insertBlock, type TreeEntry, takeHeld, unfinalBlocks } from '../chain.ts'
import { sessionOf } from '../committee.ts'
import { compareEpochs, compareSn, snKey } from '../sn.ts'
import type { Proposal } from '../types.ts'
import { suspect } from './amnesia.ts'
import { enterEpoch, voterTimeoutMs } from './epoch.ts'
import { accuseLeader, rivalOf } from './evidence.ts'
import { watchOwnProposal } from './guard.ts'
import { proposeIfDue } from './leader.ts'
import { applyNotarization } from './notarization.ts'
import { requestBlocksFrom, requestEpochFrom } from './sync.ts'
import {
  currentSession,
  drop,
  emit,
  isLeader,
  isRunning,
  leaderPeer,
  peersWith,
  penalise,
  persist,
  selfVoter,
  send,
  startTimer,
  type Turn,
} from './turn.ts'
import { blockProblem, insideWindow, isFreshEnough, stopRuleFor } from './validity.ts'

/** Share of the voters' patience after which an unanswered vote is sent again (P11.6). */
const RESEND_SHARE = 1 / 3

/** P11.1 for a proposal from the network; `from` is who delivered it. */
export function onProposal(turn: Turn, from: PeerId | null, proposal: Verified<Proposal>): void {
  const { state } = turn
  const { header, clockNotarization } = proposal.block
  watchOwnProposal(turn, proposal)
  if (compareEpochs(header.sn, state.epoch.current) > 0 && clockNotarization !== null) {
    for (const notarization of proposal.block.notarizations) applyNotarization(turn, notarization)
    enterEpoch(turn, { kind: 'clocks', clockNotarization })
  }
  considerProposal(turn, from, proposal)
}

/** P11.1-2, P11.1-3, P11.2: inserts, parks or drops. */
function considerProposal(turn: Turn, from: PeerId | null, proposal: Verified<Proposal>): void {
  const { state } = turn
  const { hash, header } = proposal.block
  const order = compareEpochs(header.sn, state.epoch.current)
  if (order < 0) return drop(turn, 'proposal', 'old epoch')
  const session = state.sessions.get(header.sn.session)
  if (session === undefined) return drop(turn, 'proposal', 'unknown session')
  if (state.config.schedule(session, header.sn.epoch) !== header.proposer) {
    return penalise(turn, from, 'invalid', 'proposal: proposer does not lead the epoch')
  }
  if (state.tree.entries.has(hash)) return tryVote(turn, hash)
  if (order > 0) {
    if (header.sn.epoch <= state.epoch.current.epoch + CLOCK_WINDOW) park(turn, proposal)
    if (from !== null) requestEpochFrom(turn, from)
    return
  }
  const parent = state.tree.entries.get(header.parentHash)
  if (parent === undefined) {
    park(turn, proposal)
    if (from !== null) requestBlocksFrom(turn, from, { claimed: header.parentSn, wanted: header.parentHash })
    return
  }
  if (!isInsideWindow(turn, proposal)) return park(turn, proposal)
  insertProposal(turn, from, proposal)
}

/** P11.1-6, after the certificates the block itself carries were applied (P11.1-3): they may open the window. */
function isInsideWindow(turn: Turn, { block }: Proposal): boolean {
  const { state } = turn
  const isOpen = (): boolean => insideWindow(state, block.header.sn, fncOf(state.tree).ref.sn)
  if (isOpen()) return true
  for (const notarization of block.notarizations) applyNotarization(turn, notarization)
  // What became final meanwhile may have taken the parent's fork with it.
  return isOpen() && state.tree.entries.has(block.header.parentHash)
}

function insertProposal(turn: Turn, from: PeerId | null, proposal: Verified<Proposal>): void {
  const { state } = turn
  const { block } = proposal
  const rival = rivalOf(turn, proposal)
  if (rival !== null) return accuseLeader(turn, rival, proposal)
  const parent = entryOf(state.tree, block.header.parentHash)
  // P5.3: nothing below or beside the finalized head; forks above it were pruned with it.
  if (parent.ref.height < finalizedOf(state.tree).ref.height) {
    suspect(turn, proposal)
    return drop(turn, 'proposal', 'below the finalized head')
  }
  const problem = blockProblem(state, block, parent)
  if (problem !== null) return penalise(turn, from, 'invalid', `proposal: ${problem}`)
  storeBlock(turn, proposal)
  tryVote(turn, block.hash)
}

/** Puts a structurally valid block into the tree and applies what it carries (P5.2-b, P11.1-3). */
export function storeBlock(turn: Turn, proposal: Proposal): void {
  const { tree } = turn.state
  insertBlock(tree, proposal)
  persist(turn, [{ type: 'block', proposal }], false)
  for (const notarization of proposal.block.notarizations) applyNotarization(turn, notarization)
  const held = takeHeld(tree, proposal.block.hash)
  if (held !== null) applyNotarization(turn, held)
}

/** P11.2: at most k per epoch and {@link MAX_PARKED_PROPOSALS} in all wait; the rest comes again by reconciliation. */
function park(turn: Turn, proposal: Verified<Proposal>): void {
  const { state } = turn
  const { sn } = proposal.block.header
  const { k } = (state.sessions.get(sn.session) ?? currentSession(state)).params
  const sameEpoch = [...state.parked.values()].filter((p) => compareEpochs(p.block.header.sn, sn) === 0).length
  if (sameEpoch >= k || state.parked.size >= MAX_PARKED_PROPOSALS) return drop(turn, 'proposal', 'no room to park')
  state.parked.set(proposal.block.hash, proposal)
}

/** P11.2, H8: after growth or an epoch change, parked proposals get another look, in order of s. */
export function retryParked(turn: Turn): void {
  const { state } = turn
  if (state.parked.size === 0) return
  const waiting = [...state.parked.values()].sort((a, b) => compareSn(a.block.header.sn, b.block.header.sn))
  state.parked.clear()
  for (const proposal of waiting) considerProposal(turn, null, proposal)
}

/** P11.1-5 to 9. No vote without the application's word; the lock is durable before the vote leaves (P20.1). */
export function tryVote(turn: Turn, hash: Hash): void {
  const { state } = turn
  if (selfVoter(state) === null) return
  const entry = state.tree.entries.get(hash)
  if (entry === undefined || compareEpochs(entry.ref.sn, state.epoch.current) !== 0) return
  const { sn, height } = entry.ref
  // What is final needs no vote, and its lock is gone.
  if (height <= finalizedOf(state.tree).ref.height) return
  const lock = state.voteLocks.get(snKey(sn))
  if (lock === hash) return castVote(turn, entry)
  if (lock !== undefined || !state.guard.isOpen || !mayVoteFor(turn, entry)) return
  if (state.verdicts.get(hash) === undefined) return askApplication(turn, entry)
  if (state.verdicts.get(hash) !== 'valid') return
  state.voteLocks.set(snKey(sn), hash)
  persist(turn, [{ type: 'voteLock', sn, blockHash: hash }], true)
  castVote(turn, entry)
  // P11.1-8: blocks of the window that came while this one was checked waited for this vote.
  for (const child of entry.children) if (!entryOf(state.tree, child).notarized) tryVote(turn, child)
}

/** P11.1-6 window, P11.1-7 freshness floor at entry (P11.3, P16.4-4), P11.1-8 chain consistency (P11.4). */
function mayVoteFor({ state }: Turn, entry: TreeEntry): boolean {
  const { sn } = entry.ref
  const fnc = fncOf(state.tree).ref.sn
  if (compareEpochs(fnc, sn) > 0 || !insideWindow(state, sn, fnc)) return false
  const parent = entryOf(state.tree, entry.parentHash)
  const floor = state.epoch.fncAtEntry.sn
  if (sn.s === 1) return parent.notarized && isFreshEnough(sn.session, { parent: parent.ref.sn, floor })
  return parent.notarized || state.voteLocks.get(snKey(parent.ref.sn)) === parent.ref.hash
}

function askApplication(turn: Turn, entry: TreeEntry): void {
  const { state } = turn
  const { hash } = entry.ref
  if (state.checking.has(hash)) return
  state.checking.add(hash)
  const block = required(entry.proposal, 'genesis is never voted').block
  const parent = entryOf(state.tree, entry.parentHash)
  const { stop } = stopRuleFor(sessionOf(state.sessions, entry.ref.sn.session), { sn: entry.ref.sn, parent })
  emit(turn, { type: 'checkBlock', block, stop, pendingAncestors: unfinalBlocks(state.tree, entry.parentHash) })
}

/** The application's answer (P5.4-9, P5.4-10). */
export function onBlockChecked(turn: Turn, hash: Hash, verdict: 'valid' | 'invalid' | 'retryable'): void {
  const { state } = turn
  state.checking.delete(hash)
  const entry = state.tree.entries.get(hash)
  // A null proposal: the block became final while it was checked.
  if (entry === undefined || entry.proposal === null) return
  if (verdict === 'retryable') return armResend(turn)
  state.verdicts.set(hash, verdict)
  if (verdict === 'valid') return tryVote(turn, hash)
  const { proposer } = entry.proposal.block.header
  penalise(turn, peersWith(state, 'proposer', proposer)[0] ?? null, 'invalid', 'proposal with invalid payload')
}

function castVote(turn: Turn, entry: TreeEntry): void {
  const { state } = turn
  if (entry.notarized) return
  const to = isLeader(state) ? null : leaderPeer(state)
  if (to !== null || isLeader(state)) {
    emit(turn, { type: 'castVote', sn: entry.ref.sn, blockHash: entry.ref.hash, to })
  }
  if (to !== null) armResend(turn)
}

function armResend(turn: Turn): void {
  if (!isRunning(turn, 'voteResend')) startTimer(turn, 'voteResend', voterTimeoutMs(turn.state) * RESEND_SHARE)
}

/** P17.7, H9: the leader's proposals may have come before this node could judge them. */
export function askLeaderForProposals(turn: Turn): void {
  const { state } = turn
  const leader = leaderPeer(state)
  if (leader === null || selfVoter(state) === null) return
  send(turn, [leader], { type: 'getProposals', epoch: state.epoch.current, fnc: fncOf(state.tree).ref.sn })
}

/** P11.6, H6, H9: votes that are not reflected go again, and proposals that may be lost are asked for. */
export function onVoteResend(turn: Turn): void {
  const { state } = turn
  if (leaderPeer(state) === null || selfVoter(state) === null) return
  askLeaderForProposals(turn)
  retryOpenVotes(turn, { resend: true })
  armResend(turn)
}

/** Votes of this epoch above the FNC: tried if not locked, and sent again if locked when `resend` says so. */
export function retryOpenVotes(turn: Turn, { resend }: { readonly resend: boolean }): void {
  const { state } = turn
  const { k } = sessionOf(state.sessions, state.epoch.current.session).params
  const fnc = fncOf(state.tree).ref.sn
  const first = compareEpochs(fnc, state.epoch.current) === 0 ? fnc.s + 1 : 1
  for (let s = first; s < first + k; s++) {
    const slot = snKey({ ...state.epoch.current, s })
    if (!resend && state.voteLocks.has(slot)) continue
    for (const hash of state.tree.bySlot.get(slot) ?? []) tryVote(turn, hash)
  }
}

/** P10.2: the leader's own block comes back from the service; it is locked and durable before it leaves (P20.3). */
export function onBlockBuilt(turn: Turn, proposal: Verified<Proposal>): void {
  const { state } = turn
  const { hash, header } = proposal.block
  const { building } = state.leader
  if (building === null || compareSn(building, header.sn) !== 0 || state.leader.phase !== 'proposing') {
    return drop(turn, 'blockBuilt', 'the epoch moved on')
  }
  state.leader.building = null
  if (!state.tree.entries.has(header.parentHash)) {
    // While it was built, a fresher fork became final and the parent went with the dead ones.
    drop(turn, 'blockBuilt', 'the parent is on a dead fork')
    return proposeIfDue(turn)
  }
  state.leader.lastProposed = { sn: header.sn, hash, height: header.height }
  state.leader.lastProposedAt = turn.now
  state.proposeLocks.set(snKey(header.sn), hash)
  storeBlock(turn, proposal)
  persist(turn, [{ type: 'proposeLock', sn: header.sn, blockHash: hash }], true)
  const peers = new Set([...peersWith(state, 'voter'), ...peersWith(state, 'proposer')])
  send(turn, [...peers], { type: 'proposal', proposal })
  state.verdicts.set(hash, 'valid')
  tryVote(turn, hash)
  proposeIfDue(turn)
}
