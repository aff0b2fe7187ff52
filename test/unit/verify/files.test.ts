/** Proof files: what a person may read in them, and that nothing in them can be altered unseen. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { merkleProof } from '../../../src/crypto/merkle.ts'
import { taggedHashHex } from '../../../src/crypto/tagged-hash.ts'
import { signTransaction } from '../../../src/ledger/codec.ts'
import { TxProof } from '../../../src/protocols/wire/proof.gen.ts'
import { KvProof } from '../../../src/protocols/wire/state-proof.gen.ts'
import { documentOf } from '../../../src/verify/file.ts'
import { createProofVerifier, verifyProof } from '../../../src/verify/verify.ts'
import { createTeam, headerChain, linkOf, proofOf, SessionsChain } from '../../helpers/sessions-chain.ts'
import { verifyWithNode } from './node-verifier.ts'

const team = createTeam('org', 4)
const options = { verifyEd25519: verifyWithNode }
const TYPES = ['block', 'tx', 'kv'] as const
type ProofType = (typeof TYPES)[number]

const value = new TextEncoder().encode('Geneva')
const path = Buffer.from(taggedHashHex('palaver/state/key/1', Buffer.from('kv/city')), 'hex')
const valueHash = Buffer.from(taggedHashHex('palaver/state/value/1', value), 'hex')
/** The root of a state with two keys: the first bit of their paths tells them apart. */
const sibling = new Uint8Array(32).fill(7)
const leaf = Buffer.from(taggedHashHex('palaver/state/leaf/1', path, valueHash), 'hex')
const isRight = (path[0] ?? 0) >= 128
const stateRoot = taggedHashHex('palaver/state/node/1', ...(isRight ? [sibling, leaf] : [leaf, sibling]))

/** Session 1 stops at height 5; blocks 8 to 13 are of session 2, number 10 with five transactions. */
function makeChain(network?: string) {
  const chain = new SessionsChain(team, network)
  chain.grow(4)
  chain.add({ next: createTeam('next', 4) })
  chain.grow(2)
  chain.add({ newSession: true })
  chain.grow(1)
  const [signer] = team.signers
  if (signer === undefined) throw new Error('a team has signers')
  const txs = [0, 1, 2, 3, 4].map((nonce) => {
    const entries = [{ module: 'kv', payload: Uint8Array.of(nonce) }]
    return signTransaction({ chainId: chain.genesis.chainId, nonce, entries }, signer)
  })
  const payload = txs.map(({ bytes }) => bytes)
  chain.add({ payload, header: { stateRoot } })
  chain.grow(3)
  return { chain, txs, payload }
}

function makeProofs({ chain, payload }: ReturnType<typeof makeChain>): Record<ProofType, Uint8Array> {
  const finality = proofOf(headerChain(chain, 10, 11), [linkOf(chain, 5, 6)])
  const index = 4
  const { path, anchors } = merkleProof(payload, index)
  const steps = {
    index,
    path: [...path],
    anchors: anchors.map((each) => ({ entry: each.entry, path: [...each.path] })),
  }
  const transaction = payload[index] ?? new Uint8Array(0)
  const none = new Uint8Array(0)
  const state = { siblings: [sibling], otherPath: none, otherValueHash: none }
  const kv = KvProof.encode({ finality, key: 'city', value, present: true, state })
  return { block: finality, tx: TxProof.encode({ finality, transaction, ...steps }), kv }
}

const made = makeChain()
const proofs = makeProofs(made)
const verifier = createProofVerifier(made.chain.genesis.text, options)

async function documentText(type: ProofType): Promise<string> {
  const { proven } = await verifier.bytes(type, proofs[type])
  return JSON.stringify(documentOf(proven, proofs[type]), null, 2)
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error: Error & { code: string }) => `${error.code}: ${error.message}`,
  )
}

