/** Proven reads on real processes: `kv get --proof`, checked before it is printed, and again offline. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { KvView } from '../../src/node/api/node-port.ts'
import { endAll, ensureBuilt, removeFolders, temporaryFolder } from '../helpers/processes.ts'
import { json, run, succeed } from './cli.ts'

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
  await succeed(['kv', 'put', 'city', 'Geneva', '--wait', '--home', home(0)])
})

afterAll(async () => {
  await run(['testnet', 'stop', folder()])
  await endAll()
  removeFolders()
})

const prove = (key: string, node: number, ...args: string[]) =>
  run(['kv', 'get', key, '--proof', '--home', home(node), ...args])

describe('proven reads', () => {
  test('a value is proven before it is printed, and the file convinces anyone', async () => {
    const { code, stdout, stderr } = await prove('city', 0, '--out', file('city.json'))
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: 'Geneva\n' })
    expect(stderr).toMatch(/proven: the value after block \d+, under the state root [0-9a-f]{64}/)
    const shown = await succeed(['verify', file('city.json'), '--genesis', genesis()])
    expect(shown).toContain('there is the value "Geneva" under "city"')
  })

  test('absence is proven too', async () => {
    const { code, stderr } = await prove('nowhere', 2, '--out', file('nowhere.json'))
    expect(code).toBe(1)
    expect(stderr).toContain('proven: that there is no value')
    const shown = await succeed(['verify', file('nowhere.json'), '--genesis', genesis()])
    expect(shown).toContain('there is no value under "nowhere"')
  })

  test('what was final before the question is in the answer, overwritten or not', async () => {
    for (const value of ['one', 'two', 'three']) {
      await succeed(['kv', 'put', 'count', value, '--wait', '--home', home(0)])
      const view = await json<KvView>(['kv', 'get', 'count', '--proof', '--home', home(0)])
      expect(view).toMatchObject({ value, proof: { value, stateHeight: view.height } })
    }
  })

  test('a node that was just started again proves as soon as the chain lets it', async () => {
    await succeed(['testnet', 'restart', folder(), '1'])
    const { code, stdout, stderr } = await prove('city', 1)
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: 'Geneva\n' })
  })

  test('a lying node: exit 6, and nothing is printed', async () => {
    const view = await json<KvView>(['kv', 'get', 'city', '--proof', '--home', home(0)])
    const lies: object[] = [
      { ...view, value: 'Zurich', proof: { ...view.proof, value: 'Zurich' } },
      { ...view, proof: JSON.parse(readFileSync(file('nowhere.json'), 'utf8')) },
      { key: view.key, value: 'Zurich', height: view.height },
    ]
    for (const lie of lies) {
      const server = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(lie))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const { code, stdout } = await run(['kv', 'get', 'city', '--proof', '--genesis', genesis(), '--api', api])
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      await new Promise((resolve) => server.close(resolve))
    }
  })

  test('of another network: exit 6; without a genesis: exit 3; flags that need --proof: exit 2', async () => {
    const document = JSON.parse(readFileSync(genesis(), 'utf8'))
    writeFileSync(file('other.json'), JSON.stringify({ ...document, network: 'other' }))
    expect((await prove('city', 0, '--genesis', file('other.json'))).code).toBe(6)
    expect((await prove('city', 0, '--genesis', file('none.json'))).code).toBe(3)
    expect((await run(['kv', 'get', 'city', '--out', file('x.json'), '--home', home(0)])).code).toBe(2)
  })

  test('the light client reads proven values from peers', async () => {
    const { listen } = await json<{ listen: string[] }>(['id', '--home', home(2)])
    const args = ['light', '--genesis', genesis(), '--peer', listen[0] ?? '', '--get', 'city']
    expect(await succeed(args)).toContain('Geneva')
  })
})
