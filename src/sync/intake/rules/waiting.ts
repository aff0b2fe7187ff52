/**
 * ATXs that wait for a dependency (S8). Bounded in blobs and bytes; above it the oldest blob of the supplier that has most
 * waiting goes, so that nobody fills the place at the cost of others. What went may come again.
 */
import { required } from '../../../assert.ts'
import type { Hash, PeerId } from '../../../domain.ts'
import { MAX_DEPTH, MAX_PARKED, MAX_PARKED_BYTES } from '../bounds.ts'
import type { Candidate, IntakeState, IntakeTurn, Pending } from '../state.ts'
import { unlink, waitersOf } from './graph.ts'

const OWN = ''

/** Nothing under way will free these: their bringers, and those of whatever waits for them, hear 'waiting'. */
export function tellWaiting(turn: IntakeTurn, entries: Iterable<Pending>): void {
  // A list that grows while it is gone through: oldest first.
  const work = [...entries]
  for (const entry of work) {
    if (entry.isWaiting || entry.phase !== 'parked') continue
    entry.isWaiting = true
    for (const candidate of entry.candidates) keep(turn, entry.id, candidate)
    askForMissing(turn, entry)
    work.push(...waitersOf(turn.state, entry.id))
  }
  evict(turn)
}

/** One more blob waits. */
export function keep(turn: IntakeTurn, id: Hash, { key, from, bytes }: Candidate): void {
  const { state, effects } = turn
  const holder = from ?? OWN
  const held = state.holdings.get(holder)
  if (held === undefined) state.holdings.set(holder, new Map([[key, id]]))
  else held.set(key, id)
  state.waitingBlobs++
  state.waitingBytes += bytes
  effects.push({ type: 'wait', key })
}

/** A blob waits no more. */
export function letGo(state: IntakeState, { key, from, bytes }: Candidate): void {
  const holder = from ?? OWN
  const held = state.holdings.get(holder)
  if (held === undefined || !held.delete(key)) return
  state.waitingBlobs--
  state.waitingBytes -= bytes
  if (held.size === 0) state.holdings.delete(holder)
}

/** Below {@link MAX_DEPTH} links nothing is asked for: the ATXs above stay parked until it comes by itself. */
function askForMissing({ state, effects }: IntakeTurn, entry: Pending): void {
  if (entry.depth >= MAX_DEPTH) return
  const from = suppliersOf(entry)
  for (const id of entry.missing) {
    if (!state.pending.has(id)) effects.push({ type: 'missing', id, from })
  }
}

/** An ATX that others wait for is gone again, through its supplier's fault: their suppliers may have the right one. */
export function askAgain({ state, effects }: IntakeTurn, id: Hash): void {
  const from = new Set<PeerId>()
  for (const waiter of waitersOf(state, id)) {
    if (waiter.isWaiting) for (const peer of suppliersOf(waiter)) from.add(peer)
  }
  if (from.size > 0) effects.push({ type: 'missing', id, from: [...from] })
}

function suppliersOf({ candidates }: Pending): PeerId[] {
  return candidates.flatMap(({ from }) => (from === null ? [] : [from]))
}

/** Makes room. Whoever waits for what goes has been told already, and goes on waiting. */
export function evict(turn: IntakeTurn): void {
  const { state } = turn
  while (state.waitingBlobs > MAX_PARKED || state.waitingBytes > MAX_PARKED_BYTES) {
    const [key, id] = required(largest(state).entries().next().value, 'more waits than is held')
    const entry = required(state.pending.get(id), 'a waiting blob belongs to an ATX')
    const candidate = entry.candidates.find((each) => each.key === key)
    dropCandidate(turn, entry, required(candidate, 'a waiting blob is a candidate'))
  }
}

function largest(state: IntakeState): Map<number, Hash> {
  let found = new Map<number, Hash>()
  for (const held of state.holdings.values()) if (held.size > found.size) found = held
  return found
}

/** There is no room for a blob; its ATX goes with the last one. */
export function dropCandidate({ state, effects }: IntakeTurn, entry: Pending, candidate: Candidate): void {
  letGo(state, candidate)
  entry.candidates.splice(entry.candidates.indexOf(candidate), 1)
  effects.push({ type: 'settle', id: entry.id, key: candidate.key, verdict: 'full' })
  if (entry.candidates.length === 0) unlink(state, entry)
}
