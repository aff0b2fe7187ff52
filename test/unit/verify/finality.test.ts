/** Finality proofs (P13.1, P16.6, P24.3): what is accepted, and the exact reason against everything else. */
import { describe, expect, it } from 'vitest'
import { encodeNotarization } from '../../../src/pala/codec.ts'
import { encodeElection } from '../../../src/pala/election.ts'
import { createProofVerifier } from '../../../src/verify/verify.ts'
import {
  certify,
  createTeam,
  headerChain,
  linkOf,
  proofOf,
  SessionsChain,
  type Team,
} from '../../helpers/sessions-chain.ts'
import { verifyWithNode } from './node-verifier.ts'

const team = createTeam('org', 4, { k: 1 })

function verifier(chain: SessionsChain) {
  return createProofVerifier(chain.genesis.text, { verifyEd25519: verifyWithNode })
}

/** The code with which a proof is refused, or what it proves. */
async function outcome(chain: SessionsChain, proof: Uint8Array): Promise<string> {
  try {
    const { summary } = await verifier(chain).bytes('block', proof)
    return `block ${summary.height}`
  } catch (error) {
    return `${(error as { code: string }).code}: ${(error as Error).message}`
  }
}

/** Session 1 stops at height `stop` with `after` blocks above it, then session 2 of `next` with `length` blocks. */
function twoSessions({
  first = team,
  next,
  stop = 5,
  after = 2,
  length = 6,
}: {
  first?: Team
  next: Team
  stop?: number
  after?: number
  length?: number
}): SessionsChain {
  const chain = new SessionsChain(first)
  chain.grow(stop - 1)
  chain.add({ next })
  chain.grow(after)
  chain.add({ newSession: true })
  chain.grow(length - 1)
  return chain
}

