/** Who waits for an ATX to come into the set. */
import type { Hash, Millis } from '../domain.ts'

export interface Arrivals {
  /** Resolves with true when the ATX is in the set, with false after `withinMs` or when it was found invalid. */
  settled(id: Hash, withinMs: Millis): Promise<boolean>
  inserted(ids: Iterable<Hash>): void
  rejected(ids: Iterable<Hash>): void
  stop(): void
}

/** `has`: whether it is there already. */
export function createArrivals(has: (id: Hash) => boolean): Arrivals {
  const waiting = new Map<Hash, Set<(isHere: boolean) => void>>()

  function tell(ids: Iterable<Hash>, isHere: boolean): void {
    if (waiting.size === 0) return
    for (const id of ids) for (const hear of [...(waiting.get(id) ?? [])]) hear(isHere)
  }

  return {
    settled(id, withinMs) {
      if (has(id)) return Promise.resolve(true)
      return new Promise((resolve) => {
        const listeners = waiting.get(id) ?? new Set()
        waiting.set(id, listeners)
        const hear = (isHere: boolean): void => {
          clearTimeout(timer)
          listeners.delete(hear)
          if (listeners.size === 0) waiting.delete(id)
          resolve(isHere)
        }
        const timer = setTimeout(hear, withinMs, false)
        listeners.add(hear)
      })
    },
    inserted: (ids) => tell(ids, true),
    rejected: (ids) => tell(ids, false),
    stop: () => tell([...waiting.keys()], false),
  }
}
