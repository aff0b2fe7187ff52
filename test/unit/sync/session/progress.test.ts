/** How far a session is, how fast, and until when (S14). */
import { expect, it } from 'vitest'
import { createSessionState } from '../../../../src/sync/machine.ts'
import { createProgressMeter } from '../../../../src/sync/session/progress.ts'
import type { Round, SessionState } from '../../../../src/sync/types.ts'
import { configOf } from '../../../helpers/sync/session/virtual-pair.ts'

/** A session that began at 0, and moves as the test says. */
function begin() {
  let now = 0
  const state = createSessionState(configOf('bob'))
  const meter = createProgressMeter(state, { now: () => now })
  const at = (instant: number, changes: Partial<SessionState>): void => {
    now = instant
    Object.assign(state, changes)
    meter.note()
  }
  return { state, meter, at }
}

const round = (
  own: Partial<Round['own']>,
  their: Partial<Round['their']>,
  scheme: Round['scheme'] = 'lists',
): Round => ({
  back: 1,
  scheme,
  own: { count: null, credit: 0, isSent: false, ...own },
  their: { count: null, chunks: 0, ids: 0, acked: 0, isEnded: false, ...their },
  gained: 0,
  ownReport: null,
  theirReport: null,
})

it('S14 of two lists: what moved, how fast, and when they are through', () => {
  const { state, meter, at } = begin()
  at(2_000, {
    phase: 'rounds',
    round: round({ count: 600, isSent: true }, { count: 1_000, ids: 200 }),
    figures: { ...state.figures, idsIn: 200, idsOut: 600, bytesIn: 6_400, bytesOut: 19_200 },
  })
  // 800 ids in two seconds, 800 are left.
  expect(meter.progress()).toMatchObject({
    back: 1,
    lists: { done: 800, total: 1_600 },
    bytesPerSecond: 12_800,
    etaMs: 2_000,
  })
})

it('S14 of a list under way, what was acknowledged has moved', () => {
  const { state, meter, at } = begin()
  const { chunkIds, chunkWindow } = state.config.limits
  const count = 10 * chunkIds
  at(1_000, { phase: 'rounds', round: round({ count, credit: 2 + chunkWindow }, { count: 0, isEnded: true }) })
  expect(meter.progress()).toMatchObject({
    idsOut: 2 * chunkIds,
    lists: { done: 2 * chunkIds, total: count },
    bytesPerSecond: 2 * chunkIds * 32,
    etaMs: 4_000,
  })
})

it.each<[string, Partial<SessionState>]>([
  ['before a round', { phase: 'freezing', round: null }],
  ['before the peer has opened its list', { phase: 'rounds', round: round({ count: 5 }, {}) }],
  ['while ranges are compared', { phase: 'rounds', round: round({ count: 5 }, { count: 5 }, 'range') }],
  ['after the last round', { phase: 'confirming', round: round({ count: 5, isSent: true }, { count: 5, ids: 5 }) }],
])('S14 nobody can tell the end %s', (_, changes) => {
  const { meter, at } = begin()
  at(1_000, changes)
  expect(meter.progress()).toMatchObject({ lists: null, etaMs: null })
})

it('S14 nor while nothing moves', () => {
  const { meter, at } = begin()
  at(1_000, { phase: 'rounds', round: round({ count: 5 }, { count: 5 }) })
  expect(meter.progress()).toMatchObject({ lists: { done: 0, total: 10 }, bytesPerSecond: 0, etaMs: null })
})
