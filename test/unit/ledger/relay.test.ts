import { describe, expect, test } from 'vitest'
import { encodeTxMessage, parseTxMessage, signTransaction } from '../../../src/ledger/codec.ts'
import { RESEND_AFTER_MS } from '../../../src/ledger/relay.ts'
import { blockOf, type FakeTransport, kv, OTHER_CHAIN, openLedger, signerOf, tx } from './fixtures.ts'

/** Lets what was queued for this turn of the event loop leave. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function carried(messages: readonly Uint8Array[]): number[] {
  return messages.map((message) => parseTxMessage(message)?.transactions.length ?? -1)
}

function direct(transport: FakeTransport): number[] {
  return carried(transport.sent.map(({ message }) => message))
}

describe('sending', () => {
  test('local transactions of one turn leave together, straight to the leader, within that turn', async () => {
    const { ledger, transport } = await openLedger()
    transport.currentLeader = 'leader'
    const submitted = [1, 2, 3].map((n) => ledger.submit([kv('n', `${n}`)], signerOf(0)))
    await turn()
    expect([direct(transport), transport.sent[0]?.to, transport.published]).toEqual([[3], 'leader', []])
    await Promise.all(submitted)
  })

  test.each([
    { given: 'no known leader', leader: null, reachable: true },
    { given: 'a leader without a direct way', leader: 'leader', reachable: false },
  ])('$given: they go by gossip', async ({ leader, reachable }) => {
    const { ledger, transport } = await openLedger()
    Object.assign(transport, { currentLeader: leader, reachable })
    await ledger.submit([kv('a', 'b')], signerOf(0))
    await turn()
    expect([direct(transport), carried(transport.published)]).toEqual([[], [1]])
  })

  test('the leader itself sends nothing', async () => {
    const { ledger, transport } = await openLedger()
    await ledger.submit([kv('a', 'b')], signerOf(0))
    await turn()
    expect([transport.sent, transport.published]).toEqual([[], []])
  })

  test('messages stay below the cap of their channel', async () => {
    const { ledger, transport } = await openLedger()
    transport.currentLeader = 'leader'
    const big = Array.from({ length: 3 }, (_, index) => kv(`k${index}`, 'v'.repeat(65_536)))
    const submitted = Array.from({ length: 6 }, () => ledger.submit(big, signerOf(0)))
    await Promise.all(submitted)
    await turn()
    expect(direct(transport)).toEqual([4, 2])
    for (const { message } of transport.sent) expect(message.byteLength).toBeLessThan(1_048_576)
  })

  test('what is not final after two seconds is sent again, and what is final is not', async () => {
    const { ledger, transport, clock } = await openLedger()
    transport.currentLeader = 'leader'
    const txId = await ledger.submit([kv('a', 'b')], signerOf(0))
    await turn()
    clock.advance(RESEND_AFTER_MS - 1)
    ledger.tick(clock.now())
    expect(direct(transport)).toEqual([1])
    clock.advance(1)
    ledger.tick(clock.now())
    expect(direct(transport)).toEqual([1, 1])
    const payload = await ledger.buildPayload([], 100_000)
    await ledger.deliver(blockOf(1, ...payload.map((bytes) => ({ bytes }))))
    await ledger.waitFinal(txId, 5_000)
    clock.advance(10 * RESEND_AFTER_MS)
    ledger.tick(clock.now())
    expect(direct(transport)).toEqual([1, 1])
  })

  test('a new leader gets what waits at once, at a bounded rate', async () => {
    const { ledger, transport, clock } = await openLedger()
    transport.currentLeader = 'old'
    const big = Array.from({ length: 3 }, (_, index) => kv(`k${index}`, 'v'.repeat(65_536)))
    await Promise.all(Array.from({ length: 30 }, () => ledger.submit(big, signerOf(0))))
    await turn()
    transport.sent.length = 0
    transport.currentLeader = 'new'
    clock.advance(10)
    ledger.leaderChanged()
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
    expect([sum(direct(transport)), transport.sent[0]?.to]).toEqual([21, 'new'])
    clock.advance(1_000)
    ledger.tick(clock.now())
    expect(sum(direct(transport))).toBe(30)
  })
})

describe('receiving', () => {
  const message = (...transactions: Uint8Array[]): Uint8Array => encodeTxMessage({ transactions })

  test('a proposer keeps what a peer brings and answers refusals; a duplicate needs no answer', async () => {
    const { ledger, transport } = await openLedger()
    await ledger.relay.receive('peer', message(tx(0, 0).bytes))
    await ledger.relay.receive('peer', message(tx(0, 0).bytes, tx(0, 9_000).bytes, tx(0, 0, kv('x', 'y')).bytes))
    expect(ledger.pendingCount()).toBe(1)
    const answers = transport.sent.map(({ message: sent }) => parseTxMessage(sent)?.refusals.map(({ code }) => code))
    expect([answers, transport.penalties]).toEqual([[['nonce-too-far', 'nonce-taken']], []])
  })

  test('who is no proposer keeps nothing, and nobody forwards', async () => {
    const { ledger, transport } = await openLedger({ keepsForeign: () => false })
    await ledger.relay.receive('peer', message(tx(0, 0).bytes))
    expect(await ledger.relay.receiveGossip('peer', message(tx(0, 0).bytes))).toBe('accept')
    await turn()
    expect([ledger.pendingCount(), transport.sent, transport.published]).toEqual([0, [], []])
  })

  test('a proposer that gets them by gossip keeps them and sends them nowhere', async () => {
    const { ledger, transport, clock } = await openLedger()
    transport.currentLeader = 'leader'
    expect(await ledger.relay.receiveGossip('peer', message(tx(0, 0).bytes))).toBe('accept')
    expect(await ledger.relay.receiveGossip('other', message(tx(0, 0).bytes))).toBe('ignore')
    clock.advance(10 * RESEND_AFTER_MS)
    ledger.tick(clock.now())
    ledger.leaderChanged()
    expect([ledger.pendingCount(), transport.sent, transport.published]).toEqual([1, [], []])
  })

  const foreign = signTransaction({ chainId: OTHER_CHAIN, nonce: 0, entries: [kv('a', 'b')] }, signerOf(0)).bytes
  test.each([
    { given: 'noise', bytes: Buffer.from('noise!'), penalty: 'malformed' },
    { given: 'a transaction that is noise', bytes: message(Buffer.from('noise')), penalty: 'invalid' },
    { given: 'a transaction of another chain', bytes: message(foreign), penalty: 'invalid' },
  ])('$given: the peer is penalised, and its gossip rejected', async ({ bytes, penalty }) => {
    const { ledger, transport } = await openLedger()
    await ledger.relay.receive('peer', bytes)
    expect(transport.penalties).toEqual([{ peer: 'peer', penalty }])
    expect(await ledger.relay.receiveGossip('peer', bytes)).toBe('reject')
    const observer = await openLedger({ keepsForeign: () => false })
    expect(await observer.ledger.relay.receiveGossip('peer', bytes)).toBe('reject')
  })

  test('a lying refusal does not make a local transaction fail', async () => {
    const { ledger } = await openLedger()
    const txId = await ledger.submit([kv('a', 'b')], signerOf(0))
    const refusals = [{ txId, code: 'nonce-used', detail: '' }]
    await ledger.relay.receive('peer', encodeTxMessage({ refusals }))
    expect([await ledger.transaction(txId), ledger.relay.counters.refusedByPeers]).toMatchObject([
      { status: 'pending' },
      1,
    ])
  })
})
