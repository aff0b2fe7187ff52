/** A home: who may read it, which chain it belongs to, and how its API is found. */
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSigner } from '../../../src/crypto/keys.ts'
import { writeFileAtomic } from '../../../src/node/atomic-file.ts'
import { createGenesis } from '../../../src/node/genesis.ts'
import {
  bindChain,
  createHome,
  ensureApiToken,
  type HomePaths,
  openHome,
  removeApiFile,
  writeApiFile,
} from '../../../src/node/home.ts'
import { createKeystore } from '../../../src/node/keystore.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const seed = Buffer.alloc(32, 1)
const seat = { publicKey: createSigner(seed).publicKey, org: 'one' }
const genesisOf = (network: string) =>
  createGenesis({ network, genesisTime: '2026-01-01T00:00:00Z', session: { proposers: [seat], voters: [seat] } })

async function newHome(): Promise<HomePaths> {
  const keystore = await createKeystore(seed, null)
  return createHome(join(await tempDir(), 'home'), { keystore, genesis: genesisOf('first'), config: { mdns: true } })
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

describe('home: files', () => {
  it('is 0700 with secrets 0600, also where the folder was wide open before', async () => {
    const home = await tempDir()
    await chmod(home, 0o777)
    const paths = await createHome(home, {
      keystore: await createKeystore(seed, null),
      genesis: genesisOf('first'),
      config: {},
    })
    await ensureApiToken(paths)
    expect(await modeOf(paths.home)).toBe(0o700)
    for (const path of [paths.key, paths.apiToken, paths.config]) expect(await modeOf(path)).toBe(0o600)
  })

  it('opens again', async () => {
    const paths = await newHome()
    expect(await openHome(paths.home)).toEqual(paths)
  })

  it('is never made over another', async () => {
    const paths = await newHome()
    const again = createHome(paths.home, { keystore: 'x', genesis: genesisOf('first') })
    await expect(again).rejects.toMatchObject({ code: 'home-exists' })
    expect(await readFile(paths.key, 'utf8')).not.toBe('x')
  })

  it('that is missing, or has no key, says how to make one', async () => {
    const dir = await tempDir()
    await expect(openHome(join(dir, 'none'))).rejects.toMatchObject({
      code: 'home-missing',
      message: expect.stringContaining('palaver init'),
    })
    await expect(openHome(dir)).rejects.toMatchObject({ code: 'key-missing' })
  })

  it.each([0o640, 0o604, 0o666])('a key file of mode %o is refused with the command that closes it', async (mode) => {
    const paths = await newHome()
    await chmod(paths.key, mode)
    await expect(openHome(paths.home)).rejects.toMatchObject({
      code: 'key-permissions',
      message: expect.stringContaining(`chmod 600 ${paths.key}`),
    })
  })

  it('a home that others may enter is refused with the command that closes it', async () => {
    const paths = await newHome()
    await chmod(paths.home, 0o755)
    await expect(openHome(paths.home)).rejects.toMatchObject({
      code: 'home-permissions',
      message: expect.stringContaining(`chmod 700 ${paths.home}`),
    })
  })

  it('files are replaced whole: a failed write leaves the old content and no rest', async () => {
    const dir = await tempDir()
    const path = join(dir, 'file')
    await writeFileAtomic(path, 'old')
    await expect(writeFileAtomic(path, { bad: true } as unknown as string)).rejects.toThrow()
    expect([await readFile(path, 'utf8'), await readdir(dir)]).toEqual(['old', ['file']])
    await writeFileAtomic(path, 'new')
    expect([await readFile(path, 'utf8'), await readdir(dir)]).toEqual(['new', ['file']])
  })
})

describe('home: chain', () => {
  it('refuses the genesis of another chain and keeps its own', async () => {
    const paths = await newHome()
    await bindChain(paths, genesisOf('first'))
    await expect(bindChain(paths, genesisOf('second'))).rejects.toMatchObject({ code: 'genesis-foreign' })
    await bindChain(paths, genesisOf('first'))
  })

  it('a damaged record is not taken for a fresh home', async () => {
    const paths = await newHome()
    await writeFile(paths.chain, '{}')
    await expect(bindChain(paths, genesisOf('first'))).rejects.toMatchObject({ code: 'genesis-foreign' })
  })
})

describe('home: API files', () => {
  it('the token stays the same across starts, until others could have read it', async () => {
    const paths = await newHome()
    const token = await ensureApiToken(paths)
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(await ensureApiToken(paths)).toBe(token)
    await chmod(paths.apiToken, 0o644)
    expect(await ensureApiToken(paths)).not.toBe(token)
    expect(await modeOf(paths.apiToken)).toBe(0o600)
  })

  it('api.json tells the address, the token file and the process', async () => {
    const paths = await newHome()
    await writeApiFile(paths, 'http://127.0.0.1:1')
    const file = JSON.parse(await readFile(paths.api, 'utf8'))
    expect(file).toEqual({ url: 'http://127.0.0.1:1', tokenFile: paths.apiToken, pid: process.pid })
    await removeApiFile(paths)
    await expect(stat(paths.api)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
