/** The court with its record on disk (S9.2): what becomes an offence, who is not dealt with, and what a restart remembers. */
import { describe, expect, it } from 'vitest'
import type { Judgement } from '../../../src/sync/court.ts'
import type { AttemptOutcome } from '../../../src/sync/fetch/types.ts'
import { openJudging } from '../../../src/sync/judging.ts'
import type { Evidence } from '../../../src/sync/serve/types.ts'
import type { AtxSet } from '../../../src/sync/set/types.ts'
import type { Ban } from '../../../src/sync/standing.ts'
import { createAtxTraits } from '../../../src/sync/traits.ts'
import { idOf } from '../../helpers/sync/session/fake-set.ts'

const DAY_MS = 86_400_000
const TRAITS = createAtxTraits('ab'.repeat(32), { startMs: 0, timeframe: DAY_MS, n1: 6, n2: 3 })

async function setUp(disk: { bans: readonly Ban[] } = { bans: [] }, peers = 100) {
  const clock = { time: 9 * DAY_MS, now: () => clock.time }
  const judged: Judgement[] = []
  const banned: string[] = []
  const failures: unknown[] = []
  const saves: (() => void)[] = []
  const isSlow = { value: false }
  const set: Pick<AtxSet, 'seqOf' | 'boundary' | 'frameOf' | 'record'> = {
    seqOf: () => null,
    boundary: TRAITS.calendar.boundary,
    frameOf: () => null,
    record: async () => null,
  }
  const judging = await openJudging({
    store: {
      bans: async () => disk.bans,
      async saveBans(bans) {
        if (isSlow.value) await new Promise<void>((resolve) => saves.push(resolve))
        disk.bans = bans
      },
    },
    set: set as AtxSet,
    traits: TRAITS,
    clock,
    wanted: () => 0,
    peerCount: () => peers,
    addressOf: () => '192.0.2.1',
    observer: { judged: (judgement) => judged.push(judgement), failed: (error) => failures.push(error) },
    banned: (peer) => banned.push(peer),
  })
  const words = (): string[] => judged.map(({ peer, offence, consequence }) => `${peer} ${offence} ${consequence}`)
  return { judging, clock, disk, banned, saves, isSlow, words }
}

describe('what becomes an offence', () => {
  it.each<[AttemptOutcome, string[]]>([
    ['mismatch', ['bob bad-blob ban']],
    ['bad-signature', ['bob bad-blob ban']],
    ['too-big', ['bob bad-blob ban']],
    ['malformed', ['bob bad-blob ban']],
    ['invalid', ['bob bad-blob ban']],
    ['not-found', []],
    ['waiting', []],
    ['early', []],
    ['full', []],
    ['busy', []],
    ['no-answer', []],
    ['too-big-there', []],
    ['inserted', []],
  ])('an id that ends as %s', async (outcome, expected) => {
    const { judging, words } = await setUp()
    judging.attempted({ peer: 'bob', id: idOf('x'), outcome })
    expect(words()).toEqual(expected)
  })

  it.each<[Evidence, string]>([
    ['P', 'bob protocol noted'],
    ['E4', 'bob undelivered-many ban'],
    ['E5', 'bob bad-blob ban'],
  ])('%s of a serve', async (evidence, expected) => {
    const { judging, words } = await setUp()
    judging.accused('bob', evidence)
    expect(words()).toEqual([expected])
  })
})

describe('bans', () => {
  it('are told at once, kept on disk, and remembered by the next life', async () => {
    const { judging, disk, banned, clock } = await setUp()
    for (let times = 0; times < 3; times++) judging.misbehaved('bob')
    expect(banned).toEqual(['bob'])
    expect(judging.refused(['carol', 'bob'])).toEqual([{ peer: 'bob', untilMs: clock.now() + DAY_MS }])
    await judging.stop()
    const next = await setUp(disk)
    expect(next.judging.refusedMs('bob')).toBe(DAY_MS)
    next.clock.time += DAY_MS
    expect(next.judging.refused([])).toEqual([])
  })

  it('keep counting after they ended, and the address where they were, over a restart', async () => {
    const { judging, disk, clock } = await setUp()
    judging.accused('bob', 'E5')
    clock.time += DAY_MS
    for (const peer of ['m1', 'm2', 'm3']) judging.accused(peer, 'E5')
    await judging.stop()
    const next = await setUp(disk)
    next.clock.time = clock.time
    expect(next.judging.refusedMs('somebody')).toBe(DAY_MS)
    expect(next.judging.refused([]).map(({ peer }) => peer)).toEqual(['m1', 'm2', 'm3'])
    next.judging.accused('bob', 'E5')
    expect(next.judging.refusedMs('bob')).toBe(2 * DAY_MS)
  })

  it('are written one after the other: an older write never comes last, and a stop waits for all', async () => {
    const { judging, disk, saves, isSlow } = await setUp()
    isSlow.value = true
    judging.accused('bob', 'E5')
    judging.accused('carol', 'E5')
    let isStopped = false
    const stopped = judging.stop().then(() => {
      isStopped = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect([saves.length, isStopped]).toEqual([1, false])
    saves[0]?.()
    await new Promise((resolve) => setImmediate(resolve))
    saves[1]?.()
    await stopped
    expect(disk.bans.map(({ peer }) => peer)).toEqual(['bob', 'carol'])
  })

  it('are spared where too many would be banned, and nobody is told to break off', async () => {
    const { judging, words, banned } = await setUp({ bans: [] }, 2)
    judging.accused('bob', 'E5')
    judging.accused('carol', 'E5')
    expect(words()).toEqual(['bob bad-blob ban', 'carol bad-blob spared'])
    expect(banned).toEqual(['bob'])
    expect(judging.refusedMs('carol')).toBe(0)
  })
})
