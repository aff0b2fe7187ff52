/** Manifest, process identities, table and summary. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import type { NodeStatus } from '../../../src/node/api/node-port.ts'
import { identifyProcess, isRunning } from '../../../src/node/process-identity.ts'
import {
  faultsTolerated,
  type Manifest,
  manifestPath,
  nodeOf,
  readManifest,
  updateNode,
  writeManifest,
} from '../../../testnet/manifest.ts'
import { endProcess, signal } from '../../../testnet/processes.ts'
import { createSummary, summaryLines } from '../../../testnet/summary.ts'
import { renderTable } from '../../../testnet/table.ts'
import { removeFolders, temporaryFolder } from '../../helpers/processes.ts'

afterEach(removeFolders)

function manifest(validators: number): Manifest {
  const nodes = Array.from({ length: validators }, (_, index) => ({
    index,
    role: 'validator' as const,
    home: `node${index}`,
    peerId: 'p',
    p2pPort: 1,
    innerPort: null,
    apiUrl: null,
    process: null,
  }))
  return { version: 1, network: 'n', nodes, proxy: null }
}

test('a manifest comes back as written, readable by its owner only, one node changed at a time', () => {
  const dir = temporaryFolder()
  writeManifest(dir, manifest(4))
  updateNode(dir, 2, { apiUrl: 'http://x' })
  expect(readManifest(dir).nodes.map((node) => node.apiUrl)).toEqual([null, null, 'http://x', null])
  expect(statSync(manifestPath(dir)).mode & 0o777).toBe(0o600)
})

test('a missing or damaged manifest and an unknown node have their own codes', () => {
  const dir = temporaryFolder()
  const code = (expected: string): unknown => expect.objectContaining({ code: expected })
  expect(() => readManifest(dir)).toThrowError(code('no-testnet') as Error)
  writeFileSync(manifestPath(dir), '{"version":2}')
  expect(() => readManifest(dir)).toThrowError(code('manifest-invalid') as Error)
  expect(() => nodeOf(manifest(4), 4)).toThrowError(code('usage') as Error)
})

test('f is a third of the validators less one', () => {
  expect([1, 3, 4, 6, 7, 10].map((count) => faultsTolerated(manifest(count)))).toEqual([0, 0, 1, 1, 2, 3])
})

test('a signal reaches a process only under its start time, and a stopped process still ends', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const ended = once(child, 'close')
  const identity = identifyProcess(child.pid ?? 0)
  if (identity === null) throw new Error('the child has no identity')
  const later = { ...identity, startTime: `${identity.startTime}0` }
  expect([isRunning(identity), isRunning(later), signal(later, 'SIGKILL')]).toEqual([true, false, false])
  signal(identity, 'SIGSTOP')
  await endProcess(identity, 5_000)
  await ended
  expect(isRunning(identity)).toBe(false)
})

const STATUS = {
  finalized: { height: 12 },
  epoch: 3,
  peers: 3,
  txPerSecond: 99.6,
  finalityMs: { p50: 8.04, p95: 10, p99: 20.5, count: 7 },
  atx: { count: 62, frame: 22, fingerprint: `e4651e8f${'0'.repeat(56)}`, synced: true },
  sync: { state: 'synced' },
} as NodeStatus

test('the table has equal columns and says which node is down', () => {
  const lines = renderTable([
    { name: 'node0', state: 'running', status: STATUS },
    { name: 'node1', state: 'down', status: null },
  ])
  const cells = ['node0', '12', '3', '3', '100', '8.0ms', '20.5ms', '62', 'e4651e..', 'synced']
  expect(lines[1]?.split(/\s+/)).toEqual(cells)
  expect(lines[2]).toMatch(/^node1 .*down$/)
  expect(new Set(lines.map((line) => line.length)).size).toBe(1)
})

test('the summary has the shape of CONTRACT and counts only what the run added', () => {
  const agreement = { agreement: true, height: 40, differences: [], txs: 110, entries: 120 }
  const base = { nodes: 4, observers: 0, seed: 1, durationMs: 10_000, txsBefore: 10, agreement, faults: 0 }
  const loaded = createSummary({ ...base, load: { sent: 100, refused: 0, finalityMs: [1, 2, 3] }, statuses: [STATUS] })
  expect(loaded).toMatchObject({
    nodes: 4,
    durationMs: 10_000,
    finalizedHeight: 40,
    finalizedTxs: 100,
    txPerSecond: 10,
    agreement: true,
  })
  expect(loaded.finalityMs).toEqual({ p50: 2, p95: 3, p99: 3, samples: 3 })
  expect(createSummary({ ...base, load: null, statuses: [STATUS] }).finalityMs).toEqual({
    p50: 8,
    p95: 10,
    p99: 20.5,
    samples: 7,
  })
  expect(createSummary({ ...base, load: null, statuses: [] }).finalityMs).toEqual({
    p50: null,
    p95: null,
    p99: null,
    samples: 0,
  })
  const split = createSummary({
    ...base,
    agreement: { ...agreement, agreement: false, differences: ['at height 3 ...'] },
    load: null,
    statuses: [],
  })
  expect(summaryLines(split).join('\n')).toMatch(/agreement {3}NO\n +at height 3/)
})

test('the summary says whether all nodes hold the same set of ATXs', () => {
  const agreement = { agreement: true, height: 40, differences: [], txs: 0, entries: 0 }
  const base = { nodes: 2, observers: 0, seed: 1, durationMs: 1_000, txsBefore: 0, agreement, faults: 0, load: null }
  const behind = { ...STATUS, atx: { ...STATUS.atx, count: 61, fingerprint: 'f'.repeat(64) } }
  const same = createSummary({ ...base, statuses: [STATUS, STATUS] })
  const unequal = createSummary({ ...base, statuses: [STATUS, behind] })
  expect([same.atx, unequal.atx]).toEqual([
    { count: 62, equal: true },
    { count: 62, equal: false },
  ])
  expect(createSummary({ ...base, statuses: [] }).atx).toEqual({ count: 0, equal: true })
  expect(summaryLines(same).join('\n')).toContain('atxs        62, the same set on every node')
  expect(summaryLines(unequal).join('\n')).toContain('not the same set')
})
