/**
 * How libp2p is set up: TCP, Noise and yamux only, bounded buffers and connections, identify, ping, a DHT under the
 * network's own protocol name, gossipsub. There is no plaintext to downgrade to (P19.4).
 */
import type { GossipSub } from '@chainsafe/libp2p-gossipsub'
import { bootstrap } from '@libp2p/bootstrap'
import { privateKeyFromRaw } from '@libp2p/crypto/keys'
import { type Identify, identify } from '@libp2p/identify'
import type { ConnectionGater, PeerId as Libp2pPeerId, PrivateKey } from '@libp2p/interface'
import { type KadDHT, type KadDHTComponents, kadDHT } from '@libp2p/kad-dht'
import { mdns } from '@libp2p/mdns'
import { type Ping, ping } from '@libp2p/ping'
import { prometheusMetrics } from '@libp2p/prometheus-metrics'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { LevelDatastore } from 'datastore-level'
import type { Libp2pOptions } from 'libp2p'
import type { Registry } from 'prom-client'
import type { Millis } from '../domain.ts'
import { type GossipOptions, gossipService } from '../protocols/gossip.ts'
import { recordlessStore } from './dht-store.ts'
import { gatheringNoise } from './gathered-sends.ts'
import { bridgeLog, type LeveledLog } from './libp2p-log.ts'
import { noiseCrypto } from './noise-crypto.ts'

const MIB = 1_048_576
/** Unread bytes a peer may have in flight on one stream: it must fit into the read buffer, or a paused stream is reset. */
const MAX_STREAM_WINDOW = 4 * MIB
const MAX_READ_BUFFER = 8 * MIB
/** libp2p's own default is unlimited. One message and its frames fit; what waits beyond sits in our send queues. */
const MAX_WRITE_BUFFER = 16 * MIB
const MAX_STREAMS_PER_CONNECTION = 256
export const MAX_CONNECTIONS = 512
/** New connections per second from one address: a whole test network lives behind one (P26.4). */
const INBOUND_PER_SECOND = 100
const MAX_PENDING_INBOUND = 64
const MAX_ADDRESSES_PER_PEER = 8
const DIAL_TIMEOUT_MS = 8_000
const ADDRESS_DIAL_TIMEOUT_MS = 4_000
const UPGRADE_TIMEOUT_MS = 8_000
/** The latency ping and the connection monitor's may meet; with one stream for both the monitor would abort the connection. */
const PING_STREAMS = 4
/** P18.5: a connection whose ping gets no answer is closed, within two default heartbeats; a half-open one would look alive for minutes. */
const PING_INTERVAL_MS = 10_000
/** Generous: a peer that is busy or paused for some seconds is not gone. */
const PING_TIMEOUT_MS = 15_000
const SOCKET_IDLE_MS = 120_000
const KEEP_ALIVE_MS = 30_000

/** Times that tests shorten. */
export type TransportTiming = {
  /** A socket without traffic closes after this. */
  readonly socketIdleMs?: Millis
  /** How often yamux pings a connection; false for never. */
  readonly keepAliveMs?: Millis | false
  readonly pingIntervalMs?: Millis
  /** A ping without an answer for this long ends its connection (P18.5). */
  readonly pingTimeoutMs?: Millis
}

export type Libp2pSetup = {
  readonly privateKey: PrivateKey
  readonly network: string
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly bootstrap: readonly string[]
  readonly mdns: boolean
  readonly dht: 'server' | 'client'
  readonly datastore: LevelDatastore | null
  readonly log: LeveledLog
  readonly registry: Registry | undefined
  readonly gater: ConnectionGater
  readonly gossip: GossipOptions
  readonly timing: TransportTiming
}

/** The libp2p key of a 32-byte Ed25519 seed; raw libp2p keys are the seed followed by the public key. */
export function privateKeyOf(seed: Uint8Array, publicKey: Uint8Array): PrivateKey {
  return privateKeyFromRaw(Buffer.concat([seed, publicKey]))
}

/** What runs on libp2p beside our own protocols. */
export type Libp2pServices = {
  readonly identify: Identify
  readonly ping: Ping
  readonly dht: KadDHT
  readonly pubsub: GossipSub
}

