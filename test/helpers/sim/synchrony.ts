/**
 * The strong period of synchrony (spec/pala.md 18.1), judged from outside the nodes: what an honest node that is online
 * knows at t, every such node knows by t + delta, facts from before the period included.
 */
import type { Millis, PeerId } from '../../../src/domain.ts'
import { finalizedOf, fncOf } from '../../../src/pala/chain.ts'
import { selfProposer, selfVoter } from '../../../src/pala/rules/turn.ts'
import { compareEpochs, compareSn, type EpochId, epochKey, type Sn } from '../../../src/pala/sn.ts'
import { showSn } from './describe.ts'
import type { SimNode } from './node.ts'
import { demand } from './violation.ts'
import type { World } from './world.ts'

/** The consensus-relevant facts: the epoch it can prove, its freshest notarized chain, its finalized head, the calls. */
type Knowledge = {
  readonly epoch: EpochId
  readonly fnc: Sn
  readonly finalHeight: number
  /** Voters that have called for the next epoch and still wait, by their own state. */
  readonly calls: readonly { readonly from: PeerId; readonly voter: number; readonly epoch: EpochId }[]
}

const honestOnline = ({ nodes }: World): SimNode[] => nodes.filter((node) => node.isUp && node.setup.isHonest)

/** Everything that any honest online node knows now. */
function knowledgeOf(world: World): Knowledge {
  const states = honestOnline(world).map(({ state }) => state)
  const epochs = states.map(({ epoch }) => epoch.current)
  const chains = states.map(({ tree }) => fncOf(tree).ref.sn)
  return {
    epoch: epochs.reduce((a, b) => (compareEpochs(a, b) < 0 ? b : a)),
    fnc: chains.reduce((a, b) => (compareSn(a, b) < 0 ? b : a)),
    finalHeight: Math.max(...states.map(({ tree }) => finalizedOf(tree).ref.height)),
    calls: honestOnline(world).flatMap(({ id, state }) => {
      const voter = selfVoter(state)
      return state.clockCast && voter !== null ? [{ from: id, voter, epoch: state.epoch.current }] : []
    }),
  }
}

/** Why `node` does not know all of `known`, or null. */
function ignorance(world: World, { state }: SimNode, known: Knowledge): string | null {
  const { epoch, tree } = state
  const fnc = fncOf(tree).ref.sn
  const finalHeight = finalizedOf(tree).ref.height
  if (compareEpochs(epoch.current, known.epoch) < 0)
    return `is in epoch ${epoch.current.epoch}, not ${known.epoch.epoch}`
  if (compareSn(fnc, known.fnc) < 0) return `has the chain up to ${showSn(fnc)}, not ${showSn(known.fnc)}`
  if (finalHeight < known.finalHeight) return `has height ${finalHeight} final, not ${known.finalHeight}`
  if (selfProposer(state) === null) return null
  const lost = known.calls.find((call) => {
    // A call means nothing once its epoch is over, or productive again (P14.5): then the voter waits anew.
    const caller = world.node(call.from).state
    const isOpen = caller.clockCast && compareEpochs(caller.epoch.current, call.epoch) === 0
    if (!isOpen || compareEpochs(epoch.current, call.epoch) !== 0) return false
    const target = epochKey({ ...call.epoch, epoch: call.epoch.epoch + 1 })
    return !state.clocks.get(target)?.has(call.voter)
  })
  return lost === undefined ? null : `lacks the call of voter ${lost.voter} for epoch ${lost.epoch.epoch + 1}`
}

export type Period = {
  readonly lengthMs: Millis
  readonly deltaMs: Millis
  /** Distance of the instants at which knowledge is taken down. */
  readonly everyMs: Millis
}

/** Runs a period from now on. Throws a violation of '18.1' when a node stays ignorant. */
export function demandSynchrony(world: World, { lengthMs, deltaMs, everyMs }: Period): void {
  const { scheduler } = world
  for (let at = 0; at < lengthMs; at += everyMs) {
    scheduler.after(at, () => {
      const known = knowledgeOf(world)
      const since = world.elapsed
      scheduler.after(deltaMs, () => {
        for (const node of honestOnline(world)) {
          const gap = ignorance(world, node, known)
          demand(gap === null, '18.1', () => `${node.id} ${gap}, ${deltaMs} ms after ${since.toFixed(0)} ms`)
        }
      })
    })
  }
  scheduler.runUntil(scheduler.now + lengthMs + deltaMs + 1)
}
