/** The live set beside a dumb model, frozen views, reading back, and concurrent inserts (S2, S3, S7.1). */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGradeFilter, gradeOf } from '../../../../src/sync/set/grades.ts'
import { createCalendar } from '../../../../src/sync/set/timeframes.ts'
import type { AtxRecord, AtxSet } from '../../../../src/sync/set/types.ts'
import { at, atx, CALENDAR, DELTA_MS, GENESIS, idOf, openSet } from '../../../helpers/sync/atx-set.ts'
import { accumulatorOf, headsOf, listOf, packed, shown, unpacked } from './fixtures.ts'

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe('S7.1 frozen views', () => {
  it('1,000 inserts and two rolls later a view is what it was', async () => {
    const { set, clock } = await openSet()
    await set.insert(names('jan', 300).map((name) => atx(name)))
    clock.time = CALENDAR.boundary(1)
    await set.insert(names('feb', 50).map((name) => atx(name)))
    const view = set.freeze()
    const snapshot = async () => ({
      known: shown(view.known().fingerprint()),
      lists: await Promise.all([0, 1, 2].map((back) => listOf(view, back))),
    })
    const before = await snapshot()
    for (let batch = 0; batch < 10; batch++) {
      if (batch === 4 || batch === 7) clock.time = CALENDAR.boundary(2 + batch)
      await set.insert(names(`late${batch}-`, 100).map((name) => atx(name)))
      await set.freeze().list(batch % 3)
    }
    expect(await snapshot()).toEqual(before)
    expect(view.frame).toBe(1)
    expect(before.lists).toEqual([names('feb', 50), names('jan', 300), []].map((each) => each.map(idOf).sort()))
    expect(before.known).toBe(shown(accumulatorOf('lthash16', before.lists.flat()).fingerprint()))
    expect([view.has(packed([idOf('feb1')])), view.has(packed([idOf('late0-1')]))]).toEqual([true, false])
  })

  it('a view frozen early lists its part of a timeframe that was sorted whole in the meantime', async () => {
    const { set } = await openSet({ suite: 'xor' })
    await set.insert(names('a', 20).map((name) => atx(name)))
    const early = set.freeze()
    await set.insert(names('b', 20).map((name) => atx(name)))
    expect(await listOf(set.freeze(), 0)).toHaveLength(40)
    expect(await listOf(early, 0)).toEqual(names('a', 20).map(idOf).sort())
  })

  it('what is known to a view is a copy of its own', async () => {
    const { set } = await openSet()
    const view = set.freeze()
    view.known().add(packed([idOf('stranger')]))
    expect(view.known().count).toBe(0)
    expect(set.heads().total.count).toBe(0)
  })

  it('lists tens of thousands of ids in order, also where their first bits agree', async () => {
    const { set } = await openSet({ suite: 'xor' })
    const shared = Array.from({ length: 40 }, (_, index) => `abcdef01${idOf(`tail ${index}`).slice(8)}`)
    const ids = [...names('n', 18_000).map(idOf), ...shared]
    const atxs = ids.map((id) => atx(id, { id }))
    await set.insert(atxs.slice(0, 18_020))
    expect(await listOf(set.freeze(), 0, 1_024)).toEqual(ids.slice(0, 18_020).sort())
    await set.insert(atxs.slice(18_020))
    expect(await listOf(set.freeze(), 0, 1_024)).toEqual(ids.toSorted())
  })
})