describe('P13.1 finality proofs in one session', () => {
  it('P13.1 k blocks of the same epoch above a block and one certificate prove it final', async () => {
    for (const k of [1, 2, 5]) {
      const chain = new SessionsChain(createTeam('org', 4, { k }))
      chain.grow(3 * k + 4)
      const height = k + 2
      expect(await outcome(chain, proofOf(headerChain(chain, height, height + k)))).toBe(`block ${height}`)
    }
  })

  it('says what was proven', async () => {
    const chain = new SessionsChain(team)
    chain.grow(5)
    const { block } = chain.at(3).proposal
    const { proven, summary } = await verifier(chain).bytes('block', proofOf(headerChain(chain, 3, 4)))
    expect(summary).toEqual({
      type: 'block',
      chainId: chain.genesis.chainId,
      height: 3,
      hash: block.hash,
      session: 1,
      epoch: 1,
      number: 3,
      timestamp: new Date(block.header.timestamp).toISOString(),
    })
    expect(proven.block.certificate.signers.map(({ org }) => org)).toEqual(['org-0', 'org-1', 'org-2', 'org-3'])
  })

  it('P13.1 a block below an epoch change is final by the next epoch that is long enough', async () => {
    const chain = new SessionsChain(createTeam('org', 4, { k: 2 }))
    chain.grow(4)
    chain.add({ newEpoch: true })
    chain.grow(3)
    // (1,1,4) at height 4 is not final by its own epoch; (1,2,3) at height 7 makes (1,2,1) and what is below it final.
    expect(await outcome(chain, proofOf(headerChain(chain, 4, 6)))).toMatch(/^not-final: .*makes nothing final: k is 2/)
    expect(await outcome(chain, proofOf(headerChain(chain, 4, 7)))).toBe('block 4')
  })

  it("P13.1 a certificate too near proves nothing: k is the genesis session's, not the file's", async () => {
    const chain = new SessionsChain(createTeam('org', 4, { k: 3 }))
    chain.grow(9)
    expect(await outcome(chain, proofOf(headerChain(chain, 5, 7)))).toBe(
      'not-final: the notarization of (1,1,7) reaches height 4 (k is 3), not height 5',
    )
    expect(await outcome(chain, proofOf(headerChain(chain, 3, 3)))).toMatch(/^not-final/)
  })

  it('P4.4 fewer than the threshold, a stranger, a missing or swapped signature: each is refused with its name', async () => {
    const chain = new SessionsChain(team)
    chain.grow(8)
    const { proposal } = chain.at(7)
    const { chainId } = chain.genesis
    const forged = (voters: readonly number[], by = team) =>
      proofOf(headerChain(chain, 5, 7, certify({ chainId, proposal, team: by }, voters)))
    expect(await outcome(chain, forged([0, 1, 2]))).toBe('block 5')
    expect(await outcome(chain, forged([0, 3]))).toBe(
      'bad-certificate: the notarization of (1,1,7) is not by a quorum: weight 2, 3 needed',
    )
    expect(await outcome(chain, forged([0, 1, 4]))).toMatch(/^bad-certificate: .* names a signer beyond the 4 voters/)
    const good = certify({ chainId, proposal, team }, [0, 1, 2])
    const [a, b, c] = good.signatures as [Uint8Array, Uint8Array, Uint8Array]
    const swapped = { ...good, signatures: [b, a, c] }
    expect(await outcome(chain, proofOf(headerChain(chain, 5, 7, swapped)))).toBe(
      'bad-signature: signature 1 of the notarization of (1,1,7) is wrong: it is not by voter 0 (org-0)',
    )
    const twice = { ...good, signers: [0, 1], signatures: [a, b, c] }
    expect(await outcome(chain, proofOf(headerChain(chain, 5, 7, twice)))).toMatch(/^malformed: .*as many signatures/)
    const copied = { ...good, signatures: [a, b, b] }
    expect(await outcome(chain, proofOf(headerChain(chain, 5, 7, copied)))).toMatch(/^bad-signature: signature 3 of/)
    const rivals = createTeam('rival', 4)
    expect(await outcome(chain, forged([0, 1, 2], rivals))).toMatch(/^bad-signature: signature 1 of/)
  })

  it('a certificate of another block, slot or chain proves nothing', async () => {
    const chain = new SessionsChain(team)
    const other = new SessionsChain(team, 'other')
    chain.grow(8)
    other.grow(8)
    expect(await outcome(chain, proofOf(headerChain(other, 5, 7)))).toMatch(/^other-chain: block \(1,1,5\) is of chain/)
    const moved = headerChain(chain, 5, 7, chain.at(8).notarization)
    expect(await outcome(chain, proofOf(moved))).toBe('bad-certificate: the notarization is not of block (1,1,7)')
    // The right block, but signed for another chain: what is signed names the chain.
    const { proposal } = chain.at(7)
    const abroad = certify({ chainId: other.genesis.chainId, proposal, team })
    expect(await outcome(chain, proofOf(headerChain(chain, 5, 7, abroad)))).toMatch(/^bad-signature/)
  })

  it('headers that do not follow one another prove nothing', async () => {
    const chain = new SessionsChain(team)
    chain.grow(8)
    const { headers, notarization } = headerChain(chain, 4, 7)
    const [four, five, six, seven] = headers as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    for (const broken of [
      [four, six, seven],
      [five, four, six, seven],
      [four, four, five, six, seven],
    ]) {
      expect(await outcome(chain, proofOf({ headers: broken, notarization }))).toMatch(/^broken-chain/)
    }
    expect(await outcome(chain, proofOf({ headers: [], notarization }))).toMatch(/^malformed: .*no headers/)
    expect(await outcome(chain, proofOf({ headers: [four.subarray(1), five], notarization }))).toMatch(/^malformed/)
  })
})

describe('P16.6 nothing above a stop block is final by its own session', () => {
  const next = createTeam('next', 5, { k: 1 })

  it('P16.6 the stop block itself is final by its session; an empty block above it is not', async () => {
    const chain = twoSessions({ next, stop: 5, after: 6 })
    expect(await outcome(chain, proofOf(headerChain(chain, 5, 6)))).toBe('block 5')
    for (const height of [6, 7, 8, 9]) {
      for (const top of [height + 1, 11]) {
        expect(await outcome(chain, proofOf(headerChain(chain, height, top)))).toMatch(/^after-stop/)
      }
    }
  })

  it('P16.6 a block above the stop block is final as an ancestor of a final block of the next session', async () => {
    const chain = twoSessions({ next, stop: 5, after: 2, length: 4 })
    const links = [linkOf(chain, 5, 6)]
    expect(await outcome(chain, proofOf(headerChain(chain, 7, 9), links))).toBe('block 7')
    expect(await outcome(chain, proofOf(headerChain(chain, 3, 9), links))).toBe('block 3')
    expect(await outcome(chain, proofOf(headerChain(chain, 7, 8), links))).toMatch(/^not-final/)
  })

  it('P16.6 an empty block needs headers that show its session goes on; one with entries shows it itself', async () => {
    const chain = new SessionsChain(team)
    chain.grow(9)
    chain.add({ payload: [Uint8Array.of(1)] })
    chain.grow(5)
    // Heights 5 and up are old enough to stand after a stop block.
    expect(await outcome(chain, proofOf(headerChain(chain, 4, 5)))).toBe('block 4')
    expect(await outcome(chain, proofOf(headerChain(chain, 6, 7)))).toMatch(/^after-stop/)
    expect(await outcome(chain, proofOf(headerChain(chain, 6, 8)))).toBe('block 6')
    expect(await outcome(chain, proofOf(headerChain(chain, 10, 11)))).toBe('block 10')
  })
})

