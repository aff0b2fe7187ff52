/** The leader of an epoch (P10): the first proposal's wait, the window, and when a block is due. */
import type { Millis } from '../../domain.ts'
import { LEADER_LIMIT_SHARE } from '../bounds.ts'
import { ancestry, fncOf, type TreeEntry, unfinalBlocks } from '../chain.ts'
import { thresholdWeight } from '../committee.ts'
import { compareEpochs, compareSn, type Sn, snKey } from '../sn.ts'
import type { BlockPlan, BlockRef, EmbeddedCerts, State } from '../types.ts'
import { certsFor, inChainFinalHeight, provesStop } from './certificates.ts'
import { voterTimeoutMs } from './epoch.ts'
import { bestHead } from './session.ts'
import { currentSession, emit, isLeader, peersWith, selfVoter, send, startTimer, stopTimer, type Turn } from './turn.ts'
import { insideWindow, isFreshEnough, stopRuleFor } from './validity.ts'

/** P10.3: on entering an epoch as its leader, hear the voters first, unless there is nothing to wait for. */
export function startLeading(turn: Turn): void {
  const { state } = turn
  state.leader.phase = 'idle'
  state.leader.building = null
  state.leader.lastProposed = null
  state.leader.delayElapsed = false
  if (!isLeader(state)) return
  state.leader.enteredAt = turn.now
  state.leader.lastProposed = ownNewestProposal(state)
  if (mayProposeAtOnce(state)) return beginProposing(turn)
  const { firstProposalDelayMs, firstProposalLimitMs } = currentSession(state).params
  state.leader.phase = 'waiting'
  send(turn, peersWith(state, 'voter'), { type: 'getStatus' })
  startTimer(turn, 'firstProposalDelay', firstProposalDelayMs)
  const limit = Math.min(firstProposalLimitMs, LEADER_LIMIT_SHARE * voterTimeoutMs(state))
  startTimer(turn, 'firstProposalLimit', limit)
}

/** P10.3-1: the first epoch of a session, or a restart inside an epoch that has blocks. */
function mayProposeAtOnce(state: State): boolean {
  const { current } = state.epoch
  if (state.leader.lastProposed !== null || current.epoch === 1) return true
  return compareEpochs(fncOf(state.tree).ref.sn, current) === 0
}

/** After a restart: the newest block this node proposed in the current epoch (P20.3). */
function ownNewestProposal(state: State): BlockRef | null {
  let newest: BlockRef | null = null
  for (const hash of state.proposeLocks.values()) {
    const ref = state.tree.entries.get(hash)?.ref
    if (ref === undefined || compareEpochs(ref.sn, state.epoch.current) !== 0) continue
    if (newest === null || compareSn(ref.sn, newest.sn) > 0) newest = ref
  }
  return newest
}

export function onFirstProposalDelay(turn: Turn): void {
  turn.state.leader.delayElapsed = true
  leaderGotStatus(turn)
}

/** P10.3-3: the limit lies below the voters' patience, so a leader that waits is never voted out for it. */
export function onFirstProposalLimit(turn: Turn): void {
  if (turn.state.leader.phase === 'waiting') beginProposing(turn)
}

/** P10.3-3: ready when a quorum stands in this epoch with no floor above our freshest chain, and the delay is over. */
export function leaderGotStatus(turn: Turn): void {
  const { state } = turn
  if (state.leader.phase !== 'waiting' || !state.leader.delayElapsed) return
  if (readyWeight(state) >= thresholdWeight(currentSession(state))) beginProposing(turn)
}

function readyWeight(state: State): number {
  const { voters, session } = currentSession(state)
  const parent = bestHead(state).ref.sn
  const ready = new Set<number>()
  const self = selfVoter(state)
  if (self !== null) ready.add(self)
  for (const { roles, status } of state.peers.values()) {
    if (status === null || compareEpochs(status.epoch, state.epoch.current) !== 0) continue
    if (!isFreshEnough(session, { parent, floor: status.fncAtEntry })) continue
    for (const role of roles) if (role.role === 'voter' && role.session === session) ready.add(role.index)
  }
  return [...ready].reduce((sum, index) => sum + (voters[index]?.weight ?? 0), 0)
}

function beginProposing(turn: Turn): void {
  turn.state.leader.phase = 'proposing'
  stopTimer(turn, 'firstProposalDelay')
  stopTimer(turn, 'firstProposalLimit')
  proposeIfDue(turn)
}

/** P10.2: proposes the next slot when the window is open and a block is due; otherwise wakes up when one will be. */
export function proposeIfDue(turn: Turn): void {
  const { state } = turn
  if (state.leader.phase !== 'proposing' || state.leader.building !== null || !isLeader(state)) return
  if (!state.guard.isOpen) return
  const parent = parentOfNext(state)
  if (parent === null) return
  const sn: Sn = {
    ...state.epoch.current,
    s: state.leader.lastProposed === null ? 1 : state.leader.lastProposed.sn.s + 1,
  }
  if (!insideWindow(state, sn, fncOf(state.tree).ref.sn) || state.proposeLocks.has(snKey(sn))) return
  const wait = waitFor(turn, parent)
  if (wait > 0) return wakeIn(turn, wait)
  state.leader.building = sn
  emit(turn, { type: 'buildBlock', plan: planBlock(turn, sn, parent) })
}

