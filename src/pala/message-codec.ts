/** One Pala message <-> bytes: the union of `types.ts` against the `PalaMessage` of `wire/pala.proto`. */
import { unreachable } from '../assert.ts'
import * as wire from '../protocols/wire/pala.gen.ts'
import {
  decodeProposal,
  decoding,
  encodeNotarization,
  readClock,
  readClockNotarization,
  readEpochProof,
  readNotarization,
  readNotarizedBlock,
  readVote,
  writeClockNotarization,
  writeEpochProof,
  writeNotarization,
  writeVote,
} from './codec.ts'
import { readEpoch, readHash, readRef, readSn, toBytes, writeRef } from './codec-parts.ts'
import { decodeEvidence, encodeEvidence } from './evidence-codec.ts'
import type { Presence } from './state-parts.ts'
import type { Message, Status } from './types.ts'

const NONE = new Uint8Array(0)

/** Encodes a message for a channel or topic. */
export function encodeMessage(message: Message): Uint8Array {
  return wire.PalaMessage.encode({ proposal: NONE, evidence: NONE, ...fieldOf(message) })
}

function fieldOf(message: Message): Partial<wire.PalaMessage> {
  switch (message.type) {
    case 'proposal':
      return { proposal: message.proposal.encoded }
    case 'vote':
      return { vote: writeVote(message.vote) }
    case 'notarization':
      return { notarization: writeNotarization(message.notarization) }
    case 'clock':
      return { clock: message.clock }
    case 'clockNotarization':
      return { clockNotarization: writeClockNotarization(message.clockNotarization) }
    case 'status':
      return { status: writeStatus(message.status) }
    case 'getStatus':
      return { getStatus: {} }
    case 'getEpoch':
      return { getEpoch: message.epoch }
    case 'epochProof':
      return { epochProof: writeEpochProof(message.proof) }
    case 'getFresher':
      return { getFresher: writeGetFresher(message) }
    case 'getRange':
      return { getRange: message }
    case 'blocks':
      return { blocks: writeBlocks(message) }
    case 'inconsistent':
      return { inconsistent: { requestId: message.requestId, finalized: writeRef(message.finalized) } }
    case 'getProposals':
      return { getProposals: { epoch: message.epoch, fnc: message.fnc } }
    case 'getClocks':
      return { getClocks: message.target }
    case 'evidence':
      return { evidence: encodeEvidence(message.evidence) }
    case 'presence':
      return { presence: writePresence(message.presence) }
    default:
      return unreachable(message)
  }
}

function writeGetFresher({ requestId, locator, wanted }: Extract<Message, { type: 'getFresher' }>): wire.GetFresher {
  return { requestId, locator: locator.map(writeRef), wanted: wanted === null ? NONE : toBytes(wanted) }
}

function writeStatus({ epoch, fnc, finalized, fncAtEntry }: Status): wire.Status {
  return { epoch, fnc: writeRef(fnc), finalized: writeRef(finalized), fncAtEntry }
}

function writePresence({ instance, echo }: Presence): wire.Presence {
  return { instance: Buffer.from(instance, 'hex'), echo: Buffer.from(echo, 'hex') }
}

/** An instance id is 16 bytes; the echo may be missing. */
const INSTANCE_BYTES = 16

function readPresence({ instance, echo }: wire.Presence): Presence {
  if (instance.byteLength !== INSTANCE_BYTES) throw new Error(`an instance has ${INSTANCE_BYTES} bytes`)
  if (echo.byteLength !== 0 && echo.byteLength !== INSTANCE_BYTES) throw new Error('an echo is an instance or nothing')
  return { instance: Buffer.from(instance).toString('hex'), echo: Buffer.from(echo).toString('hex') }
}

function writeBlocks({ requestId, blocks }: Extract<Message, { type: 'blocks' }>): wire.Blocks {
  const encoded = blocks.map(({ proposal, notarization }) => ({
    proposal: proposal.encoded,
    notarization: encodeNotarization(notarization),
  }))
  return { requestId, blocks: encoded }
}

/** Encodes stored blocks without decoding them first. */
export function encodeStoredBlocks(requestId: number, blocks: readonly wire.NotarizedBlock[]): Uint8Array {
  return wire.PalaMessage.encode({ proposal: NONE, evidence: NONE, blocks: { requestId, blocks: [...blocks] } })
}

/** Parses a message; throws `PalaError('malformed')` on anything else. */
export function decodeMessage(bytes: Uint8Array): Message {
  return decoding('message', () => readMessage(wire.PalaMessage.decode(bytes)))
}

function readMessage(m: wire.PalaMessage): Message {
  if (m.proposal.byteLength > 0) return { type: 'proposal', proposal: decodeProposal(m.proposal) }
  if (m.vote) return { type: 'vote', vote: readVote(m.vote) }
  if (m.notarization) return { type: 'notarization', notarization: readNotarization(m.notarization) }
  if (m.clock) return { type: 'clock', clock: readClock(m.clock) }
  if (m.clockNotarization) {
    return { type: 'clockNotarization', clockNotarization: readClockNotarization(m.clockNotarization) }
  }
  if (m.status) return { type: 'status', status: readStatus(m.status) }
  return readRequest(m)
}

function readRequest(m: wire.PalaMessage): Message {
  if (m.getStatus) return { type: 'getStatus' }
  if (m.getEpoch) return { type: 'getEpoch', epoch: readEpoch(m.getEpoch) }
  if (m.epochProof) return { type: 'epochProof', proof: readEpochProof(m.epochProof) }
  if (m.getFresher) {
    const { requestId, locator, wanted } = m.getFresher
    const hash = wanted.byteLength === 0 ? null : readHash(wanted)
    return { type: 'getFresher', requestId, locator: locator.map(readRef), wanted: hash }
  }
  if (m.getRange) return { type: 'getRange', ...m.getRange }
  if (m.blocks) {
    return { type: 'blocks', requestId: m.blocks.requestId, blocks: m.blocks.blocks.map(readNotarizedBlock) }
  }
  if (m.inconsistent) {
    const { requestId, finalized } = m.inconsistent
    return { type: 'inconsistent', requestId, finalized: readRef(finalized) }
  }
  if (m.getProposals) {
    return { type: 'getProposals', epoch: readEpoch(m.getProposals.epoch), fnc: readSn(m.getProposals.fnc) }
  }
  if (m.getClocks) return { type: 'getClocks', target: readEpoch(m.getClocks) }
  if (m.evidence.byteLength > 0) return { type: 'evidence', evidence: decodeEvidence(m.evidence) }
  if (m.presence) return { type: 'presence', presence: readPresence(m.presence) }
  throw new Error('no known field is set')
}

function readStatus({ epoch, fnc, finalized, fncAtEntry }: wire.Status): Status {
  return { epoch: readEpoch(epoch), fnc: readRef(fnc), finalized: readRef(finalized), fncAtEntry: readSn(fncAtEntry) }
}
