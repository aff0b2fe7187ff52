/** Evidence by itself (P24.1): each kind as anyone may judge it, and everything that is no evidence. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PROPOSAL_TAG, VOTE_TAG, voteTargetBytes } from '../../../src/pala/codec.ts'
import { doubleVotesOf, type Offence, offenceKey } from '../../../src/pala/evidence.ts'
import {
  decodeConflict,
  decodeEvidence,
  encodeConflict,
  encodeEvidence,
  evidenceIdOf,
  MAX_EVIDENCE_BYTES,
} from '../../../src/pala/evidence-codec.ts'
import { type Court, findBadCertificate, verifyEvidence } from '../../../src/pala/evidence-verify.ts'
import type { Sn } from '../../../src/pala/sn.ts'
import type { Proposal, Vote } from '../../../src/pala/types.ts'
import { CHAIN_ID, createCommittee, makeProposal, notarize, notarizeClock, signerOf } from '../../helpers/committee.ts'

const committee = createCommittee(4)
const court: Court = {
  chainId: CHAIN_ID,
  sessionOf: (session) => (session === 1 ? committee.session : undefined),
}
const sn = (epoch: number, s: number): Sn => ({ session: 1, epoch, s })
const signer = (index: number) => committee.signers[index] ?? signerOf('stranger')

function vote(voter: number, slot: Sn, blockHash: string, chainId = CHAIN_ID): Vote {
  const payload = voteTargetBytes({ sn: slot, blockHash })
  return { sn: slot, blockHash, voter, signature: signer(voter).sign({ tag: VOTE_TAG, chainId, payload }) }
}

const A = 'aa'.repeat(32)
const B = 'bb'.repeat(32)
const one = makeProposal(committee, { sn: sn(1, 1), parent: null })
const two = makeProposal(committee, { sn: sn(1, 2), parent: one, certs: { notarizations: [notarize(committee, one)] } })
const rival = makeProposal(committee, { sn: sn(1, 1), parent: null, payload: [Uint8Array.of(1)] })
/** The first block of epoch 2 on genesis, as if (1,1) had never been notarized. */
const stale = makeProposal(committee, {
  sn: sn(2, 1),
  parent: null,
  certs: { clockNotarization: notarizeClock(committee, { session: 1, epoch: 2 }, [1, 2, 3]) },
})
const thin = makeProposal(committee, {
  sn: sn(1, 2),
  parent: one,
  certs: { notarizations: [notarize(committee, one, [0, 1])] },
})

function forged(at: number): Proposal {
  const certificate = notarize(committee, one)
  const signatures = certificate.signatures.map((signature, i) => (i === at ? new Uint8Array(64).fill(7) : signature))
  return makeProposal(committee, {
    sn: sn(1, 2),
    parent: one,
    certs: { notarizations: [{ ...certificate, signatures }] },
  })
}

function badCertificate(proposal: Proposal): Offence {
  const found = findBadCertificate(proposal, court)
  if (found === null) throw new Error('the certificate is bad')
  return found
}

const doubleVote: Offence = { kind: 'doubleVote', first: vote(2, sn(1, 1), A), second: vote(2, sn(1, 1), B) }
const doubleProposal: Offence = { kind: 'doubleProposal', first: one, second: rival }
const amnesia: Offence = {
  kind: 'amnesia',
  earlier: vote(3, sn(1, 2), two.block.hash),
  later: vote(3, sn(2, 1), stale.block.hash),
  block: stale,
}
const OFFENCES: ReadonlyArray<readonly [string, Offence, 'voter' | 'proposer', number]> = [
  ['doubleVote', doubleVote, 'voter', 2],
  ['doubleProposal', doubleProposal, 'proposer', 0],
  ['amnesia', amnesia, 'voter', 3],
  ['badCertificate: too few signers', badCertificate(thin), 'proposer', 0],
  ['badCertificate: a wrong signature', badCertificate(forged(2)), 'proposer', 0],
]

const judge = (offence: Offence): string => {
  const verdict = verifyEvidence(offence, court)
  return verdict.ok ? 'proven' : verdict.reason
}

