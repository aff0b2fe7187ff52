/** When sessions are held, and what their ends lead to (S7, S9, S12.2): the scheduler over sessions and serves that a test ends. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { SyncError } from '../../../src/sync/errors.ts'
import type { Hello, ServeOffer } from '../../../src/sync/messages.ts'
import { createPlanner } from '../../../src/sync/planner.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import { createScheduler, type Scheduler } from '../../../src/sync/scheduler.ts'
import type { ServeOutcome } from '../../../src/sync/serve/types.ts'
import type { Ending, Outcome } from '../../../src/sync/types.ts'
import { until } from '../../helpers/until.ts'

const FIGURES = { rounds: 0, idsIn: 0, idsOut: 0, bytesIn: 0, bytesOut: 0, learned: 0, gained: 0, claims: 0 }
const outcome = (ending: Ending, gained = 0): Outcome => ({ ...ending, figures: { ...FIGURES, gained } })
const AGREED = outcome({ kind: 'agreed' })
const offer: ServeOffer = { token: Uint8Array.of(7), estIds: 1, estBytes: 1, retryAfterMs: 0 }
const failed = (code: 'busy' | 'clock' | 'superseded', retryAfterMs = 0): Outcome =>
  outcome({ kind: 'failed', code, text: 'why', retryAfterMs, by: 'peer' })
const served = (changes: Partial<ServeOutcome> = {}): ServeOutcome => ({
  end: 'complete',
  reason: '',
  gained: 3,
  bytes: 0,
  lastSeq: 0,
  retryAfterMs: null,
  ...changes,
})

type Circumstances = { readonly remaining?: () => number; readonly refused?: readonly string[] }

function setUp({ remaining = () => 0, refused = [] }: Circumstances = {}) {
  const clock = { time: 1_000_000, now: () => clock.time }
  const planner = createPlanner({ syncIntervalMs: 300_000, minSyncedPeers: 1 })
  const begun: { peer: string; end: (result: Outcome | Error) => void }[] = []
  const pulls: { peer: string; token?: Uint8Array }[] = []
  const failures: unknown[] = []
  const answers: ServeOutcome[] = []
  const lead = (peer: string): Promise<Outcome> =>
    new Promise((resolve, reject) =>
      begun.push({ peer, end: (result) => (result instanceof Error ? reject(result) : resolve(result)) }),
    )
  const scheduler: Scheduler = createScheduler({
    planner,
    sessions: {
      start: lead,
      accept: ({ peer }) => lead(peer),
      progress: () => [],
      backlog: () => undefined,
      stop: () => undefined,
      close: async () => undefined,
    },
    serves: {
      async pull(wish) {
        pulls.push(wish)
        return answers.shift() ?? served()
      },
      forsake: () => undefined,
      progress: () => [],
      stop: async () => undefined,
    },
    clock,
    chance: () => 0.5,
    remaining,
    refusedMs: (peer) => (refused.includes(peer) ? 1_000 : 0),
    failed: (error) => failures.push(error),
    ended: () => undefined,
  })
  onTestFinished(() => {
    for (const { end } of begun) end(AGREED)
    return scheduler.stop()
  })
  const join = (...peers: string[]): void => {
    for (const peer of peers) scheduler.joined(peer)
  }
  const accept = (peer: string): Promise<void> => scheduler.accept({ peer } as AtxStream, {} as Hello)
  /** Ends the newest session and waits for what follows. */
  const end = async (result: Outcome | Error): Promise<void> => {
    const session = begun.at(-1)
    session?.end(result)
    await until(() => !planner.isLive(session?.peer ?? ''))
  }
  return { clock, planner, scheduler, begun, pulls, failures, answers, join, accept, end }
}

