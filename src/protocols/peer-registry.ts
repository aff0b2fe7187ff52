/**
 * Who is connected, over which connections, with which proven roles. A peer counts as connected from its first role
 * handshake until its last shaken connection is gone; listeners hear of each change once.
 */
import type { Connection, Stream } from '@libp2p/interface'
import type { Millis, PeerId, Role } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { ROLE_HANDSHAKE } from './catalogue.ts'
import { redundantLinks } from './duplicate-links.ts'
import { NetworkError } from './errors.ts'
import type { Log } from './log.ts'
import type { PeerListener } from './network.ts'
import { type HandshakeIdentity, shakeHands } from './role-handshake.ts'
import { sameRole } from './role-proof.ts'

const HUNG_UP = 'the peer hung up during the role handshake: it may have banned this node, or refuses its role'

/** One connection and how far its handshake is. */
export type Link = {
  readonly connection: Connection
  readonly peer: PeerId
  readonly openedAt: Millis
  /** Resolves with the remote's roles; rejects with `NetworkError` when the handshake fails or the connection closes first. */
  readonly ready: Promise<readonly Role[]>
  roles: readonly Role[] | null
}

type Pending = Link & {
  readonly settle: (roles: readonly Role[]) => void
  readonly fail: (error: NetworkError) => void
  readonly signal: AbortSignal
  shaking: boolean
}

export type RegistryOptions = {
  readonly identity: HandshakeIdentity
  readonly clock: Clock
  readonly log: Log
  /** A handshake failed, for whatever reason. */
  readonly onFailure: (peer: PeerId) => void
  /** The remote lied about a role. */
  readonly onBadProof: (peer: PeerId, reason: string) => void
  /** The same place of a committee is proven by two peer ids at once (P19.5). */
  readonly onDuplicateRole: (peer: PeerId, role: Role) => void
  readonly deadlineMs?: Millis
}

export interface PeerRegistry {
  onPeers(listener: PeerListener): void
  /** A connection is open: starts (outbound) or awaits (inbound) its handshake. */
  opened(connection: Connection): void
  closed(connection: Connection): void
  /** A stream of the handshake protocol came in. */
  accept(stream: Stream, connection: Connection): Promise<void>
  /** The handshake of this connection; rejects at once for a connection that is already gone. */
  ready(connection: Connection): Promise<readonly Role[]>
  /** The newest shaken connection of a peer. */
  current(peer: PeerId): Link | undefined
  /** Whether any connection to the peer is open, shaken or not. */
  isOpen(peer: PeerId): boolean
  /** Connected peers with their newest connection and all roles proven on it. */
  connected(): { readonly peer: PeerId; readonly link: Link }[]
}

