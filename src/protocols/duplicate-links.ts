/** Two peers that dial each other at once get two connections; this rule says which one stays (P18.7). */
import type { Millis, PeerId } from '../domain.ts'

/** Dials from both sides within this time count as simultaneous. */
export const SIMULTANEOUS_MS = 10_000

export type LinkLike = {
  readonly peer: PeerId
  readonly openedAt: Millis
  readonly connection: { readonly direction: 'inbound' | 'outbound' }
}

/**
 * The links to close. Only the side with the smaller peer id closes any, so both never close different ones. Of
 * simultaneous dials its own stays; otherwise the newest does: a peer that dials again has lost the older connection.
 */
export function redundantLinks<L extends LinkLike>(self: PeerId, links: readonly L[]): L[] {
  const newest = links.reduce<L | undefined>((a, b) => (a === undefined || b.openedAt >= a.openedAt ? b : a), undefined)
  if (newest === undefined || links.length < 2 || self > newest.peer) return []
  const isRival = (link: L): boolean => newest.openedAt - link.openedAt < SIMULTANEOUS_MS
  const ownDial = links.findLast((link) => link.connection.direction === 'outbound' && isRival(link))
  const kept = ownDial ?? newest
  return links.filter((link) => link !== kept)
}
