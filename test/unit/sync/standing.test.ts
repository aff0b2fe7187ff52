/** What offences against the rules of the shared set lead to (S9.2). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BAN_COUNTS_MS,
  createStandings,
  FIRST_BAN_MS,
  MAX_BAN_MS,
  MAX_PEERS,
  type Offence,
  REST_AT_POINTS,
  REST_MS,
  SOFT_HALF_LIFE_MS,
} from '../../../src/sync/standing.ts'

const HOUR_MS = 3_600_000
const MANY = 100

function setUp() {
  const clock = { ms: 1_000_000 }
  const standings = createStandings(() => clock.ms)
  const add = (peer: string, kind: Offence, { address = '', peers = MANY } = {}) =>
    standings.add({ peer, address, kind }, peers)
  return { clock, standings, add }
}

describe('S9.2 standing of peers', () => {
  it.each<Offence>(['impossible-time', 'impossible-order', 'undelivered-many', 'bad-blob'])(
    'one %s bans for a day, on this set alone',
    (kind) => {
      const { clock, standings, add } = setUp()
      expect(add('bob', kind)).toBe('ban')
      expect(standings.leftMs('bob', '')).toBe(FIRST_BAN_MS)
      expect(standings.leftMs('alice', '')).toBe(0)
      clock.ms += FIRST_BAN_MS
      expect(standings.leftMs('bob', '')).toBe(0)
    },
  )

  it('each further ban is twice as long, up to 30 days', () => {
    const { clock, standings, add } = setUp()
    const lengths = Array.from({ length: 7 }, () => {
      add('bob', 'bad-blob')
      const left = standings.leftMs('bob', '')
      clock.ms += left + HOUR_MS
      return left / FIRST_BAN_MS
    })
    expect(lengths).toEqual([1, 2, 4, 8, 16, 30, 30])
    expect(30 * FIRST_BAN_MS).toBe(MAX_BAN_MS)
  })

  it('P is hard at the third within an hour only', () => {
    const { clock, standings, add } = setUp()
    expect(add('bob', 'protocol')).toBe('noted')
    expect(add('bob', 'protocol')).toBe('noted')
    clock.ms += HOUR_MS
    expect(add('bob', 'protocol')).toBe('noted')
    expect(add('bob', 'protocol')).toBe('noted')
    expect(standings.leftMs('bob', '')).toBe(0)
    expect(add('bob', 'protocol')).toBe('ban')
  })

  it('five soft offences lead to a rest; spread over hours they do not', () => {
    const { clock, standings, add } = setUp()
    const quick = Array.from({ length: REST_AT_POINTS }, () => add('bob', 'suspicious'))
    expect(quick).toEqual(['noted', 'noted', 'noted', 'noted', 'rest'])
    expect(standings.leftMs('bob', '')).toBe(REST_MS)
    for (let i = 0; i < 20; i++) {
      clock.ms += SOFT_HALF_LIFE_MS
      expect(add('carol', 'undelivered')).toBe('noted')
    }
    expect(standings.of('carol').score).toBeCloseTo(2, 3)
  })

  it('an address is banned with three peers on it, but not one that many share', () => {
    for (const [address, expected] of [
      ['192.0.2.7', FIRST_BAN_MS],
      ['127.0.0.1', 0],
    ] as const) {
      const { standings, add } = setUp()
      add('a', 'bad-blob', { address })
      add('b', 'bad-blob', { address })
      expect(standings.leftMs('d', address)).toBe(0)
      add('c', 'bad-blob', { address })
      expect(standings.leftMs('d', address)).toBe(expected)
      expect(standings.leftMs('d', '192.0.2.8')).toBe(0)
    }
  })

  it('no more than 30 % of the peers are banned within an hour, but one always may be', () => {
    const { clock, add } = setUp()
    const outcomes = ['a', 'b', 'c', 'd'].map((peer) => add(peer, 'impossible-time', { peers: 10 }))
    expect(outcomes).toEqual(['ban', 'ban', 'ban', 'spared'])
    clock.ms += HOUR_MS
    expect(add('d', 'impossible-time', { peers: 10 })).toBe('ban')
    expect(setUp().add('a', 'bad-blob', { peers: 1 })).toBe('ban')
  })

  it('bans outlive a restart, on their addresses too', () => {
    const { clock, standings, add } = setUp()
    const address = '192.0.2.7'
    for (const peer of ['bob', 'dave']) add(peer, 'bad-blob', { address })
    add('carol', 'suspicious')
    const later = createStandings(() => clock.ms)
    later.restore(standings.kept())
    expect(later.of('bob')).toMatchObject({ isBanned: true, untilMs: clock.ms + FIRST_BAN_MS })
    expect([later.bans(), later.kept()]).toEqual([standings.bans(), standings.bans()])
    expect(later.bans()).toHaveLength(2)
    expect(later.leftMs('somebody', address)).toBe(0)
    later.add({ peer: 'mallory', address, kind: 'bad-blob' }, MANY)
    expect(later.leftMs('somebody', address)).toBe(FIRST_BAN_MS)
  })

  it('an ended ban makes the next one longer for 90 days, in this life and in the next', () => {
    for (const isRestarted of [false, true]) {
      for (const [waitMs, days] of [
        [BAN_COUNTS_MS - 1, 2],
        [BAN_COUNTS_MS, 1],
      ] as const) {
        const { clock, standings, add } = setUp()
        add('bob', 'bad-blob')
        clock.ms += FIRST_BAN_MS + waitMs
        add('carol', 'bad-blob')
        const later = isRestarted ? createStandings(() => clock.ms) : standings
        if (isRestarted) later.restore(standings.kept())
        expect(later.bans().map(({ peer }) => peer)).toEqual(['carol'])
        later.add({ peer: 'bob', address: '', kind: 'bad-blob' }, MANY)
        expect(later.leftMs('bob', '')).toBe(days * FIRST_BAN_MS)
        expect(later.kept()).toContainEqual(expect.objectContaining({ peer: 'bob', count: days }))
      }
    }
  })

  it('remembers a bounded number of peers: bans longest, then ended ones by their end', () => {
    const { clock, standings, add } = setUp()
    const kept = (): string[] => standings.kept().map(({ peer }) => peer)
    for (const peer of ['first', 'second']) {
      add(peer, 'bad-blob')
      clock.ms += FIRST_BAN_MS
    }
    fc.sample(fc.uuid(), MAX_PEERS + 10).forEach((peer) => {
      add(peer, 'suspicious')
    })
    expect(kept()).toEqual(['first', 'second'])
    for (let i = 0; i < MAX_PEERS - 1; i++) add(`peer ${i}`, 'bad-blob', { peers: 10 * MAX_PEERS })
    expect([kept().length, kept()[0]]).toEqual([MAX_PEERS, 'second'])
    expect(standings.bans()).toHaveLength(MAX_PEERS - 1)
  })
})
