/** Who waits for an ATX, and who gives way when too many do. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { createArrivals, MAX_WAITS } from '../../../src/sync/arrivals.ts'

const LONG_MS = 60_000

function setUp(here: readonly string[] = []) {
  const arrivals = createArrivals((id) => here.includes(id))
  onTestFinished(() => arrivals.stop())
  const settled = (id: string, peer = 'bob', withinMs = LONG_MS) => arrivals.settled({ id, peer, withinMs })
  return { arrivals, settled }
}

describe('arrivals', () => {
  it('who waits hears of it once, or that it is lost, or in the end of nothing', async () => {
    const { arrivals, settled } = setUp(['old'])
    expect(await settled('old')).toBe(true)
    const waits = [settled('a'), settled('a', 'carol'), settled('b'), settled('c', 'bob', 1), settled('d')]
    arrivals.inserted(['a', 'x'])
    arrivals.lost(['b', 'a'])
    expect(await waits[3]).toBe(false)
    arrivals.stop()
    expect(await Promise.all(waits)).toEqual([true, true, false, false, false])
  })

  it('who waits hears which peers do not have it, and goes on waiting', async () => {
    const { arrivals } = setUp()
    const heard: string[] = []
    const denied = (by: string) => void heard.push(by)
    const wait = arrivals.settled({ id: 'a', peer: 'bob', withinMs: LONG_MS, denied })
    arrivals.denied('a', 'mallory')
    arrivals.denied('b', 'carol')
    arrivals.inserted(['a'])
    arrivals.denied('a', 'late')
    expect([await wait, heard]).toEqual([true, ['mallory']])
  })

  it('above the bound the oldest of the peer that has most gives way, never one of the others', async () => {
    const { arrivals, settled } = setUp()
    const carol = settled('of carol', 'carol')
    const mallory = Array.from({ length: MAX_WAITS - 1 }, (_, i) => settled(`${i}`, 'mallory'))
    const dave = settled('of dave', 'dave')
    expect(await mallory[0]).toBe(false)
    const more = settled('more', 'mallory')
    expect(await mallory[1]).toBe(false)
    arrivals.inserted(['of carol', 'of dave', '2', 'more'])
    expect(await Promise.all([carol, dave, mallory[2], more])).toEqual([true, true, true, true])
  })
})