describe('evidence that holds', () => {
  it.each(OFFENCES)('P24.1 %s names its seat, and travels without loss', (_name, offence, seat, index) => {
    const bytes = encodeEvidence(offence)
    const arrived = decodeEvidence(bytes)
    const verdict = verifyEvidence(arrived, court)
    const { key, org } = (seat === 'voter' ? committee.session.voters : committee.session.proposers)[index] ?? {}
    expect(verdict).toMatchObject({ ok: true, accused: { kind: offence.kind, seat, index, key, org } })
    expect(Buffer.from(encodeEvidence(arrived))).toEqual(Buffer.from(bytes))
    expect(bytes.byteLength).toBeLessThan(2_048)
  })

  it('has one name, whichever of the two came first', () => {
    const turned: Offence = { ...doubleVote, first: doubleVote.second, second: doubleVote.first }
    expect(evidenceIdOf(encodeEvidence(turned))).toBe(evidenceIdOf(encodeEvidence(doubleVote)))
    const swapped: Offence = { kind: 'doubleProposal', first: rival, second: one }
    expect(evidenceIdOf(encodeEvidence(swapped))).toBe(evidenceIdOf(encodeEvidence(doubleProposal)))
  })

  it('P24.2 is the same offence per kind, key and slot', () => {
    const other: Offence = { ...doubleVote, second: vote(2, sn(1, 1), 'cc'.repeat(32)) }
    const keyOf = (offence: Offence): string => {
      const verdict = verifyEvidence(offence, court)
      return verdict.ok ? offenceKey(verdict.accused) : ''
    }
    expect(keyOf(other)).toBe(keyOf(doubleVote))
    expect(new Set(OFFENCES.slice(0, 4).map(([, offence]) => keyOf(offence))).size).toBe(4)
  })

  it('P3.5 two certificates for one slot name whoever signed both, at least a third', () => {
    const conflict = {
      kind: 'conflictingNotarizations',
      first: notarize(committee, one, [0, 1, 2]),
      second: notarize(committee, rival, [1, 2, 3]),
    } as const
    const arrived = decodeConflict(encodeConflict(conflict))
    expect(doubleVotesOf(arrived).map(({ first }) => first.voter)).toEqual([1, 2])
    expect(doubleVotesOf(arrived).map(judge)).toEqual(['proven', 'proven'])
  })
})

describe('what is no evidence', () => {
  const FALSE: ReadonlyArray<readonly [string, Offence]> = [
    ['one vote twice', { ...doubleVote, second: doubleVote.first }],
    [
      'one vote with two signatures',
      { ...doubleVote, second: { ...doubleVote.first, signature: vote(2, sn(1, 1), B).signature } },
    ],
    ['votes for two slots', { ...doubleVote, second: vote(2, sn(1, 2), B) }],
    ['votes of two voters', { ...doubleVote, second: vote(1, sn(1, 1), B) }],
    ['a vote somebody else signed', { ...doubleVote, second: { ...vote(1, sn(1, 1), B), voter: 2 } }],
    ['a vote of another chain', { ...doubleVote, second: vote(2, sn(1, 1), B, 'ee'.repeat(32)) }],
    ['a voter that does not exist', { ...doubleVote, first: vote(9, sn(1, 1), A), second: vote(9, sn(1, 1), B) }],
    ['one proposal twice', { ...doubleProposal, second: one }],
    ['proposals for two slots', { ...doubleProposal, second: two }],
    [
      'a proposal somebody else signed',
      {
        ...doubleProposal,
        second: makeProposal(committee, { sn: sn(1, 1), parent: null, signer: signer(3), payload: [Uint8Array.of(2)] }),
      },
    ],
    [
      'a proposal of another chain',
      {
        ...doubleProposal,
        second: makeProposal(committee, { sn: sn(1, 1), parent: null, header: { chainId: 'ee'.repeat(32) } }),
      },
    ],
    ['an earlier vote inside the window: t = k', { ...amnesia, earlier: vote(3, sn(1, 1), one.block.hash) }],
    ['votes in the same epoch', { ...amnesia, earlier: vote(3, sn(2, 2), two.block.hash) }],
    ['the votes in the other order', { ...amnesia, earlier: vote(3, sn(3, 2), two.block.hash) }],
    ['a later vote for a second block', { ...amnesia, later: vote(3, sn(2, 2), stale.block.hash) }],
    ['the header of another block', { ...amnesia, block: one }],
    ['a certificate that holds', { ...badCertificate(thin), proposal: two, certificates: certsOf(two) } as Offence],
    ['certificates the header does not commit to', { ...badCertificate(thin), proposal: two } as Offence],
    ['a signature that is right', { ...badCertificate(forged(2)), signature: 1 } as Offence],
    ['a signature that does not exist', { ...badCertificate(forged(2)), signature: 9 } as Offence],
    ['a certificate that does not exist', { ...badCertificate(thin), certificate: 1 } as Offence],
  ]

  it.each(FALSE)('%s', (_name, offence) => {
    expect(judge(offence)).not.toBe('proven')
  })

  it('a first block on a parent as fresh as the vote shows', () => {
    const fresh = makeProposal(committee, { sn: sn(2, 1), parent: one })
    const later = vote(3, sn(2, 1), fresh.block.hash)
    expect(judge({ kind: 'amnesia', earlier: amnesia.earlier as Vote, later, block: fresh } as Offence)).toContain(
      'as fresh as',
    )
  })

  it('a leader whose certificates hold', () => {
    expect(findBadCertificate(two, court)).toBeNull()
  })

  it('another committee judges otherwise, and an unknown session is not judged', () => {
    const strangers = createCommittee(4)
    const turned = { ...strangers.session, voters: [...strangers.session.voters].reverse() }
    expect(verifyEvidence(doubleVote, { chainId: CHAIN_ID, sessionOf: () => turned })).toMatchObject({
      ok: false,
      unknown: false,
    })
    expect(verifyEvidence(doubleVote, { chainId: CHAIN_ID, sessionOf: () => undefined })).toMatchObject({
      ok: false,
      unknown: true,
    })
    expect(verifyEvidence(doubleVote, { ...court, chainId: 'ee'.repeat(32) })).toMatchObject({
      ok: false,
      unknown: false,
    })
  })
})

