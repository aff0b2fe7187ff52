/** Peers are judged by what they list and deliver (S9.2), and honest ones are not (A3). */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createCourt, type Judgement } from '../../../src/sync/court.ts'
import type { AtxRecord, AtxSource } from '../../../src/sync/set/types.ts'
import { createStandings } from '../../../src/sync/standing.ts'

const FRAME_MS = 1_000
const OPEN = 12
const idOf = (name: string): string => createHash('sha256').update(name).digest('hex')
const packed = (names: readonly string[]): Uint8Array => Buffer.concat(names.map((n) => Buffer.from(idOf(n), 'hex')))

type Part = { frame?: number; publishEpoch?: number; positioning?: string; source?: AtxSource }

/** A court over a set whose ATXs can exist from `publishEpoch` on, in milliseconds. */
function setUp(peers = 100) {
  const records: AtxRecord[] = []
  const judgements: Judgement[] = []
  const add = (name: string, part: Part = {}): AtxRecord => {
    const record: AtxRecord = {
      id: idOf(name),
      publisher: '00'.repeat(32),
      publishEpoch: part.publishEpoch ?? 0,
      baseTickHeight: 0,
      tickCount: 1,
      previous: null,
      positioning: part.positioning === undefined ? null : idOf(part.positioning),
      seq: records.length,
      frame: part.frame ?? OPEN,
      committedAt: 0,
      receivedAt: 0,
      source: part.source ?? 'gossip',
      bytes: 100,
    }
    records.push(record)
    return record
  }
  const wanted = new Map<string, number>()
  const find = (id: string) => records.find((record) => record.id === id) ?? null
  const court = createCourt({
    standings: createStandings(() => 1_000_000),
    set: {
      seqOf: (ids, offset = 0) => find(Buffer.from(ids.subarray(offset, offset + 32)).toString('hex'))?.seq ?? null,
      frameOf: (id) => find(id)?.frame ?? null,
      boundary: (frame) => frame * FRAME_MS,
      record: async (id) => find(id),
    },
    earliest: ({ publishEpoch }) => publishEpoch,
    clockToleranceMs: 10,
    wanted: (peer) => wanted.get(peer) ?? 0,
    peerCount: () => peers,
    addressOf: () => '192.0.2.1',
    judged: (judgement) => judgements.push(judgement),
  })
  const hear = (peer = 'bob', storeId = 'store') => court.hear(peer, { frame: OPEN, count: records.length, storeId })
  const offences = () => judgements.map(({ peer, offence, consequence }) => [peer, offence, consequence])
  return { court, add, hear, wanted, offences }
}

