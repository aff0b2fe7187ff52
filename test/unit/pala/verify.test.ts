/** Verification of everything foreign (P4.4, P5.4, attacks A2 to A6, A15 of the specification). */
import { describe, expect, it } from 'vitest'
import {
  CLOCK_TAG,
  clockTargetBytes,
  decodeProposal,
  encodeCerts,
  encodeHeader,
  encodeProposal,
  PROPOSAL_TAG,
  proposalParts,
  VOTE_TAG,
  voteTargetBytes,
} from '../../../src/pala/codec.ts'
import type { Message, Notarization, Session, Vote } from '../../../src/pala/types.ts'
import { createVerifier } from '../../../src/pala/verify.ts'
import {
  CHAIN_ID,
  createCommittee,
  makeChain,
  makeProposal,
  notarize,
  notarizeClock,
  signerOf,
} from '../../helpers/committee.ts'

const committee = createCommittee(4)
const verifier = createVerifier({ chainId: CHAIN_ID, sessions: new Map([[1, committee.session]]) })
const [first, second] = makeChain(committee, 2)
if (first === undefined || second === undefined) throw new Error('a chain of two')

const outcome = async (message: Message): Promise<string> => {
  const check = await verifier.message(message)
  return check.ok ? 'ok' : check.unknown ? `unknown: ${check.reason}` : check.reason
}
const cert = (change: Partial<Notarization>) =>
  outcome({ type: 'notarization', notarization: { ...first.notarization, ...change } })

function voteBy(index: number, change: { tag?: string; chainId?: string } = {}): Vote {
  const { hash, header } = first?.proposal.block ?? { hash: '', header: { sn: { session: 1, epoch: 1, s: 1 } } }
  const payload = voteTargetBytes({ sn: header.sn, blockHash: hash })
  const signer = committee.signers[index] ?? signerOf('stranger')
  const signature = signer.sign({ tag: change.tag ?? VOTE_TAG, chainId: change.chainId ?? CHAIN_ID, payload })
  return { sn: header.sn, blockHash: hash, voter: index, signature }
}

describe('certificates (P4.4)', () => {
  it('accepts a quorum of right signatures', async () => {
    expect(await cert({})).toBe('ok')
    const three = notarize(committee, first.proposal, [0, 1, 3])
    expect(await outcome({ type: 'notarization', notarization: three })).toBe('ok')
  })

  it('A2 refuses a certificate below the threshold, however right its signatures', async () => {
    expect(
      await outcome({ type: 'notarization', notarization: notarize(committee, first.proposal, [0, 1]) }),
    ).toContain('quorum')
    expect(await outcome({ type: 'notarization', notarization: notarize(committee, first.proposal, [0]) })).toContain(
      'quorum',
    )
  })

  it('A3 refuses a signer that counts twice, or signers out of order', async () => {
    const { signatures } = first.notarization
    const one = signatures[0] ?? new Uint8Array(64)
    expect(await cert({ signers: [0, 0, 1], signatures: [one, one, signatures[1] ?? one] })).toContain('distinct')
    expect(await cert({ signers: [2, 1, 0], signatures: signatures.slice(0, 3).reverse() })).toContain('distinct')
  })

  it('P4.4-2 refuses an index equal to the committee size', async () => {
    expect(
      await outcome({ type: 'notarization', notarization: notarize(committee, first.proposal, [0, 1, 4]) }),
    ).toContain('distinct')
  })

  it('P4.4-1 does not judge another session', async () => {
    expect(await cert({ sn: { session: 2, epoch: 1, s: 1 } })).toBe('unknown: session 2')
  })

  it('refuses one wrong signature among right ones', async () => {
    const forged = [...first.notarization.signatures.slice(0, 3), new Uint8Array(64)]
    expect(await cert({ signatures: forged })).toContain('signature')
  })

  it('A5 refuses a certificate moved to another block', async () => {
    expect(await cert({ blockHash: second.proposal.block.hash })).toContain('signature')
    const message: Message = {
      type: 'blocks',
      requestId: 1,
      blocks: [{ proposal: second.proposal, notarization: first.notarization }],
    }
    expect(await outcome(message)).toContain('another block')
  })

  it('A10 refuses a clock notarization below the threshold or for another epoch', async () => {
    const good = notarizeClock(committee, { session: 1, epoch: 2 }, [0, 1, 2])
    expect(await outcome({ type: 'clockNotarization', clockNotarization: good })).toBe('ok')
    const few = notarizeClock(committee, { session: 1, epoch: 2 }, [0, 1])
    expect(await outcome({ type: 'clockNotarization', clockNotarization: few })).toContain('quorum')
    const far = { ...good, target: { session: 1, epoch: 4_294_967_295 } }
    expect(await outcome({ type: 'clockNotarization', clockNotarization: far })).toContain('signature')
  })
})

