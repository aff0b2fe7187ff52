/** Roles on live connections while sessions change: joining members are heard at once, those who left no longer (P16.5, P19.3). */
import { describe, expect, it } from 'vitest'
import type { PeerId, Role } from '../../../src/domain.ts'
import {
  addressOf,
  CHANNEL,
  createNetwork,
  isUp,
  openChannel,
  peerIdOf,
  publicKeyOf,
  startPair,
  type TestOptions,
} from '../../helpers/networks.ts'
import { dialRaw, sendRaw, shakeAs, startRawPeer } from '../../helpers/raw-peer.ts'
import { until } from '../../helpers/until.ts'

/** Committees as one node sees them; `committee` may change while it runs. */
function createView(self: string, committee: { names: readonly string[]; session: number }) {
  const seatOf = (peer: PeerId): Role[] => {
    const index = committee.names.findIndex((name) => peerIdOf(name) === peer)
    return index < 0 ? [] : [{ role: 'voter', session: committee.session, index }]
  }
  const options: TestOptions = {
    ownRoles: () => seatOf(peerIdOf(self)),
    seatsOf: seatOf,
    memberKey(_role, session, index) {
      if (session > committee.session) return 'unknown-session'
      const name = session === committee.session ? committee.names[index] : undefined
      return name === undefined ? null : publicKeyOf(name)
    },
  }
  return options
}

/** 'a' and 'b', connected; in session 1 'a' is a member and 'b' is not. */
async function startSwitch() {
  const seen = { a: { names: ['a'], session: 1 }, b: { names: ['a'], session: 1 } }
  const a = createNetwork('a', createView('a', seen.a))
  const b = createNetwork('b', createView('b', seen.b))
  const inbox = openChannel(a)
  const outbox = openChannel(b)
  const changes: string[] = []
  a.onPeers({
    connected: () => undefined,
    disconnected: () => undefined,
    rolesChanged: (_peer, roles) => changes.push(roles.map(({ role, session }) => `${role} of ${session}`).join()),
  })
  await startPair(a, b)
  const enter = (which: 'a' | 'b', names: string[], session: number): void => {
    seen[which].names = names
    seen[which].session = session
    const network = which === 'a' ? a : b
    network.committeeChanged()
  }
  const penalties = (): unknown[] => a.log.filter(({ message }) => message === 'a peer misbehaved')
  return { a, b, inbox, outbox, changes, enter, penalties }
}

const text = (words: string): Uint8Array => Buffer.from(words)

describe('P19.3 roles follow the sessions on the same connection', () => {
  it('a joining member is heard as soon as its session starts, without another handshake', async () => {
    const { a, inbox, outbox, changes, enter, penalties } = await startSwitch()
    expect(outbox.channel.send(a.self, text('too early'))).toBe(false)
    enter('b', ['b'], 2)
    enter('a', ['b'], 2)
    expect(changes).toEqual(['voter of 2'])
    expect(a.peers()[0]?.roles).toEqual([{ role: 'voter', session: 2, index: 0 }])
    expect(outbox.channel.send(a.self, text('here I am'))).toBe(true)
    await until(() => inbox.received.length === 1)
    expect([inbox.received[0]?.text, a.connectedTo.length, penalties()]).toEqual(['here I am', 1, []])
  })

  it('a change that leaves a peer its seats is no news', async () => {
    const { a, changes } = await startSwitch()
    a.committeeChanged()
    expect(changes).toEqual([])
  })

  it('a member that left is not read any more, on streams that were open too', async () => {
    const { a, inbox, outbox, changes, enter, penalties } = await startSwitch()
    enter('b', ['b'], 2)
    enter('a', ['b'], 2)
    outbox.channel.send(a.self, text('member'))
    await until(() => inbox.received.length === 1)
    enter('a', ['a'], 4)
    expect(changes.at(-1)).toBe('')
    // The open stream ends with the next message; the one after it needs a new stream, which is refused with a penalty.
    await until(() => {
      outbox.channel.send(a.self, text('was member'))
      return penalties().length > 0
    })
    expect(inbox.received.map((message) => message.text)).toEqual(['member'])
  })

  it('who is ahead of this node is refused without a penalty, and heard once this node has caught up', async () => {
    const seen = { names: ['a'], session: 1 }
    const a = createNetwork('a', { ...createView('a', seen), isAhead: () => true })
    const inbox = openChannel(a)
    await a.start()
    const raw = await startRawPeer('b')
    const connection = await dialRaw(raw, addressOf(a))
    await shakeAs('b', connection, 0, {
      self: peerIdOf('b'),
      ownRoles: () => [{ role: 'voter', session: 2, index: 0 }],
    })
    await until(() => isUp(a, peerIdOf('b')))
    expect(a.peers()[0]?.roles).toEqual([])
    const framed = Buffer.concat([Buffer.from([5]), text('early')])
    const refused = await sendRaw(connection, CHANNEL.protocol, framed).catch(() => null)
    await until(() => refused?.status !== 'open')
    expect([a.peers()[0]?.score, inbox.received.length]).toEqual([0, 0])
    seen.names = ['b']
    seen.session = 2
    a.committeeChanged()
    await sendRaw(connection, CHANNEL.protocol, framed)
    await until(() => inbox.received.length === 1)
  })
})

describe('P18.7 connections over a switch', () => {
  it('a member that joins is dialled by the address it had as a guest', async () => {
    const joiner = createNetwork('c')
    await joiner.start()
    const keys: string[] = []
    const a = createNetwork('a', { committee: () => keys })
    await a.start()
    await joiner.connect(addressOf(a))
    await until(() => a.peers()[0]?.protocols.length)
    await joiner.disconnect(a.self)
    await until(() => !isUp(a, joiner.self))
    keys.push(publicKeyOf('c'))
    a.committeeChanged()
    await until(() => isUp(a, joiner.self))
  })

  it('whom a person disconnected is left alone, even as sessions and epochs begin', async () => {
    const member = createNetwork('c')
    await member.start()
    const a = createNetwork('a', { committee: () => [publicKeyOf('c')] })
    await a.start()
    await a.connect(addressOf(member))
    await a.disconnect(member.self)
    await until(() => !isUp(a, member.self))
    a.committeeChanged()
    a.retryDials()
    const other = createNetwork('d')
    await other.start()
    await a.connect(addressOf(other))
    expect(a.connectedTo).toEqual([member.self, other.self])
  })
})
