/**
 * Turns messages into verified ones: committees, thresholds, signatures, roots (P4.4, P5.4-1, P5.4-5, P5.4-6). Each
 * check answers with the verified value or with the reason against it; none throws for a peer's input.
 */
import { verifySignature, verifySignatureNow } from '../crypto/keys.ts'
import { asVerified, type Hash, type Verified } from '../domain.ts'
import {
  CLOCK_TAG,
  certsRootOf,
  clockTargetBytes,
  PROPOSAL_TAG,
  payloadRootOf,
  proposalParts,
  VOTE_TAG,
  voteTargetBytes,
} from './codec.ts'
import { isQuorum } from './committee.ts'
import { electionOf, electionRootOf, planProblem } from './election.ts'
import type { Offence } from './evidence.ts'
import { findBadCertificate, verifyEvidence } from './evidence-verify.ts'
import type {
  Block,
  ClockMessage,
  ClockNotarization,
  EpochProof,
  Message,
  Notarization,
  NotarizedBlock,
  Proposal,
  Session,
  VerifiedMessage,
  Vote,
} from './types.ts'

/** A verified value, or why it is not one. `unknown`: not judged, e.g. a session this node has not reached (P4.4-1). */
export type Check<T> = { readonly ok: true; readonly value: Verified<T> } | Refusal
export type Refusal = {
  readonly ok: false
  readonly reason: string
  readonly unknown: boolean
  /** What the refused message proves against its author (P24.1). */
  readonly offence?: Offence
}

const ZERO_HASH = '0'.repeat(64)

/** The header version this code speaks. */
export const BLOCK_VERSION = 1

export type VerifierOptions = {
  readonly chainId: Hash
  readonly sessions: ReadonlyMap<number, Session>
}

/** Checks everything a Pala message can carry. */
export interface Verifier {
  message(message: Message): Promise<Check<VerifiedMessage>>
  notarizedBlock(block: NotarizedBlock): Promise<Check<NotarizedBlock>>
}

const refuse = (reason: string): Refusal => ({ ok: false, reason, unknown: false })
const notKnown = (reason: string): Refusal => ({ ok: false, reason, unknown: true })
const accept = <T>(value: T): Check<T> => ({ ok: true, value: asVerified(value) })

/** A verifier for one chain; `sessions` is read live. */
export function createVerifier(options: VerifierOptions): Verifier {
  const live = createChecks(options, { isBulk: false })
  const bulk = createChecks(options, { isBulk: true })
  return {
    message: (message) => (message.type === 'blocks' ? bulk.message(message) : live.message(message)),
    notarizedBlock: bulk.notarizedBlock,
  }
}

/**
 * A committee up to this size has its votes and certificates verified at once: a round of consensus waits for them, and a
 * certificate takes less than a millisecond. Larger ones, and whole batches of blocks, go to libuv's threads.
 */
const MAX_URGENT_VOTERS = 16
/** Certificates of synced blocks remembered: a few batches. */
const MAX_BULK_CERTIFICATES = 1_024

