/** What offences against the rules of the shared set lead to (S9.2). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
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

  it('bans outlive a restart', () => {
    const { clock, standings, add } = setUp()
    add('bob', 'bad-blob')
    add('carol', 'suspicious')
    const later = createStandings(() => clock.ms)
    later.restore(standings.bans())
    expect(later.of('bob')).toMatchObject({ isBanned: true, untilMs: clock.ms + FIRST_BAN_MS })
    expect(later.bans()).toEqual(standings.bans())
    expect(later.bans()).toHaveLength(1)
    clock.ms += FIRST_BAN_MS
    expect(later.add({ peer: 'bob', address: '', kind: 'bad-blob' }, MANY)).toBe('ban')
    expect(later.leftMs('bob', '')).toBe(2 * FIRST_BAN_MS)
  })

  it('remembers a bounded number of peers, the banned ones longest', () => {
    const { standings, add } = setUp()
    add('bob', 'bad-blob')
    fc.sample(fc.uuid(), MAX_PEERS + 10).forEach((peer) => {
      add(peer, 'suspicious')
    })
    expect(standings.of('bob').isBanned).toBe(true)
  })
})
