/** Pala's bytes: golden vectors for every signed kind, round trips, and decoders that survive anything (DESIGN.md 5). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clockTargetBytes,
  decodeProposal,
  encodeHeader,
  proposalParts,
  voteTargetBytes,
} from '../../../src/pala/codec.ts'
import { readBitmap, writeBitmap } from '../../../src/pala/codec-parts.ts'
import { PalaError } from '../../../src/pala/errors.ts'
import { decodeMessage, encodeMessage } from '../../../src/pala/message-codec.ts'
import type { BlockRef, Message } from '../../../src/pala/types.ts'
import { createCommittee, makeChain, makeProposal, notarize, notarizeClock } from '../../helpers/committee.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const committee = createCommittee(4)
const chain = makeChain(committee, 3)
const proposal = chain[2]?.proposal ?? makeProposal(committee, { sn: { session: 1, epoch: 1, s: 1 }, parent: null })
const notarization = notarize(committee, proposal, [0, 2, 3])
const clockNotarization = notarizeClock(committee, { session: 1, epoch: 2 }, [1, 2, 3])
const ref: BlockRef = { sn: proposal.block.header.sn, hash: proposal.block.hash, height: 3 }
const signature = new Uint8Array(64).fill(7)

const messages: readonly Message[] = [
  { type: 'proposal', proposal },
  { type: 'vote', vote: { sn: ref.sn, blockHash: ref.hash, voter: 3, signature } },
  { type: 'notarization', notarization },
  { type: 'clock', clock: { target: { session: 1, epoch: 2 }, voter: 0, signature, since: ref.sn } },
  { type: 'clockNotarization', clockNotarization },
  { type: 'status', status: { epoch: { session: 1, epoch: 4 }, fnc: ref, finalized: ref, fncAtEntry: ref.sn } },
  { type: 'getStatus' },
  { type: 'getEpoch', epoch: { session: 1, epoch: 1 } },
  { type: 'epochProof', proof: { kind: 'clocks', clockNotarization } },
  { type: 'epochProof', proof: { kind: 'block', notarization } },
  { type: 'getFresher', requestId: 9, locator: [ref], wanted: null },
  { type: 'getRange', requestId: 9, fromHeight: 1, toHeight: 200 },
  { type: 'blocks', requestId: 9, blocks: [{ proposal, notarization }] },
  { type: 'inconsistent', requestId: 9, finalized: ref },
  { type: 'getProposals', epoch: { session: 1, epoch: 1 }, fnc: ref.sn },
  { type: 'getClocks', target: { session: 1, epoch: 2 } },
]

describe('pala codec', () => {
  it('golden: the statement of a vote', () => {
    const bytes = voteTargetBytes({ sn: { session: 1, epoch: 2, s: 300 }, blockHash: 'ab'.repeat(32) })
    expect(hex(bytes)).toBe(`0801100218ac022220${'ab'.repeat(32)}`)
  })

  it('golden: the statement of a clock message', () => {
    expect(hex(clockTargetBytes({ session: 1, epoch: 7 }))).toBe('08011007')
  })

  it('golden: a header and its name', () => {
    const first = makeProposal(committee, { sn: { session: 1, epoch: 1, s: 1 }, parent: null })
    expect(hex(proposalParts(first.encoded).headerBytes)).toMatchSnapshot()
    expect(first.block.hash).toMatchSnapshot()
  })

  it.each(messages.map((message) => [message.type, message] as const))('%s survives the wire', (_type, message) => {
    const decoded = decodeMessage(encodeMessage(message))
    expect(encodeMessage(decoded)).toEqual(encodeMessage(message))
    expect(decoded.type).toBe(message.type)
  })

  it('a proposal keeps the very bytes that were signed', () => {
    const decoded = decodeProposal(proposal.encoded)
    expect(hex(proposalParts(decoded.encoded).headerBytes)).toBe(hex(encodeHeader(proposal.block.header)))
    expect(decoded.encoded).toBe(proposal.encoded)
  })

  it('decoding any bytes gives a message or the typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          decodeMessage(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(PalaError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('a truncated or flipped message never throws anything but the typed error', () => {
    const all = messages.map(encodeMessage)
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(255), fc.boolean(), (pick, at, value, cut) => {
        const bytes = Uint8Array.from(all[pick % all.length] ?? [])
        const changed = cut
          ? bytes.subarray(0, at % bytes.length)
          : bytes.fill(value, at % bytes.length, (at % bytes.length) + 1)
        try {
          decodeMessage(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(PalaError)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('bitmaps: distinct ascending signers, no trailing zero, at most 400 voters', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(399)), (indexes) => {
        const sorted = [...indexes].sort((a, b) => a - b)
        expect(readBitmap(writeBitmap(sorted))).toEqual(sorted)
      }),
    )
    expect(() => readBitmap(Uint8Array.of(1, 0))).toThrow('trailing zero')
    expect(() => readBitmap(new Uint8Array(51).fill(1))).toThrow('too long')
  })

  it('a certificate with more signatures than signers is malformed', () => {
    const doubled = { ...notarization, signatures: [...notarization.signatures, signature] }
    expect(() => decodeMessage(encodeMessage({ type: 'notarization', notarization: doubled }))).toThrow(PalaError)
  })

  it('a list over its bound is refused while it is read', () => {
    const locator = Array.from({ length: 33 }, () => ref)
    expect(() => decodeMessage(encodeMessage({ type: 'getFresher', requestId: 1, locator, wanted: null }))).toThrow(
      PalaError,
    )
  })
})
