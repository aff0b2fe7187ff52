/**
 * The block tree: what a node stores above (and a little below) its finalized head, which of it is notarized, and
 * which notarized block is the freshest (P9). Plain data and pure functions.
 */
import { assert, required } from '../assert.ts'
import type { Hash, Millis } from '../domain.ts'
import { MAX_HELD_NOTARIZATIONS, RETAINED_FINAL_BLOCKS } from './bounds.ts'
import { compareSn, GENESIS_SN, snKey } from './sn.ts'
import type { Block, BlockRef, Notarization, Proposal } from './types.ts'

/** One block of the tree. `notarized` also demands that every ancestor is (P9.1). */
export type TreeEntry = {
  readonly ref: BlockRef
  readonly parentHash: Hash
  readonly timestamp: Millis
  readonly sessionCount: number
  /** The height that the certificates carried by this chain, up to this block, prove final. */
  readonly inChainFinalHeight: number
  /** The stop block of this block's session, at or below it on this chain; null before it (P16.3). */
  readonly stop: BlockRef | null
  /** Null for genesis, and for final blocks: their bodies are on disk, and nobody votes on them any more. */
  proposal: Proposal | null
  notarization: Notarization | null
  notarized: boolean
  readonly children: Set<Hash>
}

export type BlockTree = {
  readonly entries: Map<Hash, TreeEntry>
  /** snKey -> blocks that claim the slot: a cheating leader may make several (P3.4). */
  readonly bySlot: Map<string, Set<Hash>>
  /** Certificates whose block has not come yet. */
  readonly held: Map<Hash, Notarization>
  fnc: Hash
  finalized: Hash
}

/** A tree that holds genesis only; its hash is the chain id (P3.3). */
export function createTree(chainId: Hash, genesisTime: Millis): BlockTree {
  const ref: BlockRef = { sn: GENESIS_SN, hash: chainId, height: 0 }
  const genesis: TreeEntry = {
    ref,
    parentHash: '',
    timestamp: genesisTime,
    sessionCount: 0,
    inChainFinalHeight: 0,
    stop: null,
    proposal: null,
    notarization: null,
    notarized: true,
    children: new Set(),
  }
  return {
    entries: new Map([[chainId, genesis]]),
    bySlot: new Map([[snKey(GENESIS_SN), new Set([chainId])]]),
    held: new Map(),
    fnc: chainId,
    finalized: chainId,
  }
}

/** The stop block that the parent's chain holds in the same session. */
function stopBelow(tree: BlockTree, { block: { header } }: Proposal): BlockRef | null {
  const parent = tree.entries.get(header.parentHash)
  return parent !== undefined && parent.ref.sn.session === header.sn.session ? parent.stop : null
}

/** The entry of a block that must be there. */
export function entryOf(tree: BlockTree, hash: Hash): TreeEntry {
  return required(tree.entries.get(hash), `block ${hash} is in the tree`)
}

export function fncOf(tree: BlockTree): TreeEntry {
  return entryOf(tree, tree.fnc)
}

export function finalizedOf(tree: BlockTree): TreeEntry {
  return entryOf(tree, tree.finalized)
}

/** The entries from `hash` upward to its oldest kept ancestor, newest first. */
export function* ancestry(tree: BlockTree, hash: Hash): Generator<TreeEntry> {
  for (let entry = tree.entries.get(hash); entry !== undefined; entry = tree.entries.get(entry.parentHash)) yield entry
}

/** The ancestor of `hash` (or itself) at `height`, or null when the tree does not reach that far. */
export function ancestorAt(tree: BlockTree, hash: Hash, height: number): TreeEntry | null {
  for (const entry of ancestry(tree, hash)) {
    if (entry.ref.height === height) return entry
    if (entry.ref.height < height) return null
  }
  return null
}

