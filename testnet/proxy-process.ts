/** The link proxy as a process of its own: started by the launcher, commanded over a small HTTP port with a token. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { identifyProcess } from '../src/node/process-identity.ts'
import { TestnetError } from './errors.ts'
import { createLinkProxy, type LinkProxy } from './link-proxy.ts'
import type { Links } from './links.ts'
import { type Manifest, type ProxyEntry, readManifest, updateProxy } from './manifest.ts'
import { ownerOf } from './socket-owner.ts'

/** Largest command taken. */
const MAX_COMMAND_BYTES = 64 * 1_024
/** A command is a few bytes to a process on this machine. */
const COMMAND_TIMEOUT_MS = 5_000

/** Runs the proxy of the testnet in `dir` until SIGTERM or SIGINT. Writes its address and token to the manifest. */
export async function runProxy(dir: string): Promise<void> {
  const { nodes } = readManifest(dir)
  const routes = nodes.map(({ index, p2pPort }) => ({
    node: index,
    port: p2pPort,
    innerPort: () => readManifest(dir).nodes[index]?.innerPort ?? null,
  }))
  const proxy = await createLinkProxy({
    routes,
    identifySource: (local, remote) => sourceOf(readManifest(dir), local, remote),
  })
  const token = randomBytes(16).toString('hex')
  const control = await listenForCommands(proxy, token)
  const self = identifyProcess(process.pid)
  if (self === null) throw new TestnetError('proxy-failed', 'the link proxy cannot read its own start time')
  updateProxy(dir, { process: self, controlUrl: control.url, token })
  await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  control.close()
  await proxy.close()
}

/** Commands a running proxy. Throws `proxy-failed` when it does not obey. */
export async function commandProxy(proxy: ProxyEntry, links: Links): Promise<void> {
  await request(proxy, { method: 'POST', body: JSON.stringify(links) })
}

/** The links as a running proxy carries them. Throws `proxy-failed`. */
export async function askProxy(proxy: ProxyEntry): Promise<Links> {
  return (await (await request(proxy, { method: 'GET' })).json()) as Links
}

async function request(proxy: ProxyEntry, init: { method: string; body?: string }): Promise<Response> {
  try {
    const answer = await fetch(`${proxy.controlUrl}/links`, {
      ...init,
      headers: { authorization: `Bearer ${proxy.token}` },
      signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
    })
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    return answer
  } catch (cause) {
    throw new TestnetError('proxy-failed', 'the link proxy did not take the command; stop and start the testnet', {
      cause,
    })
  }
}

async function sourceOf({ nodes }: Manifest, localPort: number, remotePort: number): Promise<number | null> {
  const pids = nodes.flatMap(({ process: run }) => (run === null ? [] : [run.pid]))
  const owner = await ownerOf({ localPort, remotePort, pids })
  return nodes.find(({ process: run }) => run !== null && run.pid === owner)?.index ?? null
}

async function listenForCommands(proxy: LinkProxy, token: string): Promise<{ url: string; close(): void }> {
  const expected = Buffer.from(`Bearer ${token}`)
  const server = createServer(async (request, answer) => {
    const given = Buffer.from(request.headers.authorization ?? '')
    const allowed = given.length === expected.length && timingSafeEqual(given, expected)
    answer.setHeader('connection', 'close')
    if (!allowed) return answer.writeHead(401).end()
    if (request.method === 'GET') return answer.end(JSON.stringify(proxy.links()))
    const links = await readLinks(request)
    if (links !== null) proxy.setLinks(links)
    answer.writeHead(links === null ? 400 : 204).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

async function readLinks(request: IncomingMessage): Promise<Links | null> {
  try {
    let text = ''
    for await (const chunk of request) {
      text += String(chunk)
      if (text.length > MAX_COMMAND_BYTES) return null
    }
    return JSON.parse(text) as Links
  } catch {
    return null
  }
}
