/** A network by hand: keeps what is sent, penalised and published, and lets a test play every peer. */
import type { PeerId, PenaltyClass, Role } from '../../src/domain.ts'
import type { ChannelRow, StreamRow, TopicRow } from '../../src/protocols/catalogue.ts'
import { NetworkError } from '../../src/protocols/errors.ts'
import type {
  GossipValidator,
  GossipVerdict,
  MessageReceiver,
  MessageStream,
  Network,
  PeerListener,
  StreamAcceptor,
} from '../../src/protocols/network.ts'
import { messageStreamPair } from './message-stream-pair.ts'

export type Sent = { readonly protocol: string; readonly to: PeerId; readonly message: Uint8Array }

export type FakeNetwork = Network & {
  readonly sent: Sent[]
  readonly penalties: { readonly peer: PeerId; readonly penalty: PenaltyClass; readonly reason: string }[]
  readonly published: { readonly topic: string; readonly message: Uint8Array }[]
  /** Where its peers see it. */
  readonly address: string
  /** What this node sees of a stream of its own: a test may hold messages back, or look at them. */
  wrap: (stream: MessageStream) => MessageStream
  /** Delivers a message from `from` on a channel; resolves when the receiver is done with it. */
  deliver(protocol: string, from: PeerId, message: Uint8Array): Promise<void>
  /** `relay`: who passed it on, the author when absent. What is accepted goes on to those this node has met, once. */
  gossip(topic: string, from: PeerId, message: Uint8Array, relay?: PeerId): Promise<GossipVerdict>
  /** `from` begins a conversation with this node: its end of it. */
  begin(protocol: string, from: PeerId, address?: string): MessageStream
  /** As `gossip`, of what it has not heard before. */
  hear(topic: string, from: PeerId, message: Uint8Array, relay: PeerId): Promise<void>
  /** From now on conversations this node opens with `other` are accepted there, and its gossip is heard there. */
  meet(other: FakeNetwork): void
  /** The connection to `peer` is gone, its streams break. */
  part(peer: PeerId): void
  join(peer: PeerId, roles: readonly Role[]): void
  /** From now on what is sent to `peer` goes here, in a later turn, instead of being kept. */
  route(peer: PeerId, carry: (protocol: string, message: Uint8Array) => Promise<void>): void
}

export function createFakeNetwork(self: PeerId, address = '192.0.2.1'): FakeNetwork {
  const receivers = new Map<string, MessageReceiver>()
  const acceptors = new Map<string, StreamAcceptor>()
  const met = new Map<PeerId, FakeNetwork>()
  const validators = new Map<string, GossipValidator>()
  const listeners: PeerListener[] = []
  const open = new Map<PeerId, Set<MessageStream>>()
  const seen = new Set<string>()
  const routes = new Map<PeerId, (protocol: string, message: Uint8Array) => Promise<void>>()
  const network: FakeNetwork = {
    self,
    sent: [],
    penalties: [],
    published: [],
    address,
    wrap: (stream) => stream,
    channel(row: ChannelRow, receive) {
      receivers.set(row.protocol, receive)
      return {
        send(to, message) {
          const carry = routes.get(to)
          if (carry === undefined) network.sent.push({ protocol: row.protocol, to, message })
          else setImmediate(() => void carry(row.protocol, message))
          return true
        },
      }
    },
    streams(row: StreamRow, accept) {
      acceptors.set(row.protocol, accept)
      return {
        async open(peer) {
          const other = met.get(peer)
          if (other === undefined) throw new NetworkError('not-connected', `${peer} is not connected`)
          return network.wrap(noted(other.begin(row.protocol, self, address)))
        },
      }
    },
    topic(row: TopicRow, validate) {
      validators.set(row.name, validate)
      return {
        async publish(message) {
          network.published.push({ topic: row.name, message })
          seen.add(keyOf(row.name, message))
          return spread(row.name, self, message)
        },
      }
    },
    onPeers: (listener) => void listeners.push(listener),
    penalise: (peer, penalty, reason) => void network.penalties.push({ peer, penalty, reason }),
    peers: () => [],
    multiaddrs: () => [],
    connect: async () => self,
    disconnect: async () => undefined,
    ban: async () => undefined,
    start: async () => undefined,
    stop: async () => undefined,
    deliver: async (protocol, from, message) => receivers.get(protocol)?.(from, message),
    async gossip(topic, from, message, relay = from) {
      seen.add(keyOf(topic, message))
      const verdict = (await validators.get(topic)?.(from, message, relay)) ?? 'ignore'
      if (verdict === 'accept') spread(topic, from, message)
      return verdict
    },
    async hear(topic, from, message, relay) {
      if (!seen.has(keyOf(topic, message))) await network.gossip(topic, from, message, relay)
    },
    begin(protocol, from, seenAt = address) {
      const accept = acceptors.get(protocol)
      if (accept === undefined) throw new NetworkError('unsupported', `${self} does not serve ${protocol}`)
      const [theirs, ours] = messageStreamPair({ names: [from, self] })
      void lead(accept, network.wrap(noted({ ...ours, remoteAddress: seenAt })))
      return { ...theirs, remoteAddress: address }
    },
    meet: (other) => void met.set(other.self, other),
    part(peer) {
      met.delete(peer)
      for (const stream of open.get(peer) ?? []) stream.abort('the connection is gone')
      open.delete(peer)
      for (const listener of listeners) listener.disconnected(peer)
    },
    route: (peer, carry) => void routes.set(peer, carry),
    join: (peer, roles) => {
      for (const listener of listeners) listener.connected(peer, roles)
    },
  }

  function noted(stream: MessageStream): MessageStream {
    const streams = open.get(stream.peer) ?? new Set()
    open.set(stream.peer, streams.add(stream))
    return stream
  }

  /** To those this node has met; what they have heard before they do not hear again. */
  function spread(topic: string, from: PeerId, message: Uint8Array): number {
    const others = [...met.values()]
    for (const other of others) setImmediate(() => void other.hear(topic, from, message, self))
    return Math.max(1, others.length)
  }

  return network
}

const keyOf = (topic: string, message: Uint8Array): string => `${topic} ${Buffer.from(message).toString('base64')}`

async function lead(accept: StreamAcceptor, stream: MessageStream): Promise<void> {
  try {
    await accept(stream)
    await stream.end()
  } catch (error) {
    stream.abort(String(error))
  }
}
