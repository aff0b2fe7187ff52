/** Makes connections: the ones a person asks for, with an error that names the cause, and the ones the node wants to keep. */
import { peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import type { Millis, PeerId } from '../domain.ts'
import { explainDialError } from '../protocols/dial-errors.ts'
import { type DialTarget, parseDialTarget } from '../protocols/dial-target.ts'
import { NetworkError } from '../protocols/errors.ts'
import { peerIdFromPublicKeyHex } from '../protocols/peer-ids.ts'
import { createDialer } from './dialer.ts'
import type { Parts } from './network-parts.ts'

const DIAL_DEADLINE_MS = 8_000
const FIND_DEADLINE_MS = 5_000
/** Peers that a person connected to and that are kept; the oldest is let go. */
const MAX_KEPT = 64
/** A peer that a person disconnected is left alone this long, even a committee member. */
const FORGET_MS: Millis = 15_000
/** Weight of committee members when connections must be pruned. */
const COMMITTEE_TAG = 'palaver-committee'
const COMMITTEE_WEIGHT = { value: 100 }

export type ConnectorOptions = {
  readonly parts: Parts
  readonly bootstrap: readonly DialTarget[]
  /** The running libp2p, or null. */
  readonly libp2p: () => Libp2p | null
}

export interface Connector {
  start(): void
  stop(): void
  retryNow(): void
  /** Whether the node wants to stay connected with this peer. */
  isWanted(peer: PeerId): boolean
  /** Whether the peer sits in a committee that this node keeps connections with. */
  isMember(peer: PeerId): boolean
  /** Committees changed: new members are dialled at once, and those who left lose their preference (P16.5, P18.7). */
  committeeChanged(): void
  /** Dials, shakes hands and keeps the peer connected from now on. Rejects with `NetworkError`. */
  connect(text: string): Promise<PeerId>
  /** No longer keeps the peer, and leaves it alone for a while. */
  forget(peer: PeerId): void
}

/** A connector at rest. */
export function createConnector({ parts, bootstrap, libp2p }: ConnectorOptions): Connector {
  const { options, self, penalties, peers } = parts
  const kept = new Map<PeerId, Multiaddr>()
  const bootstraps = new Map(bootstrap.map(({ peer, address }) => [peer, address]))
  const committeeIds = memoizePeerIds(options.committee)
  /** Members of past and present committees whose connections libp2p prunes last. */
  const preferred = new Set<PeerId>()

  const running = (): Libp2p => {
    const node = libp2p()
    if (node === null) throw new NetworkError('not-started', 'the network is not running: start the node first')
    return node
  }
  const wanted = (): PeerId[] => [...new Set([...committeeIds(), ...bootstraps.keys(), ...kept.keys()])]
  const dialer = createDialer({
    self,
    clock: options.clock,
    targets: () => wanted().filter((peer) => peer !== self && !penalties.isBanned(peer)),
    isConnected: (peer) => peers.isOpen(peer),
    hasAddress: (peer) => kept.has(peer) || bootstraps.has(peer),
    async dial(peer, stopping) {
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(DIAL_DEADLINE_MS)])
      const address = kept.get(peer) ?? bootstraps.get(peer)
      await dialKnown(running(), { peer, address, signal })
    },
    async find(peer, stopping) {
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(FIND_DEADLINE_MS)])
      const node = running()
      // Not `useCache`: what the peer store knows has just failed.
      const { id, multiaddrs } = await node.peerRouting.findPeer(peerIdFromString(peer), { signal, useCache: false })
      await node.peerStore.merge(id, { multiaddrs })
    },
  })

  function prefer(peer: PeerId, isMember: boolean): void {
    if (isMember === preferred.has(peer)) return
    if (isMember) preferred.add(peer)
    else preferred.delete(peer)
    const tags = { [COMMITTEE_TAG]: isMember ? COMMITTEE_WEIGHT : undefined }
    libp2p()
      ?.peerStore.merge(peerIdFromString(peer), { tags })
      .catch((error: unknown) => options.logger.debug({ peer, error }, 'a peer was not tagged'))
  }

  function preferMembers(): void {
    const members = new Set(committeeIds())
    for (const peer of [...preferred]) prefer(peer, members.has(peer))
    for (const peer of members) if (peer !== self) prefer(peer, true)
  }

  return {
    start() {
      preferMembers()
      dialer.start()
    },
    stop: dialer.stop,
    retryNow: dialer.retryNow,
    isWanted: (peer) => wanted().includes(peer),
    isMember: (peer) => committeeIds().includes(peer),
    committeeChanged() {
      preferMembers()
      dialer.retryNow()
    },
    async connect(text) {
      const target = parseDialTarget(text)
      if (target.peer === self) throw new NetworkError('self-dial', `${text} is this node itself: name another one`)
      const leftMs = penalties.banLeftMs(target.peer)
      if (leftMs > 0) {
        const seconds = Math.ceil(leftMs / 1_000)
        throw new NetworkError(
          'banned',
          `${target.peer} is banned for another ${seconds} s: wait, or restart this node to lift the ban`,
        )
      }
      parts.cooldown.clear(target.peer)
      const connection = await dialExplained(running(), target)
      await peers.ready(connection)
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value ?? '')
      kept.set(target.peer, target.address)
      return target.peer
    },
    forget(peer) {
      kept.delete(peer)
      dialer.hold(peer, FORGET_MS)
    },
  }
}

type Known = { readonly peer: PeerId; readonly address: Multiaddr | undefined; readonly signal: AbortSignal }

/** First the configured address, then what the peer store knows. (libp2p would ask the DHT unasked, within the dial's deadline.) */
async function dialKnown(node: Libp2p, { peer, address, signal }: Known) {
  const id = peerIdFromString(peer)
  if (address !== undefined) {
    const connection = await node.dial(address, { signal }).catch(() => null)
    if (connection !== null) return connection
  }
  const { addresses } = await node.peerStore.get(id)
  if (addresses.length === 0) throw new NetworkError('unreachable', `no address of ${peer} is known`)
  return node.dial(id, { signal })
}

async function dialExplained(node: Libp2p, { address }: DialTarget) {
  try {
    return await node.dial(address, { signal: AbortSignal.timeout(DIAL_DEADLINE_MS) })
  } catch (error) {
    throw explainDialError(error, address.toString())
  }
}

/** Peer ids of the committee; worked out again only when the committee changes. */
function memoizePeerIds(committee: () => readonly string[]): () => readonly PeerId[] {
  let keys = ''
  let ids: readonly PeerId[] = []
  return () => {
    const current = committee()
    const joined = current.join()
    if (joined !== keys) {
      keys = joined
      ids = current.map(peerIdFromPublicKeyHex)
    }
    return ids
  }
}
