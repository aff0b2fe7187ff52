/** One process per home: a lock file that names its holder, and that a later process takes over when the holder is gone. */
import { hash, randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { ConfigError } from './errors.ts'
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts'

/** Tries before giving up: each one means that another process moved in between. */
const MAX_TRIES = 8

export interface HomeLock {
  /** Gives the home free, if the lock is still this one. */
  release(): Promise<void>
}

/** Locks with the file at `path`. Throws `home-locked` naming the pid that holds it. */
export async function lockHome(path: string): Promise<HomeLock> {
  const nonce = randomBytes(8).toString('hex')
  const identity = identifyProcess(process.pid) ?? { pid: process.pid, startTime: 'unknown' }
  const text = `${JSON.stringify({ ...identity, nonce })}\n`
  const own = `${path}.${nonce}`
  await writeFile(own, text, { mode: 0o600, flag: 'wx' })
  try {
    await take(path, own)
  } finally {
    await rm(own, { force: true })
  }
  return { release: () => release(path, text) }
}

/** Makes `path` a link to `own`. A link appears whole or not at all, so nobody reads half a lock. */
async function take(path: string, own: string): Promise<void> {
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    if (await tryLink(own, path)) return
    const seen = await readText(path)
    const holder = parseHolder(seen)
    if (holder !== null && isRunning(holder)) {
      throw new ConfigError(
        'home-locked',
        `another process (pid ${holder.pid}) uses this home: stop it first, or choose another home with --home`,
      )
    }
    if (seen !== null) await removeStale(path, seen, own)
  }
  throw new ConfigError('home-locked', `other processes keep taking the lock ${path}: try again`)
}

/**
 * Removes the lock of a dead process. Only who holds the right to that very lock may: otherwise a slow process could
 * remove the lock of one that has taken over since. The right is itself such a lock, so a crash here is survived too.
 */
async function removeStale(path: string, seen: string, own: string): Promise<void> {
  const right = `${path}.${hash('sha256', seen, 'hex').slice(0, 16)}`
  await take(right, own)
  try {
    if ((await readText(path)) === seen) await rm(path, { force: true })
  } finally {
    await rm(right, { force: true })
  }
}

async function release(path: string, text: string): Promise<void> {
  if ((await readText(path)) === text) await rm(path, { force: true })
}

function parseHolder(text: string | null): ProcessIdentity | null {
  try {
    const { pid, startTime } = JSON.parse(text ?? '') as Partial<ProcessIdentity>
    return Number.isSafeInteger(pid) && typeof startTime === 'string' ? { pid: pid as number, startTime } : null
  } catch {
    // A lock that says nothing was cut off by a power loss.
    return null
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** False when there is a file at `path` already. */
async function tryLink(own: string, path: string): Promise<boolean> {
  try {
    await link(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
