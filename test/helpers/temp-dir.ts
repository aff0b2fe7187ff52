/** A temporary folder per test, removed afterwards. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Makes a folder that goes away when the running test is finished. */
export async function tempDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'palaver-test-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}
