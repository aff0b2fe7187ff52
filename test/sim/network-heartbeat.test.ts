/** 18.5 what status messages cost: heartbeats only among a committee at work, coalesced growth for those whom no leader tells. */
import { describe, expect, it } from 'vitest'
import type { Millis, PeerId } from '../../src/domain.ts'
import { STATUS_COALESCE_MS } from '../../src/pala/bounds.ts'
import { createWorld, startAll, submitEntry, type World } from '../helpers/sim/world.ts'

const KEYS = ['key-0', 'key-1', 'key-2', 'key-3']
const HEARTBEAT_MS = 5_000
const RUN_MS = 20_000

type Seen = { readonly from: PeerId; readonly to: PeerId; readonly atMs: Millis }

/** Twenty seconds of blocks, some fifty per second, and every status that arrived on a stream after the first second. */
function statusesUnderLoad(): { readonly seen: Seen[]; readonly world: World } {
  const world = createWorld({
    seed: 5,
    proposers: KEYS,
    voters: KEYS,
    nodes: [...KEYS.map((key, i) => ({ id: `n${i}`, key })), { id: 'observer', key: 'nobody' }],
    params: { heartbeatMs: HEARTBEAT_MS, k: 2 },
    conditions: { minDelayMs: 5, maxDelayMs: 5, loss: 0, duplication: 0, reorders: false },
  })
  for (const node of world.nodes) {
    node.setup.hooks.rewrite = (effect) => (effect.type === 'publish' ? [] : [effect])
  }
  const seen: Seen[] = []
  world.network.gate = ({ from, to, message }) => {
    if (message.type === 'status' && world.elapsed > 1_000) seen.push({ from, to, atMs: world.elapsed })
    return 'pass'
  }
  startAll(world)
  let count = 0
  const submit = (): void => {
    submitEntry(world, `entry ${count++}`)
    world.scheduler.after(20, submit)
  }
  submit()
  world.scheduler.runUntil(world.scheduler.now + RUN_MS)
  return { seen, world }
}

describe('18.5 status under load', () => {
  const { seen, world } = statusesUnderLoad()
  const { finalHeight } = world.oracle.book

  it('P18.5 suppression: members of the committee send each other heartbeats only, however many blocks there are', () => {
    expect(finalHeight).toBeGreaterThan(200)
    const pairs = new Map<string, number>()
    for (const { from, to } of seen) {
      if (to !== 'observer' && from !== 'observer') pairs.set(`${from}>${to}`, (pairs.get(`${from}>${to}`) ?? 0) + 1)
    }
    expect(pairs.size).toBe(KEYS.length * (KEYS.length - 1))
    for (const count of pairs.values()) expect(count).toBeLessThanOrEqual(RUN_MS / HEARTBEAT_MS)
  })

  it('P18.5 coalescing: a full node hears of growth at most once per 200 ms from each peer', () => {
    for (const key of KEYS.keys()) {
      const times = seen.filter(({ from, to }) => from === `n${key}` && to === 'observer').map(({ atMs }) => atMs)
      expect(times.length).toBeGreaterThan(RUN_MS / 1_000)
      expect(times.length).toBeLessThanOrEqual(RUN_MS / STATUS_COALESCE_MS + RUN_MS / HEARTBEAT_MS)
      // A heartbeat may fall between two of them; no window of the coalescing time holds more.
      const crowded = times.filter((at, i) => (times[i + 2] ?? Number.POSITIVE_INFINITY) - at < STATUS_COALESCE_MS)
      expect(crowded).toEqual([])
    }
  })
})
