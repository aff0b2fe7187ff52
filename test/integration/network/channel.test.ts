/** Channels between real nodes: order, reopening, back-pressure, limits, idleness. */
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/machine/clock.ts'
import { addressOf, CHANNEL, createNetwork, isUp, openChannel, startPair } from '../../helpers/networks.ts'
import { until } from '../../helpers/until.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)

describe('channels', () => {
  it('carry messages in order, both ways', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const [inboxA, inboxB] = [openChannel(a), openChannel(b)]
    await startPair(a, b)
    for (let i = 0; i < 500; i++) expect(inboxA.channel.send(b.self, bytes(`to b ${i}`))).toBe(true)
    expect(inboxB.channel.send(a.self, bytes('to a'))).toBe(true)
    await until(() => inboxB.received.length === 500 && inboxA.received.length === 1)
    expect(inboxB.received.map(({ text }) => text)).toEqual(Array.from({ length: 500 }, (_, i) => `to b ${i}`))
    expect(inboxB.received.every(({ from }) => from === a.self)).toBe(true)
  })

  it('refuse a peer that is not connected', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const inbox = openChannel(a)
    await a.start()
    expect(inbox.channel.send(b.self, bytes('x'))).toBe(false)
  })

  it('announce a peer once, and its leaving once', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    await startPair(a, b)
    expect([a.connectedTo, b.connectedTo]).toEqual([[b.self], [a.self]])
    expect(a.peers()[0]).toMatchObject({ peerId: b.self, direction: 'outbound', score: 0 })
    expect(b.peers()[0]?.roles).toEqual([
      { role: 'proposer', session: 1, index: 0 },
      { role: 'voter', session: 1, index: 0 },
    ])
    await until(() => a.peers()[0]?.latencyMs !== null && a.peers()[0]?.protocols.length)
    await b.stop()
    await until(() => a.disconnectedFrom.length === 1)
    expect(a.peers()).toEqual([])
  })

  it('reopen after a disconnect', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const [inboxA, inboxB] = [openChannel(a), openChannel(b)]
    await startPair(a, b)
    inboxA.channel.send(b.self, bytes('before'))
    await until(() => inboxB.received.length === 1)
    await a.disconnect(b.self)
    await until(() => b.disconnectedFrom.length === 1)
    await a.connect(addressOf(b))
    await until(() => isUp(b, a.self))
    inboxA.channel.send(b.self, bytes('after'))
    inboxB.channel.send(a.self, bytes('back'))
    await until(() => inboxB.received.length === 2 && inboxA.received.length === 1)
  })

  it('survive idleness: a socket that timed out is dialled again and the stream reopened', async () => {
    const timing = { socketIdleMs: 400, keepAliveMs: false, pingIntervalMs: 60_000 } as const
    const [a, b] = [createNetwork('a', { timing }), createNetwork('b', { timing })]
    const [inboxA, inboxB] = [openChannel(a), openChannel(b)]
    await startPair(a, b)
    inboxA.channel.send(b.self, bytes('one'))
    await until(() => inboxB.received.length === 1)
    await until(() => a.disconnectedFrom.length > 0, 5_000, 'the idle timeout')
    await until(() => isUp(a, b.self) && inboxA.channel.send(b.self, bytes('two')), 10_000, 'a new connection')
    await until(() => inboxB.received.some(({ text }) => text === 'two'))
  })

  it('stay open while idle, thanks to keep-alive pings', async () => {
    const timing = { socketIdleMs: 800, keepAliveMs: 100 } as const
    const [a, b] = [createNetwork('a', { timing }), createNetwork('b', { timing })]
    await startPair(a, b)
    const end = systemClock.now() + 2_000
    await until(() => systemClock.now() > end)
    expect(a.disconnectedFrom).toEqual([])
  })

  it('hold back a sender while the receiver is busy, and lose nothing', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    let release: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const sizes: number[] = []
    const row = { ...CHANNEL, maxQueueBytes: 64 * 1_048_576, protocol: '/palaver/test/slow/1' }
    const inboxA = openChannel(a, row)
    openChannel(b, row, async (_from, message) => {
      await gate
      sizes.push(message.byteLength)
    })
    await startPair(a, b)
    // 24 MB against a receiver that reads nothing: more than any buffer on the way.
    for (let i = 0; i < 24; i++) expect(inboxA.channel.send(b.self, new Uint8Array(1_000_000 + i))).toBe(true)
    const later = systemClock.now() + 1_000
    await until(() => systemClock.now() > later)
    expect(isUp(a, b.self)).toBe(true)
    expect(sizes).toEqual([])
    release()
    await until(() => sizes.length === 24, 20_000, 'all messages')
    expect(sizes).toEqual(Array.from({ length: 24 }, (_, i) => 1_000_000 + i))
  })

  it('tell a sender that its peer does not read: buffers are bounded on the whole way', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const row = { ...CHANNEL, maxQueueBytes: 4 * 1_048_576 }
    let begun = 0
    const inboxA = openChannel(a, row)
    openChannel(b, row, () => {
      begun += 1
      return new Promise(() => undefined)
    })
    await startPair(a, b)
    let sent = 0
    // Paced by the poll, so that nothing but back-pressure can fill the queue.
    const isRefused = () => {
      sent += 1
      return !inboxA.channel.send(b.self, new Uint8Array(1_000_000))
    }
    await until(isRefused, 5_000, 'a refusal')
    expect(sent).toBeLessThan(40)
    await until(() => begun > 0, 5_000, 'the first message arrives')
    expect(begun).toBe(1)
  })

  it('drop a peer that stops reading for good, after the deadline, and serve it again', async () => {
    const timing = { drainDeadlineMs: 300 }
    const [a, b] = [createNetwork('a', { timing }), createNetwork('b')]
    const seen: number[] = []
    let stuck = true
    const inboxA = openChannel(a)
    openChannel(b, CHANNEL, (_from, message) => {
      seen.push(message.byteLength)
      return stuck ? new Promise(() => undefined) : undefined
    })
    await startPair(a, b)
    for (let i = 0; i < 6; i++) inboxA.channel.send(b.self, new Uint8Array(1_000_000))
    await until(() => seen.length > 0)
    stuck = false
    await until(() => {
      inboxA.channel.send(b.self, new Uint8Array(7))
      return seen.includes(7)
    })
    expect(a.disconnectedFrom).toEqual([])
  })

  it('put libp2p’s own metrics into the given registry', async () => {
    const registry = new Registry()
    const a = createNetwork('a', { registry })
    await a.start()
    expect(await registry.metrics()).toContain('libp2p_')
  })

  it('refuse to disconnect or ban what is no peer', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    await a.start()
    await expect(a.disconnect('nonsense')).rejects.toMatchObject({ code: 'bad-peer-id' })
    await expect(a.ban('nonsense')).rejects.toMatchObject({ code: 'bad-peer-id' })
    await expect(a.disconnect(b.self)).rejects.toMatchObject({ code: 'not-connected' })
    expect(() => createNetwork('c', { listen: ['nonsense'] })).toThrow(
      expect.objectContaining({ code: 'bad-multiaddr' }),
    )
  })
})
