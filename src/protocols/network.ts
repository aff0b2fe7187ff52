/**
 * The port through which concerns use the network: channels of messages between peers, gossip topics, peers with their
 * proven roles, penalties. Concerns see bytes and peers; libp2p stays behind this interface.
 */
import type { PeerId, PenaltyClass, Role } from '../domain.ts'
import type { ChannelRow, StreamRow, TopicRow } from './catalogue.ts'

/** One long-lived stream to each peer, opened on first use and reopened when it breaks. */
export interface Channel {
  /**
   * Queues one message for `peer`. False when it could not be queued: no connection, or a full queue under the row's
   * policy ('drop-oldest' drops and still returns true; 'close' closes the stream and returns false).
   */
  send(peer: PeerId, message: Uint8Array): boolean
}

/** Takes one message. A promise holds back the next message of that peer: back-pressure. */
export type MessageReceiver = (from: PeerId, message: Uint8Array) => void | Promise<void>

/** One conversation with a peer: messages both ways over a stream of its own, which either side may end. */
export interface MessageStream {
  readonly peer: PeerId
  /** The peer's IP address as this node sees it. */
  readonly remoteAddress: string
  /** Resolves once the message may leave: awaiting it is the back-pressure. Rejects with `NetworkError` when the stream is gone or stalls. */
  send(message: Uint8Array): Promise<void>
  /** The next message; null when the peer has ended its half. Rejects with `NetworkError`: 'bad-frame', 'connection-closed', 'stalled'. */
  read(): Promise<Uint8Array | null>
  /** Ends this half when all is sent. */
  end(): Promise<void>
  /** Gives the stream up at once, both ways. */
  abort(reason: string): void
}

/** Leads one conversation that a peer began; the stream ends when the promise settles. */
export type StreamAcceptor = (stream: MessageStream) => Promise<void>

export interface StreamProtocol {
  /** Begins a conversation. Rejects with `NetworkError`: 'not-connected', 'unsupported', 'timeout', 'too-many-streams', 'connection-closed'. */
  open(peer: PeerId): Promise<MessageStream>
}

export type GossipVerdict = 'accept' | 'ignore' | 'reject'

/** Judges a gossiped message before it is relayed. `from` is the authenticated author, `relay` the peer that passed it on. */
export type GossipValidator = (
  from: PeerId,
  message: Uint8Array,
  relay: PeerId,
) => GossipVerdict | Promise<GossipVerdict>

export interface Topic {
  /** Publishes to the mesh; resolves to the number of peers it was sent to (0 with nobody around). */
  publish(message: Uint8Array): Promise<number>
}

/** A connection whose role handshake is done. `roles` is empty for a full node. */
export type PeerListener = {
  readonly connected: (peer: PeerId, roles: readonly Role[]) => void
  readonly disconnected: (peer: PeerId) => void
  /** The seats a connected peer holds changed: a session started. */
  readonly rolesChanged?: (peer: PeerId, roles: readonly Role[]) => void
}

export type PeerInfo = {
  readonly peerId: PeerId
  readonly multiaddr: string
  readonly direction: 'inbound' | 'outbound'
  readonly roles: readonly Role[]
  /** Round trip of the last ping, or null before one. */
  readonly latencyMs: number | null
  readonly protocols: readonly string[]
  readonly score: number
}

/** The live network of one node. Register channels, stream protocols and topics before `start`. */
export interface Network {
  readonly self: PeerId
  channel(row: ChannelRow, receive: MessageReceiver): Channel
  streams(row: StreamRow, accept: StreamAcceptor): StreamProtocol
  topic(row: TopicRow, validate: GossipValidator): Topic
  onPeers(listener: PeerListener): void
  /** Counts a peer's bad message; enough of them bans it for a while. */
  penalise(peer: PeerId, penalty: PenaltyClass, reason: string): void
  peers(): PeerInfo[]
  /** `IP/tcp` listen addresses with `/p2p/<self>`. */
  multiaddrs(): string[]
  /** Dials and resolves with the peer id once the role handshake is done. Rejects with a `NetworkError` naming the cause. */
  connect(multiaddr: string): Promise<PeerId>
  disconnect(peer: PeerId): Promise<void>
  ban(peer: PeerId): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}
