import { describe, expect, it } from 'vitest'
import { Roster } from '../../../../src/sync/set/roster.ts'
import { idOf } from '../../../helpers/sync/atx-set.ts'

/** A roster in which each ATX is named by its publisher; the epoch is 1 for all. */
function rosterOf() {
  const roster = new Roster()
  let seq = 0
  return {
    add: (publisher: string, frame: number) =>
      roster.add(
        { publisher: Buffer.from(idOf(publisher), 'hex'), publishEpoch: 1, receivedAt: seq, committedAt: 100 + seq },
        { seq: seq++, frame },
      ),
    provenAt: (at: number) => roster.candidate(at, Buffer.alloc(32)).equivocatedAt,
    receivedAt: (at: number) => roster.candidate(at, Buffer.alloc(32)).receivedAt,
  }
}

describe('the roster of the two newest timeframes', () => {
  it('finds a twin in the same timeframe and in the one before, and names the first once', () => {
    const { add, provenAt } = rosterOf()
    expect([add('same', 4), add('apart', 4), add('same', 4)]).toEqual([null, null, 0])
    expect([add('apart', 5), add('apart', 5), add('same', 5)]).toEqual([1, null, null])
    expect([0, 1, 2, 3, 4, 5].map(provenAt)).toEqual([102, 103, 102, 103, 103, 102])
  })

  it('forgets older timeframes: what comes then has no twin', () => {
    const { add, provenAt } = rosterOf()
    expect([add('a', 4), add('b', 5), add('a', 6), add('b', 8)]).toEqual([null, null, null, null])
    expect(provenAt(3)).toBeNull()
    expect(() => provenAt(2)).toThrow('only the two newest timeframes are graded')
  })

  it('knows when each was received, on both sides of a boundary', () => {
    const { add, receivedAt } = rosterOf()
    for (const frame of [0, 0, 1, 2, 2, 3]) add(`${frame}`, frame)
    expect([3, 4, 5].map(receivedAt)).toEqual([3, 4, 5])
  })
})
