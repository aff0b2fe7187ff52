/** Builds, signs and checks blocks: the only place where a plan or a block meets the application (P5.5, P10.2, P11.1-4). */
import { required } from '../assert.ts'
import type { Signer } from '../crypto/keys.ts'
import { asVerified, type Verified } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import {
  blockHashOf,
  certsRootOf,
  encodeCerts,
  encodeHeader,
  encodeProposal,
  PROPOSAL_TAG,
  payloadRootOf,
} from './codec.ts'
import { sessionOf } from './committee.ts'
import { electionOf, electionRootOf, encodeElection } from './election.ts'
import type { Application, CheckOutcome } from './ports.ts'
import type { Block, BlockHeader, BlockPlan, Config, Election, Proposal, Session, StopRule } from './types.ts'
import { BLOCK_VERSION } from './verify.ts'

const ZERO_HASH = '0'.repeat(64)

export type BuilderOptions = {
  readonly config: Config
  readonly sessions: ReadonlyMap<number, Session>
  readonly application: Application
  readonly signer: Signer
  readonly clock: Clock
}

export interface BlockBuilder {
  build(plan: BlockPlan): Promise<Verified<Proposal>>
  /** 'retryable' when it cannot be judged yet: a timestamp ahead of our clock, state not executed. */
  check(
    block: Block,
    place: { readonly stop: StopRule; readonly pendingAncestors: readonly Block[] },
  ): Promise<CheckOutcome>
}

type BodyParts = {
  readonly payload: readonly Uint8Array[]
  readonly certsBytes: Uint8Array
  readonly election: Election | null
}

/** Connects block plans to the application. */
export function createBlockBuilder(options: BuilderOptions): BlockBuilder {
  const { config, sessions, application, signer, clock } = options

  async function headerOf(plan: BlockPlan, { payload, certsBytes, election }: BodyParts): Promise<BlockHeader> {
    const stateRoot = await application.stateRootAt(plan.stateHeight)
    return {
      version: BLOCK_VERSION,
      chainId: config.chainId,
      sn: plan.sn,
      height: plan.height,
      sessionCount: plan.sessionCount,
      parentHash: plan.parent.hash,
      parentSn: plan.parent.sn,
      proposer: plan.proposer,
      timestamp: Math.max(plan.parentTimestamp + 1, Math.floor(clock.now())),
      payloadRoot: payloadRootOf(payload),
      certsRoot: certsRootOf(certsBytes),
      isStop: election !== null,
      electionRoot: election === null ? ZERO_HASH : electionRootOf(election),
      stateHeight: plan.stateHeight,
      stateRoot: required(stateRoot, `the state root at height ${plan.stateHeight} is known`),
    }
  }

  async function build(plan: BlockPlan): Promise<Verified<Proposal>> {
    const { maxBlockBytes } = sessionOf(sessions, plan.sn.session).params
    const { pendingAncestors } = plan
    const payload = plan.payloadAllowed ? await application.buildPayload({ pendingAncestors }, maxBlockBytes) : []
    const certsBytes = encodeCerts(plan.certs)
    const election = await electionFor(plan)
    const header = await headerOf(plan, { payload, certsBytes, election })
    const headerBytes = encodeHeader(header)
    const signature = signer.sign({ tag: PROPOSAL_TAG, chainId: config.chainId, payload: headerBytes })
    const block: Block = { hash: blockHashOf(headerBytes), header, ...plan.certs, payload, election }
    const electionBytes = election === null ? new Uint8Array(0) : encodeElection(election)
    const encoded = encodeProposal({ headerBytes, signature, certsBytes, payload, electionBytes })
    return asVerified({ block, signature, encoded })
  }

  /** P16.2, P16.3: the election of a stop block; null for a block that does not end its session. */
  async function electionFor({ sn, stop, stateHeight }: Pick<BlockPlan, 'sn' | 'stop' | 'stateHeight'>) {
    if (stop === 'no') return null
    const election = electionOf(sessionOf(sessions, sn.session), await application.electNext(stateHeight))
    return stop === 'may' && election.kept ? null : election
  }

  async function check(
    block: Block,
    { stop, pendingAncestors }: { readonly stop: StopRule; readonly pendingAncestors: readonly Block[] },
  ): Promise<CheckOutcome> {
    const { params } = sessionOf(sessions, block.header.sn.session)
    if (block.header.timestamp > clock.now() + params.maxClockDriftMs) {
      return { verdict: 'retryable', reason: 'timestamp ahead of this clock' }
    }
    const root = await application.stateRootAt(block.header.stateHeight)
    if (root === null) return { verdict: 'retryable', reason: 'state not known at that height' }
    if (root !== block.header.stateRoot) return { verdict: 'invalid', reason: 'state root differs' }
    const election = await electionFor({ sn: block.header.sn, stop, stateHeight: block.header.stateHeight })
    const electionRoot = election === null ? ZERO_HASH : electionRootOf(election)
    if (electionRoot !== block.header.electionRoot) return { verdict: 'invalid', reason: 'election result differs' }
    return application.checkPayload(block, { pendingAncestors })
  }

  return { build, check }
}
