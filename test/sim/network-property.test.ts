/**
 * 18.1 the strong period of synchrony on random runs: nodes crash, links break and flap, then everything works, and what
 * one knows all know soon. Mutants without the means of reconciliation break it.
 */
import { describe, expect, it } from 'vitest'
import type { Millis, PeerId } from '../../src/domain.ts'
import type { Effect } from '../../src/pala/types.ts'
import { plantFaults } from '../helpers/sim/faults.ts'
import type { Hooks } from '../helpers/sim/node.ts'
import { createRandom } from '../helpers/sim/random.ts'
import { demandSynchrony } from '../helpers/sim/synchrony.ts'
import { createWorld, SIM_PARAMS, startAll, submitEntry, type World } from '../helpers/sim/world.ts'

const { SIM_SEED, SIM_SYNC_SEEDS = '40' } = process.env
const SEEDS = SIM_SEED === undefined ? Array.from({ length: Number(SIM_SYNC_SEEDS) }, (_, i) => i) : [Number(SIM_SEED)]

/** Delta: connecting, comparing and catching up after it; far below the voters' patience. */
const DELTA_MS: Millis = 2_000
const PATIENCE_MS = SIM_PARAMS.voterTimeoutMs

type Plan = { readonly hooks?: () => Hooks }

/** A committee of 4 or 7, sometimes with hubs of its own; honest, but crashing and cut apart until the period begins. */
function drawWorld(seed: number, { hooks = () => ({}) }: Plan): World {
  const random = createRandom(seed)
  const voters = Array.from({ length: random.pick([4, 7]) }, (_, i) => `v${i}`)
  const proposers = random.chance(0.5) ? ['hub0', 'hub1', 'hub2'] : voters
  const keys = [...new Set([...voters, ...proposers])]
  return createWorld({
    seed: seed ^ 0x181,
    proposers,
    voters,
    nodes: keys.map((key) => ({ id: key, key, hooks: hooks() })),
    params: { k: random.pick([1, 2, 4]), emptyBlockIntervalMs: random.pick([200, 1_000]) },
    conditions: {
      minDelayMs: 5,
      maxDelayMs: random.pick([25, 80]),
      loss: 0,
      duplication: 0.02,
      reorders: random.chance(0.5),
    },
    maxFsyncMs: random.pick([0, 20]),
  })
}

/** Null, or how the property broke. */
function runPeriod(seed: number, plan: Plan = {}): string | null {
  const random = createRandom(seed ^ 0x5157)
  const world = drawWorld(seed, plan)
  const beginsAtMs = random.between(10, 40) * 1_000
  plantFaults(world, {
    healAtMs: beginsAtMs,
    everyMs: random.pick([1_500, 4_000]),
    crashHazard: random.pick([0, 0.0005]),
    longestOutageMs: random.pick([500, 5_000]),
  })
  try {
    startAll(world)
    for (let i = 0; i < 10; i++)
      world.scheduler.after(random.next() * beginsAtMs, () => submitEntry(world, `entry ${i}`))
    world.scheduler.runUntil(world.scheduler.now + beginsAtMs + 1)
    demandSynchrony(world, { lengthMs: 8_000, deltaMs: DELTA_MS, everyMs: 400 })
    return null
  } catch (error) {
    return (error as Error).message
  }
}

const GROUPS: readonly (readonly PeerId[])[] = [
  ['P1', 'V1', 'V2'],
  ['P2', 'V3', 'V4'],
  ['P3', 'V5', 'V6'],
]

const areTogether = (a: PeerId, b: PeerId): boolean => GROUPS.some((group) => group.includes(a) && group.includes(b))

/** Three hubs, each alone with a third of the voters, until every voter has called for epoch 2. */
function strandCalls(seed: number, { hooks = () => ({}) }: Plan): World {
  const keys = GROUPS.flat()
  const world = createWorld({
    seed,
    proposers: ['absent', ...keys.filter((key) => key.startsWith('P'))],
    voters: keys.filter((key) => key.startsWith('V')),
    nodes: keys.map((key) => ({ id: key, key, hooks: hooks() })),
    // Nobody leads epoch 1: no progress makes the calls for epoch 2 moot.
    schedule: (_session, epoch) => (epoch === 1 ? 0 : 2),
    conditions: { minDelayMs: 10, maxDelayMs: 20, loss: 0, duplication: 0, reorders: false },
  })
  world.network.allow(areTogether)
  startAll(world)
  world.scheduler.runUntil(world.scheduler.now + world.random.between(7_500, 9_000))
  return world
}

