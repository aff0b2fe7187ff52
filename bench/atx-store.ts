/** Jobs on a set alone: inserting through the store, opening, memory. */
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import type { Job } from './atx-job.ts'
import { clockAt, fill, forgetfulDb, lastMonthOf, MONTH_IDS, openDb, openSet, stopwatch } from './atx-material.ts'

/** Inserts through the store: 300-byte blobs, 1,024 at a time, months of 33,000. */
export const insert: Job = async ({ dir, suite, ids }) => {
  const db = await openDb(dir)
  const clock = clockAt(0)
  const set = await openSet(db, { suite, clock })
  const loop = monitorEventLoopDelay({ resolution: 5 })
  loop.enable()
  const lap = stopwatch()
  await fill(set, clock, { ids, perFrame: MONTH_IDS })
  await set.close()
  const usage = lap()
  await db.close()
  return { ...usage, stallMs: loop.percentile(99) / 1e6 }
}

/** Opens a set, and says what it holds in memory per id. */
export const open: Job = async ({ dir, suite, ids }) => {
  const clock = clockAt(lastMonthOf(ids))
  // All code is loaded, and compiled, before.
  await (await openSet(forgetfulDb(), { suite, clock })).close()
  await settle()
  const before = memory()
  const lap = stopwatch()
  const db = await openDb(dir)
  const set = await openSet(db, { suite, clock })
  set.heads()
  const usage = lap()
  await settle()
  const after = memory()
  const perId = (key: keyof typeof after) => (after[key] - before[key]) / set.count
  const result = { ...usage, anonymous: perId('anonymous'), mapped: perId('mapped'), arrays: perId('arrays') }
  await set.close()
  await db.close()
  return result
}

/** Bytes of this process that are its own, those of files it maps, which the system takes back at will, and typed arrays. */
function memory() {
  const status = readFileSync('/proc/self/status', 'utf8')
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  return {
    anonymous: kib('RssAnon') * 1_024,
    mapped: kib('RssFile') * 1_024,
    arrays: process.memoryUsage().arrayBuffers,
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.()
    await delay(200)
  }
}
