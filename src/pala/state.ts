/** Fresh state at genesis, and state rebuilt from disk after a crash (P20.6). */
import { assert, required } from '../assert.ts'
import type { Hash } from '../domain.ts'
import { MAX_SESSIONS } from './bounds.ts'
import { addNotarization, createTree, entryOf, finalizedOf, fncOf, insertBlock, insertRoot } from './chain.ts'
import { createEvidenceBook } from './evidence.ts'
import { compareEpochs, compareSn, type EpochId, snKey } from './sn.ts'
import { createPresence } from './state-parts.ts'
import type {
  BlockRef,
  Config,
  Durable,
  EpochProof,
  Proposal,
  Session,
  SessionRecord,
  SlotLock,
  State,
} from './types.ts'

/** A node that has seen nothing: genesis, session 1, epoch 1. */
export function createState(config: Config, sessions: readonly Session[]): State {
  const tree = createTree(config.chainId, config.genesisTime)
  return {
    config,
    sessions: new Map(sessions.map((session) => [session.session, session])),
    tree,
    epoch: { current: { session: 1, epoch: 1 }, proof: null, fncAtEntry: fncOf(tree).ref },
    voteLocks: new Map(),
    proposeLocks: new Map(),
    votes: new Map(),
    clocks: new Map(),
    parked: new Map(),
    checking: new Set(),
    verdicts: new Map(),
    peers: new Map(),
    timers: new Map(),
    nextGeneration: 1,
    requests: { epoch: null, blocks: null, nextId: 1 },
    leader: {
      phase: 'idle',
      enteredAt: 0,
      delayElapsed: false,
      building: null,
      lastProposed: null,
      lastProposedAt: Number.NEGATIVE_INFINITY,
    },
    unproductiveEpochs: 0,
    finalizedAtEntry: 0,
    clockCast: false,
    payloadPending: false,
    rangeLeads: false,
    halted: false,
    votesFrom: config.votesFrom,
    guard: { isOpen: true, heard: new Set() },
    evidence: createEvidenceBook(),
    presence: createPresence(),
  }
}

/** P20.6-2: blocks, certificates and locks from disk; the epoch is raised to the FNC's if needed, never lowered. */
export function restoreState(config: Config, sessions: readonly Session[], durable: Durable): State {
  const state = createState(config, [
    ...sessions,
    ...durable.sessions.slice(-MAX_SESSIONS).map((known) => known.session),
  ])
  restoreBlocks(state, durable)
  restoreLocks(state.voteLocks, durable.voteLocks)
  restoreLocks(state.proposeLocks, durable.proposeLocks)
  if (durable.epoch !== null) state.epoch = durable.epoch
  raiseEpoch(state)
  state.finalizedAtEntry = finalizedOf(state.tree).ref.height
  return state
}

function restoreBlocks(state: State, { blocks, notarizations, finalized, sessions }: Durable): void {
  const { tree } = state
  const byHeight = [...blocks].sort((a, b) => a.block.header.height - b.block.header.height)
  const oldest = byHeight[0]
  if (oldest !== undefined && oldest.block.header.height > 1) insertRoot(tree, oldest, stopBelow(sessions, oldest))
  for (const proposal of byHeight) {
    if (tree.entries.has(proposal.block.header.parentHash)) insertBlock(tree, proposal)
  }
  const carried = byHeight.flatMap(({ block }) => block.notarizations)
  for (const notarization of [...notarizations, ...carried].sort((a, b) => compareSn(a.sn, b.sn))) {
    if (tree.entries.has(notarization.blockHash)) addNotarization(tree, notarization)
  }
  if (finalized === null) return
  assert(tree.entries.has(finalized.hash), 'the finalized head is on disk')
  tree.finalized = finalized.hash
  assert(
    compareSn(fncOf(tree).ref.sn, entryOf(tree, finalized.hash).ref.sn) >= 0,
    'FNC is not older than the finalized head',
  )
}

/** The stop block of the root's session, when it lies below the root. */
function stopBelow(sessions: readonly SessionRecord[], { block: { header } }: Proposal): BlockRef | null {
  const next = sessions.find(({ session }) => session.session === header.sn.session + 1)
  return next !== undefined && next.stop.height <= header.height ? next.stop : null
}

function restoreLocks(locks: Map<string, Hash>, records: readonly SlotLock[]): void {
  for (const { sn, blockHash } of records) locks.set(snKey(sn), blockHash)
}

/** A certified block of a later epoch proves it (P8.2-b), also when the crash came before the epoch record. */
function raiseEpoch(state: State): void {
  const fnc = fncOf(state.tree)
  if (compareEpochs(fnc.ref.sn, state.epoch.current) <= 0) return
  const { session, epoch } = fnc.ref.sn
  const notarization = required(fnc.notarization, 'a notarized block above genesis has its certificate')
  const proof: EpochProof = { kind: 'block', notarization }
  state.epoch = { current: { session, epoch }, proof, fncAtEntry: fnc.ref }
}

/** What tests, the API and the dashboard look at. */
export type Summary = {
  readonly epoch: EpochId
  readonly fnc: BlockRef
  readonly finalized: BlockRef
}

/** The heads of a state. */
export function summarise(state: State): Summary {
  return { epoch: state.epoch.current, fnc: fncOf(state.tree).ref, finalized: finalizedOf(state.tree).ref }
}
