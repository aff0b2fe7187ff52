/**
 * The range-sync machine (P17.6, P17.9): fetches final blocks in windows from several peers, hands them to consensus in
 * order, gives a window to someone else when its peer fails, and leaves such peers alone for longer each time.
 */
import { unreachable } from '../../assert.ts'
import type { PeerId } from '../../domain.ts'
import type { Step } from '../../machine/step.ts'
import { APPLY_DEADLINE_MS, MAX_RANGE_PEERS, STALL_MS, STOP_BEHIND, WINDOW_BLOCKS } from './bounds.ts'
import { giveUp, type RangeTurn, requestsFor, shun } from './rules/requests.ts'
import { expire, extend, lowestServed, nextDue, trim, updateActive, windowAt } from './rules/windows.ts'
import type { RangeEffect, RangeInput, RangeState } from './types.ts'

/** A node that knows no peers. */
export function createRangeState(head: number): RangeState {
  return {
    head,
    peers: new Map(),
    requests: new Map(),
    windows: [],
    windowBlocks: WINDOW_BLOCKS,
    nextId: 1,
    active: false,
    applying: null,
    progressAt: null,
    leads: false,
  }
}

/** The step function (DESIGN.md 4): the input's own rule, then whatever is due. */
export const rangeStep: Step<RangeState, RangeInput, RangeEffect> = (state, input) => {
  const turn: RangeTurn = { state, now: input.now, effects: [] }
  onInput(turn, input)
  expire(turn)
  updateActive(turn)
  if (state.active) extend(turn)
  applyLowest(turn)
  updateLead(turn)
  setAlarm(turn)
  return turn.effects
}

function onInput(turn: RangeTurn, input: RangeInput): void {
  switch (input.type) {
    case 'claimed':
      return onClaimed(turn, input.peer, input.height)
    case 'peerLeft':
      return onPeerLeft(turn, input.peer)
    case 'advanced':
      return onAdvanced(turn, input.height)
    case 'arrived':
      return onArrived(turn, input.peer, input.requestId)
    case 'checked':
      return onChecked(turn, input)
    case 'refused':
      return onRefused(turn, input)
    case 'empty':
      return onUnhelpful(turn, input.requestId, null)
    case 'pruned':
      return onUnhelpful(turn, input.requestId, input.lowest)
    case 'woke':
      return
    default:
      return unreachable(input)
  }
}

function onClaimed({ state }: RangeTurn, id: PeerId, height: number): void {
  const peer = state.peers.get(id)
  if (peer !== undefined) peer.claim = height
  else if (state.peers.size < MAX_RANGE_PEERS) {
    state.peers.set(id, { claim: height, lowest: 0, shunnedUntil: 0, failures: 0, late: 0 })
  }
}

function onPeerLeft(turn: RangeTurn, id: PeerId): void {
  const { state } = turn
  for (const request of [...state.requests.values()]) {
    if (request.peer === id && !request.arrived) giveUp(turn, request)
  }
  state.peers.delete(id)
}

function onAdvanced(turn: RangeTurn, height: number): void {
  const { state } = turn
  if (height <= state.head) return
  state.head = height
  trim(turn)
  const { applying } = state
  if (applying === null || state.windows.some(({ batch }) => batch?.requestId === applying.requestId)) return
  state.applying = null
  state.progressAt = turn.now
}

/** An answer that nobody waits for costs its sender, unless it is one that came too late. */
function onArrived({ state, effects }: RangeTurn, id: PeerId, requestId: number): void {
  const request = state.requests.get(requestId)
  if (request !== undefined && request.peer === id && !request.arrived) {
    request.arrived = true
    return
  }
  const peer = state.peers.get(id)
  if (peer !== undefined && peer.late > 0) peer.late--
  else effects.push({ type: 'penalise', peer: id, penalty: 'limit', reason: 'a range nobody asked for' })
}

