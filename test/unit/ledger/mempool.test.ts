import { describe, expect, test } from 'vitest'
import { createMempool, FOREIGN_TTL_MS, POOL_LIMITS } from '../../../src/ledger/mempool.ts'
import type { PooledTx, TxOrigin } from '../../../src/ledger/sender-queue.ts'

const NOBODY = new Map<string, number>()

function pooled(sender: string, nonce: number, fields: Partial<PooledTx> = {}): PooledTx {
  const bytes = fields.bytes ?? Buffer.alloc(100)
  return { txId: `${sender}:${nonce}`, sender, nonce, origin: 'local', admittedAt: 0, ...fields, bytes }
}

function ids(txs: readonly PooledTx[]): string[] {
  return txs.map(({ txId }) => txId)
}

function poolOf(...txs: readonly PooledTx[]) {
  const pool = createMempool()
  for (const tx of txs) expect(pool.admit(tx, 0)).toBeNull()
  return pool
}

describe('refusals', () => {
  const filled = (count: number, bytes: number, origin: TxOrigin, perSender: number) => {
    const pool = createMempool()
    for (let i = 0; i < count; i += 1) {
      const tx = pooled(`s${Math.floor(i / perSender)}`, i % perSender, { bytes: Buffer.alloc(bytes), origin })
      expect(pool.admit(tx, 0)).toBeNull()
    }
    return pool
  }
  const MIB = 1_048_576
  test.each([
    { given: 'the same transaction', pool: () => poolOf(pooled('a', 0)), tx: pooled('a', 0), code: 'duplicate' },
    {
      given: 'another one with a waiting nonce',
      pool: () => poolOf(pooled('a', 0)),
      tx: pooled('a', 0, { txId: 'x' }),
      code: 'nonce-taken',
    },
    { given: 'a nonce below the next', pool: () => poolOf(), tx: pooled('a', 4), next: 5, code: 'nonce-used' },
    { given: 'a nonce 4,096 ahead', pool: () => poolOf(), tx: pooled('a', 4_101), next: 5, code: 'nonce-too-far' },
    { given: 'a nonce 4,095 ahead', pool: () => poolOf(), tx: pooled('a', 4_100), next: 5, code: undefined },
    {
      given: '8 MiB of one sender',
      pool: () => filled(32, MIB / 4, 'local', 4_096),
      tx: pooled('s0', 32),
      code: 'sender-full',
    },
    { given: '64 MiB', pool: () => filled(256, MIB / 4, 'local', 32), tx: pooled('z', 0), code: 'pool-full' },
    {
      given: '65,536 transactions',
      pool: () => filled(POOL_LIMITS.txs, 0, 'local', 4_096),
      tx: pooled('z', 0),
      code: 'pool-full',
    },
    {
      given: "a peer's quarter used up, and more by this peer",
      pool: () => filled(POOL_LIMITS.peerTxs, 0, 'peer', 4_096),
      tx: pooled('z', 0, { origin: 'peer' }),
      code: 'pool-full',
    },
    {
      given: "a peer's quarter used up, and more by another",
      pool: () => filled(POOL_LIMITS.peerTxs, 0, 'peer', 4_096),
      tx: pooled('z', 0, { origin: 'other' }),
      code: undefined,
    },
  ])('$given: $code', ({ pool, tx, next = 0, code }) => {
    const made = pool()
    expect(made.check(tx, next)?.code).toBe(code)
    expect(made.admit(tx, next)?.code).toBe(code)
  })
})

describe('building', () => {
  test('senders take turns, each in the order of its nonces, whatever order they came in', () => {
    const pool = poolOf(pooled('a', 2), pooled('a', 0), pooled('a', 1), pooled('b', 0), pooled('b', 1))
    expect(ids(pool.build(NOBODY, 10_000))).toEqual(['a:0', 'b:0', 'a:1', 'b:1', 'a:2'])
  })

  test('a gap ends a sender, and nothing above it is ready', () => {
    const pool = poolOf(pooled('a', 1), pooled('b', 0), pooled('b', 2))
    expect(ids(pool.build(NOBODY, 10_000))).toEqual(['b:0'])
    expect(pool.hasReady).toBe(false)
    expect(pool.admit(pooled('a', 0), 0)).toBeNull()
    expect(pool.hasReady).toBe(true)
  })

  test('building continues above un-final ancestors', () => {
    const pool = poolOf(pooled('a', 0), pooled('a', 1), pooled('a', 2))
    expect(ids(pool.build(new Map([['a', 2]]), 10_000))).toEqual(['a:2'])
    expect(pool.hasReady).toBe(false)
    expect(ids(pool.build(NOBODY, 10_000))).toEqual(['a:0', 'a:1', 'a:2'])
  })

  test('a payload stays below its bytes, and the rest stays ready', () => {
    const pool = poolOf(pooled('a', 0), pooled('a', 1), pooled('b', 0))
    expect(ids(pool.build(NOBODY, 212))).toEqual(['a:0', 'b:0'])
    expect(pool.hasReady).toBe(true)
  })

  test('another sender begins each time', () => {
    const pool = poolOf(pooled('a', 0), pooled('b', 0))
    const first = ids(pool.build(NOBODY, 106))
    pool.resetProposed()
    expect(ids(pool.build(NOBODY, 106))).not.toEqual(first)
  })

  test('what fits no block does not stay ready', () => {
    const pool = poolOf(pooled('a', 0))
    expect(pool.build(NOBODY, 50)).toEqual([])
    expect(pool.hasReady).toBe(false)
  })

  test('after a change of leader everything is ready again', () => {
    const pool = poolOf(pooled('a', 0))
    pool.build(NOBODY, 10_000)
    expect(pool.hasReady).toBe(false)
    pool.resetProposed()
    expect(pool.hasReady).toBe(true)
  })
})

describe('leaving', () => {
  test('execution removes what is below the next nonce, and only that', () => {
    const pool = poolOf(pooled('a', 0), pooled('a', 1), pooled('a', 2))
    expect(ids(pool.advance('a', 2))).toEqual(['a:0', 'a:1'])
    expect([pool.size, pool.bytes, pool.hasReady]).toEqual([1, 100, true])
    expect(ids(pool.advance('a', 3))).toEqual(['a:2'])
    expect([pool.size, pool.bytes, pool.hasReady]).toEqual([0, 0, false])
  })

  test('what a peer brought expires, local transactions never do', () => {
    const pool = poolOf(pooled('a', 0), pooled('b', 0, { origin: 'p' }), pooled('b', 1, { origin: 'p', admittedAt: 5 }))
    expect(pool.expire(FOREIGN_TTL_MS - 1)).toEqual([])
    expect(ids(pool.expire(FOREIGN_TTL_MS))).toEqual(['b:0'])
    expect(ids(pool.build(NOBODY, 10_000))).toEqual(['a:0'])
    expect(ids(pool.expire(2 * FOREIGN_TTL_MS))).toEqual(['b:1'])
    expect(pool.size).toBe(1)
  })

  test('the next free nonce is the first that does not wait', () => {
    const pool = poolOf(pooled('a', 0), pooled('a', 1), pooled('a', 3))
    expect([pool.nextFree('a', 0), pool.nextFree('b', 7)]).toEqual([2, 7])
  })
})
