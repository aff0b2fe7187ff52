/**
 * Wire <-> domain for Pala (DESIGN.md 5). What is signed is parsed from the very bytes that were signed; a proposal
 * keeps its wire form. Decoding checks widths and bounds, never signatures: `verify.ts` does that.
 */

import { assert } from '../assert.ts'
import { merkleRoot } from '../crypto/merkle.ts'
import { taggedHashHex } from '../crypto/tagged-hash.ts'
import type { Hash } from '../domain.ts'
import * as wire from '../protocols/wire/pala.gen.ts'
import {
  readBitmap,
  readEpoch,
  readHash,
  readRef,
  readSignature,
  readSn,
  toBytes,
  writeBitmap,
  writeRef,
} from './codec-parts.ts'
import { decodeElection, decodeSession, encodeSession } from './election.ts'
import { PalaError } from './errors.ts'
import { headerOf } from './header.ts'
import type { EpochId, Sn } from './sn.ts'
import type {
  Block,
  BlockHeader,
  ClockMessage,
  ClockNotarization,
  EmbeddedCerts,
  EpochProof,
  EpochState,
  Notarization,
  NotarizedBlock,
  Proposal,
  SessionRecord,
  Vote,
} from './types.ts'

export const BLOCK_TAG = 'palaver/pala/block/1'
export const PROPOSAL_TAG = 'palaver/pala/proposal/1'
export const VOTE_TAG = 'palaver/pala/vote/1'
export const CLOCK_TAG = 'palaver/pala/clock/1'
const CERTS_TAG = 'palaver/pala/certs/1'

/** Runs a decoder and turns whatever it throws into the one typed error. */
export function decoding<T>(what: string, decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    throw new PalaError('malformed', `malformed ${what}: ${cause instanceof Error ? cause.message : 'undecodable'}`, {
      cause,
    })
  }
}

/** The bytes a voter signs for a block: the same for every voter (DESIGN.md 5.2). */
export function voteTargetBytes({ sn, blockHash }: { readonly sn: Sn; readonly blockHash: Hash }): Uint8Array {
  return wire.VoteTarget.encode({ ...sn, blockHash: toBytes(blockHash) })
}

/** The bytes a voter signs to call for an epoch. */
export function clockTargetBytes({ session, epoch }: EpochId): Uint8Array {
  return wire.ClockTarget.encode({ session, epoch })
}

// ---------------------------------------------------------------- certificates

export function writeNotarization({ sn, blockHash, signers, signatures }: Notarization): wire.Notarization {
  return { ...sn, blockHash: toBytes(blockHash), signers: writeBitmap(signers), signatures: [...signatures] }
}

export function readNotarization(message: wire.Notarization): Notarization {
  const { session, epoch, s } = message
  const signers = readBitmap(message.signers)
  const signatures = message.signatures.map(readSignature)
  if (signatures.length !== signers.length) throw new Error('as many signatures as signers')
  return { sn: { session, epoch, s }, blockHash: readHash(message.blockHash), signers, signatures }
}

export function writeClockNotarization({ target, signers, signatures }: ClockNotarization): wire.ClockNotarization {
  return { ...target, signers: writeBitmap(signers), signatures: [...signatures] }
}

export function readClockNotarization(message: wire.ClockNotarization): ClockNotarization {
  const signers = readBitmap(message.signers)
  const signatures = message.signatures.map(readSignature)
  if (signatures.length !== signers.length) throw new Error('as many signatures as signers')
  return { target: { session: message.session, epoch: message.epoch }, signers, signatures }
}

export function encodeCerts({ notarizations, clockNotarization }: EmbeddedCerts): Uint8Array {
  return wire.Certificates.encode({
    notarizations: notarizations.map(writeNotarization),
    clockNotarization: clockNotarization === null ? undefined : writeClockNotarization(clockNotarization),
  })
}

/** Parses a block's certificate bytes; throws on nonsense. */
export function decodeCerts(bytes: Uint8Array): EmbeddedCerts {
  const message = wire.Certificates.decode(bytes)
  return {
    notarizations: message.notarizations.map(readNotarization),
    clockNotarization: message.clockNotarization ? readClockNotarization(message.clockNotarization) : null,
  }
}

/** The header's commitment to the exact certificate bytes. */
export function certsRootOf(certsBytes: Uint8Array): Hash {
  return taggedHashHex(CERTS_TAG, certsBytes)
}

/** The header's commitment to the payload entries. */
export function payloadRootOf(payload: readonly Uint8Array[]): Hash {
  return Buffer.from(merkleRoot(payload)).toString('hex')
}

// ---------------------------------------------------------------- blocks

export function encodeHeader(header: BlockHeader): Uint8Array {
  const { sn, parentSn } = header
  return wire.Header.encode({
    version: header.version,
    chainId: toBytes(header.chainId),
    ...sn,
    height: header.height,
    sessionCount: header.sessionCount,
    parentHash: toBytes(header.parentHash),
    parentSession: parentSn.session,
    parentEpoch: parentSn.epoch,
    parentS: parentSn.s,
    proposer: header.proposer,
    timestamp: header.timestamp,
    payloadRoot: toBytes(header.payloadRoot),
    certsRoot: toBytes(header.certsRoot),
    isStop: header.isStop,
    electionRoot: toBytes(header.electionRoot),
    stateHeight: header.stateHeight,
    stateRoot: toBytes(header.stateRoot),
  })
}

