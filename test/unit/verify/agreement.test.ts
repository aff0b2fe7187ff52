/** The verifier has its own hash, decoder, genesis and signatures, for browsers: they must agree with the node's on every input. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyEd25519 } from '../../../src/crypto/ed25519.ts'
import { createSigner } from '../../../src/crypto/keys.ts'
import { taggedHash as nodeHash } from '../../../src/crypto/tagged-hash.ts'
import { parseGenesis, sessionOf } from '../../../src/node/genesis.ts'
import {
  blockHashOf,
  decodeHeader,
  decodeNotarization,
  encodeHeader,
  encodeNotarization,
} from '../../../src/pala/codec.ts'
import { decodeElection, encodeElection } from '../../../src/pala/election.ts'
import { readTrustedGenesis } from '../../../src/verify/genesis.ts'
import { verifyInJavaScript, verifyOnPlatform } from '../../../src/verify/signatures.ts'
import { taggedHash } from '../../../src/verify/tagged-hash.ts'
import { createProofVerifier } from '../../../src/verify/verify.ts'
import { readElection, readHeader, readNotarization } from '../../../src/verify/wire.ts'
import { createTeam, genesisOf, headerChain, proofOf, SessionsChain } from '../../helpers/sessions-chain.ts'

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const big = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const sn = fc.record({ session: u32, epoch: u32, s: u32 })
const header = fc.record({
  version: u32,
  chainId: hash,
  sn,
  height: big,
  sessionCount: u32,
  parentHash: hash,
  parentSn: sn,
  proposer: u32,
  timestamp: big,
  payloadRoot: hash,
  certsRoot: hash,
  isStop: fc.boolean(),
  electionRoot: hash,
  stateHeight: big,
  stateRoot: hash,
})

describe('the verifier agrees with the node', () => {
  it('on tagged hashes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (parts) => {
        expect(Buffer.from(taggedHash('palaver/x/1', ...parts))).toEqual(Buffer.from(nodeHash('palaver/x/1', ...parts)))
      }),
    )
  })

  it('on headers and their names', () => {
    fc.assert(
      fc.property(header, (value) => {
        const bytes = encodeHeader(value)
        expect(readHeader(bytes)).toEqual({ hash: blockHashOf(bytes), header: decodeHeader(bytes) })
      }),
    )
  })

  it('on certificates', () => {
    const signature = fc.uint8Array({ minLength: 64, maxLength: 64 })
    const signed = fc.uniqueArray(fc.tuple(fc.nat(399), signature), { selector: ([index]) => index, maxLength: 9 })
    fc.assert(
      fc.property(sn, hash, signed, (slot, blockHash, votes) => {
        votes.sort(([a], [b]) => a - b)
        const value = {
          sn: slot,
          blockHash,
          signers: votes.map(([index]) => index),
          signatures: votes.map(([, bytes]) => bytes),
        }
        const bytes = encodeNotarization(value)
        expect(readNotarization(bytes)).toEqual(decodeNotarization(bytes))
      }),
    )
  })

  it('on elections', () => {
    const bytes = encodeElection({ plan: createTeam('org', 7, { k: 3 }).plan, kept: true })
    expect(readElection(bytes)).toEqual(decodeElection(bytes))
  })

  it('on what a genesis names', () => {
    const { text } = genesisOf(createTeam('org', 4, { k: 2, stopOffset: 9 }))
    const opened = parseGenesis(text)
    const trusted = readTrustedGenesis(text)
    expect(trusted).toMatchObject({ chainId: opened.chainId, session: sessionOf(opened.genesis), network: 'proofs' })
  })

  it('on signatures, with WebCrypto and in JavaScript', async () => {
    const bytes = Buffer.from('what is signed')
    const signer = createSigner(new Uint8Array(32).fill(7))
    const key = Buffer.from(signer.publicKey, 'hex')
    const signature = signer.sign({ tag: 't', chainId: '00'.repeat(32), payload: bytes })
    const covered = Buffer.concat([Buffer.from('t\0'), Buffer.alloc(32), bytes])
    const checks = [
      { key, signature, bytes: covered },
      { key, signature: signature.map((byte, at) => (at === 9 ? byte ^ 1 : byte)), bytes: covered },
      { key, signature, bytes },
      { key: Buffer.alloc(32, 1), signature, bytes: covered },
      { key: key.subarray(1), signature, bytes: covered },
      { key, signature: signature.subarray(1), bytes: covered },
    ]
    expect(checks.map(verifyEd25519)).toEqual([true, false, false, false, false, false])
    for (const verify of [verifyInJavaScript, verifyOnPlatform]) {
      expect(await Promise.all(checks.map(verify))).toEqual([true, false, false, false, false, false])
    }
  })
})

describe('the size of proofs', () => {
  it.each([
    [4, 2_048],
    [100, 30_000],
  ])('a proof file of a block by a committee of %i has at most %i bytes', async (voters, most) => {
    const chain = new SessionsChain(createTeam('org', voters))
    chain.grow(12)
    const verifier = createProofVerifier(chain.genesis.text)
    // Every signature in it: shortened ones are smaller. Three headers, as an empty block needs.
    const proof = proofOf(headerChain(chain, 8, 10))
    const { summary } = await verifier.bytes('block', proof)
    const file = JSON.stringify({ ...summary, proof: Buffer.from(proof).toString('base64') }, null, 2)
    expect(file.length).toBeLessThanOrEqual(most)
  })
})
