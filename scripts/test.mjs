/** `npm test`: lint, types, dead code and every test level, then one closing line with the totals. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const work = mkdtempSync(join(tmpdir(), 'palaver-results-'))
let passed = 0
let failed = 0

/** Runs a command from node_modules/.bin with its output shown; true when it succeeded. */
function run(title, command, args) {
  console.log(`\n== ${title}`)
  const started = performance.now()
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', shell: false })
  if (error) console.error(`${title}: ${error.message}`)
  console.log(
    `== ${title}: ${status === 0 ? 'ok' : 'FAILED'} in ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
  return status === 0
}

function check(title, command, args) {
  if (run(title, command, args)) passed += 1
  else failed += 1
}

function test(project) {
  const report = join(work, `${project}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const ok = run(`${project} tests`, 'vitest', ['run', '--project', project, ...reporters])
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'))
    passed += result.numPassedTests
    failed += result.numFailedTests
    if (!ok && result.numFailedTests === 0) failed += 1
  } catch (error) {
    console.error(`no result of the ${project} tests: ${error.message}`)
    failed += 1
  }
}

check('build', 'npm', ['run', '--silent', 'build'])
check('lint and format', 'biome', ['check', '--error-on-warnings'])
check('types', 'tsc', ['--noEmit'])
check('dead code', 'knip', [])
for (const project of ['unit', 'sim', 'integration', 'e2e']) test(project)

rmSync(work, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
