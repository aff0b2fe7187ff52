/** Requests (S8): who is asked for how much at once, what answers must look like, and what silence costs. */
import { required } from '../../../assert.ts'
import type { Hash, Millis, PeerId } from '../../../domain.ts'
import { MAX_BLOB_BYTES } from '../../intake/bounds.ts'
import {
  FETCH_BATCH,
  FIRST_REST_MS,
  IDLE_CLOSE_MS,
  ITEM_BYTES,
  MAX_DEPENDENCY_REQUESTS,
  MAX_IN_FLIGHT,
  MAX_REST_MS,
  MIN_RATE,
  PEER_TRIES,
  RATE_WINDOW_MS,
  SILENCE_MS,
} from '../bounds.ts'
import type { AnsweredItem, AttemptOutcome, FetchInput, FetchRequest, FetchTurn, Lister, Want } from '../types.ts'
import { claimOf, countTry, requeue, unqueue } from './wants.ts'

const SECOND_MS = 1_000

/** Asks every peer that may be asked for what it has; forgets those of whom nothing is left to know. */
export function askAll(turn: FetchTurn): void {
  const { state, now } = turn
  for (const [peer, lister] of state.listers) {
    if (lister.restsUntil > now) continue
    if (lister.urgent.size > 0) askFor(turn, { peer, lister, isForDependencies: true })
    if (lister.queue.size > 0) askFor(turn, { peer, lister, isForDependencies: false })
    const isIdle = lister.requests.size === 0 && lister.judging.size === 0
    if (isIdle && !lister.isOpen && lister.claimed === 0) state.listers.delete(peer)
  }
}

type Asking = { readonly peer: PeerId; readonly lister: Lister; readonly isForDependencies: boolean }

/** A peer that failed, or was not heard yet, is asked for little: it may be dead. */
function askFor(turn: FetchTurn, { peer, lister, isForDependencies }: Asking): void {
  const most = isForDependencies ? MAX_DEPENDENCY_REQUESTS : MAX_IN_FLIGHT
  const places = lister.isHeard && lister.failures === 0 ? most : 1
  const source = isForDependencies ? lister.urgent : lister.queue
  let taken = 0
  for (const request of lister.requests.values()) if (request.isForDependencies === isForDependencies) taken++
  for (; taken < places && source.size > 0; taken++) ask(turn, { peer, lister, isForDependencies })
}

function ask({ state, now, effects }: FetchTurn, { peer, lister, isForDependencies }: Asking): void {
  const ids: Hash[] = []
  const named = new Set<Hash>()
  for (const id of isForDependencies ? lister.urgent : lister.queue) {
    const entry = required(state.wants.get(id), 'what is queued is wanted')
    unqueue(state, entry)
    entry.phase = 'asked'
    ids.push(id)
    if (claimOf(entry, peer)?.isListed === true) named.add(id)
    if (ids.length === FETCH_BATCH) break
  }
  if (lister.requests.size === 0) {
    lister.owesSince = now
    lister.broughtBytes = 0
    lister.heardAt = now
  }
  const req = state.nextReq
  state.nextReq = (state.nextReq + 1) >>> 0
  lister.requests.set(req, { req, isForDependencies, open: new Set(ids), named })
  lister.isOpen = true
  effects.push({ type: 'ask', peer, req, ids })
}

/** A part of an answer: its items must have been asked for, each comes once, and a part without any is the last. */
export function onAnswered(turn: FetchTurn, input: Extract<FetchInput, { type: 'answered' }>): void {
  const { state, now } = turn
  const { peer, req, items, last } = input
  const lister = state.listers.get(peer)
  if (lister === undefined || !lister.isOpen) return
  const request = lister.requests.get(req)
  if (request === undefined) return violate(turn, peer, 'answered a request that was not made')
  lister.isHeard = true
  lister.heardAt = now
  if (items.length === 0 && !last) return violate(turn, peer, 'sent an empty part of an answer')
  const accepted = takeItems(turn, { peer, lister, request }, items)
  if (accepted.good.length > 0) turn.effects.push({ type: 'judge', peer, ids: accepted.good })
  if (accepted.fault !== null) return violate(turn, peer, accepted.fault)
  if (!last) return
  if (request.open.size > 0) return violate(turn, peer, 'left ids of a request unanswered')
  lister.requests.delete(req)
  if (lister.failures >= PEER_TRIES) giveUpOn(turn, { peer, lister, isOwn: !request.isForDependencies })
}

