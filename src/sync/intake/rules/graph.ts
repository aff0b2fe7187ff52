/** Who builds on whom among the ATXs that are on their way (S8): work lists, never recursion. */
import type { Hash } from '../../../domain.ts'
import { MAX_DEPTH } from '../bounds.ts'
import type { IntakeState, Pending } from '../state.ts'

const NOBODY: ReadonlySet<Hash> = new Set()

/** Ids of the ATXs that miss `id`. */
export function dependantsOf(state: IntakeState, id: Hash): ReadonlySet<Hash> {
  return state.dependants.get(id) ?? NOBODY
}

/** The ATXs that miss `id`. */
export function* waitersOf(state: IntakeState, id: Hash): Generator<Pending> {
  for (const dependant of dependantsOf(state, id)) {
    const entry = state.pending.get(dependant)
    if (entry !== undefined) yield entry
  }
}

/** Enters an ATX under every dependency it misses. */
export function link(state: IntakeState, entry: Pending): void {
  for (const dependency of entry.missing) {
    const waiters = state.dependants.get(dependency)
    if (waiters === undefined) state.dependants.set(dependency, new Set([entry.id]))
    else waiters.add(entry.id)
  }
}

/** Takes an ATX out; those that miss it go on missing it. */
export function unlink(state: IntakeState, entry: Pending): void {
  state.pending.delete(entry.id)
  for (const dependency of entry.missing) unlinkFrom(state, dependency, entry.id)
}

function unlinkFrom(state: IntakeState, dependency: Hash, dependant: Hash): void {
  const waiters = state.dependants.get(dependency)
  waiters?.delete(dependant)
  if (waiters?.size === 0) state.dependants.delete(dependency)
}

/** `id` is valid: whoever missed it misses it no more. Answers with those that miss nothing now. */
export function wake(state: IntakeState, id: Hash): Pending[] {
  const woken: Pending[] = []
  for (const entry of waitersOf(state, id)) {
    entry.missing.delete(id)
    if (entry.missing.size === 0) woken.push(entry)
  }
  state.dependants.delete(id)
  return woken
}

/** Every ATX that waits for `id`, directly or over others. */
export function allAbove(state: IntakeState, id: Hash): Pending[] {
  const found = new Map<Hash, Pending>()
  const work = [id]
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    for (const entry of waitersOf(state, next)) {
      if (found.has(entry.id)) continue
      found.set(entry.id, entry)
      work.push(entry.id)
    }
  }
  return [...found.values()]
}

/**
 * Whether an ATX that misses `missing` would close a circle, which no honest hash does. `deep`: more ATXs wait below it than
 * {@link MAX_DEPTH}, so that it is better brought again when they are in.
 */
export function circleOf(state: IntakeState, id: Hash, missing: Iterable<Hash>): 'none' | 'circle' | 'deep' {
  const waits = dependantsOf(state, id).size > 0
  const seen = new Set<Hash>()
  const work = [...missing]
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (next === id) return 'circle'
    if (!waits || seen.has(next)) continue
    seen.add(next)
    if (seen.size > MAX_DEPTH) return 'deep'
    work.push(...(state.pending.get(next)?.missing ?? []))
  }
  return 'none'
}

/** How far down a newcomer lies below an ATX that came without being missed. */
export function depthOf(state: IntakeState, id: Hash): number {
  let least = Number.POSITIVE_INFINITY
  for (const { depth } of waitersOf(state, id)) least = Math.min(least, depth + 1)
  return Number.isFinite(least) ? least : 0
}
