/** Free TCP ports of the loopback interface, chosen by the system. */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** `count` different ports that nobody listens on. All are held until the last is known, so none comes twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  try {
    await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')))
    return servers.map((server) => (server.address() as AddressInfo).port)
  } finally {
    for (const server of servers) server.close()
  }
}
