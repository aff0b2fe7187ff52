/** What a testnet run amounted to: the JSON document of CONTRACT, and the same for people. */
import type { NodeStatus } from '../src/node/api/node-port.ts'
import type { Agreement } from './checks.ts'
import type { LoadResult } from './load.ts'
import { percentile } from './percentiles.ts'

export type Percentiles = { readonly p50: number | null; readonly p95: number | null; readonly p99: number | null }

export type Summary = {
  readonly nodes: number
  readonly observers: number
  readonly engine: 'pala'
  readonly seed: number
  readonly durationMs: number
  readonly finalizedHeight: number
  readonly finalizedTxs: number
  readonly finalizedEntries: number
  readonly txPerSecond: number
  /** Milliseconds from a client's submission to finality; nulls when nothing was submitted. */
  readonly finalityMs: Percentiles & { readonly samples: number }
  readonly load: { readonly sent: number; readonly refused: number } | null
  readonly faults: number
  /** The shared set of ATXs: the size of the largest, and whether all nodes that answered hold the same. */
  readonly atx: { readonly count: number; readonly equal: boolean }
  readonly agreement: boolean
  readonly differences: readonly string[]
}

export type SummaryInput = {
  readonly nodes: number
  readonly observers: number
  readonly seed: number
  readonly durationMs: number
  readonly txsBefore: number
  readonly agreement: Agreement
  readonly load: LoadResult | null
  readonly faults: number
  readonly statuses: readonly NodeStatus[]
}

export function createSummary(input: SummaryInput): Summary {
  const { agreement, load, durationMs } = input
  const finalizedTxs = agreement.txs - input.txsBefore
  return {
    nodes: input.nodes,
    observers: input.observers,
    engine: 'pala',
    seed: input.seed,
    durationMs: Math.round(durationMs),
    finalizedHeight: agreement.height,
    finalizedTxs,
    finalizedEntries: agreement.entries,
    txPerSecond: round(finalizedTxs / (durationMs / 1_000)),
    finalityMs: finality(load?.finalityMs ?? [], input.statuses),
    load: load === null ? null : { sent: load.sent, refused: load.refused },
    faults: input.faults,
    atx: sharedSet(input.statuses),
    agreement: agreement.agreement,
    differences: agreement.differences,
  }
}

function sharedSet(statuses: readonly NodeStatus[]): Summary['atx'] {
  const fingerprints = new Set(statuses.map(({ atx }) => atx.fingerprint))
  return { count: Math.max(0, ...statuses.map(({ atx }) => atx.count)), equal: fingerprints.size <= 1 }
}

/** From the load's own sample, else the slowest node's own measure of what people submitted. */
function finality(sample: readonly number[], statuses: readonly NodeStatus[]): Summary['finalityMs'] {
  if (sample.length > 0) {
    const [p50 = null, p95 = null, p99 = null] = [0.5, 0.95, 0.99].map((p) => roundOrNull(percentile(sample, p)))
    return { p50, p95, p99, samples: sample.length }
  }
  const measured = statuses.flatMap(({ finalityMs }) => (finalityMs === null ? [] : [finalityMs]))
  const worst = (name: 'p50' | 'p95' | 'p99'): number | null =>
    measured.length === 0 ? null : round(Math.max(...measured.map((each) => each[name])))
  return {
    p50: worst('p50'),
    p95: worst('p95'),
    p99: worst('p99'),
    samples: measured.reduce((sum, each) => sum + each.count, 0),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : round(value)
}

/** Lines for people. */
export function summaryLines(summary: Summary): string[] {
  const { finalityMs, load, atx } = summary
  const ms = (value: number | null): string => (value === null ? '-' : `${value} ms`)
  return [
    `nodes       ${summary.nodes} validators, ${summary.observers} observers, ${(summary.durationMs / 1_000).toFixed(1)} s`,
    `blocks      ${summary.finalizedHeight} final`,
    `entries     ${summary.finalizedEntries} in ${summary.finalizedTxs} transactions (${summary.txPerSecond} tx/s)`,
    `finality    p50 ${ms(finalityMs.p50)}, p95 ${ms(finalityMs.p95)}, p99 ${ms(finalityMs.p99)} of ${finalityMs.samples}`,
    ...(load === null ? [] : [`load        ${load.sent} sent, ${load.refused} refused`]),
    ...(summary.faults === 0 ? [] : [`faults      ${summary.faults} (seed ${summary.seed})`]),
    `atxs        ${atx.count}, ${atx.equal ? 'the same set on every node' : 'not the same set on every node yet'}`,
    `agreement   ${summary.agreement ? 'yes: the same blocks and state on every node' : 'NO'}`,
    ...summary.differences.map((difference) => `            ${difference}`),
  ]
}
