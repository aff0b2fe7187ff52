/** What nobody caught ends the process with 70 and leaves a record; an old Node gets one clear line. */
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { removeFolders, temporaryFolder } from '../../helpers/processes.ts'

const CRASH = new URL('../../../bin/crash.ts', import.meta.url).href
const ENTRY = new URL('../../../bin/palaver.ts', import.meta.url)

afterEach(removeFolders)

function runScript(code: string): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
}

test.each([
  ['an unhandled rejection', "Promise.reject(new Error('boom'))"],
  ['an uncaught exception', "setImmediate(() => { throw new Error('boom') })"],
])('%s is written to HOME/crash.log and ends with 70', (_, failure) => {
  const home = temporaryFolder()
  const code = `const { installCrashHandlers } = await import('${CRASH}')
    installCrashHandlers('${home}')
    ${failure}
    setInterval(() => {}, 1000)`
  expect(runScript(code)).toMatchObject({ status: 70, stderr: expect.stringContaining('crash.log') })
  expect(readFileSync(join(home, 'crash.log'), 'utf8')).toMatch(/boom[\s\S]*at /)
  expect(statSync(join(home, 'crash.log')).mode & 0o777).toBe(0o600)
})

test('a home that cannot be written still ends with 70', () => {
  const code = `const { installCrashHandlers } = await import('${CRASH}')
    installCrashHandlers('/nonexistent')
    Promise.reject(new Error('boom'))`
  expect(runScript(code)).toMatchObject({ status: 70, stderr: expect.stringContaining('boom') })
})

test('Node before 22.12 gets one line and exit 1, and nothing else is loaded first', () => {
  expect(readFileSync(ENTRY, 'utf8')).not.toMatch(/^import /m)
  const code = `Object.defineProperty(process.versions, 'node', { value: '22.11.0' }); await import('${ENTRY.href}')`
  const { status, stderr } = runScript(code)
  expect(status).toBe(1)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toMatch(/Node 22\.11\.0 is too old/)
})
