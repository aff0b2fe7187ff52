/** Applying changes to committee plans: pure, and the same fold for acceptance, elections and what the API shows (P16.2). */
import { Buffer } from 'node:buffer'
import type { CommitteePlan, Member, PublicKeyHex } from '../../domain.ts'
import { encodePlan } from '../../protocols/committee-plan.ts'
import {
  type Addition,
  type Change,
  type CommitteeRefusal,
  type CommitteeRefusalCode,
  type PlanProblem,
  type Replacement,
  SAFE_VOTERS,
} from './committee-types.ts'

export type Changed = { readonly ok: true; readonly plan: CommitteePlan } | CommitteeRefusal

type Seats = { readonly proposers: Member[]; readonly voters: Member[] }

/** A refusal with its text. */
export function refuse(code: CommitteeRefusalCode, detail: string): CommitteeRefusal {
  return { ok: false, code, detail }
}

/** Whether two plans are the same in every respect. */
export function isSamePlan(a: CommitteePlan, b: CommitteePlan): boolean {
  return Buffer.compare(encodePlan(a), encodePlan(b)) === 0
}

/** The plan that `change` makes of `plan`, or why there is none. */
export function applyChange(plan: CommitteePlan, change: Change, problemOf: PlanProblem): Changed {
  const seats: Seats = { proposers: [...plan.proposers], voters: [...plan.voters] }
  const refusal =
    firstRefusal(change.remove, (key) => removeMember(seats, key)) ??
    firstRefusal(change.replace, (replacement) => replaceMember(seats, replacement)) ??
    firstRefusal(change.add, (addition) => addMember(seats, addition))
  if (refusal !== null) return refusal
  const next: CommitteePlan = { ...seats, params: { ...plan.params, ...change.params } }
  return planRefusal(plan, next, change.allowFewer) ?? checked(next, problemOf)
}

/** The plan after all `changes` in order; those that do not apply are left out. Null when it is `plan` itself. */
export function foldChanges(
  plan: CommitteePlan,
  changes: readonly Change[],
  problemOf: PlanProblem,
): CommitteePlan | null {
  let next = plan
  for (const change of changes) {
    const changed = applyChange(next, change, problemOf)
    if (changed.ok) next = changed.plan
  }
  return next === plan || isSamePlan(next, plan) ? null : next
}

function checked(plan: CommitteePlan, problemOf: PlanProblem): Changed {
  const problem = problemOf(plan)
  return problem === null ? { ok: true, plan } : refuse('bad-plan', `no session may have this committee: ${problem}`)
}

function planRefusal(before: CommitteePlan, next: CommitteePlan, allowFewer: boolean): CommitteeRefusal | null {
  const voters = next.voters.length
  if (voters === 0) return refuse('no-voters', 'the change would leave no voter: add another in the same proposal')
  if (next.proposers.length === 0)
    return refuse('no-proposers', 'the change would leave no proposer: add another in the same proposal')
  if (voters < SAFE_VOTERS && before.voters.length >= SAFE_VOTERS && !allowFewer) {
    const advice = `fewer than ${SAFE_VOTERS} tolerate no faulty member; add others, or say that it is meant (allowFewer, --allow-fewer)`
    return refuse('too-few-voters', `the change would leave ${voters} voters: ${advice}`)
  }
  return isSamePlan(before, next) ? refuse('no-change', 'the committee would be what it is already') : null
}

function firstRefusal<T>(items: readonly T[], apply: (item: T) => CommitteeRefusal | null): CommitteeRefusal | null {
  for (const item of items) {
    const refusal = apply(item)
    if (refusal !== null) return refusal
  }
  return null
}

const placeOf = (members: readonly Member[], key: PublicKeyHex): number =>
  members.findIndex((member) => member.key === key)

function removeMember(seats: Seats, key: PublicKeyHex): CommitteeRefusal | null {
  let removed = 0
  for (const list of [seats.proposers, seats.voters]) {
    const place = placeOf(list, key)
    if (place >= 0) removed += list.splice(place, 1).length
  }
  return removed > 0 ? null : refuse('not-member', `${key} cannot be removed: it has no seat`)
}

function replaceMember(seats: Seats, { old, key, org, weight }: Replacement): CommitteeRefusal | null {
  let replaced = 0
  for (const [seat, list] of Object.entries(seats)) {
    const place = placeOf(list, old)
    const before = list[place]
    if (before === undefined) continue
    if (key !== old && placeOf(list, key) >= 0) return refuse('already-member', `${key} is one of the ${seat} already`)
    list[place] = { key, org, weight: weight ?? before.weight }
    replaced += 1
  }
  return replaced > 0 ? null : refuse('not-member', `${old} cannot be replaced: it has no seat`)
}

function addMember(seats: Seats, { key, org, weight, roles }: Addition): CommitteeRefusal | null {
  for (const role of roles) {
    const list = role === 'voter' ? seats.voters : seats.proposers
    if (placeOf(list, key) >= 0) return refuse('already-member', `${key} is a ${role} already`)
    list.push({ key, org, weight })
  }
  return null
}
