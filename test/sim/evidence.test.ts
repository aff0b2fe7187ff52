/** I10 from both sides: honest committees under any schedule leave no evidence, and traitors of all sorts leave some. */
import { describe, expect, it } from 'vitest'
import { type Outcome, runSeed } from '../helpers/sim/scenario.ts'
import type { WorldOptions } from '../helpers/sim/world.ts'

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed)

/** The same weather, nobody misbehaves. */
function allHonest(options: WorldOptions): WorldOptions {
  const nodes = options.nodes
    .filter((node, i) => options.nodes.findIndex(({ key }) => key === node.key) === i)
    .map(({ hooks: _, ...node }) => ({ ...node, isHonest: true }))
  return { ...options, nodes }
}

const broken = (outcomes: readonly Outcome[]): string[] =>
  outcomes.flatMap(({ seed, violation }) => (violation === null ? [] : [`seed ${seed}: ${violation.message}`]))

describe('evidence in random runs', () => {
  it('P24.1 crashes, partitions, loss and reordering among the honest never look like misbehaviour', () => {
    const outcomes = SEEDS.map((seed) => runSeed(seed, { change: allHonest }))
    expect(broken(outcomes)).toEqual([])
    expect(outcomes.filter(({ events }) => events.has('evidence')).map(({ seed }) => seed)).toEqual([])
    expect(outcomes.some(({ events }) => events.has('crash'))).toBe(true)
  })

  it('I10 traitors and twins leave evidence, and it names nobody else', () => {
    const outcomes = SEEDS.map((seed) => runSeed(seed))
    expect(broken(outcomes)).toEqual([])
    expect(outcomes.filter(({ events }) => events.has('evidence')).length).toBeGreaterThan(3)
  })
})
