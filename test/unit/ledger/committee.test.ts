import { describe, expect, test } from 'vitest'
import type { CommitteePlan } from '../../../src/domain.ts'
import { neededWeight, weightOf } from '../../../src/ledger/modules/committee.ts'
import type { CommitteeRefusalCode } from '../../../src/ledger/modules/committee-types.ts'
import { thresholdWeight } from '../../../src/pala/committee.ts'
import { type Chamber, createChamber } from './chamber.ts'
import { memberOf, planOf, signerOf } from './fixtures.ts'

const keyOf = (index: number): string => signerOf(index).publicKey
const added = (index: number) => ({ key: keyOf(index), org: `org-${index}` })
const keysOf = (members: CommitteePlan['voters']): string[] => members.map(({ key }) => key)
/** Of small order: signatures that nobody made verify under it. */
const WEAK_KEY = `01${'0'.repeat(62)}`
const NO_POINT = 'f'.repeat(64)

describe('P16.2 every refusal has a code and says why', () => {
  const cases: readonly [given: string, act: (chamber: Chamber) => unknown, code: CommitteeRefusalCode, why: RegExp][] =
    [
      ['a proposal by someone without a seat', (c) => c.propose(9, { remove: [keyOf(0)] }), 'not-voter', /no vote in/],
      [
        'an approval by someone without a seat',
        (c) => c.approve(9, c.propose(0, { k: 2 }).id),
        'not-voter',
        /session 1/,
      ],
      ['an approval of nothing', (c) => c.approve(0, 'a'.repeat(64)), 'unknown-proposal', /committee show/],
      ['a second approval by its author', (c) => c.approve(0, c.propose(0, { k: 2 }).id), 'already-approved', /others/],
      [
        'a withdrawal by someone else',
        (c) => c.withdraw(1, c.propose(0, { k: 2 }).id),
        'not-author',
        /only its author/,
      ],
      [
        'an approval of an accepted one',
        (c) => c.approve(3, c.accept({ k: 2 }, [0, 1, 2]).id),
        'not-open',
        /is accepted/,
      ],
      [
        'a withdrawal of an accepted one',
        (c) => c.withdraw(0, c.accept({ k: 2 }, [0, 1, 2]).id),
        'not-open',
        /accepted/,
      ],
      ['adding a member again', (c) => c.propose(0, { add: [added(1)] }), 'already-member', /is a proposer already/],
      ['adding a key twice', (c) => c.propose(0, { add: [added(7), added(7)] }), 'already-member', /already/],
      ['removing nobody', (c) => c.propose(0, { remove: [keyOf(9)] }), 'not-member', /cannot be removed/],
      ['removing a key twice', (c) => c.propose(0, { remove: [keyOf(1), keyOf(1)] }), 'not-member', /no seat/],
      [
        'replacing nobody',
        (c) => c.propose(0, { replace: [{ old: keyOf(9), ...added(8) }] }),
        'not-member',
        /replaced/,
      ],
      [
        'replacing by a member',
        (c) => c.propose(0, { replace: [{ old: keyOf(0), ...added(1) }] }),
        'already-member',
        /one of/,
      ],
      ['removing everyone', (c) => c.propose(0, { remove: [0, 1, 2, 3].map(keyOf) }), 'no-voters', /leave no voter/],
      ['removing all proposers', (c) => c.propose(0, onlyVoters()), 'no-proposers', /leave no proposer/],
      ['fewer than 4 voters', (c) => c.propose(0, { remove: [keyOf(3)] }), 'too-few-voters', /allowFewer/],
      ['setting what is so', (c) => c.propose(0, { params: { voterTimeoutMs: 6_000 } }), 'no-change', /already/],
      [
        'what was accepted before',
        (c) => c.propose(3, { k: c.accept({ k: 2 }, [0, 1, 2]).ok ? 2 : 0 }),
        'no-change',
        /already/,
      ],
      ['a weak key', (c) => c.propose(0, { add: [{ key: WEAK_KEY, org: 'x' }] }), 'bad-plan', /not a usable Ed25519/],
      ['a key that is none', (c) => c.propose(0, { add: [{ key: NO_POINT, org: 'x' }] }), 'bad-plan', /not a usable/],
      ['k of 0', (c) => c.propose(0, { k: 0 }), 'bad-plan', /k must be 1 to 64/],
      ['k of 65', (c) => c.propose(0, { k: 65 }), 'bad-plan', /k must be 1 to 64/],
      ['a stop offset below 2k + 2', (c) => c.propose(0, { k: 4, params: { stopOffset: 9 } }), 'bad-plan', /2k \+ 2/],
      ['no patience', (c) => c.propose(0, { params: { voterTimeoutMs: 1 } }), 'bad-plan', /below voterTimeoutMs/],
      ['a huge block', (c) => c.propose(0, { params: { maxBlockBytes: 2 ** 31 } }), 'bad-plan', /maxBlockBytes/],
      ['too much weight', (c) => c.propose(0, { add: [{ ...added(8), weight: 2 ** 53 - 1 }] }), 'bad-plan', /weight/],
      ['33 proposers', (c) => c.propose(0, { add: range(4, 34).map(added) }), 'bad-plan', /at most 32 proposers/],
      [
        'one proposal too many',
        (c) => last(range(0, 17).map((k) => c.propose(0, { k: 2 + k }))),
        'too-many-proposals',
        /16/,
      ],
    ]

  test.each(cases)('%s', (_given, act, code, why) => {
    const chamber = createChamber()
    const outcome = act(chamber)
    expect(outcome).toMatchObject({ ok: false, code, detail: expect.stringMatching(why) })
  })

  function onlyVoters() {
    const back = [0, 1, 2, 3].map((index) => ({ ...added(index), roles: ['voter'] }))
    return { remove: [0, 1, 2, 3].map(keyOf), add: back }
  }
})

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)
const last = <T>(items: readonly T[]): T | undefined => items.at(-1)

