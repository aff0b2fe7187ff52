/** Peers that break the rules of ATX streams and of the announcements, over real connections. */
import type { Connection, Stream } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import { STREAMS, TOPICS } from '../../../src/protocols/catalogue.ts'
import { createFrameDecoder, encodeFrame, encodeLength } from '../../../src/protocols/framing.ts'
import { AtxAnnouncement } from '../../../src/protocols/wire/atx.gen.ts'
import { decodeAtxMessage, encodeAtxMessage } from '../../../src/sync/codec.ts'
import type { AtxMessage, Hello } from '../../../src/sync/messages.ts'
import { createAtxTraits } from '../../../src/sync/traits.ts'
import { addressOf, CHAIN_ID, createNetwork, isUp, peerIdOf } from '../../helpers/networks.ts'
import { dialRaw, sendRaw, shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import {
  type AtxNode,
  createAtxNode,
  fill,
  filler,
  isEqual,
  middleOf,
  PARAMS,
  signedAtx,
  validAtx,
} from '../../helpers/sync/atx-nodes.ts'
import { until } from '../../helpers/until.ts'

const MIB = 1_048_576
const { protocol } = STREAMS.atx
const { networkId } = createAtxTraits(CHAIN_ID, PARAMS)
const NO_MARK = new Uint8Array(16)
const EMPTY = { count: 0, xor: new Uint8Array(32), strong: new Uint8Array(32) }

const hello = (changes: Partial<Hello> = {}): Hello => ({
  type: 'hello',
  version: 1,
  networkId,
  intent: 'sync',
  sessionId: new Uint8Array(16).fill(1),
  wallMs: middleOf(1),
  frame: 1,
  hasStrong: true,
  features: { setRule: true, allFingerprint: true, totalFingerprint: true, deepRange: false, resume: true },
  maxIdsPerFrame: 1_048_576,
  chunkIds: 1_024,
  fast: EMPTY,
  all: NO_MARK,
  total: NO_MARK,
  storeId: new Uint8Array(0),
  ...changes,
})
const frame = (message: AtxMessage): Uint8Array => encodeFrame(encodeAtxMessage(message))

/** 'b' holds a set of its own; a raw peer with the key of 'a' is connected to it as a full node. */
async function attack() {
  const victim = await createAtxNode('b')
  await fill(victim, [filler('kept', 20), [validAtx('open')]])
  victim.setTime(middleOf(1), true)
  await victim.start()
  const raw = await startRawPeer('a')
  const connection: Connection = await dialRaw(raw, addressOf(victim.network))
  await shakeAs('a', connection, -1, { self: peerIdOf('a') })
  await until(() => isUp(victim.network, peerIdOf('a')))
  const penalties = () =>
    victim.network.log.filter(({ message }) => message === 'a peer misbehaved').map(({ fields }) => fields.penalty)
  return { victim, connection, penalties }
}

/** What the victim said on a stream so far. */
function answersOf(stream: Stream): AtxMessage[] {
  const decoder = createFrameDecoder(2 * MIB)
  const answers: AtxMessage[] = []
  stream.addEventListener('message', ({ data }) => {
    decoder.append(data.subarray())
    for (let next = decoder.next(); next !== null; next = decoder.next()) answers.push(decodeAtxMessage(next))
  })
  return answers
}

/** The node still does its work with an honest neighbour. */
async function stillWorks(victim: AtxNode): Promise<void> {
  const honest = await createAtxNode('c')
  await fill(honest, [filler('kept', 20), []])
  victim.setTime(middleOf(1))
  await honest.start()
  await honest.network.connect(addressOf(victim.network))
  await until(() => isEqual(victim, honest), 20_000, 'an honest neighbour')
}

describe('hostile conversations', () => {
  it.each<[string, Uint8Array, readonly string[], readonly string[]]>([
    ['garbage', encodeFrame(Buffer.alloc(200, 0xee)), ['protocol'], []],
    ['an oversized prefix', encodeLength(2 * MIB + 1), ['protocol'], ['malformed']],
    ['a prefix in a longer form', Uint8Array.of(0x81, 0), ['protocol'], ['malformed']],
    ['a message of another protocol', encodeFrame(Buffer.from('{"jsonrpc":"2.0"}')), ['protocol'], []],
    ['ids before a hello', frame({ type: 'ids', index: 0, ids: new Uint8Array(64) }), ['protocol'], []],
    ['a hello of a narrow network id', frame(hello({ networkId: new Uint8Array(31) })), ['protocol'], []],
    ['a second hello in place of a list', Buffer.concat([0, 1, 2].map(() => frame(hello()))), ['protocol'], []],
  ])('%s: refused, counted, nothing kept', async (_, data, offences, penalties) => {
    const { victim, connection, ...told } = await attack()
    const stream = await sendRaw(connection, protocol, data)
    await until(() => stream.status !== 'open' || stream.remoteWriteStatus !== 'writable')
    await until(() => victim.judged.length === offences.length && told.penalties().length === penalties.length)
    expect(victim.judged.map(({ offence, consequence }) => [offence, consequence])).toEqual(
      offences.map((offence) => [offence, 'noted']),
    )
    expect(told.penalties()).toEqual(penalties)
    expect([victim.service.set.count, victim.service.fetching().queued]).toEqual([21, 0])
    await stillWorks(victim)
  })

  it.each<[string, Hello, string]>([
    ['another network', hello({ networkId: new Uint8Array(32) }), 'network'],
    ['another version', hello({ version: 2 }), 'version'],
    ['a clock of another day', hello({ wallMs: middleOf(25) }), 'clock'],
    ['another timeframe', hello({ frame: 7 }), 'frame'],
    [
      'another network, to fetch',
      hello({ networkId: new Uint8Array(32), intent: 'fetch', storeId: new Uint8Array(16) }),
      'network',
    ],
    ['another version, to be served', hello({ version: 2, intent: 'serve', storeId: new Uint8Array(16) }), 'version'],
  ])('S6 a hello of %s is told why, and costs nothing', async (_, greeting, code) => {
    const { victim, connection, penalties } = await attack()
    const stream = await connection.newStream(protocol)
    const answers = answersOf(stream)
    stream.send(frame(greeting))
    await until(() => answers.some(({ type }) => type === 'problem'))
    expect(answers).toMatchObject([{ type: 'problem', code }])
    expect([victim.judged, penalties()]).toEqual([[], []])
    await stillWorks(victim)
  })

  it('S9.2 the third violation within an hour refuses the peer, and its later hellos', async () => {
    const { victim, connection } = await attack()
    for (let i = 0; i < 3; i++) await sendRaw(connection, protocol, encodeFrame(Buffer.alloc(9, 0xee)))
    await until(() => victim.judged.length === 3)
    expect(victim.judged.at(-1)?.consequence).toBe('ban')
    const stream = await connection.newStream(protocol)
    const answers = answersOf(stream)
    stream.send(frame(hello()))
    await until(() => answers.length > 0)
    expect(answers).toMatchObject([{ type: 'problem', code: 'banned' }])
    await stillWorks(victim)
  })

  it('streams on which nothing is said hold nobody up', async () => {
    const { victim, connection, penalties } = await attack()
    for (let i = 0; i < 4; i++) await connection.newStream(protocol)
    await stillWorks(victim)
    expect([victim.judged, penalties()]).toEqual([[], []])
  })
})

describe('S9.2 suppliers of bad ATXs', () => {
  const swapped = { ...validAtx('wanted'), blob: validAtx('another').blob }
  const forged = { ...validAtx('wanted'), blob: Uint8Array.from(validAtx('wanted').blob) }
  forged.blob[forged.blob.length - 1] = (forged.blob.at(-1) ?? 0) ^ 1

  it.each([
    ['the bytes of another ATX', swapped],
    ['a wrong signature', forged],
    ['no ATX at all', { ...validAtx('wanted'), blob: Buffer.from('no ATX') }],
  ])('%s under a good id: the supplier is refused, and the id is had from another', async (_, bad) => {
    const [liar, b, honest] = [await createAtxNode('a'), await createAtxNode('b'), await createAtxNode('c')]
    await liar.service.set.insert([bad])
    await honest.service.set.insert([validAtx('wanted')])
    await Promise.all([liar, b, honest].map((node) => node.start()))
    await liar.network.connect(addressOf(b.network))
    await until(() => b.judged.length > 0)
    expect(b.judged).toMatchObject([{ peer: liar.network.self, offence: 'bad-blob', consequence: 'ban' }])
    expect([b.service.set.count, b.service.refused().map(({ peer }) => peer)]).toEqual([0, [liar.network.self]])
    await honest.network.connect(addressOf(b.network))
    await until(() => isEqual(b, honest))
    expect(b.judged).toHaveLength(1)
  })
})

describe('S8 announcements', () => {
  /** A bare network that publishes to 'b', behind which 'c' is. */
  async function line() {
    const author = createNetwork('a', { members: [] })
    const topic = author.topic(TOPICS.atxAnnounce, () => 'accept')
    const [b, c] = [await createAtxNode('b'), await createAtxNode('c')]
    await Promise.all([author.start(), b.start(), c.start()])
    await author.connect(addressOf(b.network))
    await c.network.connect(addressOf(b.network))
    const say = (id: string, blob: Uint8Array) =>
      until(() => topic.publish(AtxAnnouncement.encode({ id: Buffer.from(id, 'hex'), blob })), 10_000, 'a mesh')
    const scoreOf = (peer: string) => b.network.peers().find(({ peerId }) => peerId === peer)?.score ?? 0
    return { author, b, c, say, scoreOf }
  }

  it('what is no valid ATX is not passed on and costs its sender; what is valid after that is', async () => {
    const { author, b, c, say, scoreOf } = await line()
    const good = signedAtx('good')
    const forged = Uint8Array.from(good.blob)
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1
    await say(good.id, forged)
    await until(() => b.gossiped.includes('reject') && scoreOf(author.self) < 0)
    await say(good.id, good.blob)
    await until(() => c.service.set.count === 1 && c.gossiped.length > 0)
    expect(c.gossiped).toEqual(['accept'])
    expect([b.service.set.count, c.network.peers()[0]?.score]).toEqual([1, 0])
  })

  it('what is too large to travel along is fetched before it is passed on', async () => {
    const [a, b, c] = [await createAtxNode('a'), await createAtxNode('b'), await createAtxNode('c')]
    await Promise.all([a.start(), b.start(), c.start()])
    await a.network.connect(addressOf(b.network))
    await c.network.connect(addressOf(b.network))
    // Gossip reaches both hops by now.
    await until(async () => {
      await a.service.publish(Buffer.from(`small ${a.service.set.count}`))
      return c.gossiped.includes('accept')
    })
    const { id } = await a.service.publish(Buffer.alloc(100_000, 7))
    await until(() => c.service.set.record(id))
    for (const node of [b, c]) expect((await node.service.set.record(id))?.source).toBe('sync')
    await until(() => isEqual(a, c))
    expect([...a.gossiped, ...b.gossiped, ...c.gossiped]).not.toContain('reject')
  })
})
