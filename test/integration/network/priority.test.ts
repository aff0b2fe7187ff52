/** P18.6-5 over a throttled link between two real nodes: a large block does not hold votes and clocks up. */
import { afterEach, describe, expect, it } from 'vitest'
import type { PeerId } from '../../../src/domain.ts'
import { CHANNELS, type ChannelRow } from '../../../src/protocols/catalogue.ts'
import { freePorts } from '../../../testnet/free-ports.ts'
import { createLinkProxy, type LinkProxy } from '../../../testnet/link-proxy.ts'
import { HEALED } from '../../../testnet/links.ts'
import { addressOf, createNetwork, isUp, openChannel, peerIdOf } from '../../helpers/networks.ts'
import { dialRaw, shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

const BODY_BYTES = 1_048_576
const RATE = 1_000_000

let proxy: LinkProxy | null = null

afterEach(async () => {
  await proxy?.close()
  proxy = null
})

type Rows = { readonly votes: ChannelRow; readonly bodies: ChannelRow }

/** `a` sends one body and votes all the while; how many votes arrived before the body was whole. */
async function votesDuringBody({ votes, bodies }: Rows): Promise<number> {
  const [a, b] = [createNetwork('a'), createNetwork('b')]
  const [fromVotes, fromBodies] = [openChannel(a, votes).channel, openChannel(a, bodies).channel]
  let [arrived, before, whole] = [0, 0, false]
  openChannel(b, votes, () => {
    arrived += 1
  })
  openChannel(b, bodies, (_from: PeerId, message) => {
    if (message.byteLength < BODY_BYTES) return
    before = arrived
    whole = true
  })
  await Promise.all([a.start(), b.start()])
  const innerPort = Number(b.multiaddrs()[0]?.split('/')[4])
  const [port = 0] = await freePorts(1)
  proxy = await createLinkProxy({
    routes: [{ node: 1, port, innerPort: () => innerPort }],
    identifySource: async () => 0,
  })
  await a.connect(`/ip4/127.0.0.1/tcp/${port}/p2p/${b.self}`)
  await until(() => isUp(b, a.self) && isUp(a, b.self))
  // Both streams are open before the link gets slow.
  fromVotes.send(b.self, Buffer.from('first'))
  fromBodies.send(b.self, Buffer.from('first'))
  await until(() => arrived === 1)
  proxy.setLinks({ ...HEALED, throttles: [{ nodes: [0, 1], bytesPerSecond: RATE }] })
  arrived = 0
  fromBodies.send(b.self, Buffer.alloc(BODY_BYTES, 7))
  let sent = 0
  await until(() => {
    if (!whole && sent === arrived) fromVotes.send(b.self, Buffer.from(`vote ${++sent}`))
    return whole
  })
  await until(() => arrived === sent)
  return before
}

describe('P18.6-5 hostile readers', () => {
  it('a reader that confirms more than it was sent loses its stream, not the connection, and is served again', async () => {
    const a = createNetwork('a')
    const { channel } = openChannel(a, CHANNELS.palaProposals)
    await a.start()
    const peer = await startRawPeer('b')
    const ended: string[] = []
    let opened = 0
    await peer.handle(CHANNELS.palaProposals.protocol, (stream) => {
      opened += 1
      stream.addEventListener('close', () => ended.push(stream.status))
      if (opened === 1) stream.send(new Uint8Array(1_000))
    })
    const line = await dialRaw(peer, addressOf(a))
    await shakeAs('b', line, 1, { self: peerIdOf('b') })
    await until(() => isUp(a, peerIdOf('b')))
    expect(channel.send(peerIdOf('b'), Buffer.alloc(100_000))).toBe(true)
    await until(() => ended.length === 1)
    expect(ended).toEqual(['reset'])
    channel.send(peerIdOf('b'), Buffer.alloc(100_000))
    await until(() => opened === 2)
    expect([line.status, a.disconnectedFrom]).toEqual(['open', []])
  })
})

describe('P18.6-5 one connection of 1 MB/s, a body of 1 MiB', () => {
  it('votes arrive one after the other long before the body is whole', async () => {
    const before = await votesDuringBody({ votes: CHANNELS.palaVotes, bodies: CHANNELS.palaProposals })
    expect(before).toBeGreaterThanOrEqual(3)
  })

  it('the same for an answer of sync', async () => {
    const before = await votesDuringBody({ votes: CHANNELS.palaVotes, bodies: CHANNELS.palaSync })
    expect(before).toBeGreaterThanOrEqual(3)
  })

  it('without pacing they would not: a body written at once fills every buffer on the way', async () => {
    const bodies: ChannelRow = { ...CHANNELS.palaProposals, lane: 'urgent' }
    const before = await votesDuringBody({ votes: CHANNELS.palaVotes, bodies })
    expect(before).toBeLessThanOrEqual(1)
  })
})
