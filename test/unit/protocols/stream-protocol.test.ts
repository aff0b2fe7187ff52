/** A protocol of conversations: what may be opened, what is let in, and what stays when peers go. */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../../src/domain.ts'
import { systemClock } from '../../../src/machine/clock.ts'
import type { StreamRow } from '../../../src/protocols/catalogue.ts'
import { NetworkError } from '../../../src/protocols/errors.ts'
import { createLinkTurns } from '../../../src/protocols/link-turns.ts'
import type { MessageStream, StreamAcceptor } from '../../../src/protocols/network.ts'
import type { Link } from '../../../src/protocols/peer-registry.ts'
import { createStreamProtocol } from '../../../src/protocols/stream-protocol.ts'
import { createFakeNetwork } from '../../helpers/fake-network.ts'
import { asStream, type FakeConnectionOptions, FakeStream, fakeConnection } from '../../helpers/fake-stream.ts'

const ROW: StreamRow = {
  protocol: '/palaver/test/talk/1',
  maxMessageBytes: 1_000,
  maxStreams: 2,
  lane: 'sync',
  idleTimeoutMs: 1_000,
  rate: 0.001,
  burst: 4,
}
const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

type Changes = Partial<FakeConnectionOptions> & { readonly openDeadlineMs?: number; readonly accept?: StreamAcceptor }

function start(changes: Changes = {}) {
  const peers = new Map<PeerId, Link>()
  const penalties: string[] = []
  const opened: FakeStream[] = []
  const accepted: MessageStream[] = []
  const newStream = async () => {
    const stream = new FakeStream()
    opened.push(stream)
    return stream
  }
  const connection = fakeConnection({ peer: 'p', newStream, ...changes })
  const link: Link = { connection, peer: 'p', openedAt: 0, ready: Promise.resolve([]), roles: [] }
  peers.set('p', link)
  const protocol = createStreamProtocol({
    row: ROW,
    accept:
      changes.accept ??
      (async (stream) => {
        accepted.push(stream)
        while ((await stream.read()) !== null);
      }),
    registry: { current: (peer) => peers.get(peer), ready: () => link.ready },
    turnsOf: () => createLinkTurns(systemClock),
    paceOf: () => () => ({
      ready: Promise.resolve(),
      room: () => Number.POSITIVE_INFINITY,
      sent: () => undefined,
      leave: () => undefined,
    }),
    clock: systemClock,
    log: quiet,
    penalise: (_peer, penalty) => void penalties.push(penalty),
    openDeadlineMs: changes.openDeadlineMs,
  })
  async function comeIn(): Promise<FakeStream> {
    const stream = new FakeStream()
    void protocol.accept(asStream(stream), connection)
    await turn()
    return stream
  }
  return { protocol, peers, opened, accepted, penalties, comeIn }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    ({ code }) => code,
  )
const named = (name: string): Error => Object.assign(new Error(name), { name })

