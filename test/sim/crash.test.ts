/** A node that dies at each point of its turns, before and after each write, contradicts nothing it said (spec/pala.md 20). */
import { describe, expect, it } from 'vitest'
import type { Hooks } from '../helpers/sim/node.ts'
import { demandLiveness } from '../helpers/sim/scenario.ts'
import { createWorld, startAll, submitEntry, type World } from '../helpers/sim/world.ts'

const KEYS = ['key-0', 'key-1', 'key-2', 'key-3']
const OUTAGE_MS = 300
const RUN_MS = 14_000
/** A run has at least this many points, or it shows nothing. */
const LEAST_POINTS = 150

/**
 * Four nodes, k = 2; the first leader is away from second 2 to 13, so that epochs change. `crashAt` is the point of the
 * victim's turns at which it dies once; the result is how many points there were.
 */
function runWithCrash(victim: string, crashAt: number, hooks: Hooks = {}): number {
  const world = createWorld({
    seed: 7,
    proposers: KEYS,
    voters: KEYS,
    nodes: KEYS.map((key, i) => ({ id: `n${i}`, key, hooks })),
    params: { k: 2, emptyBlockIntervalMs: 500 },
    maxFsyncMs: 4,
  })
  let points = 0
  world.crashPoint = (node) => node.id === victim && points++ === crashAt
  world.onCrash = (node) => void world.scheduler.after(OUTAGE_MS, () => node.start())
  absentLeader(world)
  startAll(world)
  for (let i = 0; i < 6; i++) world.scheduler.after(i * 1_500, () => submitEntry(world, `entry ${i}`))
  world.scheduler.runUntil(world.scheduler.now + RUN_MS)
  const counted = points
  if (crashAt >= 0) expect(world.events).toContain('crash inside a turn')
  demandLiveness(world, 60_000, 0)
  return counted
}

function absentLeader(world: World): void {
  world.scheduler.after(2_000, () => world.network.allow((a, b) => a !== 'n0' && b !== 'n0'))
  world.scheduler.after(13_000, () => world.network.allow(() => true))
}

describe('crash at every point of a turn', () => {
  it.each([
    ['n1', 'a voter that leads the second epoch'],
    ['n2', 'a voter'],
  ])('P20 %s, %s, restarts from its disk and is not contradicted', (victim) => {
    const points = runWithCrash(victim, -1)
    expect(points).toBeGreaterThan(LEAST_POINTS)
    for (let crashAt = 0; crashAt < points; crashAt++) {
      expect(() => runWithCrash(victim, crashAt), `crash at point ${crashAt}`).not.toThrow()
    }
  })

  it('a node that sends before it persists is caught at some point', () => {
    const hooks: Hooks = { persistsLast: true }
    const caught = Array.from({ length: LEAST_POINTS }, (_, crashAt) => crashAt).filter((crashAt) => {
      try {
        runWithCrash('n2', crashAt, hooks)
        return false
      } catch {
        return true
      }
    })
    expect(caught.length).toBeGreaterThan(0)
  })
})
