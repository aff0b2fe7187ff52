/** What sessions lead to: the next one, a closer look, agreement; and which of two sessions with a peer has the say (S6, S7.3, S8). */
import { afterEach, expect, test } from 'vitest'
import type { Hello, ProblemCode } from '../../../src/sync/messages.ts'
import { createPlanner } from '../../../src/sync/planner.ts'
import type { AtxStream } from '../../../src/sync/ports.ts'
import { createScheduler, type Scheduler } from '../../../src/sync/scheduler.ts'
import type { Ending, Outcome } from '../../../src/sync/types.ts'
import { until } from '../../helpers/until.ts'

const FIGURES = { rounds: 0, idsIn: 0, idsOut: 0, bytesIn: 0, bytesOut: 0, learned: 0, gained: 0, claims: 0 }
const INTERVAL_MS = 300_000
const outcome = (ending: Ending, gained = 0): Outcome => ({ ...ending, figures: { ...FIGURES, gained } })
const FAST = { kind: 'fast-equal', isUnsettled: false } as const
const BUSY: Ending = { kind: 'failed', code: 'busy', text: 'glare', retryAfterMs: 30_000, by: 'peer' }
/** What a call ends as that this node refused. */
const REFUSED: Ending = { ...BUSY, text: 'too many sessions', by: 'us' }

const running: Scheduler[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((scheduler) => scheduler.stop()))
})

/** A scheduler with one peer, whose sessions end as the test says. */
function setUp() {
  const planner = createPlanner({ syncIntervalMs: INTERVAL_MS, minSyncedPeers: 1 })
  const facts = { remaining: 0 }
  const sessions: { hadStepOne: boolean; end: (outcome: Outcome) => void }[] = []
  const session = (): Promise<Outcome> => {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    sessions.push({ hadStepOne: scheduler.hasStepOne('peer'), end: resolve })
    return promise
  }
  const scheduler = createScheduler({
    planner,
    sessions: {
      start: session,
      accept: session,
      progress: () => [],
      backlog: () => undefined,
      stop: () => undefined,
      async close() {
        for (const { end } of sessions) end(outcome(BUSY))
      },
    },
    serves: {
      pull: () => Promise.reject(new Error('no serve is due')),
      forsake: () => undefined,
      progress: () => [],
      stop: async () => undefined,
    },
    clock: { now: () => performance.now() },
    chance: () => 0,
    remaining: () => facts.remaining,
    refusedMs: () => 0,
    failed: (error) => {
      throw error
    },
    ended: () => undefined,
  })
  running.push(scheduler)
  scheduler.joined('peer')
  const nth = (index: number) => until(() => sessions[index])
  const isSynced = (): boolean => planner.isSynced(performance.now())
  const word = () => scheduler.last().get('peer')?.outcome
  const accept = () => scheduler.accept({ peer: 'peer' } as AtxStream, {} as Hello)
  return { planner, scheduler, facts, sessions, nth, isSynced, word, accept }
}

test('S12.2 equal closed timeframes are no agreement while the open ones differ: a session looks closer at once', async () => {
  const { scheduler, nth, isSynced } = setUp()
  scheduler.start()
  const first = await nth(0)
  first.end(outcome({ ...FAST, isOpenDifferent: true }))
  const second = await nth(1)
  expect([first.hadStepOne, second.hadStepOne, isSynced()]).toEqual([true, false, false])
  second.end(outcome({ kind: 'total-equal' }))
  await until(isSynced)
})

test.each([
  ['when nothing was lost', [], [], true],
  ['not when some of it was lost while sets were compared', ['peer'], [], false],
  ['not when some of it was lost afterwards', [], ['peer'], false],
  ['whatever another peer lost', ['other'], ['other'], true],
])(
  'S8 who agreed on what is being fetched agrees once that is here, %s',
  async (_when, during, afterwards, expected) => {
    const { scheduler, facts, nth, isSynced } = setUp()
    scheduler.start()
    const first = await nth(0)
    facts.remaining = 3
    for (const peer of during) scheduler.lost(peer)
    first.end(outcome({ kind: 'agreed' }, 3))
    await until(() => scheduler.last().size === 1)
    expect(isSynced()).toBe(false)
    for (const peer of afterwards) scheduler.lost(peer)
    facts.remaining = 0
    // The next session is due when nothing remains, and was not asked yet.
    await nth(1)
    expect(isSynced()).toBe(expected)
  },
)