/** Parses header bytes; throws on wrong widths. */
export function decodeHeader(bytes: Uint8Array): BlockHeader {
  return headerOf(wire.Header.decode(bytes), readHash)
}

/** The block's name: `taggedHash(BLOCK_TAG, header bytes)`. */
export function blockHashOf(headerBytes: Uint8Array): Hash {
  return taggedHashHex(BLOCK_TAG, headerBytes)
}

export type ProposalParts = {
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array
  readonly certsBytes: Uint8Array
  readonly payload: readonly Uint8Array[]
  /** Empty except in a stop block. */
  readonly electionBytes: Uint8Array
}

/** Puts a proposal together from its signed bytes. */
export function encodeProposal(parts: ProposalParts): Uint8Array {
  const { headerBytes: header, signature, certsBytes: certificates, payload, electionBytes: election } = parts
  return wire.Proposal.encode({ header, signature, certificates, payload: [...payload], election })
}

/** The signed header bytes and certificate bytes inside a proposal's wire form. */
export function proposalParts(encoded: Uint8Array): ProposalParts {
  const { header, signature, certificates, payload, election } = wire.Proposal.decode(encoded)
  return { headerBytes: header, signature, certsBytes: certificates, payload, electionBytes: election }
}

/** Parses a proposal; its `encoded` is the very input. */
export function decodeProposal(encoded: Uint8Array): Proposal {
  return decoding('proposal', () => proposalOf(proposalParts(encoded), encoded))
}

/** Parses what {@link proposalParts} found. Throws on wrong widths and malformed parts. */
export function proposalOf(parts: ProposalParts, encoded: Uint8Array): Proposal {
  const block: Block = {
    hash: blockHashOf(parts.headerBytes),
    header: decodeHeader(parts.headerBytes),
    ...decodeCerts(parts.certsBytes),
    payload: parts.payload,
    election: parts.electionBytes.byteLength === 0 ? null : decodeElection(parts.electionBytes),
  }
  return { block, signature: readSignature(parts.signature), encoded }
}

export function encodeNotarization(notarization: Notarization): Uint8Array {
  return wire.Notarization.encode(writeNotarization(notarization))
}

export function decodeNotarization(bytes: Uint8Array): Notarization {
  return decoding('notarization', () => readNotarization(wire.Notarization.decode(bytes)))
}

export function readNotarizedBlock(message: wire.NotarizedBlock): NotarizedBlock {
  return { proposal: decodeProposal(message.proposal), notarization: decodeNotarization(message.notarization) }
}

// ---------------------------------------------------------------- votes, clocks, proofs, records

export function writeVote({ sn, blockHash, voter, signature }: Vote): wire.Vote {
  return { sn, blockHash: toBytes(blockHash), voter, signature }
}

export function readVote(message: wire.Vote): Vote {
  const { sn, blockHash, voter, signature } = message
  return { sn: readSn(sn), blockHash: readHash(blockHash), voter, signature: readSignature(signature) }
}

export function readClock(message: wire.Clock): ClockMessage {
  const { target, voter, signature, since } = message
  return { target: readEpoch(target), voter, signature: readSignature(signature), since: readSn(since) }
}

export function writeEpochProof(proof: EpochProof): wire.EpochProof {
  if (proof.kind === 'clocks') return { clocks: writeClockNotarization(proof.clockNotarization) }
  assert(proof.kind === 'block', 'the end of a session is proven by blocks, not by a message')
  return { block: writeNotarization(proof.notarization) }
}

export function readEpochProof({ clocks, block }: wire.EpochProof): EpochProof {
  if (clocks) return { kind: 'clocks', clockNotarization: readClockNotarization(clocks) }
  if (block) return { kind: 'block', notarization: readNotarization(block) }
  throw new Error('an epoch proof holds a certificate')
}

export function encodeEpochRecord({ current, proof, fncAtEntry }: EpochState): Uint8Array {
  const bySession = proof?.kind === 'session'
  return wire.EpochRecord.encode({
    epoch: current,
    proof: proof === null || bySession ? undefined : writeEpochProof(proof),
    fncAtEntry: writeRef(fncAtEntry),
    bySession,
  })
}

export function decodeEpochRecord(bytes: Uint8Array): EpochState {
  return decoding('epoch record', () => {
    const { epoch, proof, fncAtEntry, bySession } = wire.EpochRecord.decode(bytes)
    const current = readEpoch(epoch)
    const sessionProof: EpochProof | null = bySession ? { kind: 'session', session: current.session } : null
    return { current, proof: proof ? readEpochProof(proof) : sessionProof, fncAtEntry: readRef(fncAtEntry) }
  })
}

export function encodeSessionRecord({ session, stop }: SessionRecord): Uint8Array {
  return wire.SessionRecord.encode({ session: encodeSession(session), stop: writeRef(stop) })
}

export function decodeSessionRecord(bytes: Uint8Array): SessionRecord {
  return decoding('session record', () => {
    const { session, stop } = wire.SessionRecord.decode(bytes)
    return { session: decodeSession(session), stop: readRef(stop) }
  })
}
