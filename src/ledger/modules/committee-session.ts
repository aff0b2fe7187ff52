/** What the end of a session does to the committee's state: the elected plan takes over, its changes leave (P16.2, P16.3). */
import type { CommitteePlan } from '../../domain.ts'
import type { LedgerBlock, StateView, StateWrite } from '../types.ts'
import { applyChange } from './committee-change.ts'
import {
  deleteProposal,
  readAgenda,
  readEnded,
  readProposal,
  readRoster,
  writeAgenda,
  writeEnded,
  writeProposal,
  writeSession,
} from './committee-state.ts'
import {
  type Accepted,
  type Agenda,
  type Outcome,
  type PlanProblem,
  PROPOSAL_SESSIONS,
  type Proposal,
} from './committee-types.ts'

const CHANGED_NOTHING = 'no-change: together the accepted changes left the committee as it was'

/** The writes of the stop block `block`. Accepted changes that its election did not see stay for the next session. */
export function endSession(view: StateView, block: LedgerBlock, planProblem: PlanProblem): readonly StateWrite[] {
  const before = readRoster(view)
  const agenda = readAgenda(view)
  const session = before.session + 1
  const plan = block.election ?? before.plan
  const how = block.election === null ? 'kept' : 'elected'
  const isDue = (accepted: Accepted): boolean => accepted.height <= block.stateHeight
  const due = agenda.accepted.filter(isDue)
  const consumed = consume(view, { plan: before.plan, due, isKept: how === 'kept', planProblem })
  const accepted = agenda.accepted.filter((change) => !isDue(change))
  const { stays, leaves } = sortProposals(view, { agenda, accepted, due, plan, session })
  return [
    ...forgetConsumed(view, agenda),
    ...consumed.writes,
    ...leaves,
    writeAgenda({ proposals: stays, accepted }),
    writeEnded({ ...before, accepted: agenda.accepted }),
    ...writeSession({ session, since: block.height, plan, how, outcomes: consumed.outcomes }),
  ]
}

type Due = {
  readonly plan: CommitteePlan
  readonly due: readonly Accepted[]
  readonly isKept: boolean
  readonly planProblem: PlanProblem
}

/** What became of the changes that were due. */
function consume(
  view: StateView,
  { plan, due, isKept, planProblem }: Due,
): { writes: StateWrite[]; outcomes: Outcome[] } {
  const writes: StateWrite[] = []
  const outcomes: Outcome[] = []
  let next = plan
  for (const { id } of due) {
    const proposal = readProposal(view, id)
    if (proposal === null) continue
    const changed = applyChange(next, proposal.change, planProblem)
    if (changed.ok) next = changed.plan
    const reason = changed.ok ? (isKept ? CHANGED_NOTHING : '') : `${changed.code}: ${changed.detail}`
    writes.push(writeProposal({ ...proposal, status: reason === '' ? 'applied' : 'dropped', reason }))
    outcomes.push({ id, author: proposal.author, reason })
  }
  return { writes, outcomes }
}

/** Changes consumed by the stop block before this one were kept so that both sessions' elections could be told. */
function forgetConsumed(view: StateView, agenda: Agenda): StateWrite[] {
  const waiting = new Set(agenda.accepted.map(({ id }) => id))
  return (readEnded(view)?.accepted ?? []).filter(({ id }) => !waiting.has(id)).map(({ id }) => deleteProposal(id))
}

type Sorting = {
  readonly agenda: Agenda
  readonly accepted: readonly Accepted[]
  readonly due: readonly Accepted[]
  readonly plan: CommitteePlan
  readonly session: number
}

/** Which proposals go on into `session`: those still accepted, and open ones that are not too old and have an author. */
function sortProposals(view: StateView, { agenda, accepted, due, plan, session }: Sorting) {
  const dueIds = new Set(due.map(({ id }) => id))
  const waiting = new Set(accepted.map(({ id }) => id))
  const voters = new Set(plan.voters.map(({ key }) => key))
  const goesOn = (proposal: Proposal | null): boolean =>
    proposal?.status === 'open' && voters.has(proposal.author) && session - proposal.session <= PROPOSAL_SESSIONS
  const rest = agenda.proposals.filter(({ id }) => !dueIds.has(id))
  const stays = rest.filter(({ id }) => waiting.has(id) || goesOn(readProposal(view, id)))
  const staying = new Set(stays.map(({ id }) => id))
  const leaves = rest.filter(({ id }) => !staying.has(id)).map(({ id }) => deleteProposal(id))
  return { stays, leaves }
}
