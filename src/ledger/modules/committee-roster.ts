/** Who sat in which recent session, by the state of the module `committee`: for modules that judge members. */
import type { CommitteePlan, PublicKeyHex } from '../../domain.ts'
import type { StateView } from '../types.ts'
import { readCurrent, readPlan } from './committee-state.ts'

/** Sessions before the present one about which the ledger still answers (spec/pala.md 24.2). */
const ROSTER_SESSIONS = 2

/** The committee of the present session or of one of the {@link ROSTER_SESSIONS} before; null for any other. */
export function planOf(view: StateView, session: number): CommitteePlan | null {
  const present = readCurrent(view).session
  return session > present || session < present - ROSTER_SESSIONS ? null : readPlan(view, session)
}

/** Whether `key` holds a seat in `plan`. */
export function isSeated(plan: CommitteePlan, key: PublicKeyHex): boolean {
  return [...plan.voters, ...plan.proposers].some((member) => member.key === key)
}
