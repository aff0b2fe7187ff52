/** Reconciliation (P17): who is behind asks, epoch first, then blocks; one request of a kind at a time. */
import type { Hash, Millis, PeerId, Verified } from '../../domain.ts'
import { FRESHER_BLOCKS, MAX_LOCATOR, MAX_UNFINAL_BLOCKS, RANGE_BLOCKS, RANGE_THRESHOLD } from '../bounds.ts'
import { ancestorAt, ancestry, finalizedOf, fncOf, type TreeEntry } from '../chain.ts'
import { compareEpochs, compareSn, type EpochId, type Sn } from '../sn.ts'
import type { PeerState, PendingRequest } from '../state-parts.ts'
import type { BlockRef, EpochProof, NotarizedBlock, State } from '../types.ts'
import { enterEpoch } from './epoch.ts'
import { accuseLeader, rivalOf } from './evidence.ts'
import { watchOwnProposal } from './guard.ts'
import { applyNotarization } from './notarization.ts'
import { retryParked, storeBlock } from './proposal.ts'
import { bestHead } from './session.ts'
import { currentSession, drop, emit, penalise, send, startTimer, stopTimer, type Turn } from './turn.ts'
import { blockProblem } from './validity.ts'

/** P17.2: asks one peer that is ahead for what is missing, if nothing is under way. */
export function catchUp(turn: Turn): void {
  const { state } = turn
  if (state.requests.epoch === null) {
    // Proofs of a later session's epochs mean nothing before its committee is known: blocks come first then.
    const { session } = state.epoch.current
    const peer = pickPeer(turn, (s) => (s.epoch.session === session ? s.epoch.epoch - state.epoch.current.epoch : 0))
    if (peer !== null) requestEpochFrom(turn, peer)
  }
  if (state.requests.blocks === null && !state.rangeLeads) {
    const fnc = fncOf(state.tree).ref.sn
    // Whoever is in a later session holds the blocks that stop ours, on a branch that need not be fresher (P16.7).
    const peer = pickPeer(turn, (s) => s.epoch.session - state.epoch.current.session || compareSn(s.fnc.sn, fnc))
    const claimed = (peer === null ? null : state.peers.get(peer)?.status?.fnc.sn) ?? fnc
    if (peer !== null) requestBlocksFrom(turn, peer, { claimed, wanted: null })
  }
}

/** P17.2: one of the peers that claim to be ahead and are not shunned, another each time. */
function pickPeer({ state, now }: Turn, ahead: (status: NonNullable<PeerState['status']>) => number): PeerId | null {
  const candidates = [...state.peers].filter(
    ([, peer]) => peer.status !== null && peer.shunnedUntil <= now && ahead(peer.status) > 0,
  )
  return candidates[state.requests.nextId % Math.max(candidates.length, 1)]?.[0] ?? null
}

/** P17.3. */
export function requestEpochFrom(turn: Turn, peer: PeerId): void {
  const { state } = turn
  if (state.requests.epoch !== null || !state.peers.has(peer)) return
  state.requests.epoch = { requestId: state.requests.nextId++, peer, claimed: { ...state.epoch.current, s: 0 } }
  send(turn, [peer], { type: 'getEpoch', epoch: state.epoch.current })
  startTimer(turn, 'epochRequest', requestTimeoutMs(state))
}

/** P17.4, P17.6: final ranges when far behind, else whatever is fresher than the own chain. */
export function requestBlocksFrom(
  turn: Turn,
  peer: PeerId,
  { claimed, wanted }: { readonly claimed: Sn; readonly wanted: Hash | null },
): void {
  const { state } = turn
  const known = state.peers.get(peer)
  if (state.requests.blocks !== null || state.rangeLeads || known === undefined || known.shunnedUntil > turn.now) return
  const requestId = state.requests.nextId++
  state.requests.blocks = { requestId, peer, claimed }
  const height = finalizedOf(state.tree).ref.height
  const theirs = known.status?.finalized.height ?? 0
  if (theirs > height + RANGE_THRESHOLD) {
    // Go on above what is held; if that did not help, from another end, at last from the finalized head.
    const ends = openEnds(state)
    const from = ends[known.failures % ends.length]?.ref.height ?? height
    const toHeight = Math.min(from + RANGE_BLOCKS, theirs)
    send(turn, [peer], { type: 'getRange', requestId, fromHeight: Math.min(from + 1, toHeight), toHeight })
  } else {
    send(turn, [peer], { type: 'getFresher', requestId, locator: locatorOf(state), wanted })
  }
  startTimer(turn, 'blocksRequest', requestTimeoutMs(state))
}

