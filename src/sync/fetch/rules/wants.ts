/** Wanted ids (S8): who may be asked for each, what a failure costs, and how an id leaves the queue. */
import { required } from '../../../assert.ts'
import type { Hash, PeerId } from '../../../domain.ts'
import { setLatest } from '../../../machine/latest.ts'
import {
  FETCH_TRIES,
  LOCAL_PAUSE_MS,
  MAX_CLAIMS,
  MAX_DEPENDENCIES,
  MAX_LISTERS,
  MAX_UNAVAILABLE,
  UNAVAILABLE_MS,
} from '../bounds.ts'
import type { Claim, EndOutcome, FetchState, FetchTurn, Lister, Standing, Want } from '../types.ts'
import { discharge, tally } from './shares.ts'

/** Peers that are asked on the off-chance for a dependency that nobody else has. */
const OTHERS_ASKED = 2

/** The peer's record; null when too many peers are known. */
export function listerOf({ state, now }: FetchTurn, peer: PeerId): Lister | null {
  const known = state.listers.get(peer)
  if (known !== undefined) return known
  if (state.listers.size >= MAX_LISTERS) return null
  const lister: Lister = {
    queue: new Set(),
    urgent: new Set(),
    requests: new Map(),
    claimed: 0,
    listed: 0,
    held: 0,
    failures: 0,
    restsUntil: 0,
    judging: new Map(),
    judgingSince: now,
    isOpen: false,
    isHeard: false,
    heardAt: now,
    owesSince: now,
    broughtBytes: 0,
  }
  state.listers.set(peer, lister)
  return lister
}

export type Listing = Omit<Claim, 'standing'> & { readonly tries: number }

/** Something in the intake builds on an id: the peers that brought that are asked first, then any. */
export function wantDependency(turn: FetchTurn, id: Hash, from: readonly PeerId[]): void {
  const { state, now } = turn
  const known = state.wants.get(id)
  if (known === undefined) {
    const gone = state.unavailable.get(id)
    if (gone !== undefined && now - gone.at < UNAVAILABLE_MS) return
    if (!hasFreePlace(state)) return
  }
  const entry = known ?? begin(state, id, { isDependency: true, tries: 0 })
  if (!entry.isDependency && entry.phase === 'queued') unqueue(state, entry)
  entry.isDependency = true
  if (hasFreePlace(state)) discharge(turn, entry)
  for (const peer of from) addClaim(turn, entry, { peer, frame: null, isListed: false })
  if (entry.phase === 'queued') requeue(turn, entry)
}

/** Whether one more may take a place that is nobody's share. */
function hasFreePlace({ wants, held }: FetchState): boolean {
  return wants.size - held < MAX_DEPENDENCIES
}

export function begin(
  state: FetchState,
  id: Hash,
  how: { readonly isDependency: boolean; readonly tries: number },
): Want {
  const entry: Want = { id, claims: [], holder: null, phase: 'queued', at: 0, ...how }
  state.wants.set(id, entry)
  return entry
}

export function claimOf({ claims }: Want, peer: PeerId): Claim | undefined {
  return claims.find((claim) => claim.peer === peer)
}

/** A peer that could not be reached counts again; one that did not have the id does not. */
export function addClaim(turn: FetchTurn, entry: Want, { peer, frame, isListed }: Omit<Claim, 'standing'>): void {
  const known = claimOf(entry, peer)
  if (known !== undefined) {
    if (frame !== null) known.frame = Math.min(known.frame ?? frame, frame)
    if (isListed && !known.isListed) {
      known.isListed = true
      required(turn.state.listers.get(peer), 'a peer with claims is known').listed++
    }
    if (known.standing === 'failed') known.standing = 'good'
  } else {
    const lister = entry.claims.length < MAX_CLAIMS ? listerOf(turn, peer) : null
    if (lister === null) return
    entry.claims.push({ peer, frame, isListed, standing: 'good' })
    tally(lister, { isListed }, 1)
  }
  if (entry.phase === 'queued') enqueue(turn.state, entry)
  turn.effects.push({ type: 'changed', id: entry.id })
}