type Answering = { readonly peer: PeerId; readonly lister: Lister; readonly request: FetchRequest }

function takeItems(turn: FetchTurn, from: Answering, items: readonly AnsweredItem[]) {
  const good: Hash[] = []
  for (const item of items) {
    if (!from.request.open.delete(item.id)) return { good, fault: 'sent an item that was not asked for, or twice' }
    from.lister.broughtBytes += item.bytes + ITEM_BYTES
    if (takeItem(turn, from, item)) good.push(item.id)
    if (item.bytes > MAX_BLOB_BYTES) return { good, fault: 'sent a blob above the limit' }
  }
  return { good, fault: null }
}

/** Whether the blob is to be judged: an id that came by other means meanwhile is not. */
function takeItem(turn: FetchTurn, { peer, lister, request }: Answering, item: AnsweredItem): boolean {
  const { state } = turn
  const entry = state.wants.get(item.id)
  state.counters.bytes += item.bytes
  if (item.status === 'busy') defer(turn, lister, null)
  else lister.failures = 0
  if (entry === undefined || entry.phase !== 'asked') return false
  const frame = claimOf(entry, peer)?.frame ?? null
  if ((item.status === 'not-found' || item.status === 'too-big') && request.named.has(item.id)) {
    turn.effects.push({ type: 'undelivered', peer, id: item.id })
  }
  switch (item.status) {
    case 'ok':
      if (item.bytes > MAX_BLOB_BYTES) {
        fail(turn, { peer, entry, outcome: 'too-big', standing: 'refused' })
        return false
      }
      if (lister.judging.size === 0) lister.judgingSince = turn.now
      lister.judging.set(item.id, frame)
      return true
    case 'not-found':
      fail(turn, { peer, entry, outcome: 'not-found', standing: 'refused' })
      return false
    case 'too-big':
      fail(turn, { peer, entry, outcome: 'too-big-there', standing: 'refused' })
      return false
    case 'busy':
      fail(turn, { peer, entry, outcome: 'busy', standing: null })
      return false
  }
}

export type Failure = {
  readonly peer: PeerId
  readonly entry: Want
  readonly outcome: AttemptOutcome
  readonly standing: 'refused' | null
}

export function fail(turn: FetchTurn, { peer, entry, outcome, standing }: Failure): void {
  const frame = claimOf(entry, peer)?.frame ?? null
  turn.effects.push({ type: 'attempted', peer, id: entry.id, frame, outcome })
  countTry(turn, entry, { peer, standing })
}

/** S9.2 P: the stream is given up, with all that was asked over it. */
function violate(turn: FetchTurn, peer: PeerId, reason: string): void {
  turn.effects.push({ type: 'misbehaviour', peer, reason })
  giveUp(turn, peer, reason)
}

function giveUp(turn: FetchTurn, peer: PeerId, reason: string): void {
  turn.effects.push({ type: 'close', peer, reason, isFault: true })
  onClosed(turn, peer, null)
}

/** The stream is gone: every id that was asked for over it has one try less, and the peer is left alone for a while. */
export function onClosed(turn: FetchTurn, peer: PeerId, retryAfterMs: Millis | null): void {
  const { state } = turn
  const lister = state.listers.get(peer)
  if (lister === undefined) return
  const owed = [...lister.requests.values()].flatMap(({ open }) => [...open])
  const didOwe = lister.requests.size > 0
  const isOwn = [...lister.requests.values()].some(({ isForDependencies }) => !isForDependencies)
  lister.requests.clear()
  lister.isOpen = false
  lister.isHeard = false
  if (didOwe || retryAfterMs !== null) defer(turn, lister, retryAfterMs)
  for (const id of owed) {
    const entry = state.wants.get(id)
    if (entry?.phase === 'asked') fail(turn, { peer, entry, outcome: 'no-answer', standing: null })
  }
  if (lister.failures >= PEER_TRIES) giveUpOn(turn, { peer, lister, isOwn })
}

