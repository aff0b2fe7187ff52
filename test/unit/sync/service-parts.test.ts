/** Small parts of the service: the vigil before an epoch (S12.2), traits of a network, what is kept on disk. */
import { ClassicLevel } from 'classic-level'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createServiceStore } from '../../../src/sync/service-store.ts'
import { createAtxTraits } from '../../../src/sync/traits.ts'
import { createVigil } from '../../../src/sync/vigil.ts'
import { tempDir } from '../../helpers/temp-dir.ts'

const DAY_MS = 86_400_000
const CHAIN = 'ab'.repeat(32)
const START = Date.UTC(2025, 0, 1)
const days = createAtxTraits(CHAIN, { startMs: START, timeframe: DAY_MS, n1: 6, n2: 3 })

describe('traits', () => {
  it('S3.1 two epochs to a timeframe, none before the start', () => {
    const hours = [-5, 0, 11, 12, 23, 24, 36]
    expect(hours.map((hour) => days.epochAt(START + hour * 3_600_000))).toEqual([0, 0, 0, 1, 1, 2, 3])
  })

  it('S1 delta is half an hour beside a month, and less beside less', () => {
    const ofMonths = createAtxTraits(CHAIN, { startMs: START, timeframe: 'month', n1: 6, n2: 3 })
    const ofSeconds = createAtxTraits(CHAIN, { startMs: START, timeframe: 10_000, n1: 6, n2: 3 })
    expect([ofMonths.deltaMs, days.deltaMs, ofSeconds.deltaMs]).toEqual([1_800_000, 60_000, 7])
    expect(ofMonths.networkId).not.toEqual(days.networkId)
  })
})

describe('S12.2 the vigil', () => {
  it('rings once before each epoch, five deltas before it starts', () => {
    let rings = 0
    const look = createVigil(days, () => rings++)
    const ring = START + DAY_MS / 2 - 5 * days.deltaMs
    const rungAt = [ring - 1, ring, ring + 1_000, START + DAY_MS / 2, ring + DAY_MS / 2].map((at) => {
      look(at)
      return rings
    })
    expect(rungAt).toEqual([0, 1, 1, 1, 2])
  })
})

describe('what the service keeps', () => {
  async function openStore() {
    const db = new ClassicLevel<string, Uint8Array>(await tempDir(), { valueEncoding: 'view' })
    await db.open()
    onTestFinished(() => db.close())
    return { db, store: createServiceStore(db) }
  }

  it('bans are replaced as a whole; the own chain is kept', async () => {
    const { db, store } = await openStore()
    expect([await store.bans(), await store.ownChain()]).toEqual([[], null])
    const ban = (peer: string, untilMs: number) => ({ peer, untilMs, count: 1, address: '192.0.2.1' })
    await store.saveBans([ban('a', 1), ban('b', 2)])
    await store.saveBans([ban('b', 3), ban('c', 4)])
    expect(await store.bans()).toEqual([ban('b', 3), ban('c', 4)])
    const chain = { epoch: 3, first: 'aa', before: null }
    await store.saveOwnChain(chain)
    expect(await createServiceStore(db).ownChain()).toEqual(chain)
    await store.saveBans([])
    expect(await store.bans()).toEqual([])
  })

  it('a ban that an earlier build wrote is read, without an address', async () => {
    const { db, store } = await openStore()
    const old = { peer: 'a', untilMs: 1, count: 2 }
    await db.put('sync/ban/a', Buffer.from(JSON.stringify(old)))
    expect(await store.bans()).toEqual([{ ...old, address: '' }])
    const now = { ...old, address: '192.0.2.1' }
    await store.saveBans([now])
    expect(await store.bans()).toEqual([now])
  })

  it('a ban that did not change is not written again', async () => {
    const { db, store } = await openStore()
    const writes: string[] = []
    db.on('write', (operations: { key: string }[]) => writes.push(...operations.map(({ key }) => key)))
    const [a, b] = ['a', 'b'].map((peer) => ({ peer, untilMs: 1, count: 1, address: '' }))
    if (a === undefined || b === undefined) throw new Error('two bans')
    await store.saveBans([a])
    await store.saveBans([a, b])
    await store.saveBans([b])
    expect(writes).toEqual(['sync/ban/a', 'sync/ban/b', 'sync/ban/a'])
  })
})
