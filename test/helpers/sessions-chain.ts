/** Chains over several sessions with real signatures, named by a real genesis, and finality proofs put together by hand. */
import type { Signer } from '../../src/crypto/keys.ts'
import type { CommitteePlan, Hash, SessionParams } from '../../src/domain.ts'
import { createGenesis } from '../../src/node/genesis.ts'
import {
  certsRootOf,
  decodeProposal,
  encodeCerts,
  encodeHeader,
  encodeNotarization,
  encodeProposal,
  PROPOSAL_TAG,
  payloadRootOf,
  proposalParts,
  VOTE_TAG,
  voteTargetBytes,
} from '../../src/pala/codec.ts'
import { electionRootOf, encodeElection } from '../../src/pala/election.ts'
import { GENESIS_SN, type Sn } from '../../src/pala/sn.ts'
import type { BlockHeader, Election, Notarization, Proposal, Session } from '../../src/pala/types.ts'
import { FinalityProof } from '../../src/protocols/wire/proof.gen.ts'
import { GENESIS_TIME, PARAMS, signerOf, ZERO_HASH } from './committee.ts'

const NO_CERTS = encodeCerts({ notarizations: [], clockNotarization: null })
const EMPTY = new Uint8Array(0)

/** The keys of a committee, each a proposer and a voter. */
export type Team = { readonly signers: readonly Signer[]; readonly plan: CommitteePlan }

/** A team of members `name 0`, `name 1`, ... */
export function createTeam(name: string, size: number, params: Partial<SessionParams> = {}): Team {
  const signers = Array.from({ length: size }, (_, index) => signerOf(`${name} ${index}`))
  const voters = signers.map((signer, index) => ({ key: signer.publicKey, org: `${name}-${index}`, weight: 1 }))
  return { signers, plan: { proposers: voters.slice(0, 32), voters, params: { ...PARAMS, ...params } } }
}

/** The text of the genesis whose session 1 this team is. */
export function genesisOf({ plan }: Team, network = 'proofs') {
  const seats = (members: CommitteePlan['voters']) => members.map(({ key, org }) => ({ publicKey: key, org }))
  return createGenesis({
    network,
    genesisTime: new Date(GENESIS_TIME).toISOString(),
    session: { proposers: seats(plan.proposers), voters: seats(plan.voters) },
    pala: plan.params,
  })
}

export type ChainBlock = {
  readonly proposal: Proposal
  readonly notarization: Notarization
  readonly team: Team
}

export type BlockOptions = {
  readonly payload?: readonly Uint8Array[]
  /** Makes it a stop block; the team rules from the next session on. */
  readonly next?: Team
  readonly kept?: boolean
  /** A timeout: the block is the first of the next epoch. */
  readonly newEpoch?: boolean
  /** The block is the first of the next session. */
  readonly newSession?: boolean
  readonly header?: Partial<BlockHeader>
  /** Who signs the certificate; all when absent. */
  readonly voters?: readonly number[]
}

/** A growing chain; what it makes is what honest nodes would make, but for the embedded certificates. */
export class SessionsChain {
  readonly genesis: { readonly text: string; readonly chainId: Hash }
  readonly blocks: ChainBlock[] = []
  readonly #teams: Team[]
  #stopHeight: number | null = null
  /** Height -> the height that its certificate proves final. */
  readonly #reach: number[] = [0]

  constructor(team: Team, network?: string) {
    this.genesis = genesisOf(team, network)
    this.#teams = [team]
  }

  get tip(): ChainBlock | undefined {
    return this.blocks.at(-1)
  }

  /** The final chain at a height, from 1. */
  at(height: number): ChainBlock {
    const block = this.blocks[height - 1]
    if (block === undefined) throw new Error(`the chain has no height ${height}`)
    return block
  }

  /** Adds `count` empty blocks. */
  grow(count: number): void {
    for (let i = 0; i < count; i++) this.add()
  }

