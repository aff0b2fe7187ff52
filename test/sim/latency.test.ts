/** 22.1 in the good case finality is a function of the real delay: an extra round trip anywhere fails this. */
import { describe, expect, it } from 'vitest'
import { createWorld, startAll, submitEntry } from '../helpers/sim/world.ts'

const KEYS = ['key-0', 'key-1', 'key-2', 'key-3']
const DELTA_MS = 10
const HOUR_MS = 3_600_000

/** Milliseconds from submission until the leader, and until the last of the others, takes the entry as final. */
function finalityOf(k: number, blockIntervalMs: number): { readonly leader: number; readonly others: number } {
  const world = createWorld({
    seed: 1,
    proposers: KEYS,
    voters: KEYS,
    nodes: KEYS.map((key, i) => ({ id: `n${i}`, key })),
    params: { k, blockIntervalMs, emptyBlockIntervalMs: HOUR_MS },
    conditions: { minDelayMs: DELTA_MS, maxDelayMs: DELTA_MS, loss: 0, duplication: 0, reorders: false },
    maxThinkingMs: 0,
  })
  startAll(world)
  world.scheduler.runUntil(world.scheduler.now + 2_000)
  const submittedAt = world.scheduler.now
  submitEntry(world, 'entry')
  const elapsed = (names: readonly string[]): number => {
    const isFinal = (): boolean => names.every((name) => world.node(name).application.final.has('entry'))
    expect(world.scheduler.runUntil(world.scheduler.now + 5_000, isFinal)).toBe(true)
    return Math.round(world.scheduler.now - submittedAt)
  }
  return { leader: elapsed(['n0']), others: elapsed(['n1', 'n2', 'n3']) }
}

describe('22.1 time to finality, fixed delay, no computing', () => {
  it.each([
    { k: 1, intervalMs: 0 },
    { k: 2, intervalMs: 0 },
    { k: 4, intervalMs: 0 },
    { k: 1, intervalMs: 50 },
    { k: 4, intervalMs: 50 },
  ])('is max(2 delta, k I) + 2 delta at the leader, one delta more elsewhere: %o', ({ k, intervalMs }) => {
    const expected = Math.max(2 * DELTA_MS, k * intervalMs) + 2 * DELTA_MS
    expect(finalityOf(k, intervalMs)).toEqual({ leader: expected, others: expected + DELTA_MS })
  })
})