function wakeIn(turn: Turn, wait: Millis): void {
  const dueAt = turn.state.timers.get('proposeAgain')?.dueAt ?? Number.POSITIVE_INFINITY
  if (turn.now + wait < dueAt) startTimer(turn, 'proposeAgain', wait)
}

/** A leader that lost its own proposals of this epoch stays silent: it might contradict them. */
function parentOfNext(state: State): TreeEntry | null {
  const { lastProposed } = state.leader
  if (lastProposed !== null) return state.tree.entries.get(lastProposed.hash) ?? null
  const head = bestHead(state)
  if (compareEpochs(head.ref.sn, state.epoch.current) === 0 || !mayExtend(state, head)) return null
  // A first block after the first epoch embeds the clocks that opened it (P5.2).
  return state.epoch.current.epoch > 1 && state.epoch.proof?.kind !== 'clocks' ? null : head
}

/** P16.4: a session starts only on a chain that proves the one before stopped. */
function mayExtend({ epoch, sessions }: State, head: TreeEntry): boolean {
  const { session } = head.ref.sn
  return session === 0 || session === epoch.current.session || provesStop(sessions, head)
}

/** Milliseconds until a block on `parent` is due: now for payload or unfinished finality, later for an empty one. */
function waitFor({ state, now }: Turn, parent: TreeEntry): number {
  const { blockIntervalMs, emptyBlockIntervalMs } = currentSession(state).params
  if (state.leader.lastProposed === null) return 0
  const since = now - state.leader.lastProposedAt
  const urgent = (state.payloadPending && !afterStop(state, parent)) || hasUnfinishedPayload(state, parent)
  return (urgent ? blockIntervalMs : Math.max(emptyBlockIntervalMs, blockIntervalMs)) - since
}

function afterStop(state: State, parent: TreeEntry): boolean {
  return parent.ref.sn.session === state.epoch.current.session && parent.stop !== null
}

/** Blocks that somebody waits for: with payload, at the end of a session, at the start of one. */
function isAwaited({ proposal, sessionCount, ref }: TreeEntry): boolean {
  if (proposal === null) return false
  const { payload, header } = proposal.block
  return payload.length > 0 || header.isStop || (sessionCount === 1 && ref.sn.session > 1)
}

/** P10.2: whether payload on this chain still needs blocks above it to become final (k of them, and more than k in the epoch). */
function hasUnfinishedPayload(state: State, parent: TreeEntry): boolean {
  const { k } = currentSession(state).params
  const top = parent.ref.sn
  for (const entry of ancestry(state.tree, parent.ref.hash)) {
    if (entry.ref.hash === state.tree.finalized) return false
    if (!isAwaited(entry)) continue
    const inEpoch = compareEpochs(entry.ref.sn, top) === 0
    return top.s < Math.max(k + 1, inEpoch ? entry.ref.sn.s + k : 0)
  }
  return false
}

function planBlock({ state }: Turn, sn: Sn, parent: TreeEntry): BlockPlan {
  const session = currentSession(state)
  const sessionCount = sn.session === parent.ref.sn.session ? parent.sessionCount + 1 : 1
  const { stop, isAfter } = stopRuleFor(session, { sn, parent })
  return {
    sn,
    height: parent.ref.height + 1,
    sessionCount,
    parent: parent.ref,
    parentTimestamp: parent.timestamp,
    proposer: state.config.schedule(session, sn.epoch),
    stop,
    certs: certsOf(state, sn, parent),
    stateHeight: inChainFinalHeight(state.tree, state.sessions, { sn, parent }),
    payloadAllowed: !isAfter,
    pendingAncestors: unfinalBlocks(state.tree, parent.ref.hash),
  }
}

function certsOf(state: State, sn: Sn, parent: TreeEntry): EmbeddedCerts {
  const plan = certsFor(state.tree, state.sessions, { sn, parent })
  const notarizations = plan.notarized.flatMap((entry) => entry.notarization ?? [])
  const proof = state.epoch.proof
  const clockNotarization = plan.needsClockNotarization && proof?.kind === 'clocks' ? proof.clockNotarization : null
  return { notarizations, clockNotarization }
}

/** The un-notarized own proposals of this epoch, in order of s (P10.4). */
export function outstandingProposals(state: State): TreeEntry[] {
  const { lastProposed } = state.leader
  if (lastProposed === null || !state.tree.entries.has(lastProposed.hash)) return []
  const outstanding: TreeEntry[] = []
  for (const entry of ancestry(state.tree, lastProposed.hash)) {
    if (entry.notarized || compareEpochs(entry.ref.sn, state.epoch.current) !== 0) break
    outstanding.unshift(entry)
  }
  return outstanding
}
