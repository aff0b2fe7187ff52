/** Windows: the heights under way, always without gaps above the finalized head (P17.6). */
import { ANSWER_DEADLINE_MS, HEDGE_AFTER_MS, MAX_WINDOWS, START_BEHIND, STOP_BEHIND } from '../bounds.ts'
import type { RangePeer, RangeState, Window } from '../types.ts'
import { ask, giveUp, isUsable, pickPeer, type RangeTurn, requestsFor, shun } from './requests.ts'

/** The highest final block anybody claims who may be asked and holds what this node needs next. */
export function targetOf({ state, now }: RangeTurn): number {
  const serves = (peer: RangePeer): boolean => isUsable(peer, now) && peer.lowest <= state.head + 1
  return Math.max(state.head, ...[...state.peers.values()].filter(serves).map((peer) => peer.claim))
}

/**
 * When every peer that is ahead has deleted the block that this node needs next (P20.9): the lowest height that one of them
 * still holds; else null.
 */
export function lowestServed({ head, peers }: RangeState): number | null {
  const ahead = [...peers.values()].filter(({ claim }) => claim > head)
  const lowest = Math.min(...ahead.map((peer) => peer.lowest))
  return ahead.length > 0 && lowest > head + 1 ? lowest : null
}

/** Begins when the node is far behind, ends when it is near or has nobody to ask: a false claim holds up nothing. */
export function updateActive(turn: RangeTurn): void {
  const { state } = turn
  const behind = targetOf(turn) - state.head
  const holdsNext = state.active && (state.windows[0]?.batch ?? null) !== null
  state.active = holdsNext || behind > (state.active ? STOP_BEHIND : START_BEHIND)
  if (state.active) return
  for (const request of [...state.requests.values()]) giveUp(turn, request)
  for (const window of state.windows) forgetBatch(turn, window)
  state.windows = []
  state.applying = null
  state.progressAt = null
}

/** Answers that are overdue are given up and their peers left alone. */
export function expire(turn: RangeTurn): void {
  const { state, now } = turn
  for (const request of [...state.requests.values()]) {
    if (request.arrived || now - request.askedAt < ANSWER_DEADLINE_MS) continue
    giveUp(turn, request)
    shun(turn, request.peer, { penalty: 'useless', reason: 'no answer to a range request in time' })
  }
}

/** Adds windows up to the target and asks for those nobody fetches, the lowest first; what waits stays bounded. */
export function extend(turn: RangeTurn): void {
  const { state } = turn
  const target = targetOf(turn)
  for (let index = 0; index < MAX_WINDOWS; index++) {
    if (state.windows[index] === undefined && !addWindow(state, target)) break
    split(turn, index)
    const window = state.windows[index]
    if (window !== undefined && window.batch === null) fetch(turn, window)
  }
  for (let last = state.windows.at(-1); state.windows.length > MAX_WINDOWS; last = state.windows.at(-1)) {
    if (last === undefined || last.batch !== null || requestsFor(state, last).length > 0) break
    state.windows.pop()
  }
}

function addWindow(state: RangeState, target: number): boolean {
  const from = (state.windows.at(-1)?.to ?? state.head) + 1
  if (from > target) return false
  state.windows.push({ from, to: Math.min(target, from + state.windowBlocks - 1), batch: null })
  return true
}

/** A window that nobody was asked for yet shrinks to what one answer holds at present. */
function split({ state }: RangeTurn, index: number): void {
  const window = state.windows[index]
  if (window === undefined || window.batch !== null || requestsFor(state, window).length > 0) return
  const to = window.from + state.windowBlocks - 1
  if (to >= window.to) return
  state.windows.splice(index, 1, { ...window, to }, { ...window, from: to + 1 })
}

function fetch(turn: RangeTurn, window: Window): void {
  const open = requestsFor(turn.state, window)
  const [first] = open
  const isLowest = turn.state.windows[0] === window
  const isSlow = first !== undefined && !first.arrived && turn.now - first.askedAt >= HEDGE_AFTER_MS
  if (first !== undefined && !(isLowest && isSlow && open.length === 1)) return
  const peer = pickPeer(turn, window)
  if (peer !== null) ask(turn, peer, window)
}

/** Drops what is final by now; an answer that reaches above the head is still good for the rest. */
export function trim(turn: RangeTurn): void {
  const { state } = turn
  const kept: Window[] = []
  for (const window of state.windows) {
    if (window.to > state.head) kept.push(window)
    else dropWindow(turn, window)
  }
  const [lowest] = kept
  const isUnasked = lowest !== undefined && lowest.batch === null && requestsFor(state, lowest).length === 0
  if (isUnasked && lowest.from <= state.head) kept[0] = { ...lowest, from: state.head + 1 }
  state.windows = kept
}

function dropWindow(turn: RangeTurn, window: Window): void {
  for (const request of requestsFor(turn.state, window)) giveUp(turn, request)
  forgetBatch(turn, window)
}

function forgetBatch({ effects }: RangeTurn, { batch }: Window): void {
  if (batch !== null) effects.push({ type: 'forget', requestId: batch.requestId })
}

/** The next instant at which something is due even when nothing arrives; null when nothing is. */
export function nextDue({ state, now }: RangeTurn): number | null {
  const dues: number[] = []
  for (const request of state.requests.values()) {
    if (request.arrived) continue
    dues.push(request.askedAt + ANSWER_DEADLINE_MS)
    if (now - request.askedAt < HEDGE_AFTER_MS) dues.push(request.askedAt + HEDGE_AFTER_MS)
  }
  for (const peer of state.peers.values()) {
    if (peer.shunnedUntil > now && peer.claim > state.head + STOP_BEHIND) dues.push(peer.shunnedUntil)
  }
  return dues.length === 0 ? null : Math.min(...dues)
}

/** The window a batch of this request would fill; null when it is not wanted any more. */
export function windowAt(state: RangeState, from: number): number | null {
  const index = state.windows.findIndex((window) => window.from === from && window.batch === null)
  return index < 0 ? null : index
}
