/** Ctrl-C in two steps, on a process that never finishes its clean stop. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { until } from '../../helpers/until.ts'

const SIGNALS = new URL('../../../bin/signals.ts', import.meta.url).href

const SCRIPT = `
const { interruptSignal } = await import('${SIGNALS}')
interruptSignal().addEventListener('abort', () => console.log('clean stop begins'))
setInterval(() => {}, 1000)
console.log('running')
`

test.each<[NodeJS.Signals, number]>([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('the first %s asks for a clean stop, the second ends at once with %d', async (signal, code) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT])
  const closed = once(child, 'close')
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  await until(() => stdout.includes('running'))
  child.kill(signal)
  await until(() => stdout.includes('clean stop begins'))
  expect(stderr).toMatch(/again ends at once/)
  expect(child.exitCode).toBeNull()
  child.kill(signal)
  expect((await closed)[0]).toBe(code)
})
