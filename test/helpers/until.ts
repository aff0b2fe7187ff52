/** Waiting for a condition with a deadline, the only kind of waiting tests do. */
import { setTimeout as delay } from 'node:timers/promises'

/** Milliseconds between two looks at a condition. */
const POLL_MS = 20

type Condition<T> = () => T | Promise<T>

/**
 * Resolves with the first truthy value of `condition`; fails after `deadlineMs` naming `what` and the last error.
 * An error thrown by `condition` counts as "not yet".
 */
export async function until<T>(
  condition: Condition<T>,
  deadlineMs = 10_000,
  what = 'the condition',
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs
  let lastError: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value) return value as NonNullable<T>
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() > end) throw new Error(`${what} did not hold within ${deadlineMs} ms`, { cause: lastError })
    await delay(POLL_MS)
  }
}
