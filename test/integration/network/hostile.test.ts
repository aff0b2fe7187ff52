/** Peers that obey no rule: garbage, oversize, floods, false roles, half-open streams, records in the DHT. */
import { randomBytes } from 'node:crypto'
import type { Connection } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import { CHANNELS, ROLE_HANDSHAKE } from '../../../src/protocols/catalogue.ts'
import { encodeFrame, encodeLength } from '../../../src/protocols/framing.ts'
import {
  addressOf,
  CHANNEL,
  createNetwork,
  isUp,
  openChannel,
  peerIdOf,
  seedOf,
  startPair,
  type TestOptions,
} from '../../helpers/networks.ts'
import { dialRaw, type HandshakeChanges, sendRaw, shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

const frame = (text: string): Uint8Array => encodeFrame(Buffer.from(text))

/** A victim 'b' and a raw peer with the key of `name`, connected; the victim's channel keeps what it gets. */
async function attack(name: string, options: TestOptions = {}) {
  const victim = createNetwork('b', options)
  const inbox = openChannel(victim)
  await victim.start()
  const raw = await startRawPeer(name)
  const connection = await dialRaw(raw, addressOf(victim))
  const score = () => victim.peers().find(({ peerId }) => peerId === peerIdOf(name))?.score ?? 0
  const penalties = () =>
    victim.log.filter(({ message }) => message === 'a peer misbehaved').map(({ fields }) => fields.penalty)
  return { victim, inbox, raw, connection, score, penalties }
}

/** The raw peer proves to be member 0 ('a'). */
async function attackAsMember(options: TestOptions = {}) {
  const scene = await attack('a', options)
  await shakeAs('a', scene.connection, 0, { self: peerIdOf('a') })
  await until(() => isUp(scene.victim, peerIdOf('a')))
  return scene
}

const isGone = (connection: Connection): boolean => connection.status !== 'open'

describe('hostile peers', () => {
  it('a member is read after its handshake', async () => {
    const { connection, inbox } = await attackAsMember()
    await sendRaw(connection, CHANNEL.protocol, frame('honest so far'))
    await until(() => inbox.received.length === 1)
  })

  it('messages that come before the handshake wait for it and are not lost', async () => {
    const { connection, inbox, victim } = await attack('a')
    await sendRaw(connection, CHANNEL.protocol, frame('early'))
    await shakeAs('a', connection, 0, { self: peerIdOf('a') })
    await until(() => isUp(victim, peerIdOf('a')) && inbox.received.length === 1)
  })

  it('a full node is not read on a committee channel', async () => {
    const { connection, inbox, victim, penalties } = await attack('stranger')
    await shakeAs('stranger', connection, -1, { self: peerIdOf('stranger') })
    await until(() => isUp(victim, peerIdOf('stranger')))
    // The stream may be gone before the first byte.
    const stream = await sendRaw(connection, CHANNEL.protocol, frame('let me in')).catch(() => null)
    await until(() => stream?.status !== 'open' && penalties().length === 1)
    expect(inbox.received).toEqual([])
    expect(penalties()).toEqual(['limit'])
  })

  it('nothing is read from a peer that never shakes hands', async () => {
    const { connection, inbox } = await attack('a', { timing: { handshakeMs: 300 } })
    await sendRaw(connection, CHANNEL.protocol, frame('no proof'))
    await until(() => isGone(connection))
    expect(inbox.received).toEqual([])
  })

  const lies: [string, string, number, HandshakeChanges][] = [
    ['the place of another member', 'c', 0, { self: peerIdOf('c') }],
    ['a place with a key outside the committee', 'stranger', 0, { self: peerIdOf('stranger') }],
    ['a proof that names another prover (person in the middle)', 'c', 2, { self: peerIdOf('a') }],
    ['a proof made for another verifier', 'c', 2, { self: peerIdOf('c'), remote: peerIdOf('d') }],
    [
      'a signature by another key',
      'c',
      2,
      { self: peerIdOf('c'), signer: { ...createSigner(seedOf('d')), publicKey: createSigner(seedOf('c')).publicKey } },
    ],
    [
      'a session that does not exist',
      'c',
      2,
      { self: peerIdOf('c'), ownRoles: () => [{ role: 'voter', session: 9, index: 2 }] },
    ],
  ]
  it.each(lies)('P19.4 refuses %s, with a penalty', async (_what, name, index, changes) => {
    const { connection, victim, penalties } = await attack(name)
    await shakeAs(name, connection, index, changes)
    await until(() => isGone(connection))
    expect(victim.connectedTo).toEqual([])
    await until(() => penalties().includes('invalid'))
  })

  it('an oversize frame costs points and the stream, not the node', async () => {
    const { connection, inbox, score } = await attackAsMember()
    const stream = await sendRaw(connection, CHANNEL.protocol, encodeLength(CHANNEL.maxMessageBytes + 1))
    await until(() => stream.status !== 'open' && score() < 0)
    expect(inbox.received).toEqual([])
    await sendRaw(connection, CHANNEL.protocol, frame('still served'))
    await until(() => inbox.received.length === 1)
  })

  it('a frame that is begun and not finished ends its stream', async () => {
    const { connection, penalties } = await attackAsMember({ timing: { frameDeadlineMs: 200 } })
    const stream = await sendRaw(connection, CHANNEL.protocol, Buffer.concat([encodeLength(100), Buffer.from('half')]))
    await until(() => stream.status !== 'open')
    expect(penalties()).toEqual(['malformed'])
  })

  it('a half-closed stream is closed on our side too', async () => {
    const { connection, inbox } = await attackAsMember()
    const stream = await sendRaw(connection, CHANNEL.protocol, frame('bye'))
    await stream.close()
    await until(() => stream.status === 'closed' && inbox.received.length === 1)
  })

  it('a flood is cut to the rate: the rest is dropped and costs points', async () => {
    const victim = createNetwork('b')
    const inbox = openChannel(victim, { ...CHANNEL, rate: 1, burst: 10 })
    const flooder = createNetwork('a')
    const { channel } = openChannel(flooder)
    await startPair(flooder, victim)
    for (let i = 0; i < 1_000; i++) channel.send(victim.self, Buffer.from(`${i}`))
    await until(() => (victim.peers()[0]?.score ?? 0) < 0)
    expect(inbox.received.length).toBeLessThan(20)
    expect(isUp(victim, flooder.self)).toBe(true)
  })

  it('garbage on every protocol neither crashes nor fills the node', async () => {
    const { raw, victim } = await attackAsMember()
    const others = [
      '/palaver/test/kad/1.0.0',
      '/meshsub/1.2.0',
      '/ipfs/id/1.0.0',
      '/ipfs/id/push/1.0.0',
      '/ipfs/ping/1.0.0',
    ]
    const all = [CHANNEL.protocol, ROLE_HANDSHAKE.protocol, ...others]
    for (const protocol of all) {
      for (const garbage of [
        randomBytes(1),
        randomBytes(64),
        randomBytes(20_000),
        Buffer.alloc(300, 0xff),
        Buffer.alloc(1_000),
      ]) {
        const line = await dialRaw(raw, addressOf(victim)).catch(() => null)
        await (line === null ? null : sendRaw(line, protocol, garbage).catch(() => null))
      }
    }
    const honest = createNetwork('c')
    await honest.start()
    await honest.connect(addressOf(victim))
    expect(isUp(honest, victim.self)).toBe(true)
    expect(victim.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('a receiver that fails costs its stream and is logged; the node goes on', async () => {
    const victim = createNetwork('b')
    openChannel(victim, CHANNEL, () => Promise.reject(new Error('bug')))
    const other = createNetwork('a')
    const { channel } = openChannel(other)
    await startPair(other, victim)
    channel.send(victim.self, Buffer.from('x'))
    await until(() => victim.log.some(({ level }) => level === 'error'))
    expect(isUp(victim, other.self)).toBe(true)
    expect(victim.peers()[0]?.score).toBe(0)
  })

  it('P19.5 a place proven from two peer ids is reported', async () => {
    const duplicates: string[] = []
    const onDuplicateRole: TestOptions['onDuplicateRole'] = (peer, { role, index }) =>
      duplicates.push(`${role} ${index} ${peer}`)
    const { victim } = await attackAsMember({ onDuplicateRole })
    expect(duplicates).toEqual([])
    const twin = await startRawPeer('twin')
    const line = await dialRaw(twin, addressOf(victim))
    await shakeAs('a', line, 0, { self: peerIdOf('twin') })
    await until(() => duplicates.length === 2)
    expect(duplicates[0]).toBe(`proposer 0 ${peerIdOf('twin')}`)
  })

  it('the DHT keeps no provider records (unbounded-record advisory)', async () => {
    const { connection } = await attack('stranger')
    const cid = Buffer.concat([Buffer.from([1, 0x55, 0x12, 0x20]), randomBytes(32)])
    const multihash = peerMultihash('stranger')
    const provider = field(9, Buffer.concat([field(1, multihash), field(2, Buffer.from('047f000001060fa1', 'hex'))]))
    await sendRaw(
      connection,
      '/palaver/test/kad/1.0.0',
      encodeFrame(Buffer.concat([kadType(2), field(2, cid), provider])),
    )
    for (let i = 0; i < 5; i++) {
      const answer = await ask(connection, Buffer.concat([kadType(3), field(2, cid)]))
      expect(answer.includes(multihash)).toBe(false)
    }
  })

  it('every consensus protocol is closed to strangers', () => {
    const closed = Object.values(CHANNELS).filter(({ access }) => access === 'committee')
    const protocols = closed.map(({ protocol }) => protocol)
    expect(protocols).toEqual(['/palaver/pala/votes/1', '/palaver/pala/proposals/1', '/palaver/tx/submit/1'])
  })
})

/** A length-delimited protobuf field below 128. */
function field(number: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), encodeLength(bytes.byteLength), bytes])
}

const kadType = (type: number): Buffer => Buffer.from([0x08, type])

/** The raw peer's own id as bytes: the DHT takes a provider record only from the provider itself. */
function peerMultihash(name: string): Buffer {
  return Buffer.concat([Buffer.from('002408011220', 'hex'), Buffer.from(createSigner(seedOf(name)).publicKey, 'hex')])
}

async function ask(connection: Connection, message: Uint8Array): Promise<Buffer> {
  const stream = await sendRaw(connection, '/palaver/test/kad/1.0.0', encodeFrame(message))
  const parts: Uint8Array[] = []
  stream.addEventListener('message', ({ data }) => void parts.push(data.subarray()))
  await until(() => parts.length > 0)
  stream.abort(new Error('enough'))
  return Buffer.concat(parts)
}
