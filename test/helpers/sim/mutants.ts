/** The mutants of spec/pala.md 21.4: each breaks one rule that safety rests on. */

import type { TreeEntry } from '../../../src/pala/chain.ts'
import { finalHeightBy } from '../../../src/pala/rules/certificates.ts'
import { compareSn, GENESIS_SN } from '../../../src/pala/sn.ts'
import { restoreState, summarise } from '../../../src/pala/state.ts'
import type { BlockHeader, BlockRef, Durable, Message, State } from '../../../src/pala/types.ts'
import type { Game } from './adversary.ts'
import { CHAIN_ID } from './blocks.ts'
import type { Hooks } from './node.ts'
import type { Mutation } from './puppet.ts'
import type { WorldOptions } from './world.ts'

const GENESIS: BlockRef = { sn: GENESIS_SN, hash: CHAIN_ID, height: 0 }

const noFloor: Mutation = {
  afterStep(state) {
    state.epoch = { ...state.epoch, fncAtEntry: GENESIS }
  },
}

/** The floor is that of the epoch entered before the present one. */
const previousFloor: Mutation = {
  afterStep(state, memory) {
    const { current, fncAtEntry } = state.epoch
    if (memory.get('epoch') === current.epoch) return
    state.epoch = { ...state.epoch, fncAtEntry: (memory.get('floor') as BlockRef | undefined) ?? GENESIS }
    memory.set('epoch', current.epoch)
    memory.set('floor', fncAtEntry)
  },
}

/** No vote lock, and no rule that a slot holds one bare block. */
const doubleVoting: Mutation = {
  afterStep(state) {
    state.voteLocks.clear()
    state.tree.bySlot.clear()
  },
}

export const rewindEpoch: Mutation = {
  editDurable(durable, config, session) {
    const { fnc } = summarise(restoreState(config, [session], { ...durable, epoch: null }))
    const current = { session: 1, epoch: Math.max(1, fnc.sn.epoch) }
    return { ...durable, epoch: { current, proof: null, fncAtEntry: fnc } }
  },
}

/** Votes and the proposals they were for lived in memory only. */
function withoutVotes(durable: Durable): Durable {
  const notarized = new Set(durable.notarizations.map(({ blockHash }) => blockHash))
  return { ...durable, voteLocks: [], blocks: durable.blocks.filter(({ block }) => notarized.has(block.hash)) }
}

/** Certificates above the finalized head, with the blocks that carry them, lived in memory only. */
export const forgetNotarizations: Mutation = {
  editDurable(durable) {
    const top = durable.finalized?.sn ?? GENESIS_SN
    return {
      ...durable,
      blocks: durable.blocks.filter(({ block }) => compareSn(block.header.sn, top) <= 0),
      notarizations: durable.notarizations.filter(({ sn }) => compareSn(sn, top) <= 0),
    }
  },
}

/** The header of a first block of a session that stands on the session before, if `message` proposes one. */
function sessionOpener(message: Message): BlockHeader | null {
  if (message.type !== 'proposal') return null
  const { header } = message.proposal.block
  return header.sn.session > header.parentSn.session && header.parentSn.session > 0 ? header : null
}

/** Lets the opener's parent pass for proven to have stopped, while the voter looks at it: the height it proves becomes the stop's. */
function provenWhenAsked(passes: (parent: TreeEntry) => boolean) {
  return (state: State, message: Message): (() => void) => {
    const header = sessionOpener(message)
    const parent = header === null ? undefined : state.tree.entries.get(header.parentHash)
    if (parent === undefined || !passes(parent)) return () => undefined
    const { stop, ref } = parent
    const height = finalHeightBy(state.sessions, parent) ?? parent.inChainFinalHeight
    Object.assign(parent, { stop: { ...(stop ?? ref), height: Math.min(height, stop?.height ?? height) } })
    return () => void Object.assign(parent, { stop })
  }
}

/** P16.4-3 is not asked, P16.4-2 is. */
export const noStopProof: Mutation = { beforeMessage: provenWhenAsked((parent) => parent.stop !== null) }

/** Neither P16.4-2 nor P16.4-3 is asked. */
export const noDescent: Mutation = { beforeMessage: provenWhenAsked(() => true) }

/** P16.4-4 is not asked: between first blocks of a session that stand on the one before there is no floor. */
export const noSessionFloor: Mutation = {
  beforeMessage(state, message) {
    if (sessionOpener(message) === null) return () => undefined
    let real = state.epoch
    // The opener may carry the clocks that move the voter: the floor it enters with is lowered too, and remembered.
    Object.defineProperty(state, 'epoch', {
      configurable: true,
      enumerable: true,
      get: () => ({ ...real, fncAtEntry: GENESIS }),
      set(next: State['epoch']) {
        real = next
      },
    })
    return () => {
      Object.defineProperty(state, 'epoch', { configurable: true, enumerable: true, writable: true, value: real })
    }
  },
}

const FOUR = { voters: 4, faulty: 1 }

