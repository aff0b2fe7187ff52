/** P18.6-5 over a throttled link between two real nodes: a large block does not hold votes and clocks up. */
import { afterEach, describe, expect, it } from 'vitest'
import type { PeerId } from '../../../src/domain.ts'
import { CHANNELS, type ChannelRow, STREAMS } from '../../../src/protocols/catalogue.ts'
import type { MessageStream } from '../../../src/protocols/network.ts'
import { freePorts } from '../../../testnet/free-ports.ts'
import { createLinkProxy, type LinkProxy } from '../../../testnet/link-proxy.ts'
import { HEALED } from '../../../testnet/links.ts'
import { addressOf, createNetwork, isUp, openChannel, peerIdOf, type TestNetwork } from '../../helpers/networks.ts'
import { dialRaw, shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

const BODY_BYTES = 1_048_576
const RATE = 1_000_000

let proxy: LinkProxy | null = null

afterEach(async () => {
  await proxy?.close()
  proxy = null
})

/** What holds the link to `b` up. `onWhole` is called when all of it is there. */
type Bulk = (a: TestNetwork, b: TestNetwork, onWhole: () => void) => { warmUp(): void; send(): void }

/** One body on a channel. */
const bodyOn =
  (row: ChannelRow): Bulk =>
  (a, b, onWhole) => {
    const { channel } = openChannel(a, row)
    openChannel(b, row, (_from: PeerId, message) => {
      if (message.byteLength === BODY_BYTES) onWhole()
    })
    return {
      warmUp: () => void channel.send(b.self, Buffer.from('first')),
      send: () => void channel.send(b.self, Buffer.alloc(BODY_BYTES, 7)),
    }
  }

/** One body in a conversation. */
const conversation: Bulk = (a, b, onWhole) => {
  const protocol = a.streams(STREAMS.atx, async () => undefined)
  b.streams(STREAMS.atx, async (stream) => {
    for (let message = await stream.read(); message !== null; message = await stream.read()) {
      if (message.byteLength === BODY_BYTES) onWhole()
    }
  })
  let opened: Promise<MessageStream>
  return {
    warmUp() {
      opened = protocol.open(b.self)
      void opened.then((stream) => stream.send(Buffer.from('first')))
    },
    send: () => void opened.then((stream) => stream.send(Buffer.alloc(BODY_BYTES, 7))),
  }
}

/** `a` sends one body and votes all the while; how many votes arrived before the body was whole. */
async function votesDuring(bulk: Bulk): Promise<number> {
  const [a, b] = [createNetwork('a'), createNetwork('b')]
  const votes = openChannel(a, CHANNELS.palaVotes).channel
  let [arrived, before, whole] = [0, 0, false]
  openChannel(b, CHANNELS.palaVotes, () => {
    arrived += 1
  })
  const body = bulk(a, b, () => {
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
  votes.send(b.self, Buffer.from('first'))
  body.warmUp()
  await until(() => arrived === 1)
  proxy.setLinks({ ...HEALED, throttles: [{ nodes: [0, 1], bytesPerSecond: RATE }] })
  arrived = 0
  body.send()
  let sent = 0
  await until(() => {
    if (!whole && sent === arrived) votes.send(b.self, Buffer.from(`vote ${++sent}`))
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
  it.each([
    ['a proposal', bodyOn(CHANNELS.palaProposals)],
    ['an answer of sync', bodyOn(CHANNELS.palaSync)],
    ['a conversation', conversation],
  ])('beside %s votes arrive one after the other long before the body is whole', async (_what, bulk) => {
    expect(await votesDuring(bulk)).toBeGreaterThanOrEqual(3)
  })

  it('without pacing they would not: a body written at once fills every buffer on the way', async () => {
    expect(await votesDuring(bodyOn({ ...CHANNELS.palaProposals, lane: 'urgent' }))).toBeLessThanOrEqual(1)
  })
})
