/** The service's checks on what comes in (P4.4, P5.4), against the keyring instead of real signatures. */
import { asVerified } from '../../../src/domain.ts'
import { isQuorum } from '../../../src/pala/committee.ts'
import type {
  ClockNotarization,
  EpochProof,
  Message,
  Notarization,
  NotarizedBlock,
  Proposal,
  Session,
  VerifiedMessage,
} from '../../../src/pala/types.ts'
import { isSound } from './blocks.ts'
import { clockStatement, type Keyring, proposalStatement, voteStatement } from './keyring.ts'

/** `unknown`: of a session that the receiver has not reached, so not judged (P4.4-1). */
export type Verdict = VerifiedMessage | 'unknown' | 'forged'

export interface Verifier {
  /** The message as an input of a node that knows `known`, or why an honest service lets it not in. */
  check(message: Message, known: ReadonlyMap<number, unknown>): Verdict
  isNotarization(notarization: Notarization): boolean
}

export type VerifierOptions = {
  readonly keyring: Keyring
  /** Every session there is; the committee of none changes. */
  readonly sessions: ReadonlyMap<number, Session>
  /** False is a mutant: certificates count whoever signed (P4.4-3). */
  readonly checksThreshold: boolean
}

type Signed = { readonly signers: readonly number[]; readonly signatures: readonly Uint8Array[] }

export function createVerifier({ keyring, sessions, checksThreshold }: VerifierOptions): Verifier {
  const known = new WeakSet<object>()

  /** Judges each object once: messages are immutable. */
  function once(value: object, judge: () => boolean): boolean {
    if (known.has(value)) return true
    const good = judge()
    if (good) known.add(value)
    return good
  }

  type Statement = { readonly session: number; readonly text: string }

  function isVoter(index: number, { session, text }: Statement, signature: Uint8Array | undefined): boolean {
    const member = sessions.get(session)?.voters[index]
    return member !== undefined && keyring.isSigned(member.key, text, signature)
  }

  function isCertificate({ signers, signatures }: Signed, statement: Statement): boolean {
    const session = sessions.get(statement.session)
    if (session === undefined || (checksThreshold && !isQuorum(session, signers))) return false
    return signers.length > 0 && signers.every((signer, i) => isVoter(signer, statement, signatures[i]))
  }

  const voted = ({ sn, blockHash }: Pick<Notarization, 'sn' | 'blockHash'>): Statement => ({
    session: sn.session,
    text: voteStatement(sn, blockHash),
  })
  const called = ({ target }: Pick<ClockNotarization, 'target'>): Statement => ({
    session: target.session,
    text: clockStatement(target),
  })
  const isNotarization = (n: Notarization): boolean => once(n, () => isCertificate(n, voted(n)))
  const isClockNotarization = (c: ClockNotarization): boolean => once(c, () => isCertificate(c, called(c)))

  const isProposal = (proposal: Proposal): boolean =>
    once(proposal, () => {
      const { block, signature } = proposal
      const leader = sessions.get(block.header.sn.session)?.proposers[block.header.proposer]
      return (
        leader !== undefined &&
        isSound(block) &&
        keyring.isSigned(leader.key, proposalStatement(block.hash), signature) &&
        block.notarizations.every(isNotarization) &&
        (block.clockNotarization === null || isClockNotarization(block.clockNotarization))
      )
    })

  const isNotarizedBlock = ({ proposal, notarization }: NotarizedBlock): boolean =>
    notarization.blockHash === proposal.block.hash &&
    (['session', 'epoch', 's'] as const).every((part) => notarization.sn[part] === proposal.block.header.sn[part]) &&
    isProposal(proposal) &&
    isNotarization(notarization)

  function isGenuine(message: Exclude<Message, { type: 'blocks' }>): boolean {
    switch (message.type) {
      case 'proposal':
        return isProposal(message.proposal)
      case 'vote':
        return isVoter(message.vote.voter, voted(message.vote), message.vote.signature)
      case 'notarization':
        return isNotarization(message.notarization)
      case 'clock':
        return isVoter(message.clock.voter, called(message.clock), message.clock.signature)
      case 'clockNotarization':
        return isClockNotarization(message.clockNotarization)
      case 'epochProof':
        return isProof(message.proof)
      default:
        return true
    }
  }

  function isProof(proof: EpochProof): boolean {
    if (proof.kind === 'session') return false
    return proof.kind === 'clocks' ? isClockNotarization(proof.clockNotarization) : isNotarization(proof.notarization)
  }

  /** P17.5: the blocks before the first that is bad, or of a session to come. */
  function checkBlocks(message: Extract<Message, { type: 'blocks' }>, reached: ReadonlyMap<number, unknown>): Verdict {
    const isReached = ({ notarization }: NotarizedBlock): boolean => reached.has(notarization.sn.session)
    const end = message.blocks.findIndex((block) => !isReached(block) || !isNotarizedBlock(block))
    const good = end < 0 ? message.blocks : message.blocks.slice(0, end)
    const first = message.blocks[0]
    if (end === 0 && first !== undefined) return isReached(first) ? 'forged' : 'unknown'
    return { ...message, blocks: good.map(asVerified) }
  }

  return {
    isNotarization,
    check(message, reached) {
      if (message.type === 'blocks') return checkBlocks(message, reached)
      const session = sessionOf(message)
      if (session !== null && !reached.has(session)) return 'unknown'
      return isGenuine(message) ? (message as VerifiedMessage) : 'forged'
    },
  }
}

/** The session whose committee must have signed; null for what carries no signature. */
function sessionOf(message: Exclude<Message, { type: 'blocks' }>): number | null {
  switch (message.type) {
    case 'proposal':
      return message.proposal.block.header.sn.session
    case 'vote':
      return message.vote.sn.session
    case 'notarization':
      return message.notarization.sn.session
    case 'clock':
      return message.clock.target.session
    case 'clockNotarization':
      return message.clockNotarization.target.session
    case 'epochProof': {
      const { proof } = message
      if (proof.kind === 'session') return null
      return proof.kind === 'clocks' ? proof.clockNotarization.target.session : proof.notarization.sn.session
    }
    default:
      return null
  }
}
