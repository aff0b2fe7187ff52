/** How catching up is told: the meter, the status, the events, and the line for people. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { syncLine } from '../../../bin/sync-line.ts'
import type { SyncStatus } from '../../../src/node/api/node-port.ts'
import { createSyncMeter } from '../../../src/node/sync-meter.ts'
import { type SyncSources, syncStatusOf } from '../../../src/node/sync-view.ts'
import { type SyncReport, watchSync } from '../../../src/node/sync-watch.ts'
import { until } from '../../helpers/until.ts'

const status = (change: Partial<SyncStatus> = {}): SyncStatus => ({
  state: 'catching-up',
  phase: 'blocks',
  target: 50_000,
  rate: 3_100,
  bytesPerSecond: 5 * 2 ** 20,
  etaMs: 12_148,
  peers: 3,
  ...change,
})

describe('the meter', () => {
  it('rates are per second over the last ten seconds', () => {
    const meter = createSyncMeter()
    expect([meter.rate(0), meter.bytesPerSecond(0)]).toEqual([0, 0])
    for (let second = 0; second <= 30; second++) {
      meter.note(second * 1_000, { height: second < 15 ? 0 : (second - 15) * 100, bytes: second * 5_000 })
    }
    expect(meter.rate(30_000)).toBe(100)
    expect(meter.bytesPerSecond(30_000)).toBe(5_000)
  })
})

describe('the status', () => {
  const claim = (height: number) => ({ status: { finalized: { height } } }) as never
  const view = (change: Partial<SyncSources>): SyncStatus => {
    const meter = createSyncMeter()
    meter.note(0, { height: 0, bytes: 0 })
    meter.note(1_000, { height: 100, bytes: 1_000 })
    const ranges = { active: true, peers: 2, bytes: 0, target: 1_100, lowestServed: null }
    return syncStatusOf({ now: 1_000, own: 100, peers: [claim(1_100)], ranges, meter, isSearching: false, ...change })
  }

  it('says what is missing, how fast it comes and how long that takes', () => {
    expect(view({})).toEqual(status({ target: 1_100, rate: 100, bytesPerSecond: 1_000, etaMs: 10_000, peers: 2 }))
  })

  it('near the tip it is synced; without anybody it searches', () => {
    expect(view({ own: 1_097 })).toMatchObject({ state: 'synced', phase: null, etaMs: 0 })
    expect(view({ isSearching: true })).toMatchObject({ state: 'searching', phase: null, etaMs: null })
  })

  it('P17.9 a height that only useless peers claim does not count', () => {
    const ranges = { active: false, peers: 0, bytes: 0, target: 100, lowestServed: null }
    expect(view({ peers: [claim(2 ** 50)], ranges })).toMatchObject({ state: 'synced', target: 100 })
    expect(view({ peers: [claim(2 ** 50)], ranges: { ...ranges, target: null } }).state).toBe('catching-up')
  })
})

describe('the events', () => {
  it('start, progress and done, and nothing while there is nothing to tell', async () => {
    const told: { topic: string; type: string; data: unknown }[] = []
    const reports: SyncReport[] = []
    let now: SyncReport = { ...status({ state: 'synced' }), height: 1 }
    let reads = 0
    const stop = watchSync({
      read() {
        reads++
        return now
      },
      events: { publish: (topic, type, data) => void told.push({ topic, type, data }) },
      onReport: (_, report) => reports.push(report),
      tickMs: 1,
    })
    onTestFinished(stop)
    await until(() => reads > 3, 5_000)
    expect(told).toEqual([])
    now = { ...status(), height: 10 }
    await until(() => told.length > 1, 5_000)
    now = { ...status({ state: 'synced' }), height: 50_000 }
    await until(() => told.at(-1)?.type === 'done', 5_000)
    expect(told[0]).toEqual({ topic: 'sync', type: 'start', data: { ...status(), height: 10 } })
    expect(told.slice(1, -1).every(({ type }) => type === 'progress')).toBe(true)
    expect(reports).toHaveLength(told.length)
  })
})

describe('a node that nobody can bring up', () => {
  it('P20.9 says what is the lowest block that a peer still has', () => {
    const stuck = status({ rate: 0, bytesPerSecond: 0, etaMs: null, peers: 0, target: 50_000, lowestServed: 768 })
    const line = 'catching up 5 of 50,000 blocks (0%), no peer has block 6 any more, the lowest is 768'
    expect(syncLine(stuck, 5)).toBe(line)
  })
})

const SNAPSHOT = { height: 50_000, chunks: 120, storedChunks: 30, bytes: 30 * 2 ** 20, storedBytes: 7.5 * 2 ** 20 }

describe('the line', () => {
  it.each([
    [
      status(),
      12_340,
      'catching up 12,340 of 50,000 blocks (24%), 3,100 blocks/s, 5.0 MiB/s, 12.1 s left, from 3 peers',
    ],
    [
      status({ rate: 0, bytesPerSecond: 0, etaMs: null, peers: 1 }),
      0,
      'catching up 0 of 50,000 blocks (0%), 0 blocks/s, from 1 peer',
    ],
    [
      status({ phase: 'snapshot', snapshot: SNAPSHOT, etaMs: 5_600 }),
      0,
      'fetching the snapshot of block 50,000: 30 of 120 chunks, 7.5 of 30.0 MiB (25%), 5.0 MiB/s, 5.6 s left, from 3 peers',
    ],
    [status({ state: 'synced' }), 50_000, 'synced'],
    [status({ state: 'searching' }), 0, 'searching for peers'],
  ])('%#', (sync, height, line) => {
    expect(syncLine(sync, height)).toBe(line)
  })
})
