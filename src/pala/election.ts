/**
 * The election result in a stop block (P16.2): what a session becomes, and the bytes the header commits to. Which plans
 * may follow is in `plan-rules.ts`.
 */
import { taggedHashHex } from '../crypto/tagged-hash.ts'
import type { CommitteePlan, Hash } from '../domain.ts'
import { readPlan, writePlan } from '../protocols/committee-plan.ts'
import * as wire from '../protocols/wire/committee.gen.ts'
import { planProblem } from './plan-rules.ts'
import type { Election, Session } from './types.ts'

export { planProblem } from './plan-rules.ts'

const ELECTION_TAG = 'palaver/pala/election/1'
/** What the stop block of `present` says: `next` when it is a possible committee, else that the present one stays. */
export function electionOf(present: Session, next: CommitteePlan | null): Election {
  if (next !== null && planProblem(next) === null) return { plan: next, kept: false }
  const { proposers, voters, params } = present
  return { plan: { proposers, voters, params }, kept: true }
}

/** The session that an election starts after session `number`. */
export function sessionAfter(number: number, { plan }: Election): Session {
  const { proposers, voters, params } = plan
  return { session: number + 1, proposers, voters, params }
}

export function encodeElection({ plan, kept }: Election): Uint8Array {
  return wire.Election.encode({ plan: writePlan(plan), kept })
}

/** Parses an election. Throws on malformed bytes, and on those that are not the one form of what they say. */
export function decodeElection(bytes: Uint8Array): Election {
  const { plan, kept } = wire.Election.decode(bytes)
  const election: Election = { plan: readPlan(plan), kept }
  if (Buffer.compare(encodeElection(election), bytes) !== 0) throw new Error('an election has one byte form')
  return election
}

/** The header's commitment to an election. */
export function electionRootOf(election: Election): Hash {
  return taggedHashHex(ELECTION_TAG, encodeElection(election))
}

/** A session as a disk record. */
export function encodeSession({ session, ...plan }: Session): Uint8Array {
  return wire.Session.encode({ number: session, plan: writePlan(plan) })
}

export function decodeSession(bytes: Uint8Array): Session {
  const { number, plan } = wire.Session.decode(bytes)
  return { session: number, ...readPlan(plan) }
}
