/** Twins: one key in two processes, under every split of five processes in two rounds; no two final blocks contradict. */
import { describe, expect, it } from 'vitest'
import { demandLiveness } from '../helpers/sim/scenario.ts'
import { createWorld, type NodePlan, planOf, startAll, submitEntry } from '../helpers/sim/world.ts'

const KEYS = ['key-0', 'key-1', 'key-2', 'key-3']
/** Longer than T, so that each round can change the epoch. */
const ROUND_MS = 8_000

/** Bit i of `split` is the side of process i; process 4 is the twin. */
type Case = {
  readonly twin: number
  readonly splits: readonly number[]
  readonly k: number
  /** Session 1 stops as early as it may, and the same voters go on in other seats: the twins sit in both sessions. */
  readonly isSwitched?: boolean
}

function runTwins({ twin, splits, k, isSwitched = false }: Case): number {
  const nodes: NodePlan[] = KEYS.map((key, i) => ({ id: `n${i}`, key, isHonest: i !== twin }))
  nodes.push({ id: 'twin', key: KEYS[twin] ?? '', isHonest: false })
  const params = { k, emptyBlockIntervalMs: 1_000 }
  const turned = [...KEYS].reverse()
  const second = planOf({ proposers: turned, voters: turned, params })
  const world = createWorld({
    seed: 11,
    proposers: KEYS,
    voters: KEYS,
    nodes,
    params,
    elect: ({ session }) => (isSwitched && session === 1 ? second : null),
    maxFsyncMs: 2,
  })
  const place = new Map(nodes.map(({ id }, i) => [id, i]))
  startAll(world)
  for (const [round, split] of splits.entries()) {
    const side = (id: string): number => (split >> (place.get(id) ?? 0)) & 1
    world.network.allow((a, b) => side(a) === side(b))
    // Twins build different blocks only if they hear of different entries.
    submitEntry(world, `round ${round}`)
    world.node('twin').application.submit(`twin ${round}`)
    world.scheduler.runUntil(world.scheduler.now + ROUND_MS)
  }
  world.network.allow(() => true)
  demandLiveness(world, 120_000, 1)
  if (isSwitched) {
    const isThere = (): boolean => world.sessions.size === 2
    expect(world.scheduler.runUntil(world.scheduler.now + ROUND_MS, isThere)).toBe(true)
    demandLiveness(world, 120_000, 1)
  }
  return world.oracle.book.finalHeight
}

/** The twin stands on side 0; the other four go either way. */
const SPLITS = Array.from({ length: 16 }, (_, split) => split)

describe('twins, n = 4', () => {
  it.each([
    { twin: 0, k: 1 },
    { twin: 1, k: 1 },
    { twin: 0, k: 2 },
    { twin: 1, k: 1, isSwitched: true },
  ])('I1 to I11 hold under every pair of splits: %o', (twins) => {
    for (const first of SPLITS) {
      for (const second of SPLITS) {
        const play = (): number => runTwins({ ...twins, splits: [first, second] })
        expect(play, `splits ${first} ${second}`).not.toThrow()
      }
    }
  })
})
