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

/** Four processes under a steady load; the committee stays, the sessions go by. */
export async function measureSessions(): Promise<Figure[]> {
  const cluster = await startCluster(4, { stopOffset: STOP_OFFSET })
  try {
    const [client] = cluster.clients
    if (client === undefined) throw new Error('a cluster has nodes')
    const { chainId } = await client.status()
    await sendSigned(cluster.clients, { chainId, rate: RATE, bytes: 256, durationMs: DURATION_MS })
    const chain = await chainOf(client)
    const gapAfter = (index: number, blocks: number): number =>
      Date.parse(chain[index + blocks]?.timestamp ?? '') - Date.parse(chain[index]?.timestamp ?? '')
    const ordinary: number[] = []
    const changes: number[] = []
    const between: number[] = []
    for (const [index, block] of chain.entries()) {
      if (index + 1 >= chain.length) break
      const last = chain.findIndex((next, at) => at > index && next.session > block.session)
      const isStop = block.session < (chain[index + STOP_OFFSET]?.session ?? 0) && isLastOfCount(chain, index)
      if (!isStop) ordinary.push(gapAfter(index, 1))
      else if (last > 0) {
        changes.push(gapAfter(index, last - index))
        between.push(last - index - 1)
      }
    }
    const round = median(ordinary)
    const detail = `${changes.length} changes, ${median(between)} empty blocks each; ordinary round ${round.toFixed(1)} ms, change ${median(changes).toFixed(1)} ms`
    return [at('extra rounds of a session change, p50', median(changes) / round - 1, 'rounds', atMost(2), detail)]
  } finally {
    await cluster.end()
  }
}

/** Whether the block at `index` is the one whose count in its session reaches the stop offset. */
function isLastOfCount(chain: readonly BlockView[], index: number): boolean {
  const { session } = chain[index] as BlockView
  const first = chain.findIndex((block) => block.session === session)
  return index - first + 1 === STOP_OFFSET
}
