/** How long transactions of this node took from admission to finality, and how many become final per second. */
import type { Millis } from '../domain.ts'

/** Latencies kept; older ones are overwritten. */
const MAX_SAMPLES = 8_192
const RATE_SECONDS = 10
/** One bucket more than is counted, so that the current second is never half of an old one. */
const BUCKETS = RATE_SECONDS + 1

/** Milliseconds; percentiles by nearest rank. */
export type FinalityMs = { readonly p50: number; readonly p95: number; readonly p99: number; readonly count: number }

export interface FinalityStats {
  /** A transaction admitted here `latencyMs` ago became final. */
  recordLatency(now: Millis, latencyMs: Millis): void
  /** `count` transactions became final. */
  recordFinal(now: Millis, count: number): void
  /** Latencies of the last `windowMs`, or null without any. Sorts: meant for status calls. */
  latencies(now: Millis, windowMs: Millis): FinalityMs | null
  /** Transactions made final per second over the last ten whole seconds. */
  perSecond(now: Millis): number
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
}

/** Empty statistics. */
export function createFinalityStats(): FinalityStats {
  const times = new Float64Array(MAX_SAMPLES)
  const samples = new Float64Array(MAX_SAMPLES)
  let recorded = 0
  const bucketSecond = new Float64Array(BUCKETS).fill(-1)
  const bucketCount = new Float64Array(BUCKETS)

  return {
    recordLatency(now, latencyMs) {
      times[recorded % MAX_SAMPLES] = now
      samples[recorded % MAX_SAMPLES] = latencyMs
      recorded += 1
    },

    recordFinal(now, count) {
      const second = Math.floor(now / 1_000)
      const bucket = second % BUCKETS
      if (bucketSecond[bucket] !== second) bucketCount[bucket] = 0
      bucketSecond[bucket] = second
      bucketCount[bucket] = (bucketCount[bucket] ?? 0) + count
    },

    latencies(now, windowMs) {
      const kept = Math.min(recorded, MAX_SAMPLES)
      const recent = samples.subarray(0, kept).filter((_, index) => (times[index] ?? 0) >= now - windowMs)
      if (recent.length === 0) return null
      recent.sort()
      const [p50, p95, p99] = [percentile(recent, 0.5), percentile(recent, 0.95), percentile(recent, 0.99)]
      return { p50, p95, p99, count: recent.length }
    },

    perSecond(now) {
      const second = Math.floor(now / 1_000)
      let total = 0
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
        const age = second - (bucketSecond[bucket] ?? -1)
        if (age >= 1 && age <= RATE_SECONDS) total += bucketCount[bucket] ?? 0
      }
      return total / RATE_SECONDS
    },
  }
}
