/** Whether all nodes of a testnet have the same final log and the same state, judged through their APIs only. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import type { BlockView, NodeStatus } from '../src/node/api/node-port.ts'

export type Agreement = {
  readonly agreement: boolean
  /** Final height up to which all nodes were compared. */
  readonly height: number
  /** What differs, a sentence each; at most `MAX_DIFFERENCES`. */
  readonly differences: readonly string[]
  /** Transactions and entries in the compared blocks. */
  readonly txs: number
  readonly entries: number
}

export type NamedClient = { readonly name: string; readonly client: PalaverClient }

const PAGE_BLOCKS = 100
const MAX_DIFFERENCES = 20
/** The chain claims a state root a few blocks after the state; empty blocks come every second. */
const STATE_DEADLINE_MS = 15_000
const POLL_MS = 200

/** Compares every final block up to the least final height, then every node's executed state with the chain's claims. */
export async function checkAgreement(nodes: readonly NamedClient[]): Promise<Agreement> {
  if (nodes.length === 0) return { agreement: false, height: 0, differences: ['no node runs'], txs: 0, entries: 0 }
  const statuses = await Promise.all(nodes.map(({ client }) => client.status()))
  const height = Math.min(...statuses.map((status) => status.finalized.height))
  const differences = compareIdentity(nodes, statuses)
  const count = { txs: 0, entries: 0 }
  for (let from = 1; from <= height && differences.length < MAX_DIFFERENCES; from += PAGE_BLOCKS) {
    const pages = await Promise.all(nodes.map(({ client }) => client.blocks({ from, limit: PAGE_BLOCKS })))
    const to = Math.min(height, from + PAGE_BLOCKS - 1)
    differences.push(...comparePages(nodes, pages, { from, to }))
    for (const block of pages[0] ?? []) {
      if (block.height > height) break
      count.txs += block.txIds.length
      count.entries += block.entries
    }
  }
  differences.push(...(await Promise.all(nodes.map((node, i) => checkState(node, statuses[i])))).flat())
  return {
    agreement: differences.length === 0,
    height,
    differences: differences.slice(0, MAX_DIFFERENCES),
    ...count,
  }
}

function compareIdentity(nodes: readonly NamedClient[], statuses: readonly NodeStatus[]): string[] {
  return nodes.flatMap(({ name }, i) =>
    statuses[i]?.chainId === statuses[0]?.chainId
      ? []
      : [`${name} follows chain ${statuses[i]?.chainId}, not ${statuses[0]?.chainId}`],
  )
}

function comparePages(
  nodes: readonly NamedClient[],
  pages: readonly (readonly BlockView[])[],
  range: { from: number; to: number },
): string[] {
  const differences: string[] = []
  for (let height = range.from; height <= range.to; height++) {
    const hashes = pages
      .map((page) => page[height - range.from])
      .map((block) => (block?.height === height ? block.hash : 'nothing'))
    for (const [i, hash] of hashes.entries()) {
      if (hash === hashes[0] && hash !== 'nothing') continue
      differences.push(`at height ${height} ${nodes[i]?.name} has ${hash}, ${nodes[0]?.name} has ${hashes[0]}`)
    }
  }
  return differences
}

/** A node's executed state must be what the chain claims for that height. All nodes share the chain, so one look each is enough. */
async function checkState({ name, client }: NamedClient, status: NodeStatus | undefined): Promise<string[]> {
  const ledger = status?.ledger
  if (ledger === undefined || ledger.height === 0) return []
  let from = ledger.height
  for (let waited = 0; waited <= STATE_DEADLINE_MS; ) {
    const blocks = await client.blocks({ from, limit: PAGE_BLOCKS })
    const claim = blocks.find((block) => block.stateHeight >= ledger.height)
    if (claim?.stateHeight === ledger.height) {
      return claim.stateRoot === ledger.stateRoot
        ? []
        : [`${name} has state ${ledger.stateRoot} at height ${ledger.height}, the chain says ${claim.stateRoot}`]
    }
    // A jump in claims passes this height by; the blocks themselves were compared.
    if (claim !== undefined) return []
    from += blocks.length
    if (blocks.length > 0) continue
    await delay(POLL_MS)
    waited += POLL_MS
  }
  return [`no block claims the state of height ${ledger.height} of ${name} within ${STATE_DEADLINE_MS / 1_000} s`]
}

/** Waits until every node answers and stands within `slack` blocks of the best; false when the deadline passes. */
export async function waitForCatchUp(
  nodes: readonly NamedClient[],
  options: { slack: number; deadlineMs: number },
): Promise<boolean> {
  for (let waited = 0; waited <= options.deadlineMs; waited += POLL_MS) {
    const heights = await Promise.all(
      nodes.map(({ client }) =>
        client.status().then(
          (status) => status.finalized.height,
          () => -1,
        ),
      ),
    )
    const least = Math.min(...heights)
    if (least >= 0 && least >= Math.max(...heights) - options.slack) return true
    await delay(POLL_MS)
  }
  return false
}
