import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CommitteePlan, Hash } from '../../../src/domain.ts'
import { approvedWeight, neededWeight } from '../../../src/ledger/modules/committee.ts'
import { isSamePlan } from '../../../src/ledger/modules/committee-change.ts'
import {
  decodeCommitteeEntry,
  encodeCommitteeEntry,
  showCommitteeEntry,
} from '../../../src/ledger/modules/committee-entry.ts'
import { planProblem } from '../../../src/pala/election.ts'
import { type Chamber, createChamber } from './chamber.ts'
import { signerOf } from './fixtures.ts'

const PEOPLE = 7
const person = fc.nat({ max: PEOPLE - 1 })
const KEYS = Array.from({ length: PEOPLE }, (_, index) => signerOf(index).publicKey)
const keyOf = (index: number): string => KEYS[index] ?? ''

const change = fc.record({
  add: fc.array(
    fc.record(
      {
        key: person.map(keyOf),
        org: fc.constantFrom('a', 'b'),
        weight: fc.integer({ min: 1, max: 3 }),
        roles: fc.constantFrom(['voter'], ['proposer'], ['proposer', 'voter']),
      },
      { requiredKeys: ['key', 'org'] },
    ),
    { maxLength: 2 },
  ),
  remove: fc.array(person.map(keyOf), { maxLength: 2 }),
  replace: fc.array(fc.record({ old: person.map(keyOf), key: person.map(keyOf), org: fc.constant('r') }), {
    maxLength: 1,
  }),
  k: fc.integer({ min: 1, max: 3 }),
  allowFewer: fc.boolean(),
})

type Step =
  | { readonly type: 'propose'; readonly sender: number; readonly change: unknown }
  | { readonly type: 'approve' | 'withdraw'; readonly sender: number; readonly pick: number }
  | { readonly type: 'rally'; readonly pick: number }
  | { readonly type: 'stop'; readonly back: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('propose' as const), sender: person, change }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('approve' as const), sender: person, pick: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('rally' as const), pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('withdraw' as const), sender: person, pick: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('stop' as const), back: fc.nat(3) }) },
)

/** Runs the steps; `look` sees the chamber after each. */
function run(steps: readonly Step[], look: (chamber: Chamber) => void): Chamber {
  const chamber = createChamber()
  const picked = (at: number): Hash => {
    const { proposals } = chamber.book()
    return proposals[at % Math.max(1, proposals.length)]?.id ?? 'a'.repeat(64)
  }
  for (const each of steps) {
    if (each.type === 'propose') chamber.propose(each.sender, each.change)
    if (each.type === 'approve') chamber.approve(each.sender, picked(each.pick))
    if (each.type === 'withdraw') chamber.withdraw(each.sender, picked(each.pick))
    if (each.type === 'rally')
      for (let sender = 0; sender < PEOPLE; sender++) chamber.approve(sender, picked(each.pick))
    if (each.type === 'stop') chamber.stop({ stateHeight: Math.max(chamber.book().since, chamber.height - each.back) })
    look(chamber)
  }
  return chamber
}