/** The certificate bytes of a proposal: for a committee of nobody they are all bad. */
function certsOf(proposal: Proposal): Uint8Array {
  const nobody: Court = { chainId: CHAIN_ID, sessionOf: () => ({ ...committee.session, voters: [] }) }
  const found = findBadCertificate(proposal, nobody)
  if (found === null) throw new Error('nobody is a quorum')
  return found.certificates
}

describe('bytes of evidence', () => {
  it.each(OFFENCES)('%s: any altered byte is refused or proves nothing else', (_name, offence) => {
    const bytes = encodeEvidence(offence)
    const original = verifyEvidence(offence, court)
    for (let at = 0; at < bytes.byteLength; at++) {
      const altered = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 0x01 : byte))
      const outcome = outcomeOf(altered)
      // A bad certificate stays bad when only the pointer to its fault moves, or not at all.
      if (outcome === 'proven') expect(offence.kind, `byte ${at}`).toBe('badCertificate')
      expect(original.ok).toBe(true)
    }
  })

  function outcomeOf(bytes: Uint8Array): string {
    try {
      return judge(decodeEvidence(bytes))
    } catch (error) {
      return (error as { code?: string }).code ?? 'thrown'
    }
  }

  it('malformed, oversized and doubled forms are refused by one typed error', () => {
    const bytes = encodeEvidence(doubleVote)
    const padded = Buffer.concat([bytes, Buffer.from([0x98, 0x06, 0x01])])
    const huge = new Uint8Array(MAX_EVIDENCE_BYTES + 1)
    for (const bad of [new Uint8Array(0), bytes.subarray(0, 40), padded, huge, Buffer.concat([bytes, bytes])]) {
      expect(outcomeOf(bad)).toBe('malformed')
    }
  })

  it('decode(any bytes) never throws past its typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(outcomeOf(bytes)).not.toBe('thrown')
      }),
    )
  })
})

it('a leader signature is no vote (P4.4-5)', () => {
  const asVote = signer(0).sign({
    tag: PROPOSAL_TAG,
    chainId: CHAIN_ID,
    payload: voteTargetBytes({ sn: sn(1, 1), blockHash: B }),
  })
  const second: Vote = { sn: sn(1, 1), blockHash: B, voter: 0, signature: asVote }
  expect(judge({ kind: 'doubleVote', first: vote(0, sn(1, 1), A), second })).not.toBe('proven')
})
