/**
 * Whether evidence holds (P24.1): a question about its bytes, the chain and the committees, with one answer on every node.
 * At most two signatures are checked, so the ledger can ask it while it executes a block.
 */
import { verifySignatureNow } from '../crypto/keys.ts'
import type { Hash } from '../domain.ts'
import {
  CLOCK_TAG,
  certsRootOf,
  clockTargetBytes,
  decodeCerts,
  PROPOSAL_TAG,
  proposalParts,
  VOTE_TAG,
  voteTargetBytes,
} from './codec.ts'
import { isQuorum } from './committee.ts'
import { type Accused, accusationOf, accusedIn, type Offence, offenceProblem, type SignedHeader } from './evidence.ts'
import type { ClockNotarization, EmbeddedCerts, Notarization, Session, Vote } from './types.ts'

/** Against whom evidence speaks, or why it does not. `unknown`: not judged, because a session is not known here. */
export type Verdict =
  | { readonly ok: true; readonly accused: Accused }
  | { readonly ok: false; readonly reason: string; readonly unknown: boolean }

export type Court = {
  readonly chainId: Hash
  /** The committee of a session as far as it is known. */
  readonly sessionOf: (session: number) => Session | undefined
}

const refuse = (reason: string): Verdict => ({ ok: false, reason, unknown: false })
const notKnown = (session: number): Verdict => ({ ok: false, reason: `session ${session} is not known`, unknown: true })

/** Judges one piece of evidence; never throws. */
export function verifyEvidence(offence: Offence, court: Court): Verdict {
  const accusation = accusationOf(offence)
  const session = court.sessionOf(accusation.slot.session)
  if (session === undefined) return notKnown(accusation.slot.session)
  const accused = accusedIn(session, accusation)
  if (accused === null) return refuse('the session has no such seat')
  const problem = offenceProblem(offence, session.params.k)
  if (problem !== null) return refuse(problem)
  return isSigned(offence, accused, court.chainId) ?? fault(offence, court) ?? { ok: true, accused }
}

function isSigned(offence: Offence, { key }: Accused, chainId: Hash): Verdict | null {
  const isVote = (vote: Vote): boolean => {
    const statement = { tag: VOTE_TAG, chainId, payload: voteTargetBytes(vote) }
    return verifySignatureNow({ publicKey: key, statement, signature: vote.signature })
  }
  const isLeaders = ({ encoded, signature, block }: SignedHeader): boolean => {
    const statement = { tag: PROPOSAL_TAG, chainId, payload: proposalParts(encoded).headerBytes }
    return block.header.chainId === chainId && verifySignatureNow({ publicKey: key, statement, signature })
  }
  switch (offence.kind) {
    case 'doubleVote':
      return isVote(offence.first) && isVote(offence.second) ? null : refuse('a vote with a wrong signature')
    case 'amnesia':
      return isVote(offence.earlier) && isVote(offence.later) ? null : refuse('a vote with a wrong signature')
    case 'doubleProposal':
      return isLeaders(offence.first) && isLeaders(offence.second) ? null : refuse('a header with a wrong signature')
    case 'badCertificate':
      return isLeaders(offence.proposal) ? null : refuse('a header with a wrong signature')
  }
}

/** The last question, for bad certificates alone: is the one that is named really none? */
function fault(offence: Offence, court: Court): Verdict | null {
  if (offence.kind !== 'badCertificate') return null
  const { proposal, certificates, certificate, signature } = offence
  if (certsRootOf(certificates) !== proposal.block.header.certsRoot) return refuse('other certificates than signed for')
  const named = certificateAt(certificates, certificate)
  if (named === null) return refuse('no such certificate')
  const session = court.sessionOf(named.session)
  if (session === undefined) return notKnown(named.session)
  if (!isQuorum(session, named.signers)) return null
  const key = session.voters[named.signers[signature] ?? -1]?.key
  if (key === undefined) return refuse('no such signature')
  const { tag, payload } = named
  const statement = { tag, chainId: court.chainId, payload }
  const isRight = verifySignatureNow({
    publicKey: key,
    statement,
    signature: named.signatures[signature] ?? new Uint8Array(0),
  })
  return isRight ? refuse('the named signature is right') : null
}

/** A certificate as what its signers signed. */
type Signed = Pick<Notarization, 'signers' | 'signatures'> & {
  readonly session: number
  readonly tag: string
  readonly payload: Uint8Array
}

const ofNotarization = (value: Notarization): Signed => ({
  signers: value.signers,
  signatures: value.signatures,
  session: value.sn.session,
  tag: VOTE_TAG,
  payload: voteTargetBytes(value),
})

const ofClocks = (value: ClockNotarization): Signed => ({
  signers: value.signers,
  signatures: value.signatures,
  session: value.target.session,
  tag: CLOCK_TAG,
  payload: clockTargetBytes(value.target),
})

function listOf({ notarizations, clockNotarization }: EmbeddedCerts): Signed[] {
  return [...notarizations.map(ofNotarization), ...(clockNotarization === null ? [] : [ofClocks(clockNotarization)])]
}

function certificateAt(bytes: Uint8Array, index: number): Signed | null {
  try {
    return listOf(decodeCerts(bytes))[index] ?? null
  } catch {
    return null
  }
}

/**
 * Evidence against the leader of a proposal that it signed properly and that embeds a bad certificate; null when every
 * certificate holds or a session is not known. It checks every signature: call it for a proposal that was refused.
 */
export function findBadCertificate(
  proposal: SignedHeader,
  court: Court,
): Extract<Offence, { kind: 'badCertificate' }> | null {
  const { certsBytes: certificates } = proposalParts(proposal.encoded)
  for (const [certificate, named] of listOf(decodeCerts(certificates)).entries()) {
    const signature = badSignatureIn(named, court)
    if (signature !== null) return { kind: 'badCertificate', proposal, certificates, certificate, signature }
  }
  return null
}

/** The place of the first wrong signature, 0 for a certificate without a quorum; null when it holds or cannot be judged. */
function badSignatureIn({ session: number, signers, signatures, tag, payload }: Signed, court: Court): number | null {
  const session = court.sessionOf(number)
  if (session === undefined) return null
  if (!isQuorum(session, signers)) return 0
  const bad = signers.findIndex((signer, i) => {
    const publicKey = session.voters[signer]?.key ?? ''
    const signature = signatures[i] ?? new Uint8Array(0)
    return !verifySignatureNow({ publicKey, statement: { tag, chainId: court.chainId, payload }, signature })
  })
  return bad < 0 ? null : bad
}
