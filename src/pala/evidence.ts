/**
 * Evidence (P24.1): its kinds, whom each accuses, and what its parts must say to be one. Pure: whether the signatures are
 * right is the question of `evidence-verify.ts`.
 */
import type { Hash, PeerId, PublicKeyHex } from '../domain.ts'
import { EVIDENCE_SESSIONS, MAX_EVIDENCE, MAX_EVIDENCE_PER_KEY } from './bounds.ts'
import { compareSn, formatSn, type Sn, snKey } from './sn.ts'
import type { Block, Notarization, Proposal, Session, State, Vote } from './types.ts'

/** A header with its leader's signature: what evidence needs of a proposal. `encoded` is a proposal's wire form, perhaps without a body. */
export type SignedHeader = {
  readonly block: Pick<Block, 'hash' | 'header'>
  readonly signature: Uint8Array
  readonly encoded: Uint8Array
}

/** What one key did, provable to anyone who knows the committee of its session. */
export type Offence =
  | { readonly kind: 'doubleVote'; readonly first: Vote; readonly second: Vote }
  | { readonly kind: 'doubleProposal'; readonly first: SignedHeader; readonly second: SignedHeader }
  /** A vote for slot (e,t), t > k, and one for the first block of a later epoch on a parent older than (e,t-k). */
  | { readonly kind: 'amnesia'; readonly earlier: Vote; readonly later: Vote; readonly block: SignedHeader }
  /**
   * A leader signed for certificates of which one is no certificate: number `certificate` among its notarizations, or their
   * count for the clock notarization. If it has enough signers, its signature number `signature` is wrong.
   */
  | {
      readonly kind: 'badCertificate'
      readonly proposal: SignedHeader
      readonly certificates: Uint8Array
      readonly certificate: number
      readonly signature: number
    }

/** Two certificates for one slot: a third of the weight signed both (P3.5). The offences in it are double votes. */
export type CertificateConflict = {
  readonly kind: 'conflictingNotarizations'
  readonly first: Notarization
  readonly second: Notarization
}

export type Evidence = Offence | CertificateConflict
export type OffenceKind = Offence['kind']

/** Whom an offence accuses: a seat of a session, and the slot in which it shows. */
export type Accusation = {
  readonly kind: OffenceKind
  readonly seat: 'voter' | 'proposer'
  readonly index: number
  readonly slot: Sn
}

/** An accusation with the holder of the seat. */
export type Accused = Accusation & { readonly key: PublicKeyHex; readonly org: string }

/** Whom `offence` accuses, were it proven. */
export function accusationOf(offence: Offence): Accusation {
  switch (offence.kind) {
    case 'doubleVote':
      return { kind: offence.kind, seat: 'voter', index: offence.first.voter, slot: offence.first.sn }
    case 'amnesia':
      return { kind: offence.kind, seat: 'voter', index: offence.later.voter, slot: offence.later.sn }
    case 'doubleProposal':
      return accusedLeader(offence.kind, offence.first)
    case 'badCertificate':
      return accusedLeader(offence.kind, offence.proposal)
  }
}

function accusedLeader(kind: OffenceKind, { block: { header } }: SignedHeader): Accusation {
  return { kind, seat: 'proposer', index: header.proposer, slot: header.sn }
}

/** The accusation with the name of who holds the seat; null when the session has no such seat. */
export function accusedIn(session: Session, accusation: Accusation): Accused | null {
  const member = (accusation.seat === 'voter' ? session.voters : session.proposers)[accusation.index]
  return member === undefined ? null : { ...accusation, key: member.key, org: member.org }
}

/** What makes two pieces of evidence the same (P24.2): kind, key, slot. Keys of a session sort together. */
export function offenceKey({ slot, kind, key }: Accused): string {
  return `${snKey(slot)}/${kind}/${key}`
}

/** Why `offence` says nothing against anybody even if every signature is right; null when it does. */
export function offenceProblem(offence: Offence, k: number): string | null {
  switch (offence.kind) {
    case 'doubleVote': {
      const { first, second } = offence
      if (compareSn(first.sn, second.sn) !== 0) return 'two votes for two slots'
      if (first.voter !== second.voter) return 'votes of two voters'
      return first.blockHash === second.blockHash ? 'one vote twice' : null
    }
    case 'doubleProposal': {
      const first = offence.first.block
      const second = offence.second.block
      if (compareSn(first.header.sn, second.header.sn) !== 0) return 'two proposals for two slots'
      if (first.header.proposer !== second.header.proposer) return 'proposals of two leaders'
      return first.hash === second.hash ? 'one proposal twice' : null
    }
    case 'amnesia':
      return amnesiaProblem(offence, k)
    case 'badCertificate':
      return null
  }
}

