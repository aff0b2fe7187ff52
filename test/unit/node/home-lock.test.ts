/** One process uses a home at a time; the lock of a dead one is taken over. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lockHome } from '../../../src/node/home-lock.ts'
import { identifyProcess } from '../../../src/node/process-identity.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'

/** The lock of a process that is no more. */
const STALE = JSON.stringify({ pid: 1, startTime: 'never' })

const newPath = async (): Promise<string> => join(await tempDir(), 'lock')

/** A process that lives until it is killed, at the latest when the test ends. */
async function startProcess(): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child, 'spawn')
  return child as ChildProcess & { readonly pid: number }
}

describe('home lock', () => {
  it('is held by one, and free after its release', async () => {
    const path = await newPath()
    const lock = await lockHome(path)
    await expect(lockHome(path)).rejects.toMatchObject({
      code: 'home-locked',
      message: expect.stringContaining(`pid ${process.pid}`),
    })
    await lock.release()
    await (await lockHome(path)).release()
  })

  it('of another living process is respected; after its death it is taken over', async () => {
    const path = await newPath()
    const child = await startProcess()
    await writeFile(path, JSON.stringify(identifyProcess(child.pid)))
    await expect(lockHome(path)).rejects.toMatchObject({
      code: 'home-locked',
      message: expect.stringContaining(`pid ${child.pid}`),
    })
    child.kill('SIGKILL')
    await until(() => identifyProcess(child.pid) === null)
    const lock = await lockHome(path)
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid })
    await lock.release()
  })

  it('of a process whose pid another one got since is taken over', async () => {
    const path = await newPath()
    const child = await startProcess()
    await writeFile(path, JSON.stringify({ pid: child.pid, startTime: '1' }))
    await (await lockHome(path)).release()
  })

  it.each(['', '{"pid":', '{"pid":"x"}', 'null'])('that was cut off (%j) is taken over', async (text) => {
    const path = await newPath()
    await writeFile(path, text)
    await (await lockHome(path)).release()
  })

  it('goes to exactly one of many that find a stale one, and nothing is left behind', async () => {
    for (let round = 0; round < 20; round++) {
      const dir = await tempDir()
      const path = join(dir, 'lock')
      await writeFile(path, STALE)
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockHome(path)))
      const held = outcomes.filter((outcome) => outcome.status === 'fulfilled')
      expect(held).toHaveLength(1)
      expect(await readdir(dir)).toEqual(['lock'])
    }
  })

  it('is taken over even after a process died while it took it over', async () => {
    const dir = await tempDir()
    const path = join(dir, 'lock')
    await writeFile(path, STALE)
    const right = createHash('sha256').update(STALE).digest('hex').slice(0, 16)
    await writeFile(`${path}.${right}`, JSON.stringify({ pid: 1, startTime: 'never', nonce: 'dead' }))
    const lock = await lockHome(path)
    expect(await readdir(dir)).toEqual(['lock'])
    await lock.release()
    expect(await readdir(dir)).toEqual([])
  })

  it('is not given free by one who lost it', async () => {
    const path = await newPath()
    const lock = await lockHome(path)
    await writeFile(path, 'of somebody else')
    await lock.release()
    expect(await readFile(path, 'utf8')).toBe('of somebody else')
  })
})
