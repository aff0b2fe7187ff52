/** One node by hand: what `start` prints, how it ends, and what it refuses. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BlockView } from '../../src/node/api/node-port.ts'
import { endAll, ensureBuilt, type Running, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { begin, json, run, succeed } from './cli.ts'

beforeAll(ensureBuilt)

afterAll(async () => {
  await endAll()
  removeFolders()
})

async function newHome(...flags: string[]): Promise<string> {
  const home = join(temporaryFolder(), 'home')
  await succeed(['init', '--home', home, '--new-network', 'solo', ...(flags.length > 0 ? flags : ['--no-password'])])
  return home
}

async function startReady(home: string, ...flags: string[]): Promise<Running> {
  const node = begin([
    'start',
    '--home',
    home,
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
    '--api',
    '127.0.0.1:0',
    '--no-mdns',
    ...flags,
  ])
  await node.line(/^ready$/)
  return node
}

describe('a network of one', () => {
  test('prints its addresses, api and ready, finalises, and a second start is told the pid', async () => {
    const home = await newHome()
    const node = await startReady(home)
    const lines = node.stdout().trim().split('\n')
    expect(lines[0]).toMatch(/^listening on \/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/12D3Koo\w+$/)
    expect(lines.at(-2)).toMatch(/^api http:\/\/127\.0\.0\.1:\d+$/)
    expect(lines.at(-1)).toBe('ready')
    await succeed(['kv', 'put', 'a', 'b', '--wait', '--home', home])
    expect(await succeed(['kv', 'get', 'a', '--home', home])).toBe('b\n')
    expect((await run(['kv', 'get', 'missing', '--home', home])).code).toBe(1)
    const second = await run(['start', '--home', home])
    expect(second.code).toBe(7)
    expect(second.stderr).toContain(String(node.child.pid))
    node.child.kill('SIGINT')
    expect((await node.finished).code).toBe(130)
  })

  test('keeps its log across kill -9', async () => {
    const home = await newHome()
    const first = await startReady(home)
    await succeed(['kv', 'put', 'kept', 'yes', '--wait', '--home', home])
    const { height, hash } = await json<BlockView>(['block', 'show', 'latest', '--home', home])
    first.child.kill('SIGKILL')
    await first.finished
    const second = await startReady(home)
    expect(await succeed(['kv', 'get', 'kept', '--home', home])).toBe('yes\n')
    expect((await json<BlockView>(['block', 'show', String(height), '--home', home])).hash).toBe(hash)
    second.child.kill('SIGTERM')
    expect((await second.finished).code).toBe(143)
  })

  test('Ctrl-C stops it cleanly within 5 s', async () => {
    const home = await newHome()
    const node = await startReady(home)
    const at = performance.now()
    node.child.kill('SIGINT')
    expect((await node.finished).code).toBe(130)
    expect(performance.now() - at).toBeLessThan(5_000)
    expect(existsSync(join(home, 'api.json'))).toBe(false)
    expect((await run(['status', '--home', home])).code).toBe(4)
  })
})

describe('refusals', () => {
  test('a damaged, missing or foreign genesis ends with exit 3', async () => {
    const home = await newHome()
    const genesis = join(home, 'genesis.json')
    const text = readFileSync(genesis, 'utf8')
    const other = await newHome()
    const node = await startReady(home)
    node.child.kill('SIGTERM')
    await node.finished
    for (const bad of [text.slice(0, 40), '{}', readFileSync(join(other, 'genesis.json'), 'utf8')]) {
      writeFileSync(genesis, bad)
      const outcome = await run(['start', '--home', home])
      expect(outcome.code, outcome.stderr).toBe(3)
      expect(outcome.stderr).toMatch(/genesis/)
    }
  })

  test('a wrong password ends with exit 1, a wide-open key file with exit 3 and the command that closes it', async () => {
    const folder = temporaryFolder()
    const [right, wrong] = [join(folder, 'right'), join(folder, 'wrong')]
    writeFileSync(right, 'correct horse\n', { mode: 0o600 })
    writeFileSync(wrong, 'battery staple\n', { mode: 0o600 })
    const home = await newHome('--password-file', right)
    const refused = await run(['start', '--home', home, '--password-file', wrong])
    expect(refused.code, refused.stderr).toBe(1)
    expect(refused.stderr).toMatch(/password/)
    chmodSync(join(home, 'key.json'), 0o644)
    const open = await run(['start', '--home', home, '--password-file', right])
    expect(open.code, open.stderr).toBe(3)
    expect(open.stderr).toMatch(/chmod 600/)
  })

  test('no home, a bad peer address and a bad log level each say what to do', async () => {
    const missing = await run(['start', '--home', join(temporaryFolder(), 'none')])
    expect(missing.code, missing.stderr).toBe(3)
    expect(missing.stderr).toMatch(/palaver init/)
    const home = await newHome()
    expect((await run(['start', '--home', home, '--peer', 'http://127.0.0.1:1'])).code).toBe(2)
    expect((await run(['start', '--home', home, '--log-level', 'loud'])).code).toBe(2)
    expect((await run(['init', '--home', home, '--new-network', 'again', '--no-password'])).code).not.toBe(0)
  })
})