/** The rules as they are. */
export const SOUND: Readonly<Record<string, Game>> = {
  'k=1': { ...FOUR, k: 1, restarts: true },
  'k=2': { ...FOUR, k: 2, restarts: true },
  'n=7 f=2': { voters: 7, faulty: 2, k: 1, restarts: true },
}

/** Two sessions without a common voter. */
export const SOUND_SWITCH: Readonly<Record<string, Game>> = {
  'k=1, real entry': { ...FOUR, k: 1, stopOffset: 2, restarts: true },
  'k=1, sworn voters': { ...FOUR, k: 1, stopOffset: 2, areSworn: true, restarts: true },
  'k=1, stop 3': { ...FOUR, k: 1, stopOffset: 3, areSworn: true },
  'k=2, sworn voters': { ...FOUR, k: 2, stopOffset: 2, areSworn: true },
}

/** The four of 21.4 about the change of sessions. */
export const SWITCH_MUTANTS: Readonly<Record<string, Game>> = {
  'no in-chain finality proof (P16.4-3)': { ...FOUR, k: 1, stopOffset: 2, areSworn: true, mutation: noStopProof },
  'no descent from the stop block (P16.4-2)': { ...FOUR, k: 1, stopOffset: 2, areSworn: true, mutation: noDescent },
  'no cap at the stop block (P16.6)': { ...FOUR, k: 1, stopOffset: 2, areSworn: true, capsAtStop: false },
  'no floor across first blocks (P16.4-4)': { ...FOUR, k: 1, stopOffset: 2, areSworn: true, mutation: noSessionFloor },
}

export const MUTANTS: Readonly<Record<string, Game>> = {
  'no epoch equality': { ...FOUR, k: 1, mutation: { ignoresEpochs: true } },
  'double voting allowed': { ...FOUR, k: 1, mutation: doubleVoting },
  'no window': { ...FOUR, k: 1, votersWindow: 64 },
  'window k+1': { ...FOUR, k: 1, votersWindow: 2 },
  'finality depth k-1': { ...FOUR, k: 2, finalityDepth: 1 },
  'no freshness floor': { ...FOUR, k: 1, mutation: noFloor },
  'floor of the previous epoch': { ...FOUR, k: 1, mutation: previousFloor },
  'restart lowers the epoch': { ...FOUR, k: 1, restarts: true, mutation: rewindEpoch },
  'restart forgets votes': { ...FOUR, k: 1, restarts: true, mutation: { editDurable: withoutVotes } },
  'threshold not checked': { ...FOUR, k: 1, acceptsThinCertificates: true },
  'f = 2 of 4, k=1': { voters: 4, faulty: 2, k: 1 },
  'f = 2 of 4, k=2': { voters: 4, faulty: 2, k: 2 },
  'f = 1 of 3, k=1': { voters: 3, faulty: 1, k: 1 },
  'f = 1 of 3, k=2': { voters: 3, faulty: 1, k: 2 },
}

/** Gives every honest node of a scenario the same fault. */
const everywhere =
  (hooks: Hooks) =>
  (options: WorldOptions): WorldOptions => ({
    ...options,
    nodes: options.nodes.map((node) => (node.isHonest === false ? node : { ...node, hooks })),
  })

const never = (isGone: (effect: Parameters<NonNullable<Hooks['rewrite']>>[0]) => boolean): Hooks => ({
  rewrite: (effect) => (isGone(effect) ? [] : [effect]),
})

/** Mutants of the whole simulated node, which show that the oracle of random runs sees each kind of failure. */
export const NODE_MUTANTS: Readonly<Record<string, (options: WorldOptions) => WorldOptions>> = {
  'sends before it persists': everywhere({ persistsLast: true }),
  'never fsyncs': everywhere({
    rewrite: (effect) => [effect.type === 'persist' ? { ...effect, sync: false } : effect],
  }),
  'restart forgets votes and proposals': everywhere({
    editDurable: (durable) => ({ ...withoutVotes(durable), proposeLocks: [] }),
  }),
  'threshold not checked': (options) => ({ ...options, checksThreshold: false }),
  'voters never lose patience': everywhere(never((e) => e.type === 'setTimer' && e.timer === 'voterTimeout')),
  'nobody catches up': everywhere(
    never((e) => e.type === 'send' && (e.message.type === 'getFresher' || e.message.type === 'getRange')),
  ),
  'keeps every clock message': everywhere({
    afterStep(state) {
      state.clocks.set(`kept ${state.nextGeneration}`, new Map())
    },
  }),
  'restart forgets the sessions': everywhere({ editDurable: (durable) => ({ ...durable, sessions: [] }) }),
  'nobody learns of new seats': everywhere(never((e) => e.type === 'notice' && e.notice.kind === 'sessionStarted')),
  'loses track of the freshest chain': everywhere({
    afterStep(state) {
      if (state.nextGeneration > 40) state.tree.fnc = state.tree.finalized
    },
  }),
}
