/** Finding peers: one bootstrap address is enough for the whole committee; duplicates end; records are refused. */
import { describe, expect, it } from 'vitest'
import { addressOf, createNetwork, isUp, publicKeyOf, type TestNetwork } from '../../helpers/networks.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'

const NAMES = ['a', 'b', 'c', 'd']
const committee = () => NAMES.map(publicKeyOf)

async function startCommittee(): Promise<TestNetwork[]> {
  const first = createNetwork('a', { committee })
  await first.start()
  const rest = NAMES.slice(1).map((name) => createNetwork(name, { committee, bootstrap: [addressOf(first)] }))
  await Promise.all(rest.map((network) => network.start()))
  return [first, ...rest]
}

describe('discovery', () => {
  it('reaches the whole committee from one bootstrap address, over loopback', async () => {
    const nodes = await startCommittee()
    const isComplete = () => nodes.every((node) => nodes.every((other) => node === other || isUp(node, other.self)))
    await until(isComplete, 20_000, 'the full mesh')
  })

  it('an observer in client mode finds the committee too', async () => {
    const nodes = await startCommittee()
    const observer = createNetwork('observer', {
      committee,
      dht: 'client',
      bootstrap: [addressOf(nodes[0] as TestNetwork)],
    })
    await observer.start()
    await until(() => nodes.every(({ self }) => isUp(observer, self)), 20_000, 'the observer to see all')
    expect(nodes[1]?.peers().find(({ peerId }) => peerId === observer.self)?.roles).toEqual([])
  })

  it('dials a lost member again', async () => {
    const [a, b] = [createNetwork('a', { committee }), createNetwork('b', { committee })]
    await a.start()
    await b.start()
    await a.connect(addressOf(b))
    await until(() => isUp(b, a.self))
    const address = addressOf(b).replace(/\/p2p\/.*/, '')
    await b.stop()
    await until(() => !isUp(a, b.self))
    const again = createNetwork('b', { committee, listen: [address] })
    await again.start()
    await until(() => isUp(a, again.self), 20_000, 'the second life of b')
  })

  it('simultaneous dials leave one connection, and nobody flaps', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    await Promise.all([a.start(), b.start()])
    await Promise.all([a.connect(addressOf(b)), b.connect(addressOf(a))])
    await until(() => isUp(a, b.self) && isUp(b, a.self))
    const connections = (node: TestNetwork) => node.peers().map(({ direction }) => direction)
    await until(() => connections(a)[0] !== connections(b)[0], 5_000, 'both to use the same connection')
    expect([a.connectedTo.length, a.disconnectedFrom.length]).toEqual([1, 0])
  })

  it('keeps peers in its folder across restarts', async () => {
    const datastorePath = await tempDir()
    const [a, b] = [createNetwork('a', { committee, datastorePath }), createNetwork('b', { committee })]
    await Promise.all([a.start(), b.start()])
    await a.connect(addressOf(b))
    await until(() => isUp(b, a.self))
    await a.stop()
    const again = createNetwork('a', { committee, datastorePath })
    await again.start()
    await until(() => isUp(again, b.self), 20_000, 'b from the stored addresses')
  })
})
