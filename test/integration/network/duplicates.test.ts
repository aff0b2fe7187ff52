/** P18.7 two connections between one pair: the loser's handshake may be cut short, and that is no failure. */
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { ROLE_HANDSHAKE } from '../../../src/protocols/catalogue.ts'
import { addressOf, createNetwork, isUp, peerIdOf } from '../../helpers/networks.ts'
import { shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

describe('P18.7 duplicate connections', () => {
  it('both sides that dial at the same moment are told that they are connected', async () => {
    const members = ['a', 'b', 'c', 'd', 'e', 'f']
    const pairs = members.flatMap((x, i) => members.slice(i + 1).map((y) => [x, y] as const))
    for (const [x, y] of pairs.slice(0, 8)) {
      const [a, b] = [createNetwork(x, { members }), createNetwork(y, { members })]
      await Promise.all([a.start(), b.start()])
      const answers = await Promise.all([a.connect(addressOf(b)), b.connect(addressOf(a))])
      expect(answers).toEqual([b.self, a.self])
      await until(() => isUp(a, b.self) && isUp(b, a.self))
      await Promise.all([a.stop(), b.stop()])
    }
  }, 40_000)

  it('a peer that closes one connection during its handshake, and has another, is connected', async () => {
    const a = createNetwork('a')
    await a.start()
    const peer = await startRawPeer('b')
    let closed = 0
    const closeOneOfTwo = async (connection: Connection): Promise<void> => {
      const own = await peer.dial(multiaddr(addressOf(a)), { force: true })
      await shakeAs('b', own, 1, { self: peerIdOf('b') })
      await until(() => isUp(a, peerIdOf('b')))
      closed += 1
      await connection.close()
    }
    await peer.handle(ROLE_HANDSHAKE.protocol, (_stream, connection) => closeOneOfTwo(connection))
    await expect(a.connect(String(peer.getMultiaddrs()[0]))).resolves.toBe(peerIdOf('b'))
    expect([closed, a.connectedTo, a.disconnectedFrom]).toEqual([1, [peerIdOf('b')], []])
  })

  it('the same without another connection is a failure that names its cause', async () => {
    const a = createNetwork('a')
    await a.start()
    const peer = await startRawPeer('b')
    await peer.handle(ROLE_HANDSHAKE.protocol, (_stream, connection) => void connection.close())
    await expect(a.connect(String(peer.getMultiaddrs()[0]))).rejects.toMatchObject({ code: 'handshake-failed' })
  })
})
