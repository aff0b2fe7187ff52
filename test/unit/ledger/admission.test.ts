import { describe, expect, test } from 'vitest'
import { signTransaction } from '../../../src/ledger/codec.ts'
import { RESEND_AFTER_MS } from '../../../src/ledger/relay.ts'
import { SignedTx } from '../../../src/protocols/wire/tx.gen.ts'
import { blockOf, kv, OTHER_CHAIN, openLedger, signerOf, tx } from './fixtures.ts'

describe('what admission answers', () => {
  const good = tx(0, 1)
  const forged = SignedTx.encode({ ...SignedTx.decode(tx(0, 2).bytes), signature: Buffer.alloc(64, 7) })
  const foreign = signTransaction({ chainId: OTHER_CHAIN, nonce: 1, entries: [kv('a', 'b')] }, signerOf(0))
  test.each([
    { given: 'the next transaction', bytes: good.bytes, code: undefined },
    { given: 'one that waits', bytes: tx(1, 0).bytes, code: 'duplicate' },
    { given: 'one that is final', bytes: tx(0, 0).bytes, code: 'duplicate' },
    { given: 'another one with a final nonce', bytes: tx(0, 0, kv('x', 'y')).bytes, code: 'nonce-used' },
    { given: 'another one with a waiting nonce', bytes: tx(1, 0, kv('x', 'y')).bytes, code: 'nonce-taken' },
    { given: 'a nonce far ahead', bytes: tx(0, 5_000).bytes, code: 'nonce-too-far' },
    { given: 'a wrong signature', bytes: forged, code: 'bad-signature' },
    { given: 'a replay from another chain', bytes: foreign.bytes, code: 'other-chain' },
    { given: 'noise', bytes: Buffer.from('noise'), code: 'malformed' },
    { given: 'too many bytes', bytes: Buffer.alloc(300_000), code: 'too-large' },
    {
      given: 'an unknown module',
      bytes: tx(0, 1, { module: 'x', payload: Buffer.of(1) }).bytes,
      code: 'unknown-module',
    },
    { given: 'a bad entry', bytes: tx(0, 1, { module: 'kv', payload: Buffer.of(9) }).bytes, code: 'bad-entry' },
  ])('$given: $code', async ({ bytes, code }) => {
    const { ledger } = await openLedger()
    await ledger.deliver(blockOf(1, tx(0, 0)))
    await ledger.waitFinal(tx(0, 0).txId, 1_000)
    await ledger.admit([tx(1, 0).bytes], 'peer')
    const [outcome] = await ledger.admit([bytes], 'local')
    expect(outcome).toEqual(code === undefined ? { txId: good.txId } : expect.objectContaining({ code }))
    expect(ledger.counters().refused).toEqual(code === undefined ? {} : { [code]: 1 })
    if (outcome !== undefined && 'detail' in outcome) expect(outcome.detail.length).toBeGreaterThan(30)
  })

  test('one bad signature among good ones refuses that one only', async () => {
    const { ledger } = await openLedger()
    const outcomes = await ledger.admit([tx(0, 0).bytes, forged, tx(1, 0).bytes], 'peer')
    expect(outcomes.map((outcome) => ('code' in outcome ? outcome.code : 'ok'))).toEqual(['ok', 'bad-signature', 'ok'])
  })

  test('a signer that is no point on the curve is a bad signature, not a crash', async () => {
    const { ledger } = await openLedger()
    const noPoint = SignedTx.encode({ ...SignedTx.decode(tx(0, 0).bytes), signer: Buffer.alloc(32, 0xff) })
    expect(await ledger.admit([noPoint], 'peer')).toEqual([expect.objectContaining({ code: 'bad-signature' })])
  })
})

