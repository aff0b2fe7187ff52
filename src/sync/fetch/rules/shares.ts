/**
 * Shares of the queue (S8): an id that was listed takes a place of one of the peers that listed it, so that nobody fills the
 * queue at the cost of others.
 */
import { required } from '../../../assert.ts'
import type { PeerId } from '../../../domain.ts'
import type { Claim, FetchState, FetchTurn, Lister, Want } from '../types.ts'

/** The id takes a place of this peer. */
export function charge({ state }: FetchTurn, entry: Want, peer: PeerId): void {
  required(state.listers.get(peer), 'a peer with claims is known').held++
  entry.holder = peer
  state.held++
}

/** The id takes nobody's place any more. */
export function discharge({ state, effects }: FetchTurn, entry: Want): void {
  const peer = entry.holder
  if (peer === null) return
  entry.holder = null
  state.held--
  const lister = state.listers.get(peer)
  if (lister === undefined) return
  lister.held--
  effects.push({ type: 'eased', peer })
}

/** A claim of the peer begins, or ends. */
export function tally(lister: Lister, { isListed }: Pick<Claim, 'isListed'>, by: 1 | -1): void {
  lister.claimed += by
  if (isListed) lister.listed += by
}

/** The peer's claim is gone; whoever else listed the id gives the place. */
export function disclaim(turn: FetchTurn, entry: Want, peer: PeerId): void {
  const at = entry.claims.findIndex((claim) => claim.peer === peer)
  const [claim] = at < 0 ? [] : entry.claims.splice(at, 1)
  if (claim === undefined) return
  const lister = turn.state.listers.get(peer)
  if (lister !== undefined) {
    tally(lister, claim, -1)
    lister.queue.delete(entry.id)
    lister.urgent.delete(entry.id)
  }
  if (entry.holder !== peer) return
  discharge(turn, entry)
  const next = entry.claims[0]
  if (next !== undefined) charge(turn, entry, next.peer)
}

/** Who takes most places, and how many. */
export function largestHolder({ listers }: FetchState): { readonly peer: PeerId; readonly held: number } {
  let largest = { peer: '', held: 0 }
  for (const [peer, { held }] of listers) if (held > largest.held) largest = { peer, held }
  return largest
}

/** What the peer was the last to list of what takes its places: it would be asked for that last. */
export function newestHeld({ wants }: FetchState, peer: PeerId, count: number): Want[] {
  const held: Want[] = []
  for (const entry of wants.values()) if (entry.holder === peer) held.push(entry)
  return held.slice(-count)
}
