/** What the committee's state says, put together for people: the present session, what is proposed, and past sessions. */
import type { CommitteePlan } from '../../domain.ts'
import type { StateView } from '../types.ts'
import { approvedWeight, changesOf, neededWeight } from './committee.ts'
import { foldChanges } from './committee-change.ts'
import { readAgenda, readCurrent, readProposal, readRoster, readSessionRecord } from './committee-state.ts'
import type { PlanProblem, Proposal, Roster, SessionRecord } from './committee-types.ts'

/** Proposals that one answer shows: those that wait first, then the newest closed ones. */
const MAX_SHOWN = 100

export type ProposalState = Proposal & {
  /** Weight of the present voters that approved. */
  readonly weight: number
}

export type CommitteeBook = Roster & {
  /** The committee after this session by what is accepted so far; null when it would stay. */
  readonly next: CommitteePlan | null
  /** The weight that accepts a proposal. */
  readonly needed: number
  readonly proposals: readonly ProposalState[]
}

/** The present session, with the proposals that wait or were closed in it. */
export function readBook(view: StateView, planProblem: PlanProblem): CommitteeBook {
  const roster = readRoster(view)
  const agenda = readAgenda(view)
  const all = agenda.proposals.flatMap(({ id }) => readProposal(view, id) ?? [])
  const waits = ({ status }: Proposal): boolean => status === 'open' || status === 'accepted'
  const shown = [...all.filter(waits), ...all.filter((proposal) => !waits(proposal)).reverse()].slice(0, MAX_SHOWN)
  return {
    ...roster,
    next: foldChanges(roster.plan, changesOf(view, agenda.accepted), planProblem),
    needed: neededWeight(roster.plan),
    proposals: shown.map((proposal) => ({ ...proposal, weight: approvedWeight(roster.plan, proposal) })),
  }
}

/** The latest `limit` sessions, newest first; fewer when the state keeps no more. */
export function readHistory(view: StateView, limit: number): SessionRecord[] {
  const records: SessionRecord[] = []
  for (let { session } = readCurrent(view); records.length < limit; session -= 1) {
    const record = readSessionRecord(view, session)
    if (record === null) break
    records.push(record)
  }
  return records
}