describe('submitting with a key', () => {
  test('each submission takes the next nonce, also when they come together', async () => {
    const { ledger } = await openLedger()
    const ids = await Promise.all([1, 2, 3].map((n) => ledger.submit([kv('n', `${n}`)], signerOf(0))))
    expect(new Set(ids).size).toBe(3)
    expect(await ledger.buildPayload([], 100_000)).toHaveLength(3)
  })

  test('waiting ends with finality, or with the pending record at the deadline', async () => {
    const { ledger } = await openLedger()
    const txId = await ledger.submit([kv('a', 'b')], signerOf(0))
    expect(await ledger.waitFinal(txId, 1)).toMatchObject({ txId, status: 'pending', height: null })
    expect(await ledger.transaction(txId)).toMatchObject({ status: 'pending' })
    const waiting = ledger.waitFinal(txId, 5_000)
    const payload = await ledger.buildPayload([], 100_000)
    await ledger.deliver(blockOf(1, ...payload.map((bytes) => ({ bytes }))))
    expect(await waiting).toMatchObject({ status: 'final', height: 1, index: 0, result: { ok: true } })
    expect(await ledger.waitFinal(txId, 5_000)).toMatchObject({ status: 'final', height: 1 })
    expect([ledger.pendingCount(), ledger.finality.latencies(1_000_000, 1_000)?.count]).toEqual([0, 1])
  })

  test('a transaction whose nonce another one used has failed, and its waiter hears so', async () => {
    const { ledger } = await openLedger()
    const txId = await ledger.submit([kv('a', 'b')], signerOf(0))
    const waiting = ledger.waitFinal(txId, 5_000)
    await ledger.deliver(blockOf(1, tx(0, 0, kv('other', 'one'))))
    expect(await waiting).toMatchObject({ status: 'failed', reason: { code: 'nonce-used' } })
    expect(await ledger.transaction(txId)).toMatchObject({ status: 'failed' })
  })

  test.each([
    { given: 'no entry', entries: [], code: 'malformed' },
    { given: 'too many entries', entries: Array.from({ length: 4_097 }, () => kv('a', '')), code: 'too-large' },
    { given: 'an unknown module', entries: [{ module: 'x', payload: Buffer.of(1) }], code: 'unknown-module' },
  ])('$given: $code', async ({ entries, code }) => {
    const { ledger } = await openLedger()
    await expect(ledger.submit(entries, signerOf(0))).rejects.toMatchObject({ code })
    await expect(ledger.submit([kv('a', 'b')], signerOf(0))).resolves.toBeTypeOf('string')
  })

  test('entries are made from what API clients write', async () => {
    const { ledger } = await openLedger()
    expect(ledger.encodeEntry('kv', { key: 'a', value: 'b' })).toEqual(kv('a', 'b'))
    expect(() => ledger.encodeEntry('nope', {})).toThrow(expect.objectContaining({ code: 'unknown-module' }))
  })
})

describe('local transactions survive a kill', () => {
  test('none that was admitted is lost, nonces go on behind them, and they are sent once there is a network', async () => {
    const first = await openLedger()
    const ids = [
      await first.ledger.submit([kv('a', '1')], signerOf(0)),
      await first.ledger.submit([kv('a', '2')], signerOf(0)),
    ]
    await first.ledger.admit([tx(3, 0).bytes], 'peer')
    await first.kill()

    const second = await openLedger({ dir: first.dir })
    second.transport.currentLeader = 'leader'
    expect(second.ledger.pendingCount()).toBe(2)
    ids.push(await second.ledger.submit([kv('a', '3')], signerOf(0)))
    await expect.poll(() => second.transport.sent.length).toBe(1)
    second.ledger.tick(second.clock.now())
    expect(second.transport.sent.length).toBe(2)
    const payload = (await second.ledger.buildPayload([], 100_000)).map((bytes) => ({ bytes }))
    await second.ledger.deliver(blockOf(1, ...payload))
    for (const [index, txId] of ids.entries()) {
      expect(await second.ledger.waitFinal(txId, 5_000)).toMatchObject({ status: 'final', index })
    }
    await second.stop()

    const third = await openLedger({ dir: first.dir })
    expect([third.ledger.pendingCount(), (await third.ledger.get('a')).value]).toEqual([0, '3'])
  })
})

describe('pending', () => {
  test('is told when there is something to propose, and when there is no more', async () => {
    const { ledger } = await openLedger()
    const seen: boolean[] = []
    ledger.onPendingChange((pending) => seen.push(pending))
    await ledger.admit([tx(0, 1).bytes], 'peer')
    expect(seen).toEqual([])
    await ledger.admit([tx(0, 0).bytes], 'peer')
    expect(seen).toEqual([true])
    await ledger.buildPayload([], 100_000)
    expect(seen).toEqual([true, false])
    ledger.leaderChanged()
    expect(seen).toEqual([true, false, true])
    await ledger.deliver(blockOf(1, tx(0, 0), tx(0, 1)))
    await ledger.waitFinal(tx(0, 1).txId, 5_000)
    expect(seen).toEqual([true, false, true, false])
  })

  test('foreign transactions leave after ten minutes', async () => {
    const { ledger, clock } = await openLedger()
    await ledger.admit([tx(0, 0).bytes], 'peer')
    clock.advance(600_000)
    ledger.tick(clock.now())
    expect([ledger.pendingCount(), ledger.counters().expiredTxs]).toEqual([0, 1])
    expect(RESEND_AFTER_MS).toBeLessThan(600_000)
  })
})
