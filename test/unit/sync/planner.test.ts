/** Whom to reconcile with and when; when a node is synced (S1, S6, S7.3). */
import { describe, expect, it } from 'vitest'
import { AGREEMENT_MS, createPlanner, MAX_UNSETTLED, type SessionEnd, UNSETTLED_MS } from '../../../src/sync/planner.ts'

const INTERVAL_MS = 300_000
const create = (minSyncedPeers = 3) => createPlanner({ syncIntervalMs: INTERVAL_MS, minSyncedPeers })

const AGREED: SessionEnd = { kind: 'agreed' }

describe('S1 planning of sessions', () => {
  it('a new peer is due at once, one in a session is not, one that left never', () => {
    const planner = create()
    planner.joined('a', 0, 0)
    planner.joined('b', 0, 1)
    expect(planner.due(0)).toEqual(['a'])
    planner.began('a')
    expect(planner.due(1_000)).toEqual(['b'])
    planner.left('b')
    expect(planner.due(1_000)).toEqual([])
    expect(planner.isLive('a')).toBe(true)
    planner.idle('a')
    expect([planner.isLive('a'), planner.due(1_000)]).toEqual([false, ['a']])
  })

  it('the next session after agreement comes an interval later, give or take a tenth', () => {
    for (const [chance, factor] of [
      [0, 0.9],
      [0.5, 1],
      [1, 1.1],
    ] as const) {
      const planner = create()
      planner.joined('a', 0, 0)
      planner.began('a')
      planner.ended('a', AGREED, 1_000, chance)
      expect(planner.due(1_000 + factor * INTERVAL_MS - 1)).toEqual([])
      expect(planner.due(1_000 + factor * INTERVAL_MS)).toEqual(['a'])
    }
  })

  it('without agreement it comes sooner, later each time, and never before a busy peer asked', () => {
    const planner = create()
    planner.joined('a', 0, 0)
    let now = 0
    const pauses = Array.from({ length: 7 }, () => {
      planner.began('a')
      planner.ended('a', { kind: 'progress' }, now, 0)
      const from = now
      while (planner.due(now).length === 0) now += 500
      return now - from
    })
    expect(pauses).toEqual([500, 3_000, 15_000, 30_000, 60_000, INTERVAL_MS, INTERVAL_MS])
    planner.ended('a', { kind: 'busy', retryAfterMs: 400_000 }, now, 0)
    expect(planner.due(now + 399_999)).toEqual([])
    planner.hasten('a', now)
    expect(planner.due(now)).toEqual(['a'])
  })
})

describe('S7.3 synced', () => {
  it('needs distinct peers that agreed within a quarter of an hour: one peer, however often, is not enough', () => {
    const planner = create()
    for (const peer of ['a', 'b', 'c']) planner.joined(peer, 0, 0)
    for (let i = 0; i < 5; i++) planner.ended('a', AGREED, 0, 0)
    planner.ended('b', AGREED, 10, 0)
    planner.ended('c', { kind: 'progress' }, 10, 0)
    expect(planner.isSynced(10)).toBe(false)
    planner.ended('c', { kind: 'unsettled' }, 20, 0)
    expect(planner.isSynced(20)).toBe(true)
    expect(planner.isSynced(AGREEMENT_MS)).toBe(true)
    expect(planner.isSynced(AGREEMENT_MS + 1)).toBe(false)
    expect(planner.agreements(AGREEMENT_MS + 1)).toBe(2)
  })

  it('A12 a peer that leaves takes its agreement with it', () => {
    const planner = create(1)
    planner.joined('a', 0, 0)
    planner.ended('a', AGREED, 0, 0)
    expect(planner.isSynced(0)).toBe(true)
    planner.left('a')
    expect(planner.isSynced(0)).toBe(false)
  })
})

describe('S6 unsettled', () => {
  it('six hours of it make a full session due, which ends the count', () => {
    const planner = create()
    planner.joined('a', 0, 0)
    planner.ended('a', { kind: 'unsettled' }, 0, 0)
    planner.ended('a', { kind: 'unsettled' }, 1_000, 0)
    planner.ended('a', { kind: 'failed' }, 2_000, 0)
    expect(planner.mustLookCloser('a', UNSETTLED_MS - 1)).toBe(false)
    expect(planner.mustLookCloser('a', UNSETTLED_MS)).toBe(true)
    planner.ended('a', { kind: 'progress' }, UNSETTLED_MS, 0)
    expect(planner.mustLookCloser('a', 2 * UNSETTLED_MS)).toBe(false)
  })

  it('the hours count on while the peer is away, but its agreement does not', () => {
    const planner = create(1)
    planner.joined('a', 0, 0)
    planner.ended('a', { kind: 'unsettled' }, 0, 0)
    planner.left('a')
    expect(planner.isSynced(0)).toBe(false)
    planner.joined('a', 1_000, 0)
    planner.ended('a', { kind: 'unsettled' }, 1_000, 0)
    expect(planner.mustLookCloser('a', UNSETTLED_MS - 1)).toBe(false)
    expect(planner.mustLookCloser('a', UNSETTLED_MS)).toBe(true)
  })

  it('of more peers than can be remembered the oldest is forgotten', () => {
    const planner = create()
    const names = Array.from({ length: MAX_UNSETTLED + 1 }, (_, i) => `p${i}`)
    for (const name of names) {
      planner.joined(name, 0, 0)
      planner.ended(name, { kind: 'unsettled' }, 0, 0)
      planner.left(name)
    }
    const kept = names.filter((name) => planner.mustLookCloser(name, UNSETTLED_MS))
    expect(kept).toEqual(names.slice(1))
  })
})
