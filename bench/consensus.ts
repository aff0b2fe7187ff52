/** What four processes do: idle finality, load, catch-up. */
import { spawnSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import { systemClock } from '../src/machine/clock.ts'
import type { BlockView } from '../src/node/api/node-port.ts'
import { type Cluster, PALAVER } from './cluster.ts'
import { at, atLeast, atMost, type Figure, median } from './figures.ts'
import { sendBatches, sendSigned } from './load.ts'

const WARM_UP = 600
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20)
const CATCH_UP_BLOCKS = Number(process.env.BENCH_BLOCKS ?? 10_000)

/** How long the command takes to say anything. */
export function measureHelp(): Figure {
  const times = Array.from({ length: 11 }, () => {
    const from = systemClock.now()
    spawnSync(process.execPath, [PALAVER, '--help'], { stdio: 'ignore' })
    return systemClock.now() - from
  })
  return at('palaver --help', median(times), 'ms', atMost(200), 'median of 11')
}

/** Finality of single transactions while nothing else happens. */
export async function measureIdle({ clients }: Cluster): Promise<Figure[]> {
  const [client] = clients
  if (client === undefined) throw new Error('a cluster has nodes')
  const times: number[] = []
  // A node that runs for a minute has its hot paths compiled; a fresh one takes a third longer.
  for (let index = 0; index < WARM_UP; index++) {
    await client.propose({ module: 'kv', payload: { key: `warm/${index}`, value: 'x'.repeat(256) } })
  }
  await delay(61_000)
  for (let index = 0; index < 100; index++) {
    const from = systemClock.now()
    await client.propose({ module: 'kv', payload: { key: `idle/${index}`, value: 'x'.repeat(256) } })
    times.push(systemClock.now() - from)
    await delay(20)
  }
  const { finalityMs } = await client.status()
  return [
    at(
      'idle finality p50, in the node',
      finalityMs?.p50 ?? Number.NaN,
      'ms',
      atMost(15),
      `p99 ${finalityMs?.p99.toFixed(1)} ms`,
    ),
    at('idle finality p50, over HTTP', median(times), 'ms', null, 'submission to answer of wait: final'),
  ]
}

/** Entries and transactions in the final blocks above `from`. */
async function finalSince(
  client: PalaverClient,
  from: number,
): Promise<{ txs: number; entries: number; blocks: number }> {
  const total = { txs: 0, entries: 0, blocks: 0 }
  for (let height = from + 1; ; ) {
    const page: BlockView[] = await client.blocks({ from: height, limit: 100 })
    for (const block of page) {
      total.txs += block.txIds.length
      total.entries += block.entries
      total.blocks += 1
    }
    if (page.length < 100) return total
    height += page.length
  }
}

async function underLoad(
  cluster: Cluster,
  send: (clients: PalaverClient[]) => Promise<{ durationMs: number; refused: number }>,
) {
  const [client] = cluster.clients
  if (client === undefined) throw new Error('a cluster has nodes')
  const before = (await client.status()).finalized.height
  const { durationMs, refused } = await send(cluster.clients)
  const statuses = await Promise.all(cluster.clients.map((each) => each.status()))
  await delay(2_000)
  const final = await finalSince(client, before)
  const p50 = median(statuses.flatMap(({ finalityMs }) => (finalityMs === null ? [] : [finalityMs.p50])))
  const p99 = Math.max(...statuses.map(({ finalityMs }) => finalityMs?.p99 ?? 0))
  const rssMiB = Math.max(...statuses.map(({ rssBytes }) => rssBytes / 2 ** 20))
  return { ...final, seconds: durationMs / 1_000, refused, p50, p99, rssMiB }
}

/** Throughput and finality of signed transactions and of batches. */
export async function measureLoad(cluster: Cluster): Promise<Figure[]> {
  const { chainId } = (await cluster.clients[0]?.status()) ?? { chainId: '' }
  const signed = await underLoad(cluster, (clients) =>
    sendSigned(clients, { chainId, rate: 2_000, bytes: 256, durationMs: SECONDS * 1_000 }),
  )
  // The window of the finality figures is one minute: let it pass between the two loads.
  await delay(61_000)
  const batched = await underLoad(cluster, (clients) =>
    sendBatches(clients, { rate: 22_000, size: 200, bytes: 32, durationMs: SECONDS * 1_000 }),
  )
  const detail = (l: typeof signed) => `${l.blocks} blocks, ${l.refused} refused, p99 ${l.p99.toFixed(0)} ms`
  return [
    at('signed transactions, 256 bytes', signed.txs / signed.seconds, 'tx/s', atLeast(1_990), detail(signed)),
    at('finality p50 at 2,000 tx/s', signed.p50, 'ms', atMost(100)),
    at('batched entries', batched.entries / batched.seconds, 'entries/s', atLeast(20_000), detail(batched)),
    at('finality p50 with batches', batched.p50, 'ms', null),
    at('RSS of the largest node', Math.max(signed.rssMiB, batched.rssMiB), 'MiB', atMost(200)),
  ]
}

/** Stops a node, lets the others make blocks, and compares how fast it comes back with how fast they went. */
export async function measureCatchUp(cluster: Cluster): Promise<Figure[]> {
  const [client] = cluster.clients
  if (client === undefined) throw new Error('a cluster has nodes')
  const last = cluster.clients.length - 1
  await cluster.stop(last)
  const before = (await client.status()).finalized.height
  const from = systemClock.now()
  let height = before
  while (height - before < CATCH_UP_BLOCKS) {
    await sendSigned(cluster.clients.slice(0, last), {
      chainId: (await client.status()).chainId,
      rate: 300,
      bytes: 64,
      durationMs: 5_000,
    })
    height = (await client.status()).finalized.height
  }
  const liveRate = ((height - before) * 1_000) / (systemClock.now() - from)
  const startedAt = systemClock.now()
  const back = await cluster.start(last)
  while ((await back.status()).finalized.height < height) await delay(20)
  const rate = ((height - before) * 1_000) / (systemClock.now() - startedAt)
  return [
    at(
      `catch-up over ${height - before} blocks`,
      rate / liveRate,
      'x live',
      atLeast(10),
      `${rate.toFixed(0)} blocks/s, live ${liveRate.toFixed(0)}; process start included`,
    ),
  ]
}