function requestTimeoutMs(state: State): Millis {
  return currentSession(state).params.voterTimeoutMs / 2
}

/** Notarized blocks that no notarized block extends, freshest first, then the finalized head. */
function openEnds({ tree }: State): TreeEntry[] {
  const head = finalizedOf(tree)
  const isEnd = (entry: TreeEntry): boolean =>
    entry.notarized &&
    entry.ref.height > head.ref.height &&
    ![...entry.children].some((child) => tree.entries.get(child)?.notarized)
  const ends = [...tree.entries.values()].filter(isEnd)
  return [...ends.sort((a, b) => compareSn(b.ref.sn, a.ref.sn)), head]
}

/**
 * P17.4: from the FNC head down to the finalized head, ten dense, then in growing steps. Ends of other forks come first:
 * a fork longer than one answer is fetched in parts, and none of them need raise the FNC.
 */
export function locatorOf(state: State): BlockRef[] {
  const others = openEnds(state).filter(({ ref }) => ref.hash !== state.tree.fnc && ref.hash !== state.tree.finalized)
  const locator: BlockRef[] = others.slice(0, MAX_LOCATOR / 4).map(({ ref }) => ref)
  let next = 0
  let step = 1
  let index = 0
  for (const entry of ancestry(state.tree, state.tree.fnc)) {
    const isLast = entry.ref.hash === state.tree.finalized
    if (index++ === next || isLast) {
      locator.push(entry.ref)
      if (locator.length >= 10) step *= 2
      next += step
    }
    if (isLast || locator.length === MAX_LOCATOR) break
  }
  return locator
}

/** P17.3: the best proof of the local epoch, when the asker is behind it. */
export function onGetEpoch(turn: Turn, from: PeerId, epoch: EpochId): void {
  const { current, proof } = turn.state.epoch
  // Whoever is a session behind fetches the blocks that end it.
  if (proof === null || proof.kind === 'session') return
  if (epoch.session !== current.session || epoch.epoch >= current.epoch) return
  send(turn, [from], { type: 'epochProof', proof })
}

export function onEpochProof(turn: Turn, from: PeerId | null, proof: Verified<EpochProof>): void {
  const { state } = turn
  if (state.requests.epoch?.peer === from) {
    state.requests.epoch = null
    stopTimer(turn, 'epochRequest')
  }
  if (proof.kind === 'block') applyNotarization(turn, proof.notarization)
  enterEpoch(turn, proof)
  catchUp(turn)
}

/** P17.4: what follows the highest common notarized block, on the chain of the block it wants or on our best one. */
export function onGetFresher(
  turn: Turn,
  from: PeerId,
  requestId: number,
  { locator, wanted }: { readonly locator: readonly BlockRef[]; readonly wanted: Hash | null },
): void {
  const { state } = turn
  const asked = wanted === null ? undefined : state.tree.entries.get(wanted)
  const top = (asked?.notarized ? asked : bestHead(state)).ref.hash
  const oldest = locator.at(-1)
  if (oldest === undefined || locator.length > MAX_LOCATOR) return penalise(turn, from, 'invalid', 'locator size')
  const common = locator.find((ref) => ancestorAt(state.tree, top, ref.height)?.ref.hash === ref.hash)
  if (common !== undefined) {
    const chain = [...ancestry(state.tree, top)].filter((entry) => entry.ref.height > common.height)
    const hashes = chain
      .reverse()
      .slice(0, FRESHER_BLOCKS)
      .map((entry) => entry.ref.hash)
    emit(turn, { type: 'sendBlocks', to: from, requestId, blocks: { kind: 'hashes', hashes } })
    return
  }
  const finalized = finalizedOf(state.tree).ref
  if (oldest.height < finalized.height && !inMemory(state, oldest.height)) {
    const range = { kind: 'final', fromHeight: oldest.height + 1, toHeight: oldest.height + FRESHER_BLOCKS } as const
    emit(turn, { type: 'sendBlocks', to: from, requestId, blocks: range })
    return
  }
  send(turn, [from], { type: 'inconsistent', requestId, finalized })
}

function inMemory(state: State, height: number): boolean {
  return ancestorAt(state.tree, state.tree.finalized, height) !== null
}

/** P17.6: final blocks by height. */
export function onGetRange(
  turn: Turn,
  from: PeerId,
  requestId: number,
  range: { fromHeight: number; toHeight: number },
): void {
  const top = finalizedOf(turn.state.tree).ref.height
  const { fromHeight } = range
  const toHeight = Math.min(range.toHeight, top, fromHeight + RANGE_BLOCKS - 1)
  if (fromHeight < 1) return penalise(turn, from, 'invalid', 'range below genesis')
  emit(turn, { type: 'sendBlocks', to: from, requestId, blocks: { kind: 'final', fromHeight, toHeight } })
}

