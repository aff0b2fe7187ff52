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
  /** Delivers a message from `from` on a channel; resolves when the receiver is done with it. */
  deliver(protocol: string, from: PeerId, message: Uint8Array): Promise<void>
  gossip(topic: string, from: PeerId, message: Uint8Array): Promise<GossipVerdict>
  /** `from` begins a conversation with this node: its end of it. */
  begin(protocol: string, from: PeerId): MessageStream
  /** From now on conversations this node opens with `other` are accepted there. */
  meet(other: FakeNetwork): void
  join(peer: PeerId, roles: readonly Role[]): void
  /** From now on what is sent to `peer` goes here, in a later turn, instead of being kept. */
  route(peer: PeerId, carry: (protocol: string, message: Uint8Array) => Promise<void>): void
}

export function createFakeNetwork(self: PeerId): FakeNetwork {
  const receivers = new Map<string, MessageReceiver>()
  const acceptors = new Map<string, StreamAcceptor>()
  const met = new Map<PeerId, FakeNetwork>()
  const validators = new Map<string, GossipValidator>()
  const listeners: PeerListener[] = []
  const routes = new Map<PeerId, (protocol: string, message: Uint8Array) => Promise<void>>()
  const network: FakeNetwork = {
    self,
    sent: [],
    penalties: [],
    published: [],
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
          return other.begin(row.protocol, self)
        },
      }
    },
    topic(row: TopicRow, validate) {
      validators.set(row.name, validate)
      return {
        async publish(message) {
          network.published.push({ topic: row.name, message })
          return 1
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
    gossip: async (topic, from, message) => validators.get(topic)?.(from, message, from) ?? 'ignore',
    begin(protocol, from) {
      const accept = acceptors.get(protocol)
      if (accept === undefined) throw new NetworkError('unsupported', `${self} does not serve ${protocol}`)
      const [theirs, ours] = messageStreamPair({ names: [from, self] })
      void lead(accept, ours)
      return theirs
    },
    meet: (other) => void met.set(other.self, other),
    route: (peer, carry) => void routes.set(peer, carry),
    join: (peer, roles) => {
      for (const listener of listeners) listener.connected(peer, roles)
    },
  }
  return network
}

async function lead(accept: StreamAcceptor, stream: MessageStream): Promise<void> {
  try {
    await accept(stream)
    await stream.end()
  } catch (error) {
    stream.abort(String(error))
  }
}
