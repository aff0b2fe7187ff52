/** `palaver testnet run` under load and faults: one JSON summary, agreement, nothing left running. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identifyProcess } from '../../src/node/process-identity.ts'
import type { Manifest } from '../../testnet/manifest.ts'
import type { Summary } from '../../testnet/summary.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { until } from '../helpers/until.ts'
import { begin, run } from './cli.ts'

beforeAll(ensureBuilt)

afterAll(async () => {
  await endAll()
  removeFolders()
})

test('load and every fault kind: agreement true, and stdout is one JSON document', async () => {
  const flags = [
    '--load',
    '40',
    '--duration',
    '32s',
    '--perturb',
    'kill,pause,partition,restart',
    '--seed',
    '7',
    '--observers',
    '1',
    '--json',
  ]
  const { code, stdout, stderr } = await run(['testnet', 'run', ...flags])
  expect(code, stderr).toBe(0)
  const summary = JSON.parse(stdout) as Summary
  expect(summary).toMatchObject({ nodes: 4, observers: 1, agreement: true, differences: [] })
  expect(summary.durationMs).toBeGreaterThanOrEqual(32_000)
  expect(summary.faults).toBeGreaterThanOrEqual(4)
  expect(summary.finalizedTxs).toBeGreaterThan(200)
  expect(summary.finalityMs.p50).toBeGreaterThan(0)
})

test('Ctrl-C ends it with a summary and no process left', async () => {
  const dir = join(temporaryFolder(), 'net')
  const net = begin(['testnet', 'run', '--dir', dir])
  await net.line(/palaver tx submit --home/, 60_000)
  expect(net.stdout()).toMatch(/node3 ready/)
  const pids = (JSON.parse(readFileSync(join(dir, 'testnet.json'), 'utf8')) as Manifest).nodes.map(
    (node) => node.process?.pid ?? 0,
  )
  await until(() => /height/.test(net.stdout()))
  net.child.kill('SIGINT')
  const { code, stdout } = await net.finished
  expect(code).toBe(0)
  expect(stdout).toMatch(/agreement +yes/)
  expect(pids.map((pid) => identifyProcess(pid))).toEqual([null, null, null, null])
})

test('what cannot be run is refused as usage', async () => {
  for (const flags of [
    ['--engine', 'fab'],
    ['--nodes', '0'],
    ['--perturb', 'explode'],
    ['--duration', '5'],
    ['--nodes', '3', '--perturb', 'kill'],
  ]) {
    const { code, stdout, stderr } = await run(['testnet', 'run', ...flags, '--json'])
    expect(code, `${flags}: ${stderr}`).toBe(2)
    expect(stdout).toBe('')
  }
})
