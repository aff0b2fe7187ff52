/** Shares of the fetch queue (S8): whoever fills it makes room for others, and its sessions alone pause. */
import { describe, expect, it } from 'vitest'
import { EVICTED_TOGETHER, LISTER_SHARE, MAX_WANTED } from '../../../../src/sync/fetch/bounds.ts'
import { SESSION_LIMITS } from '../../../../src/sync/rules/limits.ts'
import { FetchBench, idAt, idsFrom } from '../../../helpers/sync/fetch-machine.ts'

const heldBy = (bench: FetchBench, peer: string): number => bench.state.listers.get(peer)?.held ?? 0
const isWanted = (bench: FetchBench, ids: readonly string[]): boolean => ids.every((id) => bench.state.wants.has(id))

describe('the queue is full', () => {
  it('who fills it gives half of what it has more than a newcomer, the newest first; nobody else loses any', () => {
    const bench = new FetchBench(1_000)
    bench.list('alice', idsFrom(5_000, 50))
    bench.list('mallory', idsFrom(0, 2_000))
    expect(heldBy(bench, 'mallory')).toBe(950)
    bench.list('bob', idsFrom(6_000, 1))
    expect([heldBy(bench, 'mallory'), heldBy(bench, 'bob')]).toEqual([475, 1])
    expect(isWanted(bench, [...idsFrom(5_000, 50), ...idsFrom(0, 475)])).toBe(true)
    expect(bench.endings()).toEqual({ 'no-room': 1_050 + 475 })
  })

  it.each([1, 3, 7])('%i silent listers leave a peer the same share as each of them', (liars) => {
    const bench = new FetchBench(1_000)
    for (let liar = 0; liar < liars; liar++) bench.list(`liar${liar}`, idsFrom(10_000 * (liar + 1), 1_000))
    const share = Math.floor(1_000 / (liars + 1))
    bench.list('alice', idsFrom(0, share))
    expect(isWanted(bench, idsFrom(0, share))).toBe(true)
    expect(bench.state.held).toBeLessThanOrEqual(1_000)
  })

  it('who has most of it itself is turned away, and costs nobody a place', () => {
    const bench = new FetchBench(100)
    bench.list('alice', idsFrom(0, 40))
    bench.list('mallory', idsFrom(1_000, 60))
    bench.list('mallory', idsFrom(2_000, 30))
    expect([heldBy(bench, 'alice'), heldBy(bench, 'mallory')]).toEqual([40, 60])
    expect(bench.endings()).toEqual({ 'no-room': 30 })
    expect(bench.state.counters.failed).toBe(30)
  })

  it('what others listed too stays wanted from them, and takes their places', () => {
    const bench = new FetchBench(100)
    bench.list('mallory', idsFrom(0, 100))
    bench.list('alice', idsFrom(90, 10))
    expect([heldBy(bench, 'mallory'), heldBy(bench, 'alice')]).toEqual([100, 0])
    bench.list('bob', [idAt(500)])
    expect(isWanted(bench, idsFrom(90, 10))).toBe(true)
    expect(heldBy(bench, 'alice')).toBe(10)
    expect(bench.state.wants.get(idAt(95))?.claims.map(({ peer }) => peer)).toEqual(['alice'])
    expect(isWanted(bench, [idAt(500)])).toBe(true)
  })

  it('an answer to what gave way is no offence, and nothing of it is judged', () => {
    const bench = new FetchBench(100)
    bench.list('mallory', idsFrom(0, 100))
    bench.list('bob', [idAt(500)])
    const effects = bench.answer(bench.next('mallory'))
    expect(effects.find(({ type }) => type === 'judge')).toMatchObject({ ids: idsFrom(0, 50) })
    expect(bench.of('misbehaviour')).toEqual([])
  })

  it('what the intake waits for takes nobody’s place, and does not give way', () => {
    const bench = new FetchBench(100)
    bench.list('alice', idsFrom(0, 100))
    for (const id of idsFrom(50, 100)) bench.feed({ type: 'missed', id, from: ['alice'] })
    expect(heldBy(bench, 'alice')).toBe(50)
    bench.list('bob', idsFrom(1_000, 80))
    expect(isWanted(bench, idsFrom(50, 100))).toBe(true)
    expect(heldBy(bench, 'bob')).toBeGreaterThan(0)
  })

  it('what was wanted before a restart takes the places of who listed it', () => {
    const bench = new FetchBench(100)
    const wants = idsFrom(0, 100).map((id) => ({ id, tries: 1, claims: [{ peer: 'mallory', frame: 3 }] }))
    bench.feed({ type: 'restored', wants })
    bench.list('alice', idsFrom(1_000, 50))
    expect(isWanted(bench, idsFrom(1_000, 50))).toBe(true)
  })
})

describe('whose sessions pause', () => {
  const eased = (bench: FetchBench): number => bench.of('eased').filter(({ peer }) => peer === 'bob').length

  it('an id that several list takes the place of the first, until that one is banned', () => {
    const bench = new FetchBench()
    bench.list('mallory', idsFrom(0, 200))
    bench.list('bob', idsFrom(100, 200))
    expect([heldBy(bench, 'mallory'), heldBy(bench, 'bob')]).toEqual([200, 100])
    bench.feed({ type: 'banned', peer: 'mallory' })
    expect(heldBy(bench, 'bob')).toBe(200)
  })

  it('it is said of every place that is free again: one that came, one that is given up, one that became urgent', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 3))
    bench.feed({ type: 'came', ids: [idAt(0)] })
    expect(eased(bench)).toBe(1)
    bench.feed({ type: 'rejected', ids: [idAt(1)] })
    expect(eased(bench)).toBe(2)
    bench.feed({ type: 'missed', id: idAt(2), from: ['carol'] })
    expect(eased(bench)).toBe(3)
    expect(heldBy(bench, 'bob')).toBe(0)
  })

  it('a share and the window that is under way when it is full are half of the queue', () => {
    const { chunkIds, chunkWindow } = SESSION_LIMITS
    expect(LISTER_SHARE + chunkIds * chunkWindow).toBeLessThanOrEqual(MAX_WANTED / 2)
    expect(EVICTED_TOGETHER).toBeGreaterThan(chunkIds)
  })
})