/** The argument of `createLibp2p`; the node is not started by it. */
export function libp2pOptions(setup: Libp2pSetup): Libp2pOptions<Libp2pServices> {
  const { privateKey, datastore, registry, timing } = setup
  const idleMs = timing.socketIdleMs ?? SOCKET_IDLE_MS
  const pingTimeoutMs = timing.pingTimeoutMs ?? PING_TIMEOUT_MS
  return {
    start: false,
    privateKey,
    addresses: { listen: [...setup.listen], announce: [...setup.announce] },
    transports: [tcp({ inboundSocketInactivityTimeout: idleMs, outboundSocketInactivityTimeout: idleMs })],
    connectionEncrypters: [gatheringNoise(noiseCrypto)],
    streamMuxers: [muxer(timing)],
    connectionManager: {
      maxConnections: MAX_CONNECTIONS,
      inboundConnectionThreshold: INBOUND_PER_SECOND,
      maxIncomingPendingConnections: MAX_PENDING_INBOUND,
      maxPeerAddrsToDial: MAX_ADDRESSES_PER_PEER,
      dialTimeout: DIAL_TIMEOUT_MS,
      addressDialTimeout: ADDRESS_DIAL_TIMEOUT_MS,
      inboundUpgradeTimeout: UPGRADE_TIMEOUT_MS,
      // The dialer reconnects; two schedules would fight.
      reconnectRetries: 0,
    },
    connectionMonitor: {
      pingInterval: timing.pingIntervalMs ?? PING_INTERVAL_MS,
      pingTimeout: { minTimeout: pingTimeoutMs, maxTimeout: pingTimeoutMs },
    },
    connectionGater: setup.gater,
    peerStore: { addressFilter },
    peerDiscovery: discovery(setup),
    services: {
      identify: identify(),
      ping: ping({ maxInboundStreams: PING_STREAMS, maxOutboundStreams: PING_STREAMS }),
      dht: peerRouting(setup),
      pubsub: gossipService(setup.gossip),
    },
    logger: bridgeLog(setup.log),
    ...(datastore === null ? {} : { datastore }),
    ...(registry === undefined
      ? {}
      : { metrics: prometheusMetrics({ registry, collectDefaultMetrics: false, preserveExistingMetrics: true }) }),
  }
}

function muxer({ keepAliveMs = KEEP_ALIVE_MS }: TransportTiming) {
  return yamux({
    enableKeepAlive: keepAliveMs !== false,
    ...(keepAliveMs === false ? {} : { keepAliveInterval: keepAliveMs }),
    maxInboundStreams: MAX_STREAMS_PER_CONNECTION,
    maxOutboundStreams: MAX_STREAMS_PER_CONNECTION,
    streamOptions: {
      maxStreamWindowSize: MAX_STREAM_WINDOW,
      maxReadBufferLength: MAX_READ_BUFFER,
      maxWriteBufferLength: MAX_WRITE_BUFFER,
    },
  })
}

/** Only finds peers by id: records are refused, and private addresses are kept (the default drops them). */
function peerRouting({ network, dht }: Libp2pSetup) {
  const create = kadDHT({
    protocol: `/palaver/${network}/kad/1.0.0`,
    clientMode: dht === 'client',
    peerInfoMapper: (peer) => ({ ...peer, multiaddrs: peer.multiaddrs.slice(0, MAX_ADDRESSES_PER_PEER) }),
    validators: { pk: refuseRecord },
    routingTableUpdateMaxQueueSize: 1_024,
    maxInboundStreams: 16,
    // A query before the first peer is there fails at once and the dialer tries again; the default waits for seconds.
    allowQueryWithZeroPeers: true,
    initialQuerySelfInterval: 500,
  })
  return (components: KadDHTComponents) => create(withStore(components))
}

/** The same components, but with a store that keeps nothing. */
function withStore(components: KadDHTComponents): KadDHTComponents {
  return new Proxy(components, {
    get: (target, name) => (name === 'datastore' ? recordlessStore : Reflect.get(target, name)),
  })
}

function refuseRecord(): never {
  throw new Error('this network keeps no records')
}

function discovery({ bootstrap: list, mdns: isOn, network }: Libp2pSetup) {
  const bootstrapping =
    list.length > 0 ? [bootstrap({ list: [...list], timeout: 1, tagTTL: Number.POSITIVE_INFINITY })] : []
  return isOn ? [...bootstrapping, mdns({ serviceTag: `_palaver-${network}._udp.local` })] : bootstrapping
}

/** Learned addresses must be ones this node could dial: a host and a TCP port. */
function addressFilter(_peer: Libp2pPeerId, address: Multiaddr): boolean {
  const [host, transport, ...rest] = address.getComponents()
  const isHost = host !== undefined && /^(ip4|ip6|dns|dns4|dns6)$/.test(host.name)
  const isWildcard = host?.value === '0.0.0.0' || host?.value === '::'
  const isDirect = rest.length === 0 || (rest.length === 1 && rest[0]?.name === 'p2p')
  return isHost && !isWildcard && transport?.name === 'tcp' && transport.value !== '0' && isDirect
}
