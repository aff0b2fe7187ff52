/**
 * The parts of a network and what they share: identity, penalties, the registry of peers, channels and topics; and how
 * each is made from the node's options.
 */
import type { LevelDatastore } from 'datastore-level'
import type { Libp2pOptions } from 'libp2p'
import type { Registry } from 'prom-client'
import { createSigner, type Signer } from '../crypto/keys.ts'
import type { Hash, Millis, PeerId, PenaltyClass, PublicKeyHex, Role } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { ChannelRow, StreamRow } from '../protocols/catalogue.ts'
import { createChannel, type LiveChannel } from '../protocols/channel.ts'
import { type Cooldown, createCooldown } from '../protocols/cooldown.ts'
import type { GossipOptions, TopicDefinition } from '../protocols/gossip.ts'
import { createLinkEcho, type LinkEcho } from '../protocols/link-echo.ts'
import { createTurnsByPeer, type LinkTurns } from '../protocols/link-turns.ts'
import type { MessageReceiver, StreamAcceptor } from '../protocols/network.ts'
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import { createPeerRegistry, type PeerRegistry } from '../protocols/peer-registry.ts'
import { createPenalties, type Penalties } from '../protocols/penalties.ts'
import type { MemberKey } from '../protocols/role-proof.ts'
import { createStreamProtocol, type LiveStreamProtocol } from '../protocols/stream-protocol.ts'
import type { LeveledLog } from './libp2p-log.ts'
import {
  type Libp2pServices,
  libp2pOptions,
  MAX_CONNECTIONS,
  privateKeyOf,
  type TransportTiming,
} from './libp2p-options.ts'

/** Connections that only committee members get (P18.7). */
export const RESERVED_CONNECTIONS = MAX_CONNECTIONS / 2

/** What a node brings to its network. */
export type NetworkOptions = {
  /** 32 bytes; the node's Ed25519 identity. */
  readonly seed: Uint8Array
  /** The network's name: part of the DHT's protocol and of every topic. */
  readonly network: string
  readonly chainId: Hash
  /** Multiaddrs like `/ip4/0.0.0.0/tcp/0`. */
  readonly listen: readonly string[]
  /** Addresses told to peers in place of those listened on; empty for the latter. */
  readonly announce?: readonly string[]
  /** Multiaddrs with `/p2p/`, kept connected. */
  readonly bootstrap: readonly string[]
  readonly mdns: boolean
  readonly dht: 'server' | 'client'
  /** What this node claims in role handshakes: its seats in the session it is in. */
  readonly ownRoles: () => readonly Role[]
  readonly memberKey: MemberKey
  /** The seats a key holds now, this node's own too. */
  readonly seatsOf: (peer: PeerId) => readonly Role[]
  /** Whether the peer says to be in a session this node has not reached. */
  readonly isAhead: (peer: PeerId) => boolean
  /** Members to stay connected with; looked up by peer id where no address is known. */
  readonly committee: () => readonly PublicKeyHex[]
  readonly signer: Signer
  /** A folder for libp2p's own records, or null to keep them in memory. */
  readonly datastorePath: string | null
  readonly clock: Clock
  readonly logger: LeveledLog
  readonly registry?: Registry
  readonly onDuplicateRole?: (peer: PeerId, role: Role) => void
  readonly timing?: TransportTiming & {
    readonly handshakeMs?: Millis
    readonly drainDeadlineMs?: Millis
    readonly frameDeadlineMs?: Millis
  }
}

/** What the parts of a network share while it is set up and runs. */
export type Parts = {
  readonly options: NetworkOptions
  readonly self: PeerId
  readonly penalties: Penalties
  /** Peers whose handshake failed a moment ago: the DHT must not dial them again and again. */
  readonly cooldown: Cooldown
  readonly peers: PeerRegistry
  /** Whose turn it is on the link to a peer. */
  readonly turnsOf: (peer: PeerId) => LinkTurns
  readonly linkEcho: LinkEcho
  readonly channels: LiveChannel[]
  readonly streams: LiveStreamProtocol[]
  readonly topics: TopicDefinition[]
  readonly penalise: (peer: PeerId, penalty: PenaltyClass, reason: string) => void
}

