/** A node that dies at each point of its turns, before and after each write, contradicts nothing it said (spec/pala.md 20). */
import { describe, expect, it } from 'vitest'
import type { Hooks } from '../helpers/sim/node.ts'
import { demandLiveness } from '../helpers/sim/scenario.ts'
import { createWorld, planOf, startAll, submitEntry, type World } from '../helpers/sim/world.ts'

const KEYS = ['key-0', 'key-1', 'key-2', 'key-3']
const OUTAGE_MS = 300
const RUN_MS = 14_000
/** Session 2 has begun by then. */
const SWITCH_MS = 6_000
/** A run has at least this many points, or it shows nothing. */
const LEAST_POINTS = 150

type Run = {
  readonly victim: string
  /** The point of the victim's turns at which it dies, once; -1: it does not. */
  readonly crashAt: number
  readonly hooks?: Hooks
  /** Instead of epochs the session changes, with its sixth block: n0 leaves and n4 comes. */
  readonly isSwitched?: boolean
}

/**
 * Four nodes, k = 2; the first leader is away from second 2 to 13, so that epochs change. The result is how many points
 * there were.
 */
function runWithCrash({ victim, crashAt, hooks = {}, isSwitched = false }: Run): number {
  const params = { k: 2, emptyBlockIntervalMs: 500 }
  const others = [...KEYS.slice(1), 'key-4'].reverse()
  const second = planOf({ proposers: others, voters: others, params })
  const world = createWorld({
    seed: 7,
    proposers: KEYS,
    voters: KEYS,
    nodes: (isSwitched ? [...KEYS, 'key-4'] : KEYS).map((key, i) => ({ id: `n${i}`, key, hooks })),
    params,
    elect: ({ session }) => (isSwitched && session === 1 ? second : null),
    maxFsyncMs: 4,
  })
  let points = 0
  world.crashPoint = (node) => node.id === victim && points++ === crashAt
  world.onCrash = (node) => void world.scheduler.after(OUTAGE_MS, () => node.start())
  if (!isSwitched) absentLeader(world)
  startAll(world)
  for (let i = 0; i < 6; i++) world.scheduler.after(i * 1_500, () => submitEntry(world, `entry ${i}`))
  world.scheduler.runUntil(world.scheduler.now + (isSwitched ? SWITCH_MS : RUN_MS))
  const counted = points
  if (isSwitched) expect(world.sessions.size).toBe(2)
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
    ['n1', 'a voter that leads the second epoch', false],
    ['n2', 'a voter', false],
    ['n1', 'a voter that changes its seat', true],
    ['n4', 'the voter that joins, and leads the second session', true],
  ])('P20 %s, %s, restarts from its disk and is not contradicted', (victim, _who, isSwitched) => {
    const points = runWithCrash({ victim, crashAt: -1, isSwitched })
    expect(points).toBeGreaterThan(LEAST_POINTS)
    for (let crashAt = 0; crashAt < points; crashAt++) {
      expect(() => runWithCrash({ victim, crashAt, isSwitched }), `crash at point ${crashAt}`).not.toThrow()
    }
  })

  it('a node that sends before it persists is caught at some point', () => {
    const hooks: Hooks = { persistsLast: true }
    const caught = Array.from({ length: LEAST_POINTS }, (_, crashAt) => crashAt).filter((crashAt) => {
      try {
        runWithCrash({ victim: 'n2', crashAt, hooks })
        return false
      } catch {
        return true
      }
    })
    expect(caught.length).toBeGreaterThan(0)
  })
})