describe('P24.3 proofs over sessions', () => {
  it("P24.3 links lead from genesis over every stop block; k is each session's own", async () => {
    const second = createTeam('second', 5, { k: 2 })
    const third = createTeam('third', 3, { k: 1 })
    const chain = twoSessions({ next: second, stop: 5, after: 2, length: 7 })
    chain.add({ next: third })
    chain.grow(4)
    const stop2 = 15
    chain.add({ newSession: true })
    chain.grow(4)
    const links = [linkOf(chain, 5, 6), linkOf(chain, stop2, stop2 + 2)]
    expect(await outcome(chain, proofOf(headerChain(chain, 21, 22), links))).toBe('block 21')
    expect(await outcome(chain, proofOf(headerChain(chain, 10, 13), links.slice(0, 1)))).toBe('block 10')
    // One block less than the second session's k of 2.
    const near = [links[0] as (typeof links)[0], linkOf(chain, stop2, stop2 + 1)]
    expect(await outcome(chain, proofOf(headerChain(chain, 21, 22), near))).toMatch(/^not-final: .*\(k is 2\)/)
    expect(await outcome(chain, proofOf(headerChain(chain, 21, 22), links.slice(0, 1)))).toMatch(
      /^missing-link: the certificate is of session 3, but committees are proven up to session 2/,
    )
    expect(await outcome(chain, proofOf(headerChain(chain, 21, 22), links.slice(1)))).toMatch(/^missing-link/)
    expect(await outcome(chain, proofOf(headerChain(chain, 21, 22), links.toReversed()))).toMatch(/^missing-link/)
    expect(await outcome(chain, proofOf(headerChain(chain, 3, 4), links))).toMatch(/^missing-link/)
  })

  it('P16.2 the elected committee is what the stop block holds, and can rule', async () => {
    const next = createTeam('next', 4)
    const chain = twoSessions({ next })
    const link = linkOf(chain, 5, 6)
    const block = headerChain(chain, 9, 10)
    expect(await outcome(chain, proofOf(block, [link]))).toBe('block 9')
    const rivals = createTeam('rival', 4)
    const election = encodeElection({ plan: rivals.plan, kept: false })
    expect(await outcome(chain, proofOf(block, [{ ...link, election }]))).toMatch(/^bad-election: .*not what its stop/)
    expect(await outcome(chain, proofOf(block, [{ ...link, election: new Uint8Array(0) }]))).toMatch(/^bad-election/)
    const bad = twoSessions({ next: { ...next, plan: { ...next.plan, params: { ...next.plan.params, k: 65 } } } })
    expect(await outcome(bad, proofOf(headerChain(bad, 9, 10), [linkOf(bad, 5, 6)]))).toMatch(
      /^bad-election: .*no committee: k must be 1 to 64/,
    )
  })

  it('P24.3 a committee cannot elect its successor with a block that is not its stop block', async () => {
    const next = createTeam('next', 4)
    const chain = twoSessions({ next })
    const { election } = linkOf(chain, 5, 6)
    const block = headerChain(chain, 9, 10)
    expect(await outcome(chain, proofOf(block, [{ stop: headerChain(chain, 4, 6), election }]))).toMatch(
      /^missing-link: .*not its stop block/,
    )
    // The next committee cannot certify the stop block that elects it.
    const { proposal } = chain.at(6)
    const usurped = certify({ chainId: chain.genesis.chainId, proposal, team: next })
    const stop = headerChain(chain, 5, 6, usurped)
    expect(await outcome(chain, proofOf(block, [{ stop, election }]))).toMatch(/^bad-signature/)
    // Nor can the old committee certify blocks of the new session.
    const top = chain.at(10).proposal
    const late = certify({ chainId: chain.genesis.chainId, proposal: top, team })
    const old = { ...headerChain(chain, 9, 10), notarization: encodeNotarization(late) }
    expect(await outcome(chain, proofOf(old, [linkOf(chain, 5, 6)]))).toMatch(/^bad-signature/)
  })
})
