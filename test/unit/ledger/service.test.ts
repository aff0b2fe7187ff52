import { describe, expect, test } from 'vitest'
import { signTransaction } from '../../../src/ledger/codec.ts'
import type { ExecutedBlock, Transaction } from '../../../src/ledger/types.ts'
import { SignedTx } from '../../../src/protocols/wire/tx.gen.ts'
import { blockOf, kv, type Opened, OTHER_CHAIN, openLedger, picky, signerOf, tx } from './fixtures.ts'

async function deliverAll(opened: Opened, ...blocks: readonly Parameters<Opened['ledger']['deliver']>[0][]) {
  for (const block of blocks) await opened.ledger.deliver(block)
  return opened.ledger.stateRootAt(blocks.at(-1)?.height ?? 0)
}

function forged(of: Transaction): { bytes: Uint8Array } {
  return { bytes: SignedTx.encode({ ...SignedTx.decode(of.bytes), signature: Buffer.alloc(64, 7) }) }
}

describe('genesis', () => {
  test('the initial kv is there at height 0, and decides the root', async () => {
    const { ledger } = await openLedger()
    const other = await openLedger({ initialKv: { motto: 'war' } })
    expect(await ledger.get('motto')).toEqual({ value: 'parley', height: 0 })
    expect(await ledger.get('absent')).toEqual({ value: null, height: 0 })
    expect(await ledger.stateRootAt(0)).not.toBe(await other.ledger.stateRootAt(0))
  })

  test('a ledger of another network is refused', async () => {
    const first = await openLedger()
    await first.stop()
    await expect(openLedger({ dir: first.dir, chainId: OTHER_CHAIN })).rejects.toMatchObject({ code: 'wrong-network' })
  })
})

describe('execution', () => {
  test('final blocks change the state, once and in order', async () => {
    const opened = await openLedger()
    const { ledger } = opened
    const first = tx(0, 0, kv('city', 'Geneva'), kv('motto', null))
    await deliverAll(opened, blockOf(1, first), blockOf(2, tx(0, 1, kv('city', 'Bern'))), blockOf(3))
    await ledger.waitFinal(first.txId, 1_000)
    expect([await ledger.get('city'), (await ledger.get('motto')).value]).toEqual([{ value: 'Bern', height: 3 }, null])
    expect(await ledger.transaction(first.txId)).toEqual({
      ...{ txId: first.txId, status: 'final', height: 1, blockHash: blockOf(1, first).hash, index: 0 },
      result: { ok: true, entries: [{ ok: true }, { ok: true }] },
    })
  })

  test('a transaction is atomic: one failed entry takes back the others, and the nonce is used', async () => {
    const opened = await openLedger()
    const bad = tx(0, 0, kv('a', '1'), picky(5), picky(5, 6), picky(0), picky(5))
    await deliverAll(opened, blockOf(1, tx(1, 0, kv('a', '0'), picky(5, 1)), bad, tx(0, 1, picky(5, 2))))
    const record = await opened.ledger.waitFinal(bad.txId, 1_000)
    const codes = ['rolled-back', 'rolled-back', 'rolled-back', 'zero', 'not-run']
    expect(record.result).toEqual({ ok: false, entries: codes.map((code) => ({ ok: false, code })) })
    expect((await opened.ledger.get('a')).value).toBe('0')

    const same = await openLedger()
    await deliverAll(same, blockOf(1, tx(1, 0, kv('a', '0'), picky(5, 1)), tx(0, 0, picky(0)), tx(0, 1, picky(5, 2))))
    expect(await opened.ledger.stateRootAt(1)).toBe(await same.ledger.stateRootAt(1))
  })

  test('final nonsense, wrong nonces and duplicates are skipped without effect', async () => {
    const opened = await openLedger()
    const clean = await openLedger()
    const [one, two] = [tx(0, 0), tx(0, 1)]
    const executed: ExecutedBlock[] = []
    opened.ledger.onExecuted((block) => executed.push(block))
    const noise = { bytes: Buffer.from('noise') }
    const root = await deliverAll(opened, blockOf(1, noise, one, one, tx(0, 5)), blockOf(2, one, two))
    expect(root).toBe(await deliverAll(clean, blockOf(1, one), blockOf(2, two)))
    await opened.ledger.waitFinal(two.txId, 1_000)
    expect(executed.map(({ txs }) => txs.map(({ txId }) => txId))).toEqual([[one.txId], [two.txId]])
  })

  test('two ledgers that get the same blocks in other groups have the same root at every height', async () => {
    const [apart, together] = [await openLedger(), await openLedger()]
    const blocks = Array.from({ length: 30 }, (_, index) =>
      blockOf(
        index + 1,
        tx(0, index, kv(`k${index % 7}`, index % 3 === 0 ? null : `${index}`), picky(1 + (index % 3), index)),
        tx(1 + index, 0, kv('shared', `${index}`)),
      ),
    )
    const roots: (string | null)[] = []
    for (const block of blocks) roots.push(await deliverAll(apart, block))
    await deliverAll(together, ...blocks)
    expect(new Set(roots).size).toBe(30)
    for (const [index, root] of roots.entries()) expect(await together.ledger.stateRootAt(index + 1)).toBe(root)
  })

  test('the root of a height that was not delivered is unknown', async () => {
    const { ledger } = await openLedger()
    expect(await ledger.stateRootAt(1)).toBeNull()
  })

  test('a full queue holds back whoever delivers, and loses nothing', async () => {
    const { ledger } = await openLedger()
    const accepted: number[] = []
    const blocks = Array.from({ length: 600 }, (_, index) => blockOf(index + 1, tx(0, index, picky(1 + (index % 9)))))
    for (const block of blocks) {
      await ledger.deliver(block)
      accepted.push(ledger.counters().queuedBlocks)
    }
    expect(Math.max(...accepted)).toBe(256)
    await ledger.waitFinal(tx(0, 599, picky(1 + (599 % 9))).txId, 10_000)
    expect([ledger.appliedHeight(), ledger.counters().executedTxs]).toEqual([600, 600])
  })

  test('the last 2,048 state roots are kept, across restarts', async () => {
    const opened = await openLedger()
    for (let height = 1; height <= 2_100; height += 1) await opened.ledger.deliver(blockOf(height))
    const root = await opened.ledger.stateRootAt(2_100)
    await opened.stop()
    const { ledger } = await openLedger({ dir: opened.dir })
    expect([await ledger.stateRootAt(52), await ledger.stateRootAt(53), await ledger.stateRootAt(2_101)]).toEqual([
      null,
      root,
      null,
    ])
  })

  test('a gap between delivered blocks is a bug', async () => {
    const { ledger } = await openLedger()
    await expect(ledger.deliver(blockOf(2))).rejects.toThrow('block 2 was delivered after block 0')
  })
})