/** Parts at rest; `disconnect` ends the connections of a peer that gets banned. */
export function createParts(options: NetworkOptions, disconnect: (peer: PeerId) => Promise<void>): Parts {
  const { clock, logger, signer, chainId, ownRoles, memberKey, seatsOf } = options
  const self = peerIdFromPublicKeyHex(createSigner(options.seed).publicKey)
  const penalties = createPenalties(clock)
  const cooldown = createCooldown(clock)
  const penalise: Parts['penalise'] = (peer, penalty, reason) => {
    logger.debug({ peer, penalty, reason }, 'a peer misbehaved')
    if (!penalties.add(peer, penalty)) return
    logger.warn({ peer, reason, forMs: penalties.banLeftMs(peer) }, 'a peer is banned for a while')
    void disconnect(peer)
  }
  const peers = createPeerRegistry({
    identity: { chainId, self, signer, ownRoles, memberKey },
    seatsOf,
    clock,
    log: logger,
    deadlineMs: options.timing?.handshakeMs,
    onFailure: cooldown.add,
    onBadProof: (peer, reason) => penalise(peer, 'invalid', reason),
    onDuplicateRole(peer, role) {
      logger.warn({ peer, ...role }, 'the same committee place is proven by two peers: one key runs twice')
      options.onDuplicateRole?.(peer, role)
    },
  })
  return {
    options,
    self,
    penalties,
    cooldown,
    peers,
    turnsOf: createTurnsByPeer(clock),
    linkEcho: createLinkEcho({ registry: peers, clock, log: logger }),
    channels: [],
    streams: [],
    topics: [],
    penalise,
  }
}

/** A channel on these parts. */
export function newChannel(
  { options, self, peers, turnsOf, penalise }: Parts,
  row: ChannelRow,
  receive: MessageReceiver,
): LiveChannel {
  const { clock, logger: log, seatsOf, isAhead, timing } = options
  const { drainDeadlineMs, frameDeadlineMs } = timing ?? {}
  const hasRole = (): boolean => seatsOf(self).length > 0
  return createChannel({
    row,
    receive,
    registry: peers,
    turnsOf,
    clock,
    log,
    penalise,
    hasRole,
    isAhead,
    drainDeadlineMs,
    frameDeadlineMs,
  })
}

/** A stream protocol on these parts. */
export function newStreamProtocol(
  { options, peers, turnsOf, linkEcho, penalise }: Parts,
  row: StreamRow,
  accept: StreamAcceptor,
): LiveStreamProtocol {
  const { clock, logger: log } = options
  return createStreamProtocol({ row, accept, registry: peers, turnsOf, paceOf: linkEcho.paceOf, clock, log, penalise })
}

/** What gossip needs, with the topics registered so far. */
export function gossipOptions({ options, penalise, topics }: Parts): GossipOptions {
  return { network: options.network, topics, clock: options.clock, log: options.logger, penalise }
}

/** The argument of `createLibp2p`. */
export function setupOf(
  parts: Parts,
  {
    isMember,
    ...live
  }: {
    readonly gossip: GossipOptions
    readonly datastore: LevelDatastore | null
    readonly isMember: (peer: PeerId) => boolean
  },
): Libp2pOptions<Libp2pServices> {
  const { options, penalties, cooldown, peers } = parts
  const { network, listen, announce = [], bootstrap, mdns, dht, logger: log, registry, timing = {} } = options
  const isBanned = (peer: { toString(): string }): boolean => penalties.isBanned(peer.toString())
  const privateKey = privateKeyOf(options.seed, Buffer.from(createSigner(options.seed).publicKey, 'hex'))
  const isResting = (peer: { toString(): string }): boolean => isBanned(peer) || cooldown.has(peer.toString())
  const isCrowded = (peer: { toString(): string }): boolean =>
    peers.openConnections >= MAX_CONNECTIONS - RESERVED_CONNECTIONS && !isMember(peer.toString())
  const gater = {
    denyDialPeer: isResting,
    denyInboundEncryptedConnection: (peer: { toString(): string }) => isBanned(peer) || isCrowded(peer),
    denyOutboundConnection: isBanned,
  }
  const addresses = { listen, announce, bootstrap }
  return libp2pOptions({ privateKey, network, ...addresses, mdns, dht, log, registry, gater, timing, ...live })
}
