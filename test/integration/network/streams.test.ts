/** Conversations over real connections: messages both ways, both ends, long streams, and peers that break the rules. */
import type { Connection, Stream } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import type { StreamRow } from '../../../src/protocols/catalogue.ts'
import { NetworkError } from '../../../src/protocols/errors.ts'
import { encodeFrame, encodeLength } from '../../../src/protocols/framing.ts'
import type { MessageStream, StreamAcceptor } from '../../../src/protocols/network.ts'
import { addressOf, createNetwork, isUp, peerIdOf, startPair } from '../../helpers/networks.ts'
import { dialRaw, sendRaw, shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

const ROW: StreamRow = {
  protocol: '/palaver/test/talk/1',
  maxMessageBytes: 2 * 1_048_576,
  maxStreams: 3,
  lane: 'sync',
  idleTimeoutMs: 20_000,
  rate: 2,
  burst: 32,
}

const MIB = 1_048_576
const text = (message: Uint8Array | null): string | null => (message === null ? null : Buffer.from(message).toString())
const say = (words: string): Uint8Array => Buffer.from(words)

async function echo(stream: MessageStream): Promise<void> {
  for (let message = await stream.read(); message !== null; message = await stream.read()) await stream.send(message)
}

/** 'a' opens conversations, 'b' leads them by `accept`; full nodes both. */
async function pair(accept: StreamAcceptor, row: StreamRow = ROW) {
  const [a, b] = [createNetwork('a', { members: [] }), createNetwork('b', { members: [] })]
  const protocol = a.streams(row, echo)
  b.streams(row, accept)
  await startPair(a, b)
  return { a, b, open: () => protocol.open(b.self) }
}

async function sendMany(stream: MessageStream, count: number, size: number): Promise<void> {
  for (let i = 0; i < count; i++) await stream.send(Buffer.alloc(size, i))
  await stream.end()
}

/** Reads to the end and checks every byte against what `sendMany` sends. */
async function readMany(stream: MessageStream, size: number, from = 0, before?: (i: number) => Promise<void>) {
  let count = from
  for (;;) {
    await before?.(count)
    const message = await stream.read()
    if (message === null) return count
    if (Buffer.compare(message, Buffer.alloc(size, count)) !== 0) throw new Error(`message ${count} is not as sent`)
    count += 1
  }
}

describe('conversations', () => {
  it('carry messages both ways in order, and end by halves', async () => {
    const ended: string[] = []
    const { open, a } = await pair(async (stream) => {
      ended.push(stream.peer, stream.remoteAddress)
      await echo(stream)
      // The peer has ended its half; this one still speaks.
      await stream.send(say('farewell'))
    })
    const stream = await open()
    for (const words of ['one', 'two', 'three']) await stream.send(say(words))
    expect([text(await stream.read()), text(await stream.read()), text(await stream.read())]).toEqual([
      'one',
      'two',
      'three',
    ])
    await stream.end()
    await expect(stream.send(say('too late'))).rejects.toMatchObject({ code: 'connection-closed' })
    expect([text(await stream.read()), await stream.read(), await stream.read()]).toEqual(['farewell', null, null])
    expect(ended).toEqual([a.self, '127.0.0.1'])
  })

  it('32 MB each way at once, one reader slow for a while: neither waits for the other, and nothing is reset', async () => {
    const [count, size] = [32, MIB]
    const slow = Promise.withResolvers<void>()
    const results: number[] = []
    const { open } = await pair(async (stream) => {
      const reading = readMany(stream, size, 0, async (i) => (i === 3 ? slow.promise : undefined))
      await sendMany(stream, count, size)
      // All is sent, though this side has stopped reading.
      slow.resolve()
      results.push(await reading)
    })
    const stream = await open()
    const sending = sendMany(stream, count, size)
    results.push(await readMany(stream, size))
    await sending
    await until(() => results.length === 2)
    expect(results).toEqual([count, count])
  }, 60_000)

  it('many small messages each way', async () => {
    const { open } = await pair(echo)
    const stream = await open()
    const sending = sendMany(stream, 5_000, 100)
    expect(await readMany(stream, 100)).toBe(5_000)
    await sending
  })

  it('a peer that is silent has stalled, and only while it is waited for', async () => {
    const { open } = await pair(async (stream) => void (await stream.read()), { ...ROW, idleTimeoutMs: 300 })
    const stream = await open()
    await expect(stream.read()).rejects.toMatchObject({ code: expect.stringMatching(/stalled|connection-closed/) })
  })

  it('are refused where nobody serves them or nobody is there', async () => {
    const [a, b] = [createNetwork('a'), createNetwork('b')]
    const protocol = a.streams(ROW, echo)
    await startPair(a, b)
    await expect(protocol.open(b.self)).rejects.toMatchObject({ code: 'unsupported' })
    await expect(protocol.open(peerIdOf('c'))).rejects.toMatchObject({ code: 'not-connected' })
  })

  it('one more than the row allows is not opened, and one that ends makes room', async () => {
    const { open } = await pair(echo)
    const streams = [await open(), await open(), await open()]
    await expect(open()).rejects.toMatchObject({ code: 'too-many-streams' })
    await streams[0]?.end()
    expect(await streams[0]?.read()).toBeNull()
    await until(open)
  })

  it.each(['killed', 'disconnected'])('a peer %s in the middle ends both halves on both sides', async (how) => {
    const codes: unknown[] = []
    const note = (error: { code: string }) => void codes.push(error.code)
    const { open, a, b } = await pair(async (stream) => {
      await stream.read()
      await Promise.all([sendMany(stream, 1_000, MIB).catch(note), readMany(stream, MIB, 1).catch(note)])
    })
    const stream = await open()
    const sending = sendMany(stream, 1_000, MIB).catch(note)
    await stream.read()
    if (how === 'killed') await b.stop()
    else await a.disconnect(b.self)
    await sending
    await expect(stream.read()).rejects.toMatchObject({ code: 'connection-closed' })
    await expect(stream.send(say('anyone?'))).rejects.toMatchObject({ code: 'connection-closed' })
    await until(() => codes.length === 3)
    expect(codes).toEqual(['connection-closed', 'connection-closed', 'connection-closed'])
  })

  it('an acceptor that fails resets the stream, and only an unknown error is logged as one', async () => {
    let error: Error = new Error('a bug of ours')
    const { open, b } = await pair(async (stream) => {
      await stream.read()
      throw error
    })
    const bug = await open()
    await bug.send(say('go'))
    await expect(bug.read()).rejects.toMatchObject({ code: 'connection-closed' })
    error = new NetworkError('stalled', 'as a read or send would reject')
    const known = await open()
    await known.send(say('go'))
    await expect(known.read()).rejects.toMatchObject({ code: 'connection-closed' })
    const levels = b.log.filter(({ message }) => message === 'a conversation was given up').map(({ level }) => level)
    expect(levels).toEqual(['error', 'debug'])
  })

  it('open ones do not hold the end of a node up', async () => {
    const { open, a, b } = await pair(echo)
    const streams = [await open(), await open()]
    const ends = streams.map((stream) => stream.read().catch(({ code }) => code))
    await Promise.all([a.stop(), b.stop()])
    expect(await Promise.all(ends)).toEqual(['connection-closed', 'connection-closed'])
  })
})

/** 'b' serves, and a raw peer with the key of 'a' is connected to it as a full node. */
async function attack(row: StreamRow = ROW, shakes = true) {
  const victim = createNetwork('b', { members: [] })
  const accepted: MessageStream[] = []
  const ends: string[] = []
  victim.streams(row, async (stream) => {
    accepted.push(stream)
    await echo(stream).catch((error) => {
      ends.push(error.code)
      throw error
    })
  })
  await victim.start()
  const raw = await startRawPeer('a')
  const connection: Connection = await dialRaw(raw, addressOf(victim))
  if (shakes) {
    await shakeAs('a', connection, -1, { self: peerIdOf('a') })
    await until(() => isUp(victim, peerIdOf('a')))
  }
  const penalties = () =>
    victim.log.filter(({ message }) => message === 'a peer misbehaved').map(({ fields }) => fields.penalty)
  return { victim, connection, accepted, ends, penalties }
}

describe('hostile conversations', () => {
  it.each([
    ['an oversized prefix', encodeLength(ROW.maxMessageBytes + 1)],
    ['a prefix in a longer form', Uint8Array.of(0x81, 0)],
    ['an endless prefix', new Uint8Array(10).fill(0xff)],
    ['an empty frame', Uint8Array.of(0)],
  ])('%s ends the stream and costs the peer', async (_what, data) => {
    const { connection, ends, penalties } = await attack()
    const stream = await sendRaw(connection, ROW.protocol, Buffer.concat([encodeFrame(say('fine')), data]))
    await until(() => ends.length === 1 && stream.status !== 'open')
    expect([ends, penalties()]).toEqual([['bad-frame'], ['malformed']])
  })

  it('nothing is accepted before the role handshake', async () => {
    const { connection, accepted, victim } = await attack(ROW, false)
    const stream = await sendRaw(connection, ROW.protocol, encodeFrame(say('early')))
    expect([stream.status, accepted]).toEqual(['open', []])
    await shakeAs('a', connection, -1, { self: peerIdOf('a') })
    await until(() => isUp(victim, peerIdOf('a')) && accepted.length === 1)
  })

  it('a message that is begun and not finished stalls its stream, without a penalty', async () => {
    const { connection, ends, penalties } = await attack({ ...ROW, idleTimeoutMs: 300 })
    const stream = await sendRaw(connection, ROW.protocol, Buffer.concat([encodeLength(100), say('half of')]))
    await until(() => ends.length === 1 && stream.status !== 'open')
    expect([ends, penalties()]).toEqual([['stalled'], []])
  })

  it('a peer that reads nothing stalls its stream', async () => {
    const { connection, ends } = await attack({ ...ROW, idleTimeoutMs: 1_000 })
    const stream = await connection.newStream(ROW.protocol)
    stream.pause()
    const frame = encodeFrame(Buffer.alloc(MIB, 7))
    const feed = setInterval(() => {
      if (stream.status === 'open' && !stream.writableNeedsDrain) stream.send(frame)
    }, 10)
    await until(() => ends.length === 1, 20_000)
    clearInterval(feed)
    expect(ends).toEqual(['stalled'])
  }, 30_000)

  it('streams above the number are refused, and the connection stays', async () => {
    const { connection, accepted, penalties } = await attack()
    for (let i = 0; i < ROW.maxStreams + 2; i++) {
      await sendRaw(connection, ROW.protocol, encodeFrame(say(`stream ${i}`))).catch(() => null)
    }
    await until(() => accepted.length === ROW.maxStreams)
    expect([connection.status, penalties()]).toEqual(['open', []])
  })

  it('streams above the rate are refused and cost the peer once', async () => {
    const { connection, accepted, ends, penalties } = await attack({ ...ROW, rate: 0.001, burst: 2, maxStreams: 20 })
    const streams: Stream[] = []
    for (let i = 0; i < 10; i++) streams.push(await connection.newStream(ROW.protocol))
    await until(() => streams.filter(({ status }) => status === 'reset').length === 8)
    expect([accepted.length, ends, penalties()]).toEqual([2, [], ['limit']])
  })
})
