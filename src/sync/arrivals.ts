/** Who waits for an ATX to come into the set: announcements, each on the account of the peer that passed it on. */
import { required } from '../assert.ts'
import type { Hash, Millis, PeerId } from '../domain.ts'

/** Waits at once. Above it the oldest of the peer that has most gives way, so that nobody fills the place at the cost of others. */
export const MAX_WAITS = 1_000

export type Wait = {
  readonly id: Hash
  /** On whose account. */
  readonly peer: PeerId
  readonly withinMs: Millis
  /** A peer that was asked for the ATX does not have it. */
  readonly denied?: (by: PeerId) => void
}

export interface Arrivals {
  /** Resolves with true when the ATX is in the set, with false when it is lost, not there in time, or the wait gave way. */
  settled(wait: Wait): Promise<boolean>
  inserted(ids: Iterable<Hash>): void
  /** They are invalid, or nobody is left to ask for them. */
  lost(ids: Iterable<Hash>): void
  denied(id: Hash, by: PeerId): void
  stop(): void
}

type Waiting = Wait & { readonly end: (isHere: boolean) => void }

/** `has`: whether it is there already. */
export function createArrivals(has: (id: Hash) => boolean): Arrivals {
  const byId = new Map<Hash, Set<Waiting>>()
  const byPeer = new Map<PeerId, Set<Waiting>>()
  let count = 0

  function remove(waiting: Waiting): void {
    take(byId, waiting.id, waiting)
    take(byPeer, waiting.peer, waiting)
    count--
  }

  function add(waiting: Waiting): void {
    put(byId, waiting.id, waiting)
    put(byPeer, waiting.peer, waiting)
    count++
    if (count > MAX_WAITS) oldestOf(largest(byPeer)).end(false)
  }

  const of = (id: Hash): readonly Waiting[] => [...(byId.get(id) ?? [])]

  function tell(ids: Iterable<Hash>, isHere: boolean): void {
    if (count === 0) return
    for (const id of ids) for (const { end } of of(id)) end(isHere)
  }

  return {
    settled(wait) {
      if (has(wait.id)) return Promise.resolve(true)
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const end = (isHere: boolean): void => {
        clearTimeout(timer)
        remove(waiting)
        resolve(isHere)
      }
      const timer = setTimeout(end, wait.withinMs, false)
      const waiting = { ...wait, end }
      add(waiting)
      return promise
    },
    inserted: (ids) => tell(ids, true),
    lost: (ids) => tell(ids, false),
    denied(id, by) {
      for (const { denied } of of(id)) denied?.(by)
    },
    stop: () => tell([...byId.keys()], false),
  }
}

function put<Key>(sets: Map<Key, Set<Waiting>>, key: Key, waiting: Waiting): void {
  const known = sets.get(key)
  if (known === undefined) sets.set(key, new Set([waiting]))
  else known.add(waiting)
}

function take<Key>(sets: Map<Key, Set<Waiting>>, key: Key, waiting: Waiting): void {
  const known = sets.get(key)
  known?.delete(waiting)
  if (known?.size === 0) sets.delete(key)
}

function largest(sets: ReadonlyMap<PeerId, Set<Waiting>>): ReadonlySet<Waiting> {
  let found: ReadonlySet<Waiting> = new Set()
  for (const each of sets.values()) if (each.size > found.size) found = each
  return found
}

function oldestOf(waits: ReadonlySet<Waiting>): Waiting {
  return required(waits.values().next().value, 'too many wait, so somebody does')
}