/** Whoever has it in good standing may be asked: the first with a free place is. */
function enqueue({ listers }: FetchState, { id, claims, isDependency }: Want): boolean {
  let isAskable = false
  for (const { peer, standing } of claims) {
    if (standing !== 'good') continue
    const lister = required(listers.get(peer), 'a peer with claims is known')
    if (isDependency) lister.urgent.add(id)
    else lister.queue.add(id)
    isAskable = true
  }
  return isAskable
}

export function unqueue({ listers, resting, waiting }: FetchState, { id, claims }: Want): void {
  for (const { peer } of claims) {
    const lister = listers.get(peer)
    lister?.queue.delete(id)
    lister?.urgent.delete(id)
  }
  resting.delete(id)
  waiting.delete(id)
}

/** May be asked for again; an id that nobody is left to ask for is unavailable. */
export function requeue(turn: FetchTurn, entry: Want): void {
  unqueue(turn.state, entry)
  entry.phase = 'queued'
  if (enqueue(turn.state, entry)) return
  if (entry.isDependency && askOthers(turn, entry)) return
  end(turn, entry, 'unavailable')
}

function askOthers(turn: FetchTurn, entry: Want): boolean {
  const { connected, listers } = turn.state
  const untried = [...connected].filter(
    (peer) => claimOf(entry, peer) === undefined && (listers.get(peer)?.failures ?? 0) === 0,
  )
  for (const peer of untried.slice(0, OTHERS_ASKED)) addClaim(turn, entry, { peer, frame: null, isListed: false })
  return enqueue(turn.state, entry)
}

/** S8: every kind of failure counts a try. `standing`: what it does to the peer's claim; null for nothing. */
export function countTry(turn: FetchTurn, entry: Want, fault: { peer: PeerId; standing: Standing | null }): void {
  const claim = claimOf(entry, fault.peer)
  if (claim !== undefined && fault.standing !== null) claim.standing = fault.standing
  if (entry.phase === 'asked' || entry.phase === 'waiting') spendTry(turn, entry)
  else if (fault.standing !== null) requeue(turn, entry)
}

function spendTry(turn: FetchTurn, entry: Want): void {
  entry.tries++
  turn.effects.push({ type: 'changed', id: entry.id })
  if (entry.tries >= FETCH_TRIES) end(turn, entry, 'unavailable')
  else requeue(turn, entry)
}

/** This node is not ready for it: a try as well, and the next one after a pause. */
export function rest(turn: FetchTurn, entry: Want): void {
  spendTry(turn, entry)
  const { state, now } = turn
  if (state.wants.get(entry.id) !== entry) return
  unqueue(state, entry)
  entry.phase = 'resting'
  entry.at = now + LOCAL_PAUSE_MS
  state.resting.set(entry.id, entry.at)
}

/** Its blob is in the intake and waits for what it builds on. */
export function park({ state, now }: FetchTurn, entry: Want): void {
  unqueue(state, entry)
  entry.phase = 'waiting'
  entry.at = now
  state.waiting.set(entry.id, now)
}

/** The id leaves the queue. */
export function end(turn: FetchTurn, entry: Want, outcome: EndOutcome): void {
  const { state, now, effects } = turn
  const { id, claims } = entry
  unqueue(state, entry)
  discharge(turn, entry)
  state.wants.delete(id)
  for (const claim of claims) {
    const lister = state.listers.get(claim.peer)
    if (lister !== undefined) tally(lister, claim, -1)
  }
  if (outcome === 'inserted' || outcome === 'known') state.counters.done++
  else if (outcome !== 'dropped') state.counters.failed++
  if (outcome === 'unavailable') {
    const refusedBy = claims.filter(({ standing }) => standing === 'refused').map(({ peer }) => peer)
    setLatest(state.unavailable, [id, { refusedBy, at: now }], MAX_UNAVAILABLE)
  }
  effects.push({ type: 'ended', id, claims, outcome }, { type: 'changed', id })
}