describe('P16.2 proposing and approving', () => {
  test('two thirds of the weight accept; proposing counts', () => {
    const chamber = createChamber()
    const { id } = chamber.propose(0, { add: [added(4)] })
    expect(chamber.proposal(id)).toMatchObject({ status: 'open', approvals: [keyOf(0)], session: 1 })
    expect(chamber.approve(1, id)).toMatchObject({ ok: true })
    expect(chamber.elect()).toBeNull()
    expect(chamber.approve(2, id)).toMatchObject({ ok: true })
    expect(chamber.proposal(id).status).toBe('accepted')
    expect(chamber.elect()).toEqual(planOf(5))
    expect(chamber.elect(chamber.height - 1)).toBeNull()
  })

  test('weight counts, not heads, by the rule of certificates', () => {
    const voters = [3, 1, 1, 1].map((weight, index) => ({ ...memberOf(index), weight }))
    const plan = { ...planOf(4), voters }
    const chamber = createChamber(plan)
    expect(neededWeight(plan)).toBe(4)
    const { id } = chamber.propose(1, { k: 2 })
    chamber.approve(2, id)
    chamber.approve(3, id)
    expect(chamber.book().proposals[0]).toMatchObject({ status: 'open', weight: 3 })
    chamber.approve(0, id)
    expect(chamber.elect()?.params.k).toBe(2)
    for (const total of range(1, 60)) {
      const single = { ...planOf(1), voters: [{ ...memberOf(0), weight: total }] }
      expect(neededWeight(single)).toBe(thresholdWeight({ session: 1, ...single }))
    }
  })

  test('a single voter accepts by proposing', () => {
    const chamber = createChamber(planOf(1))
    const { id } = chamber.propose(0, { add: [added(1)] })
    expect(chamber.proposal(id).status).toBe('accepted')
    expect(chamber.elect()).toEqual(planOf(2))
  })

  test('replacing keeps the seat; removing and adding again gives another role', () => {
    const chamber = createChamber(planOf(5))
    chamber.accept({ replace: [{ old: keyOf(1), ...added(8) }] }, [0, 1, 2, 3])
    chamber.accept({ remove: [keyOf(2)], add: [{ ...added(2), roles: ['voter'], weight: 5 }] }, [0, 1, 2, 3])
    const next = chamber.elect()
    expect(keysOf(next?.voters ?? [])).toEqual([0, 8, 3, 4, 2].map(keyOf))
    expect(keysOf(next?.proposers ?? [])).toEqual([0, 8, 3, 4].map(keyOf))
    expect(next?.voters.at(-1)?.weight).toBe(5)
  })

  test('fewer than 4 voters are possible when it is said, or when there were fewer already', () => {
    const chamber = createChamber()
    chamber.accept({ remove: [keyOf(3)], allowFewer: true }, [0, 1, 2])
    chamber.accept({ remove: [keyOf(2)] }, [0, 1, 2])
    expect(keysOf(chamber.elect()?.voters ?? [])).toEqual([0, 1].map(keyOf))
  })

  test('what no longer applies when it has the weight is dropped with the reason, and the rest goes on', () => {
    const chamber = createChamber(planOf(5))
    const late = chamber.propose(0, { remove: [keyOf(4)], k: 3 })
    chamber.accept({ remove: [keyOf(4)] }, [0, 1, 2, 3])
    chamber.approve(1, late.id)
    chamber.approve(2, late.id)
    expect(chamber.approve(3, late.id)).toMatchObject({ ok: true })
    expect(chamber.proposal(late.id)).toMatchObject({
      status: 'dropped',
      reason: expect.stringMatching(/^not-member: /),
    })
    expect(chamber.approve(4, late.id)).toMatchObject({
      code: 'not-open',
      detail: expect.stringMatching(/dropped \(not-member/),
    })
    expect(chamber.elect()).toEqual(planOf(4))
  })

  test('changes that undo each other elect nobody', () => {
    const chamber = createChamber()
    chamber.accept({ k: 2 }, [0, 1, 2])
    chamber.accept({ k: 1 }, [0, 1, 2])
    expect(chamber.elect()).toBeNull()
  })

  test('a withdrawn proposal is over, and still takes its author s place until the session ends', () => {
    const chamber = createChamber({ ...planOf(40), proposers: planOf(1).proposers })
    const { id } = chamber.propose(0, { k: 2 })
    expect(chamber.withdraw(0, id)).toMatchObject({ ok: true })
    expect(chamber.approve(1, id)).toMatchObject({ code: 'not-open' })
    expect(chamber.propose(0, { k: 3 })).toMatchObject({ code: 'too-many-proposals' })
    expect(chamber.propose(1, { k: 3 })).toMatchObject({ ok: true })
    chamber.stop()
    expect(chamber.propose(0, { k: 4 })).toMatchObject({ ok: true })
  })
})

describe('P16.3 the stop block', () => {
  test('puts the elected plan into force and consumes what the election saw', () => {
    const chamber = createChamber()
    const { id } = chamber.accept({ add: [added(4)] }, [0, 1, 2])
    const { height } = chamber.stop()
    expect(chamber.book()).toMatchObject({ session: 2, since: height, plan: planOf(5), next: null, proposals: [] })
    expect(chamber.proposal(id).status).toBe('applied')
    expect(chamber.history()[0]).toMatchObject({ session: 2, since: height, how: 'elected', plan: planOf(5) })
    expect(chamber.history()[0]?.outcomes).toEqual([{ id, author: keyOf(0), reason: '' }])
    expect(chamber.history()[1]).toMatchObject({ session: 1, since: 0, how: 'genesis', plan: planOf(4), outcomes: [] })
    expect(chamber.approve(4, id)).toMatchObject({ code: 'not-open', detail: expect.stringMatching(/is applied/) })
    expect(chamber.propose(4, { k: 2 })).toMatchObject({ ok: true })
  })

  test('what was accepted after the height that the election saw ends the next session', () => {
    const chamber = createChamber()
    chamber.accept({ add: [added(4)] }, [0, 1, 2])
    const stateHeight = chamber.height
    const late = chamber.accept({ add: [added(5)] }, [0, 1, 2])
    chamber.stop({ stateHeight })
    expect(chamber.book()).toMatchObject({ session: 2, plan: planOf(5), next: planOf(6) })
    expect(chamber.proposal(late.id).status).toBe('accepted')
    expect(chamber.elect()).toEqual(planOf(6))
    chamber.stop()
    expect(chamber.book()).toMatchObject({ session: 3, plan: planOf(6), next: null })
    chamber.stop()
    expect(chamber.book()).toMatchObject({ session: 4, plan: planOf(6) })
    expect(chamber.history().map(({ how, outcomes }) => [how, outcomes.length])).toEqual([
      ['kept', 0],
      ['elected', 1],
      ['elected', 1],
      ['genesis', 0],
    ])
  })

  test('a change that no election has seen yet outlasts any number of stop blocks', () => {
    const chamber = createChamber()
    const stateHeight = chamber.height
    chamber.accept({ add: [added(4)] }, [0, 1, 2])
    for (let round = 0; round < 4; round++) chamber.stop({ stateHeight })
    expect(chamber.book()).toMatchObject({ session: 5, plan: planOf(4), next: planOf(5) })
    chamber.stop()
    expect(chamber.book()).toMatchObject({ session: 6, plan: planOf(5), next: null })
  })

  test('keeping the committee drops accepted changes that change nothing, and says so', () => {
    const chamber = createChamber()
    chamber.accept({ k: 2 }, [0, 1, 2])
    const undo = chamber.accept({ k: 1 }, [0, 1, 2])
    chamber.stop()
    expect(chamber.book()).toMatchObject({ session: 2, plan: planOf(4), next: null, proposals: [] })
    expect(chamber.proposal(undo.id)).toMatchObject({ status: 'dropped', reason: expect.stringMatching(/^no-change/) })
    expect(chamber.history()[0]).toMatchObject({ how: 'kept', outcomes: [{}, { id: undo.id }] })
  })

  test('approvals of members who left do not count, and their proposals leave with them', () => {
    const chamber = createChamber(planOf(6))
    const orphan = chamber.propose(5, { k: 7 })
    const open = chamber.propose(0, { k: 2 })
    chamber.approve(5, open.id)
    chamber.approve(4, open.id)
    chamber.accept({ remove: [keyOf(4), keyOf(5)] }, [0, 1, 2, 3])
    chamber.stop()
    expect(chamber.book().proposals.map(({ id, weight }) => [id, weight])).toEqual([[open.id, 1]])
    expect(chamber.approve(1, orphan.id)).toMatchObject({ code: 'unknown-proposal' })
    chamber.approve(1, open.id)
    expect(chamber.elect()).toBeNull()
    chamber.approve(2, open.id)
    expect(chamber.elect()?.params.k).toBe(2)
  })

  test('a committee that shrank to what has approved accepts when any of them says so', () => {
    const chamber = createChamber(planOf(6))
    const { id } = chamber.propose(0, { k: 2 })
    chamber.approve(1, id)
    chamber.approve(2, id)
    expect(chamber.approve(0, id)).toMatchObject({ code: 'already-approved' })
    chamber.accept({ remove: [keyOf(4), keyOf(5)] }, [0, 1, 2, 3])
    chamber.stop()
    expect(chamber.proposal(id).status).toBe('open')
    expect(chamber.approve(0, id)).toMatchObject({ ok: true })
    expect(chamber.proposal(id).status).toBe('accepted')
  })

  test('an open proposal waits through two session ends', () => {
    const chamber = createChamber()
    const { id } = chamber.propose(0, { k: 2 })
    chamber.stop()
    chamber.stop()
    expect(chamber.book().proposals).toHaveLength(1)
    chamber.stop()
    expect(chamber.approve(1, id)).toMatchObject({ code: 'unknown-proposal' })
  })

  test('the state forgets proposals and the oldest sessions', () => {
    const chamber = createChamber()
    for (const round of range(0, 260)) {
      chamber.accept({ k: 1 + ((round + 1) % 2) }, [0, 1, 2])
      chamber.withdraw(0, chamber.propose(0, { k: 9 }).id)
      chamber.stop()
    }
    const alive = chamber.keys().map((key) => key.replace(/[0-9a-f]+$/, ''))
    const count = (prefix: string): number => alive.filter((key) => key === prefix).length
    expect([count('committee/session/'), count('committee/history/'), count('committee/proposal/')]).toEqual([
      256, 256, 1,
    ])
    expect(chamber.history()).toHaveLength(256)
  })

  test('every voter has a share of the proposals, so that others cannot keep it from proposing', () => {
    const chamber = createChamber(planOf(4))
    for (const sender of [0, 1, 2]) {
      const outcomes = range(0, 20).map((k) => chamber.propose(sender, { k: 2 + k }).ok)
      expect(outcomes.filter((ok) => ok)).toHaveLength(16)
    }
    expect(chamber.propose(3, { k: 30 })).toMatchObject({ ok: true })
    expect(weightOf(chamber.book().plan, keyOf(3))).toBe(1)
  })
})
