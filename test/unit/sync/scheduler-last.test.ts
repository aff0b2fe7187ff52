/** What is kept of sessions for people, and what is not (S14). */
import { describe, expect, it } from 'vitest'
import type { PeerId } from '../../../src/domain.ts'
import { createPlanner } from '../../../src/sync/planner.ts'
import { createScheduler, type Scheduler } from '../../../src/sync/scheduler.ts'
import type { ServeOutcome } from '../../../src/sync/serve/types.ts'
import type { Ending, Outcome } from '../../../src/sync/types.ts'
import { until } from '../../helpers/until.ts'

const FIGURES = { rounds: 0, idsIn: 0, idsOut: 0, bytesIn: 0, bytesOut: 0, learned: 0, gained: 0, claims: 0 }
const SERVED: ServeOutcome = { end: 'complete', reason: '', gained: 7, bytes: 9, lastSeq: 7, retryAfterMs: null }
const BUSY: Ending = { kind: 'failed', code: 'busy', text: 'too many sessions', retryAfterMs: 30_000, by: 'peer' }
const OPEN_DIFFERS: Ending = { kind: 'fast-equal', isUnsettled: false, isOpenDifferent: true }

/** A scheduler whose sessions and serves end when told. */
function create(): { scheduler: Scheduler; end: (ending: Ending) => void; serve: (outcome: ServeOutcome) => void } {
  const session = Promise.withResolvers<Outcome>()
  const serve = Promise.withResolvers<ServeOutcome>()
  const scheduler = createScheduler({
    planner: createPlanner({ syncIntervalMs: 300_000, minSyncedPeers: 1 }),
    sessions: {
      start: () => session.promise,
      accept: () => session.promise,
      progress: () => [],
      backlog: () => undefined,
      stop: () => undefined,
      close: async () => undefined,
    },
    serves: {
      pull: () => serve.promise,
      forsake: () => undefined,
      progress: () => [],
      stop: async () => undefined,
    },
    clock: { now: () => 1_000 },
    chance: () => 0,
    remaining: () => 0,
    refusedMs: () => 0,
    failed: (error) => {
      throw error
    },
    ended: () => undefined,
  })
  const end = (ending: Ending): void => session.resolve({ ...ending, figures: FIGURES })
  return { scheduler, end, serve: serve.resolve }
}

const lastOf = (scheduler: Scheduler, peer: PeerId) => scheduler.last().get(peer)

describe('S14 the last session with each connected peer', () => {
  it('a busy peer: when it may be asked again', async () => {
    const { scheduler, end } = create()
    scheduler.joined('a')
    scheduler.begin('a', false)
    end(BUSY)
    await until(() => scheduler.last().size === 1)
    expect(lastOf(scheduler, 'a')).toMatchObject({ outcome: 'busy', reason: 'too many sessions', retryAt: 31_000 })
  })

  it('a serve: what it brought, once it has ended', async () => {
    const { scheduler, end, serve } = create()
    scheduler.joined('a')
    expect([scheduler.begin('a', false), scheduler.begin('a', false)]).toEqual([true, false])
    end({ kind: 'serve-in', offer: null })
    await until(() => scheduler.begin('a', false))
    expect(scheduler.last().size).toBe(0)
    serve(SERVED)
    await until(() => lastOf(scheduler, 'a')?.gained === 7)
    expect(lastOf(scheduler, 'a')).toMatchObject({ outcome: 'served', reason: null, retryAt: null })
  })

  it.each([BUSY, OPEN_DIFFERS])('nothing is kept of a session that ends after its peer left: %o', async (ending) => {
    const { scheduler, end } = create()
    scheduler.joined('a')
    scheduler.begin('a', false)
    scheduler.left('a')
    end(ending)
    await scheduler.stop()
    expect(scheduler.last().size).toBe(0)
    expect(scheduler.hasStepOne('a')).toBe(true)
  })
})