/** Whether `hash` is `ancestor` or a descendant of it. */
export function descendsFrom(tree: BlockTree, hash: Hash, ancestor: Hash): boolean {
  const { height } = entryOf(tree, ancestor).ref
  return ancestorAt(tree, hash, height)?.ref.hash === ancestor
}

/** Blocks from `hash` down to, not including, the finalized head; newest first. */
export function unfinalBlocks(tree: BlockTree, hash: Hash): Block[] {
  const blocks: Block[] = []
  for (const entry of ancestry(tree, hash)) {
    if (entry.ref.hash === tree.finalized || entry.proposal === null) break
    blocks.push(entry.proposal.block)
  }
  return blocks
}

/** Puts a block whose parent is in the tree. Returns false when it was there. */
export function insertBlock(tree: BlockTree, proposal: Proposal): boolean {
  const { block } = proposal
  if (tree.entries.has(block.hash)) return false
  const parent = entryOf(tree, block.header.parentHash)
  parent.children.add(block.hash)
  linkEntry(tree, proposal, stopBelow(tree, proposal))
  return true
}

/**
 * Puts the oldest block of a restored tree, whose ancestors are final and gone from memory; `stop` is the stop block among
 * them, if their session had ended.
 */
export function insertRoot(tree: BlockTree, proposal: Proposal, stop: BlockRef | null): void {
  assert(tree.entries.size === 1, 'a root replaces genesis in an empty tree')
  const genesis = tree.finalized
  tree.entries.delete(genesis)
  tree.bySlot.clear()
  const entry = linkEntry(tree, proposal, stop)
  entry.notarized = true
  tree.fnc = entry.ref.hash
  tree.finalized = entry.ref.hash
}

function linkEntry(tree: BlockTree, proposal: Proposal, stop: BlockRef | null): TreeEntry {
  const { hash, header } = proposal.block
  const ref: BlockRef = { sn: header.sn, hash, height: header.height }
  const entry: TreeEntry = {
    ref,
    parentHash: header.parentHash,
    timestamp: header.timestamp,
    sessionCount: header.sessionCount,
    inChainFinalHeight: header.stateHeight,
    stop: header.isStop ? ref : stop,
    proposal,
    notarization: null,
    notarized: false,
    children: new Set(),
  }
  tree.entries.set(hash, entry)
  const slot = snKey(header.sn)
  const claims = tree.bySlot.get(slot)
  if (claims === undefined) tree.bySlot.set(slot, new Set([hash]))
  else claims.add(hash)
  return entry
}

/** The other certificate, when `notarization`'s slot has one for another block: more than 1/3 is Byzantine (P3.5). */
export function conflictingNotarization(tree: BlockTree, notarization: Notarization): Notarization | null {
  for (const hash of tree.bySlot.get(snKey(notarization.sn)) ?? []) {
    const other = entryOf(tree, hash).notarization
    if (other !== null && hash !== notarization.blockHash) return other
  }
  for (const other of tree.held.values()) {
    if (compareSn(other.sn, notarization.sn) === 0 && other.blockHash !== notarization.blockHash) return other
  }
  return null
}

/** What a certificate changed: blocks newly in the notarized set, and whether it was news at all. */
export type Growth = { readonly notarized: readonly TreeEntry[]; readonly isNew: boolean }

/**
 * Adds a certificate, or holds it until its block comes. Blocks below that become notarized are returned oldest first,
 * and the freshest notarized head follows (P9.2, P9.3).
 */
export function addNotarization(tree: BlockTree, notarization: Notarization): Growth {
  const entry = tree.entries.get(notarization.blockHash)
  if (entry === undefined) return { notarized: [], isNew: holdNotarization(tree, notarization) }
  const isNew = entry.notarization === null && entry.ref.height > 0
  if (isNew || (entry.notarization?.signers.length ?? Infinity) < notarization.signers.length) {
    entry.notarization = notarization
  }
  return { notarized: spreadNotarized(tree, entry), isNew }
}

