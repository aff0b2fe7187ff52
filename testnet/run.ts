/** `testnet run`: nodes as processes on this machine with a live table, optional load and faults, and a verdict at the end. */
import { setTimeout as delay } from 'node:timers/promises'
import type { PalaverClient } from '../src/client/client.ts'
import { systemClock } from '../src/machine/clock.ts'
import type { NodeStatus } from '../src/node/api/node-port.ts'
import { type Agreement, checkAgreement, type NamedClient, waitForCatchUp } from './checks.ts'
import { TestnetError } from './errors.ts'
import { createSchedule, describeFault, type FaultKind, runFaults, setLinks } from './faults.ts'
import { isRunning, lastWords, nodeClient, startNode, startProxy, stopAll, waitUntilReady } from './launcher.ts'
import { HEALED } from './links.ts'
import { type LoadResult, runLoad } from './load.ts'
import { faultsTolerated, homeOf, logOf, type Manifest, readManifest } from './manifest.ts'
import { createSummary, type Summary } from './summary.ts'
import type { TableRow } from './table.ts'

export type RunOptions = {
  readonly dir: string
  /** Load in transactions per second; 0 for none. */
  readonly txPerSecond: number
  readonly txBytes: number
  /** How long to run once all nodes are ready; null until the signal. */
  readonly durationMs: number | null
  readonly perturb: readonly FaultKind[]
  readonly proxied: boolean
  /** Bytes per second of each link and direction; 0 for no limit. */
  readonly linkRate: number
  readonly seed: number
  /** Ends the run early; the summary is still made. */
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
  readonly onTable: (rows: readonly TableRow[]) => void
}

const TABLE_MS = 1_000
const CATCH_UP = { slack: 50, deadlineMs: 60_000 }
/** Faults of a run without a set duration are drawn for this long. */
const ENDLESS_MS = 24 * 3_600_000

/** Starts everything, runs, judges, ends every process. Rejects with `not-ready` when a node does not start. */
export async function runTestnet(options: RunOptions): Promise<Summary> {
  const { dir } = options
  const manifest = readManifest(dir)
  checkOptions(manifest, options)
  try {
    await startAll(options)
    const before = await judge(dir, 0)
    const startedAt = systemClock.now()
    const { load, faults } = await runActivities(options, manifest)
    const durationMs = systemClock.now() - startedAt
    options.onLine('checking agreement')
    const agreement = await judge(dir, CATCH_UP.deadlineMs)
    const statuses = (await rowsOf(dir)).flatMap(({ status }) => (status === null ? [] : [status]))
    const observers = manifest.nodes.filter((node) => node.role === 'observer').length
    const nodes = manifest.nodes.length - observers
    return createSummary({
      nodes,
      observers,
      seed: options.seed,
      durationMs,
      txsBefore: before.txs,
      agreement,
      load,
      faults,
      statuses,
    })
  } finally {
    await stopAll(dir)
  }
}

function checkOptions(manifest: Manifest, { perturb, dir }: RunOptions): void {
  const running = manifest.nodes.filter(isRunning)
  if (running.length > 0)
    throw new TestnetError(
      'running',
      `node${running[0]?.index} of ${dir} runs already; end it with: palaver testnet stop ${dir}`,
    )
  if (faultsTolerated(manifest) === 0 && perturb.some((kind) => kind !== 'partition')) {
    throw new TestnetError('usage', '--perturb needs at least 4 nodes: fewer tolerate no fault')
  }
}

async function startAll({ dir, proxied, linkRate, signal, onLine }: RunOptions): Promise<void> {
  const { nodes } = readManifest(dir)
  if (proxied) await startProxy(dir)
  if (linkRate > 0) await setLinks(dir, { ...HEALED, bytesPerSecond: linkRate })
  for (const { index } of nodes) startNode(dir, index)
  await Promise.all(
    nodes.map(async ({ index, p2pPort, peerId }) => {
      const client = await waitUntilReady(dir, index, signal)
      onLine(`node${index} listening on /ip4/127.0.0.1/tcp/${p2pPort}/p2p/${peerId}`)
      onLine(`node${index} api ${client.url}`)
      onLine(`node${index} ready`)
    }),
  )
  const [first, second] = nodes
  if (first === undefined || signal.aborted) return
  const [home, other] = [homeOf(dir, first), homeOf(dir, second ?? first)]
  onLine('try in another terminal:')
  onLine(`  npx palaver tx submit --home ${home} --kv city=Geneva --wait`)
  onLine(`  npx palaver kv get --home ${other} city`)
  onLine(`  npx palaver status --home ${home}`)
  onLine(`  npx palaver block show --home ${other} latest`)
  onLine(`  npx palaver atx publish --home ${home} FILE`)
  onLine(`  npx palaver atx list --home ${other}`)
}

