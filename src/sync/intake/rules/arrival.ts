/** A blob comes in (S8): it joins its ATX, or begins one; what misses nothing is judged. */
import type { Hash } from '../../../domain.ts'
import { MAX_CANDIDATES } from '../bounds.ts'
import type { Arrived, Candidate, IntakeTurn, Pending } from '../state.ts'
import { circleOf, depthOf, link } from './graph.ts'
import { condemn } from './outcome.ts'
import { dropCandidate, evict, keep, tellWaiting } from './waiting.ts'

/** All of a batch is entered before anything is decided: its order does not matter. */
export function onArrived(turn: IntakeTurn, arrivals: readonly Arrived[]): void {
  const { state } = turn
  const begun: Pending[] = []
  for (const arrived of arrivals) {
    const entry = enter(turn, arrived)
    if (entry !== null) begun.push(entry)
  }
  const here = begun.filter((entry) => state.pending.get(entry.id) === entry)
  for (const entry of here) if (entry.missing.size === 0 && entry.phase === 'parked') turn.toCheck.push(entry)
  tellWaiting(
    turn,
    here.filter((entry) => [...entry.missing].some((id) => isOut(turn, id))),
  )
}

/** Whether nothing that is under way brings `id`. */
function isOut({ state }: IntakeTurn, id: Hash): boolean {
  const entry = state.pending.get(id)
  return entry === undefined || (entry.phase === 'parked' && entry.isWaiting)
}

/** Answers with the ATX when it is new. */
function enter(turn: IntakeTurn, arrived: Arrived): Pending | null {
  const { state, effects } = turn
  const { id, key } = arrived
  if (turn.condemned.has(id)) {
    effects.push({ type: 'settle', id, key, verdict: 'invalid' })
    return null
  }
  const candidate = { key, from: arrived.from, bytes: arrived.bytes }
  const known = state.pending.get(id)
  if (known !== undefined) {
    join(turn, known, candidate)
    return null
  }
  const missing = new Set(arrived.absent.filter((dependency) => state.pending.get(dependency)?.phase !== 'valid'))
  const circle = circleOf(state, id, missing)
  if (circle === 'deep') {
    effects.push({ type: 'settle', id, key, verdict: 'full' })
    return null
  }
  const entry = begin(arrived, { candidate, missing, depth: depthOf(state, id) })
  state.pending.set(id, entry)
  link(state, entry)
  const isDoomed = arrived.isDoomed || arrived.absent.some((dependency) => turn.condemned.has(dependency))
  if (circle === 'circle' || isDoomed) {
    condemn(turn, entry)
    return null
  }
  return entry
}

type Beginning = { readonly candidate: Candidate; readonly missing: Set<Hash>; readonly depth: number }

function begin({ id, dependencies }: Arrived, { candidate, missing, depth }: Beginning): Pending {
  return { id, dependencies, missing, candidates: [candidate], phase: 'parked', depth, isWaiting: false }
}

/** Other bytes under an id: judged when those before turn out to be badly signed. One of each supplier, and few in all. */
function join(turn: IntakeTurn, entry: Pending, candidate: Candidate): void {
  const { candidates, phase } = entry
  if (phase === 'valid') {
    turn.effects.push({ type: 'settle', id: entry.id, key: candidate.key, verdict: 'known' })
    return
  }
  const spared = phase === 'checking' ? candidates[0] : undefined
  const others = candidates.filter((each) => each !== spared)
  const replaced = others.find(({ from }) => from === candidate.from)
  candidates.push(candidate)
  const isKept = phase === 'parked' && entry.isWaiting
  if (isKept) keep(turn, entry.id, candidate)
  const victim = replaced ?? (candidates.length > MAX_CANDIDATES ? others[0] : undefined)
  if (victim !== undefined) dropCandidate(turn, entry, victim)
  if (isKept) evict(turn)
}
