import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTransaction, parseTxMessage, signTransaction } from '../../../src/ledger/codec.ts'
import { kvModule } from '../../../src/ledger/modules/kv.ts'
import { isRefusal } from '../../../src/ledger/refusals.ts'
import { createTxCache } from '../../../src/ledger/tx-cache.ts'
import { MAX_ENTRIES, MAX_TX_BYTES } from '../../../src/ledger/types.ts'
import { KvEntry, SignedTx, TxMessage, TxPayload } from '../../../src/protocols/wire/tx.gen.ts'
import { CHAIN, kv, OTHER_CHAIN, signerOf, tx } from './fixtures.ts'

const modules = new Map([[kvModule.name, kvModule]])
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function codeOf(bytes: Uint8Array): string {
  const parsed = createTxCache({ chainId: CHAIN, modules }).parse(bytes)
  return isRefusal(parsed) ? parsed.code : 'taken'
}

function signedRaw(payload: Uint8Array): Uint8Array {
  const signer = signerOf(0)
  const signature = signer.sign({ tag: 'palaver/tx/1', chainId: CHAIN, payload })
  return SignedTx.encode({ payload, signer: Buffer.from(signer.publicKey, 'hex'), signature })
}

function body(fields: Partial<TxPayload>): Uint8Array {
  return TxPayload.encode({ chainId: Buffer.from(CHAIN, 'hex'), nonce: 0, entries: [kv('a', 'b')], ...fields })
}

test('golden bytes of a signed transaction: changing them means palaver/tx/2', () => {
  const golden = signTransaction({ chainId: '11'.repeat(32), nonce: 7, entries: [kv('city', 'Geneva')] }, signerOf(0))
  expect({ txId: golden.txId, bytes: hexOf(golden.bytes) }).toMatchInlineSnapshot(`
    {
      "bytes": "0a3a0a20111111111111111111111111111111111111111111111111111111111111111110071a140a026b76120e0a0463697479120647656e65766112208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c1a40725b113068b774f0f21ad80ba6558ea141b7274105c96ea21a8f419c249c1b85c3674df1f00014360e7e860517e70d36029a91cf9e7d5ca4f57eef8fdfea2d09",
      "txId": "d9e744ada3ef49726016b230f4a9934aaaaf7b1a2259744aa1a9ee6c1f2a1ad6",
    }
  `)
})

test('what is signed comes back from its bytes', () => {
  const sent = tx(1, 3, kv('a', 'b'), kv('c', null))
  const parsed = parseTransaction(sent.bytes, CHAIN)
  if (isRefusal(parsed)) throw new Error(parsed.detail)
  const { txId, sender, nonce, entries } = sent
  expect({ ...parsed, bytes: hexOf(parsed.bytes), payload: hexOf(parsed.payload) }).toEqual({
    ...{ txId, sender, nonce },
    entries: entries.map(({ module, payload }) => ({ module, payload: Uint8Array.from(payload) })),
    bytes: hexOf(sent.bytes),
    payload: hexOf(sent.payload),
    signature: Uint8Array.from(sent.signature),
  })
})

test('the same payload by another signer is another transaction', () => {
  expect(tx(0, 0, kv('a', 'b')).txId).not.toBe(tx(1, 0, kv('a', 'b')).txId)
})

const good = tx(0, 0, kv('a', 'b'))
const signed = SignedTx.decode(good.bytes)
const chainBytes = Buffer.from(CHAIN, 'hex')
const refused: readonly { readonly given: string; readonly bytes: Uint8Array; readonly code: string }[] = [
  { given: 'nothing', bytes: new Uint8Array(0), code: 'malformed' },
  { given: 'noise', bytes: Buffer.from('not a transaction'), code: 'malformed' },
  { given: 'a cut envelope', bytes: good.bytes.subarray(0, -1), code: 'malformed' },
  { given: 'a trailing byte', bytes: Buffer.concat([good.bytes, Buffer.of(0)]), code: 'malformed' },
  { given: 'an unknown field', bytes: Buffer.concat([good.bytes, Buffer.of(0x20, 1)]), code: 'malformed' },
  { given: 'a field twice', bytes: Buffer.concat([good.bytes, good.bytes]), code: 'malformed' },
  {
    given: 'fields in another order',
    bytes: Buffer.concat([
      SignedTx.encode({ signer: signed.signer }),
      SignedTx.encode({ ...signed, signer: undefined }),
    ]),
    code: 'malformed',
  },
  { given: 'a short signer', bytes: SignedTx.encode({ ...signed, signer: Buffer.alloc(31) }), code: 'malformed' },
  { given: 'a short signature', bytes: SignedTx.encode({ ...signed, signature: Buffer.alloc(63) }), code: 'malformed' },
  { given: 'no entry', bytes: signedRaw(body({ entries: [] })), code: 'malformed' },
  { given: 'no chain id', bytes: signedRaw(body({ chainId: new Uint8Array(0) })), code: 'malformed' },
  {
    given: 'a nonce beyond 2^53',
    bytes: signedRaw(Buffer.concat([Buffer.of(10, 32), chainBytes, Buffer.from('10ffffffffffffffffff01', 'hex')])),
    code: 'malformed',
  },
  {
    given: 'a payload with an unknown field',
    bytes: signedRaw(Buffer.concat([body({}), Buffer.of(0x28, 1)])),
    code: 'malformed',
  },
  {
    given: 'a module name that is not UTF-8',
    bytes: signedRaw(Buffer.concat([Buffer.of(10, 32), chainBytes, Buffer.of(26, 4, 10, 2, 0xff, 0xff)])),
    code: 'malformed',
  },
  {
    given: 'another chain',
    bytes: signTransaction({ chainId: OTHER_CHAIN, nonce: 0, entries: [kv('a', 'b')] }, signerOf(0)).bytes,
    code: 'other-chain',
  },
  { given: 'too many bytes', bytes: Buffer.alloc(MAX_TX_BYTES + 1), code: 'too-large' },
  {
    given: 'an unknown module',
    bytes: tx(0, 0, { module: 'nope', payload: Buffer.of(1) }).bytes,
    code: 'unknown-module',
  },
  {
    given: 'a kv entry that is noise',
    bytes: tx(0, 0, { module: 'kv', payload: Buffer.of(255) }).bytes,
    code: 'bad-entry',
  },
  { given: 'an empty key', bytes: tx(0, 0, { module: 'kv', payload: new Uint8Array(0) }).bytes, code: 'bad-entry' },
]