describe('A1, A2 fresh ATXs listed as old ones', () => {
  it('A1 one we have by gossip since the freeze: the claim is checked at once', async () => {
    const { add, hear, offences } = setUp()
    const hearing = hear()
    hearing.listed(packed(['fresh']), OPEN - 1)
    add('fresh', { publishEpoch: OPEN * FRAME_MS + 11 })
    await hearing.claimedLate(packed(['fresh']))
    expect(offences()).toEqual([['bob', 'impossible-time', 'ban']])
  })

  it('A2 one we lack: checked when its bytes are here, against every peer that listed it', async () => {
    const { court, add, hear, offences } = setUp()
    hear('bob').listed(packed(['fresh']), OPEN - 2)
    hear('carol').listed(packed(['fresh']), OPEN)
    await court.inserted([add('fresh', { publishEpoch: OPEN * FRAME_MS, source: 'sync' })])
    expect(offences()).toEqual([['bob', 'impossible-time', 'ban']])
  })

  it('E2 needs no clock: the same peer lists what it builds on in a newer timeframe', async () => {
    const { court, add, hear, offences } = setUp()
    add('base')
    const hearing = hear()
    hearing.listed(packed(['base']), OPEN)
    hearing.listed(packed(['fresh']), OPEN - 1)
    await court.inserted([add('fresh', { positioning: 'base', source: 'sync' })])
    expect(offences()).toEqual([['bob', 'impossible-order', 'ban']])
  })

  it('E2 the timeframe of what it builds on may have been reconciled as ranges', async () => {
    const { court, add, hear, offences } = setUp()
    add('base', { frame: OPEN - 1 })
    const hearing = hear()
    hearing.matched(OPEN - 1, new Uint8Array(0))
    hearing.listed(packed(['fresh']), OPEN - 2)
    await court.inserted([add('fresh', { positioning: 'base', source: 'sync' })])
    expect(offences()).toEqual([['bob', 'impossible-order', 'ban']])
  })

  it('claims that are looked at side by side lead to one verdict', async () => {
    const { add, hear, offences } = setUp()
    const hearing = hear()
    for (const name of ['x', 'y']) {
      hearing.listed(packed([name]), OPEN - 1)
      add(name, { publishEpoch: OPEN * FRAME_MS + 11 })
    }
    await Promise.all(['x', 'y'].map((name) => hearing.claimedLate(packed([name]))))
    expect(offences()).toEqual([['bob', 'impossible-time', 'ban']])
  })

  it('a banned peer is not judged further', async () => {
    const { court, add, hear, offences } = setUp()
    hear().listed(packed(['a', 'b']), 0)
    await court.inserted([add('a', { publishEpoch: 9_999 }), add('b', { publishEpoch: 9_999 })])
    expect(offences()).toEqual([['bob', 'impossible-time', 'ban']])
  })
})

describe('a peer that is spared, since others were banned just now', () => {
  it('is told of once a session, whatever else it does', async () => {
    const { court, add, hear, offences } = setUp(2)
    court.accuse('mallory', 'bad-blob')
    const names = Array.from({ length: 60 }, (_, i) => `id-${i}`)
    hear().listed(packed(names), 3)
    for (const name of names) court.undelivered('bob', idOf(name))
    court.accuse('bob', 'bad-blob')
    await court.inserted([add('id-1', { publishEpoch: 9_999 })])
    expect(offences().slice(1)).toEqual([
      ['bob', 'undelivered', 'noted'],
      ['bob', 'undelivered-many', 'spared'],
    ])
    hear()
    for (let times = 0; times < 3; times++) court.accuse('bob', 'bad-blob')
    for (let times = 0; times < 3; times++) court.accuse('carol', 'bad-blob')
    expect(offences().slice(3)).toEqual([
      ['bob', 'bad-blob', 'spared'],
      ['carol', 'bad-blob', 'spared'],
    ])
  })
})

