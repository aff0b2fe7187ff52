/** The role handshake's proofs, check by check (P19.3, P19.4), without streams. */
import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Role } from '../../../src/domain.ts'
import {
  createProof,
  encodeHello,
  type HandshakeView,
  parseHello,
  verifyProof,
} from '../../../src/protocols/role-proof.ts'
import { Hello, Proof } from '../../../src/protocols/wire/role.gen.ts'
import { signerOf } from '../../helpers/committee.ts'

const CHAIN = hash('sha256', 'chain one')
const OTHER_CHAIN = hash('sha256', 'chain two')
const [DIALER, LISTENER, MIDDLE] = ['peerDialer', 'peerListener', 'peerMiddle']
const nonce = (name: string): Uint8Array => hash('sha256', name, 'buffer')
const VOTER: Role = { role: 'voter', session: 1, index: 0 }
const PROPOSER: Role = { role: 'proposer', session: 1, index: 3 }
const signer = signerOf('dialer')

/** The dialer as its only member, in both roles. */
const memberKey = (role: string, session: number, index: number): string | null =>
  session === 1 && index === (role === 'voter' ? 0 : 3) ? signer.publicKey : null

const dialer: HandshakeView = {
  chainId: CHAIN,
  direction: 'D',
  self: DIALER,
  remote: LISTENER,
  nonceSelf: nonce('d'),
  nonceRemote: nonce('l'),
}
const listener: HandshakeView = {
  chainId: CHAIN,
  direction: 'L',
  self: LISTENER,
  remote: DIALER,
  nonceSelf: nonce('l'),
  nonceRemote: nonce('d'),
}

const prove = (changes: Partial<HandshakeView> = {}, roles: readonly Role[] = [VOTER], by = signer): Uint8Array =>
  createProof({ ...dialer, ...changes }, roles, by)
const verify = (proof: Uint8Array, changes: Partial<HandshakeView> = {}): Promise<Role[]> =>
  verifyProof(proof, { ...listener, ...changes }, memberKey)

describe('role proof', () => {
  it('P19.3 an honest proof gives its roles', async () => {
    expect(await verify(prove({}, [VOTER, PROPOSER]))).toEqual([VOTER, PROPOSER])
  })

  it('P19.3 no claims make a full node, and its proof is not an empty frame', async () => {
    const proof = prove({}, [])
    expect(proof.byteLength).toBeGreaterThan(0)
    expect(await verify(proof)).toEqual([])
  })

  const refusals: [string, Uint8Array, Partial<HandshakeView>?][] = [
    ['person in the middle with its own peer id: the self field', prove(), { remote: MIDDLE }],
    ['person in the middle: the remote field', prove({ remote: MIDDLE })],
    ['a replayed proof: a stale own nonce', prove(), { nonceSelf: nonce('fresh') }],
    ['a replayed proof: a stale remote nonce', prove(), { nonceRemote: nonce('fresh') }],
    ['a reflected proof: the direction letter', prove({ direction: 'L' })],
    ['a reflected proof: our own, sent back', createProof(listener, [VOTER], signer)],
    ['a proof from another network', prove({ chainId: OTHER_CHAIN })],
    ['a proof from another session', prove({}, [{ ...VOTER, session: 2 }])],
    ['a voter that claims to be proposer', prove({}, [{ ...VOTER, role: 'proposer' }])],
    ['a place that is another member’s', prove({}, [{ ...VOTER, index: 1 }])],
    ['a key outside the committee', prove({}, [VOTER], signerOf('stranger'))],
    ['a signature by another key', prove({}, [VOTER], { ...signerOf('stranger'), publicKey: signer.publicKey })],
    ['the same claim twice', prove({}, [VOTER, VOTER])],
    ['one false claim among true ones', prove({}, [PROPOSER, { ...VOTER, index: 1 }])],
    ['bytes that are no proof', Buffer.from('ffffff', 'hex')],
  ]
  it.each(refusals)('P19.4 refuses %s', async (_what, proof, view) => {
    await expect(verify(proof, view)).rejects.toMatchObject({ name: 'NetworkError', code: 'bad-proof' })
  })

  it('P19.4 a role swapped after signing is refused: the payload is what was signed', async () => {
    const voter = Proof.decode(prove())
    const proposer = Proof.decode(prove({}, [PROPOSER]))
    const [signed, other] = [voter.claims[0], proposer.claims[0]]
    const claims = signed && other ? [{ ...signed, payload: other.payload }] : []
    await expect(verify(Proof.encode({ claims, version: 1 }))).rejects.toMatchObject({ code: 'bad-proof' })
  })

  it('P19.3 at most eight claims', async () => {
    const claim = Proof.decode(prove()).claims[0]
    const one = claim === undefined ? new Uint8Array() : Proof.encode({ claims: [claim], version: 0 })
    await expect(verify(Buffer.concat(Array(9).fill(one)))).rejects.toMatchObject({ code: 'bad-proof' })
  })

  it('any bytes give roles or the typed error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const roles = await verify(bytes).catch((error: unknown) => {
          expect(error).toMatchObject({ name: 'NetworkError', code: 'bad-proof' })
          return []
        })
        expect(roles).toEqual([])
      }),
    )
  })
})

describe('hello', () => {
  it('gives the nonce', () => {
    expect(Buffer.from(parseHello(encodeHello(CHAIN, nonce('x')), CHAIN))).toEqual(nonce('x'))
  })

  it.each([
    ['another chain', encodeHello(OTHER_CHAIN, nonce('x')), 'other-network'],
    [
      'another version',
      Hello.encode({ version: 2, chainId: Buffer.from(CHAIN, 'hex'), nonce: nonce('x') }),
      'other-network',
    ],
    ['a short nonce', encodeHello(CHAIN, nonce('x').subarray(1)), 'bad-proof'],
    ['a short chain id', encodeHello(CHAIN.slice(2), nonce('x')), 'bad-proof'],
    ['garbage', Buffer.from('ffff', 'hex'), 'bad-proof'],
  ])('refuses %s', (_what, bytes, code) => {
    expect(() => parseHello(bytes, CHAIN)).toThrow(expect.objectContaining({ code }))
  })
})

describe('claims about sessions that this node does not know', () => {
  const later: Role = { role: 'voter', session: 7, index: 0 }
  const judge = (proof: Uint8Array): Promise<Role[]> =>
    verifyProof(proof, listener, (role, session, index) =>
      session === 7 ? 'unknown-session' : memberKey(role, session, index),
    )

  it('P19.3 are passed over: who is ahead of this node does no wrong', async () => {
    expect(await judge(prove({}, [VOTER, later]))).toEqual([VOTER])
    expect(await judge(prove({}, [later], signerOf('stranger')))).toEqual([])
  })

  it('P19.4 but must still be made for this connection', async () => {
    await expect(judge(prove({ remote: MIDDLE }, [later]))).rejects.toMatchObject({ code: 'bad-proof' })
    await expect(judge(prove({ direction: 'L' }, [later]))).rejects.toMatchObject({ code: 'bad-proof' })
  })
})
