/** Who is admitted to a serve (S9.1, A13). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientKey } from '../../../../src/sync/serve/address.ts'
import {
  BUSY_RETRY_MS,
  MAX_IDLE_RESUMES,
  MAX_REPEATED_IDS,
  OFFER_HOLD_MS,
  RESUME_MS,
  SEND_DEADLINE_MS,
  SERVE_LIMITS,
} from '../../../../src/sync/serve/bounds.ts'
import { type Admission, createDesk, type Desk, type ServeAsk } from '../../../../src/sync/serve/desk.ts'

const ask = (parts: Partial<ServeAsk> = {}): ServeAsk => ({
  now: 0,
  peer: 'bob',
  address: '192.0.2.1',
  cursor: null,
  hasOffer: false,
  ...parts,
})
const ticketOf = (admission: Admission): number => {
  if (!admission.isAdmitted) throw new Error(`refused: ${admission.reason}`)
  return admission.ticket
}
const { cooldownMs } = SERVE_LIMITS

describe('places', () => {
  const asker = (desk: Desk) => {
    return (n: number, parts: Partial<ServeAsk> = {}) =>
      desk.admit(ask({ peer: `p${n}`, address: `192.0.2.${n}`, ...parts }))
  }

  it('S1 two at once, and no third, offer or not', () => {
    const desk = createDesk(SERVE_LIMITS)
    const at = asker(desk)
    expect([at(1), at(2)].map(({ isAdmitted }) => isAdmitted)).toEqual([true, true])
    const refused = { isAdmitted: false, reason: 'all places are taken', retryAfterMs: BUSY_RETRY_MS }
    expect(at(3)).toEqual(refused)
    expect(desk.offer('p4', 0)).toBe(BUSY_RETRY_MS)
    expect(at(4, { hasOffer: true })).toEqual(refused)
  })

  it('S9.1 who was made an offer goes before strangers to the last place, for a while', () => {
    const desk = createDesk(SERVE_LIMITS)
    const at = asker(desk)
    expect(['p8', 'p9'].map((peer) => desk.offer(peer, 0))).toEqual([0, 0])
    expect(at(1).isAdmitted).toBe(true)
    expect(at(2)).toMatchObject({ isAdmitted: false, retryAfterMs: OFFER_HOLD_MS })
    expect(at(9, { hasOffer: true }).isAdmitted).toBe(true)
    expect(desk.offer('p7', 0)).toBe(BUSY_RETRY_MS)

    const later = createDesk(SERVE_LIMITS)
    expect(later.offer('p9', 0)).toBe(0)
    expect([1, 2].map((n) => asker(later)(n, { now: OFFER_HOLD_MS }).isAdmitted)).toEqual([true, true])
  })

  it('a place is free again when its serve ends, once', () => {
    const desk = createDesk({ ...SERVE_LIMITS, maxServes: 1 })
    const ticket = ticketOf(desk.admit(ask()))
    desk.release(ticket, 10)
    desk.release(ticket, 10)
    expect(desk.admit(ask({ now: 10, peer: 'eve', address: '192.0.2.2' })).isAdmitted).toBe(true)
    expect(desk.admit(ask({ now: 10, peer: 'mel', address: '192.0.2.3' })).isAdmitted).toBe(false)
  })
})

describe('the pause of an address', () => {
  it('S9.1 no second serve for an address while one runs, and for ten minutes after it', () => {
    const desk = createDesk(SERVE_LIMITS)
    const ticket = ticketOf(desk.admit(ask()))
    const other = (now: number) => desk.admit(ask({ now, peer: 'eve' }))
    expect(other(1)).toMatchObject({ isAdmitted: false, retryAfterMs: cooldownMs })
    desk.release(ticket, 5_000)
    expect(other(6_000)).toMatchObject({ isAdmitted: false, retryAfterMs: cooldownMs - 1_000 })
    expect(other(5_000 + cooldownMs).isAdmitted).toBe(true)
  })

  it('an offer does not lift it', () => {
    const desk = createDesk(SERVE_LIMITS)
    desk.release(ticketOf(desk.admit(ask())), 0)
    expect(desk.admit(ask({ peer: 'eve', hasOffer: true })).isAdmitted).toBe(false)
  })

  it.each([
    ['loopback is by peer', '127.0.0.1', '127.0.0.1', false],
    ['so is that of IPv6', '::1', '::1', false],
    ['and the one inside the other', '::ffff:127.0.0.1', '127.8.8.8', false],
    ['IPv4 is by address', '192.0.2.1', '192.0.2.2', false],
    ['whichever way it is written', '192.0.2.1', '::ffff:192.0.2.1', true],
    ['IPv6 is by /64', '2001:db8::1', '2001:db8:0:0:ffff::2', true],
    ['and not wider', '2001:db8:0:1::1', '2001:db8:0:2::1', false],
    ['zeros and case do not matter', '2001:0DB8::1', '2001:db8::2', true],
    ['nor does a zone', 'fe80::1%eth0', 'fe80::2', true],
  ])('%s', (_, first, second, isSame) => {
    const keys = [clientKey({ peer: 'a', address: first }), clientKey({ peer: 'b', address: second })]
    expect(keys[0] === keys[1]).toBe(isSame)
  })
})

describe('resuming', () => {
  /** Bob was served from 0 up to 9,000 and has left. */
  function served() {
    const desk = createDesk(SERVE_LIMITS)
    const ticket = ticketOf(desk.admit(ask({ cursor: 0 })))
    desk.reached(ticket, 9_000)
    desk.release(ticket, 1_000)
    return desk
  }

  it.each([
    ['where it left off', { cursor: 9_000 }, true],
    ['with what was under way', { cursor: 9_000 - MAX_REPEATED_IDS }, true],
    ['from another address', { cursor: 8_000, address: '192.0.2.77' }, true],
    ['much further back', { cursor: 9_000 - MAX_REPEATED_IDS - 1 }, false],
    ['beyond what was sent', { cursor: 9_001 }, false],
    ['in another store', { cursor: null }, false],
    ['by another peer', { cursor: 9_000, peer: 'eve' }, false],
  ] as const)('S9.1 %s: exempt from the pause or not', (_, parts, isAdmitted) => {
    expect(served().admit(ask({ now: 2_000, ...parts })).isAdmitted).toBe(isAdmitted)
  })

  it('S9.1 only for a day after the serve was begun', () => {
    const desk = createDesk({ ...SERVE_LIMITS, cooldownMs: 2 * RESUME_MS })
    const ticket = ticketOf(desk.admit(ask({ cursor: 0 })))
    desk.reached(ticket, 9_000)
    desk.release(ticket, 1_000)
    expect(desk.admit(ask({ now: RESUME_MS, cursor: 9_000 })).isAdmitted).toBe(false)
  })

  it('S9.1 whoever gets nowhere is a new client after some tries', () => {
    const desk = served()
    const tries = Array.from({ length: MAX_IDLE_RESUMES + 2 }, () => {
      const admission = desk.admit(ask({ now: 2_000, cursor: 9_000 }))
      if (admission.isAdmitted) desk.release(admission.ticket, 2_000)
      return admission.isAdmitted
    })
    expect(tries).toEqual([true, ...Array(MAX_IDLE_RESUMES).fill(true), false])
  })

  it('a resume with progress replaces the serve that still seems to run, one without is told to wait', () => {
    const desk = createDesk({ ...SERVE_LIMITS, maxServes: 1 })
    const ticket = ticketOf(desk.admit(ask({ cursor: 0 })))
    desk.reached(ticket, 100)
    expect(desk.admit(ask({ cursor: 0 }))).toMatchObject({ isAdmitted: false, retryAfterMs: SEND_DEADLINE_MS })
    const resumed = desk.admit(ask({ cursor: 50 }))
    expect(resumed).toMatchObject({ isAdmitted: true, fromSeq: 50, replaces: ticket })
    desk.release(ticket, 0)
    expect(desk.admit(ask({ peer: 'eve', address: '192.0.2.2' })).isAdmitted).toBe(false)
    desk.release(ticketOf(resumed), 0)
    expect(desk.admit(ask({ peer: 'eve', address: '192.0.2.2' })).isAdmitted).toBe(true)
  })
})

