/**
 * Final blocks in bulk (P17.6): a batch that one certificate above it proves final. Its blocks enter the tree like any
 * others, with the certificates they carry, so finality, sessions and delivery follow by the ordinary rules.
 */
import type { Verified } from '../../domain.ts'
import { finalizedOf } from '../chain.ts'
import type { FinalRange } from '../range/types.ts'
import { compareEpochs } from '../sn.ts'
import type { Proposal, State } from '../types.ts'
import { enterEpoch } from './epoch.ts'
import { watchOwnProposal } from './guard.ts'
import { halt } from './halt.ts'
import { applyNotarization } from './notarization.ts'
import { retryParked, storeBlock } from './proposal.ts'
import { catchUp } from './sync.ts'
import { emit, stopTimer, type Turn } from './turn.ts'
import { blockProblem } from './validity.ts'

/** P17.6: takes what follows the own chain; tells the service up to where, or why not. */
export function onFinalRange(turn: Turn, range: Verified<FinalRange>): void {
  const { state } = turn
  const last = range.blocks.at(-1)
  if (last === undefined) return
  const problem = placeProblem(state, range) ?? insertAll(turn, range.blocks)
  if (problem === null) follow(turn, range)
  else if (contradicts(state, range)) {
    halt(turn, 'conflicting-finality', `final block ${last.block.hash} is not above ${state.tree.finalized}`)
  }
  emit(turn, { type: 'rangeTaken', last: last.block.header.height, problem })
}

/** P16.6: a certificate beside or above a session's stop block says nothing of the blocks above it. */
function placeProblem({ tree }: State, { blocks, notarization }: FinalRange): string | null {
  const head = finalizedOf(tree)
  const last = blocks.at(-1)?.block.header.height ?? 0
  if (last <= head.ref.height) return null
  if (notarization.sn.session < head.ref.sn.session) return 'a proof of an older session'
  const isStopped = head.stop !== null && head.ref.sn.session === notarization.sn.session
  return isStopped ? 'a proof beside the stop block' : null
}

/** A proven block in the place right above the finalized head that names another parent: two chains are final. */
function contradicts(state: State, range: FinalRange): boolean {
  if (placeProblem(state, range) !== null) return false
  const { ref } = finalizedOf(state.tree)
  const above = range.blocks.find(({ block }) => block.header.height === ref.height + 1)
  return above !== undefined && above.block.header.parentHash !== ref.hash
}

function insertAll(turn: Turn, blocks: readonly Proposal[]): string | null {
  for (const proposal of blocks) {
    const problem = insert(turn, proposal)
    if (problem !== null) return problem
  }
  return null
}

/** The certificates first: those of a session's first block finish the session before, whose committee follows. */
function insert(turn: Turn, proposal: Proposal): string | null {
  const { state } = turn
  const { hash, header, notarizations } = proposal.block
  watchOwnProposal(turn, proposal)
  if (header.height <= finalizedOf(state.tree).ref.height || state.tree.entries.has(hash)) return null
  for (const notarization of notarizations) applyNotarization(turn, notarization)
  const parent = state.tree.entries.get(header.parentHash)
  if (parent === undefined) return 'blocks that do not follow the own chain'
  const problem = blockProblem(state, proposal.block, parent)
  if (problem === null) storeBlock(turn, proposal)
  return problem
}

/** P8.2-b: the certificate above the batch waits for its block, and proves its epoch. */
function follow(turn: Turn, { notarization }: FinalRange): void {
  applyNotarization(turn, notarization)
  if (compareEpochs(notarization.sn, turn.state.epoch.current) > 0) enterEpoch(turn, { kind: 'block', notarization })
  retryParked(turn)
  // What one peer was asked for before has come in another way, and its answer would look useless.
  dropRequest(turn)
  catchUp(turn)
}

function dropRequest(turn: Turn): void {
  turn.state.requests.blocks = null
  stopTimer(turn, 'blocksRequest')
}

/** While range sync makes progress, one peer's blocks would only come twice (P17.2). */
export function onRangeLead(turn: Turn, leads: boolean): void {
  turn.state.rangeLeads = leads
  if (leads) dropRequest(turn)
  else catchUp(turn)
}
