/** Requests: who is asked for what, what a failure costs, and what happens to answers that come late (P17.8, P17.9). */
import type { Millis, PeerId, PenaltyClass } from '../../../domain.ts'
import { FIRST_SHUN_MS, MAX_SHUN_MS, REQUESTS_PER_PEER, TOLERATED_FAILURES } from '../bounds.ts'
import type { RangeEffect, RangePeer, RangeRequest, RangeState, Window } from '../types.ts'

/** One step's workspace. */
export type RangeTurn = { readonly state: RangeState; readonly now: Millis; readonly effects: RangeEffect[] }

/** Whether the peer may be asked now. */
export function isUsable(peer: RangePeer, now: Millis): boolean {
  return peer.shunnedUntil <= now
}

/** Requests that cover `window`. */
export function requestsFor(state: RangeState, window: Window): RangeRequest[] {
  return [...state.requests.values()].filter((request) => request.from === window.from)
}

/** The best idle peer for a window: it claims the height, holds it, and failed least; null when nobody is left. */
export function pickPeer({ state, now }: RangeTurn, window: Window): PeerId | null {
  const asked = new Set(requestsFor(state, window).map((request) => request.peer))
  let best: { readonly id: PeerId; readonly rank: number } | null = null
  for (const [id, peer] of state.peers) {
    const open = [...state.requests.values()].filter((request) => request.peer === id).length
    if (asked.has(id) || !isUsable(peer, now) || open >= REQUESTS_PER_PEER) continue
    if (peer.claim < window.from || peer.lowest > window.from) continue
    const rank = peer.failures * REQUESTS_PER_PEER + open
    if (best === null || rank < best.rank) best = { id, rank }
  }
  return best?.id ?? null
}

export function ask({ state, now, effects }: RangeTurn, peer: PeerId, { from, to }: Window): void {
  const id = state.nextId++
  state.requests.set(id, { id, peer, from, to, askedAt: now, arrived: false })
  effects.push({ type: 'ask', peer, requestId: id, from, to })
}

/** The answer is not waited for any more; when it still comes, it is ignored without blame. */
export function giveUp({ state, effects }: RangeTurn, request: RangeRequest): void {
  state.requests.delete(request.id)
  const peer = state.peers.get(request.peer)
  if (peer !== undefined && !request.arrived) peer.late++
  if (request.arrived) effects.push({ type: 'forget', requestId: request.id })
}

/** P17.9: leaves a peer alone, twice as long each time; its claim counts again when the time is over. */
export function shun({ state, now, effects }: RangeTurn, id: PeerId, fault: Fault): void {
  const peer = state.peers.get(id)
  if (peer === undefined) return
  peer.shunnedUntil = now + Math.min(MAX_SHUN_MS, FIRST_SHUN_MS * 2 ** peer.failures)
  peer.failures++
  if (fault.penalty === null) return
  const isTolerated = fault.penalty === 'useless' && peer.failures <= TOLERATED_FAILURES
  if (!isTolerated) effects.push({ type: 'penalise', peer: id, penalty: fault.penalty, reason: fault.reason })
}

/** Why a peer is shunned; a `penalty` of null is nobody's fault. */
export type Fault = { readonly penalty: PenaltyClass | null; readonly reason: string }