  /** Adds one block with its certificate. */
  add(options: BlockOptions = {}): ChainBlock {
    const parent = this.tip?.proposal.block
    const sn = nextSn(parent?.header.sn ?? GENESIS_SN, options)
    const team = this.#teams[sn.session - 1]
    if (team === undefined) throw new Error(`session ${sn.session} has no team`)
    if (options.newSession) this.#stopHeight = null
    const height = (parent?.header.height ?? 0) + 1
    const { k } = team.plan.params
    const carried = sn.s === 1 ? height - 1 : sn.s > k ? height - k : null
    const election = options.next === undefined ? null : { plan: options.next.plan, kept: options.kept ?? false }
    const header: BlockHeader = {
      version: 1,
      chainId: this.genesis.chainId,
      sn,
      height,
      sessionCount: options.newSession ? 1 : (parent?.header.sessionCount ?? 0) + 1,
      parentHash: parent?.hash ?? this.genesis.chainId,
      parentSn: parent?.header.sn ?? GENESIS_SN,
      proposer: (sn.epoch - 1) % team.plan.proposers.length,
      timestamp: (parent?.header.timestamp ?? GENESIS_TIME) + 1_000,
      payloadRoot: payloadRootOf(options.payload ?? []),
      certsRoot: certsRootOf(NO_CERTS),
      isStop: election !== null,
      electionRoot: election === null ? ZERO_HASH : electionRootOf(election),
      stateHeight: Math.max(parent?.header.stateHeight ?? 0, carried === null ? 0 : (this.#reach[carried] ?? 0)),
      stateRoot: ZERO_HASH,
      ...options.header,
    }
    if (election !== null) {
      this.#stopHeight = height
      this.#teams.push(options.next ?? team)
    }
    const below = this.#reach[height - 1] ?? 0
    this.#reach[height] = sn.s > k ? Math.min(height - k, this.#stopHeight ?? height) : below
    const block = this.#sign({ header, team, election, payload: options.payload ?? [] }, options.voters)
    this.blocks.push(block)
    return block
  }

  #sign(
    parts: { header: BlockHeader; team: Team; election: Election | null; payload: readonly Uint8Array[] },
    voters?: readonly number[],
  ): ChainBlock {
    const { header, team, election, payload } = parts
    const { chainId } = this.genesis
    const headerBytes = encodeHeader(header)
    const leader = team.signers[header.proposer] ?? signerOf('nobody')
    const signature = leader.sign({ tag: PROPOSAL_TAG, chainId, payload: headerBytes })
    const electionBytes = election === null ? EMPTY : encodeElection(election)
    const proposal = decodeProposal(
      encodeProposal({ headerBytes, signature, certsBytes: NO_CERTS, payload, electionBytes }),
    )
    return { proposal, notarization: certify({ chainId, proposal, team }, voters), team }
  }

  /** The session with this number. */
  session(session: number): Session {
    const team = this.#teams[session - 1]
    if (team === undefined) throw new Error(`there is no session ${session}`)
    return { session, ...team.plan }
  }
}

function nextSn(parent: Sn, { newEpoch, newSession }: BlockOptions): Sn {
  if (parent.session === 0) return { session: 1, epoch: 1, s: 1 }
  if (newSession) return { session: parent.session + 1, epoch: 1, s: 1 }
  if (newEpoch) return { ...parent, epoch: parent.epoch + 1, s: 1 }
  return { ...parent, s: parent.s + 1 }
}

/** A certificate for a block by voters of a team; all when none are named. */
export function certify(
  { chainId, proposal, team }: { readonly chainId: Hash; readonly proposal: Proposal; readonly team: Team },
  voters: readonly number[] = team.signers.map((_, index) => index),
): Notarization {
  const { hash: blockHash, header } = proposal.block
  const payload = voteTargetBytes({ sn: header.sn, blockHash })
  const signatures = voters.map((index) =>
    (team.signers[index] ?? signerOf('x')).sign({ tag: VOTE_TAG, chainId, payload }),
  )
  return { sn: header.sn, blockHash, signers: voters, signatures }
}

export const headerBytesOf = ({ encoded }: Proposal): Uint8Array => proposalParts(encoded).headerBytes

/** Headers from a height to another, and the certificate of the last. */
export function headerChain(chain: SessionsChain, from: number, to: number, notarization = chain.at(to).notarization) {
  const headers: Uint8Array[] = []
  for (let height = from; height <= to; height++) headers.push(headerBytesOf(chain.at(height).proposal))
  return { headers, notarization: encodeNotarization(notarization) }
}

/** The link over a stop block, certified by the block at `to`. */
export function linkOf(chain: SessionsChain, stop: number, to: number) {
  return { stop: headerChain(chain, stop, to), election: proposalParts(chain.at(stop).proposal.encoded).electionBytes }
}

/** Encodes a proof with the given links. */
export function proofOf(
  block: ReturnType<typeof headerChain>,
  links: readonly ReturnType<typeof linkOf>[] = [],
): Uint8Array {
  return FinalityProof.encode({ links: [...links], block })
}