describe('refused before anything is kept', () => {
  test.each(refused)('$given: $code', ({ bytes, code }) => {
    expect(codeOf(bytes)).toBe(code)
  })

  test('more entries than allowed', () => {
    const entries = Array.from({ length: MAX_ENTRIES + 1 }, () => kv('a', ''))
    expect(codeOf(signedRaw(body({ entries })))).toMatch(/too-large|malformed/)
    expect(codeOf(signedRaw(body({ entries: entries.slice(1) })))).toBe('taken')
  })
})

describe('kv entries', () => {
  const parse = (fields: Partial<KvEntry>): boolean => kvModule.parse(KvEntry.encode(fields)).ok
  test.each([
    { given: 'a key of 256 bytes', fields: { key: 'k'.repeat(256) }, ok: true },
    { given: 'a key of 257 bytes', fields: { key: 'k'.repeat(257) }, ok: false },
    { given: 'a short key of 258 bytes in UTF-8', fields: { key: '€'.repeat(86) }, ok: false },
    { given: 'a value of 64 KiB', fields: { key: 'k', value: Buffer.alloc(65_536) }, ok: true },
    { given: 'a longer value', fields: { key: 'k', value: Buffer.alloc(65_537) }, ok: false },
    { given: 'a delete', fields: { key: 'k', delete: true }, ok: true },
    { given: 'a delete with a value', fields: { key: 'k', value: Buffer.of(1), delete: true }, ok: false },
  ])('$given: $ok', ({ fields, ok }) => {
    expect(parse(fields)).toBe(ok)
  })

  test('a key with a lone surrogate is refused: memory and disk would disagree on it', () => {
    expect(kvModule.parse(Buffer.of(10, 3, 0xed, 0xa0, 0x80)).ok).toBe(false)
  })

  test.each([
    undefined,
    null,
    'x',
    7,
    {},
    { key: 1, value: 'x' },
    { key: 'k' },
    { key: 'k', value: 'x', delete: true },
  ])('what an API client wrongly sends is a bad entry: %j', (input) => {
    expect(() => kvModule.encode(input)).toThrow(expect.objectContaining({ code: 'bad-entry' }))
  })
})

test('decoding any bytes never throws, and noise is never taken', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const parsed = parseTransaction(bytes, CHAIN)
      expect(isRefusal(parsed)).toBe(true)
      parseTxMessage(bytes)
      kvModule.parse(bytes)
    }),
  )
})

test('a transaction with any byte changed is refused or another transaction', () => {
  const whole = tx(0, 5, kv('key', 'value'), kv('other', 'value'))
  fc.assert(
    fc.property(fc.nat(whole.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = Uint8Array.from(whole.bytes)
      bytes[at] = (bytes[at] ?? 0) ^ flip
      const parsed = parseTransaction(bytes, CHAIN)
      if (isRefusal(parsed)) return
      const sameSignature = Buffer.compare(parsed.signature, whole.signature) === 0
      expect(parsed.txId === whole.txId && sameSignature).toBe(false)
    }),
  )
})

test('a known payload under a wrong signature is not taken for verified', async () => {
  const cache = createTxCache({ chainId: CHAIN, modules })
  const first = cache.parse(good.bytes)
  const forged = cache.parse(SignedTx.encode({ ...signed, signature: Buffer.alloc(64, 1) }))
  if (isRefusal(first) || isRefusal(forged)) throw new Error('both are well-formed')
  expect([await cache.verify(first), first.txId]).toEqual([true, forged.txId])
  expect(await cache.verify(forged)).toBe(false)
})

test('a message with a refusal of no transaction is no message', () => {
  expect(parseTxMessage(TxMessage.encode({ refusals: [{ txId: Buffer.alloc(3), code: 'x', detail: '' }] }))).toBeNull()
})