describe('S2 the order of receipt', () => {
  it('concurrent inserts of the same ATXs enter each once, in order, without gaps', async () => {
    const { set } = await openSet()
    const batches = Array.from({ length: 12 }, (_, batch) =>
      Array.from({ length: 300 }, (_, index) => atx(`${(batch * 137 + index) % 1_000}`)),
    )
    const inserted = (await Promise.all(batches.map((batch) => set.insert(batch)))).flat()
    expect(inserted.map(({ seq }) => seq)).toEqual(inserted.map((_, index) => index))
    expect(new Set(inserted.map(({ id }) => id)).size).toBe(inserted.length)
    expect(unpacked(set.idsFrom(0, 5_000))).toEqual(inserted.map(({ id }) => id))
    const fingerprint = accumulatorOf(
      'lthash16',
      inserted.map(({ id }) => id),
    ).fingerprint()
    expect(shown(set.heads().total)).toBe(shown(fingerprint))
  })

  it('records and blobs come back as they were inserted, at once and after a restart', async () => {
    const first = await openSet()
    const previous = idOf('an older one')
    const atxs = [
      atx('a', { publishEpoch: 3, baseTickHeight: 2 ** 40, tickCount: 7, receivedAt: GENESIS + 0.7 }),
      atx('b', { previous, positioning: idOf('a') }),
    ]
    const pending = first.set.insert(atxs)
    expect(await first.set.record(idOf('a'))).toBeNull()
    const inserted = await pending
    const read = async ({ record, blob, frameOf, list }: Bound) => ({
      records: [await record(idOf('a')), await record(idOf('b'))],
      blobs: [await blob(idOf('a')), await blob(idOf('b'))].map((bytes) => Buffer.from(bytes ?? []).toString()),
      frames: [frameOf(idOf('b')), frameOf(idOf('c')), await record(idOf('c')), await blob(idOf('c'))],
      newest: await list({ limit: 1 }),
      all: await list({ fromSeq: 0, limit: 9 }),
      beyond: await list({ fromSeq: 7, limit: 9 }),
    })
    const expected = {
      records: inserted,
      blobs: ['blob of a', 'blob of b'],
      frames: [0, null, null, null],
      newest: [inserted[1]],
      all: inserted,
      beyond: [],
    }
    expect(await read(bound(first.set))).toEqual(expected)
    expect(inserted[0]).toEqual({
      ...atxs[0]?.info,
      seq: 0,
      frame: 0,
      committedAt: GENESIS,
      receivedAt: GENESIS,
      source: 'gossip',
      bytes: 9,
    })
    await first.stop()
    const again = await openSet({ dir: first.dir })
    expect(await read(bound(again.set))).toEqual(expected)
  })

  it('ids from a place on, no more than there are', async () => {
    const { set } = await openSet({ suite: 'xor' })
    await set.insert(names('n', 10).map((name) => atx(name)))
    expect(unpacked(set.idsFrom(3, 4))).toEqual(names('n', 10).slice(3, 7).map(idOf))
    expect(set.idsFrom(8, 100).byteLength).toBe(64)
    expect(set.idsFrom(10, 100).byteLength).toBe(0)
    expect(set.idsFrom(99, 100).byteLength).toBe(0)
  })
})

type Bound = Pick<AtxSet, 'record' | 'blob' | 'frameOf' | 'list'>

function bound(set: AtxSet): Bound {
  return {
    record: (id) => set.record(id),
    blob: (id) => set.blob(id),
    frameOf: (id) => set.frameOf(id),
    list: (options) => set.list(options),
  }
}

describe('S3.3 the step-1 value', () => {
  const start = (epoch: number) => CALENDAR.epochStart(epoch)

  it('takes an ATX of the newest closed timeframe in when its target epoch starts', async () => {
    const { set, clock } = await openSet({ time: start(1) })
    await set.insert([atx('for epoch 2', { publishEpoch: 1, receivedAt: start(1) })])
    await set.insert([atx('for epoch 3', { publishEpoch: 2, receivedAt: start(1) })])
    await set.insert([atx('for epoch 4', { publishEpoch: 3, receivedAt: start(1) })])
    await set.insert([atx('too late', { publishEpoch: 0, receivedAt: start(1) })])
    const fastAt = (time: number) => {
      clock.time = time
      return set.heads().fast.count
    }
    const times = [start(2) - 1, start(2), start(3) - 1, start(3), start(4) - 1, start(4)]
    expect(times.map(fastAt)).toEqual([0, 1, 1, 2, 2, 4])
  })

  it('leaves out what a publisher made twice for one epoch, unless the proof came when the grade stood', async () => {
    const { set, clock } = await openSet({ time: start(1) })
    const twice = (name: string, publisher: string) => atx(name, { publishEpoch: 1, publisher: idOf(publisher) })
    await set.insert([twice('a', 'early'), atx('honest', { publishEpoch: 1 }), twice('c', 'late')])
    await set.insert([twice('b', 'early')])
    clock.time = start(2) - DELTA_MS
    await set.insert([twice('d', 'late')])
    clock.time = start(2)
    const expected = accumulatorOf('lthash16', ['honest', 'c', 'd'].map(idOf))
    expect(shown(set.heads().fast)).toBe(shown(expected.fingerprint()))
  })

  it('a proof takes an ATX of the newest closed timeframe out at once', async () => {
    const { set, clock } = await openSet({ time: start(1) })
    await set.insert([atx('a', { publishEpoch: 2, publisher: idOf('twice') })])
    clock.time = start(3) - 2 * DELTA_MS
    await set.insert([atx('b', { publishEpoch: 2, publisher: idOf('twice') })])
    clock.time = start(3)
    expect(set.heads().fast.count).toBe(0)
  })

  it('the same epoch of another publisher, and another epoch of the same, are no equivocation', async () => {
    const { set, clock } = await openSet({ time: start(1) })
    const publisher = idOf('one')
    await set.insert([atx('a', { publishEpoch: 1, publisher }), atx('b', { publishEpoch: 2, publisher })])
    await set.insert([atx('c', { publishEpoch: 1, publisher: idOf('two') })])
    clock.time = start(3)
    expect(set.heads().fast.count).toBe(3)
  })
})

