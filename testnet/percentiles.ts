/** Percentiles of a sample by the nearest-rank rule. */

/** The smallest value that at least the fraction `p` (0..1) of the values does not exceed; null of none. */
export function percentile(values: readonly number[], p: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null
}
