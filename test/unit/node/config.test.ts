/** Where configuration comes from: precedence, origins, and what is said about a wrong one. */
import { writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type LoadOptions, loadConfig, resolveHome, variableOf } from '../../../src/node/config.ts'
import { parseHostPort } from '../../../src/node/config-schema.ts'
import { parseLevels } from '../../../src/node/log-levels.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

async function homeWith(file?: unknown): Promise<string> {
  const home = await tempDir()
  if (file !== undefined)
    await writeFile(join(home, 'config.json'), typeof file === 'string' ? file : JSON.stringify(file))
  return home
}

const load = (home: string, options: LoadOptions = {}) => loadConfig({ env: {}, home, ...options })

describe('config: precedence', () => {
  it.each([
    [{ flag: true, env: true, file: true }, 'flag', '127.0.0.1:1'],
    [{ flag: true, env: false, file: false }, 'flag', '127.0.0.1:1'],
    [{ flag: false, env: true, file: true }, 'environment', '127.0.0.1:2'],
    [{ flag: false, env: false, file: true }, 'file', '127.0.0.1:3'],
    [{ flag: false, env: false, file: false }, 'default', '127.0.0.1:0'],
  ])('%j: the value is of the %s', async (given, origin, api) => {
    const home = await homeWith(given.file ? { api: '127.0.0.1:3' } : {})
    const flags = given.flag ? { api: '127.0.0.1:1' } : { api: undefined }
    const loaded = load(home, { flags, env: given.env ? { PALAVER_API: '127.0.0.1:2' } : {} })
    expect(loaded.config.api).toBe(api)
    expect(loaded.origins.api).toBe(origin)
    expect(loaded.origins.mdns).toBe('default')
  })

  it('a switch turned off by a flag wins over a file that turns it on', async () => {
    expect(load(await homeWith({ mdns: true }), { flags: { mdns: false } }).config.mdns).toBe(false)
  })

  it('lists and switches of the environment are read as such; an empty variable does not count', async () => {
    const env = { PALAVER_PEERS: '/ip4/127.0.0.1/tcp/1, /dns4/b.example/tcp/2', PALAVER_MDNS: '1', PALAVER_API: '' }
    const { config, origins } = load(await homeWith(), { env })
    expect(config.peers).toEqual(['/ip4/127.0.0.1/tcp/1', '/dns4/b.example/tcp/2'])
    expect(config.mdns).toBe(true)
    expect(origins.api).toBe('default')
  })

  it('a password file is relative to where it was written down', async () => {
    const home = await homeWith({ passwordFile: 'secret' })
    expect(load(home).config.passwordFile).toBe(join(home, 'secret'))
    expect(load(home, { flags: { passwordFile: 'secret' } }).config.passwordFile).toBe(resolve('secret'))
    expect(load(await homeWith()).config).not.toHaveProperty('passwordFile')
  })

  it('variables are named after their keys', () => {
    expect([variableOf('logLevel'), variableOf('api')]).toEqual(['PALAVER_LOG_LEVEL', 'PALAVER_API'])
  })
})

describe('config: what is wrong is named', () => {
  it.each<[string, unknown, RegExp]>([
    ['an unknown key', { lisen: [] }, /lisen is unknown, did you mean listen\?/],
    ['a key nothing resembles', { zzzzzzzzzz: 1 }, /zzzzzzzzzz is unknown, remove it/],
    ['a URL for a multiaddr', { peers: ['http://x'] }, /peers\[0\].*multiaddr/],
    ['an address without port', { api: 'localhost' }, /api.*HOST:PORT/],
    ['a level that is none', { logLevel: 'loud' }, /logLevel/],
    ['a danger that may not be written down', { unsafeResetVotes: true }, /unsafeResetVotes is unknown/],
    ['a list', [], /the document/],
    ['not JSON', '{', /config\.json is not JSON/],
  ])('file: %s', async (_name, file, message) => {
    const home = await homeWith(file)
    expect(() => load(home)).toThrow(expect.objectContaining({ code: 'config-invalid' }))
    expect(() => load(home)).toThrow(message)
  })

  it('flags and variables are named as they were typed', async () => {
    const home = await homeWith()
    expect(() => load(home, { flags: { peers: ['x'] } })).toThrow(/^--peer: /)
    expect(() => load(home, { flags: { logLevel: 'x' } })).toThrow(/^--log-level: /)
    expect(() => load(home, { env: { PALAVER_MDNS: 'maybe' } })).toThrow(/^PALAVER_MDNS: /)
  })

  it('an unknown variable is a warning with the closest one', async () => {
    const { warnings } = load(await homeWith(), { env: { PALAVER_LOGLEVEL: 'debug', PALAVER_HOME: '/x', OTHER: '1' } })
    expect(warnings).toEqual([expect.stringMatching(/PALAVER_LOGLEVEL.*did you mean PALAVER_LOG_LEVEL\?/)])
  })
})

describe('config: home', () => {
  it.each([
    ['/flag', { PALAVER_HOME: '/env', XDG_DATA_HOME: '/xdg' }, '/flag'],
    [undefined, { PALAVER_HOME: '/env', XDG_DATA_HOME: '/xdg' }, '/env'],
    [undefined, { XDG_DATA_HOME: '/xdg' }, '/xdg/palaver'],
    [undefined, { XDG_DATA_HOME: 'relative' }, join(homedir(), '.local/share/palaver')],
    [undefined, {}, join(homedir(), '.local/share/palaver')],
    ['relative', {}, resolve('relative')],
  ])('--home %s with %j is %s', (flag, env, expected) => {
    expect(resolveHome(flag, env)).toBe(expected)
  })
})

describe('config: grammars', () => {
  it.each([
    ['127.0.0.1:80', { host: '127.0.0.1', port: 80 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['127.0.0.1:65536', null],
    ['::1:80', null],
    ['[localhost]:80', null],
    ['127.0.0.1', null],
    [':80', null],
    ['http://127.0.0.1:80', null],
  ])('HOST:PORT %s', (text, expected) => {
    expect(parseHostPort(text)).toEqual(expected)
  })

  it.each([
    ['debug', { base: 'debug', modules: new Map() }],
    [
      'warn,pala=debug,net=trace',
      {
        base: 'warn',
        modules: new Map([
          ['pala', 'debug'],
          ['net', 'trace'],
        ]),
      },
    ],
    ['pala=debug', { base: 'info', modules: new Map([['pala', 'debug']]) }],
    ['', null],
    ['loud', null],
    ['pala=loud', null],
    ['pala=debug=x', null],
  ])('log level %j', (text, expected) => {
    expect(parseLevels(text)).toEqual(expected)
  })
})