describe('opening a conversation', () => {
  it.each([
    ['unsupported', named('UnsupportedProtocolError')],
    ['connection-closed', named('ConnectionClosedError')],
  ])('%s: the error says why', async (code, error) => {
    const { protocol } = start({ newStream: () => Promise.reject(error) })
    expect(await codeOf(protocol.open('p'))).toBe(code)
  })

  it('timeout: a peer that negotiates nothing', async () => {
    const newStream: Changes['newStream'] = (_protocol, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    expect(await codeOf(start({ newStream, openDeadlineMs: 20 }).protocol.open('p'))).toBe('timeout')
  })

  it('not-connected: nobody is there, or is gone when the stream is open', async () => {
    const scene = start()
    expect(await codeOf(scene.protocol.open('q'))).toBe('not-connected')
    const opening = codeOf(scene.protocol.open('p'))
    scene.peers.clear()
    expect([await opening, scene.opened[0]?.status]).toEqual(['not-connected', 'aborted'])
  })

  it('too-many-streams: as many as the row allows, those on their way included', async () => {
    const { protocol, opened } = start()
    expect(await Promise.all([1, 2, 3].map(() => codeOf(protocol.open('p'))))).toEqual([
      'none',
      'none',
      'too-many-streams',
    ])
    opened[0]?.reset()
    expect(await codeOf(protocol.open('p'))).toBe('none')
  })

  it.each([
    ['/ip4/192.0.2.7/tcp/4001', '192.0.2.7'],
    ['/ip6/2001:db8::7/tcp/4001', '2001:db8::7'],
    ['/dns4/example.org/tcp/4001', ''],
  ])('over %s the peer is at %j', async (address, ip) => {
    expect((await start({ address }).protocol.open('p')).remoteAddress).toBe(ip)
  })
})

describe('letting conversations in', () => {
  it('as many at once as the row allows; the rest is reset, and one that ends makes room', async () => {
    const { comeIn, accepted, penalties } = start()
    const [first, , third] = [await comeIn(), await comeIn(), await comeIn()]
    expect([accepted.length, third?.status, penalties]).toEqual([2, 'aborted', []])
    first?.reset()
    await turn()
    expect([(await comeIn()).status, accepted.length]).toEqual(['open', 3])
  })

  it('above the rate the peer is penalised, once however many come', async () => {
    const { comeIn, penalties } = start()
    for (let i = 0; i < 10; i++) (await comeIn()).reset()
    expect(penalties).toEqual(['limit'])
  })

  it('a stream that is gone after the handshake is not led', async () => {
    const { protocol, accepted } = start()
    const stream = new FakeStream()
    const accepting = protocol.accept(asStream(stream), fakeConnection({ peer: 'p' }))
    stream.reset()
    await accepting
    expect(accepted).toEqual([])
  })

  it('an acceptor that is done ends the stream, one that fails resets it', async () => {
    const { comeIn } = start({
      async accept(stream) {
        if ((await stream.read()) === null) throw new NetworkError('stalled', 'nothing to read')
      },
    })
    const [done, failed] = [await comeIn(), await comeIn()]
    done?.arrive(Uint8Array.of(1, 7))
    failed?.finish()
    await turn()
    expect([done?.isWriteClosed, done?.status, failed?.status]).toEqual([true, 'open', 'aborted'])
    done?.finish()
    expect(done?.status).toBe('closed')
  })
})

describe('when peers go', () => {
  it('a peer that is gone leaves no conversation behind', async () => {
    const { protocol, opened, comeIn } = start()
    const conversation = await protocol.open('p')
    const inbound = await comeIn()
    const reading = codeOf(conversation.read())
    protocol.peerGone('p')
    expect([await reading, opened[0]?.status, inbound.status]).toEqual(['connection-closed', 'aborted', 'aborted'])
  })

  it('a protocol that stopped gives all up and begins no other', async () => {
    const { protocol, opened, comeIn } = start()
    await protocol.open('p')
    protocol.stop()
    expect([opened[0]?.status, await codeOf(protocol.open('p')), (await comeIn()).status]).toEqual([
      'aborted',
      'stopped',
      'aborted',
    ])
  })
})

describe('the network by hand', () => {
  it('carries conversations between two of its kind', async () => {
    const [a, b] = [createFakeNetwork('a'), createFakeNetwork('b')]
    const protocol = a.streams(ROW, async () => undefined)
    b.streams(ROW, async (stream) => {
      const message = await stream.read()
      if (message !== null) await stream.send(Buffer.concat([Buffer.from(`${stream.peer} said `), message]))
    })
    expect(await codeOf(protocol.open('b'))).toBe('not-connected')
    a.meet(b)
    const stream = await protocol.open('b')
    await stream.send(Buffer.from('hello'))
    expect(Buffer.from((await stream.read()) ?? []).toString()).toBe('a said hello')
    expect([stream.peer, await stream.read()]).toEqual(['b', null])
  })
})
