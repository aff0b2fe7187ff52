/**
 * The live network of one node: puts libp2p, channels, stream protocols, topics, role handshakes, penalties and the dialer together behind
 * the `Network` port. libp2p itself is made by `start`, when every channel and topic is known (DESIGN.md 7).
 */
import type { Connection, IdentifyResult, StreamHandler } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { LevelDatastore } from 'datastore-level'
import { createLibp2p, type Libp2p } from 'libp2p'
import { assert } from '../assert.ts'
import type { Millis, PeerId } from '../domain.ts'
import { LINK_ECHO, ROLE_HANDSHAKE } from '../protocols/catalogue.ts'
import { parseDialTarget, parseListenAddress } from '../protocols/dial-target.ts'
import { NetworkError } from '../protocols/errors.ts'
import { joinTopics, publishTo, topicName } from '../protocols/gossip.ts'
import type { LinkEcho } from '../protocols/link-echo.ts'
import type { Network } from '../protocols/network.ts'
import { publicKeyHexFromPeerId } from '../protocols/peer-ids.ts'
import { MANUAL_BAN_MS } from '../protocols/penalties.ts'
import { createConnector } from './connector.ts'
import type { Libp2pServices } from './libp2p-options.ts'
import {
  createParts,
  gossipOptions,
  type NetworkOptions,
  newChannel,
  newStreamProtocol,
  type Parts,
  setupOf,
} from './network-parts.ts'
import { TRIM_INTERVAL_MS, trimPeerBook } from './peer-book.ts'
import { createPeerViews } from './peer-views.ts'

/** Streams of one channel, or of echoes, per connection: the live one, and a successor that overlaps while it is replaced. */
const STREAMS_PER_CHANNEL = 2
/** `stop` never takes longer. */
const STOP_DEADLINE_MS = 1_800
const HANDSHAKE_STREAMS = 2

export interface PalaverNetwork extends Network {
  /** Tries every missing committee member and bootstrap peer now, whatever their pauses. */
  retryDials(): void
  /** Committees changed: everybody's roles are looked up again, and members old and new are treated as such. */
  committeeChanged(): void
}

