/** A modest load whose every transaction is accounted for: what a node admitted must be final exactly once. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../../src/client/client.ts'
import { clientOf, readApiFile } from '../../testnet/node-client.ts'
import { until } from '../helpers/until.ts'

const PAUSE_MS = 40
const SETTLE_MS = 60_000
const PAGE_BLOCKS = 100

export interface SteadyLoad {
  /** Homes to submit to in turn, from now on. */
  spread(homes: readonly string[]): void
  /** Ends the load; resolves with what was admitted. */
  stop(): Promise<readonly string[]>
}

/** Submits one kv entry after the other, each with its own key. A node that is down admits nothing, and is passed over. */
export function startLoad(homes: readonly string[]): SteadyLoad {
  const admitted: string[] = []
  let targets = homes
  let isOver = false
  const running = (async () => {
    for (let turn = 0; !isOver; turn++) {
      const api = readApiFile(targets[turn % targets.length] ?? '')
      const entry = { module: 'kv', payload: { key: `steady/${turn}`, value: String(turn) } }
      const outcome =
        api === null
          ? null
          : await clientOf(api)
              .submit(entry)
              .catch(() => null)
      if (outcome !== null) admitted.push(outcome.txId)
      await delay(PAUSE_MS)
    }
  })()
  return {
    spread(next) {
      targets = next
    },
    async stop() {
      isOver = true
      await running
      return admitted
    },
  }
}

/** How often each transaction is in a final block, by what `client` holds. Waits until all of them are final. */
export async function countFinal(client: PalaverClient, txIds: readonly string[]): Promise<Map<string, number>> {
  for (const txId of txIds) {
    const isFinal = async (): Promise<boolean> => (await client.transaction(txId))?.status === 'final'
    await until(isFinal, SETTLE_MS, `transaction ${txId} to be final`)
  }
  const counts = new Map(txIds.map((txId) => [txId, 0]))
  const { finalized } = await client.status()
  for (let from = 1; from <= finalized.height; from += PAGE_BLOCKS) {
    for (const { txIds: held } of await client.blocks({ from, limit: PAGE_BLOCKS })) {
      for (const txId of held) if (counts.has(txId)) counts.set(txId, (counts.get(txId) ?? 0) + 1)
    }
  }
  return counts
}
