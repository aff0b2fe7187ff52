/**
 * The `committee` module: voters propose and approve changes of the committee; two thirds of their weight accept one,
 * and the next stop block puts it into force (P16.2). Pure, so every node elects the same.
 */
import type { CommitteePlan, PublicKeyHex } from '../../domain.ts'
import type { LedgerBlock, StateView, StateWrite } from '../types.ts'
import { applyChange, foldChanges, refuse } from './committee-change.ts'
import { decodeCommitteeEntry, encodeCommitteeEntry, showCommitteeEntry } from './committee-entry.ts'
import { proposalIdOf } from './committee-id.ts'
import { endSession } from './committee-session.ts'
import {
  COMMITTEE,
  readAgenda,
  readCurrent,
  readEnded,
  readProposal,
  readRoster,
  rosterOf,
  writeAgenda,
  writeProposal,
  writeSession,
} from './committee-state.ts'
import {
  type Accepted,
  type Agenda,
  type Change,
  type CommitteeEntry,
  type CommitteeRefusal,
  type Ended,
  MAX_PROPOSALS,
  type PlanProblem,
  type Proposal,
  type Roster,
  SHARED_PROPOSALS,
} from './committee-types.ts'
import type { EntryOutcome, ExecutionContext, LedgerModule } from './module.ts'

export type CommitteeOptions = {
  /** Session 1's plan. */
  readonly initial: CommitteePlan
  readonly planProblem: PlanProblem
}

/** The module for a chain that starts with `initial`. */
export function createCommitteeModule({ initial, planProblem }: CommitteeOptions): LedgerModule<CommitteeEntry> {
  return {
    name: COMMITTEE,
    parse(payload) {
      const entry = decodeCommitteeEntry(payload)
      return typeof entry === 'string' ? { ok: false, detail: entry } : { ok: true, entry }
    },
    apply(view, entry, context) {
      const roster = readRoster(view)
      if (weightOf(roster.plan, context.sender) === 0) {
        const who = 'only voters of the present session decide about the committee'
        return refuse('not-voter', `${context.sender} has no vote in session ${roster.session}: ${who}`)
      }
      const scene: Scene = { view, roster, context, planProblem }
      if (entry.type === 'propose') return propose(scene, entry.change)
      const proposal = readProposal(view, entry.id)
      if (proposal === null) return refuse('unknown-proposal', `no proposal ${entry.id}: see palaver committee show`)
      return entry.type === 'approve' ? approve(scene, proposal) : withdraw(scene, proposal)
    },
    show: showCommitteeEntry,
    encode: encodeCommitteeEntry,
    genesis: () => writeSession({ session: 1, since: 0, plan: initial, how: 'genesis', outcomes: [] }),
    endBlock: (view, block: LedgerBlock) => (block.isStop ? endSession(view, block, planProblem) : []),
  }
}

/** The least weight that accepts: `ceil(2W/3)` of the voters, as for certificates (P12.1). */
export function neededWeight({ voters }: CommitteePlan): number {
  const total = voters.reduce((sum, { weight }) => sum + weight, 0)
  return Math.floor((2 * total + 2) / 3)
}

/** The weight of `key` among the voters; 0 when it has no vote. */
export function weightOf({ voters }: CommitteePlan, key: PublicKeyHex): number {
  return voters.find((voter) => voter.key === key)?.weight ?? 0
}

/** The weight of approvals by voters of `plan`: who has left does not count. */
export function approvedWeight(plan: CommitteePlan, { approvals }: Proposal): number {
  return approvals.reduce((sum, key) => sum + weightOf(plan, key), 0)
}

/**
 * The committee that the changes accepted up to block `height` give; null when none is due or they change nothing
 * (P16.2). Whatever was executed above `height`, the answer is the same, down to the stop block of the session before
 * the last one; null below.
 */
export function electedAfter(view: StateView, height: number, planProblem: PlanProblem): CommitteePlan | null {
  const current: Ended = { ...readCurrent(view), accepted: readAgenda(view).accepted }
  const then = height >= current.since ? current : readEnded(view)
  if (then === null || height < then.since) return null
  const due = then.accepted.filter((accepted) => accepted.height <= height)
  return due.length === 0 ? null : foldChanges(rosterOf(view, then).plan, changesOf(view, due), planProblem)
}

