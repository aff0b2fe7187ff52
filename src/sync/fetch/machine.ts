/**
 * The fetch machine (S8): asks the peers that listed an id for it, one at a time over all sessions, gives it to another one
 * when a peer fails, and gives it up after so many tries. Whatever is asked of a peer is bounded.
 */
import { unreachable } from '../../assert.ts'
import type { PeerId } from '../../domain.ts'
import type { Step } from '../../machine/step.ts'
import type { Verdict } from '../intake/types.ts'
import { MAX_WANTED, WAITING_MS } from './bounds.ts'
import { want } from './rules/listing.ts'
import { askAll, duesOf, expire, onAnswered, onClosed, resumeClock } from './rules/requests.ts'
import { disclaim } from './rules/shares.ts'
import { claimOf, countTry, end, park, requeue, rest, wantDependency } from './rules/wants.ts'
import type { FetchEffect, FetchInput, FetchState, FetchTurn, RestoredWant, Want } from './types.ts'

/** Nothing is wanted. */
export function createFetchState(places = MAX_WANTED): FetchState {
  return {
    wants: new Map(),
    listers: new Map(),
    connected: new Set(),
    places,
    held: 0,
    unavailable: new Map(),
    resting: new Map(),
    waiting: new Map(),
    nextReq: 1,
    wakeAt: null,
    counters: { done: 0, failed: 0, bytes: 0 },
  }
}

/** The step function (DESIGN.md 4): the input's own rule, then whatever is due. */
export const fetchStep: Step<FetchState, FetchInput, FetchEffect> = (state, input) => {
  const turn: FetchTurn = { state, now: input.now, effects: [] }
  onInput(turn, input)
  expire(turn)
  wakeRested(turn)
  endStale(turn)
  askAll(turn)
  setAlarm(turn)
  return turn.effects
}

function onInput(turn: FetchTurn, input: FetchInput): void {
  switch (input.type) {
    case 'advertised':
      for (const id of input.ids) want(turn, id, { peer: input.peer, frame: input.frame, isListed: true, tries: 0 })
      return
    case 'missed':
      return wantDependency(turn, input.id, input.from)
    case 'came':
      return endAll(turn, input.ids, 'inserted')
    case 'rejected':
      return endAll(turn, input.ids, 'invalid')
    case 'answered':
      return onAnswered(turn, input)
    case 'judged':
      return onJudged(turn, input)
    case 'released':
      return onReleased(turn, input)
    case 'closed':
      return onClosed(turn, input.peer, null)
    case 'deferred':
      return onClosed(turn, input.peer, input.retryAfterMs)
    case 'connected':
      return onConnected(turn, input.peer)
    case 'disconnected':
      turn.state.connected.delete(input.peer)
      return
    case 'banned':
      return onBanned(turn, input.peer)
    case 'restored':
      for (const each of input.wants) restore(turn, each)
      return
    case 'woke':
      turn.state.wakeAt = null
      return
    default:
      return unreachable(input)
  }
}

function endAll(turn: FetchTurn, ids: readonly string[], outcome: 'inserted' | 'invalid'): void {
  for (const id of ids) {
    const entry = turn.state.wants.get(id)
    if (entry !== undefined) end(turn, entry, outcome)
  }
}

function onJudged(turn: FetchTurn, { peer, items }: Extract<FetchInput, { type: 'judged' }>): void {
  const { state, effects } = turn
  const lister = state.listers.get(peer)
  for (const { id, verdict } of items) {
    const frame = lister?.judging.get(id) ?? null
    lister?.judging.delete(id)
    effects.push({ type: 'attempted', peer, id, frame, outcome: verdict })
    const entry = state.wants.get(id)
    if (entry?.phase === 'asked') applyVerdict(turn, { entry, peer, verdict })
  }
  if (lister !== undefined && lister.judging.size === 0) resumeClock(turn, lister)
}

type Judgement = { readonly entry: Want; readonly peer: PeerId; readonly verdict: Verdict }

function applyVerdict(turn: FetchTurn, { entry, peer, verdict }: Judgement): void {
  switch (verdict) {
    case 'inserted':
    case 'known':
    case 'invalid':
      return end(turn, entry, verdict)
    case 'waiting':
      return park(turn, entry)
    case 'early':
    case 'full':
      return rest(turn, entry)
    default:
      return countTry(turn, entry, { peer, standing: 'refused' })
  }
}

function onReleased(turn: FetchTurn, { id, peer, verdict }: Extract<FetchInput, { type: 'released' }>): void {
  const entry = turn.state.wants.get(id)
  if (entry === undefined || entry.phase !== 'waiting') return
  const claim = claimOf(entry, peer)
  if (claim !== undefined) {
    turn.effects.push({ type: 'attempted', peer, id, frame: claim.frame, outcome: verdict })
  }
  applyVerdict(turn, { entry, peer, verdict })
}

function onConnected({ state }: FetchTurn, peer: PeerId): void {
  state.connected.add(peer)
  const lister = state.listers.get(peer)
  if (lister === undefined || lister.isOpen) return
  lister.failures = 0
  lister.restsUntil = 0
}

/** S9.2: the claims of a banned peer count no more; what only it listed is not wanted. */
function onBanned(turn: FetchTurn, peer: PeerId): void {
  const { state, effects } = turn
  // First: whoever else is asked on the off-chance must not be this peer again.
  state.connected.delete(peer)
  const lister = state.listers.get(peer)
  if (lister === undefined) return
  if (lister.isOpen) effects.push({ type: 'close', peer, reason: 'banned', isFault: true })
  const owed = new Set([...lister.requests.values()].flatMap(({ open }) => [...open]))
  state.listers.delete(peer)
  for (const entry of [...state.wants.values()]) {
    const claim = claimOf(entry, peer)
    disclaim(turn, entry, peer)
    if (claim !== undefined && entry.claims.length === 0) end(turn, entry, 'dropped')
    else if (owed.has(entry.id) || (claim !== undefined && entry.phase === 'queued')) requeue(turn, entry)
  }
}

/** Of a claim without a timeframe it is not known whether the peer named the id itself: nothing follows from it. */
function restore(turn: FetchTurn, { id, tries, claims }: RestoredWant): void {
  for (const { peer, frame } of claims) want(turn, id, { peer, frame, isListed: frame !== null, tries })
}

/** Both maps are in the order of their instants. */
function wakeRested(turn: FetchTurn): void {
  for (const [id, until] of turn.state.resting) {
    if (until > turn.now) return
    const entry = turn.state.wants.get(id)
    if (entry !== undefined) requeue(turn, entry)
  }
}

function endStale(turn: FetchTurn): void {
  for (const [id, since] of turn.state.waiting) {
    if (since + WAITING_MS > turn.now) return
    const entry = turn.state.wants.get(id)
    if (entry !== undefined) end(turn, entry, 'unavailable')
  }
}

function setAlarm(turn: FetchTurn): void {
  const { state, now, effects } = turn
  let due = Number.POSITIVE_INFINITY
  for (const each of duesOf(turn)) due = Math.min(due, each)
  const [rested] = state.resting.values()
  const [stale] = state.waiting.values()
  due = Math.min(due, rested ?? due, stale === undefined ? due : stale + WAITING_MS)
  const wakeAt = Number.isFinite(due) ? due : null
  if (wakeAt === state.wakeAt) return
  state.wakeAt = wakeAt
  effects.push({ type: 'wake', delayMs: wakeAt === null ? null : Math.max(0, wakeAt - now) })
}