describe('exactly once across restarts', () => {
  test('delivering a block twice changes nothing, in one run and in the next', async () => {
    const opened = await openLedger()
    const blocks = [blockOf(1, tx(0, 0, picky(5))), blockOf(2, tx(0, 1, picky(5)))]
    const root = await deliverAll(opened, ...blocks, ...blocks)
    await opened.stop()
    const again = await openLedger({ dir: opened.dir })
    expect([again.ledger.appliedHeight(), again.ledger.applied().stateRoot]).toEqual([2, root])
    expect(await deliverAll(again, ...blocks)).toBe(root)
    expect(again.ledger.counters().executedTxs).toBe(0)
    expect(await again.ledger.stateRootAt(1)).not.toBeNull()
  })

  test('a kill at any moment leaves a cursor and a state that agree; what is above the cursor is executed again', async () => {
    const reference = await openLedger()
    const blocks = Array.from({ length: 40 }, (_, index) =>
      blockOf(index + 1, tx(0, index, kv(`k${index}`, 'v'), picky(1))),
    )
    const root = await deliverAll(reference, ...blocks)
    const opened = await openLedger()
    await opened.stop()
    const { dir } = opened
    for (let stopAfter = 5; stopAfter <= 40; stopAfter += 7) {
      const run = await openLedger({ dir })
      const { height, stateRoot } = run.ledger.applied()
      expect(height).toBeGreaterThanOrEqual(stopAfter - 7 - 1)
      expect(stateRoot).toBe(await reference.ledger.stateRootAt(height))
      // The root is known before the write that is then cut off.
      for (const block of blocks.slice(0, stopAfter)) await deliverAll(run, block)
      await run.kill()
    }
    const last = await openLedger({ dir })
    expect(await deliverAll(last, ...blocks)).toBe(root)
  })

  test('a damaged state is told from a sound one', async () => {
    const opened = await openLedger()
    await deliverAll(opened, blockOf(1, tx(0, 0)))
    await opened.stop()
    const { ClassicLevel } = await import('classic-level')
    const db = new ClassicLevel<string, Uint8Array>(opened.dir, { valueEncoding: 'view' })
    await db.put('ledger/state/kv/k0', Buffer.from('forged'))
    await db.close()
    await expect(openLedger({ dir: opened.dir })).rejects.toMatchObject({ code: 'store-damaged' })
  })

  test('a database that cannot be written stops the ledger and says so', async () => {
    const failures: unknown[] = []
    const opened = await openLedger({ onFailure: (error) => failures.push(error) })
    await opened.kill()
    await opened.ledger.deliver(blockOf(1, tx(0, 0)))
    await expect.poll(() => failures.length).toBe(1)
    await expect(opened.ledger.deliver(blockOf(2))).rejects.toMatchObject({ code: 'closed' })
  })
})

