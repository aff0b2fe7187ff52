/** The node's Prometheus metrics: ours under `palaver_`, Node's and libp2p's beside them, one registry. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { createAtxMetrics } from './atx-metrics.ts'

/** Different reasons counted by name; later ones count as `other`, so that no peer can grow the registry. */
const MAX_REASONS = 64
const OTHER = 'other'
/** How often the event loop is sampled. Samples include this interval, so it is taken off again. */
const LAG_RESOLUTION_MS = 10
const NANOSECONDS_PER_MS = 1e6

/** What is read when somebody looks: present numbers, so that gauges cost nothing in between. */
export type MetricsSnapshot = {
  readonly session: number
  readonly epoch: number
  /** The freshest notarized block: its number in the epoch, and its height. */
  readonly headNumber: number
  readonly headHeight: number
  readonly finalizedHeight: number
  readonly appliedHeight: number
  readonly peers: number
  readonly mempoolTransactions: number
  readonly mempoolBytes: number
  readonly eventSubscribers?: number
  /** Items that wait, by queue. */
  readonly queues: Readonly<Record<string, number>>
  /** Running totals of the ledger and its relay, by what they count. */
  readonly totals: Readonly<Record<string, number>>
}

export interface NodeMetrics {
  readonly registry: Registry
  readonly atx: ReturnType<typeof createAtxMetrics>
  /** Where the gauges read from; none are shown before. */
  observe(read: () => MetricsSnapshot): void
  readonly votesCast: Counter
  readonly blocksFinalized: Counter
  readonly transactionsFinalized: Counter
  /** Counts something a peer sent that was not taken. */
  rejected(what: string, reason: string): void
  epochEntered(cause: string): void
  /** One durable write of consensus, in milliseconds. */
  fsynced(durationMs: number): void
  /** A transaction of this node became final this long after it was admitted. */
  finalized(latencyMs: number): void
  /** The Prometheus text. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>
  /** Ends the measuring of the event loop. */
  close(): void
}

/** A registry of its own, so that several nodes can live in one process. */
export function createMetrics(): NodeMetrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const closeLag = addEventLoopLag(registry)
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: readonly string[] = []): Counter =>
    new Counter({ name: `palaver_${name}`, help, labelNames, registers })
  const rejects = counter('rejects_total', 'Messages of peers that were not taken', ['what', 'reason'])
  const epochs = counter('epochs_entered_total', 'Epochs entered, by what proved them', ['cause'])
  const reasonOf = boundedNames()
  const whatOf = boundedNames()
  const causeOf = boundedNames()
  const { fsync, finality } = createHistograms(registry)
  return {
    registry,
    atx: createAtxMetrics(registry),
    observe: (read) => addGauges(registry, read),
    votesCast: counter('votes_cast_total', 'Votes this node signed'),
    blocksFinalized: counter('blocks_finalized_total', 'Blocks that became final'),
    transactionsFinalized: counter('transactions_finalized_total', 'Transactions that became final'),
    rejected: (what, reason) => rejects.inc({ what: whatOf(what), reason: reasonOf(reason) }),
    epochEntered: (cause) => epochs.inc({ cause: causeOf(cause) }),
    fsynced: (durationMs) => fsync.observe(durationMs / 1_000),
    finalized: (latencyMs) => finality.observe(latencyMs / 1_000),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    close: closeLag,
  }
}

function createHistograms(registry: Registry): { fsync: Histogram; finality: Histogram } {
  const registers = [registry]
  const fsync = new Histogram({
    name: 'palaver_fsync_seconds',
    help: 'Durable writes of consensus',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1],
    registers,
  })
  const finality = new Histogram({
    name: 'palaver_finality_seconds',
    help: 'From admission of a transaction by this node until it is final',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60],
    registers,
  })
  return { fsync, finality }
}

const GAUGES = {
  session: 'Present session',
  epoch: 'Local epoch',
  headNumber: 'Number of the freshest notarized block in its epoch',
  headHeight: 'Height of the freshest notarized block',
  finalizedHeight: 'Height of the last final block',
  appliedHeight: 'Height of the last executed block',
  peers: 'Connected peers',
  mempoolTransactions: 'Transactions that wait',
  mempoolBytes: 'Bytes of the transactions that wait',
  eventSubscribers: 'Open event streams',
} as const satisfies { readonly [K in keyof MetricsSnapshot]?: string }

function addGauges(registry: Registry, read: () => MetricsSnapshot): void {
  for (const [key, help] of Object.entries(GAUGES) as [keyof typeof GAUGES, string][]) {
    const name = `palaver_${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read()[key] ?? 0)
      },
    })
  }
  new Gauge({
    name: 'palaver_queue_length',
    help: 'Items that wait, by queue',
    labelNames: ['queue'],
    registers: [registry],
    collect() {
      for (const [queue, length] of Object.entries(read().queues)) this.set({ queue }, length)
    },
  })
  new Gauge({
    name: 'palaver_ledger_total',
    help: 'What the ledger and its relay have done since the start',
    labelNames: ['what'],
    registers: [registry],
    collect() {
      for (const [what, total] of Object.entries(read().totals)) this.set({ what }, total)
    },
  })
}

/** How long the event loop was held up between two looks; returns the way to stop. */
function addEventLoopLag(registry: Registry): () => void {
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS })
  lag.enable()
  new Gauge({
    name: 'palaver_event_loop_lag_seconds',
    help: 'Delay of the event loop since the last look',
    labelNames: ['quantile'],
    registers: [registry],
    collect() {
      // Without a sample (an immediate second look) percentiles are meaningless.
      if (lag.count === 0) return
      this.set({ quantile: '0.5' }, lagSeconds(lag.percentile(50)))
      this.set({ quantile: '0.99' }, lagSeconds(lag.percentile(99)))
      this.set({ quantile: '1' }, lagSeconds(lag.max))
      lag.reset()
    },
  })
  return () => {
    lag.disable()
  }
}

function lagSeconds(sampleNs: number): number {
  return Math.max(0, sampleNs / NANOSECONDS_PER_MS - LAG_RESOLUTION_MS) / 1_000
}

/** Passes names on as long as there are few. */
function boundedNames(): (name: string) => string {
  const known = new Set<string>()
  return (name) => {
    if (!known.has(name) && known.size >= MAX_REASONS) return OTHER
    known.add(name)
    return name
  }
}
