/**
 * What a judgement leads to (S8). Valid ATXs free those that wait for them at once and enter the set in that order. An
 * invalid ATX takes all that build on it along: their ids cover its id, it will never be in the set, so no node can ever
 * insert them. A wrong signature or an early ATX takes nothing along: the right bytes, or the time, may still come.
 */
import { required } from '../../../assert.ts'
import { INSERTED_BYTES, INSERTED_TOGETHER } from '../bounds.ts'
import type { Checked, IntakeTurn, Pending } from '../state.ts'
import type { Verdict } from '../types.ts'
import { allAbove, unlink, waitersOf, wake } from './graph.ts'
import { askAgain, letGo, tellWaiting } from './waiting.ts'

export function onChecked(turn: IntakeTurn, { id, key, verdict }: Checked): void {
  const entry = turn.state.pending.get(id)
  if (entry === undefined || entry.phase !== 'checking' || entry.candidates[0]?.key !== key) return
  switch (verdict) {
    case 'valid':
      return accept(turn, entry)
    case 'invalid':
      return condemn(turn, entry)
    case 'early':
      return dismiss(turn, entry, 'early')
    case 'bad-signature':
      return tryNext(turn, entry)
  }
}

/** The other candidates differ in their signatures alone, so they are not needed. */
function accept(turn: IntakeTurn, entry: Pending): void {
  const { state, effects } = turn
  entry.phase = 'valid'
  for (const { key } of entry.candidates.splice(1))
    effects.push({ type: 'settle', id: entry.id, key, verdict: 'known' })
  state.ready.push(entry.id)
  for (const woken of wake(state, entry.id)) {
    for (const candidate of woken.candidates) letGo(state, candidate)
    turn.toCheck.push(woken)
  }
}

/** Invalid for good, and so is all that builds on it. */
export function condemn(turn: IntakeTurn, entry: Pending): void {
  const doomed = new Set([entry, ...allAbove(turn.state, entry.id)])
  for (const { id } of doomed) turn.condemned.add(id)
  turn.effects.push({ type: 'reject', ids: [...doomed].map(({ id }) => id) })
  for (const each of doomed) leave(turn, each, 'invalid')
}

function dismiss(turn: IntakeTurn, entry: Pending, verdict: Verdict): void {
  leave(turn, entry, verdict)
  tellWaiting(turn, waitersOf(turn.state, entry.id))
}

function tryNext(turn: IntakeTurn, entry: Pending): void {
  const [wrong, next] = entry.candidates
  if (wrong === undefined || next === undefined) {
    leave(turn, entry, 'bad-signature')
    // Those that were told before ask for it again here, the others as they are told.
    askAgain(turn, entry.id)
    return tellWaiting(turn, waitersOf(turn.state, entry.id))
  }
  entry.candidates.shift()
  turn.effects.push({ type: 'settle', id: entry.id, key: wrong.key, verdict: 'bad-signature' })
  turn.toCheck.push(entry)
}

function leave({ state, effects }: IntakeTurn, entry: Pending, verdict: Verdict): void {
  unlink(state, entry)
  for (const candidate of entry.candidates) {
    letGo(state, candidate)
    effects.push({ type: 'settle', id: entry.id, key: candidate.key, verdict })
  }
}

/** Writes what is valid, unless a write is under way: what becomes valid meanwhile shares the next one. */
export function insertReady({ state, effects }: IntakeTurn): void {
  if (state.inserting.length > 0 || state.ready.length === 0) return
  const items: { id: string; key: number }[] = []
  let bytes = 0
  for (const id of state.ready) {
    const candidate = required(state.pending.get(id)?.candidates[0], 'a valid ATX stays until it is inserted')
    if (items.length === INSERTED_TOGETHER || (items.length > 0 && bytes + candidate.bytes > INSERTED_BYTES)) break
    items.push({ id, key: candidate.key })
    bytes += candidate.bytes
  }
  state.ready = state.ready.slice(items.length)
  state.inserting = items.map(({ id }) => id)
  effects.push({ type: 'insert', items })
}

export function onInserted({ state, effects }: IntakeTurn): void {
  for (const id of state.inserting) {
    const { key } = required(state.pending.get(id)?.candidates[0], 'a valid ATX stays until it is inserted')
    state.pending.delete(id)
    effects.push({ type: 'settle', id, key, verdict: 'inserted' })
  }
  state.inserting = []
}