function createChecks({ chainId, sessions }: VerifierOptions, { isBulk }: { readonly isBulk: boolean }): Verifier {
  type Signed = { readonly tag: string; readonly payload: Uint8Array }
  const checked = new Map<string, Promise<Check<Notarization>>>()
  const court = { chainId, sessionOf: (session: number) => sessions.get(session) }

  async function signedBy(
    session: Session,
    seat: { index: number; list: 'voters' | 'proposers' },
    what: Signed & { signature: Uint8Array },
  ) {
    const member = session[seat.list][seat.index]
    if (member === undefined) return false
    const statement = { tag: what.tag, chainId, payload: what.payload }
    const check = { publicKey: member.key, statement, signature: what.signature }
    const isUrgent = !isBulk && session.voters.length <= MAX_URGENT_VOTERS
    return isUrgent ? verifySignatureNow(check) : verifySignature(check)
  }

  /** P4.4: known committee, distinct signers, threshold weight, every signature. */
  async function certificate(
    session: Session,
    cert: { readonly signers: readonly number[]; readonly signatures: readonly Uint8Array[] },
    signed: Signed,
  ): Promise<string | null> {
    if (!isQuorum(session, cert.signers)) return 'not a quorum of distinct voters'
    const checks = cert.signers.map((index, i) =>
      signedBy(session, { index, list: 'voters' }, { ...signed, signature: cert.signatures[i] ?? new Uint8Array(0) }),
    )
    return (await Promise.all(checks)).every(Boolean) ? null : 'a signature in the certificate is wrong'
  }

  /** In a batch of blocks each certificate comes twice, beside its block and inside a later one: it is checked once. */
  function notarization(value: Notarization): Promise<Check<Notarization>> {
    if (!isBulk) return freshNotarization(value)
    const key = [
      value.blockHash,
      value.signers,
      ...value.signatures.map((s) => Buffer.from(s).toString('base64')),
    ].join()
    const known = checked.get(key)
    if (known !== undefined) return known
    // A certificate of a session that is not known yet is looked at again when it is.
    if (!sessions.has(value.sn.session)) return freshNotarization(value)
    const check = freshNotarization(value)
    if (checked.size >= MAX_BULK_CERTIFICATES) checked.clear()
    checked.set(key, check)
    return check
  }

  async function freshNotarization(value: Notarization): Promise<Check<Notarization>> {
    const session = sessions.get(value.sn.session)
    if (session === undefined) return notKnown(`session ${value.sn.session}`)
    const problem = await certificate(session, value, { tag: VOTE_TAG, payload: voteTargetBytes(value) })
    return problem === null ? accept(value) : refuse(`notarization: ${problem}`)
  }

  async function clockNotarization(value: ClockNotarization): Promise<Check<ClockNotarization>> {
    const session = sessions.get(value.target.session)
    if (session === undefined) return notKnown(`session ${value.target.session}`)
    const problem = await certificate(session, value, { tag: CLOCK_TAG, payload: clockTargetBytes(value.target) })
    return problem === null ? accept(value) : refuse(`clock notarization: ${problem}`)
  }

  async function vote(value: Vote): Promise<Check<Vote>> {
    const session = sessions.get(value.sn.session)
    if (session === undefined) return notKnown(`session ${value.sn.session}`)
    const signed = { tag: VOTE_TAG, payload: voteTargetBytes(value), signature: value.signature }
    const valid = await signedBy(session, { index: value.voter, list: 'voters' }, signed)
    return valid ? accept(value) : refuse('vote: wrong signature')
  }

  async function clock(value: ClockMessage): Promise<Check<ClockMessage>> {
    const session = sessions.get(value.target.session)
    if (session === undefined) return notKnown(`session ${value.target.session}`)
    const signed = { tag: CLOCK_TAG, payload: clockTargetBytes(value.target), signature: value.signature }
    const valid = await signedBy(session, { index: value.voter, list: 'voters' }, signed)
    return valid ? accept(value) : refuse('clock: wrong signature')
  }

  /** Header fields, roots, leader signature, embedded certificates: one bad certificate refuses the block (A6). */
  async function proposal(value: Proposal): Promise<Check<Proposal>> {
    const { block, signature, encoded } = value
    const session = sessions.get(block.header.sn.session)
    if (session === undefined) return notKnown(`session ${block.header.sn.session}`)
    if (block.header.version !== BLOCK_VERSION) return refuse('proposal: unknown block version')
    if (block.header.chainId !== chainId) return refuse('proposal: another chain')
    if (encoded.byteLength > session.params.maxBlockBytes + PROPOSAL_SLACK_BYTES) return refuse('proposal: too large')
    const stopFault = stopProblem(block, session)
    if (stopFault !== null) return refuse(`proposal: ${stopFault}`)
    const { headerBytes, certsBytes } = proposalParts(encoded)
    if (certsRootOf(certsBytes) !== block.header.certsRoot) return refuse('proposal: certificates root')
    if (payloadRootOf(block.payload) !== block.header.payloadRoot) return refuse('proposal: payload root')
    const signed = { tag: PROPOSAL_TAG, payload: headerBytes, signature }
    const leader = signedBy(session, { index: block.header.proposer, list: 'proposers' }, signed)
    const certs: Promise<Check<unknown>>[] = block.notarizations.map(notarization)
    if (block.clockNotarization !== null) certs.push(clockNotarization(block.clockNotarization))
    if (!(await leader)) return refuse('proposal: wrong signature of the leader')
    for (const check of await Promise.all(certs)) if (!check.ok) return blame(value, check)
    return accept(value)
  }

  /** P24.1: what a leader signs it must have checked. */
  function blame(value: Proposal, refusal: Refusal): Refusal {
    if (refusal.unknown) return refusal
    const offence = findBadCertificate(value, court)
    return offence === null ? refusal : { ...refusal, offence }
  }

  function evidence(value: Offence): Check<Offence> {
    const verdict = verifyEvidence(value, court)
    return verdict.ok ? accept(value) : { ...verdict, reason: `evidence: ${verdict.reason}` }
  }

  async function epochProof(value: EpochProof): Promise<Check<EpochProof>> {
    if (value.kind === 'session') return refuse('epoch proof: a session ends by blocks')
    const check =
      value.kind === 'clocks'
        ? await clockNotarization(value.clockNotarization)
        : await notarization(value.notarization)
    return check.ok ? accept(value) : check
  }

  async function notarizedBlock(value: NotarizedBlock): Promise<Check<NotarizedBlock>> {
    const { block } = value.proposal
    const { sn, blockHash } = value.notarization
    if (blockHash !== block.hash) return refuse('notarization of another block')
    const { session, epoch, s } = block.header.sn
    if (sn.session !== session || sn.epoch !== epoch || sn.s !== s) return refuse('notarization of another slot')
    const [p, n] = await Promise.all([proposal(value.proposal), notarization(value.notarization)])
    if (!p.ok) return p
    return n.ok ? accept(value) : n
  }

  /** Verifies a batch; the blocks before the first bad one are kept (P17.5). */
  async function blocks(message: Extract<Message, { type: 'blocks' }>): Promise<Check<VerifiedMessage>> {
    const checks = await Promise.all(message.blocks.map(notarizedBlock))
    const good: Verified<NotarizedBlock>[] = []
    for (const check of checks) {
      if (!check.ok) return good.length > 0 ? accept({ ...message, blocks: good }) : check
      good.push(check.value)
    }
    return accept({ ...message, blocks: good })
  }

  async function message(value: Message): Promise<Check<VerifiedMessage>> {
    switch (value.type) {
      case 'proposal':
        return wrap(await proposal(value.proposal), (proposal) => ({ type: 'proposal', proposal }))
      case 'vote':
        return wrap(await vote(value.vote), (vote) => ({ type: 'vote', vote }))
      case 'notarization':
        return wrap(await notarization(value.notarization), (notarization) => ({ type: 'notarization', notarization }))
      case 'clock':
        return wrap(await clock(value.clock), (clock) => ({ type: 'clock', clock }))
      case 'clockNotarization': {
        const check = await clockNotarization(value.clockNotarization)
        return wrap(check, (clockNotarization) => ({ type: 'clockNotarization', clockNotarization }))
      }
      case 'epochProof':
        return wrap(await epochProof(value.proof), (proof) => ({ type: 'epochProof', proof }))
      case 'evidence':
        return wrap(evidence(value.evidence), (checked) => ({ type: 'evidence', evidence: checked }))
      case 'blocks':
        return blocks(value)
      default:
        return accept<VerifiedMessage>(value)
    }
  }

  return { message, notarizedBlock }
}

/** P5.4-7, P16.2: a stop block, and no other, holds an election that the header commits to and that can rule. */
function stopProblem({ header, election }: Block, session: Session): string | null {
  if (header.isStop !== (election !== null)) return 'stop flag without an election, or an election without it'
  if (election === null) return header.electionRoot === ZERO_HASH ? null : 'election root without an election'
  if (electionRootOf(election) !== header.electionRoot) return 'election root'
  if (election.kept && electionRootOf(electionOf(session, null)) !== header.electionRoot)
    return 'a kept committee differs'
  const fault = planProblem(election.plan)
  return fault === null ? null : `election: ${fault}`
}

/** Room for header, certificates and framing beside the payload. */
const PROPOSAL_SLACK_BYTES = 512 * 1_024

function wrap<T>(check: Check<T>, into: (value: Verified<T>) => VerifiedMessage): Check<VerifiedMessage> {
  return check.ok ? { ok: true, value: asVerified(into(check.value)) } : check
}
