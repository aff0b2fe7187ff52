/** Proofs on real processes: made by a network, checked without one; and a light client that follows it. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { NodeStatus } from '../../src/node/api/node-port.ts'
import type { ProofDocument } from '../../src/verify/file.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { begin, json, run, succeed } from './cli.ts'

type Head = { readonly height: number; readonly hash: string }

const folder = (): string => join(dir, 'network')
const home = (node: number): string => join(folder(), `node${node}`)
const genesis = (): string => join(folder(), 'genesis.json')
const file = (name: string): string => join(dir, name)
let dir = ''

beforeAll(async () => {
  await ensureBuilt()
  dir = temporaryFolder()
  await succeed(['testnet', 'init', '--nodes', '4', '--dir', folder()])
  await succeed(['testnet', 'start', folder()])
})

afterAll(async () => {
  await run(['testnet', 'stop', folder()])
  await endAll()
  removeFolders()
})

async function submit(entry: string): Promise<string> {
  const { txId } = await json<{ txId: string }>(['tx', 'submit', '--kv', entry, '--wait', '--home', home(0)])
  return txId
}

/** The address of a node, as a light client is given it. */
async function addressOf(node: number): Promise<string> {
  const { listen } = await json<{ listen: string[] }>(['id', '--home', home(node)])
  return listen[0] ?? ''
}

/** Writes a file with one field of a proof document changed. */
function alter(from: string, to: string, change: (document: ProofDocument) => object): string {
  const document = JSON.parse(readFileSync(file(from), 'utf8')) as ProofDocument
  writeFileSync(file(to), JSON.stringify({ ...document, ...change(document) }))
  return file(to)
}

describe('proofs that anyone can check', () => {
  test('a transaction and its block are proven offline, in at most 2 KB each', async () => {
    const txId = await submit('city=Geneva')
    await succeed(['proof', 'tx', txId, '--home', home(1), '--out', file('tx.json')])
    const { height, hash } = JSON.parse(readFileSync(file('tx.json'), 'utf8')) as ProofDocument
    await succeed(['proof', 'block', hash, '--home', home(2), '--out', file('block.json')])
    expect(statSync(file('block.json')).size).toBeLessThanOrEqual(2_048)
    const shown = await succeed(['verify', file('tx.json'), '--genesis', genesis()])
    expect(shown).toContain(`proven: transaction ${txId} is number 0 of the final block`)
    const verified = await json<object>(['verify', file('block.json'), '--genesis', genesis()])
    expect(verified).toMatchObject({ valid: true, type: 'block', height, hash, certificate: { threshold: 3 } })
  })

  test('the newest final block is proven too, though it is empty', async () => {
    const { finalized } = await json<NodeStatus>(['status', '--home', home(0)])
    await succeed(['proof', 'block', String(finalized.height), '--home', home(0), '--out', file('newest.json')])
    expect(await succeed(['verify', file('newest.json'), '--genesis', genesis()])).toContain(finalized.hash)
  })

  test('whatever is altered, exit 6 and the reason; a bad genesis, exit 3', async () => {
    const verify = (path: string, of = genesis()) => run(['verify', path, '--genesis', of])
    const higher = await verify(alter('tx.json', 'higher.json', ({ height }) => ({ height: height + 1 })))
    expect(higher.code).toBe(6)
    expect(higher.stderr).toContain('it says that height is')
    const broken = alter('tx.json', 'broken.json', ({ proof }) => {
      const bytes = Buffer.from(proof, 'base64')
      bytes[300] = (bytes[300] ?? 0) ^ 1
      return { proof: bytes.toString('base64') }
    })
    expect((await verify(broken)).code).toBe(6)
    const document = JSON.parse(readFileSync(genesis(), 'utf8'))
    writeFileSync(file('other.json'), JSON.stringify({ ...document, network: 'other' }))
    const foreign = await verify(file('tx.json'), file('other.json'))
    expect(foreign.code).toBe(6)
    expect(foreign.stderr).toMatch(/of chain [0-9a-f]{64}, not [0-9a-f]{64}/)
    expect((await verify(file('tx.json'), file('tx.json'))).code).toBe(3)
    expect((await verify(file('tx.json'), file('nowhere.json'))).code).toBe(3)
  })

  test('what is unknown or not final has no proof', async () => {
    const unknown = await run(['proof', 'tx', 'f'.repeat(64), '--home', home(0)])
    expect(unknown.code).toBe(1)
    const early = await run(['proof', 'block', '99999999', '--home', home(0)])
    expect(early.code).toBe(1)
    expect(early.stderr).toContain('cannot be proven yet')
  })
})

describe('the light client', () => {
  test('follows a node over its multiaddr, keeps what it trusts, and continues from there', async () => {
    const address = await addressOf(3)
    const args = ['light', '--genesis', genesis(), '--peer', address, '--state', file('state.json'), '--json']
    const light = begin(args)
    const first = JSON.parse(await light.line(/height/)) as Head
    await submit('lake=Leman')
    light.child.kill('SIGINT')
    expect((await light.finished).code).toBe(130)
    const next = JSON.parse(await succeed([...args, '--once'])) as Head
    expect(next.height).toBeGreaterThan(first.height)
    const { hash } = await json<Head>(['block', 'show', String(next.height), '--home', home(0)])
    expect(next.hash).toBe(hash)
  })

  test('asks several nodes, over HTTP too, and compares them', async () => {
    const { url } = JSON.parse(readFileSync(join(home(1), 'api.json'), 'utf8')) as { url: string }
    const args = ['--genesis', genesis(), '--peer', await addressOf(0), '--api', url, '--once']
    expect(await succeed(['light', ...args])).toMatch(/^height \d+ {2}[0-9a-f]{64}/)
  })

  test('what contradicts its state ends it with exit 6 and the name of the peer; an old state needs a word', async () => {
    const state = readFileSync(file('state.json'), 'utf8')
    const address = await addressOf(3)
    const peerId = address.slice(address.lastIndexOf('/') + 1)
    const start = (change: object, ...flags: string[]) => {
      const document = JSON.parse(state) as { checkpoint: object }
      const checkpoint = { ...document.checkpoint, ...change }
      writeFileSync(file('changed.json'), JSON.stringify({ ...document, checkpoint }))
      const args = ['--genesis', genesis(), '--peer', address, '--state', file('changed.json'), '--once']
      return run(['light', ...args, ...flags])
    }
    const fork = await start({ hash: 'f'.repeat(64) })
    expect(fork.code).toBe(6)
    expect(fork.stderr).toContain(peerId)
    expect(fork.stderr).toContain('two blocks of height')
    const ahead = await start({ height: 99_999_999 })
    expect(ahead.code).toBe(6)
    expect(ahead.stderr).toContain(`${peerId} shows an older head`)
    const old = await start({ timestamp: 1_700_000_000_000 })
    expect(old.code).toBe(6)
    expect(old.stderr).toContain('trust period')
    expect((await start({ timestamp: 1_700_000_000_000 }, '--trust-old')).code).toBe(0)
  })

  test('without a node that answers it ends with exit 4', async () => {
    const peer = (await addressOf(0)).replace(/tcp\/\d+/, 'tcp/1')
    expect((await run(['light', '--genesis', genesis(), '--peer', peer])).code).toBe(4)
    expect((await run(['light', '--genesis', genesis()])).code).toBe(2)
  })
})
