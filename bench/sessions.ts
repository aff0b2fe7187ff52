/** What a change of sessions costs: rounds between the stop block and the first block of the next session, beside ordinary ones. */
import type { PalaverClient } from '../src/client/client.ts'
import type { BlockView } from '../src/node/api/node-port.ts'
import { startCluster } from './cluster.ts'
import { at, atMost, type Figure, median } from './figures.ts'
import { sendSigned } from './load.ts'

/** Sessions are this short so that one run sees many of them. */
const STOP_OFFSET = 60
const RATE = 300
const DURATION_MS = 20_000

async function chainOf(client: PalaverClient): Promise<BlockView[]> {
  const chain: BlockView[] = []
  for (let from = 1; ; from = chain.length + 1) {
    const page = await client.blocks({ from, limit: 100 })
    chain.push(...page)
    if (page.length < 100) return chain
  }
}

/** Milliseconds between a block and the one after it. */
const gaps = (blocks: readonly BlockView[]): number[] =>
  blocks.slice(1).map((block, index) => Date.parse(block.timestamp) - Date.parse(blocks[index]?.timestamp ?? ''))

/** The blocks of each session that was followed by another, oldest first. */
function endedSessions(chain: readonly BlockView[]): BlockView[][] {
  return [...Map.groupBy(chain, ({ session }) => session).values()].slice(0, -1)
}

/** Four processes under a steady load; the committee stays, the sessions go by. */
export async function measureSessions(): Promise<Figure[]> {
  const cluster = await startCluster(4, { stopOffset: STOP_OFFSET })
  try {
    const [client] = cluster.clients
    if (client === undefined) throw new Error('a cluster has nodes')
    const { chainId } = await client.status()
    await sendSigned(cluster.clients, { chainId, rate: RATE, bytes: 256, durationMs: DURATION_MS })
    const chain = await chainOf(client)
    const ended = endedSessions(chain)
    const round = median(ended.flatMap((blocks) => gaps(blocks.slice(0, STOP_OFFSET))))
    // From the stop block over the empty blocks to the first block of the next session.
    const switches = ended.map((blocks) => {
      const next = chain.find(({ session }) => session > (blocks[0]?.session ?? 0))
      return [...blocks.slice(STOP_OFFSET - 1), ...(next === undefined ? [] : [next])]
    })
    const change = median(switches.map((blocks) => gaps(blocks).reduce((sum, gap) => sum + gap, 0)))
    const empty = median(switches.map((blocks) => blocks.length - 2))
    const detail = `${switches.length} changes, ${empty} empty blocks each; ordinary round ${round.toFixed(1)} ms, change ${change.toFixed(1)} ms`
    return [at('extra rounds of a session change, p50', change / round - 1, 'rounds', atMost(2), detail)]
  } finally {
    await cluster.end()
  }
}
