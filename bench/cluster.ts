/** A four-process testnet for measuring: started from the built command, driven over HTTP, gone afterwards. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { PalaverClient } from '../src/client/client.ts'
import { systemClock } from '../src/machine/clock.ts'
import { initTestnet } from '../testnet/init.ts'
import { startNode, stopAll, stopNode, waitUntilReady } from '../testnet/launcher.ts'
import { logOf } from '../testnet/manifest.ts'

/** The command next to this file, in `dist/`. */
export const PALAVER: string = fileURLToPath(new URL('../bin/palaver.js', import.meta.url))

export type Cluster = {
  readonly dir: string
  readonly clients: PalaverClient[]
  /** Milliseconds from starting the process to the line `ready`, per node. */
  readonly readyMs: number[]
  readonly stop: (index: number) => Promise<void>
  /** Starts a stopped node; resolves when its API answers and it is ready. */
  readonly start: (index: number) => Promise<PalaverClient>
  readonly end: () => Promise<void>
}

/** Runs the command and returns its output; fails loudly. */
export function palaver(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PALAVER, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`palaver ${args.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}

/** Homes, processes, clients: `nodes` validators, all ready. `pala` replaces consensus parameters of the genesis. */
export async function startCluster(nodes: number, pala: Readonly<Record<string, number>> = {}): Promise<Cluster> {
  const dir = await mkdtemp(join(tmpdir(), 'palaver-bench-'))
  await initTestnet({ dir, validators: nodes, observers: 0, pala })
  const readyMs: number[] = []
  const clients: PalaverClient[] = []
  const measured = Array.from({ length: nodes }, (_, index) => measureReady(dir, index))
  for (const each of measured) readyMs.push(await each)
  for (let index = 0; index < nodes; index++) clients.push(await waitUntilReady(dir, index))
  return {
    dir,
    clients,
    readyMs,
    stop: (index) => stopNode(dir, index),
    async start(index) {
      startNode(dir, index)
      return waitUntilReady(dir, index)
    },
    async end() {
      await stopAll(dir)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Starts one node and waits for the word `ready` in what it prints. */
async function measureReady(dir: string, index: number): Promise<number> {
  const from = systemClock.now()
  const node = startNode(dir, index)
  for (;;) {
    const log = await readFile(logOf(dir, node), 'utf8').catch(() => '')
    if (/^ready$/m.test(log)) return systemClock.now() - from
    if (systemClock.now() - from > 30_000) throw new Error(`node${index} is not ready: see ${logOf(dir, node)}`)
    await delay(5)
  }
}
