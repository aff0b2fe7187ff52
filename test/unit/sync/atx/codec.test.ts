/** The default ATX's bytes: golden, one encoding only, and a decoder that survives anything. */
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { createSigner } from '../../../../src/crypto/keys.ts'
import { AtxPayload, SignedAtx } from '../../../../src/protocols/wire/atx.gen.ts'
import { atxCodec, signAtx, type UnsignedAtx } from '../../../../src/sync/atx/codec.ts'
import { networkIdOf } from '../../../../src/sync/atx/network-id.ts'

const signer = createSigner(Buffer.alloc(32, 1))
const chainId = '11'.repeat(32)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const ATX: UnsignedAtx = {
  publishEpoch: 3,
  previous: '22'.repeat(32),
  positioning: '33'.repeat(32),
  baseTickHeight: 300,
  tickCount: 50,
  body: Buffer.from('storage'),
}
const sign = (changes: Partial<UnsignedAtx> = {}) => signAtx({ ...ATX, ...changes }, { chainId, signer })

test('golden bytes of a signed ATX: changing them means palaver/atx/2', () => {
  const { id, blob } = sign()
  expect({ id, blob: hex(blob) }).toMatchInlineSnapshot(`
    {
      "blob": "0a760a208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c10031a2022222222222222222222222222222222222222222222222222222222222222222220333333333333333333333333333333333333333333333333333333333333333328ac0230323a0773746f7261676512208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c1a40cf48695427d78b6a535cf7365fd0a77f3f70ca9aaea9cabc3c08fd030ee2f49199cc37abf107c5e9a1b2a9871936e33c2a27f6afeb1e1a925dada0dab3a70b0f",
      "id": "d7f35500da79ae43a4ab20ed95a7d52afbc702107362d1fc639a67adc5be1a55",
    }
  `)
})

test('golden bytes of a network id: changing them parts the network', () => {
  const traits = { chainId, startMs: 1_735_722_000_000, timeframe: 'month' as const, n1: 6, n2: 3 }
  expect(hex(networkIdOf(traits))).toMatchInlineSnapshot(
    `"c9185de443ec79193c7dc6e0c1d8e9923614fd02d6cf3d58888b838a9461bc1e"`,
  )
  const others = [{ chainId: '12'.repeat(32) }, { startMs: 1 }, { timeframe: 60_000 }, { n1: 3 }, { n2: 6 }]
  const ids = [{}, ...others].map((other) => hex(networkIdOf({ ...traits, ...other })))
  expect(new Set(ids).size).toBe(6)
})

describe('S2 decoding', () => {
  it('gives what was signed, with the id recomputed', () => {
    const { body, ...info } = ATX
    expect(atxCodec.decode(sign().blob)).toEqual({ ...info, id: sign().id, publisher: signer.publicKey })
  })

  it('knows first ATXs, which name no other', () => {
    const decoded = atxCodec.decode(sign({ previous: null, positioning: null, baseTickHeight: 0 }).blob)
    expect([decoded?.previous, decoded?.positioning]).toEqual([null, null])
  })

  it('every field counts in the id; the signature does not', () => {
    const changes: Partial<UnsignedAtx>[] = [
      {},
      { publishEpoch: 4 },
      { previous: null },
      { positioning: null },
      { baseTickHeight: 1 },
      { tickCount: 1 },
      { body: new Uint8Array(0) },
    ]
    expect(new Set(changes.map((change) => sign(change).id)).size).toBe(changes.length)
    const signed = SignedAtx.decode(sign().blob)
    const forged = SignedAtx.encode({ ...signed, signature: new Uint8Array(64) })
    expect(atxCodec.decode(forged)?.id).toBe(sign().id)
  })

  const signed = SignedAtx.decode(sign().blob)
  const payload = AtxPayload.decode(signed.payload)
  const withPayload = (changes: Partial<AtxPayload>) =>
    SignedAtx.encode({ ...signed, payload: AtxPayload.encode({ ...payload, ...changes }) })
  const unknownField = Buffer.from('7801', 'hex')

  it.each([
    ['nothing', new Uint8Array(0)],
    ['bytes after its end', Buffer.concat([sign().blob, Buffer.of(0)])],
    ['an unknown field', Buffer.concat([sign().blob, unknownField])],
    [
      'an unknown field in the payload',
      SignedAtx.encode({ ...signed, payload: Buffer.concat([signed.payload, unknownField]) }),
    ],
    ['a short signature', SignedAtx.encode({ ...signed, signature: new Uint8Array(63) })],
    ['another signer than publisher', SignedAtx.encode({ ...signed, signer: Buffer.alloc(32, 9) })],
    ['a short publisher', withPayload({ publisher: new Uint8Array(31) })],
    ['a short previous', withPayload({ previous: new Uint8Array(31) })],
    ['a long positioning', withPayload({ positioning: new Uint8Array(33) })],
    ['an unreadable payload', SignedAtx.encode({ ...signed, payload: Buffer.from('ff', 'hex') })],
  ])('refuses %s', (_, blob) => {
    expect(atxCodec.decode(blob)).toBeNull()
  })

  it('refuses ticks beyond what a number holds', () => {
    const huge = Buffer.from('28ffffffffffffffffff01', 'hex')
    const blob = SignedAtx.encode({
      ...signed,
      payload: Buffer.concat([
        AtxPayload.encode({ ...payload, baseTickHeight: 0, tickCount: 0, body: new Uint8Array(0) }),
        huge,
      ]),
    })
    expect(atxCodec.decode(blob)).toBeNull()
  })

  it('survives any bytes, and any change to good ones gives another id, or none', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => atxCodec.decode(bytes) === null))
    const { blob, id } = sign()
    const signatureAt = blob.length - 64
    fc.assert(
      fc.property(fc.nat(signatureAt - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(blob)
        changed[at] = (changed[at] as number) ^ change
        return atxCodec.decode(changed)?.id !== id
      }),
    )
  })
})