/** All links come up. Null, or how the property broke. */
function healStranded(seed: number, plan: Plan = {}): string | null {
  const world = strandCalls(seed, plan)
  try {
    world.network.allow(() => true)
    demandSynchrony(world, { lengthMs: 4_000, deltaMs: DELTA_MS, everyMs: 200 })
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** V1 and V2 reach P2 as well: four calls of six, two of them given to another hub before. Do they make an epoch? */
function unitesTwoGroups(plan: Plan, withinMs: Millis): boolean {
  const world = strandCalls(18, plan)
  const near = ['P2', 'V1', 'V2', 'V3', 'V4']
  world.network.allow((a, b) => areTogether(a, b) || ([a, b].includes('P2') && near.includes(a) && near.includes(b)))
  const isDone = (): boolean => near.every((id) => world.node(id).state.epoch.current.epoch > 1)
  return world.scheduler.runUntil(world.scheduler.now + withinMs, isDone)
}

const without = (isGone: (effect: Effect) => boolean) => (): Hooks => ({
  rewrite: (effect) => (isGone(effect) ? [] : [effect]),
})

const sends = (effect: Effect, ...types: readonly string[]): boolean =>
  effect.type === 'send' && types.includes(effect.message.type)

/** An answer to getClocks is not published; the call of an expired timer is. */
const noFetch = without((effect) => sends(effect, 'getClocks') || (effect.type === 'castClock' && !effect.publish))

const noResend = (fetches: boolean) => (): Hooks => {
  const called = new Set<string>()
  return {
    rewrite(effect) {
      if (effect.type !== 'castClock') return !fetches && sends(effect, 'getClocks') ? [] : [effect]
      if (!effect.publish) return fetches ? [effect] : []
      const target = `${effect.target.session}/${effect.target.epoch}`
      const isRepeat = called.has(target)
      called.add(target)
      return isRepeat ? [] : [effect]
    },
  }
}

describe('18.1 strong period of synchrony', () => {
  it(`holds on ${SEEDS.length} random runs: what one honest node knows, all know ${DELTA_MS} ms later`, () => {
    const broken = SEEDS.flatMap((seed) => {
      const problem = runPeriod(seed)
      return problem === null ? [] : [`SIM_SEED=${seed}: ${problem}`]
    })
    expect(broken).toEqual([])
  })

  it('is a stricter demand than one full patience of a voter', () => {
    expect(DELTA_MS).toBeLessThan(PATIENCE_MS / 2)
  })

  it.each([
    ['no status when peers meet', without((e) => sends(e, 'status', 'getStatus'))],
    ['nobody asks for epoch proofs', without((e) => sends(e, 'getEpoch') || sends(e, 'clockNotarization'))],
    ['nobody asks for blocks', without((e) => sends(e, 'getFresher', 'getRange'))],
  ] as const)('a mutant breaks it: %s', (_name, hooks) => {
    const caught = SEEDS.find((seed) => runPeriod(seed, { hooks })?.includes('18.1'))
    expect(caught, 'no seed catches it').not.toBeUndefined()
  })
})

describe('18.3 calls stranded at different hubs', () => {
  it('every hub knows the calls of all voters soon after the links come up', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => healStranded(seed))).toEqual(Array(8).fill(null))
  })

  it('a mutant breaks it: no calls are fetched from voters', () => {
    expect(healStranded(1, { hooks: noFetch }) ?? '').toContain('lacks the call of voter')
  })

  it.each([
    { means: 'fetch and re-send', hooks: () => ({}), withinMs: DELTA_MS },
    { means: 'fetch alone', hooks: noResend(true), withinMs: DELTA_MS },
    { means: 're-send alone, one patience later', hooks: noFetch, withinMs: 2 * PATIENCE_MS },
  ])('two groups unite their calls by $means', ({ hooks, withinMs }) => {
    expect(unitesTwoGroups({ hooks }, withinMs)).toBe(true)
  })

  it('re-send alone takes longer than delta', () => {
    expect(unitesTwoGroups({ hooks: noFetch }, DELTA_MS)).toBe(false)
  })

  it('with neither the calls stay apart for good', () => {
    expect(unitesTwoGroups({ hooks: noResend(false) }, 3_600_000)).toBe(false)
  })
})
