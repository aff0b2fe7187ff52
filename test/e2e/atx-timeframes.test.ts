/** Timeframes of the ATX set that pass in seconds, on real nodes: boundaries, and a node that slept over several of them. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AtxStatusView } from '../../src/node/api/atx-port.ts'
import { stopAll } from '../../testnet/launcher.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { type AtxNet, initAtxNet } from './atx-net.ts'
import { begin, succeed } from './cli.ts'

const ALL = [0, 1, 2]
/** N_1 of the default genesis. */
const WINDOW = 6

let net: AtxNet

beforeAll(async () => {
  ensureBuilt()
  const size = ['--nodes', '1', '--observers', '2']
  const config = { atxSyncIntervalMs: 500, atxSyncedPeers: 1 }
  net = await initAtxNet(join(temporaryFolder(), 'net'), [...size, '--atx-timeframe', '2s'], config)
  await succeed(['testnet', 'start', net.dir, '--no-proxy'])
})

afterAll(async () => {
  await stopAll(net.dir)
  await endAll()
  removeFolders()
})

const counts = ({ checkpoints: { curr, old, all } }: AtxStatusView): number[] => [curr.count, old.count, all.count]

async function passes(node: number, frames: number): Promise<void> {
  const { frame } = await net.status(node)
  await until(async () => (await net.status(node)).frame >= frame + frames, 60_000, `${frames} boundaries`)
}

/** Bulk serves of a node so far, by its metrics. */
async function serves(node: number): Promise<number> {
  const lines = (await net.client(node).metrics())
    .split('\n')
    .filter((line) => line.startsWith('palaver_atx_serves_total{'))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

test('S3.2 at each boundary c_curr becomes c_old and joins c_all, on every node alike', async () => {
  await net.publish(ALL, 30)
  await net.agree(ALL, 30)
  const seen = new Set<string>()
  const statuses = await until(
    async () => {
      const each = await Promise.all(ALL.map(net.status))
      seen.add(JSON.stringify(each.map(counts)))
      return each.every(({ checkpoints }) => checkpoints.old.count === 0 && checkpoints.all.count === 30) ? each : null
    },
    30_000,
    'two boundaries',
  )
  expect([...seen].some((row) => row.includes('[0,30,30]') || /\[0,\d+,30\]/.test(row))).toBe(true)
  for (const { checkpoints, fingerprint } of statuses) {
    expect(checkpoints.all).toEqual(statuses[0]?.fingerprint)
    expect(fingerprint).toEqual(checkpoints.all)
  }
  await until(async () => (await Promise.all(ALL.map(net.status))).every(({ synced }) => synced))
})

test('a node that slept over more boundaries than a session looks at is brought in step, once', async () => {
  await succeed(['testnet', 'kill', net.dir, '2'])
  await net.publish([0, 1], 40)
  await net.agree([0, 1], 70)
  await passes(0, WINDOW + 2)
  // Alone it rolls all the boundaries that it slept over.
  await succeed(['testnet', 'pause', net.dir, '0'])
  await succeed(['testnet', 'kill', net.dir, '1'])
  const restart = begin(['testnet', 'restart', net.dir, '2'])
  const alone = await until(() => net.status(2))
  expect([alone.count, ...counts(alone)]).toEqual([30, 0, 0, 30])
  await succeed(['testnet', 'resume', net.dir, '0'])
  await restart.finished
  await succeed(['testnet', 'restart', net.dir, '1'])
  await net.agree(ALL, 70, 60_000)
  // Its late ATXs lie in later timeframes than with the others: the sets are the same, and nobody serves anybody again.
  const before = await Promise.all(ALL.map(serves))
  await passes(2, 3)
  const after = await Promise.all(ALL.map(serves))
  expect(after).toEqual(before)
  await until(async () => (await Promise.all(ALL.map(net.status))).every((each) => counts(each).join() === '0,0,70'))
  expect(await net.client(2).metrics()).toMatch(/palaver_atx_inserted_total\{source="sync"\} 40/)
})