/**
 * P24.1: a vote for (e,t) with t > k was cast with (e,t-k) notarized in the voter's view, so its floor at any later epoch
 * was at least that (P11.3).
 */
function amnesiaProblem(offence: Extract<Offence, { kind: 'amnesia' }>, k: number): string | null {
  const { earlier, later } = offence
  const { block } = offence.block
  if (earlier.voter !== later.voter) return 'votes of two voters'
  if (earlier.sn.session !== later.sn.session) return 'votes of two sessions'
  if (later.sn.epoch <= earlier.sn.epoch || later.sn.s !== 1)
    return 'the later vote is not for the first block of a later epoch'
  if (block.hash !== later.blockHash) return 'the header of another block'
  if (compareSn(block.header.sn, later.sn) !== 0) return 'the header of another slot'
  if (earlier.sn.s <= k) return 'the earlier vote shows no certificate'
  const shown: Sn = { ...earlier.sn, s: earlier.sn.s - k }
  return compareSn(block.header.parentSn, shown) < 0 ? null : `the parent is as fresh as ${formatSn(shown)}`
}

/** The votes inside two certificates for one slot by whoever signed both: at least a third of the weight. */
export function doubleVotesOf({ first, second }: CertificateConflict): Extract<Offence, { kind: 'doubleVote' }>[] {
  return first.signers.flatMap((voter) => {
    const [a, b] = [voteIn(first, voter), voteIn(second, voter)]
    return a === null || b === null || a.blockHash === b.blockHash ? [] : [{ kind: 'doubleVote', first: a, second: b }]
  })
}

/** The votes inside a certificate. */
export function votesIn(notarization: Notarization): Vote[] {
  return notarization.signers.flatMap((voter) => voteIn(notarization, voter) ?? [])
}

/** The vote of one voter inside a certificate; null when it did not sign. */
export function voteIn({ sn, blockHash, signers, signatures }: Notarization, voter: number): Vote | null {
  const signature = signatures[signers.indexOf(voter)]
  return signature === undefined ? null : { sn, blockHash, voter, signature }
}

/** What the machine keeps for accountability. */
export type EvidenceBook = {
  /** Proven offences by {@link offenceKey}, oldest first; at most `MAX_EVIDENCE`. */
  readonly offences: Map<string, { readonly offence: Offence; readonly key: PublicKeyHex; readonly number: number }>
  nextNumber: number
  /** The newest number that each peer was sent; at most `MAX_PEERS`. */
  readonly shown: Map<PeerId, number>
  /** Leader: `voter/snKey` -> a vote for a block it did not propose; at most `MAX_STRAY_VOTES`, of the current epoch. */
  readonly strays: Map<string, Vote>
  /** First blocks that were refused because their parent is too old, should votes for them turn up; at most `MAX_SUSPECTS`. */
  readonly suspects: Map<Hash, Proposal>
}

export function createEvidenceBook(): EvidenceBook {
  return { offences: new Map(), nextNumber: 1, shown: new Map(), strays: new Map(), suspects: new Map() }
}

/** Whom `offence` accuses by the committees that `sessions` knows; null when it knows none. */
export function accusedBy(sessions: ReadonlyMap<number, Session>, offence: Offence): Accused | null {
  const accusation = accusationOf(offence)
  const session = sessions.get(accusation.slot.session)
  return session === undefined ? null : accusedIn(session, accusation)
}

/** Writes a proven offence into the book; returns its key, or why there is no place for it. */
export function noteOffence(
  { sessions, epoch, evidence }: Pick<State, 'sessions' | 'epoch' | 'evidence'>,
  offence: Offence,
): { readonly key: string; readonly accused: Accused } | string {
  const accused = accusedBy(sessions, offence)
  if (accused === null) return 'session not known'
  const oldest = epoch.current.session - EVIDENCE_SESSIONS
  for (const [key, known] of evidence.offences) {
    if (accusationOf(known.offence).slot.session < oldest) evidence.offences.delete(key)
  }
  const key = offenceKey(accused)
  if (accused.slot.session < oldest) return 'too old'
  if (evidence.offences.has(key)) return 'known'
  const ofKey = [...evidence.offences.values()].filter((known) => known.key === accused.key)
  if (ofKey.length >= MAX_EVIDENCE_PER_KEY || evidence.offences.size >= MAX_EVIDENCE) return 'enough of it'
  evidence.offences.set(key, { offence, key: accused.key, number: evidence.nextNumber++ })
  return { key, accused }
}