describe('votes and clocks (A14, A15)', () => {
  it('accepts the voter named, and nobody else in its place', async () => {
    expect(await outcome({ type: 'vote', vote: voteBy(1) })).toBe('ok')
    expect(await outcome({ type: 'vote', vote: { ...voteBy(1), voter: 2 } })).toContain('wrong signature')
    expect(await outcome({ type: 'vote', vote: voteBy(4) })).toContain('wrong signature')
  })

  it('A15 a proposal signature is not a vote, and a vote for another chain is none', async () => {
    expect(await outcome({ type: 'vote', vote: voteBy(0, { tag: PROPOSAL_TAG }) })).toContain('wrong signature')
    expect(await outcome({ type: 'vote', vote: voteBy(0, { chainId: 'ee'.repeat(32) }) })).toContain('wrong signature')
  })

  it('a clock message is signed for its epoch', async () => {
    const target = { session: 1, epoch: 2 }
    const signature = (committee.signers[2] ?? signerOf('x')).sign({
      tag: CLOCK_TAG,
      chainId: CHAIN_ID,
      payload: clockTargetBytes(target),
    })
    const since = { session: 1, epoch: 1, s: 1 }
    expect(await outcome({ type: 'clock', clock: { target, voter: 2, signature, since } })).toBe('ok')
    const later = { session: 1, epoch: 3 }
    expect(await outcome({ type: 'clock', clock: { target: later, voter: 2, signature, since } })).toContain(
      'wrong signature',
    )
  })
})

describe('proposals (P5.4)', () => {
  const sn = { session: 1, epoch: 1, s: 1 }
  const judge = (options: Partial<Parameters<typeof makeProposal>[1]>) =>
    outcome({ type: 'proposal', proposal: makeProposal(committee, { sn, parent: null, ...options }) })

  it('accepts the leader of the epoch', async () => {
    expect(await judge({})).toBe('ok')
    expect(await judge({ payload: [Uint8Array.of(1), Uint8Array.of(2, 3)] })).toBe('ok')
  })

  it('refuses a block signed by anyone but the proposer it names', async () => {
    expect(await judge({ signer: signerOf('member 1') })).toContain('wrong signature of the leader')
  })

  it('refuses another chain, an unknown version, and roots that do not match', async () => {
    expect(await judge({ header: { chainId: 'cc'.repeat(32) } })).toContain('another chain')
    expect(await judge({ header: { version: 2 } })).toContain('version')
    expect(await judge({ header: { payloadRoot: 'cc'.repeat(32) } })).toContain('payload root')
    expect(await judge({ header: { certsRoot: 'cc'.repeat(32) } })).toContain('certificates root')
  })

  it('A6 one bad embedded certificate refuses the whole block', async () => {
    const weak = notarize(committee, first.proposal, [0, 1])
    const block = makeProposal(committee, {
      sn: { session: 1, epoch: 1, s: 2 },
      parent: first.proposal,
      certs: { notarizations: [weak] },
    })
    expect(await outcome({ type: 'proposal', proposal: block })).toContain('quorum')
  })

  it('a changed payload or certificate under a signed header is refused', async () => {
    const { encoded, block } = second.proposal
    const parts = proposalParts(encoded)
    const swapped = decodeProposal(encodeProposal({ ...parts, payload: [Uint8Array.of(9)] }))
    expect(await outcome({ type: 'proposal', proposal: swapped })).toContain('payload root')
    const bare = decodeProposal(
      encodeProposal({ ...parts, certsBytes: encodeCerts({ notarizations: [], clockNotarization: null }) }),
    )
    expect(await outcome({ type: 'proposal', proposal: bare })).toContain('certificates root')
    const retimed = encodeHeader({ ...block.header, timestamp: block.header.timestamp + 1 })
    const other = decodeProposal(encodeProposal({ ...parts, headerBytes: retimed }))
    expect(await outcome({ type: 'proposal', proposal: other })).toContain('wrong signature of the leader')
  })

  it('P17.5 keeps the good blocks before the first bad one', async () => {
    const bad = { proposal: second.proposal, notarization: notarize(committee, second.proposal, [1]) }
    const check = await verifier.message({ type: 'blocks', requestId: 5, blocks: [first, bad] })
    expect(check.ok && check.value.type === 'blocks' && check.value.blocks.length).toBe(1)
  })
})

describe('committees that become known', () => {
  it('P17.5 what could not be judged in one batch is judged in the next', async () => {
    const sessions = new Map<number, Session>()
    const later = createVerifier({ chainId: CHAIN_ID, sessions })
    const message: Message = { type: 'blocks', requestId: 1, blocks: [first, second] }
    expect(await later.message(message)).toMatchObject({ ok: false, unknown: true })
    sessions.set(1, committee.session)
    expect(await later.message(message)).toMatchObject({ ok: true })
  })
})
