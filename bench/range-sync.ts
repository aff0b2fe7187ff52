/** Range sync in its own right: a process without a ledger takes a long chain from two others over loopback. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../src/node/database.ts'
import { createPalaStore } from '../src/pala/store.ts'
import { at, atLeast, type Figure, median } from './figures.ts'
import { type ChainShape, writeChain } from './range-chain.ts'
import type { Report } from './range-node.ts'

/** Of payload in each chain. */
const CHAIN_BYTES = 160_000_000
const RUNS = 3
const DEADLINE_MS = 120_000
/** As a node is started. */
const NODE_FLAGS = ['--max-semi-space-size=8']

const SHAPES = [
  { name: '64 KiB blocks of 256-byte entries', entries: 256, entryBytes: 256, target: atLeast(20) },
  { name: '200 kB blocks of 2,000-byte entries', entries: 100, entryBytes: 2_000, target: atLeast(20) },
  { name: '30 kB blocks of 1,000-byte entries', entries: 30, entryBytes: 1_000, target: atLeast(20) },
]

type Shape = (typeof SHAPES)[number]
type CaughtUp = Extract<Report, { type: 'caughtUp' }>

export async function measureRangeAlone(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const shape of SHAPES) figures.push(...(await measureShape(shape)))
  return figures
}

async function measureShape(shape: Shape): Promise<Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'palaver-bench-'))
  const children: ChildProcess[] = []
  try {
    const served = join(dir, 'served')
    await makeChain(served, { ...shape, blocks: Math.ceil(CHAIN_BYTES / (shape.entries * shape.entryBytes)) })
    const server = start(children, 'serve', served)
    const serving = await reportOf(server, 'serving')
    const runs: CaughtUp[] = []
    while (runs.length < RUNS) {
      const path = join(dir, `run-${runs.length}`)
      const follower = start(children, 'follow', path, String(serving.height), ...serving.addresses)
      runs.push(await reportOf(follower, 'caughtUp'))
      await end(follower)
      await rm(path, { recursive: true })
    }
    return figuresOf(shape, runs)
  } finally {
    await Promise.all(children.map(end))
    await rm(dir, { recursive: true, force: true })
  }
}

async function makeChain(path: string, shape: ChainShape): Promise<void> {
  const db = await openDatabase(path)
  await writeChain(createPalaStore(db), shape)
  await db.close()
}

function figuresOf({ name, target }: Shape, runs: readonly CaughtUp[]): Figure[] {
  const perCore = runs.map(({ spent }) => spent.bytes / 1_000 / spent.cpuMs)
  const onClock = runs.map(({ spent }) => spent.bytes / 1_000 / spent.wallMs)
  const { blocks = 0, bytes = 0 } = runs[0]?.spent ?? {}
  const each = `runs ${perCore.map((rate) => rate.toFixed(1)).join(', ')}`
  const startMs = median(runs.map(({ startCpuMs }) => startCpuMs))
  const size = `${(bytes / 1e6).toFixed(0)} MB in ${blocks} blocks`
  const detail = `${size}, ${each}; from the first request (${(startMs / 1_000).toFixed(1)} s of start) to the last block`
  return [
    at(`range sync without execution, per core, ${name}`, median(perCore), 'MB/s', target, detail),
    at('... on the clock', median(onClock), 'MB/s', null),
  ]
}

/** The process beside this file, in the same form (sources or built). */
function start(children: ChildProcess[], ...args: readonly string[]): ChildProcess {
  const path = new URL(import.meta.url.endsWith('.ts') ? './range-node.ts' : './range-node.js', import.meta.url)
  const child = fork(fileURLToPath(path), args, { execArgv: NODE_FLAGS })
  children.push(child)
  return child
}

/** The next report of that type; rejects when the process ends first, or takes too long. */
async function reportOf<T extends Report['type']>(child: ChildProcess, type: T): Promise<Extract<Report, { type: T }>> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), DEADLINE_MS)
  const ended = once(child, 'exit', { signal: late.signal }).then(([code]) => {
    throw new Error(`a process of the range benchmark ended with ${code}`)
  })
  try {
    const [report] = await Promise.race([once(child, 'message', { signal: late.signal }), ended])
    if (report.type !== type) throw new Error(`expected ${type}, heard ${report.type}`)
    return report
  } finally {
    clearTimeout(timer)
    late.abort()
    ended.catch(() => undefined)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.send('end')
  await once(child, 'exit')
}
