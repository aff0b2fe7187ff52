/** Crashes between any two writes, damage, and reopening (S13): what is on disk always equals a rebuild of itself. */
import type { ClassicLevel } from 'classic-level'
import { describe, expect, it } from 'vitest'
import type { SetDb } from '../../../../src/sync/set/set-store.ts'
import { atx, CALENDAR, idOf, openSet } from '../../../helpers/sync/atx-set.ts'
import { accumulatorOf, headsOf, shown, unpacked } from './fixtures.ts'

type Db = ClassicLevel<string, Uint8Array>
type Opened = Awaited<ReturnType<typeof openSet>>

/** Inserts and rolls, one write each. */
async function live({ set, clock }: Opened): Promise<void> {
  const start = CALENDAR.epochStart
  await set.insert(['a', 'b', 'c'].map((name) => atx(name)))
  clock.time = start(1)
  await set.insert([atx('d', { publishEpoch: 1, publisher: idOf('twice'), receivedAt: start(1) })])
  clock.time = CALENDAR.boundary(1)
  await set.tick()
  await set.insert([atx('e', { publishEpoch: 2, receivedAt: CALENDAR.boundary(1) })])
  await set.insert([atx('f', { publishEpoch: 2, publisher: idOf('twice'), receivedAt: CALENDAR.boundary(1) })])
  await set.insert([atx('g', { publishEpoch: 2, publisher: idOf('twice'), receivedAt: CALENDAR.boundary(1) })])
  clock.time = CALENDAR.boundary(3)
  await set.tick()
  await set.insert(['h', 'i'].map((name) => atx(name)))
}

/** A database that takes `writes` batches and then fails. */
function failingAfter(writes: number, db: () => Db): SetDb {
  let left = writes
  return {
    getMany: ((keys: string[]) => db().getMany(keys)) as SetDb['getMany'],
    get: ((key: string) => db().get(key)) as SetDb['get'],
    iterator: ((options: object) => db().iterator(options)) as SetDb['iterator'],
    clear: ((options: object) => db().clear(options)) as SetDb['clear'],
    batch: (() => {
      const batch = db().batch()
      left -= 1
      if (left < 0) batch.write = () => Promise.reject(new Error('the disk is gone'))
      return batch
    }) as SetDb['batch'],
  }
}

describe('S13 a crash after any number of writes', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('%i', async (writes) => {
    const home = await openSet()
    await home.stop()
    const before = await openSet({ dir: home.dir })
    const broken = await openSet({ db: failingAfter(writes, () => before.db) })
    const failure = await live(broken).then(
      () => null,
      (error) => error.code,
    )
    expect(failure).toBe(writes < 8 ? 'store-failed' : null)
    expect(broken.failures).toEqual(writes < 8 ? ['store-failed'] : [])
    await before.db.close()

    const time = broken.clock.time
    const again = await openSet({ dir: home.dir, time })
    expect(again.rebuilds).toEqual([])
    const ids = unpacked(again.set.idsFrom(0, 100))
    expect(ids).toEqual([...'abcdefghi'].slice(0, ids.length).map(idOf))
    const kept = headsOf(again.set)
    expect(kept.total).toBe(shown(accumulatorOf('lthash16', ids).fingerprint()))
    await again.db.del('atx/closed')
    await again.stop()
    const rebuilt = await openSet({ dir: home.dir, time })
    expect(rebuilt.rebuilds).toHaveLength(1)
    expect(headsOf(rebuilt.set)).toEqual(kept)
  })
})

describe('S13 opening', () => {
  it('a clean restart keeps everything, the name of the store included', async () => {
    const first = await openSet()
    await live(first)
    const before = { heads: headsOf(first.set), storeId: first.set.storeId, ids: first.set.idsFrom(0, 99) }
    await first.stop()
    const { set, rebuilds } = await openSet({ dir: first.dir, time: first.clock.time })
    expect({ heads: headsOf(set), storeId: set.storeId, ids: set.idsFrom(0, 99) }).toEqual(before)
    expect(rebuilds).toEqual([])
  })

  it.each([
    ['the open timeframe is gone', (db: Db) => db.del('atx/open')],
    ['the closed timeframes are gone', (db: Db) => db.del('atx/closed')],
    ['a checkpoint is no checkpoint', (db: Db) => db.put('atx/open', Buffer.from('nonsense'))],
    ['a checkpoint is one of an earlier time', async (db: Db, early: Uint8Array) => db.put('atx/closed', early)],
    ['the head is gone', (db: Db) => db.del('atx/head')],
  ])('%s: built anew from the rows, under a new name', async (_, damage) => {
    const first = await openSet()
    const early = await first.db.get('atx/closed')
    await live(first)
    const before = headsOf(first.set)
    await first.set.close()
    await damage(first.db, early ?? new Uint8Array(0))
    await first.db.close()
    const { set, rebuilds } = await openSet({ dir: first.dir, time: first.clock.time })
    expect(headsOf(set)).toEqual(before)
    expect(rebuilds).toHaveLength(1)
    expect(set.storeId).not.toEqual(first.set.storeId)
  })

  it('a missing row ends the set there: what followed is dropped whole, and can come again', async () => {
    const first = await openSet()
    await live(first)
    await first.set.close()
    await first.db.del(`atx/row/${'4'.padStart(14, '0')}`)
    await first.db.close()
    const { set, rebuilds } = await openSet({ dir: first.dir, time: first.clock.time })
    expect(rebuilds).toHaveLength(1)
    expect(unpacked(set.idsFrom(0, 99))).toEqual([...'abcd'].map(idOf))
    expect(await set.record(idOf('f'))).toBeNull()
    const [again] = await set.insert([atx('f')])
    expect([again?.seq, again?.frame]).toEqual([4, 3])
    expect(await set.list({ fromSeq: 0, limit: 99 })).toHaveLength(5)
    expect(shown(set.heads().total)).toBe(shown(accumulatorOf('lthash16', [...'abcdf'].map(idOf)).fingerprint()))
  })

  it('another suite is built from the rows', async () => {
    const first = await openSet({ suite: 'xor' })
    await live(first)
    await first.stop()
    const { set, rebuilds } = await openSet({ dir: first.dir, time: first.clock.time })
    expect(rebuilds).toHaveLength(1)
    const ids = unpacked(set.idsFrom(0, 99))
    expect(shown(set.heads().total)).toBe(shown(accumulatorOf('lthash16', ids).fingerprint()))
  })

  it('after a failed write the set takes no more and says so once', async () => {
    const home = await openSet()
    const broken = await openSet({ db: failingAfter(0, () => home.db) })
    const codes = await Promise.all(
      ['a', 'b'].map((name) => broken.set.insert([atx(name)]).catch((error) => error.code)),
    )
    expect(codes).toEqual(['store-failed', 'store-failed'])
    await expect(broken.set.insert([atx('c')])).rejects.toMatchObject({ code: 'store-failed' })
    expect(broken.failures).toEqual(['store-failed'])
  })
})