/** P17.5: inserts in order; the first bad one ends the batch and the peer's standing. */
export function onBlocks(
  turn: Turn,
  from: PeerId | null,
  requestId: number,
  blocks: readonly Verified<NotarizedBlock>[],
): void {
  const { state } = turn
  const request = state.requests.blocks
  if (request === null || request.requestId !== requestId || request.peer !== from) {
    return drop(turn, 'blocks', 'nobody asked')
  }
  const before = fncOf(state.tree).ref.sn
  let isNew = false
  for (const block of blocks) {
    const outcome = insertNotarized(turn, request.peer, block)
    if (outcome === 'refused') break
    isNew ||= outcome === 'new'
  }
  const after = fncOf(state.tree).ref.sn
  // The claim may also have been met meanwhile, by the leader's own messages.
  const isUseful = isNew || compareSn(after, before) > 0 || compareSn(after, request.claimed) >= 0
  endBlocksRequest(turn, isUseful ? 'useful' : 'useless', request)
  followEpoch(turn, blocks)
  retryParked(turn)
  catchUp(turn)
}

function insertNotarized(
  turn: Turn,
  from: PeerId,
  { proposal, notarization }: NotarizedBlock,
): 'new' | 'known' | 'refused' {
  const { state } = turn
  const { block } = proposal
  const isKnown = state.tree.entries.has(block.hash)
  if (!isKnown) {
    if (block.header.height <= finalizedOf(state.tree).ref.height) return 'known'
    const parent = state.tree.entries.get(block.header.parentHash)
    if (parent === undefined) return 'refused'
    if (block.header.height > finalizedOf(state.tree).ref.height + MAX_UNFINAL_BLOCKS) return 'refused'
    const problem = blockProblem(state, block, parent)
    if (problem !== null) {
      penalise(turn, from, 'invalid', `synced block: ${problem}`)
      return 'refused'
    }
    const rival = rivalOf(turn, proposal)
    if (rival !== null) accuseLeader(turn, rival, proposal)
    watchOwnProposal(turn, proposal)
    storeBlock(turn, proposal)
  }
  applyNotarization(turn, notarization)
  return isKnown ? 'known' : 'new'
}

/** P8.2-b, P8.5: a certified block of a later epoch moves the local epoch. */
function followEpoch(turn: Turn, blocks: readonly NotarizedBlock[]): void {
  const newest = blocks.at(-1)?.notarization
  if (newest !== undefined && compareEpochs(newest.sn, turn.state.epoch.current) > 0) {
    enterEpoch(turn, { kind: 'block', notarization: newest })
  }
}

/** P17.4: our chains have nothing in common above our finalized heads, it says; ask someone else. */
export function onInconsistent(turn: Turn, from: PeerId, requestId: number): void {
  const request = turn.state.requests.blocks
  if (request === null || request.requestId !== requestId || request.peer !== from) return
  endBlocksRequest(turn, 'useless', request)
  catchUp(turn)
}

/** P17.2, P17.9: no useful answer in time; the peer is left alone for longer each time. */
export function onRequestTimeout(turn: Turn, kind: 'epoch' | 'blocks'): void {
  const { state } = turn
  const request = state.requests[kind]
  if (request === null) return
  if (kind === 'blocks') endBlocksRequest(turn, 'useless', request)
  else {
    state.requests.epoch = null
    shun(turn, request)
  }
  catchUp(turn)
}

function endBlocksRequest(turn: Turn, outcome: 'useful' | 'useless', request: PendingRequest): void {
  turn.state.requests.blocks = null
  stopTimer(turn, 'blocksRequest')
  const peer = turn.state.peers.get(request.peer)
  if (outcome === 'useless') shun(turn, request)
  else if (peer !== undefined) peer.failures = 0
}

/** Doubles the time a useless peer is not asked, up to 64 times T. Its claims are forgotten until it makes new ones. */
function shun(turn: Turn, request: PendingRequest): void {
  const peer = turn.state.peers.get(request.peer)
  if (peer === undefined) return
  const { voterTimeoutMs } = currentSession(turn.state).params
  peer.shunnedUntil = turn.now + (voterTimeoutMs / 16) * 2 ** Math.min(peer.failures, 10)
  peer.failures++
  peer.status = null
  if (peer.failures > 3) penalise(turn, request.peer, 'useless', 'claimed to be ahead, delivered nothing')
}