describe('proof files', () => {
  it.each(TYPES)('a %s file is accepted as it was made, and says what it proves', async (type) => {
    const text = await documentText(type)
    const { summary } = await verifyProof(text, made.chain.genesis.text, options)
    expect(JSON.parse(text)).toMatchObject(summary)
    expect(summary).toMatchObject({ type, height: 10, session: 2 })
    if (type === 'kv') expect(summary).toMatchObject({ key: 'city', value: 'Geneva', stateRoot })
    if (type === 'tx') expect(summary).toMatchObject({ index: 4, txId: made.txs[4]?.txId })
  })

  it('what is said for people must be what is proven', async () => {
    const document = JSON.parse(await documentText('tx')) as Record<string, unknown>
    const lies: Record<string, unknown> = {
      chainId: 'f'.repeat(64),
      height: 11,
      hash: 'f'.repeat(64),
      session: 1,
      epoch: 2,
      number: 4,
      timestamp: '2030-01-01T00:00:00.000Z',
      txId: 'f'.repeat(64),
      index: 3,
    }
    expect(Object.keys(document).sort()).toEqual([...Object.keys(lies), 'type', 'proof'].sort())
    for (const [name, value] of Object.entries(lies)) {
      const text = JSON.stringify({ ...document, [name]: value })
      expect(await refusal(verifier.file(text))).toMatch(new RegExp(`^altered: .*says that ${name} is`))
    }
    expect(await refusal(verifier.file(JSON.stringify({ ...document, note: 'trust me' })))).toMatch(
      /^malformed: .*'note'/,
    )
    expect(await refusal(verifier.file(JSON.stringify({ ...document, type: 'block' })))).toMatch(/^malformed/)
    expect(await refusal(verifier.file(JSON.stringify({ ...document, type: 'promise' })))).toMatch(/^malformed/)
  })

  it('text that is no proof file is refused with what is wrong', async () => {
    const document = JSON.parse(await documentText('block')) as { proof: string }
    for (const text of ['', '{', '[]', 'null', '{}', '{"type":"block"}', JSON.stringify({ ...document, proof: 7 })]) {
      expect(await refusal(verifier.file(text))).toMatch(/^malformed/)
    }
    for (const proof of [
      '',
      '!',
      `${document.proof}=`,
      `${document.proof} `,
      document.proof.slice(1),
      document.proof.slice(4),
    ]) {
      expect(await refusal(verifier.file(JSON.stringify({ ...document, proof })))).toMatch(/^malformed/)
    }
    expect(await refusal(verifier.file(' '.repeat(64 * 1_024 * 1_024 + 1)))).toMatch(/^malformed: .*characters/)
  })

  it('a proof of another network proves nothing here', async () => {
    const other = makeChain('other')
    const text = JSON.stringify({ type: 'block', chainId: made.chain.genesis.chainId, proof: '' })
    const foreign = JSON.stringify({
      ...JSON.parse(text),
      proof: Buffer.from(makeProofs(other).block).toString('base64'),
    })
    expect(await refusal(verifyProof(foreign, made.chain.genesis.text, options))).toMatch(/^other-chain/)
  })

  it('a genesis that is none is told apart from a bad proof', async () => {
    const text = await documentText('block')
    for (const genesis of ['', '{}', '{"network":"x"}']) {
      expect(await refusal(verifyProof(text, genesis, options))).toMatch(/^genesis-invalid/)
    }
  })
})

describe('nothing can be altered', () => {
  it.each(TYPES)('%s proof: no byte of it can change, be lost or be added', async (type) => {
    const bytes = proofs[type]
    const change = fc.record({ at: fc.nat(bytes.byteLength - 1), flip: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, flip }) => {
        const altered = Uint8Array.from(bytes)
        altered[at] = (altered[at] ?? 0) ^ flip
        expect(await refusal(verifier.bytes(type, altered))).not.toBe('accepted')
      }),
      { numRuns: 250 },
    )
    for (let length = 0; length < bytes.byteLength; length += 29) {
      expect(await refusal(verifier.bytes(type, bytes.subarray(0, length)))).not.toBe('accepted')
    }
    for (const extra of [[0], [0x78, 0], [0x12, 0]]) {
      expect(await refusal(verifier.bytes(type, Uint8Array.from([...bytes, ...extra])))).not.toBe('accepted')
    }
  })

  it('no character of a file can change what it is accepted as', async () => {
    const text = await documentText('tx')
    const { summary } = await verifier.file(text)
    const change = fc.record({ at: fc.nat(text.length - 1), to: fc.string({ minLength: 1, maxLength: 1 }) })
    await fc.assert(
      fc.asyncProperty(change, async ({ at, to }) => {
        const altered = text.slice(0, at) + to + text.slice(at + 1)
        const result = await verifier.file(altered).catch(() => null)
        if (result !== null) expect(result.summary).toEqual(summary)
      }),
      { numRuns: 250 },
    )
  })

  it('any bytes are judged without a failure of any other kind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...TYPES), async (bytes, type) => {
        expect(await refusal(verifier.bytes(type, bytes))).toMatch(/^malformed/)
      }),
    )
  })
})
