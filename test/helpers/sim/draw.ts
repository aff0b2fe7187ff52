/** What a seed draws for a run of one session: the committee, its traitors, the network it lives in. */
import { drawBehaviour } from './byzantine.ts'
import type { Conditions } from './network.ts'
import type { Random } from './random.ts'
import type { NodePlan, World, WorldOptions } from './world.ts'

export type Draw = {
  readonly options: WorldOptions
  readonly title: string
  /** Traitors among the leaders: the most bad leaders in a row. */
  readonly faulty: number
  /** Committees that the run may change to, when it may. */
  readonly plans?: number
}

/** Four or seven voters, at most a third of them traitors; sometimes other proposers, sometimes an onlooker. */
export function drawCommittee(seed: number, random: Random, world: () => World): Draw {
  const n = random.chance(0.7) ? 4 : 7
  const faulty = random.int((n === 4 ? 1 : 2) + 1)
  const keys = Array.from({ length: n }, (_, i) => `key-${i}`)
  const areApart = random.chance(0.2)
  const proposers = areApart ? ['hub-0', 'hub-1', 'hub-2'] : keys
  const nodes = drawNodes([...new Set([...keys, ...proposers])], random)
  const places = Array.from({ length: faulty }, (_, i) => (i * 3 + seed) % n)
  const traitors = plantTraitors({ nodes, places, random, world })
  if (random.chance(0.2)) nodes.push({ id: 'observer', key: 'nobody' })
  const k = random.pick([1, 2, 4])
  const options: WorldOptions = {
    seed: seed ^ 0x5eed,
    proposers,
    voters: keys,
    nodes,
    params: { k, ...drawIntervals(random) },
    conditions: drawConditions(random),
    maxFsyncMs: random.pick([0, 2, 30]),
  }
  const title = `n=${n} k=${k}${areApart ? ' hubs apart' : ''} ${traitors.join(', ') || 'all honest'}`
  return { options, title, faulty }
}

/** An honest node for each key, with a clock of its own. */
export function drawNodes(keys: readonly string[], random: Random): NodePlan[] {
  return keys.map((key, i) => ({ id: `n${i}`, key, skewMs: random.between(-500, 500), isHonest: true }))
}

export const drawIntervals = (random: Random) => ({
  emptyBlockIntervalMs: random.pick([200, 1_000, 2_000]),
  blockIntervalMs: random.pick([0, 50]),
})

export function drawConditions(random: Random): Conditions {
  return {
    minDelayMs: random.between(1, 20),
    maxDelayMs: random.pick([25, 100, 600]),
    loss: random.pick([0, 0, 0.02, 0.15]),
    duplication: random.pick([0, 0.05]),
    reorders: random.chance(0.5),
  }
}

type Planting = {
  readonly nodes: NodePlan[]
  /** Whom to turn. */
  readonly places: readonly number[]
  readonly random: Random
  readonly world: () => World
}

/** Turns nodes into traitors: twins, or a way to behave badly. Returns who became what. */
export function plantTraitors({ nodes, places, random, world }: Planting): string[] {
  const traitors: string[] = []
  for (const at of places) {
    const plan = nodes[at] as NodePlan
    if (random.chance(0.25)) {
      traitors.push(`${plan.id} twins`)
      nodes[at] = { ...plan, isHonest: false }
      nodes.push({ ...plan, id: `${plan.id}b`, isHonest: false })
    } else {
      const { name, hooks } = drawBehaviour({ world, random: random.fork() })
      traitors.push(`${plan.id} ${name}`)
      nodes[at] = { ...plan, isHonest: false, hooks }
    }
  }
  return traitors
}
