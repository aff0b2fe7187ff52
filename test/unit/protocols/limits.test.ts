/** Token buckets, penalties and cooling down, on a clock the test moves. */
import { describe, expect, it } from 'vitest'
import { COOLDOWN_MS, createCooldown, MAX_COOLING_PEERS } from '../../../src/protocols/cooldown.ts'
import {
  createPenalties,
  FIRST_BAN_MS,
  HALF_LIFE_MS,
  MAX_BAN_MS,
  MAX_TRACKED_PEERS,
} from '../../../src/protocols/penalties.ts'
import { createTokenBucket } from '../../../src/protocols/rate-limit.ts'

function createClock() {
  let time = 1_000_000
  return {
    now: () => time,
    pass: (ms: number) => {
      time += ms
    },
  }
}

describe('token bucket', () => {
  it('gives the burst at once and the rate in the long run', () => {
    const clock = createClock()
    const bucket = createTokenBucket({ rate: 10, burst: 5, clock })
    const takeAll = (): number => Array.from({ length: 100 }, () => bucket.tryTake()).filter(Boolean).length
    expect(takeAll()).toBe(5)
    clock.pass(300)
    expect(takeAll()).toBe(3)
    clock.pass(60_000)
    expect(takeAll()).toBe(5)
  })

  it('debt takes time to pay', () => {
    const clock = createClock()
    const bucket = createTokenBucket({ rate: 1_000, burst: 1_000, clock })
    bucket.take(3_000)
    expect(bucket.debtMs()).toBe(2_000)
    clock.pass(1_999)
    expect(bucket.debtMs()).toBe(1)
    clock.pass(1)
    expect(bucket.debtMs()).toBe(0)
  })
})

describe('penalties', () => {
  it.each([
    ['invalid', 2],
    ['malformed', 5],
    ['useless', 20],
    ['limit', 50],
  ] as const)('%s bans at count %i', (penalty, count) => {
    const penalties = createPenalties(createClock())
    const bans = Array.from({ length: count }, () => penalties.add('p', penalty))
    expect(bans).toEqual([...Array(count - 1).fill(false), true])
    expect(penalties.isBanned('p')).toBe(true)
    expect(penalties.isBanned('other')).toBe(false)
  })

  it('points fade by half in a half-life', () => {
    const clock = createClock()
    const penalties = createPenalties(clock)
    penalties.add('p', 'malformed')
    clock.pass(HALF_LIFE_MS)
    expect(penalties.score('p')).toBe(-10)
    expect(Object.is(penalties.score('other'), 0)).toBe(true)
  })

  it('a ban ends, the next is twice as long, and there is a longest', () => {
    const clock = createClock()
    const penalties = createPenalties(clock)
    const lengths = Array.from({ length: 8 }, () => {
      penalties.add('p', 'invalid')
      penalties.add('p', 'invalid')
      const left = penalties.banLeftMs('p')
      clock.pass(left)
      expect(penalties.isBanned('p')).toBe(false)
      return left
    })
    expect(lengths.slice(0, 3)).toEqual([FIRST_BAN_MS, 2 * FIRST_BAN_MS, 4 * FIRST_BAN_MS])
    expect(lengths.at(-1)).toBe(MAX_BAN_MS)
  })

  it('leaving does not wash a peer clean, time does', () => {
    const clock = createClock()
    const penalties = createPenalties(clock)
    penalties.add('p', 'invalid')
    penalties.left()
    expect(penalties.score('p')).toBe(-50)
    clock.pass(20 * HALF_LIFE_MS)
    penalties.left()
    expect(penalties.size).toBe(0)
  })

  it('the number of peers is bounded, and the banned stay', () => {
    const penalties = createPenalties(createClock())
    penalties.ban('banned', 1_000_000)
    for (let i = 0; i < MAX_TRACKED_PEERS + 50; i++) penalties.add(`p${i}`, 'limit')
    expect(penalties.size).toBe(MAX_TRACKED_PEERS)
    expect(penalties.isBanned('banned')).toBe(true)
  })
})

describe('cooldown', () => {
  it('ends, can be cleared, and is bounded', () => {
    const clock = createClock()
    const cooldown = createCooldown(clock)
    cooldown.add('p')
    expect(cooldown.has('p')).toBe(true)
    clock.pass(COOLDOWN_MS)
    expect(cooldown.has('p')).toBe(false)
    cooldown.add('q')
    cooldown.clear('q')
    expect(cooldown.has('q')).toBe(false)
    for (let i = 0; i <= MAX_COOLING_PEERS; i++) cooldown.add(`r${i}`)
    expect([cooldown.has('r0'), cooldown.has('r1')]).toEqual([false, true])
  })
})
