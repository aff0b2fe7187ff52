/** What heartbeats cost (spec/pala.md 18.5): bytes of status messages per node, idle and under load, beside the formula. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import { systemClock } from '../src/machine/clock.ts'
import { encodeMessage } from '../src/pala/message-codec.ts'
import { CHANNELS } from '../src/protocols/catalogue.ts'
import { encodeLength } from '../src/protocols/framing.ts'
import { startCluster } from './cluster.ts'
import { at, atMost, type Figure, median } from './figures.ts'
import { sendSigned } from './load.ts'

const NODES = 4
/** The default of a genesis. */
const HEARTBEAT_MS = 15_000
const WINDOW_MS = 60_000
const RATE = 200
/** Header of a muxer frame; encryption adds 18 bytes more, which libp2p does not count. */
const FRAME_BYTES = 12

/** Bytes that left on the sync channel and by gossip, since the process started. */
type Sent = { readonly sync: number; readonly gossip: number }

async function sentBy(client: PalaverClient): Promise<Sent> {
  const text = await (await fetch(`${client.url}/metrics`)).text()
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('libp2p_data_transfer_bytes_total{') && line.includes('sent'))
  const sum = (protocol: string): number =>
    lines.filter((line) => line.includes(protocol)).reduce((total, line) => total + Number(line.split(' ').at(-1)), 0)
  return { sync: sum(CHANNELS.palaSync.protocol), gossip: sum('/meshsub/') }
}

/** Bytes per second of the median node over a window. */
async function rates(
  clients: readonly PalaverClient[],
  activity: () => Promise<unknown>,
): Promise<Sent & { blocks: number }> {
  const heightOf = async (): Promise<number> => (await clients[0]?.status())?.finalized.height ?? 0
  const [before, height, from] = [await Promise.all(clients.map(sentBy)), await heightOf(), systemClock.now()]
  await activity()
  const [after, seconds] = [await Promise.all(clients.map(sentBy)), (systemClock.now() - from) / 1_000]
  const rate = (of: keyof Sent): number => median(after.map((sent, i) => (sent[of] - (before[i]?.[of] ?? 0)) / seconds))
  return { sync: rate('sync'), gossip: rate('gossip'), blocks: ((await heightOf()) - height) / seconds }
}

/** The size of one status on its stream, of a chain as old as that of the run. */
function statusBytes(): number {
  const sn = { session: 1, epoch: 1, s: 20_000 }
  const ref = { sn, hash: 'ab'.repeat(32), height: 20_000 }
  const status = { epoch: { session: 1, epoch: 1 }, fnc: ref, finalized: ref, fncAtEntry: sn }
  const message = encodeMessage({ type: 'status', status })
  return message.byteLength + encodeLength(message.byteLength).byteLength + FRAME_BYTES
}

export async function measureHeartbeat(): Promise<Figure[]> {
  const cluster = await startCluster(NODES)
  try {
    const { clients } = cluster
    const [client] = clients
    if (client === undefined) throw new Error('a cluster has nodes')
    const { chainId } = await client.status()
    // Connecting compares and fetches more than a heartbeat does.
    await delay(2 * HEARTBEAT_MS)
    const idle = await rates(clients, () => delay(WINDOW_MS))
    const loaded = await rates(clients, () =>
      sendSigned(clients, { chainId, rate: RATE, bytes: 256, durationMs: WINDOW_MS }),
    )
    const formula = ((NODES - 1) * statusBytes() * 1_000) / HEARTBEAT_MS
    const detail = (of: Sent & { blocks: number }): string =>
      `${of.blocks.toFixed(1)} blocks/s; gossip with its own upkeep ${of.gossip.toFixed(0)} B/s`
    return [
      at(
        'status on streams by the formula',
        formula,
        'B/s',
        null,
        `3 peers, ${statusBytes()} B, hb ${HEARTBEAT_MS / 1_000} s`,
      ),
      at('status on streams, idle', idle.sync, 'B/s', atMost(2 * formula), detail(idle)),
      at(`status on streams at ${RATE} tx/s`, loaded.sync, 'B/s', atMost(2 * formula), detail(loaded)),
    ]
  } finally {
    await cluster.end()
  }
}
