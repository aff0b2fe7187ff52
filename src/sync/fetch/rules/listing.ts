/** Ids that peers list (S8): which of them are wanted, and which give way when the queue is full. */
import type { Hash, PeerId } from '../../../domain.ts'
import { EVICTED_TOGETHER, REFUSAL_MS } from '../bounds.ts'
import type { FetchTurn } from '../types.ts'
import { charge, disclaim, largestHolder, newestHeld } from './shares.ts'
import { addClaim, begin, claimOf, end, type Listing, listerOf, requeue } from './wants.ts'

/** An id that a peer listed is wanted; when it is listed again its tries begin anew, unless by who did not have it. */
export function want(turn: FetchTurn, id: Hash, listing: Listing): void {
  const { state } = turn
  const { peer, tries } = listing
  const known = state.wants.get(id)
  if (known !== undefined) {
    if (claimOf(known, peer)?.standing !== 'refused') known.tries = tries
    return addClaim(turn, known, listing)
  }
  if (isRefused(turn, id, peer)) return
  if (!hasRoomFor(turn, peer)) return turnAway(turn, id)
  state.unavailable.delete(id)
  const entry = begin(state, id, { isDependency: false, tries })
  addClaim(turn, entry, listing)
  charge(turn, entry, peer)
}

/** Whether the peer did not have the id a short time ago. */
function isRefused({ state, now }: FetchTurn, id: Hash, peer: PeerId): boolean {
  const gone = state.unavailable.get(id)
  return gone?.refusedBy.includes(peer) === true && now - gone.at < REFUSAL_MS
}

/** When the queue is full, whoever has most of it gives half of what it has more than this peer. */
function hasRoomFor(turn: FetchTurn, peer: PeerId): boolean {
  const { state } = turn
  const lister = listerOf(turn, peer)
  if (lister === null) return false
  while (state.held >= state.places) {
    const largest = largestHolder(state)
    const count = Math.min(EVICTED_TOGETHER, Math.floor((largest.held - lister.held) / 2))
    if (count < 1) return false
    giveWay(turn, largest.peer, count)
  }
  return true
}

/** What others listed too stays wanted from them, and takes a place of theirs. */
function giveWay(turn: FetchTurn, peer: PeerId, count: number): void {
  for (const entry of newestHeld(turn.state, peer, count)) {
    if (entry.claims.length === 1) end(turn, entry, 'no-room')
    else {
      disclaim(turn, entry, peer)
      const isAskable = entry.claims.some(({ standing }) => standing === 'good')
      if (entry.phase === 'queued' && !isAskable) requeue(turn, entry)
    }
  }
}

/** Counts as an id that did not come: whoever listed it has not been heard out. */
function turnAway({ state, effects }: FetchTurn, id: Hash): void {
  state.counters.failed++
  effects.push({ type: 'ended', id, claims: [], outcome: 'no-room' })
}
