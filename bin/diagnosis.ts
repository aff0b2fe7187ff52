/** The checks of `palaver doctor`, from the disk up to the peers; each says what it saw and, failing, what to type. */
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { PalaverClient } from '../src/client/client.ts'
import { systemClock } from '../src/machine/clock.ts'
import { loadConfig, resolveHome } from '../src/node/config.ts'
import { readGenesis } from '../src/node/genesis.ts'
import { homePaths, openHome } from '../src/node/home.ts'
import { inspectKeystore, readKeystore } from '../src/node/keystore.ts'
import { checkMultiaddr } from './multiaddr-check.ts'
import { type NodeArgs, reachNode } from './node-access.ts'

export type Finding = { readonly name: string; readonly ok: boolean; readonly detail: string }

/** Below this a node soon stops voting. */
const MIN_FREE_BYTES = 256 * 1_024 * 1_024
/** A clock this far from the latest block's makes proposals invalid. */
const MAX_CLOCK_SKEW_MS = 10_000

/** Runs every check that the ones before it allow. */
export async function diagnose(args: NodeArgs & { readonly peer?: string | undefined }): Promise<Finding[]> {
  const home = resolveHome(args.home)
  const findings = [
    await look('home', async () => (await openHome(home)).home),
    await look('config', async () => `listen on ${loadConfig({ home: args.home }).config.listen.join(', ')}`),
    await look('key', async () => keyDetail(homePaths(home).key)),
    await look('genesis', async () => `network ${(await readGenesis(homePaths(home).genesis)).genesis.network}`),
    await look('disk', () => checkDisk(home)),
  ]
  const reached = await reach(args)
  findings.push(reached.finding)
  if (reached.client === null) return [...findings, await look('port', () => checkPorts(args.home))]
  const { client } = reached
  findings.push(await look('clock', () => checkClock(client)))
  const { checks } = await client.readiness().catch(() => ({ checks: [] }))
  findings.push(...checks, await look('atx', () => checkSet(client)))
  const { peer } = args
  return [...findings, ...(peer === undefined ? [] : [await look('dial', () => checkDial(client, peer))])]
}

async function look(name: string, check: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await check() }
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) }
  }
}

async function keyDetail(path: string): Promise<string> {
  return inspectKeystore(await readKeystore(path)).isEncrypted
    ? 'protected by a password'
    : 'not protected by a password'
}

async function checkDisk(home: string): Promise<string> {
  const { bavail, bsize } = await statfs(home)
  const free = `${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free`
  if (bavail * bsize < MIN_FREE_BYTES) throw new Error(`only ${free}: make room, a node without disk does not vote`)
  return free
}

async function reach(args: NodeArgs): Promise<{ finding: Finding; client: PalaverClient | null }> {
  let client: PalaverClient | null = null
  const finding = await look('api', async () => {
    const candidate = reachNode(args)
    const status = await candidate.status()
    client = candidate
    return `${candidate.url}, version ${status.version}, epoch ${status.epoch}, height ${status.finalized.height}`
  })
  return { finding, client }
}

/** Only while the node is down: its ports must be free for it. */
async function checkPorts(home: string | undefined): Promise<string> {
  const ports = loadConfig({ home }).config.listen.map((address) => Number(/\/tcp\/(\d+)/.exec(address)?.[1] ?? 0))
  for (const port of ports) await tryPort(port)
  return ports.every((port) => port === 0) ? 'any free port' : `free: ${ports.join(', ')}`
}

function tryPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new Error(`port ${port}: ${error.code}; end the process that holds it, or choose another with --listen`))
    })
    server.listen(port, () => server.close(() => resolve()))
  })
}

async function checkClock(client: PalaverClient): Promise<string> {
  const block = await client.block('latest')
  if (block === null || block.height === 0) return 'no block to compare with yet'
  const aheadMs = Date.parse(block.timestamp) - systemClock.now()
  if (aheadMs > MAX_CLOCK_SKEW_MS) {
    throw new Error(`${(aheadMs / 1_000).toFixed(0)} s behind the latest block: set it by NTP`)
  }
  return 'not behind the latest block'
}

/** Only a fault where enough peers are connected: in a small network nobody can have as many that agree. */
async function checkSet(client: PalaverClient): Promise<string> {
  const { count, synced, agreements } = await client.atxStatus()
  const size = `${count.toLocaleString('en-US')} ATXs`
  if (synced) return `${size}, synced`
  const { length: connected } = await client.peers()
  const lacking = `${agreements.have} of ${agreements.need} peers agreed lately, ${connected} connected`
  if (connected < agreements.need) return `${size}, not synced: ${lacking}`
  throw new Error(`${size}, not synced: ${lacking}; see why with: palaver atx status`)
}

async function checkDial(client: PalaverClient, multiaddr: string): Promise<string> {
  return `connected to ${(await client.connect(checkMultiaddr(multiaddr))).peerId}`
}
