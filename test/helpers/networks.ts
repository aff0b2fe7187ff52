/** Real networks on loopback for integration tests: a committee by seed, what each node received, and an end for all. */
import { hash } from 'node:crypto'
import { afterEach } from 'vitest'
import { createSigner } from '../../src/crypto/keys.ts'
import type { PeerId, Role } from '../../src/domain.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { createPalaverNetwork, type PalaverNetwork } from '../../src/node/libp2p.ts'
import type { NetworkOptions } from '../../src/node/network-parts.ts'
import type { ChannelRow } from '../../src/protocols/catalogue.ts'
import type { Log } from '../../src/protocols/log.ts'
import type { Channel, MessageReceiver } from '../../src/protocols/network.ts'
import { peerIdFromPublicKeyHex } from '../../src/protocols/peer-ids.ts'
import { until } from './until.ts'

export const CHAIN_ID = hash('sha256', 'test chain')
export const CHANNEL: ChannelRow = {
  protocol: '/palaver/test/echo/1',
  access: 'committee',
  maxMessageBytes: 1_048_576,
  maxQueueBytes: 8_388_608,
  whenFull: 'close',
  lane: 'proposals',
  rate: 5_000,
  burst: 10_000,
  bytesPerSecond: 268_435_456,
}

export type LogLine = {
  readonly level: keyof Log
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A network with what happened on it. */
export type TestNetwork = PalaverNetwork & {
  readonly connectedTo: PeerId[]
  readonly disconnectedFrom: PeerId[]
  readonly log: LogLine[]
}

const running: PalaverNetwork[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((network) => network.stop()))
})

export const seedOf = (name: string): Uint8Array => hash('sha256', `network ${name}`, 'buffer')
export const publicKeyOf = (name: string): string => createSigner(seedOf(name)).publicKey
export const peerIdOf = (name: string): PeerId => peerIdFromPublicKeyHex(publicKeyOf(name))

export type TestOptions = Partial<NetworkOptions> & {
  /** Names of the committee; a node whose own name is among them proves to be proposer and voter. */
  readonly members?: readonly string[]
}

/** A network by name, not started. */
export function createNetwork(name: string, options: TestOptions = {}): TestNetwork {
  const { members = ['a', 'b', 'c', 'd'], ...rest } = options
  const seed = seedOf(name)
  const log: LogLine[] = []
  const record = (level: keyof Log) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    log.push({ level, message, fields })
  }
  const logger = {
    trace: record('trace'),
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
  }
  const network = createPalaverNetwork({
    seed,
    network: 'test',
    chainId: CHAIN_ID,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrap: [],
    mdns: false,
    dht: 'server',
    ownRoles: () => rolesOf(members.indexOf(name)),
    memberKey: (_role, session, index) => memberKey(members, session, index),
    seatsOf: (peer) => rolesOf(members.findIndex((member) => peerIdOf(member) === peer)),
    isAhead: () => false,
    committee: () => [],
    signer: createSigner(seed),
    datastorePath: null,
    clock: systemClock,
    logger,
    ...rest,
  })
  running.push(network)
  const connectedTo: PeerId[] = []
  const disconnectedFrom: PeerId[] = []
  network.onPeers({ connected: (peer) => connectedTo.push(peer), disconnected: (peer) => disconnectedFrom.push(peer) })
  return Object.assign(network, { connectedTo, disconnectedFrom, log })
}

export function rolesOf(index: number): Role[] {
  if (index < 0) return []
  return [
    { role: 'proposer', session: 1, index },
    { role: 'voter', session: 1, index },
  ]
}

function memberKey(members: readonly string[], session: number, index: number): string | null {
  const member = members[index]
  return session === 1 && member !== undefined ? publicKeyOf(member) : null
}

export type Inbox = { readonly channel: Channel; readonly received: { readonly from: PeerId; readonly text: string }[] }

/** Registers a channel that keeps what it receives. */
export function openChannel(network: TestNetwork, row: ChannelRow = CHANNEL, receive?: MessageReceiver): Inbox {
  const received: { from: PeerId; text: string }[] = []
  const keep: MessageReceiver = (from, message) => void received.push({ from, text: Buffer.from(message).toString() })
  return { channel: network.channel(row, receive ?? keep), received }
}

export const addressOf = (network: PalaverNetwork): string => network.multiaddrs()[0] ?? 'no address'

/** Starts both, connects the first to the second, and waits until both know it. */
export async function startPair(a: TestNetwork, b: TestNetwork): Promise<void> {
  await Promise.all([a.start(), b.start()])
  await a.connect(addressOf(b))
  await until(() => isUp(a, b.self) && isUp(b, a.self), 5_000, 'the pair')
}

export function isUp(network: PalaverNetwork, peer: PeerId): boolean {
  return network.peers().some(({ peerId }) => peerId === peer)
}