describe('P16.2 whatever is proposed, approved and ended', () => {
  test('the committee and every election are ones that a session may have', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        run(steps, (chamber) => {
          const { plan, next } = chamber.book()
          expect(planProblem(plan)).toBeNull()
          if (next === null) return
          expect(planProblem(next)).toBeNull()
          expect(isSamePlan(next, plan)).toBe(false)
        })
      }),
      { numRuns: 40 },
    )
  })

  test('what waits as accepted got two thirds of the weight, and nothing else ends in the committee', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const accepted = new Set<Hash>()
        const chamber = run(steps, ({ book, proposal }) => {
          const { plan, proposals } = book()
          for (const { id, status } of proposals) {
            if (status !== 'accepted' || accepted.has(id)) continue
            accepted.add(id)
            expect(approvedWeight(plan, proposal(id))).toBeGreaterThanOrEqual(neededWeight(plan))
          }
        })
        const outcomes = chamber.history().flatMap((record) => record.outcomes.map(({ id }) => id))
        expect(new Set(outcomes).size).toBe(outcomes.length)
        expect(outcomes.every((id) => accepted.has(id))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('an election at a height is the same however much was executed above it, down to the session before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const answers = new Map<number, CommitteePlan | null>()
        const starts = [0]
        let checked = 0
        run(steps, (chamber) => {
          const { height } = chamber
          const { since } = chamber.book()
          if (starts.at(-1) !== since) starts.push(since)
          if (!answers.has(height)) answers.set(height, chamber.elect())
          for (const [at, answer] of answers) {
            if (at < (starts.at(-2) ?? 0)) continue
            expect(chamber.elect(at)).toEqual(answer)
            checked += 1
          }
        })
        expect(checked).toBeGreaterThanOrEqual(steps.length)
      }),
      { numRuns: 40 },
    )
  })

  test('a change is in one election only: after it, its session is over and it waits no more', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const chamber = run(steps, () => undefined)
        for (let round = 0; round < 2; round++) chamber.stop()
        const { plan, next, proposals } = chamber.book()
        expect(next).toBeNull()
        expect(proposals.filter(({ status }) => status === 'accepted')).toEqual([])
        chamber.stop()
        expect(chamber.book().plan).toEqual(plan)
      }),
      { numRuns: 40 },
    )
  })
})

describe('entries of the committee module', () => {
  test('what clients write is what the entry says, after the wire', () => {
    fc.assert(
      fc.property(change, (written) => {
        const entry = decodeCommitteeEntry(encodeCommitteeEntry({ propose: written }))
        if (typeof entry === 'string') throw new Error(entry)
        const { k, ...rest } = written
        const shown = showCommitteeEntry(entry) as { propose: object }
        const add = rest.add.map((member) => ({ weight: 1, roles: ['proposer', 'voter'], ...member }))
        const empty = { add: [], remove: [], replace: [], allowFewer: false }
        expect({ ...empty, ...shown.propose }).toEqual({ ...rest, add, params: { k } })
        expect(encodeCommitteeEntry(shown)).toEqual(encodeCommitteeEntry({ propose: written }))
      }),
    )
  })

  test('any bytes are an entry or a reason, never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeCommitteeEntry(bytes)).toBeDefined()
      }),
    )
  })

  const id = 'a'.repeat(64)
  test.each([
    ['nothing', undefined],
    ['two acts at once', { approve: { id }, withdraw: { id } }],
    ['an unknown act', { veto: { id } }],
    ['a short id', { approve: { id: 'abc' } }],
    ['an unknown field', { propose: { k: 2, quorum: 3 } }],
    ['an unknown parameter', { propose: { params: { speed: 2 } } }],
    ['a change of nothing', { propose: { allowFewer: true } }],
    ['a key in capitals', { propose: { remove: ['A'.repeat(64)] } }],
    ['no organisation', { propose: { add: [{ key: id, org: '' }] } }],
    ['an organisation of 65 characters', { propose: { add: [{ key: id, org: 'x'.repeat(65) }] } }],
    ['an organisation that moves the cursor', { propose: { add: [{ key: id, org: 'x\u001b[2J' }] } }],
    ['an organisation that turns text round', { propose: { add: [{ key: id, org: 'x\u202egro' }] } }],
    ['a weight of 0', { propose: { add: [{ key: id, org: 'x', weight: 0 }] } }],
    ['no role', { propose: { add: [{ key: id, org: 'x', roles: [] }] } }],
    ['a negative k', { propose: { k: -1 } }],
    ['129 removals', { propose: { remove: Array.from({ length: 129 }, () => id) } }],
  ])('%s is refused before it is signed', (_given, payload) => {
    expect(() => encodeCommitteeEntry(payload)).toThrow(expect.objectContaining({ code: 'bad-entry' }))
  })
})
