/** The fault schedule follows from its seed, keeps within f, and ends healed. */
import { describe, expect, test } from 'vitest'
import { createSchedule, FAULT_KINDS, type Fault } from '../../../testnet/faults.ts'
import { HEALED, linked, parseEnds, parseGroups, qualityOf, throttled } from '../../../testnet/links.ts'
import { percentile } from '../../../testnet/percentiles.ts'
import { createRandom } from '../../../testnet/random.ts'

const OPTIONS = { kinds: FAULT_KINDS, nodes: 7, f: 2, durationMs: 60_000 }

function seeds(check: (faults: readonly Fault[]) => void): void {
  for (let seed = 0; seed < 200; seed++) check(createSchedule({ ...OPTIONS, seed }))
}

describe('schedule', () => {
  test('the same seed gives the same faults, another seed others', () => {
    expect(createSchedule({ ...OPTIONS, seed: 5 })).toEqual(createSchedule({ ...OPTIONS, seed: 5 }))
    expect(createSchedule({ ...OPTIONS, seed: 5 })).not.toEqual(createSchedule({ ...OPTIONS, seed: 6 }))
  })

  test('never more than f different nodes at a time, one fault after the other, healed before the end', () => {
    seeds((faults) => {
      let free = 0
      for (const fault of faults) {
        expect(fault.atMs).toBeGreaterThanOrEqual(free)
        free = fault.atMs + fault.forMs
        const hit = fault.kind === 'partition' ? [] : fault.nodes
        expect(new Set(hit).size).toBe(hit.length)
        expect(hit.length).toBeLessThanOrEqual(OPTIONS.f)
      }
      expect(free).toBeLessThanOrEqual(OPTIONS.durationMs - 6_000)
    })
  })

  test('a minute holds every kind; a partition has two sides and every node once', () => {
    seeds((faults) => {
      expect(new Set(faults.map((fault) => fault.kind))).toEqual(new Set(FAULT_KINDS))
      for (const fault of faults) {
        if (fault.kind !== 'partition') continue
        expect(fault.groups.every((group) => group.length > 0)).toBe(true)
        expect(fault.groups.flat().sort()).toEqual([0, 1, 2, 3, 4, 5, 6])
      }
    })
  })

  test('a short run still has a fault; no kinds, no faults', () => {
    expect(createSchedule({ ...OPTIONS, seed: 1, durationMs: 12_000 }).length).toBeGreaterThan(0)
    expect(createSchedule({ ...OPTIONS, seed: 1, kinds: [] })).toEqual([])
  })
})

describe('throttles', () => {
  test('hold for the links they name, both ways; the lowest of several counts; none for strangers', () => {
    const one = throttled({ ...HEALED, delayMs: 5, bytesPerSecond: 4_000 }, { nodes: [0, 1], bytesPerSecond: 1_000 })
    const links = throttled(one, { nodes: [2], bytesPerSecond: 2_000 })
    const rate = (a: number | null, b: number | null) => qualityOf(links, a, b).bytesPerSecond
    expect([rate(0, 1), rate(1, 0), rate(0, 2), rate(2, null), rate(0, 3), rate(null, 1)]).toEqual([
      1_000, 1_000, 2_000, 2_000, 4_000, 4_000,
    ])
    expect(qualityOf(links, 0, 1).delayMs).toBe(5)
  })

  test('a second throttle of a link replaces the first, a rate of 0 ends it', () => {
    const once = throttled(HEALED, { nodes: [0, 1], bytesPerSecond: 1_000 })
    const twice = throttled(once, { nodes: [1, 0], bytesPerSecond: 3_000 })
    expect(twice.throttles).toEqual([{ nodes: [1, 0], bytesPerSecond: 3_000 }])
    expect(throttled(twice, { nodes: [0, 1], bytesPerSecond: 0 })).toEqual(HEALED)
  })

  test('a link is one node or two different ones', () => {
    expect([parseEnds('2', 4), parseEnds('0-3', 4)]).toEqual([[2], [0, 3]])
    for (const bad of ['', '4', '1-1', '0-1-2', 'a', '0-']) {
      expect(() => parseEnds(bad, 4), bad).toThrow(expect.objectContaining({ code: 'usage' }))
    }
  })
})

describe('links', () => {
  test('groups reach only themselves, nodes without a group nobody, strangers everyone', () => {
    const links = { ...HEALED, groups: [[0, 1], [2]] }
    expect([linked(links, 0, 1), linked(links, 0, 2), linked(links, 3, 0), linked(links, null, 2)]).toEqual([
      true,
      false,
      false,
      true,
    ])
    expect(linked(HEALED, 0, 3)).toBe(true)
  })

  test('groups are read from 0,1/2,3 and mistakes are usage errors', () => {
    expect(parseGroups('0,1/2,3', 4)).toEqual([
      [0, 1],
      [2, 3],
    ])
    for (const bad of ['', '0,1', '0/0', '0/4', '0,x/1', '0,/1', '-1/2']) {
      expect(() => parseGroups(bad, 4), bad).toThrowError(expect.objectContaining({ code: 'usage' }))
    }
  })
})

test('percentiles are by nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([0.5, 0.95, 0.99, 1].map((p) => percentile(values, p))).toEqual([50, 95, 99, 100])
  expect(percentile([7], 0.5)).toBe(7)
  expect(percentile([], 0.5)).toBeNull()
})

test('the generator spreads over its range and repeats with its seed', () => {
  const draw = (seed: number): number[] => {
    const random = createRandom(seed)
    return Array.from({ length: 1_000 }, () => random.below(10))
  }
  expect(draw(1)).toEqual(draw(1))
  expect(new Set(draw(1)).size).toBe(10)
})
