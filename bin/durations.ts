/** Durations as people type them (`500ms`, `30s`, `2m`, `1h`), and as they read them. */
import { CliError } from './errors.ts'

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
/** setTimeout takes no longer wait than this. */
const MAX_MS = 2 ** 31 - 1

/** Milliseconds of a duration with a unit. Throws `usage`. */
export function parseDuration(text: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim())
  const ms = Number(match?.[1]) * (UNIT_MS[match?.[2] ?? ''] ?? Number.NaN)
  if (!(ms >= 1 && ms <= MAX_MS)) {
    throw new CliError('usage', `${flag} is not a duration: '${text}'`, {
      hint: `write a number and a unit, such as ${flag} 30s`,
    })
  }
  return ms
}

/** A duration in the unit that reads best; `-` for null. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '-'
  if (ms < 1_000) return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.round(ms / 60_000)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
