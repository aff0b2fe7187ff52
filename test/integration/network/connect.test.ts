/** Connecting: every way a multiaddr can be wrong has its own error; bans and other networks are refused. */
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addressOf, CHAIN_ID, createNetwork, isUp, peerIdOf, startPair } from '../../helpers/networks.ts'
import { startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

const withPeer = (port: number, name = 'b'): string => `/ip4/127.0.0.1/tcp/${port}/p2p/${peerIdOf(name)}`

/** Listens with `server` on a free port until the test ends. */
async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

describe('connect', () => {
  it.each([
    ['bad-multiaddr', 'nonsense'],
    ['bad-multiaddr', ''],
    ['bad-multiaddr', '/ip4/127.0.0.1/udp/4001/quic-v1/p2p/12D3KooWGRUA2YxgE2kBAaXDWLkZsRxZ8Z1XD5fKyEh9J7uFzZQZ'],
    ['bad-multiaddr', '/ip4/999.0.0.1/tcp/4001'],
    ['missing-peer-id', '/ip4/127.0.0.1/tcp/4001'],
    ['bad-multiaddr', '/ip4/127.0.0.1/tcp/4001/p2p/notanid'],
    ['not-libp2p', 'http://127.0.0.1:8080'],
    ['not-libp2p', 'https://example.org/'],
    ['self-dial', `/ip4/127.0.0.1/tcp/4001/p2p/${peerIdOf('a')}`],
  ])('%s: %s', async (code, text) => {
    const a = createNetwork('a')
    await a.start()
    await expect(a.connect(text)).rejects.toMatchObject({ name: 'NetworkError', code })
  })

  it('not-started: before start', async () => {
    await expect(createNetwork('a').connect(withPeer(1))).rejects.toMatchObject({ code: 'not-started' })
  })

  it('connection-refused: nobody listens', async () => {
    const a = createNetwork('a')
    await a.start()
    const server = createServer()
    const port = await portOf(server)
    await new Promise((resolve) => server.close(resolve))
    await expect(a.connect(withPeer(port))).rejects.toMatchObject({ code: 'connection-refused' })
  })

  it('not-libp2p: a web server is behind the port', async () => {
    const a = createNetwork('a')
    await a.start()
    const port = await portOf(createHttpServer((_request, response) => void response.end('hello')))
    await expect(a.connect(withPeer(port))).rejects.toMatchObject({ code: 'not-libp2p' })
  })

  it('connection-closed: the port hangs up without a word', async () => {
    const a = createNetwork('a')
    await a.start()
    const port = await portOf(createServer((socket) => void socket.destroy()))
    await expect(a.connect(withPeer(port))).rejects.toMatchObject({ code: 'connection-closed' })
  })

  it('dial-timeout: the port accepts and says nothing', async () => {
    const a = createNetwork('a')
    await a.start()
    const port = await portOf(createServer((socket) => void onTestFinished(() => void socket.destroy())))
    await expect(a.connect(withPeer(port))).rejects.toMatchObject({ code: 'dial-timeout' })
  })

  it('wrong-peer-id: another node answers', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    await Promise.all([a.start(), b.start()])
    const wrong = addressOf(b).replace(b.self, peerIdOf('c'))
    await expect(a.connect(wrong)).rejects.toMatchObject({ code: 'wrong-peer-id' })
  })

  it('other-network: another chain is named to both and disconnected', async () => {
    const [a, b] = [
      createNetwork('a'),
      createNetwork('b', { chainId: CHAIN_ID.replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
    ]
    await Promise.all([a.start(), b.start()])
    await expect(a.connect(addressOf(b))).rejects.toMatchObject({ code: 'other-network' })
    expect([a.connectedTo, b.connectedTo]).toEqual([[], []])
    await until(() => b.log.some(({ fields }) => fields.code === 'other-network'))
  })

  it('other-network: a libp2p peer that is no palaver node', async () => {
    const a = createNetwork('a')
    await a.start()
    const raw = await startRawPeer('stranger')
    await expect(a.connect(String(raw.getMultiaddrs()[0]))).rejects.toMatchObject({ code: 'other-network' })
  })

  it('handshake-failed: a peer that never shakes hands is dropped at the deadline', async () => {
    const b = createNetwork('b', { timing: { handshakeMs: 300 } })
    await b.start()
    const raw = await startRawPeer('silent')
    const connection = await raw.dial((await import('@multiformats/multiaddr')).multiaddr(addressOf(b)))
    await until(() => connection.status !== 'open', 5_000, 'the silent peer to be dropped')
    expect(b.connectedTo).toEqual([])
  })

  it('banned: refused in both directions', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    await startPair(a, b)
    await b.ban(a.self)
    await until(() => a.disconnectedFrom.length === 1)
    await expect(b.connect(addressOf(a))).rejects.toMatchObject({ code: 'banned' })
    await expect(a.connect(addressOf(b))).rejects.toMatchObject({ name: 'NetworkError' })
    expect(isUp(b, a.self)).toBe(false)
  })

  it('enough bad messages ban a peer for a while', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    await startPair(a, b)
    b.penalise(a.self, 'invalid', 'test')
    expect(b.peers()[0]?.score).toBeLessThan(-40)
    b.penalise(a.self, 'invalid', 'test')
    b.penalise(a.self, 'malformed', 'test')
    await until(() => a.disconnectedFrom.length === 1)
    await expect(b.connect(addressOf(a))).rejects.toMatchObject({ code: 'banned' })
  })

  it('listen-failed: the port is taken', async () => {
    const a = createNetwork('a')
    await a.start()
    const b = createNetwork('b', { listen: [addressOf(a).replace(/\/p2p\/.*/, '')] })
    await expect(b.start()).rejects.toMatchObject({ code: 'listen-failed' })
  })

  it('stops within two seconds, and twice without harm', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    await startPair(a, b)
    const begin = performance.now()
    await Promise.all([a.stop(), a.stop()])
    expect(performance.now() - begin).toBeLessThan(2_000)
  })
})
