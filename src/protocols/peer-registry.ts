/**
 * Who is connected, over which connections, with which roles. A peer counts as connected from its first role handshake
 * until its last shaken connection is gone; listeners hear of each change once.
 *
 * A peer's roles are the seats its key holds in the sessions this node knows. Noise authenticates that key on the very
 * connection, it is the key that committees list (DESIGN.md 6), and the handshake binds it to the chain. So when a session
 * starts the roles follow without another exchange, which P19.3 asks for where the two keys differ.
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
  /** Resolves after the handshake with the remote's roles; rejects with `NetworkError` when the handshake fails or the connection closes first. */
  readonly ready: Promise<readonly Role[]>
  roles: readonly Role[] | null
}

type Pending = Link & {
  readonly settle: (roles: readonly Role[]) => void
  readonly fail: (error: NetworkError) => void
  readonly signal: AbortSignal
  shaking: boolean
  /** What the remote claimed and proved in the handshake. */
  proven: readonly Role[]
}

export type RegistryOptions = {
  readonly identity: HandshakeIdentity
  /** The seats that the peer's own key holds now. */
  readonly seatsOf: (peer: PeerId) => readonly Role[]
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
  /** Connected peers with their newest connection. */
  connected(): { readonly peer: PeerId; readonly link: Link }[]
  /** Committees changed: looks up everybody's seats again and tells listeners where they differ. */
  refreshRoles(): void
  /** Open connections, shaken or not. */
  readonly openConnections: number
}

/** A registry without peers. Its maps are bounded by the connections libp2p allows. */
export function createPeerRegistry(options: RegistryOptions): PeerRegistry {
  const { identity, seatsOf, clock, log } = options
  const deadlineMs = options.deadlineMs ?? ROLE_HANDSHAKE.deadlineMs
  const links = new Map<string, Pending>()
  const shaken = new Map<PeerId, Pending[]>()
  const listeners: PeerListener[] = []
  /** Links whose waiters hear of another one's fate instead. */
  const superseded = new WeakSet<Pending>()

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

  function done(link: Pending, proven: readonly Role[]): void {
    if (!links.has(link.connection.id)) return
    const roles = seatsOf(link.peer)
    link.roles = roles
    link.proven = proven
    const before = shaken.get(link.peer) ?? []
    shaken.set(link.peer, [...before, link])
    reportDuplicates(link.peer, proven)
    if (before.length === 0) for (const listener of listeners) listener.connected(link.peer, roles)
    link.settle(roles)
    for (const extra of redundantLinks(identity.self, shaken.get(link.peer) ?? [])) close(extra.connection)
  }

  function failed(link: Pending, cause: unknown): void {
    const error = asHandshakeError(cause)
    log.debug({ peer: link.peer, code: error.code }, error.message)
    if (error.code === 'bad-proof' || error.code === 'bad-frame') options.onBadProof(link.peer, error.message)
    if (!isSuperseded(link, error)) {
      link.fail(error)
      options.onFailure(link.peer)
    }
    close(link.connection)
  }

  /**
   * P18.7: of two connections the peer may close one while its handshake runs. That is no failure: the fate of the other
   * decides, and whoever waits for this one is told of that.
   */
  function isSuperseded(link: Pending, error: NetworkError): boolean {
    if (error.code !== 'handshake-failed') return false
    const other = [...links.values()].find((each) => each !== link && each.peer === link.peer && !superseded.has(each))
    if (other === undefined) return false
    superseded.add(link)
    other.ready.then(link.settle, () => link.fail(error))
    return true
  }

  function reportDuplicates(peer: PeerId, proven: readonly Role[]): void {
    for (const role of proven) {
      const isOwn = identity.ownRoles().some((own) => sameRole(own, role))
      const others = [...shaken].filter(
        ([other, held]) => other !== peer && held.some((l) => l.proven.some((other) => sameRole(other, role))),
      )
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
      proven: [],
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
    setImmediate(() => {
      const error = new NetworkError('handshake-failed', 'the connection closed during the role handshake')
      if (link.roles === null && !isSuperseded(link, error)) link.fail(error)
    })
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
    async ready(connection) {
      const link = links.get(connection.id)
      if (link === undefined) throw new NetworkError('not-connected', 'the connection is closed')
      await link.ready
      return link.roles ?? []
    },
    current: (peer) => shaken.get(peer)?.at(-1),
    isOpen: (peer) => shaken.has(peer) || [...links.values()].some((link) => link.peer === peer),
    connected: () =>
      [...shaken].flatMap(([peer, held]) => {
        const link = held.at(-1)
        return link === undefined ? [] : [{ peer, link }]
      }),
    refreshRoles() {
      for (const [peer, held] of shaken) {
        const roles = seatsOf(peer)
        if (held.every((link) => sameRoles(link.roles ?? [], roles))) continue
        for (const link of held) link.roles = roles
        for (const listener of listeners) listener.rolesChanged?.(peer, roles)
      }
    },
    get openConnections() {
      return links.size
    },
  }
}

/** Closes politely, and at once when that fails. */
function close(connection: Connection): void {
  connection.close().catch((error: Error) => connection.abort(error))
}

function sameRoles(a: readonly Role[], b: readonly Role[]): boolean {
  return a.length === b.length && a.every((role) => b.some((other) => sameRole(role, other)))
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
