/** The live table of a testnet: one row per node, redrawn in place on a terminal, plain lines otherwise. */
import type { NodeStatus } from '../src/node/api/node-port.ts'

export type TableRow = {
  readonly name: string
  readonly state: 'running' | 'paused' | 'down'
  readonly status: NodeStatus | null
}

const HEADER = ['node', 'height', 'epoch', 'peers', 'tx/s', 'p50', 'p99', 'atxs', 'set', 'sync']
/** Of a set's fingerprint: enough to see whether two nodes hold the same. */
const FINGERPRINT_CHARS = 6

/** The table as lines of equal columns. Nodes without an answer show their state instead of numbers. */
export function renderTable(rows: readonly TableRow[]): string[] {
  const cells = [HEADER, ...rows.map(rowCells)]
  const widths = HEADER.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  return cells.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  )
}

function rowCells({ name, state, status }: TableRow): string[] {
  if (status === null) {
    return [name, ...HEADER.slice(2).map(() => '-'), state === 'running' ? 'no answer' : state]
  }
  const ms = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)}ms`)
  return [
    name,
    String(status.finalized.height),
    String(status.epoch),
    String(status.peers),
    status.txPerSecond.toFixed(0),
    ms(status.finalityMs?.p50),
    ms(status.finalityMs?.p99),
    String(status.atx.count),
    `${status.atx.fingerprint.slice(0, FINGERPRINT_CHARS)}..`,
    status.sync.state,
  ]
}

/** Draws tables to a stream, each over the one before when the stream is a terminal. */
export interface LiveTable {
  draw(rows: readonly TableRow[]): void
  /** Prints a line that stays, above the table. */
  log(line: string): void
}

/** Lines that are no terminal get a table only every so many draws, or the output would drown in them. */
const PLAIN_EVERY = 5

export function createLiveTable(stream: NodeJS.WriteStream): LiveTable {
  let drawn: string[] = []
  let draws = 0
  const erase = (): void => {
    if (drawn.length > 0) stream.write(`\x1b[${drawn.length}F\x1b[J`)
    drawn = []
  }
  return {
    draw(rows) {
      const lines = renderTable(rows)
      if (stream.isTTY) {
        erase()
        drawn = lines.map((line) => line.slice(0, Math.max(1, (stream.columns ?? 80) - 1)))
        stream.write(`${drawn.join('\n')}\n`)
      } else if (draws++ % PLAIN_EVERY === 0) {
        stream.write(`${lines.join('\n')}\n`)
      }
    },
    log(line) {
      const kept = drawn
      erase()
      stream.write(`${[line, ...kept].join('\n')}\n`)
      drawn = kept
    },
  }
}
