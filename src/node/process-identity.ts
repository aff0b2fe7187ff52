/** Tells a live process from a later one that got the same pid, by the time it started. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A pid and when that process started, in the system's own units. */
export type ProcessIdentity = { readonly pid: number; readonly startTime: string }

/** The identity of the live process with that pid; null when there is none, or only its zombie. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const startTime = process.platform === 'linux' ? startTimeByProc(pid) : startTimeByPs(pid)
  return startTime === null ? null : { pid, startTime }
}

/** Whether that very process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startTime === identity.startTime
}

function startTimeByProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name in parentheses may hold anything; state and start time are fields 3 and 22 of proc(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

function startTimeByPs(pid: number): string | null {
  try {
    const row = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
    const [state = 'Z', ...start] = row.trim().split(/\s+/)
    return state.startsWith('Z') ? null : start.join(' ')
  } catch {
    return null
  }
}
