/** The same modest load on committees of 4, 7 and 16 processes: what more voters cost on one machine. */
import { setTimeout as delay } from 'node:timers/promises'
import { startCluster } from './cluster.ts'
import { at, type Figure, median } from './figures.ts'
import { sendSigned } from './load.ts'

const SIZES = [4, 7, 16]
const RATE = 20
/** Sixteen processes that start at once on two cores are busy for a while. */
const SETTLE_MS = 10_000
const DURATION_MS = 20_000

async function measureSize(nodes: number): Promise<Figure[]> {
  const cluster = await startCluster(nodes)
  try {
    const [client] = cluster.clients
    if (client === undefined) throw new Error('a cluster has nodes')
    await delay(SETTLE_MS)
    const { chainId, finalized: before } = await client.status()
    await sendSigned(cluster.clients, { chainId, rate: RATE, bytes: 256, durationMs: DURATION_MS })
    await delay(1_000)
    const statuses = await Promise.all(cluster.clients.map((each) => each.status()))
    const p50 = median(statuses.flatMap(({ finalityMs }) => (finalityMs === null ? [] : [finalityMs.p50])))
    const p99 = Math.max(...statuses.map(({ finalityMs }) => finalityMs?.p99 ?? 0))
    const blocks = Math.max(...statuses.map(({ finalized }) => finalized.height)) - before.height
    const rss = median(statuses.map(({ rssBytes }) => rssBytes / 2 ** 20))
    const detail = `p99 ${p99.toFixed(0)} ms, ${blocks} blocks, ${rss.toFixed(0)} MiB per node, ready in ${median(cluster.readyMs).toFixed(0)} ms`
    return [at(`finality p50 with ${nodes} processes at ${RATE} tx/s`, p50, 'ms', null, detail)]
  } finally {
    await cluster.end()
  }
}

export async function measureSizes(note: (...figures: readonly Figure[]) => void): Promise<void> {
  for (const nodes of SIZES) note(...(await measureSize(nodes)))
}
