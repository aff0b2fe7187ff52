/** Proofs made from what a node stores, judged by the verifier that anyone runs. */
import { describe, expect, it } from 'vitest'
import { signTransaction } from '../../../src/ledger/codec.ts'
import { createProofs, type ProofOutcome, type Proofs } from '../../../src/node/proofs.ts'
import { createProofVerifier } from '../../../src/verify/verify.ts'
import { type Stored, sourceOf } from '../../helpers/proof-source.ts'
import { createTeam, SessionsChain } from '../../helpers/sessions-chain.ts'
import { verifyWithNode } from '../verify/node-verifier.ts'

const team = createTeam('org', 4, { k: 1 })

function setUp(chain: SessionsChain, finalized = chain.blocks.length - 1, links = 256) {
  const stored: Stored = { finalized, missing: new Set(), saved: new Map() }
  const proofs: Proofs = createProofs(sourceOf(chain, stored), { count: links, bytes: 1_000_000 })
  const verifier = createProofVerifier(chain.genesis.text, { verifyEd25519: verifyWithNode })
  const heightIn = async (outcome: ProofOutcome): Promise<number | string> => {
    if (!outcome.ok) return outcome.problem
    const { summary } = await verifier.bytes('block', outcome.proof)
    expect(summary.height).toBe(outcome.height)
    return summary.height
  }
  return { proofs, stored, verifier, heightIn }
}

describe('P13.1 a node proves its final blocks', () => {
  it('P13.1 every final block that can be proven is, for several k and over epochs and sessions', async () => {
    for (const k of [1, 2, 3]) {
      const chain = new SessionsChain(createTeam('org', 4, { k }))
      chain.grow(2 * k + 3)
      chain.add({ newEpoch: true })
      chain.grow(k)
      chain.add({ next: createTeam('next', 5, { k: 2 }) })
      chain.grow(k + 1)
      chain.add({ newSession: true })
      chain.grow(8)
      const { proofs, heightIn } = setUp(chain, chain.blocks.length - 2)
      const top = await heightIn(await proofs.newest())
      expect(top).toBeGreaterThanOrEqual(chain.blocks.length - 4)
      for (let height = 1; height <= Number(top); height++)
        expect(await heightIn(await proofs.block(height))).toBe(height)
    }
  })

  it("the shortest proof: a quorum's signatures, the nearest certificate", async () => {
    const chain = new SessionsChain(team)
    chain.grow(12)
    const { proofs, verifier } = setUp(chain)
    const made = await proofs.block(3)
    expect(made.ok && (await verifier.bytes('block', made.proof)).proven.block.certificate).toMatchObject({
      weight: 3,
      threshold: 3,
      sn: { session: 1, epoch: 1, s: 4 },
    })
  })

  it('a missing certificate is got around', async () => {
    const chain = new SessionsChain(team)
    chain.grow(12)
    const { proofs, stored, heightIn } = setUp(chain)
    for (const height of [4, 5, 6]) stored.missing.add(chain.at(height).proposal.block.hash)
    expect(await heightIn(await proofs.block(3))).toBe(3)
  })

  it('what is not final, or not known, has no proof', async () => {
    const chain = new SessionsChain(team)
    chain.grow(12)
    const { proofs, heightIn } = setUp(chain, 10)
    expect(await heightIn(await proofs.block(11))).toBe('not-final')
    expect(await heightIn(await proofs.block(0))).toBe('unknown')
    expect(await heightIn(await proofs.block('f'.repeat(64)))).toBe('unknown')
    expect(await heightIn(await proofs.block(chain.at(11).proposal.block.hash))).toBe('not-final')
    expect(await heightIn(await proofs.block(chain.at(9).proposal.block.hash))).toBe(9)
  })

  it('a caller may wait until a block can be proven', async () => {
    const chain = new SessionsChain(team)
    chain.grow(9)
    const { proofs, heightIn } = setUp(chain, 8)
    expect(await heightIn(await proofs.block(8, { waitMs: 1 }))).toBe('not-final')
    const waiting = proofs.block(8, { waitMs: 10_000 })
    chain.grow(2)
    expect(await heightIn(await waiting)).toBe(8)
  })
})

describe('P24.3 links over sessions', () => {
  /** `count` sessions, each of 8 blocks, the sixth its stop block. */
  function manySessions(count: number): SessionsChain {
    const chain = new SessionsChain(team)
    for (let session = 1; session <= count; session++) {
      if (session > 1) chain.add({ newSession: true })
      chain.grow(session > 1 ? 4 : 5)
      chain.add({ next: createTeam(`s${session % 3}`, 4, { k: 1 }) })
      chain.grow(2)
    }
    chain.add({ newSession: true })
    chain.grow(5)
    return chain
  }

  it('P24.3 kept links serve when their blocks are gone', async () => {
    const chain = manySessions(3)
    const { proofs, stored, heightIn } = setUp(chain)
    await proofs.keepLinks()
    expect([...stored.saved.keys()]).toEqual([1, 2, 3])
    for (const { proposal } of chain.blocks.slice(0, 20)) stored.missing.add(proposal.block.hash)
    expect(await heightIn(await proofs.block(27))).toBe(27)
  })

  it('P24.3 a reader that trusts a later session gets the links from there', async () => {
    const chain = manySessions(3)
    const { proofs } = setUp(chain)
    const sizes: number[] = []
    for (const fromSession of [1, 2, 3, 4]) {
      const made = await proofs.block(27, { fromSession })
      sizes.push(made.ok ? made.proof.byteLength : 0)
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
    expect(await proofs.block(3, { fromSession: 2 })).toEqual({ ok: false, problem: 'earlier' })
  })

  it('a bounded answer ends at a stop block and says that there is more', async () => {
    const chain = manySessions(6)
    const { proofs, heightIn } = setUp(chain, chain.blocks.length - 1, 4)
    const made = await proofs.newest({ bounded: true })
    expect(made).toMatchObject({ ok: true, more: true })
    expect(await heightIn(made)).toBe(4 * 8 + 6)
    const rest = await proofs.newest({ bounded: true, fromSession: 5 })
    expect(rest).toMatchObject({ ok: true, more: false })
  })
})

describe('proofs of transactions', () => {
  it('prove the place in the block', async () => {
    const chain = new SessionsChain(team)
    chain.grow(2)
    const [signer] = team.signers
    if (signer === undefined) throw new Error('a team has signers')
    const { chainId } = chain.genesis
    const txs = Array.from({ length: 7 }, (_, nonce) =>
      signTransaction({ chainId, nonce, entries: [{ module: 'kv', payload: Uint8Array.of(nonce) }] }, signer),
    )
    const { proposal } = chain.add({ payload: txs.map(({ bytes }) => bytes) })
    chain.grow(2)
    const { proofs, verifier } = setUp(chain)
    for (const [index, { txId }] of txs.entries()) {
      const made = await proofs.transaction({ blockHash: proposal.block.hash, index })
      if (!made.ok) throw new Error(made.problem)
      const { summary } = await verifier.bytes('tx', made.proof)
      expect(summary).toMatchObject({ type: 'tx', height: 3, txId, index })
    }
    expect(await proofs.transaction({ blockHash: proposal.block.hash, index: 7 })).toEqual({
      ok: false,
      problem: 'unknown',
    })
  })
})
