/** The last resort of a running node: what nobody caught is written to HOME/crash.log and ends the process with 70. */
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../src/machine/clock.ts'
import { EXIT } from './errors.ts'
import { note } from './output.ts'

/** Installs the handlers for unhandled rejections and uncaught exceptions. */
export function installCrashHandlers(home: string): void {
  const crash = (kind: string) => (error: unknown) => {
    recordCrash(home, kind, error)
    process.exit(EXIT.bug)
  }
  process.on('unhandledRejection', crash('unhandled rejection'))
  process.on('uncaughtException', crash('uncaught exception'))
}

/** Appends what happened to HOME/crash.log and says so on stderr. Never throws. */
export function recordCrash(home: string, kind: string, error: unknown): void {
  const file = join(home, 'crash.log')
  const time = new Date(systemClock.now()).toISOString()
  const report = `${time} ${kind} on Node ${process.version}: ${error instanceof Error ? error.stack : String(error)}\n`
  try {
    appendFileSync(file, report, { mode: 0o600 })
    note(`palaver: a bug, written to ${file}; please report it: ${String(error)}`)
  } catch {
    note(`palaver: a bug, please report it: ${report}`)
  }
}