test('S8 what an earlier session lost says nothing of one that brings all', async () => {
  const { scheduler, nth, isSynced } = setUp()
  scheduler.start()
  const first = await nth(0)
  scheduler.lost('peer')
  first.end(outcome({ kind: 'agreed' }, 3))
  const second = await nth(1)
  expect(isSynced()).toBe(false)
  second.end(outcome({ kind: 'agreed' }, 3))
  await until(isSynced)
})

test.each(['before', 'after'])(
  'A16 of two sessions the one that went on has the say, ended %s the other',
  async (when) => {
    const { planner, scheduler, nth, word, accept } = setUp()
    scheduler.begin('peer', false)
    const accepted = accept()
    const [lost, kept] = [await nth(0), await nth(1)]
    const ends = [() => kept.end(outcome({ ...FAST, isOpenDifferent: false })), () => lost.end(outcome(BUSY))]
    if (when === 'after') ends.reverse()
    ends[0]?.()
    await until(() => when === 'after' || word() === 'equal')
    ends[1]?.()
    await accepted
    await until(() => !planner.isLive('peer') && word() === 'equal')
    await scheduler.stop()
    expect(word()).toBe('equal')
  },
)

test('a session that somebody asked for compares open timeframes too', async () => {
  const { scheduler, nth } = setUp()
  expect([scheduler.begin('peer', true), scheduler.begin('peer', true)]).toEqual([true, false])
  expect((await nth(0)).hadStepOne).toBe(false)
})

test.each<ProblemCode>(['version', 'network', 'clock', 'frame', 'banned', 'busy'])(
  'S6 a call that this node refused with %s changes nothing of what it knows and plans',
  async (code) => {
    const { planner, scheduler, facts, nth, isSynced, accept } = setUp()
    scheduler.begin('peer', false)
    facts.remaining = 3
    ;(await nth(0)).end(outcome({ kind: 'agreed' }, 3))
    await until(() => scheduler.last().size === 1)
    scheduler.lookCloser('peer')
    const before = scheduler.last().get('peer')
    const accepted = accept()
    ;(await nth(1)).end(outcome({ ...REFUSED, code }))
    await accepted
    expect(scheduler.last().get('peer')).toEqual(before)
    expect([scheduler.hasStepOne('peer'), planner.due(performance.now())]).toEqual([false, ['peer']])
    facts.remaining = 0
    scheduler.start()
    expect((await nth(2)).hadStepOne).toBe(false)
    expect(isSynced()).toBe(true)
  },
)

test('S6 a call that this node refused hides no failure of its own session, whichever ends first', async () => {
  for (const isRefusedLast of [false, true]) {
    const { planner, scheduler, nth, word, accept } = setUp()
    scheduler.begin('peer', false)
    const accepted = accept()
    const ends: [number, Ending][] = [
      [1, REFUSED],
      [0, { ...BUSY, code: 'timeout', retryAfterMs: 0 }],
    ]
    for (const [index, ending] of isRefusedLast ? ends.reverse() : ends) (await nth(index)).end(outcome(ending))
    await accepted
    await until(() => !planner.isLive('peer'))
    expect(word()).toBe('failed')
  }
})

test('S6 a session that ends while refused calls of the peer linger is followed by the next', async () => {
  const { planner, scheduler, nth, word, accept } = setUp()
  scheduler.begin('peer', false)
  const calls = [accept()]
  ;(await nth(0)).end(outcome({ kind: 'agreed' }))
  await until(() => word() === 'agreed')
  calls.push(accept())
  for (const index of [1, 2]) (await nth(index)).end(outcome(REFUSED))
  await Promise.all(calls)
  expect([planner.isLive('peer'), scheduler.begin('peer', false)]).toEqual([false, true])
})
