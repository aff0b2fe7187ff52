import { expect, test } from 'vitest'
import { committeeHistorySchema, committeeSchema } from '../../../src/node/api/committee-schemas.ts'
import { createCommitteeViews } from '../../../src/node/committee-views.ts'
import { peerIdFromPublicKeyHex } from '../../../src/protocols/peer-ids.ts'
import { createChamber } from '../ledger/chamber.ts'
import { memberOf, planOf, signerOf } from '../ledger/fixtures.ts'

const keyOf = (index: number): string => signerOf(index).publicKey
const peerOf = (index: number): string => peerIdFromPublicKeyHex(keyOf(index))

function viewsOf(chamber: ReturnType<typeof createChamber>) {
  return createCommitteeViews({
    committee: async () => chamber.book(),
    committeeHistory: async (limit) => chamber.history().slice(0, limit),
  })
}

test('a proposal is shown as written and in sentences, with who approved and what it needs', async () => {
  const chamber = createChamber(planOf(5))
  const { id } = chamber.propose(0, {
    add: [{ key: keyOf(7), org: 'new', roles: ['voter'], weight: 2 }],
    remove: [keyOf(4)],
    replace: [{ old: keyOf(3), key: keyOf(8), org: 'heir' }],
    k: 3,
    allowFewer: true,
  })
  chamber.approve(2, id)
  const view = await viewsOf(chamber).committee()
  expect(committeeSchema.parse(view)).toEqual(view)
  expect(view).toMatchObject({ session: 1, since: 0, next: null })
  expect(view.plan.voters[1]).toEqual({ ...memberOf(1), peerId: peerOf(1) })
  expect(view.proposals).toEqual([
    {
      ...{ id, session: 1, height: 1, weight: 2, needed: 4, status: 'open', reason: null },
      author: { key: keyOf(0), peerId: peerOf(0), org: 'org-0' },
      change: {
        add: [{ key: keyOf(7), org: 'new', roles: ['voter'], weight: 2 }],
        remove: [keyOf(4)],
        replace: [{ old: keyOf(3), key: keyOf(8), org: 'heir', weight: null }],
        params: { k: 3 },
        allowFewer: true,
      },
      summary: [
        `remove org-4 (${peerOf(4)})`,
        `replace org-3 (${peerOf(3)}) by heir (${peerOf(8)})`,
        `add new (${peerOf(7)}) as voter, weight 2`,
        'set k to 3, now 1',
        'fewer than 4 voters are meant',
      ],
      approvals: [memberOf(0), memberOf(2)],
    },
  ])
})

test('accepted changes show as the next committee, dropped ones with the reason, and sessions with what became of them', async () => {
  const chamber = createChamber(planOf(5))
  const late = chamber.propose(1, { remove: [keyOf(4)] })
  const taken = chamber.accept({ remove: [keyOf(4)] }, [0, 1, 2, 3])
  for (const sender of [0, 2, 3]) chamber.approve(sender, late.id)
  const views = viewsOf(chamber)
  const { next, proposals } = await views.committee()
  expect(next?.voters.map(({ org }) => org)).toEqual(['org-0', 'org-1', 'org-2', 'org-3'])
  expect(proposals.map(({ id, status }) => [id, status])).toEqual([
    [taken.id, 'accepted'],
    [late.id, 'dropped'],
  ])
  expect(proposals[1]?.reason).toMatch(/^not-member: /)
  const { height } = chamber.stop()
  const history = await views.committeeHistory(9)
  expect(committeeHistorySchema.parse(history)).toEqual(history)
  expect(history.map(({ session, since, how, plan }) => [session, since, how, plan.voters.length])).toEqual([
    [2, height, 'elected', 4],
    [1, 0, 'genesis', 5],
  ])
  expect(history[0]?.changes).toEqual([{ id: taken.id, author: keyOf(0), applied: true, reason: null }])
  expect(await views.committeeHistory(1)).toHaveLength(1)
})