describe('sessions', () => {
  it('one with a peer at a time, and its end is kept for people', async () => {
    const { scheduler, begun, join, end } = setUp()
    join('bob')
    expect([scheduler.begin('bob', false), scheduler.begin('bob', false)]).toEqual([true, false])
    await end(outcome({ kind: 'agreed' }, 4))
    expect(scheduler.last().get('bob')).toEqual({
      outcome: 'learned',
      reason: null,
      at: 1_000_000,
      gained: 4,
      retryAt: null,
    })
    expect(scheduler.begin('bob', false)).toBe(true)
    expect(begun).toHaveLength(2)
    await end(AGREED)
    scheduler.left('bob')
    expect(scheduler.last().size).toBe(0)
  })

  it.each<[string, Outcome, string, string | null]>([
    ['step 1', outcome({ kind: 'fast-equal', isUnsettled: false, isOpenDifferent: false }), 'equal', null],
    ['equal totals', outcome({ kind: 'total-equal' }), 'equal', null],
    ['agreement', AGREED, 'agreed', null],
    ['deep reconciliation with a gain', outcome({ kind: 'deep' }, 1), 'learned', null],
    ['a serve of ours', outcome({ kind: 'serve-out' }), 'serving', null],
    ['a stop of ours', outcome({ kind: 'stopped', why: 'policy', by: 'us' }), 'failed', 'this node stopped it: policy'],
    ['a stop', outcome({ kind: 'stopped', why: 'limit', by: 'peer' }), 'failed', 'the peer stopped it: limit'],
    ['a busy peer', failed('busy', 5), 'busy', 'why'],
    ['a wrong clock', failed('clock'), 'refused', 'clock: why'],
  ])('%s has its word', async (_what, result, word, reason) => {
    const { scheduler, join, end } = setUp()
    join('bob')
    scheduler.begin('bob', false)
    await end(result)
    expect(scheduler.last().get('bob')).toMatchObject({ outcome: word, reason })
  })

  it('a peer that cannot be reached is tried again, later each time; a bug is told, and is a failure too', async () => {
    const { scheduler, planner, failures, clock, join, end, begun } = setUp()
    join('bob')
    scheduler.begin('bob', false)
    await end(new SyncError('refused', 'nobody there'))
    expect(scheduler.last().get('bob')).toMatchObject({ outcome: 'failed', reason: 'nobody there' })
    clock.time += 1_000
    expect(planner.due(clock.now())).toEqual(['bob'])
    scheduler.begin('bob', false)
    const bug = new TypeError('a bug')
    begun.at(-1)?.end(bug)
    await until(() => failures.length > 0)
    expect(failures).toEqual([bug])
    expect(scheduler.last().get('bob')).toMatchObject({ outcome: 'failed', reason: 'a bug' })
    expect(planner.due(clock.now())).toEqual([])
    clock.time += 5_000
    expect(planner.due(clock.now())).toEqual(['bob'])
  })

  it('S6 of two sessions of a glare the one that goes on says how it ended', async () => {
    const { scheduler, planner, begun, accept, join } = setUp()
    join('bob')
    scheduler.begin('bob', false)
    const accepted = accept('bob')
    begun[0]?.end(failed('superseded'))
    await new Promise((resolve) => setImmediate(resolve))
    expect([planner.isLive('bob'), scheduler.last().size]).toEqual([true, 0])
    begun[1]?.end(AGREED)
    await accepted
    expect([planner.isLive('bob'), scheduler.last().get('bob')?.outcome]).toEqual([false, 'agreed'])
  })
})

describe('what is due', () => {
  it('begins four at once, none with a peer that is refused, none while its ids are fetched', async () => {
    const { scheduler, begun, clock, join, end } = setUp({ refused: ['p0'] })
    join('p0', 'p1', 'p2', 'p3', 'p4', 'p5')
    clock.time += 1_000
    scheduler.start()
    await until(() => begun.length === 4)
    expect(begun.map(({ peer }) => peer)).toEqual(['p1', 'p2', 'p3', 'p4'])
    await end(AGREED)
    await until(() => begun.length === 5)
    expect(begun[4]?.peer).toBe('p5')
  })

  it('a peer whose ids are still being fetched waits, however long that takes', async () => {
    let [left, looks] = [2, 0]
    const remaining = (): number => {
      looks++
      return left
    }
    const { scheduler, begun, clock, join } = setUp({ remaining })
    join('bob')
    clock.time += 1_000
    scheduler.start()
    await until(() => looks >= 2)
    expect(begun).toEqual([])
    left = 0
    await until(() => begun.length === 1)
  })
})