it('property: never more serves than places, never two new ones of an address within its pause, memory stays small', () => {
  const step = fc.record({
    passMs: fc.nat(cooldownMs / 2),
    peer: fc.nat(5),
    address: fc.nat(3),
    cursor: fc.option(fc.nat(40)),
    hasOffer: fc.boolean(),
    offered: fc.option(fc.nat(5)),
    release: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const desk = createDesk(SERVE_LIMITS)
      const open = new Map<number, { address: string; peer: string }>()
      const ends = new Map<string, number>()
      let now = 0
      for (const { passMs, release, offered, ...rest } of steps) {
        now += passMs
        if (offered !== null) desk.offer(`p${offered}`, now)
        const [ticket, running] = [...open][release] ?? []
        if (ticket !== undefined && running !== undefined) {
          desk.release(ticket, now)
          open.delete(ticket)
          ends.set(running.address, now)
        }
        const request = ask({ ...rest, now, peer: `p${rest.peer}`, address: `192.0.2.${rest.address}` })
        const admission = desk.admit(request)
        if (!admission.isAdmitted) {
          expect(admission.retryAfterMs).toBeGreaterThan(0)
          continue
        }
        if (admission.replaces !== null) open.delete(admission.replaces)
        if (request.cursor === null) {
          expect([...open.values()].some(({ address }) => address === request.address)).toBe(false)
          expect(now - (ends.get(request.address) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(cooldownMs)
        }
        open.set(admission.ticket, { address: request.address, peer: request.peer })
        desk.reached(admission.ticket, admission.fromSeq + 10)
        expect(open.size).toBeLessThanOrEqual(SERVE_LIMITS.maxServes)
        expect(new Set([...open.values()].map(({ peer }) => peer)).size).toBe(open.size)
      }
    }),
  )
})
