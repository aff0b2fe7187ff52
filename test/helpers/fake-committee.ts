/** Fixed, well-formed views of a committee for tests of the API and of the command line. */
import type { CommitteeProposalView, CommitteeView, SessionRecordView } from '../../src/node/api/committee-view.ts'
import { PARAMS } from './committee.ts'

const PEER = '12D3KooWGRUVh8jDHgzGEdJd5ErQMVBxS3q2HJqKAxGZyPjYYYoV'
const members = ['a', 'b', 'c', 'd'].map((letter) => ({
  ...{ key: letter.repeat(64), peerId: PEER, org: `org-${letter}`, weight: 1 },
}))
const plan = { proposers: members.slice(0, 2), voters: members, params: PARAMS }

export const fakeProposal: CommitteeProposalView = {
  id: '1'.repeat(64),
  author: { key: 'a'.repeat(64), peerId: PEER, org: 'org-a' },
  session: 2,
  height: 44,
  change: {
    add: [{ key: 'e'.repeat(64), org: 'org-e', weight: 1, roles: ['voter'] }],
    remove: [],
    replace: [{ old: 'd'.repeat(64), key: 'f'.repeat(64), org: 'org-f', weight: null }],
    params: { k: 2 },
    allowFewer: false,
  },
  summary: ['add org-e as voter, weight 1', 'set k to 2, now 1'],
  approvals: members.slice(0, 2).map(({ key, org, weight }) => ({ key, org, weight })),
  weight: 2,
  needed: 3,
  status: 'open',
  reason: null,
}

export const fakeCommittee: CommitteeView = {
  session: 2,
  since: 40,
  plan,
  next: { ...plan, voters: members.slice(0, 3) },
  proposals: [fakeProposal, { ...fakeProposal, id: '2'.repeat(64), status: 'dropped', reason: 'no-change: it is so' }],
}

export const fakeHistory: readonly SessionRecordView[] = [
  {
    ...{ session: 2, since: 40, how: 'elected', plan },
    changes: [
      { id: '3'.repeat(64), author: 'a'.repeat(64), applied: true, reason: null },
      { id: '4'.repeat(64), author: 'b'.repeat(64), applied: false, reason: 'not-member: gone' },
    ],
  },
  { session: 1, since: 0, how: 'genesis', plan, changes: [] },
]