describe('while something that a peer named is wanted', () => {
  /** `base` is listed after `late`, which builds on it. */
  const lie = { before: ['late'], after: ['base'] }
  const tell = ({ hear }: ReturnType<typeof setUp>) => {
    const hearing = hear()
    hearing.listed(packed(lie.before), 3)
    hearing.listed(packed(lie.after), 4)
  }
  const arrive = ({ court, add }: ReturnType<typeof setUp>) =>
    court.inserted([add('base', { source: 'sync' }), add('late', { positioning: 'base', source: 'sync' })])

  it('another session of it, or its going, takes nothing back', async () => {
    const scene = setUp()
    scene.wanted.set('bob', 1)
    tell(scene)
    scene.hear()
    scene.court.left('bob')
    scene.hear('bob', 'another store')
    await arrive(scene)
    expect(scene.offences()).toEqual([['bob', 'impossible-order', 'ban']])
  })

  it('when nothing is, a session that is over is forgotten', async () => {
    const again = setUp()
    tell(again)
    again.hear()
    await arrive(again)
    const gone = setUp()
    tell(gone)
    gone.court.left('bob')
    await arrive(gone)
    expect([...again.offences(), ...gone.offences()]).toEqual([])
  })

  it('four sessions of a peer are remembered, and 64 peers that are gone', async () => {
    const scene = setUp()
    scene.wanted.set('bob', 1)
    tell(scene)
    for (let times = 0; times < 4; times++) scene.hear()
    await arrive(scene)
    expect(scene.offences()).toEqual([])

    const crowd = setUp()
    for (const peer of ['bob', ...Array.from({ length: 64 }, (_, i) => `peer-${i}`)]) {
      crowd.wanted.set(peer, 1)
      if (peer === 'bob') tell(crowd)
      else crowd.hear(peer)
      crowd.court.left(peer)
    }
    await arrive(crowd)
    expect(crowd.offences()).toEqual([])
  })

  it('two sessions are not held against each other: a peer may have lost its store between them', async () => {
    const scene = setUp()
    scene.wanted.set('bob', 1)
    scene.hear().listed(packed(lie.before), 3)
    scene.hear('bob', 'another store').listed(packed(lie.after), 4)
    await arrive(scene)
    expect(scene.offences()).toEqual([])
  })

  it('A10 an id is not awaited any more once it was given up, and its book goes with the last', async () => {
    const scene = setUp()
    scene.wanted.set('bob', 1)
    tell(scene)
    const claims = [{ peer: 'bob', frame: 3, isListed: true, standing: 'failed' as const }]
    scene.court.gaveUp(idOf('late'), claims)
    await arrive(scene)
    expect(scene.offences()).toEqual([])
  })
})

describe('E1 by what the fetcher remembers', () => {
  const claim = (peer: string, frame: number | null) => ({ peer, frame, isListed: true, standing: 'good' as const })

  it('stands where no book does: after a restart, or beyond the bound', async () => {
    const { court, add, offences } = setUp()
    add('fresh', { publishEpoch: OPEN * FRAME_MS, source: 'sync' })
    await court.fetched(idOf('fresh'), [claim('bob', OPEN - 2), claim('carol', OPEN), claim('dave', null)])
    expect(offences()).toEqual([['bob', 'impossible-time', 'ban']])
  })

  it('reads nothing where a book has it, unless that says less', async () => {
    const { court, add, hear, wanted, offences } = setUp()
    wanted.set('bob', 1)
    hear().listed(packed(['fresh']), OPEN)
    add('fresh', { publishEpoch: OPEN * FRAME_MS, source: 'sync' })
    await court.fetched(idOf('fresh'), [claim('bob', OPEN)])
    expect(offences()).toEqual([])
    await court.fetched(idOf('fresh'), [claim('bob', OPEN - 2)])
    expect(offences()).toEqual([['bob', 'impossible-time', 'ban']])
  })
})

describe('E1 of what does not come into the set now', () => {
  const claim = (peer: string, frame: number | null) => ({ peer, frame, isListed: true, standing: 'good' as const })
  const fresh = { ...setUp().add('fresh', { publishEpoch: OPEN * FRAME_MS }) }

  it('is judged by books and by what the fetcher remembers', () => {
    const { court, hear, offences } = setUp()
    hear('bob').listed(packed(['fresh']), OPEN - 2)
    hear('carol').listed(packed(['fresh']), OPEN)
    court.unready(fresh, [claim('carol', OPEN), claim('dave', OPEN - 3), claim('eve', null)])
    expect(offences()).toEqual([
      ['bob', 'impossible-time', 'ban'],
      ['dave', 'impossible-time', 'ban'],
    ])
  })
})

describe('A3 honest peers', () => {
  it('hundreds of ATXs we lacked are no offence', async () => {
    const { court, add, hear, offences } = setUp()
    const names = Array.from({ length: 300 }, (_, i) => `atx-${i}`)
    hear().listed(packed(names), 3)
    await court.inserted(names.map((name) => add(name, { source: 'sync' })))
    expect(offences()).toEqual([])
  })

  it('E3 counts once a session, and only where what it builds on came by gossip', async () => {
    const { court, add, hear, offences } = setUp()
    add('caught-up', { source: 'serve' })
    add('heard', { source: 'gossip' })
    hear().listed(packed(['x', 'y', 'z']), 3)
    await court.inserted([add('x', { positioning: 'caught-up', source: 'sync' })])
    expect(offences()).toEqual([])
    await court.inserted(['y', 'z'].map((name) => add(name, { positioning: 'heard', source: 'sync' })))
    expect(offences()).toEqual([['bob', 'suspicious', 'noted']])
  })
})