function holdNotarization(tree: BlockTree, notarization: Notarization): boolean {
  if (tree.held.has(notarization.blockHash)) return false
  if (compareSn(notarization.sn, finalizedOf(tree).ref.sn) <= 0) return false
  if (tree.held.size >= MAX_HELD_NOTARIZATIONS) {
    // Keep the freshest: an old certificate comes again inside a block or by sync.
    const oldest = [...tree.held.values()].reduce((a, b) => (compareSn(a.sn, b.sn) <= 0 ? a : b))
    if (compareSn(oldest.sn, notarization.sn) >= 0) return false
    tree.held.delete(oldest.blockHash)
  }
  tree.held.set(notarization.blockHash, notarization)
  return true
}

/** Takes the certificate that waited for this block, if any. */
export function takeHeld(tree: BlockTree, hash: Hash): Notarization | null {
  const held = tree.held.get(hash) ?? null
  tree.held.delete(hash)
  return held
}

function spreadNotarized(tree: BlockTree, from: TreeEntry): TreeEntry[] {
  const grown: TreeEntry[] = []
  const queue = [from]
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    if (entry.notarized || entry.notarization === null) continue
    if (tree.entries.get(entry.parentHash)?.notarized !== true) continue
    entry.notarized = true
    grown.push(entry)
    if (compareSn(entry.ref.sn, fncOf(tree).ref.sn) > 0) tree.fnc = entry.ref.hash
    for (const child of entry.children) queue.push(entryOf(tree, child))
  }
  return grown
}

/** Moves the finalized head up, forgets dead forks and old final blocks; returns the hashes of dead forks. */
export function advanceFinalized(tree: BlockTree, hash: Hash): Hash[] {
  const head = entryOf(tree, hash)
  const lowest = head.ref.height - RETAINED_FINAL_BLOCKS
  const forks = forksBetween(tree, { head, below: finalizedOf(tree) })
  tree.finalized = hash
  for (const entry of ancestry(tree, hash)) {
    if (entry.proposal === null) break
    entry.proposal = null
  }
  for (const entry of forks) dropEntry(tree, entry)
  dropFinalBelow(tree, lowest)
  const dead = forks.filter((entry) => entry.ref.height > lowest).map((entry) => entry.ref.hash)
  for (const [blockHash, held] of tree.held) {
    if (compareSn(held.sn, head.ref.sn) <= 0) tree.held.delete(blockHash)
  }
  return dead
}

/** What branched off between the finalized head so far and the new one: all of it is dead. */
function forksBetween(
  tree: BlockTree,
  { head, below }: { readonly head: TreeEntry; readonly below: TreeEntry },
): TreeEntry[] {
  const forks: TreeEntry[] = []
  for (let entry = head; entry !== below; entry = entryOf(tree, entry.parentHash)) {
    for (const sibling of entryOf(tree, entry.parentHash).children) {
      if (sibling !== entry.ref.hash) forks.push(...subtree(tree, entryOf(tree, sibling)))
    }
  }
  return forks
}

function subtree(tree: BlockTree, root: TreeEntry): TreeEntry[] {
  const found = [root]
  for (const entry of found) for (const child of entry.children) found.push(entryOf(tree, child))
  return found
}

/** At and below the finalized head the tree is one chain, and parents stand before their children: the oldest come first. */
function dropFinalBelow(tree: BlockTree, height: number): void {
  for (const entry of tree.entries.values()) {
    if (entry.ref.height >= height) return
    dropEntry(tree, entry)
  }
}

function dropEntry(tree: BlockTree, entry: TreeEntry): void {
  const { hash, sn } = entry.ref
  tree.entries.delete(hash)
  tree.entries.get(entry.parentHash)?.children.delete(hash)
  const slot = tree.bySlot.get(snKey(sn))
  slot?.delete(hash)
  if (slot?.size === 0) tree.bySlot.delete(snKey(sn))
}