/** `isOwn`: it owed what it had named itself. */
type Hopeless = { readonly peer: PeerId; readonly lister: Lister; readonly isOwn: boolean }

function giveUpOn(turn: FetchTurn, { peer, lister, isOwn }: Hopeless): void {
  if (isOwn) turn.effects.push({ type: 'silent', peer })
  abandon(turn, peer, lister)
}

/** S8 fetchTries, for a peer as a whole: what only it could bring is unavailable, until it is listed again. */
function abandon(turn: FetchTurn, peer: PeerId, lister: Lister): void {
  for (const id of [...lister.urgent, ...lister.queue]) {
    const entry = turn.state.wants.get(id)
    const claim = entry === undefined ? undefined : claimOf(entry, peer)
    if (entry === undefined || claim === undefined) continue
    claim.standing = 'failed'
    lister.urgent.delete(id)
    lister.queue.delete(id)
    if (entry.claims.every(({ standing }) => standing !== 'good')) requeue(turn, entry)
  }
}

/** Leaves a peer alone, twice as long each time in a row. */
function defer({ now }: FetchTurn, lister: Lister, retryAfterMs: Millis | null): void {
  const restMs = Math.min(MAX_REST_MS, FIRST_REST_MS * 2 ** Math.min(lister.failures, PEER_TRIES))
  if (lister.restsUntil > now) return
  lister.restsUntil = now + Math.max(restMs, Math.min(retryAfterMs ?? 0, MAX_REST_MS))
  lister.failures++
}

/** While blobs are judged the service may not read: that time is not the peer's. */
export function resumeClock({ now }: FetchTurn, lister: Lister): void {
  const pausedMs = now - lister.judgingSince
  lister.heardAt = Math.min(now, lister.heardAt + pausedMs)
  lister.owesSince = Math.min(now, lister.owesSince + pausedMs)
}

/** Peers that owe answers and are silent or too slow are given up; streams that nobody needs are ended. */
export function expire(turn: FetchTurn): void {
  for (const [peer, lister] of turn.state.listers) {
    // While their blobs are judged nothing is read from them.
    if (lister.judging.size > 0) continue
    if (lister.requests.size > 0) expireRequests(turn, peer, lister)
    else if (lister.isOpen && turn.now - lister.heardAt >= IDLE_CLOSE_MS) {
      lister.isOpen = false
      lister.isHeard = false
      turn.effects.push({ type: 'close', peer, reason: 'nothing to ask for', isFault: false })
    }
  }
}

function expireRequests(turn: FetchTurn, peer: PeerId, lister: Lister): void {
  const { now } = turn
  if (now - lister.heardAt >= SILENCE_MS) return giveUp(turn, peer, 'no answer in time')
  const owesMs = now - lister.owesSince
  if (owesMs < RATE_WINDOW_MS) return
  if (lister.broughtBytes * SECOND_MS < MIN_RATE * owesMs) return giveUp(turn, peer, 'too slow')
  lister.owesSince = now
  lister.broughtBytes = 0
}

/** The instants at which something is due for a peer even when nothing arrives. */
export function* duesOf({ state, now }: FetchTurn): Generator<Millis> {
  for (const lister of state.listers.values()) {
    if (lister.restsUntil > now) yield lister.restsUntil
    if (lister.judging.size > 0) continue
    if (lister.requests.size > 0) yield Math.min(lister.heardAt + SILENCE_MS, lister.owesSince + RATE_WINDOW_MS)
    else if (lister.isOpen) yield lister.heardAt + IDLE_CLOSE_MS
  }
}