function onChecked(turn: RangeTurn, input: Extract<RangeInput, { type: 'checked' }>): void {
  const { state, effects } = turn
  const request = state.requests.get(input.requestId)
  const index = request === undefined ? null : windowAt(state, request.from)
  if (request === undefined || index === null) {
    effects.push({ type: 'forget', requestId: input.requestId })
    return
  }
  state.requests.delete(request.id)
  const window = state.windows[index]
  if (window === undefined) return
  for (const other of requestsFor(state, window)) giveUp(turn, other)
  const last = Math.min(input.last, window.to)
  const filled = { from: window.from, to: last, batch: { requestId: request.id, peer: request.peer } }
  const rest = last < window.to ? [{ from: last + 1, to: window.to, batch: null }] : []
  state.windows.splice(index, 1, filled, ...rest)
  if (input.end === 'full' || rest.length === 0) adaptSize(state, last - window.from + 1, rest.length > 0)
  // Near the end of its chain a peer has no more to prove.
  const hasMore = last + STOP_BEHIND < (state.peers.get(request.peer)?.claim ?? 0)
  creditOrShun(turn, request.peer, { isShort: rest.length > 0 && hasMore && input.end === 'none' })
}

/** The next windows are what a full answer held; they grow again while answers hold all that was asked. */
function adaptSize(state: RangeState, held: number, isShort: boolean): void {
  const next = isShort ? held : Math.max(state.windowBlocks, held * 2)
  state.windowBlocks = Math.min(WINDOW_BLOCKS, next)
}

/** P17.9: whoever answers with less than it could slows this node down. */
function creditOrShun(turn: RangeTurn, id: PeerId, { isShort }: { readonly isShort: boolean }): void {
  const peer = turn.state.peers.get(id)
  if (peer === undefined) return
  if (isShort) shun(turn, id, { penalty: null, reason: 'a short answer' })
  else peer.failures = 0
}

function onRefused(turn: RangeTurn, input: Extract<RangeInput, { type: 'refused' }>): void {
  const { state, effects } = turn
  const { requestId, penalty, reason } = input
  const request = state.requests.get(requestId)
  const peer = request?.peer ?? state.windows.find(({ batch }) => batch?.requestId === requestId)?.batch?.peer
  state.requests.delete(requestId)
  state.windows = state.windows.map((window) =>
    window.batch?.requestId === requestId ? { ...window, batch: null } : window,
  )
  if (state.applying?.requestId === requestId) state.applying = null
  effects.push({ type: 'forget', requestId })
  if (peer !== undefined) shun(turn, peer, { penalty, reason })
}

/** The peer cannot help with these heights: not an offence, but another one is asked. */
function onUnhelpful(turn: RangeTurn, requestId: number, lowest: number | null): void {
  const request = turn.state.requests.get(requestId)
  if (request === undefined) return
  turn.state.requests.delete(requestId)
  const peer = turn.state.peers.get(request.peer)
  // A peer that names a height it holds is believed only as far as it hurts: it is not asked for less.
  if (lowest !== null && peer !== undefined && lowest > request.from) peer.lowest = lowest
  else shun(turn, request.peer, { penalty: 'useless', reason: 'claimed final blocks that it cannot prove' })
}

/** Consensus takes the lowest batch, one at a time, when it follows the finalized head. */
function applyLowest(turn: RangeTurn): void {
  const { state, now, effects } = turn
  if (state.applying !== null && now - state.applying.at >= APPLY_DEADLINE_MS) {
    const { requestId } = state.applying
    onRefused(turn, {
      now,
      type: 'refused',
      requestId,
      penalty: 'useless',
      reason: 'blocks that consensus did not take',
    })
  }
  const lowest = state.windows[0]
  if (state.applying !== null || lowest === undefined || lowest.batch === null) return
  const { requestId } = lowest.batch
  state.applying = { requestId, at: now }
  effects.push({ type: 'apply', requestId })
}

/**
 * Consensus stops asking for blocks itself only while range sync makes progress, and while nobody has them any more: to ask
 * would make honest peers look useless.
 */
function updateLead({ state, now, effects }: RangeTurn): void {
  const advances = state.active && state.progressAt !== null && now - state.progressAt < STALL_MS
  const leads = advances || lowestServed(state) !== null
  if (leads === state.leads) return
  state.leads = leads
  effects.push({ type: 'lead', leads })
}

function setAlarm(turn: RangeTurn): void {
  const { state, now, effects } = turn
  const dues = [nextDue(turn)]
  if (state.leads && state.progressAt !== null) dues.push(state.progressAt + STALL_MS)
  if (state.applying !== null) dues.push(state.applying.at + APPLY_DEADLINE_MS)
  const times = dues.filter((due) => due !== null)
  effects.push({ type: 'wake', delayMs: times.length === 0 ? null : Math.max(0, Math.min(...times) - now) })
}