describe('S12.2 a closer look', () => {
  it('follows equal closed timeframes with different open ones, once', async () => {
    const { scheduler, planner, clock, join, end } = setUp()
    join('bob')
    expect(scheduler.hasStepOne('bob')).toBe(true)
    scheduler.begin('bob', false)
    await end(outcome({ kind: 'fast-equal', isUnsettled: false, isOpenDifferent: true }))
    expect(scheduler.hasStepOne('bob')).toBe(false)
    expect(planner.due(clock.now())).toEqual(['bob'])
    scheduler.begin('bob', false)
    await end(AGREED)
    expect(scheduler.hasStepOne('bob')).toBe(true)
  })

  it('S6 is due too after six hours of unsettled differences', async () => {
    const { scheduler, clock, join, end } = setUp()
    join('bob')
    const unsettled = outcome({ kind: 'fast-equal', isUnsettled: true, isOpenDifferent: false })
    for (const isFull of [false, false, true]) {
      expect(scheduler.hasStepOne('bob')).toBe(!isFull)
      scheduler.begin('bob', false)
      await end(unsettled)
      clock.time += 3 * 3_600_000
    }
  })
})

describe('S9 being served', () => {
  it.each(['serve-in', 'mutual'] as const)(
    '%s pulls with the token of the offer, and looks again soon',
    async (kind) => {
      const { scheduler, planner, pulls, clock, join, end } = setUp()
      join('bob')
      scheduler.begin('bob', false)
      await end(outcome({ kind, offer }))
      await until(() => planner.due(clock.now()).length > 0)
      expect(pulls).toEqual([{ peer: 'bob', token: offer.token }])
      expect(scheduler.last().get('bob')).toMatchObject({ outcome: 'served', gained: 3 })
    },
  )

  it.each([
    [90_000, 90_000],
    // No wish of a peer holds longer than a day.
    [2 ** 32 - 1, 86_400_000],
  ])('an offer for %i ms later is not taken up before', async (retryAfterMs, waitMs) => {
    const { scheduler, planner, pulls, clock, join, end } = setUp()
    join('bob')
    scheduler.begin('bob', false)
    await end(outcome({ kind: 'serve-in', offer: { ...offer, retryAfterMs } }))
    expect(scheduler.last().get('bob')).toMatchObject({
      outcome: 'busy',
      reason: 'all its places for serves are taken',
      retryAt: clock.now() + waitMs,
    })
    expect(planner.due(clock.now() + waitMs - 1)).toEqual([])
    expect(planner.due(clock.now() + waitMs)).toEqual(['bob'])
    scheduler.begin('bob', false)
    await end(outcome({ kind: 'serve-in', offer }))
    await until(() => scheduler.last().get('bob')?.outcome === 'served')
    expect(pulls).toHaveLength(1)
  })

  it('a busy server is left alone for as long as it says', async () => {
    const { scheduler, planner, answers, clock, join, end } = setUp()
    join('bob')
    answers.push(served({ end: 'busy', reason: 'all places are taken', gained: 0, retryAfterMs: 90_000 }))
    scheduler.begin('bob', false)
    await end(outcome({ kind: 'serve-in', offer: null }))
    await until(() => scheduler.last().get('bob')?.outcome === 'failed')
    expect(scheduler.last().get('bob')?.reason).toBe('busy: all places are taken')
    expect(planner.due(clock.now() + 89_000)).toEqual([])
    expect(planner.due(clock.now() + 100_000)).toEqual(['bob'])
  })
})
