/** Medians, tables and the line that says on which machine a figure was taken. */
import { cpus, release, totalmem } from 'node:os'
import { percentile } from '../testnet/percentiles.ts'

/** One measured figure beside its target. */
export type Figure = {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** `<=` or `>=` a bound; null for figures without a target. */
  readonly target: { readonly is: '<=' | '>='; readonly bound: number } | null
  readonly detail?: string
}

/** A figure; `target` null when none is set. */
export function at(name: string, value: number, unit: string, target: Figure['target'], detail?: string): Figure {
  return { name, value, unit, target, ...(detail === undefined ? {} : { detail }) }
}

export const atMost = (bound: number) => ({ is: '<=', bound }) as const
export const atLeast = (bound: number) => ({ is: '>=', bound }) as const

/** The median of a sample; NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5) ?? Number.NaN
}

/** e.g. `2 x Intel(R) Xeon(R) @ 2.60GHz, 24 GiB, Linux 6.1, Node v24.21.0`. */
export function hardwareLine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} x ${cpu?.model ?? 'unknown CPU'}, ${memory} GiB, Linux ${release()}, Node ${process.version}`
}

/** Whether a figure meets its target; null without one. */
export function isMet({ value, target }: Figure): boolean | null {
  if (target === null) return null
  return target.is === '<=' ? value <= target.bound : value >= target.bound
}

const show = (value: number): string =>
  Number.isNaN(value) ? '-' : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1)

/** The figures as lines of aligned columns. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, target, detail = '' } = figure
    const met = isMet(figure)
    const goal = target === null ? '' : `${target.is} ${target.bound} ${unit}`
    const verdict =
      met === null
        ? ''
        : met
          ? 'met'
          : `missed by ${show((Math.abs(value - (target?.bound ?? 0)) / (target?.bound ?? 1)) * 100)} %`
    return [name, `${show(value)} ${unit}`, goal, verdict, detail]
  })
  const head = ['figure', 'value', 'target', '', '']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
