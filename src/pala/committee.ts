/** Questions about a session: who leads, what weight suffices, which seats a key holds. */
import { required } from '../assert.ts'
import type { PublicKeyHex, Role } from '../domain.ts'
import type { Schedule, Session } from './types.ts'

/** `leader(S,e) = proposers[(e - 1) mod |proposers|]` (P10.1). */
export const roundRobin: Schedule = (session, epoch) => (epoch - 1) % session.proposers.length

/** The least weight that notarizes: `ceil(2W/3)` in integers (P12.1). */
export function thresholdWeight(session: Session): number {
  const total = session.voters.reduce((sum, voter) => sum + voter.weight, 0)
  return Math.floor((2 * total + 2) / 3)
}

/** The weight of distinct, existing voters; null when an index is out of range, repeated, or out of order (P4.4). */
export function weightOf(session: Session, signers: readonly number[]): number | null {
  let weight = 0
  let previous = -1
  for (const signer of signers) {
    const voter = session.voters[signer]
    if (voter === undefined || signer <= previous) return null
    previous = signer
    weight += voter.weight
  }
  return weight
}

/** Whether `signers` are distinct voters of enough weight. */
export function isQuorum(session: Session, signers: readonly number[]): boolean {
  const weight = weightOf(session, signers)
  return weight !== null && weight >= thresholdWeight(session)
}

/** The place of `key` among the voters, or null. */
export function voterIndex(session: Session, key: PublicKeyHex): number | null {
  const index = session.voters.findIndex((voter) => voter.key === key)
  return index < 0 ? null : index
}

/** The place of `key` among the proposers, or null. */
export function proposerIndex(session: Session, key: PublicKeyHex): number | null {
  const index = session.proposers.findIndex((proposer) => proposer.key === key)
  return index < 0 ? null : index
}

/** Every seat `key` holds in `session`. */
export function rolesOf(session: Session, key: PublicKeyHex): Role[] {
  const roles: Role[] = []
  const proposer = proposerIndex(session, key)
  const voter = voterIndex(session, key)
  if (proposer !== null) roles.push({ role: 'proposer', session: session.session, index: proposer })
  if (voter !== null) roles.push({ role: 'voter', session: session.session, index: voter })
  return roles
}

/** The session's parameters and lists, or a bug if it is unknown. */
export function sessionOf(sessions: ReadonlyMap<number, Session>, session: number): Session {
  return required(sessions.get(session), `session ${session} is known`)
}
