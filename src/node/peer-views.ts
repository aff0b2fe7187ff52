/** What a person sees of the connected peers: address, direction, roles, latency, protocols, score. */
import type { IdentifyResult } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Ping } from '@libp2p/ping'
import type { Millis, PeerId } from '../domain.ts'
import type { PeerInfo } from '../protocols/network.ts'
import type { PeerRegistry } from '../protocols/peer-registry.ts'
import type { Penalties } from '../protocols/penalties.ts'

/** Protocols of one peer that are shown. */
const MAX_PROTOCOLS = 64
const PING_DEADLINE_MS = 5_000

export interface PeerViews {
  list(): PeerInfo[]
  identified(result: Pick<IdentifyResult, 'peerId' | 'protocols'>): void
  /** Measures the first round trip; later ones come with the connection monitor's pings. */
  connected(peer: PeerId, ping: Ping): void
  disconnected(peer: PeerId): void
}

/** Views without peers. What is remembered of a peer goes when it leaves. */
export function createPeerViews({ peers, penalties }: { peers: PeerRegistry; penalties: Penalties }): PeerViews {
  const protocols = new Map<PeerId, readonly string[]>()
  const firstPings = new Map<PeerId, Millis>()

  return {
    list: () =>
      peers.connected().map(({ peer, link: { connection, roles } }) => ({
        peerId: peer,
        multiaddr: connection.remoteAddr.toString(),
        direction: connection.direction,
        roles: roles ?? [],
        latencyMs: connection.rtt ?? firstPings.get(peer) ?? null,
        protocols: protocols.get(peer) ?? [],
        score: penalties.score(peer),
      })),
    identified(result) {
      const peer = result.peerId.toString()
      // Identify may come before the role handshake: remembered until the peer leaves, and only for open connections.
      if (peers.isOpen(peer)) protocols.set(peer, result.protocols.slice(0, MAX_PROTOCOLS))
    },
    connected(peer, ping) {
      ping.ping(peerIdFromString(peer), { signal: AbortSignal.timeout(PING_DEADLINE_MS) }).then(
        (latencyMs) => {
          if (peers.isOpen(peer)) firstPings.set(peer, latencyMs)
        },
        () => undefined,
      )
    },
    disconnected(peer) {
      protocols.delete(peer)
      firstPings.delete(peer)
    },
  }
}