/** The changes that were accepted, in order. */
export function changesOf(view: StateView, accepted: readonly Accepted[]): Change[] {
  return accepted.flatMap(({ id }) => readProposal(view, id)?.change ?? [])
}

/** What an entry is judged by. */
type Scene = {
  readonly view: StateView
  readonly roster: Roster
  readonly context: ExecutionContext
  readonly planProblem: PlanProblem
}

function propose(scene: Scene, change: Change): EntryOutcome {
  const { view, roster, context } = scene
  const agenda = readAgenda(view)
  const refusal = tooMany(roster, agenda, context.sender) ?? wouldFail(scene, agenda, change)
  if (refusal !== null) return refusal
  const { sender: author, txId, entry, height } = context
  const id = proposalIdOf(txId, entry)
  const proposal: Proposal = {
    ...{ id, author, session: roster.session, height, change },
    ...{ approvals: [author], status: 'open', reason: '' },
  }
  const proposals = [...agenda.proposals, { id, author }]
  return settle(scene, proposal, { ...agenda, proposals })
}

/** Every voter has its share of the places, at least one, so that nobody keeps the others from proposing. */
function tooMany({ plan }: Roster, { proposals }: Agenda, author: PublicKeyHex): CommitteeRefusal | null {
  const own = proposals.filter((proposal) => proposal.author === author).length
  const share = Math.max(1, Math.floor(SHARED_PROPOSALS / plan.voters.length))
  if (own < share && proposals.length < MAX_PROPOSALS) return null
  return refuse(
    'too-many-proposals',
    `a voter makes at most ${share} proposals in a session, withdrawn ones included: wait for the next session`,
  )
}

/** Whether the change would not apply after those that are accepted already. */
function wouldFail({ view, roster, planProblem }: Scene, agenda: Agenda, change: Change): CommitteeRefusal | null {
  const changes = changesOf(view, agenda.accepted)
  const before = foldChanges(roster.plan, changes, planProblem) ?? roster.plan
  const changed = applyChange(before, change, planProblem)
  return changed.ok ? null : changed
}

function approve(scene: Scene, proposal: Proposal): EntryOutcome {
  const { view, roster, context } = scene
  if (proposal.status !== 'open') return notOpen(proposal)
  const present = proposal.approvals.filter((key) => weightOf(roster.plan, key) > 0)
  const isNew = !present.includes(context.sender)
  const approvals = isNew ? [...present, context.sender] : present
  const approved = { ...proposal, approvals }
  // A committee that shrank may need no more than it has: then any of its members can say so.
  if (!isNew && approvedWeight(roster.plan, approved) < neededWeight(roster.plan)) {
    return refuse('already-approved', `this voter has approved proposal ${proposal.id} already: the others must`)
  }
  return settle(scene, approved, readAgenda(view))
}

/** Writes the proposal, accepted or dropped when it has the weight. */
function settle(scene: Scene, proposal: Proposal, agenda: Agenda): EntryOutcome {
  const { roster, context } = scene
  if (approvedWeight(roster.plan, proposal) < neededWeight(roster.plan)) {
    return { ok: true, writes: [writeProposal(proposal), writeAgenda(agenda)] }
  }
  const refusal = wouldFail(scene, agenda, proposal.change)
  if (refusal !== null) {
    const dropped: Proposal = { ...proposal, status: 'dropped', reason: `${refusal.code}: ${refusal.detail}` }
    return { ok: true, writes: [writeProposal(dropped), writeAgenda(agenda)] }
  }
  const accepted = [...agenda.accepted, { id: proposal.id, height: context.height }]
  const writes: StateWrite[] = [
    writeProposal({ ...proposal, status: 'accepted' }),
    writeAgenda({ ...agenda, accepted }),
  ]
  return { ok: true, writes }
}

function withdraw({ context }: Scene, proposal: Proposal): EntryOutcome {
  if (proposal.author !== context.sender) {
    return refuse('not-author', `only its author, ${proposal.author}, can withdraw proposal ${proposal.id}`)
  }
  if (proposal.status !== 'open') return notOpen(proposal)
  return { ok: true, writes: [writeProposal({ ...proposal, status: 'withdrawn' })] }
}

function notOpen({ id, status, reason }: Proposal): CommitteeRefusal {
  return refuse('not-open', `proposal ${id} is ${status}${reason === '' ? '' : ` (${reason})`}, no longer open`)
}
