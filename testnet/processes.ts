/** Processes by pid and start time, so that a signal never reaches a stranger that got the same pid later. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** A process that cannot be confused with a later one of the same pid. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: string }

const POLL_MS = 25

/** When the process started, in the system's own units, or null when there is no such process (or only its zombie). */
export function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return process.platform === 'linux' ? null : startTimeByPs(pid)
  }
}

function startTimeByPs(pid: number): string | null {
  try {
    const [state = 'Z', ...start] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
    return state.startsWith('Z') ? null : start.join(' ')
  } catch {
    return null
  }
}

/** The identity of a live process, or null. */
export function identify(pid: number): ProcessIdentity | null {
  const startTime = startTimeOf(pid)
  return startTime === null ? null : { pid, startTime }
}

export function isAlive(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startTime
}

/** Sends a signal to exactly this process; false when it is gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false
  try {
    return process.kill(identity.pid, name)
  } catch {
    return false
  }
}

/** Resolves to whether the process ended within the time. */
export async function waitForEnd(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; isAlive(identity); waited += POLL_MS) {
    if (waited >= timeoutMs) return false
    await delay(POLL_MS)
  }
  return true
}

/** Asks the process to end, insists after `patienceMs`, and resolves when it is gone. */
export async function endProcess(identity: ProcessIdentity, patienceMs: number): Promise<void> {
  // A stopped process takes no SIGTERM until it continues.
  if (!signal(identity, 'SIGTERM')) return
  signal(identity, 'SIGCONT')
  if (await waitForEnd(identity, patienceMs)) return
  signal(identity, 'SIGKILL')
  await waitForEnd(identity, patienceMs)
}
