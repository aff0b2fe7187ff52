/** The service's checks on what comes in (P4.4, P5.4), against the keyring instead of real signatures. */
import { asVerified } from '../../../src/domain.ts'
import { isQuorum } from '../../../src/pala/committee.ts'
import type {
  ClockNotarization,
  Message,
  Notarization,
  NotarizedBlock,
  Proposal,
  Session,
  VerifiedMessage,
} from '../../../src/pala/types.ts'
import { isSound } from './blocks.ts'
import { clockStatement, type Keyring, proposalStatement, voteStatement } from './keyring.ts'

export interface Verifier {
  /** The message as an input, or null when an honest service refuses it. */
  check(message: Message): VerifiedMessage | null
  isNotarization(notarization: Notarization): boolean
}

export type VerifierOptions = {
  readonly keyring: Keyring
  readonly session: Session
  /** False is a mutant: certificates count whoever signed (P4.4-3). */
  readonly checksThreshold: boolean
}

type Signed = { readonly signers: readonly number[]; readonly signatures: readonly Uint8Array[] }

export function createVerifier({ keyring, session, checksThreshold }: VerifierOptions): Verifier {
  const known = new WeakSet<object>()

  /** Judges each object once: messages are immutable. */
  function once(value: object, judge: () => boolean): boolean {
    if (known.has(value)) return true
    const good = judge()
    if (good) known.add(value)
    return good
  }

  function isVoter(index: number, statement: string, signature: Uint8Array | undefined): boolean {
    const member = session.voters[index]
    return member !== undefined && keyring.isSigned(member.key, statement, signature)
  }

  function isCertificate({ signers, signatures }: Signed, statement: string): boolean {
    if (checksThreshold && !isQuorum(session, signers)) return false
    return signers.length > 0 && signers.every((signer, i) => isVoter(signer, statement, signatures[i]))
  }

  const isNotarization = (n: Notarization): boolean =>
    n.sn.session === session.session && once(n, () => isCertificate(n, voteStatement(n.sn, n.blockHash)))

  const isClockNotarization = (c: ClockNotarization): boolean =>
    c.target.session === session.session && once(c, () => isCertificate(c, clockStatement(c.target)))

  const isProposal = (proposal: Proposal): boolean =>
    once(proposal, () => {
      const { block, signature } = proposal
      const leader = session.proposers[block.header.proposer]
      return (
        leader !== undefined &&
        block.header.sn.session === session.session &&
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
      case 'vote': {
        const { sn, blockHash, voter, signature } = message.vote
        return isVoter(voter, voteStatement(sn, blockHash), signature)
      }
      case 'notarization':
        return isNotarization(message.notarization)
      case 'clock':
        return isVoter(message.clock.voter, clockStatement(message.clock.target), message.clock.signature)
      case 'clockNotarization':
        return isClockNotarization(message.clockNotarization)
      case 'epochProof':
        return message.proof.kind === 'clocks'
          ? isClockNotarization(message.proof.clockNotarization)
          : isNotarization(message.proof.notarization)
      default:
        return true
    }
  }

  return {
    isNotarization,
    check(message) {
      if (message.type !== 'blocks') return isGenuine(message) ? (message as VerifiedMessage) : null
      const bad = message.blocks.findIndex((block) => !isNotarizedBlock(block))
      if (bad === 0) return null
      const good = bad < 0 ? message.blocks : message.blocks.slice(0, bad)
      return { ...message, blocks: good.map(asVerified) }
    },
  }
}
