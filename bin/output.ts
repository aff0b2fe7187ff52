/** Printing: data to stdout, diagnostics to stderr, one JSON document with `--json`, colour only on a terminal. */
import { styleText } from 'node:util'

/** Prints one line of data. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Prints one line of progress or diagnosis. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Prints `value` as one JSON document on one line. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value))
}

/** Prints the data as JSON with `--json`, else the lines that `describe` gives. */
export function printData<T>(json: boolean | undefined, data: T, describe: (data: T) => readonly string[]): void {
  if (json) printJson(data)
  else for (const line of describe(data)) print(line)
}

type Style = Parameters<typeof styleText>[0]

/** `text` in a style when the stream is a terminal that shows colour (NO_COLOR and FORCE_COLOR are honoured). */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream })
}

/** Lines of a table with columns padded to their widest cell. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [paint('bold', line(header)), ...rows.map(line)]
}

/** Lines of `name  value` pairs, names aligned. */
export function pairLines(pairs: Readonly<Record<string, string>>): string[] {
  const width = Math.max(...Object.keys(pairs).map((name) => name.length))
  return Object.entries(pairs).map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}

/** The first characters of a hash or peer id, enough to tell it apart on a screen. */
export function short(id: string): string {
  return id.length <= 12 ? id : `${id.slice(0, 10)}..`
}
