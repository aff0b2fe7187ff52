/** Signals to processes by pid and start time, so that none reaches a stranger that got the same pid later. */
import { setTimeout as delay } from 'node:timers/promises'
import { isRunning, type ProcessIdentity } from '../src/node/process-identity.ts'

const POLL_MS = 25

/** Sends a signal to exactly this process; false when it is gone. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false
  try {
    return process.kill(identity.pid, name)
  } catch {
    return false
  }
}

/** Resolves to whether the process ended within the time. */
export async function waitForEnd(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; isRunning(identity); waited += POLL_MS) {
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
