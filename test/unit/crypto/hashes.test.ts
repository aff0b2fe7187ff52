/** The one hash and the one signature scheme (DESIGN.md 5), against published vectors. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSigner, signBytes, verifySignature } from '../../../src/crypto/keys.ts'
import { merkleRoot } from '../../../src/crypto/merkle.ts'
import {
  digestBytes,
  pairDigest,
  taggedDigest,
  taggedHash,
  taggedHash512,
  taggedHashHex,
  u32be,
  u64be,
} from '../../../src/crypto/tagged-hash.ts'
import { CHAIN_ID, signerOf } from '../../helpers/committee.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')

describe('taggedHash', () => {
  it('is SHA-256 over length-prefixed tag and parts', () => {
    // Computed with Python's hashlib and struct.pack('>I').
    const golden = 'af2993826a8bf6d410488636294525a5e385efd4be3b92e1d20d4d569d42ad1b'
    expect(taggedHashHex('palaver/test/1', bytes('ab'), bytes('c'))).toBe(golden)
  })

  it('tells where one part ends and the next begins', () => {
    expect(taggedHashHex('t', bytes('ab'), bytes('c'))).not.toBe(taggedHashHex('t', bytes('a'), bytes('bc')))
    expect(taggedHashHex('t', bytes('a'))).not.toBe(taggedHashHex('ta'))
  })

  it('of two digests equals that of their bytes', () => {
    const pair = pairDigest('palaver/test/1')
    const [a, b] = [taggedDigest('t', bytes('a')), taggedDigest('t', bytes('b'))]
    expect(digestBytes(a)).toEqual(taggedHash('t', bytes('a')))
    expect(digestBytes(pair(a, b))).toEqual(taggedHash('palaver/test/1', digestBytes(a), digestBytes(b)))
    expect(digestBytes(pair(b, a))).toEqual(taggedHash('palaver/test/1', digestBytes(b), digestBytes(a)))
  })

  it('has a 64-byte form over SHA-512', () => {
    expect(taggedHash512('t').byteLength).toBe(64)
    expect(taggedHash('t').byteLength).toBe(32)
  })

  it('writes integers big endian', () => {
    expect(Buffer.from(u32be(1)).toString('hex')).toBe('00000001')
    expect(Buffer.from(u64be(2n ** 40n)).toString('hex')).toBe('0000010000000000')
  })
})

describe('merkleRoot', () => {
  const leaf = (name: string) => taggedHash('palaver/merkle/leaf/1', bytes(name))
  const node = (a: Uint8Array, b: Uint8Array) => taggedHash('palaver/merkle/node/1', a, b)

  it('splits at the largest power of two below the count', () => {
    const five = ['a', 'b', 'c', 'd', 'e']
    const left = node(node(leaf('a'), leaf('b')), node(leaf('c'), leaf('d')))
    expect(merkleRoot(five.map(bytes))).toEqual(node(left, leaf('e')))
    expect(merkleRoot(five.slice(0, 3).map(bytes))).toEqual(node(node(leaf('a'), leaf('b')), leaf('c')))
    expect(merkleRoot([bytes('a')])).toEqual(leaf('a'))
  })

  it('is what splitting from above gives, for any number of entries of any size', () => {
    const rootOf = (leaves: readonly Uint8Array[]): Uint8Array => {
      const [only] = leaves
      if (only !== undefined && leaves.length === 1) return only
      let middle = 1
      while (2 * middle < leaves.length) middle *= 2
      return node(rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)))
    }
    const entry = fc.uint8Array({ maxLength: 70 })
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 130, size: 'max' }), (entries) => {
        const leaves = entries.map((each) => taggedHash('palaver/merkle/leaf/1', each))
        expect(merkleRoot(entries)).toEqual(rootOf(leaves))
      }),
    )
    const large = [new Uint8Array(200_000).fill(7), new Uint8Array(131_072 - 29).fill(8), new Uint8Array(1)]
    expect(merkleRoot(large)).toEqual(rootOf(large.map((each) => taggedHash('palaver/merkle/leaf/1', each))))
  })

  it('changes with any entry and any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 20 }), (names) => {
        const reversed = [...names].reverse()
        expect(merkleRoot(names.map(bytes))).not.toEqual(merkleRoot(reversed.map(bytes)))
      }),
    )
  })
})

describe('signatures', () => {
  const statement = { tag: 'palaver/test/1', chainId: CHAIN_ID, payload: bytes('hello') }

  it('cover tag, zero byte, chain id and payload', () => {
    const expected = Buffer.concat([
      bytes('palaver/test/1'),
      Buffer.of(0),
      Buffer.from(CHAIN_ID, 'hex'),
      bytes('hello'),
    ])
    expect(Buffer.from(signBytes(statement))).toEqual(expected)
  })

  it('match RFC 8032 keys: seed to public key', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    expect(createSigner(seed).publicKey).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
  })

  it('verify, and fail for another tag, chain, payload or key', async () => {
    const signer = signerOf('a')
    const signature = signer.sign(statement)
    const check = (change: object) =>
      verifySignature({ publicKey: signer.publicKey, statement: { ...statement, ...change }, signature })
    expect(await check({})).toBe(true)
    expect(await check({})).toBe(true)
    expect(await check({ tag: 'palaver/test/2' })).toBe(false)
    expect(await check({ chainId: 'ff'.repeat(32) })).toBe(false)
    expect(await check({ payload: bytes('hellp') })).toBe(false)
    expect(await verifySignature({ publicKey: signerOf('b').publicKey, statement, signature })).toBe(false)
  })

  it('refuse wrong widths without asking the library', async () => {
    expect(await verifySignature({ publicKey: 'zz', statement, signature: new Uint8Array(64) })).toBe(false)
    expect(await verifySignature({ publicKey: signerOf('a').publicKey, statement, signature: new Uint8Array(3) })).toBe(
      false,
    )
  })
})