/** The time between ready and the end: table, load and faults side by side. */
async function runActivities(
  options: RunOptions,
  manifest: Manifest,
): Promise<{ load: LoadResult | null; faults: number }> {
  const { dir, durationMs, txPerSecond, txBytes, perturb, seed, onLine } = options
  const end = new AbortController()
  const signal = AbortSignal.any([
    options.signal,
    end.signal,
    ...(durationMs === null ? [] : [AbortSignal.timeout(durationMs)]),
  ])
  const clients = createClientCache(dir)
  const schedule = createSchedule({
    seed,
    kinds: perturb,
    nodes: manifest.nodes.filter((node) => node.role === 'validator').length,
    f: faultsTolerated(manifest),
    durationMs: durationMs ?? ENDLESS_MS,
  })
  const load = txPerSecond > 0 ? runLoad({ clients, txPerSecond, txBytes, signal }) : Promise.resolve(null)
  const faults = runFaults({ dir, faults: schedule, signal, onFault: (fault) => onLine(describeFault(fault)) })
  const table = drawUntil(signal, options)
  // A failing part ends the others; the first failure is the one reported.
  for (const part of [load, faults, table]) part.catch(() => end.abort())
  const [loadResult, happened] = await Promise.all([load, faults, table])
  return { load: loadResult, faults: happened }
}

/** Clients of the running nodes, reread at most twice a second, since a restart changes address and token. */
function createClientCache(dir: string): () => readonly (PalaverClient | null)[] {
  let readAt = Number.NEGATIVE_INFINITY
  let clients: readonly (PalaverClient | null)[] = []
  return () => {
    if (systemClock.now() - readAt < 500) return clients
    readAt = systemClock.now()
    clients = readManifest(dir).nodes.map((node) => (isRunning(node) ? nodeClient(dir, node) : null))
    return clients
  }
}

async function drawUntil(signal: AbortSignal, { dir, onTable }: RunOptions): Promise<void> {
  while (!signal.aborted) {
    onTable(await rowsOf(dir))
    await delay(TABLE_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** One row per node, with what its API says now. */
export async function rowsOf(dir: string): Promise<TableRow[]> {
  return Promise.all(
    readManifest(dir).nodes.map(async (node) => {
      const client = isRunning(node) ? nodeClient(dir, node) : null
      const status = client === null ? null : await answerSoon(client.status())
      return { name: `node${node.index}`, state: isRunning(node) ? 'running' : 'down', status } as const
    }),
  )
}

/** A paused node takes connections and never answers. */
async function answerSoon(status: Promise<NodeStatus>): Promise<NodeStatus | null> {
  return Promise.race([status.catch(() => null), delay(TABLE_MS, null, { ref: false })])
}

/** Compares all nodes, after giving them time to catch up. A node that ended or does not answer is a difference. */
async function judge(dir: string, deadlineMs: number): Promise<Agreement> {
  const nodes = readManifest(dir).nodes.map((node) => ({
    node,
    client: isRunning(node) ? nodeClient(dir, node) : null,
  }))
  const running = nodes.flatMap(({ node, client }): NamedClient[] =>
    client === null ? [] : [{ name: `node${node.index}`, client }],
  )
  const caughtUp = deadlineMs === 0 || (await waitForCatchUp(running, { ...CATCH_UP, deadlineMs }))
  const answering = await filterAnswering(running)
  const agreement = await checkAgreement(answering)
  const absent = nodes.filter(({ node }) => !answering.some(({ name }) => name === `node${node.index}`))
  const missing = absent.map(({ node }) => {
    return isRunning(node)
      ? `node${node.index} does not answer`
      : `node${node.index} ended: ${lastWords(logOf(dir, node))}`
  })
  const late = caughtUp || missing.length > 0 ? [] : [`some node did not catch up within ${deadlineMs / 1_000} s`]
  const differences = [...missing, ...late, ...agreement.differences]
  return { ...agreement, agreement: differences.length === 0, differences }
}

async function filterAnswering(nodes: readonly NamedClient[]): Promise<NamedClient[]> {
  const statuses = await Promise.all(nodes.map(({ client }) => answerSoon(client.status())))
  return nodes.filter((_, index) => statuses[index] !== null)
}