/** A registry without peers. Its maps are bounded by the connections libp2p allows. */
export function createPeerRegistry(options: RegistryOptions): PeerRegistry {
  const { identity, clock, log } = options
  const deadlineMs = options.deadlineMs ?? ROLE_HANDSHAKE.deadlineMs
  const links = new Map<string, Pending>()
  const shaken = new Map<PeerId, Link[]>()
  const listeners: PeerListener[] = []

  async function shake(link: Pending, open: () => Stream | Promise<Stream>): Promise<void> {
    link.shaking = true
    const { connection, peer, signal } = link
    try {
      const direction = connection.direction === 'outbound' ? 'D' : 'L'
      const stream = await open()
      done(link, await shakeHands({ identity, stream, remote: peer, direction, signal }))
    } catch (error) {
      failed(link, error)
    }
  }

  function done(link: Pending, roles: readonly Role[]): void {
    if (!links.has(link.connection.id)) return
    link.roles = roles
    const before = shaken.get(link.peer) ?? []
    shaken.set(link.peer, [...before, link])
    reportDuplicates(link.peer, roles)
    if (before.length === 0) for (const listener of listeners) listener.connected(link.peer, roles)
    link.settle(roles)
    for (const extra of redundantLinks(identity.self, shaken.get(link.peer) ?? [])) close(extra.connection)
  }

  function failed(link: Pending, cause: unknown): void {
    const error = asHandshakeError(cause)
    log.debug({ peer: link.peer, code: error.code }, error.message)
    if (error.code === 'bad-proof' || error.code === 'bad-frame') options.onBadProof(link.peer, error.message)
    link.fail(error)
    options.onFailure(link.peer)
    close(link.connection)
  }

  function reportDuplicates(peer: PeerId, roles: readonly Role[]): void {
    for (const role of roles) {
      const isOwn = identity.ownRoles().some((own) => sameRole(own, role))
      const others = [...shaken].filter(([other, held]) => other !== peer && held.some((l) => hasRole(l, role)))
      if (isOwn || others.length > 0) options.onDuplicateRole(peer, role)
    }
  }

  function track(connection: Connection): Pending {
    const known = links.get(connection.id)
    if (known !== undefined) return known
    const { promise, resolve, reject } = Promise.withResolvers<readonly Role[]>()
    promise.catch(() => undefined)
    const ending = new AbortController()
    const timer = setTimeout(() => {
      failed(
        link,
        new NetworkError('handshake-failed', `the peer did not finish the role handshake in ${deadlineMs} ms`),
      )
    }, deadlineMs)
    const end = (): void => {
      clearTimeout(timer)
      ending.abort()
    }
    const link: Pending = {
      connection,
      peer: connection.remotePeer.toString(),
      openedAt: clock.now(),
      ready: promise,
      roles: null,
      shaking: false,
      signal: ending.signal,
      settle(roles) {
        end()
        resolve(roles)
      },
      fail(error) {
        end()
        reject(error)
      },
    }
    links.set(connection.id, link)
    return link
  }

  function closed(connection: Connection): void {
    const link = links.get(connection.id)
    if (link === undefined) return
    links.delete(connection.id)
    // Later, because a frame that says why may have arrived in the same chunk and be judged in a microtask.
    setImmediate(() =>
      link.fail(new NetworkError('handshake-failed', 'the connection closed during the role handshake')),
    )
    const before = shaken.get(link.peer) ?? []
    const rest = before.filter((other) => other !== link)
    if (rest.length > 0) shaken.set(link.peer, rest)
    else shaken.delete(link.peer)
    if (before.length > 0 && rest.length === 0) for (const listener of listeners) listener.disconnected(link.peer)
  }

  return {
    onPeers: (listener) => void listeners.push(listener),
    opened(connection) {
      const link = track(connection)
      if (connection.status !== 'open') return closed(connection)
      if (connection.direction === 'inbound' || link.shaking) return
      void shake(link, () => connection.newStream(ROLE_HANDSHAKE.protocol, { signal: link.signal }))
    },
    closed,
    async accept(stream, connection) {
      const link = track(connection)
      // The dialer opens the one exchange of a connection.
      if (connection.direction === 'outbound' || link.shaking) {
        stream.abort(new NetworkError('handshake-failed', 'a second role handshake on one connection'))
        return
      }
      await shake(link, () => stream)
    },
    ready(connection) {
      return (
        links.get(connection.id)?.ready ?? Promise.reject(new NetworkError('not-connected', 'the connection is closed'))
      )
    },
    current: (peer) => shaken.get(peer)?.at(-1),
    isOpen: (peer) => shaken.has(peer) || [...links.values()].some((link) => link.peer === peer),
    connected: () =>
      [...shaken].flatMap(([peer, held]) => {
        const link = held.at(-1)
        return link === undefined ? [] : [{ peer, link }]
      }),
  }
}

/** Closes politely, and at once when that fails. */
function close(connection: Connection): void {
  connection.close().catch((error: Error) => connection.abort(error))
}

function hasRole(link: Link, role: Role): boolean {
  return link.roles?.some((held) => sameRole(held, role)) ?? false
}

function asHandshakeError(cause: unknown): NetworkError {
  if (cause instanceof NetworkError) {
    if (cause.code !== 'connection-closed') return cause
    return new NetworkError('handshake-failed', HUNG_UP, { cause })
  }
  if (cause instanceof Error && cause.name === 'UnsupportedProtocolError') {
    return new NetworkError(
      'other-network',
      'the peer speaks libp2p but is no palaver node: check the address and port',
      { cause },
    )
  }
  return new NetworkError('handshake-failed', HUNG_UP, { cause })
}
