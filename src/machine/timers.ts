/** Named timers for a driver: setting one again replaces it, and a timer that was replaced never fires. */
import type { Millis } from '../domain.ts'

/** Node's `setTimeout` overflows above this and would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/** Timers by name. */
export interface Timers<Name extends string> {
  /** Fires once after `delayMs`, replacing an earlier timer of this name. */
  set(name: Name, delayMs: Millis): void
  cancel(name: Name): void
  /** Cancels all. */
  clear(): void
}

/** Timers on the real clock; `onFire` gets the name. */
export function createTimers<Name extends string>(onFire: (name: Name) => void): Timers<Name> {
  const handles = new Map<Name, NodeJS.Timeout>()
  const cancel = (name: Name): void => {
    clearTimeout(handles.get(name))
    handles.delete(name)
  }
  return {
    set(name, delayMs) {
      cancel(name)
      const fire = (): void => {
        handles.delete(name)
        onFire(name)
      }
      handles.set(name, setTimeout(fire, Math.min(Math.max(delayMs, 0), MAX_DELAY_MS)))
    },
    cancel,
    clear() {
      for (const handle of handles.values()) clearTimeout(handle)
      handles.clear()
    },
  }
}
