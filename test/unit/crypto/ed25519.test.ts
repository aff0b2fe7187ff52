/** Signatures on the edge of RFC 8032: libsodium judges them as OpenSSL does, and refuses all that nobody makes by signing. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyEd25519 } from '../../../src/crypto/ed25519.ts'
import { createSigner, signBytes } from '../../../src/crypto/keys.ts'

const { BASE, ZERO, Fn } = ed25519.Point
const ORDER = Fn.ORDER
const FIELD = 2n ** 255n - 19n
const MESSAGE = Buffer.from('what is signed')
const SECRET = 12_345n
const NONCE = 777n
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

type Point = typeof BASE

/** 32 bytes, little endian. */
function encoded(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}

function challenge(r: Uint8Array, key: Uint8Array): bigint {
  const digest = createHash('sha512')
    .update(Buffer.concat([r, key, MESSAGE]))
    .digest()
  return BigInt(`0x${digest.reverse().toString('hex')}`) % ORDER
}

const key = (point: Point) => Buffer.from(point.toBytes())
const A = BASE.multiply(SECRET)

/** A point of order eight. */
function torsion(): Point {
  for (let y = 2n; ; y++) {
    const point = pointAt(y)
    const rest = point?.multiplyUnsafe(ORDER - 1n).add(point)
    if (rest !== undefined && !rest.multiplyUnsafe(4n).is0()) return rest
  }
}

function pointAt(y: bigint): Point | null {
  try {
    return ed25519.Point.fromBytes(encoded(y))
  } catch {
    return null
  }
}

/** A signature with the given encoding of R, whose discrete logarithm is `nonce` but for its torsion. */
function made(by: Uint8Array, r: Uint8Array, nonce: bigint) {
  const s = (nonce + challenge(r, by) * SECRET) % ORDER
  return { key: by, signature: Buffer.concat([r, encoded(s)]), s }
}

const right = made(key(A), key(BASE.multiply(NONCE)), NONCE)
const anybody = Buffer.concat([key(BASE.multiply(5n)), encoded(5n)])

function byOpenssl({ key: raw, signature }: { key: Uint8Array; signature: Uint8Array }): boolean {
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' })
  return verify(null, MESSAGE, publicKey, signature)
}

describe('Ed25519 verification', () => {
  it.each([
    ['a signature as anybody makes it', right, true],
    ['another S', { key: key(A), signature: Buffer.concat([right.signature.subarray(0, 32), encoded(3n)]) }, false],
    [
      'S above the order',
      { key: key(A), signature: Buffer.concat([right.signature.subarray(0, 32), encoded(right.s + ORDER)]) },
      false,
    ],
    ['a key of order eight, which signs nothing', { key: key(torsion()), signature: anybody }, false],
    ['the neutral element as key, for which anybody signs', { key: key(ZERO), signature: anybody }, false],
    ['a key that is not canonical', { key: encoded(FIELD + 1n), signature: anybody }, false],
    ['R of small order', made(key(A), key(ZERO), 0n), false],
    ['R with torsion', made(key(A), key(BASE.multiply(NONCE).add(torsion())), NONCE), false],
    ['R that is not canonical', made(key(A), encoded(FIELD + 1n), 0n), false],
  ])('%s', (_name, signed, expected) => {
    expect(verifyEd25519({ ...signed, bytes: MESSAGE })).toBe(expected)
    expect(byOpenssl(signed)).toBe(expected)
  })

  it('takes what was signed, and not with any bit of it changed', () => {
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(bytes, fc.integer({ min: -1, max: 64 * 8 - 1 }), (seed, flipped) => {
        const signer = createSigner(seed)
        const statement = { tag: 't', chainId: '00'.repeat(32), payload: MESSAGE }
        const signature = signer.sign(statement)
        if (flipped >= 0) signature[flipped >> 3] = (signature[flipped >> 3] as number) ^ (1 << (flipped & 7))
        const raw = Buffer.from(signer.publicKey, 'hex')
        expect(verifyEd25519({ key: raw, signature, bytes: signBytes(statement) })).toBe(flipped < 0)
      }),
      { numRuns: 200 },
    )
  })

  it('refuses other lengths', () => {
    expect(verifyEd25519({ key: right.key.subarray(1), signature: right.signature, bytes: MESSAGE })).toBe(false)
    expect(verifyEd25519({ key: right.key, signature: right.signature.subarray(1), bytes: MESSAGE })).toBe(false)
    expect(
      verifyEd25519({ key: right.key, signature: Buffer.concat([right.signature, Buffer.of(0)]), bytes: MESSAGE }),
    ).toBe(false)
  })
})
