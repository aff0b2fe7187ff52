/**
 * Stands between the nodes of a testnet: every node is known under a port of this proxy, which carries the bytes to the
 * port it really listens on. Cutting two nodes ends their connections and refuses new ones.
 */
import { connect, createServer, type Server, type Socket } from 'node:net'
import { HEALED, type Links, linked, qualityOf } from './links.ts'
import { pacedPipe } from './paced-pipe.ts'

/** One node behind the proxy. `innerPort` is asked at each connection, since a restart may change it. */
export type Route = { readonly node: number; readonly port: number; readonly innerPort: () => number | null }

export type LinkProxyOptions = {
  readonly routes: readonly Route[]
  /** Which node dialled, by the two ports of the connection; null for a stranger. */
  readonly identifySource: (localPort: number, remotePort: number) => Promise<number | null>
}

export interface LinkProxy {
  /** Takes effect before it returns: connections that are no longer allowed are gone. */
  setLinks(links: Links): void
  links(): Links
  /** Connections carried now. */
  connections(): number
  close(): Promise<void>
}

type Carried = { readonly source: number | null; readonly target: number; readonly sockets: readonly Socket[] }

/** Connections carried at most; a testnet of 7 nodes needs some 40. */
const MAX_CONNECTIONS = 1_024

/** Starts listening on every route's port. */
export async function createLinkProxy({ routes, identifySource }: LinkProxyOptions): Promise<LinkProxy> {
  let links = HEALED
  const carried = new Set<Carried>()
  const accept = async (outer: Socket, route: Route): Promise<void> => {
    outer.on('error', () => outer.destroy())
    const source = await identifySource(outer.remotePort ?? 0, route.port)
    const innerPort = route.innerPort()
    if (
      innerPort === null ||
      carried.size >= MAX_CONNECTIONS ||
      outer.destroyed ||
      !linked(links, source, route.node)
    ) {
      outer.destroy()
      return
    }
    carry({
      source,
      target: route.node,
      sockets: [outer, connect({ host: '127.0.0.1', port: innerPort, noDelay: true })],
    })
  }
  const carry = (connection: Carried): void => {
    const [outer, inner] = connection.sockets as [Socket, Socket]
    const quality = () => qualityOf(links, connection.source, connection.target)
    carried.add(connection)
    for (const socket of connection.sockets) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        carried.delete(connection)
        for (const each of connection.sockets) each.destroySoon()
      })
    }
    outer.setNoDelay(true)
    pacedPipe(outer, inner, quality)
    pacedPipe(inner, outer, quality)
    outer.resume()
  }
  const servers = await Promise.all(routes.map((route) => listen(route, accept)))
  return {
    setLinks(next) {
      links = next
      for (const { source, target, sockets } of carried) {
        if (!linked(links, source, target)) for (const socket of sockets) socket.destroy()
      }
    },
    links: () => links,
    connections: () => carried.size,
    async close() {
      for (const { sockets } of carried) for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

async function listen(route: Route, accept: (socket: Socket, route: Route) => Promise<void>): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    accept(socket, route).catch(() => socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(route.port, '127.0.0.1', resolve)
  })
  return server
}
