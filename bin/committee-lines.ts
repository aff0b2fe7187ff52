/** How the committee, its proposals and its history look on a screen. */
import type {
  CommitteeProposalView,
  CommitteeView,
  PlanView,
  SessionRecordView,
} from '../src/node/api/committee-view.ts'
import { short, tableLines } from './output.ts'

/** The members, the parameters, and every proposal with what it lacks. */
export function committeeLines({ session, since, plan, next, proposals }: CommitteeView): string[] {
  const start = since === 0 ? 'since genesis' : `since block ${since}`
  return [
    `session ${session}, ${start}; ${paramsText(plan)}`,
    ...planLines(plan),
    ...(next === null ? [] : ['', `after this session: ${paramsText(next)}`, ...planLines(next)]),
    ...proposals.flatMap((proposal) => ['', ...proposalLines(proposal, plan)]),
    ...(proposals.length === 0 ? ['', 'no proposals; make one with: palaver committee propose --help'] : []),
  ]
}

/** A proposal: what it changes, who approved, and what others type. */
export function proposalLines(proposal: CommitteeProposalView, plan: PlanView): string[] {
  const { id, status, author, summary, approvals, weight, needed, reason } = proposal
  const approved = new Set(approvals.map(({ key }) => key))
  const others = plan.voters.filter(({ key }) => !approved.has(key)).map(({ org }) => org)
  return [
    `proposal ${id}: ${status}${reason === null ? '' : `, ${reason}`}`,
    `  by ${author.org ?? author.peerId}`,
    ...summary.map((sentence) => `  ${sentence}`),
    `  approved by ${approvals.map(({ org }) => org).join(', ') || 'nobody'}: weight ${weight}, ${needed} needed`,
    ...(status === 'open' && weight < needed
      ? [`  ${needed - weight} missing; ${others.join(', ')} can type: palaver committee approve ${id}`]
      : []),
    ...(status === 'accepted' ? ['  takes effect when the session ends'] : []),
  ]
}

/** One row for each session, newest first, and what became of its changes. */
export function historyLines(records: readonly SessionRecordView[]): string[] {
  const rows = records.map(({ session, since, how, plan, changes }) => [
    ...[String(session), String(since), how, String(plan.voters.length), String(plan.proposers.length)],
    String(plan.params.k),
    changes.map(({ id, applied, reason }) => (applied ? short(id) : `${short(id)} not applied: ${reason}`)).join('; '),
  ])
  return tableLines(['session', 'since block', 'how', 'voters', 'proposers', 'k', 'changes'], rows)
}

function planLines({ proposers, voters }: PlanView): string[] {
  const seats = new Map([...voters, ...proposers].map((member) => [member.key, member]))
  const isIn = (members: PlanView['voters'], key: string): string =>
    members.some((member) => member.key === key) ? 'yes' : '-'
  const rows = [...seats.values()].map(({ key, org, weight, peerId }) => {
    return [org, isIn(proposers, key), isIn(voters, key), String(weight), peerId]
  })
  return tableLines(['organisation', 'proposer', 'voter', 'weight', 'peer'], rows)
}

function paramsText({ params }: PlanView): string {
  const end =
    params.stopOffset === 0 ? 'ends with an accepted change' : `ends after ${params.stopOffset} blocks at most`
  return `k ${params.k}, timeout ${params.voterTimeoutMs} ms, ${end}`
}
