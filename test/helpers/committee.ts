/** A committee with real keys, and a chain builder that signs like the real nodes would. */
import { hash } from 'node:crypto'
import { createSigner, type Signer } from '../../src/crypto/keys.ts'
import type { SessionParams } from '../../src/domain.ts'
import {
  blockHashOf,
  CLOCK_TAG,
  certsRootOf,
  clockTargetBytes,
  decodeProposal,
  encodeCerts,
  encodeHeader,
  encodeProposal,
  PROPOSAL_TAG,
  payloadRootOf,
  VOTE_TAG,
  voteTargetBytes,
} from '../../src/pala/codec.ts'
import { roundRobin } from '../../src/pala/committee.ts'
import { electionRootOf, encodeElection } from '../../src/pala/election.ts'
import type { EpochId, Sn } from '../../src/pala/sn.ts'
import type {
  BlockHeader,
  ClockNotarization,
  Config,
  Election,
  EmbeddedCerts,
  Notarization,
  Proposal,
  Session,
} from '../../src/pala/types.ts'

export const CHAIN_ID = hash('sha256', 'test chain')
export const GENESIS_TIME = 1_700_000_000_000
export const ZERO_HASH = '0'.repeat(64)

export const PARAMS: SessionParams = {
  k: 1,
  stopOffset: 0,
  blockIntervalMs: 0,
  emptyBlockIntervalMs: 1_000,
  firstProposalDelayMs: 1_000,
  firstProposalLimitMs: 4_000,
  voterTimeoutMs: 6_000,
  maxVoterTimeoutMs: 60_000,
  heartbeatMs: 5_000,
  maxBlockBytes: 1_048_576,
  maxClockDriftMs: 2_000,
}

export function signerOf(name: string): Signer {
  return createSigner(hash('sha256', name, 'buffer'))
}

export type Committee = { readonly signers: readonly Signer[]; readonly session: Session }

/** `n` keys that are proposers and voters alike. */
export function createCommittee(n: number, params: Partial<SessionParams> = {}): Committee {
  const signers = Array.from({ length: n }, (_, index) => signerOf(`member ${index}`))
  const members = signers.map((signer, index) => ({ key: signer.publicKey, org: `org-${index}`, weight: 1 }))
  return { signers, session: { session: 1, proposers: members, voters: members, params: { ...PARAMS, ...params } } }
}

/** A member's configuration. The guard of P20.6-3, which would first compare with peers, has its own tests. */
export function configOf(committee: Committee, index: number): Config {
  const self = committee.signers[index]?.publicKey ?? signerOf('observer').publicKey
  return {
    chainId: CHAIN_ID,
    self,
    schedule: roundRobin,
    genesisTime: GENESIS_TIME,
    votesFrom: 1,
    unsafeResetVotes: true,
  }
}

/** A certificate by the given voters; by all when none are named. */
export function notarize(committee: Committee, proposal: Proposal, voters?: readonly number[]): Notarization {
  const { hash: blockHash, header } = proposal.block
  const signers = voters ?? committee.signers.map((_, index) => index)
  const payload = voteTargetBytes({ sn: header.sn, blockHash })
  return { sn: header.sn, blockHash, signers, signatures: sign(committee, signers, VOTE_TAG, payload) }
}

export function notarizeClock(committee: Committee, target: EpochId, voters: readonly number[]): ClockNotarization {
  return { target, signers: voters, signatures: sign(committee, voters, CLOCK_TAG, clockTargetBytes(target)) }
}

function sign(committee: Committee, signers: readonly number[], tag: string, payload: Uint8Array): Uint8Array[] {
  return signers.map((index) => {
    const signer = committee.signers[index] ?? signerOf(`stranger ${index}`)
    return signer.sign({ tag, chainId: CHAIN_ID, payload })
  })
}

export type BlockOptions = {
  readonly sn: Sn
  readonly parent: Proposal | null
  readonly certs?: Partial<EmbeddedCerts>
  /** Makes it a stop block. */
  readonly election?: Election | null
  readonly payload?: readonly Uint8Array[]
  readonly header?: Partial<BlockHeader>
  /** Who signs; the round-robin leader by default. */
  readonly signer?: Signer
}

/** A signed block; fields of `header` override what is right. */
export function makeProposal(committee: Committee, options: BlockOptions): Proposal {
  const { sn, parent, payload = [], election = null } = options
  const certs: EmbeddedCerts = { notarizations: [], clockNotarization: null, ...options.certs }
  const certsBytes = encodeCerts(certs)
  const proposer = (sn.epoch - 1) % committee.signers.length
  const header: BlockHeader = {
    version: 1,
    chainId: CHAIN_ID,
    sn,
    height: (parent?.block.header.height ?? 0) + 1,
    sessionCount: (parent?.block.header.sessionCount ?? 0) + 1,
    parentHash: parent?.block.hash ?? CHAIN_ID,
    parentSn: parent?.block.header.sn ?? { session: 0, epoch: 0, s: 1 },
    proposer,
    timestamp: (parent?.block.header.timestamp ?? GENESIS_TIME) + 1,
    payloadRoot: payloadRootOf(payload),
    certsRoot: certsRootOf(certsBytes),
    isStop: election !== null,
    electionRoot: election === null ? ZERO_HASH : electionRootOf(election),
    stateHeight: 0,
    stateRoot: ZERO_HASH,
    ...options.header,
  }
  const headerBytes = encodeHeader(header)
  const electionBytes = election === null ? new Uint8Array(0) : encodeElection(election)
  const signer = options.signer ?? committee.signers[proposer] ?? signerOf('nobody')
  const signature = signer.sign({ tag: PROPOSAL_TAG, chainId: CHAIN_ID, payload: headerBytes })
  const proposal = decodeProposal(encodeProposal({ headerBytes, signature, certsBytes, payload, electionBytes }))
  if (proposal.block.hash !== blockHashOf(headerBytes)) throw new Error('the hash names the header')
  return proposal
}

/** `(1,1,1) .. (1,1,length)` for k = 1, each with its certificate. */
export function makeChain(
  committee: Committee,
  length: number,
): Array<{ proposal: Proposal; notarization: Notarization }> {
  const chain: Array<{ proposal: Proposal; notarization: Notarization }> = []
  for (let s = 1; s <= length; s++) {
    const previous = chain.at(-1)
    const notarizations = previous === undefined ? [] : [previous.notarization]
    const proposal = makeProposal(committee, {
      sn: { session: 1, epoch: 1, s },
      parent: previous?.proposal ?? null,
      certs: { notarizations },
      header: { stateHeight: Math.max(0, s - 2) },
    })
    chain.push({ proposal, notarization: notarize(committee, proposal) })
  }
  return chain
}