describe('payload checks', () => {
  const cases: readonly {
    readonly given: string
    readonly txs: readonly { readonly bytes: Uint8Array }[]
    readonly pending?: readonly (readonly Transaction[])[]
    readonly verdict: string
    readonly reason?: RegExp
  }[] = [
    { given: 'no transaction', txs: [], verdict: 'valid' },
    { given: 'the next nonces', txs: [tx(0, 1), tx(0, 2), tx(1, 0)], verdict: 'valid' },
    { given: 'nonces above un-final ancestors', txs: [tx(0, 3)], pending: [[tx(0, 1)], [tx(0, 2)]], verdict: 'valid' },
    { given: 'a transaction twice', txs: [tx(1, 0), tx(1, 0)], verdict: 'invalid', reason: /transaction 1: nonce 0/ },
    { given: 'one that is final', txs: [tx(0, 0)], verdict: 'invalid', reason: /nonce 0 where 1/ },
    { given: 'one of an ancestor', txs: [tx(0, 1)], pending: [[tx(0, 1)], []], verdict: 'invalid', reason: /nonce 1/ },
    { given: 'a gap', txs: [tx(1, 1)], verdict: 'invalid', reason: /nonce 1 where 0/ },
    { given: 'a wrong signature', txs: [tx(1, 0), forged(tx(1, 1))], verdict: 'invalid', reason: /1: bad-signature/ },
    { given: 'noise', txs: [{ bytes: Buffer.from('noise') }], verdict: 'invalid', reason: /0: malformed/ },
    {
      given: 'one of another chain',
      txs: [signTransaction({ chainId: OTHER_CHAIN, nonce: 0, entries: [kv('a', 'b')] }, signerOf(1))],
      verdict: 'invalid',
      reason: /other-chain/,
    },
    {
      given: 'an unknown module',
      txs: [tx(1, 0, { module: 'nope', payload: Buffer.of(1) })],
      verdict: 'invalid',
      reason: /unknown-module/,
    },
  ]

  test.each(cases)('$given: $verdict', async ({ txs, pending = [], verdict, reason = /^$/ }) => {
    const opened = await openLedger()
    await opened.ledger.deliver(blockOf(1, tx(0, 0)))
    const ancestors = pending.map((payload, index) => blockOf(2 + index, ...payload))
    const checked = await opened.ledger.checkPayload(blockOf(2 + pending.length, ...txs), ancestors.toReversed())
    expect(checked.verdict).toBe(verdict)
    expect(checked.reason ?? '').toMatch(reason)
  })

  test('a check sees every block that was delivered before it, though none was executed when it came', async () => {
    const { ledger } = await openLedger()
    const delivered = [1, 2, 3].map((height) => ledger.deliver(blockOf(height, tx(0, height - 1))))
    const check = ledger.checkPayload(blockOf(4, tx(0, 3)), [])
    const later = ledger.deliver(blockOf(4, tx(0, 3)))
    expect(await check).toEqual({ verdict: 'valid' })
    await Promise.all([...delivered, later])
  })

  test('a block that does not stand on the executed state cannot be judged', async () => {
    const { ledger } = await openLedger()
    expect((await ledger.checkPayload(blockOf(3, tx(0, 0)), [])).verdict).toBe('retryable')
  })

  test('what is built is valid, and the next payload goes on above it', async () => {
    const { ledger } = await openLedger()
    await ledger.admit(
      [tx(0, 0), tx(0, 1), tx(1, 0), tx(2, 1)].map(({ bytes }) => bytes),
      'peer',
    )
    const first = await ledger.buildPayload([], 1_000_000)
    const parent = blockOf(1, ...first.map((bytes) => ({ bytes })))
    expect(first.length).toBe(3)
    expect(await ledger.checkPayload(parent, [])).toEqual({ verdict: 'valid' })
    await ledger.admit([tx(2, 0).bytes], 'peer')
    const second = (await ledger.buildPayload([parent], 1_000_000)).map((bytes) => ({ bytes }))
    expect(second.length).toBe(2)
    expect(await ledger.checkPayload(blockOf(2, ...second), [parent])).toEqual({ verdict: 'valid' })
  })
})
