/**
 * `npm run bench [-- SECTION...]`: processes on this machine, loopback, fsync on. Prints each figure beside its target with
 * the hardware line, and writes them as JSON to bench/results/. Without a section all of them run, some minutes.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '../src/machine/clock.ts'
import { measureAtx } from './atx.ts'
import { measureRangeSync } from './catch-up.ts'
import { startCluster } from './cluster.ts'
import { measureCatchUp, measureHelp, measureIdle, measureLoad } from './consensus.ts'
import { measureDeep } from './deep.ts'
import { at, atMost, type Figure, hardwareLine, isMet, median, table } from './figures.ts'
import { measureHeartbeat } from './heartbeat.ts'
import { measureRangeAlone } from './range-sync.ts'
import { measureSessions } from './sessions.ts'
import { measureSizes } from './sizes.ts'

type Note = (...measured: readonly Figure[]) => void

async function consensus(note: Note): Promise<void> {
  note(measureHelp())
  const cluster = await startCluster(4)
  try {
    note(at('start to ready', median(cluster.readyMs), 'ms', atMost(2_000), 'median of four starting at once'))
    note(...(await measureIdle(cluster)))
    note(...(await measureLoad(cluster)))
    note(...(await measureCatchUp(cluster)))
  } finally {
    await cluster.end()
  }
}

const SECTIONS: Readonly<Record<string, (note: Note) => Promise<void>>> = {
  atx: measureAtx,
  consensus,
  range: async (note) => {
    note(...(await measureRangeAlone()))
    note(...(await measureRangeSync()))
  },
  deep: async (note) => note(...(await measureDeep())),
  heartbeat: async (note) => note(...(await measureHeartbeat())),
  sessions: async (note) => note(...(await measureSessions())),
  sizes: measureSizes,
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in SECTIONS))
if (unknown.length > 0) {
  console.error(`there is no section ${unknown.join(', ')}: choose among ${Object.keys(SECTIONS).join(', ')}`)
  process.exit(2)
}
const hardware = hardwareLine()
console.log(hardware)
const figures: Figure[] = []
for (const [name, measure] of Object.entries(SECTIONS)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.error(`${name}:`)
  await measure((...measured) => {
    figures.push(...measured)
    for (const { name: figure, value, unit } of measured) console.error(`  ${figure}: ${value.toFixed(1)} ${unit}`)
  })
}
console.log(table(figures))
const results = join(process.cwd(), 'bench', 'results')
await mkdir(results, { recursive: true })
const stamp = new Date(systemClock.now()).toISOString().replaceAll(':', '-')
const report = { hardware, takenAt: stamp, figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })) }
await writeFile(join(results, `${stamp}.json`), `${JSON.stringify(report, null, 2)}\n`)
