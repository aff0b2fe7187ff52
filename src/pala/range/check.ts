/**
 * Whether an answer holds what it claims (P17.6). One certificate is enough for all of it: its voters checked the block
 * they certified and every ancestor by the full rules, and each header names its parent by hash and commits to
 * certificates, payload and election. So under a proven final head only these links are followed, and no certificate in
 * between is verified. The leader's signature alone is outside of the hash; it is verified because blocks are passed on.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { verifySignature } from '../../crypto/keys.ts'
import type { Hash } from '../../domain.ts'
import {
  blockHashOf,
  certsRootOf,
  PROPOSAL_TAG,
  type ProposalParts,
  payloadRootOf,
  proposalOf,
  proposalParts,
} from '../codec.ts'
import { sessionOf } from '../committee.ts'
import { electionRootOf } from '../election.ts'
import { compareSn } from '../sn.ts'
import type { BlockHeader, Notarization, Proposal, Session } from '../types.ts'
import type { RangeProof } from './codec.ts'

const ZERO_HASH = '0'.repeat(64)
/** Bytes decoded and hashed before other work gets its turn: about 3 ms. */
const BYTES_PER_TURN = 256 * 1_024
const BLOCKS_PER_TURN = 32

/** Decoded blocks of one answer, whose links and roots are right, and the signed bytes of each. */
export type Contents = {
  readonly blocks: readonly Proposal[]
  readonly headers: readonly Uint8Array[]
  readonly bytes: number
}

/** Decodes blocks that must start at `from` and end by `to`, one by one the parent of the next; or says what is wrong. */
export async function readContents(
  encoded: readonly Uint8Array[],
  { chainId, from, to }: { readonly chainId: Hash; readonly from: number; readonly to: number },
): Promise<Contents | string> {
  if (encoded.length > to - from + 1) return 'more blocks than asked for'
  const blocks: Proposal[] = []
  const headers: Uint8Array[] = []
  let bytes = 0
  let sinceTurn = 0
  for (const each of encoded) {
    const parts = decodeOrNull(each)
    if (parts === null) return 'an undecodable block'
    const { proposal } = parts
    const problem = blockFault(parts, { chainId, height: from + blocks.length, parent: blocks.at(-1) })
    if (problem !== null) return problem
    blocks.push(proposal)
    headers.push(parts.headerBytes)
    bytes += each.byteLength
    sinceTurn += each.byteLength + BYTES_PER_TURN / BLOCKS_PER_TURN
    if (sinceTurn < BYTES_PER_TURN) continue
    sinceTurn = 0
    await nextTurn()
  }
  return { blocks, headers, bytes }
}

type Decoded = ProposalParts & { readonly proposal: Proposal }

function decodeOrNull(encoded: Uint8Array): Decoded | null {
  try {
    const parts = proposalParts(encoded)
    return { ...parts, proposal: proposalOf(parts, encoded) }
  } catch {
    return null
  }
}

function blockFault(
  { proposal: { block }, certsBytes }: Decoded,
  place: { readonly chainId: Hash; readonly height: number; readonly parent: Proposal | undefined },
): string | null {
  const { header, payload, election } = block
  if (header.chainId !== place.chainId) return 'a block of another chain'
  if (header.height !== place.height) return 'a block of another height'
  if (place.parent !== undefined && header.parentHash !== place.parent.block.hash) return 'blocks that do not follow'
  if (certsRootOf(certsBytes) !== header.certsRoot) return 'altered certificates'
  if (payloadRootOf(payload) !== header.payloadRoot) return 'an altered payload'
  const electionRoot = election === null ? ZERO_HASH : electionRootOf(election)
  return electionRoot === header.electionRoot ? null : 'an altered election'
}

/** A proven batch: what its last block is, and the certificate that makes it final. */
export type ProofOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly unknown: boolean; readonly reason: string }

export type ProofContext = {
  /** Committees known by proof. */
  readonly sessions: ReadonlyMap<number, Session>
  readonly chainId: Hash
  /** Quorum and signatures of a certificate of a known session. */
  readonly verifyNotarization: (notarization: Notarization) => Promise<boolean>
}

const refuse = (reason: string): ProofOutcome => ({ ok: false, unknown: false, reason })

/**
 * P13.1, P16.6: `proof` makes the last block final. Certificates and leaders of sessions that are not known yet make the
 * answer `unknown`: it is looked at again when the blocks before it are in place.
 */
export async function checkProof(
  { blocks, headers }: Contents,
  proof: RangeProof,
  context: ProofContext,
): Promise<ProofOutcome> {
  const last = blocks.at(-1)
  const top = proof.headers.at(-1)
  if (last === undefined || top === undefined) return refuse('no proof of finality')
  const unlinked = linkFault(last, proof)
  if (unlinked !== null) return refuse(unlinked)
  const known = [top.header, ...blocks.map(({ block }) => block.header)]
  const missing = known.find(({ sn }) => !context.sessions.has(sn.session))
  if (missing !== undefined) return { ok: false, unknown: true, reason: `session ${missing.sn.session} is not known` }
  if (provenHeight(context.sessions, { blocks, proof, top: top.header }) < last.block.header.height) {
    return refuse('the proof does not reach the last block')
  }
  if (!(await context.verifyNotarization(proof.notarization))) return refuse('a wrong certificate')
  return (await areSigned(blocks, headers, context)) ? { ok: true } : refuse('a wrong signature of a leader')
}

/** The headers lead from the last block to the certified one by their hashes. */
function linkFault({ block }: Proposal, { headers, notarization }: RangeProof): string | null {
  let hash = block.hash
  let height = block.header.height
  for (const { bytes, header } of headers) {
    height++
    if (header.parentHash !== hash || header.height !== height) return 'proof headers that do not follow'
    hash = blockHashOf(bytes)
  }
  const top = headers.at(-1)?.header
  if (top === undefined || notarization.blockHash !== hash) return 'a certificate of another block'
  return compareSn(notarization.sn, top.sn) === 0 ? null : 'a certificate of another slot'
}

/** F1 with the cap of P16.6; stop blocks further down are the machine's to know. */
function provenHeight(
  sessions: ReadonlyMap<number, Session>,
  {
    blocks,
    proof,
    top,
  }: { readonly blocks: readonly Proposal[]; readonly proof: RangeProof; readonly top: BlockHeader },
): number {
  const { k } = sessionOf(sessions, top.sn.session).params
  if (top.sn.s <= k) return 0
  const all = [...blocks.map(({ block }) => block.header), ...proof.headers.map(({ header }) => header)]
  const stop = all.find((header) => header.isStop && header.sn.session === top.sn.session)
  return Math.min(top.height - k, stop?.height ?? Number.POSITIVE_INFINITY)
}

async function areSigned(
  blocks: readonly Proposal[],
  headers: readonly Uint8Array[],
  { sessions, chainId }: ProofContext,
): Promise<boolean> {
  const checks = blocks.map(({ block: { header }, signature }, index) => {
    const leader = sessionOf(sessions, header.sn.session).proposers[header.proposer]
    const payload = headers[index]
    if (leader === undefined || payload === undefined) return false
    return verifySignature({ publicKey: leader.key, statement: { tag: PROPOSAL_TAG, chainId, payload }, signature })
  })
  return (await Promise.all(checks)).every(Boolean)
}
