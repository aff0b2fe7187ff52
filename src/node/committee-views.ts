/** The committee's state as the API shows it: names and peer ids beside keys, changes in sentences. */
import type { CommitteePlan, Member, PublicKeyHex } from '../domain.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { CommitteeBook, ProposalState } from '../ledger/modules/committee-book.ts'
import type { Change, SessionRecord } from '../ledger/modules/committee-types.ts'
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import type {
  CommitteeProposalView,
  CommitteeView,
  MemberView,
  PlanView,
  SessionRecordView,
} from './api/committee-view.ts'
import type { NodePort } from './api/node-port.ts'

/** The API's reads of the committee. */
export function createCommitteeViews(
  ledger: Pick<Ledger, 'committee' | 'committeeHistory'>,
): Pick<NodePort, 'committee' | 'committeeHistory'> {
  return {
    committee: async () => committeeView(await ledger.committee()),
    committeeHistory: async (limit) => (await ledger.committeeHistory(limit)).map(recordView),
  }
}

function committeeView({ session, since, plan, next, needed, proposals }: CommitteeBook): CommitteeView {
  return {
    ...{ session, since },
    plan: planView(plan),
    next: next === null ? null : planView(next),
    proposals: proposals.map((proposal) => proposalView(proposal, plan, needed)),
  }
}

function proposalView(proposal: ProposalState, plan: CommitteePlan, needed: number): CommitteeProposalView {
  const { id, author, session, height, change, approvals, weight, status, reason } = proposal
  return {
    ...{ id, session, height, change, weight, needed, status },
    author: { key: author, peerId: peerIdFromPublicKeyHex(author), org: memberOf(plan, author)?.org ?? null },
    summary: sentencesOf(change, plan),
    approvals: approvals.flatMap((key) => plan.voters.filter((voter) => voter.key === key)),
    reason: reason === '' ? null : reason,
  }
}

function recordView({ session, since, how, plan, outcomes }: SessionRecord): SessionRecordView {
  return {
    ...{ session, since, how },
    plan: planView(plan),
    changes: outcomes.map(({ id, author, reason }) => ({
      ...{ id, author, applied: reason === '' },
      reason: reason === '' ? null : reason,
    })),
  }
}

function planView({ proposers, voters, params }: CommitteePlan): PlanView {
  return { proposers: proposers.map(memberView), voters: voters.map(memberView), params }
}

function memberView({ key, org, weight }: Member): MemberView {
  return { key, peerId: peerIdFromPublicKeyHex(key), org, weight }
}

function memberOf({ proposers, voters }: CommitteePlan, key: PublicKeyHex): Member | undefined {
  return [...voters, ...proposers].find((member) => member.key === key)
}

function sentencesOf({ add, remove, replace, params, allowFewer }: Change, plan: CommitteePlan): string[] {
  const named = (key: PublicKeyHex): string => {
    const org = memberOf(plan, key)?.org
    return org === undefined ? peerIdFromPublicKeyHex(key) : `${org} (${peerIdFromPublicKeyHex(key)})`
  }
  return [
    ...remove.map((key) => `remove ${named(key)}`),
    ...replace.map(({ old, key, org, weight }) => {
      const changed = weight === null ? '' : `, weight ${weight}`
      return `replace ${named(old)} by ${org} (${peerIdFromPublicKeyHex(key)})${changed}`
    }),
    ...add.map(({ key, org, weight, roles }) => {
      return `add ${org} (${peerIdFromPublicKeyHex(key)}) as ${roles.join(' and ')}, weight ${weight}`
    }),
    ...Object.entries(params).map(([name, value]) => {
      return `set ${name} to ${value}, now ${plan.params[name as keyof typeof plan.params]}`
    }),
    ...(allowFewer ? ['fewer than 4 voters are meant'] : []),
  ]
}
