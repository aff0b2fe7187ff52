/** A node's home: which files it has, who may read them, which chain it belongs to, and how others find its API. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Hash } from '../domain.ts'
import { writeFileAtomic } from './atomic-file.ts'
import { ConfigError } from './errors.ts'
import type { OpenedGenesis } from './genesis.ts'

/** Access by anyone but the owner. */
const OTHERS = 0o077
const TOKEN_BYTES = 32

/** Absolute paths of everything in a home. */
export type HomePaths = {
  readonly home: string
  readonly genesis: string
  readonly config: string
  readonly key: string
  /** Where a running node's API is: `{url, tokenFile, pid}`. */
  readonly api: string
  readonly apiToken: string
  readonly db: string
  readonly libp2p: string
  readonly votesJournal: string
  readonly lock: string
  /** Which chain the databases belong to. */
  readonly chain: string
  readonly crashLog: string
}

export function homePaths(home: string): HomePaths {
  const at = (name: string): string => join(resolve(home), name)
  return {
    home: resolve(home),
    genesis: at('genesis.json'),
    config: at('config.json'),
    key: at('key.json'),
    api: at('api.json'),
    apiToken: at('api.token'),
    db: at('db'),
    libp2p: at('libp2p'),
    votesJournal: at('votes.journal'),
    lock: at('lock'),
    chain: at('chain.json'),
    crashLog: at('crash.log'),
  }
}

export type NewHome = {
  /** Text of the keystore (`createKeystore`). */
  readonly keystore: string
  readonly genesis: OpenedGenesis
  /** Written to `config.json` when given. */
  readonly config?: object
}

/** Makes a home (0700) with its files (secrets 0600). Throws `home-exists` when a key or genesis lies there already. */
export async function createHome(home: string, { keystore, genesis, config }: NewHome): Promise<HomePaths> {
  const paths = homePaths(home)
  await mkdir(paths.home, { recursive: true, mode: 0o700 })
  for (const path of [paths.key, paths.genesis, paths.chain]) {
    if (await exists(path))
      throw new ConfigError('home-exists', `there is a node in ${paths.home} already: choose another home with --home`)
  }
  await chmod(paths.home, 0o700)
  await writeFileAtomic(paths.genesis, genesis.text, 0o644)
  if (config !== undefined) await writeFileAtomic(paths.config, `${JSON.stringify(config, null, 2)}\n`)
  await bindChain(paths, genesis)
  // The key comes last: a home with a key is a whole one.
  await writeFileAtomic(paths.key, keystore)
  return paths
}

/** The paths of an existing home. Throws `home-missing`, `key-missing`, `home-permissions` or `key-permissions`. */
export async function openHome(home: string): Promise<HomePaths> {
  const paths = homePaths(home)
  if (!(await exists(paths.home)))
    throw new ConfigError('home-missing', `there is no home at ${paths.home}: make one with palaver init --home DIR`)
  await checkPrivate(paths.home, 'home-permissions', 'chmod 700')
  if (!(await exists(paths.key)))
    throw new ConfigError('key-missing', `${paths.home} holds no key: make a home with palaver init --home DIR`)
  await checkPrivate(paths.key, 'key-permissions', 'chmod 600')
  return paths
}

/** Throws `code` when others may use the file, naming the command that closes it. Windows has no such modes. */
export async function checkPrivate(
  path: string,
  code: 'home-permissions' | 'key-permissions',
  remedy: string,
): Promise<void> {
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if ((mode & OTHERS) === 0) return
  const octal = (mode & 0o777).toString(8)
  throw new ConfigError(code, `other users may access ${path} (mode ${octal}): run ${remedy} ${path}`)
}

/** Records the chain of a fresh home; throws `genesis-foreign` when the home belongs to another. */
export async function bindChain(paths: HomePaths, { genesis, chainId }: OpenedGenesis): Promise<void> {
  const recorded = await readChain(paths)
  if (recorded === chainId) return
  if (recorded === null) {
    const text = `${JSON.stringify({ chainId, network: genesis.network }, null, 2)}\n`
    return writeFileAtomic(paths.chain, text)
  }
  const advice = 'put its own genesis back, or make a new home with palaver init --genesis FILE --home DIR'
  throw new ConfigError(
    'genesis-foreign',
    `${paths.genesis} is of chain ${chainId}, but this home belongs to chain ${recorded}: ${advice}`,
  )
}

async function readChain(paths: HomePaths): Promise<Hash | null> {
  if (!(await exists(paths.chain))) return null
  const text = await readFile(paths.chain, 'utf8')
  const recorded = /"chainId":\s*"([0-9a-f]{64})"/.exec(text)?.[1]
  if (recorded !== undefined) return recorded
  const advice = `restore it from a backup; if ${paths.genesis} is surely the right one, delete the damaged file`
  throw new ConfigError('genesis-foreign', `${paths.chain} is damaged: ${advice}`)
}

/** The API's token, made on first use; one that others could read is replaced. */
export async function ensureApiToken({ apiToken }: HomePaths): Promise<string> {
  const isClosed = await checkPrivate(apiToken, 'key-permissions', '').then(
    () => true,
    () => false,
  )
  const kept = isClosed ? (await readFile(apiToken, 'utf8')).trim() : ''
  if (/^[0-9a-f]{64}$/.test(kept)) return kept
  const token = randomBytes(TOKEN_BYTES).toString('hex')
  await writeFileAtomic(apiToken, `${token}\n`)
  return token
}

/** Tells commands on this machine where the running node's API is. */
export async function writeApiFile(paths: HomePaths, url: string): Promise<void> {
  const file = { url, tokenFile: paths.apiToken, pid: process.pid }
  await writeFileAtomic(paths.api, `${JSON.stringify(file, null, 2)}\n`)
}

/** The node stops: its API is no more. */
export async function removeApiFile({ api }: HomePaths): Promise<void> {
  await rm(api, { force: true })
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}
