/** Grades and the settled filter (S3.4) by table. */
import { describe, expect, it } from 'vitest'
import { createGradeFilter, gradeOf } from '../../../../src/sync/set/grades.ts'

const [START, DELTA] = [100_000, 1_000]

describe('S3.4 the grade of an ATX', () => {
  it.each([
    { receivedAt: START - 4 * DELTA - 1, equivocatedAt: null, grade: 2 },
    { receivedAt: START - 4 * DELTA - 1, equivocatedAt: START, grade: 2 },
    { receivedAt: START - 4 * DELTA - 1, equivocatedAt: START - 1, grade: 1 },
    { receivedAt: START - 4 * DELTA - 1, equivocatedAt: START - DELTA, grade: 1 },
    { receivedAt: START - 4 * DELTA - 1, equivocatedAt: START - DELTA - 1, grade: 0 },
    { receivedAt: START - 4 * DELTA, equivocatedAt: null, grade: 1 },
    { receivedAt: START - 3 * DELTA - 1, equivocatedAt: null, grade: 1 },
    { receivedAt: START - 3 * DELTA, equivocatedAt: null, grade: 0 },
    { receivedAt: START + DELTA, equivocatedAt: null, grade: 0 },
  ])('received $receivedAt, proof $equivocatedAt: $grade', ({ grade, ...candidate }) => {
    expect(gradeOf(candidate, START, DELTA)).toBe(grade)
  })
})

describe('S3.4 the default filter', () => {
  const epochStart = (epoch: number) => epoch * START
  const filter = (minHighGrade: 1 | 2) => createGradeFilter({ epochStart, deltaMs: DELTA, minHighGrade })
  const candidate = (receivedAt: number) => ({
    id: new Uint8Array(32),
    publishEpoch: 6,
    receivedAt,
    equivocatedAt: null,
  })

  it('settles an ATX when its target epoch starts, which is the one after it was published in', () => {
    expect(filter(1).settlesAt(candidate(0))).toBe(7 * START)
  })

  it('never settles one below the wanted grade', () => {
    const grade1 = candidate(7 * START - 4 * DELTA)
    expect([filter(1).settlesAt(grade1), filter(2).settlesAt(grade1)]).toEqual([7 * START, null])
  })
})
