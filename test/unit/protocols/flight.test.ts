/** P18.6-5 how much of a bulky stream is under way, by what its receipts say about the link. */
import { describe, expect, it } from 'vitest'
import { createFlight, type Flight, MIN_FLIGHT_BYTES, RECEIPT_BYTES } from '../../../src/protocols/flight.ts'

const MIB = 1_048_576

/** A link of one rate and delay, on which a sender keeps a flight full for a while; gives the longest queue it built. */
function createLink(rate: number, delayMs: number) {
  const time = { now: 1_000 }
  const flight = createFlight({ now: () => time.now })
  const arrivals: number[] = []
  let freeAt = 0
  const fill = (): void => {
    while (flight.room() > 0) {
      flight.sent(RECEIPT_BYTES)
      freeAt = Math.max(freeAt, time.now) + (RECEIPT_BYTES * 1_000) / rate
      arrivals.push(freeAt + delayMs)
    }
  }
  return {
    flight,
    /** Sends for `ms`; resolves to bytes per second and the longest wait that a vote would have had at the end. */
    send(ms: number): { rate: number; queueMs: number } {
      const end = time.now + ms
      let confirmed = 0
      fill()
      while (time.now < end) {
        time.now = arrivals.shift() ?? end
        expect(flight.confirmed(1)).toBe(true)
        confirmed += RECEIPT_BYTES
        fill()
      }
      return { rate: (confirmed * 1_000) / ms, queueMs: freeAt - time.now }
    },
  }
}

function underWay(flight: Flight): number {
  let bytes = 0
  while (flight.room() > 0) {
    flight.sent(RECEIPT_BYTES)
    bytes += RECEIPT_BYTES
  }
  return bytes
}

describe('flight', () => {
  it('on a slow link little is under way: a vote waits for less than a tenth of a second', () => {
    const { queueMs, rate } = createLink(1_000_000, 5).send(5_000)
    expect(queueMs).toBeLessThan(100)
    expect(rate).toBeGreaterThan(950_000)
  })

  it.each([
    [10 * MIB, 50],
    [4 * MIB, 100],
    [100 * MIB, 1],
  ])('a link of %d bytes/s and %d ms one way is used in full, without a long queue', (rate, delayMs) => {
    const link = createLink(rate, delayMs)
    link.send(3_000)
    const later = link.send(5_000)
    expect(later.rate).toBeGreaterThan(0.9 * rate)
    expect(later.queueMs).toBeLessThan(100)
  })

  it('a limit that was never reached does not grow', () => {
    const time = { now: 0 }
    const flight = createFlight({ now: () => time.now })
    for (let i = 0; i < 1_000; i++) {
      flight.sent(RECEIPT_BYTES)
      time.now += 1
      flight.confirmed(1)
    }
    expect(underWay(flight)).toBeLessThanOrEqual(2 * MIN_FLIGHT_BYTES)
  })

  it('a tail below a whole receipt is never waited for', () => {
    const flight = createFlight({ now: () => 0 })
    const all = flight.room()
    flight.sent(RECEIPT_BYTES - 1)
    expect(flight.room()).toBe(all)
    flight.sent(1)
    expect(flight.room()).toBe(all - RECEIPT_BYTES)
    expect(flight.confirmed(2)).toBe(false)
    expect(flight.confirmed(1)).toBe(true)
    expect(flight.room()).toBe(all)
  })

  it('a lost stream takes its bytes with it', () => {
    const flight = createFlight({ now: () => 0 })
    const all = flight.room()
    underWay(flight)
    expect(flight.room()).toBe(0)
    flight.reset()
    expect(flight.room()).toBe(all)
    expect(flight.confirmed(1)).toBe(false)
  })
})
