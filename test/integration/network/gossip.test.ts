/** Topics between real nodes: publishing really reaches others, verdicts count, caps and rates hold. */
import { describe, expect, it } from 'vitest'
import type { GossipValidator } from '../../../src/protocols/network.ts'
import { addressOf, createNetwork, startPair } from '../../helpers/networks.ts'
import { until } from '../../helpers/until.ts'

const ROW = { name: 'test/news/1', maxMessageBytes: 1_024, rate: 5, burst: 10 }
const text = (message: Uint8Array): string => Buffer.from(message).toString()

describe('gossip', () => {
  it('reaches a second node, named by its author (with ChainSafe 14 on libp2p 3 it reached nobody)', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const heard: { from: string; message: string }[] = []
    const topic = a.topic(ROW, () => 'accept')
    b.topic(ROW, (from, message) => {
      heard.push({ from, message: text(message) })
      return 'accept'
    })
    await startPair(a, b)
    await until(async () => (await topic.publish(Buffer.from('hello'))) === 1, 10_000, 'a recipient')
    await until(() => heard.length > 0)
    expect(heard[0]).toEqual({ from: a.self, message: 'hello' })
  })

  it('is relayed over a node in between, and not when that node ignores it', async () => {
    const [a, b, c] = [createNetwork('a'), createNetwork('b'), createNetwork('c')]
    const heard: string[] = []
    const topic = a.topic(ROW, () => 'accept')
    b.topic(ROW, (_from, message) => (text(message) === 'secret' ? 'ignore' : 'accept'))
    c.topic(ROW, (from, message) => {
      if (from === a.self) heard.push(text(message))
      return 'accept'
    })
    await startPair(a, b)
    await c.start()
    await c.connect(addressOf(b))
    await until(async () => (await topic.publish(Buffer.from('secret'))) > 0)
    await until(async () => {
      await topic.publish(Buffer.from('public'))
      return heard.includes('public')
    })
    expect(heard).not.toContain('secret')
  })

  it('resolves to 0 with nobody around, and before start', async () => {
    const a = createNetwork('a')
    const topic = a.topic(ROW, () => 'accept')
    expect(await topic.publish(Buffer.from('x'))).toBe(0)
    await a.start()
    expect(await topic.publish(Buffer.from('x'))).toBe(0)
  })

  it('a rejected message lowers the score of the peer it came from', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const topic = a.topic(ROW, () => 'accept')
    b.topic(ROW, () => 'reject')
    await startPair(a, b)
    await until(async () => (await topic.publish(Buffer.from('bad'))) === 1)
    await until(() => (b.peers()[0]?.score ?? 0) < 0)
  })

  it('an author above its rate is ignored, not relayed, not judged', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    let judged = 0
    const count: GossipValidator = () => {
      judged += 1
      return 'accept'
    }
    const topic = a.topic(ROW, () => 'accept')
    b.topic({ ...ROW, rate: 0.001, burst: 3 }, count)
    await startPair(a, b)
    await until(async () => (await topic.publish(Buffer.from('first'))) === 1)
    for (let i = 0; i < 20; i++) await topic.publish(Buffer.from(`more ${i}`))
    await until(() => judged === 3)
    await topic.publish(Buffer.from('last'))
    expect(judged).toBe(3)
    expect(b.peers()[0]?.score).toBe(0)
  })

  it('a validator that throws judges nothing and harms nobody', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const topic = a.topic(ROW, () => 'accept')
    b.topic(ROW, () => {
      throw new Error('bug in a validator')
    })
    await startPair(a, b)
    await until(async () => (await topic.publish(Buffer.from('x'))) === 1)
    await until(() => b.log.some(({ level }) => level === 'error'))
    expect(b.peers()).toHaveLength(1)
  })
})
