/** Waiting between attempts to reach a node: short at first, doubling, ended at once by an abort. */
import { ApiError } from './errors.ts'

const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 2_000

/** Whether trying again can help: the node was away or overloaded, rather than refusing the call for good. */
export function isTransient(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || error.status === 429
}

/** Resolves after `ms`, or earlier when the signal aborts; never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}

/** Successive delays in milliseconds: 100, 200, ... 2,000; `reset` starts over. */
export function createBackoff(): { next(): number; reset(): void } {
  let delay = FIRST_DELAY_MS
  return {
    next() {
      const now = delay
      delay = Math.min(delay * 2, MAX_DELAY_MS)
      return now
    },
    reset() {
      delay = FIRST_DELAY_MS
    },
  }
}
