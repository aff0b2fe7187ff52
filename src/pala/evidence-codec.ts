/**
 * Evidence in its transferable form (P24.1): bounded, with one byte form per offence, so that its hash names it. Headers
 * and certificates inside are the very bytes that were signed or committed to.
 */
import { taggedHashHex } from '../crypto/tagged-hash.ts'
import type { Hash } from '../domain.ts'
import * as wire from '../protocols/wire/evidence.gen.ts'
import { Vote as WireVote } from '../protocols/wire/pala.gen.ts'
import {
  blockHashOf,
  decodeHeader,
  decodeNotarization,
  decoding,
  encodeNotarization,
  encodeProposal,
  proposalParts,
  readVote,
  writeVote,
} from './codec.ts'
import { readSignature } from './codec-parts.ts'
import type { CertificateConflict, Offence, SignedHeader } from './evidence.ts'
import type { Vote } from './types.ts'

const EVIDENCE_TAG = 'palaver/pala/evidence/1'
/** The largest evidence: two certificates of 400 voters in a block of k = 1, with room. */
export const MAX_EVIDENCE_BYTES = 131_072
/** Far above any header. */
const MAX_HEADER_BYTES = 1_024
const NONE = new Uint8Array(0)

/** The bytes that travel, are stored and are recorded on the ledger. */
export function encodeEvidence(offence: Offence): Uint8Array {
  switch (offence.kind) {
    case 'doubleVote': {
      const [first, second] = inOrder(offence, (vote) => vote.blockHash)
      return wire.Evidence.encode({ doubleVote: { first: voteBytes(first), second: voteBytes(second) } })
    }
    case 'doubleProposal': {
      const [first, second] = inOrder(offence, (proposal) => proposal.block.hash)
      return wire.Evidence.encode({ doubleProposal: { first: writeHeader(first), second: writeHeader(second) } })
    }
    case 'amnesia': {
      const { headerBytes: header } = proposalParts(offence.block.encoded)
      const votes = { earlier: voteBytes(offence.earlier), later: voteBytes(offence.later) }
      return wire.Evidence.encode({ amnesia: { ...votes, header } })
    }
    case 'badCertificate': {
      const { certificates, certificate, signature } = offence
      const proposal = writeHeader(offence.proposal)
      return wire.Evidence.encode({ badCertificate: { proposal, certificates, certificate, signature } })
    }
  }
}

function inOrder<T>({ first, second }: { first: T; second: T }, hashOf: (value: T) => Hash): [T, T] {
  return hashOf(first) <= hashOf(second) ? [first, second] : [second, first]
}

const voteBytes = (vote: Vote): Uint8Array => WireVote.encode(writeVote(vote))

function writeHeader({ encoded, signature }: SignedHeader): wire.LeaderHeader {
  return { header: proposalParts(encoded).headerBytes, signature }
}

/** Parses evidence; throws `PalaError('malformed')` on anything but the one byte form of an offence. */
export function decodeEvidence(bytes: Uint8Array): Offence {
  return decoding('evidence', () => {
    if (bytes.byteLength > MAX_EVIDENCE_BYTES) throw new Error(`evidence has at most ${MAX_EVIDENCE_BYTES} bytes`)
    const offence = readOffence(wire.Evidence.decode(bytes))
    if (Buffer.compare(encodeEvidence(offence), bytes) !== 0) throw new Error('not in the one byte form')
    return offence
  })
}

function readOffence({ doubleVote, doubleProposal, amnesia, badCertificate }: wire.Evidence): Offence {
  if (doubleVote) {
    return { kind: 'doubleVote', first: voteOf(doubleVote.first), second: voteOf(doubleVote.second) }
  }
  if (doubleProposal) {
    const { first, second } = doubleProposal
    return { kind: 'doubleProposal', first: readHeader(first), second: readHeader(second) }
  }
  if (amnesia) {
    const { earlier, later, header } = amnesia
    const block = readHeader({ header, signature: UNSIGNED })
    return { kind: 'amnesia', earlier: voteOf(earlier), later: voteOf(later), block }
  }
  if (badCertificate) {
    const { proposal, certificates, certificate, signature } = badCertificate
    return { kind: 'badCertificate', proposal: readHeader(proposal), certificates, certificate, signature }
  }
  throw new Error('no known kind is set')
}

/** Amnesia needs no signature of a leader: the voter's own vote names the header's hash. */
const UNSIGNED = new Uint8Array(64)

const voteOf = (bytes: Uint8Array): Vote => readVote(WireVote.decode(bytes))

function readHeader(message: wire.LeaderHeader | undefined): SignedHeader {
  if (message === undefined) throw new Error('a header is missing')
  const { header: headerBytes } = message
  if (headerBytes.byteLength > MAX_HEADER_BYTES) throw new Error(`a header has at most ${MAX_HEADER_BYTES} bytes`)
  const signature = readSignature(message.signature)
  const encoded = encodeProposal({ headerBytes, signature, certsBytes: NONE, payload: [], electionBytes: NONE })
  return { block: { hash: blockHashOf(headerBytes), header: decodeHeader(headerBytes) }, signature, encoded }
}

/** The name of evidence: a tagged hash of its bytes. */
export function evidenceIdOf(bytes: Uint8Array): Hash {
  return taggedHashHex(EVIDENCE_TAG, bytes)
}

/** Two certificates for one slot, as the disk keeps them. */
export function encodeConflict({ first, second }: CertificateConflict): Uint8Array {
  return wire.CertificateConflict.encode({ first: encodeNotarization(first), second: encodeNotarization(second) })
}

/** Parses {@link encodeConflict}'s bytes. */
export function decodeConflict(bytes: Uint8Array): CertificateConflict {
  return decoding('certificate conflict', () => {
    const { first, second } = wire.CertificateConflict.decode(bytes)
    return {
      kind: 'conflictingNotarizations',
      first: decodeNotarization(first),
      second: decodeNotarization(second),
    }
  })
}