// ---------------------------------------------------------------- beside a dumb model

const T = 1_000_000
const calendar = createCalendar({ genesisMs: GENESIS, timeframe: T, maxTicksPerSecond: 10 })
const deltaMs = 50_000
const filter = createGradeFilter({ epochStart: calendar.epochStart, deltaMs, minHighGrade: 1 })

/** The set as arrays: every fingerprint is added up anew. */
function model(records: readonly AtxRecord[], now: number) {
  const frame = calendar.frameOf(now)
  const proofAt = (record: AtxRecord) => {
    const own = records.filter(
      ({ publisher, publishEpoch }) => publisher === record.publisher && publishEpoch === record.publishEpoch,
    )
    return own[1]?.committedAt ?? null
  }
  const isSettled = (record: AtxRecord) => {
    const start = calendar.epochStart(record.publishEpoch + 1)
    const { receivedAt } = record
    return now >= start && gradeOf({ receivedAt, equivocatedAt: proofAt(record) }, start, deltaMs) >= 1
  }
  const sum = (keep: (record: AtxRecord) => boolean) => {
    const kept = records.filter(keep)
    const xor = kept.reduce((so, { id }) => so ^ BigInt(`0x${id}`), 0n)
    return `${kept.length} ${xor.toString(16).padStart(64, '0')} -`
  }
  return {
    frame,
    fast: sum((record) => record.frame < frame - 1 || (record.frame === frame - 1 && isSettled(record))),
    curr: sum((record) => record.frame === frame),
    old: sum((record) => record.frame === frame - 1),
    all: sum((record) => record.frame < frame),
    total: sum(() => true),
  }
}

const actions = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ batch: fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }) }) },
    { weight: 3, arbitrary: fc.record({ pass: fc.integer({ min: -T / 4, max: (3 * T) / 2 }) }) },
    { weight: 1, arbitrary: fc.constant({ restart: true as const }) },
  ),
  { minLength: 4, maxLength: 25 },
)

it('S2, S3 through inserts, duplicates, equivocations, rolls, clocks that go back and restarts, as a model has it', async () => {
  await fc.assert(
    fc.asyncProperty(actions, async (run) => {
      const options = { calendar, filter, suite: 'xor' as const }
      let opened = await openSet(options)
      const records: AtxRecord[] = []
      let latest = GENESIS
      for (const action of run) {
        if ('restart' in action) {
          await opened.stop()
          opened = await openSet({ ...options, dir: opened.dir, time: opened.clock.time })
          latest = Math.max(calendar.boundary(calendar.frameOf(latest)), records.at(-1)?.committedAt ?? 0)
          expect(opened.rebuilds).toEqual([])
        } else if ('pass' in action) opened.clock.time += action.pass
        latest = Math.max(latest, opened.clock.time)
        if ('batch' in action) {
          const receivedAt = latest - 10_000
          const epoch = Math.floor((2 * (latest - GENESIS)) / T)
          const atxs = action.batch.map((n) =>
            atx(`${n}`, { publisher: idOf(`${n % 9}`), publishEpoch: Math.max(0, epoch - 1 + (n % 3)), receivedAt }),
          )
          records.push(...(await opened.set.insert(atxs)))
        }
        expect(headsOf(opened.set)).toEqual(model(records, latest))
      }
      expect(records.map(({ committedAt }) => committedAt)).toEqual(
        records.map(({ committedAt }) => committedAt).toSorted((a, b) => a - b),
      )
      expect(records.every(({ frame, committedAt }) => frame === calendar.frameOf(committedAt))).toBe(true)
      await opened.stop()
    }),
    { numRuns: 20 },
  )
})

it('S3.2 a tick rolls at the boundary, without an insert', async () => {
  const { set, clock } = await openSet()
  await set.insert([atx('a')])
  clock.time = at('2025-02-01 09:00')
  await set.tick()
  expect([set.heads().frame, set.heads().old.count]).toEqual([1, 1])
})