/** A network at rest. Throws `NetworkError` for a bootstrap or listen address it cannot use. */
export function createPalaverNetwork(options: NetworkOptions): PalaverNetwork {
  const { logger } = options
  const parts = createParts(options, disconnect)
  const { self, penalties, peers, linkEcho, channels, streams, topics } = parts
  for (const address of options.listen) parseListenAddress(address)
  const bootstrap = options.bootstrap.map(parseDialTarget).filter(({ peer }) => peer !== self)
  const connector = createConnector({ parts, bootstrap, libp2p: () => libp2p })
  const views = createPeerViews(parts)
  let libp2p: Libp2p<Libp2pServices> | null = null
  let datastore: LevelDatastore | null = null
  let trimming: NodeJS.Timeout | undefined

  async function disconnect(peer: PeerId): Promise<void> {
    // A connection that closes ends its streams politely, and half a conversation would look whole.
    for (const protocol of streams) protocol.peerGone(peer)
    await libp2p?.hangUp(peerIdFromString(peer)).catch((error: unknown) => {
      logger.debug({ peer, error }, 'a connection was not closed cleanly')
    })
  }

  async function start(): Promise<void> {
    assert(libp2p === null, 'a network starts once')
    const gossip = gossipOptions(parts)
    datastore = options.datastorePath === null ? null : new LevelDatastore(options.datastorePath)
    await datastore?.open()
    const node = await createLibp2p(setupOf(parts, { gossip, datastore, isMember: connector.isMember }))
    libp2p = node
    await serve(node, parts)
    observe(node)
    try {
      await node.start()
    } catch (cause) {
      await stop()
      const where = options.listen.join(', ')
      const text = `cannot listen on ${where}: another process holds the port, or the address is not this machine's; choose another with --listen`
      throw new NetworkError('listen-failed', text, { cause })
    }
    joinTopics(node.services.pubsub, gossip)
    connector.start()
    trimming = setInterval(() => trim(node), TRIM_INTERVAL_MS)
  }

  function observe(node: Libp2p<Libp2pServices>): void {
    node.addEventListener('connection:open', ({ detail }: CustomEvent<Connection>) => peers.opened(detail))
    node.addEventListener('connection:close', ({ detail }: CustomEvent<Connection>) => peers.closed(detail))
    node.addEventListener('peer:identify', ({ detail }: CustomEvent<IdentifyResult>) => views.identified(detail))
    peers.onPeers({
      connected: (peer) => views.connected(peer, node.services.ping),
      disconnected(peer) {
        for (const each of [...channels, ...streams, linkEcho]) each.peerGone(peer)
        views.disconnected(peer)
        penalties.left()
      },
    })
  }

  function trim({ peerStore }: Libp2p): void {
    const isWanted = (peer: PeerId): boolean => peers.isOpen(peer) || connector.isWanted(peer)
    trimPeerBook(peerStore, { isWanted }).catch((error: unknown) =>
      logger.debug({ error }, 'the peer book was not trimmed'),
    )
  }

  async function stop(): Promise<void> {
    connector.stop()
    clearInterval(trimming)
    for (const protocol of streams) protocol.stop()
    const node = libp2p
    if (node === null) return
    libp2p = null
    const ended = Promise.resolve(node.stop()).catch((error: unknown) =>
      logger.warn({ error }, 'libp2p did not stop cleanly'),
    )
    await Promise.race([ended, deadline(STOP_DEADLINE_MS)])
    await datastore?.close().catch(() => undefined)
  }

  return {
    self,
    channel(row, receive) {
      assert(libp2p === null, 'channels are registered before start')
      const channel = newChannel(parts, row, receive)
      channels.push(channel)
      return channel
    },
    streams(row, accept) {
      assert(libp2p === null, 'stream protocols are registered before start')
      const protocol = newStreamProtocol(parts, row, accept)
      streams.push(protocol)
      return protocol
    },
    topic(row, validate) {
      assert(libp2p === null, 'topics are registered before start')
      topics.push({ row, validate })
      const name = topicName(options.network, row)
      return {
        publish: async (message) => (libp2p === null ? 0 : publishTo(libp2p.services.pubsub, name, row, message)),
      }
    },
    onPeers: peers.onPeers,
    penalise: parts.penalise,
    peers: views.list,
    multiaddrs: () => libp2p?.getMultiaddrs().map(String) ?? [],
    connect: connector.connect,
    async disconnect(peer) {
      checkPeerId(peer)
      if (!peers.isOpen(peer)) {
        throw new NetworkError('not-connected', `${peer} is not connected: \`palaver peers list\` shows who is`)
      }
      connector.forget(peer)
      await disconnect(peer)
    },
    async ban(peer) {
      checkPeerId(peer)
      penalties.ban(peer, MANUAL_BAN_MS)
      connector.forget(peer)
      await disconnect(peer)
    },
    retryDials: connector.retryNow,
    committeeChanged() {
      peers.refreshRoles()
      connector.committeeChanged()
    },
    start,
    stop,
  }
}

function checkPeerId(text: string): void {
  if (publicKeyHexFromPeerId(text) !== null) return
  const advice = 'type one like 12D3KooW... (`palaver peers list` shows those connected)'
  throw new NetworkError('bad-peer-id', `'${text.slice(0, 100)}' is no peer id of a node: ${advice}`)
}

/** Registers every stream protocol; libp2p is not started yet, so no peer finds a protocol missing. */
async function serve(node: Libp2p<Libp2pServices>, parts: Parts): Promise<void> {
  const { peers, linkEcho, channels, streams } = parts
  const both = (count: number) => ({ maxInboundStreams: count, maxOutboundStreams: count })
  await node.handle(ROLE_HANDSHAKE.protocol, peers.accept, both(HANDSHAKE_STREAMS))
  const accept =
    ({ accept }: Pick<LinkEcho, 'accept'>): StreamHandler =>
    (stream, connection) =>
      void accept(stream, connection)
  await node.handle(LINK_ECHO.protocol, accept(linkEcho), both(STREAMS_PER_CHANNEL))
  for (const each of channels) await node.handle(each.row.protocol, accept(each), both(STREAMS_PER_CHANNEL))
  for (const each of streams) await node.handle(each.row.protocol, accept(each), both(each.row.maxStreams))
}

function deadline(ms: Millis): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