describe('A10, E4 ids nobody can deliver', () => {
  it('a few count once and softly; twenty, above a twentieth of what was to be gained, are hard', () => {
    const { court, add, hear, offences } = setUp()
    const names = Array.from({ length: 100 }, (_, i) => `none-${i}`)
    const held = Array.from({ length: 3_000 }, (_, i) => `held-${i}`)
    for (const name of held) add(name)
    hear().listed(packed([...held, ...names]), 3)
    for (const name of names.slice(0, 19)) court.undelivered('bob', idOf(name))
    expect(offences()).toEqual([['bob', 'undelivered', 'noted']])
    court.undelivered('bob', idOf('none-19'))
    expect(offences()[1]).toEqual(['bob', 'undelivered-many', 'ban'])
  })

  it('twenty of a thousand are not many', () => {
    const { court, hear, offences } = setUp()
    const names = Array.from({ length: 1_000 }, (_, i) => `id-${i}`)
    hear().listed(packed(names), 3)
    for (const name of names.slice(0, 50)) court.undelivered('bob', idOf(name))
    expect(offences()).toHaveLength(1)
    court.undelivered('bob', idOf('id-50'))
    expect(offences()[1]?.[1]).toBe('undelivered-many')
  })

  it('they add up over the sessions of a peer, and while it is gone, as long as something of it is wanted', () => {
    const { court, hear, wanted, offences } = setUp()
    const names = Array.from({ length: 20 }, (_, i) => `id-${i}`)
    wanted.set('bob', 20)
    hear().listed(packed(names), 3)
    for (const name of names.slice(0, 10)) court.undelivered('bob', idOf(name))
    court.left('bob')
    hear()
    for (const name of names.slice(10)) court.undelivered('bob', idOf(name))
    expect(offences().map(([, offence]) => offence)).toEqual(['undelivered', 'undelivered', 'undelivered-many'])
  })

  it('ids listed without a timeframe count like others', () => {
    const { court, hear, offences } = setUp()
    const names = Array.from({ length: 20 }, (_, i) => `id-${i}`)
    hear().listed(packed(names), null)
    for (const name of names) court.undelivered('bob', idOf(name))
    expect(offences().map(([, offence]) => offence)).toEqual(['undelivered', 'undelivered-many'])
  })

  it('silence is soft, once a session, and of who is gone nothing is expected', () => {
    const { court, hear, wanted, offences } = setUp()
    wanted.set('bob', 1)
    court.silent('bob')
    hear()
    court.left('bob')
    court.silent('bob')
    expect(offences()).toEqual([])
    hear()
    for (let times = 0; times < 30; times++) court.silent('bob')
    expect(offences()).toEqual([['bob', 'undelivered', 'noted']])
    hear()
    court.silent('bob')
    expect(offences()).toHaveLength(2)
  })

  it('a peer that lost its store may have lost what it listed, and what no book has may be of long ago: soft', () => {
    const { court, hear, wanted, offences } = setUp()
    const names = Array.from({ length: 40 }, (_, i) => `id-${i}`)
    wanted.set('bob', 40)
    hear().listed(packed(names), 3)
    court.met('bob', 'another store')
    for (const name of names) court.undelivered('bob', idOf(name))
    for (const name of names) court.undelivered('carol', idOf(name))
    expect(offences()).toEqual([
      ['bob', 'undelivered', 'noted'],
      ['carol', 'undelivered', 'noted'],
    ])
  })
})
