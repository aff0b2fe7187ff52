/** Which certificates a block must embed (P5.2), derived from the chain it extends. */
import { required } from '../../assert.ts'
import { ancestry, type BlockTree, type TreeEntry } from '../chain.ts'
import { sessionOf } from '../committee.ts'
import type { Sn } from '../sn.ts'
import type { Session } from '../types.ts'

export type CertPlan = {
  /** Blocks whose notarization is embedded, oldest first. */
  readonly notarized: readonly TreeEntry[]
  readonly needsClockNotarization: boolean
}

/** What a block at `sn` on `parent` embeds. Fails only if the tree was pruned too early, which is a bug. */
export function certsFor(
  tree: BlockTree,
  sessions: ReadonlyMap<number, Session>,
  { sn, parent }: { readonly sn: Sn; readonly parent: TreeEntry },
): CertPlan {
  if (sn.s > 1) return { notarized: embeddedInside(tree, sessions, { sn, parent }), needsClockNotarization: false }
  return { notarized: tailOf(tree, sessions, parent), needsClockNotarization: sn.epoch > 1 }
}

/** `(S,e,s)`: nothing up to k, then exactly the notarization k slots back. */
function embeddedInside(
  tree: BlockTree,
  sessions: ReadonlyMap<number, Session>,
  { sn, parent }: { readonly sn: Sn; readonly parent: TreeEntry },
): TreeEntry[] {
  const { k } = sessionOf(sessions, sn.session).params
  if (sn.s <= k) return []
  return [nthAncestor(tree, parent, k - 1)]
}

/** A first block carries the last min(k, m) notarizations of its parent's epoch; genesis has none. */
function tailOf(tree: BlockTree, sessions: ReadonlyMap<number, Session>, parent: TreeEntry): TreeEntry[] {
  if (parent.ref.sn.session === 0) return []
  const { k } = sessionOf(sessions, parent.ref.sn.session).params
  const count = Math.min(k, parent.ref.sn.s)
  const tail: TreeEntry[] = []
  for (const entry of ancestry(tree, parent.ref.hash)) {
    if (tail.length === count) break
    tail.unshift(entry)
  }
  return tail
}

function nthAncestor(tree: BlockTree, from: TreeEntry, steps: number): TreeEntry {
  let left = steps
  for (const entry of ancestry(tree, from.ref.hash)) if (left-- === 0) return entry
  return required<TreeEntry>(null, `ancestor ${steps} of ${from.ref.hash} is in memory`)
}

/** The height a block at `sn` on `parent` proves final by the certificates its chain carries, itself included. */
export function inChainFinalHeight(
  tree: BlockTree,
  sessions: ReadonlyMap<number, Session>,
  { sn, parent }: { readonly sn: Sn; readonly parent: TreeEntry },
): number {
  const plan = certsFor(tree, sessions, { sn, parent })
  const carried = sn.s === 1 ? parent : plan.notarized.at(-1)
  if (carried === undefined) return parent.inChainFinalHeight
  return finalHeightBy(sessions, carried) ?? carried.inChainFinalHeight
}

/**
 * F1 on one certificate: nota(S,e,m) with m > k makes (S,e,m-k) final (P13.1), but nothing above the session's stop
 * block, because the next session may build beside it (P16.6). Null when m <= k.
 */
export function finalHeightBy(sessions: ReadonlyMap<number, Session>, entry: TreeEntry): number | null {
  const { sn, height } = entry.ref
  if (sn.session === 0) return null
  const { k } = sessionOf(sessions, sn.session).params
  return sn.s > k ? Math.min(height - k, entry.stop?.height ?? Number.POSITIVE_INFINITY) : null
}

/** P16.4-2, P16.4-3: whether the chain up to `entry`, its own certificate included, proves its session's stop block final. */
export function provesStop(sessions: ReadonlyMap<number, Session>, entry: TreeEntry): boolean {
  if (entry.stop === null) return false
  return (finalHeightBy(sessions, entry) ?? entry.inChainFinalHeight) >= entry.stop.height
}
