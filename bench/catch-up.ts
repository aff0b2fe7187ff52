/** Catching up over a large chain: an observer that comes late takes it from the others in bulk, megabytes per second. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import { systemClock } from '../src/machine/clock.ts'
import { nodeClient, startNode, stopAll, waitUntilReady } from '../testnet/launcher.ts'
import { nodeOf, readManifest } from '../testnet/manifest.ts'
import { palaver } from './cluster.ts'
import { at, atLeast, type Figure } from './figures.ts'
import { sendBatches } from './load.ts'

/** Enough bytes that the start of the process hardly counts, in enough blocks that ranges are fetched. */
const CHAIN_BYTES = 84_000_000
const CHAIN_BLOCKS = 600
const LOAD_SECONDS = 5
const MAX_ROUNDS = 24
const ENTRY_BYTES = 1_000
const ENTRIES_PER_BATCH = 60
const ENTRIES_PER_SECOND = 3_000
const DEADLINE_MS = 120_000
const POLL_MS = 100

/** One validator makes the chain, observers serve it too, and the last observer starts when it is there. */
export async function measureRangeSync(): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'palaver-bench-'))
  try {
    palaver('testnet', 'init', '--nodes', '1', '--observers', '2', '--dir', dir)
    for (const index of [0, 1]) startNode(dir, index)
    const clients = [await waitUntilReady(dir, 0), await waitUntilReady(dir, 1)]
    let sent = 0
    for (let round = 0; round < MAX_ROUNDS && !(await isLong(clients[0], sent)); round++) {
      const load = { rate: ENTRIES_PER_SECOND, size: ENTRIES_PER_BATCH, bytes: ENTRY_BYTES }
      sent += (await sendBatches(clients.slice(0, 1), { ...load, durationMs: LOAD_SECONDS * 1_000 })).sent * ENTRY_BYTES
    }
    await delay(2_000)
    return await measureLatecomer(dir, clients)
  } finally {
    await stopAll(dir)
    await rm(dir, { recursive: true, force: true })
  }
}

async function measureLatecomer(dir: string, [served]: readonly PalaverClient[]): Promise<Figure[]> {
  if (served === undefined) throw new Error('a validator runs')
  const { finalized } = await served.status()
  const megabytes = (await payloadBytes(served, finalized.height)) / 1e6
  const from = systemClock.now()
  startNode(dir, 2)
  const begun = await untilAt(dir, 0, from + DEADLINE_MS)
  const late = await untilAt(dir, finalized.height, from + DEADLINE_MS)
  const seconds = (systemClock.now() - from) / 1_000
  const part = 1 - begun.height / finalized.height
  const cpu = late.cpuSeconds - begun.cpuSeconds
  const whole = `${megabytes.toFixed(0)} MB in ${finalized.height} blocks, ${seconds.toFixed(1)} s`
  const detail = `${whole}; from the first answer of its API (${begun.cpuSeconds.toFixed(1)} s of start)`
  return [
    at(
      'range sync with execution, per core of the node that catches up',
      (megabytes * part) / cpu,
      'MB/s',
      atLeast(20),
      detail,
    ),
    at('... start of its process included', megabytes / late.cpuSeconds, 'MB/s', null),
    at('range sync with execution, on the clock', megabytes / seconds, 'MB/s', null),
    at('blocks caught up', finalized.height / seconds, 'blocks/s', null),
  ]
}

async function isLong(client: PalaverClient | undefined, sent: number): Promise<boolean> {
  return sent >= CHAIN_BYTES && ((await client?.status())?.finalized.height ?? 0) >= CHAIN_BLOCKS
}

/** Where a node stands, and what its process has spent so far. */
type Spent = { readonly height: number; readonly cpuSeconds: number }

/** The last observer, once it has made `height` final; it is not ready before. */
async function untilAt(dir: string, height: number, deadline: number): Promise<Spent> {
  while (systemClock.now() < deadline) {
    const client = nodeClient(dir, nodeOf(readManifest(dir), 2))
    const status = await client?.status().catch(() => null)
    if (client !== null && status && status.finalized.height >= height) {
      return { height: status.finalized.height, cpuSeconds: await cpuSeconds(client) }
    }
    // What is asked of it is its own processor time too.
    await delay(POLL_MS)
  }
  throw new Error(`the observer did not catch up to ${height}`)
}

async function payloadBytes(client: PalaverClient, top: number): Promise<number> {
  let bytes = 0
  for (let height = 1; height <= top; height += 100) {
    const page = await client.blocks({ from: height, limit: 100 })
    for (const block of page) bytes += block.payloadBytes
  }
  return bytes
}

/** What the process has spent so far, start-up included. */
async function cpuSeconds(client: PalaverClient): Promise<number> {
  const text = await (await fetch(`${client.url}/metrics`)).text()
  const line = /^process_cpu_seconds_total (\S+)$/m.exec(text)
  return Number(line?.[1] ?? Number.NaN)
}
