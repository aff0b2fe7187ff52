/** The intake (S8): each id is judged and inserted once, dependencies first, whoever brings it and in whatever order. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_BLOB_BYTES, MAX_DEPTH, MAX_PARKED, MAX_PARKED_BYTES } from '../../../../src/sync/intake/bounds.ts'
import { arrival, createIntakeBench, type FakeAtx, fakeAtx, fakeChain } from '../../../helpers/sync/fetch-atxs.ts'
import { until } from '../../../helpers/until.ts'

const stray = (index: number, more: { readonly padding?: number } = {}): FakeAtx =>
  fakeAtx({ name: `stray${index}`, previous: fakeAtx({ name: `unknown${index}` }).id, ...more })

describe('what becomes of an arrival (S8)', () => {
  const good = fakeAtx({ name: 'good' })
  const cases = [
    { given: 'a valid ATX', it: arrival(good), verdict: 'inserted' },
    {
      given: 'bytes of another ATX',
      it: arrival({ id: good.id, blob: fakeAtx({ name: 'x' }).blob }),
      verdict: 'mismatch',
    },
    { given: 'no ATX at all', it: arrival({ id: good.id, blob: Buffer.from('zzz') }), verdict: 'malformed' },
    { given: 'a wrong signature', it: arrival(fakeAtx({ name: 'good' }, 'bad')), verdict: 'bad-signature' },
    { given: 'an invalid ATX', it: arrival(fakeAtx({ name: 'i', verdict: 'invalid' })), verdict: 'invalid' },
    { given: 'an early ATX', it: arrival(fakeAtx({ name: 'e', verdict: 'early' })), verdict: 'early' },
    {
      given: 'a blob above maxBlob',
      it: arrival({ id: good.id, blob: Buffer.alloc(MAX_BLOB_BYTES + 1) }),
      verdict: 'too-big',
    },
    { given: 'an ATX without its previous one', it: arrival(stray(1)), verdict: 'waiting' },
    { given: 'an ATX that builds on itself', it: arrival(selfish()), verdict: 'invalid' },
  ]

  function selfish(): FakeAtx {
    const forcedId = 'ab'.repeat(32)
    return fakeAtx({ name: 'selfish', forcedId, previous: forcedId })
  }

  it.each(cases)('$given: $verdict', async ({ it: given, verdict }) => {
    const bench = createIntakeBench()
    expect(await bench.intake.take([given])).toEqual([verdict])
    expect(bench.set.ids).toEqual(verdict === 'inserted' ? [given.id] : [])
    expect([...bench.rejected.ids]).toEqual(verdict === 'invalid' ? [given.id] : [])
  })

  it('what is in the set is known, and what was rejected stays invalid without another judgement', async () => {
    const bench = createIntakeBench()
    const bad = fakeAtx({ name: 'bad', verdict: 'invalid' })
    await bench.intake.take([arrival(good), arrival(bad)])
    expect(await bench.intake.take([arrival(good), arrival(bad)])).toEqual(['known', 'invalid'])
    expect([...bench.validator.judged.values()]).toEqual([1, 1])
    expect(bench.intake.isRejected(bad.id)).toBe(true)
  })

  it('a batch of independent ATXs is few writes', async () => {
    const bench = createIntakeBench()
    const atxs = Array.from({ length: 200 }, (_, index) => fakeAtx({ name: `${index}` }))
    await bench.intake.take(atxs.map((atx) => arrival(atx)))
    expect(bench.set.writes).toEqual([128, 72])
  })

  it('three sources that bring one ATX at once: one judgement, one insertion (S11)', async () => {
    const bench = createIntakeBench()
    const answers = await Promise.all(['a', 'b', 'c'].map((peer) => bench.intake.take([arrival(good, peer)])))
    expect(answers.flat()).toEqual(['inserted', 'known', 'known'])
    expect(bench.validator.judged.get(good.id)).toBe(1)
    expect(bench.set.ids).toEqual([good.id])
    expect(bench.heard.inserted).toEqual([good.id])
  })

  it('an ATX that comes again while it is written is not judged again', async () => {
    const bench = createIntakeBench()
    const gate = Promise.withResolvers<void>()
    bench.set.gate = gate.promise
    const first = bench.intake.take([arrival(good, 'a')])
    await until(() => bench.validator.judged.get(good.id) === 1 && bench.validator.unsettled === 0)
    const second = bench.intake.take([arrival(good, 'b')])
    gate.resolve()
    expect([...(await first), ...(await second)]).toEqual(['inserted', 'known'])
    expect(bench.validator.judged.get(good.id)).toBe(1)
  })
})

describe('signatures do not poison ids (S2)', () => {
  const good = fakeAtx({ name: 'x' })
  const forged = ['one', 'two', 'three'].map((signature) => fakeAtx({ name: 'x' }, signature))

  it('a bad supplier first, a good one after: inserted', async () => {
    const bench = createIntakeBench()
    expect(await bench.intake.take([arrival(forged[0] as FakeAtx, 'mallory')])).toEqual(['bad-signature'])
    expect(await bench.intake.take([arrival({ id: good.id, blob: stray(1).blob }, 'mallory')])).toEqual(['mismatch'])
    expect(await bench.intake.take([arrival(good, 'bob')])).toEqual(['inserted'])
  })

  it('both at once: each supplier hears about its own bytes', async () => {
    const bench = createIntakeBench()
    const takes = [...forged, good].map((atx, index) => bench.intake.take([arrival(atx, `peer${index}`)]))
    expect((await Promise.all(takes)).flat()).toEqual(['bad-signature', 'bad-signature', 'bad-signature', 'inserted'])
  })

  it('forged ones that wait beside the good one do not keep it out', async () => {
    const bench = createIntakeBench()
    const parent = fakeAtx({ name: 'parent' })
    const child = (signature: string) => fakeAtx({ name: 'child', previous: parent.id }, signature)
    const waiting = ['f1', 'f2', 'good', 'f3'].map((signature) => arrival(child(signature), signature))
    for (const each of waiting) expect(await bench.intake.take([each])).toEqual(['waiting'])
    await bench.intake.take([arrival(parent)])
    await until(() => bench.heard.released.length === 4)
    const heard = new Map(bench.heard.released.map(({ from, verdict }) => [from, verdict]))
    expect(heard.get('f1')).toBe('bad-signature')
    expect(heard.get('f2')).toBe('bad-signature')
    expect(heard.get('good')).toBe('inserted')
    expect(bench.set.ids).toEqual([parent.id, child('good').id])
  })

  it('a supplier has one candidate of an id; more than four push the oldest out', async () => {
    const bench = createIntakeBench()
    const child = (signature: string) => fakeAtx({ name: 'child', previous: stray(1).id }, signature)
    await bench.intake.take([arrival(child('a'), 'mallory')])
    await bench.intake.take([arrival(child('b'), 'mallory')])
    expect(bench.intake.waiting().blobs).toBe(1)
    for (const name of ['p', 'q', 'r', 's']) await bench.intake.take([arrival(child(name), name)])
    expect(bench.intake.waiting().blobs).toBe(4)
    expect(bench.heard.released.map(({ from, verdict }) => [from, verdict])).toEqual([
      ['mallory', 'full'],
      ['mallory', 'full'],
    ])
  })

  it('an ATX others wait for turns out badly signed: it is asked for where they came from', async () => {
    const bench = createIntakeBench()
    const parent = fakeAtx({ name: 'parent' })
    await bench.intake.take([arrival(fakeAtx({ name: 'child', previous: parent.id }), 'bob')])
    await bench.intake.take([arrival(fakeAtx({ name: 'parent' }, 'bad'), 'mallory')])
    expect(bench.heard.missing).toEqual([
      { id: parent.id, from: ['bob'] },
      { id: parent.id, from: ['bob'] },
    ])
    await bench.intake.take([arrival(parent, 'bob')])
    await until(() => bench.set.ids.length === 2)
  })
})

describe('dependency order (S2, S8)', () => {
  it('what is missing is asked for once for each who waits, from who brought it', async () => {
    const bench = createIntakeBench()
    const [, second, third] = fakeChain(3) as [FakeAtx, FakeAtx, FakeAtx]
    expect(await bench.intake.take([arrival(third, 'a'), arrival(second, 'b')])).toEqual(['waiting', 'waiting'])
    expect(bench.heard.missing).toEqual([{ id: fakeChain(1)[0]?.id, from: ['b'] }])
  })

  it('a batch in any order that is complete waits for nothing', async () => {
    const bench = createIntakeBench()
    const chain = fakeChain(100)
    expect(new Set(await bench.intake.take(chain.toReversed().map((atx) => arrival(atx))))).toEqual(
      new Set(['inserted']),
    )
    expect(bench.heard.missing).toEqual([])
    expect(bench.set.ids).toEqual(chain.map(({ id }) => id))
  })

  it('an ATX that comes while its dependency is judged does not wait', async () => {
    const bench = createIntakeBench()
    const [first, second] = fakeChain(2) as [FakeAtx, FakeAtx]
    const gate = Promise.withResolvers<void>()
    bench.validator.gate = gate.promise
    const takes = [bench.intake.take([arrival(first)]), bench.intake.take([arrival(second)])]
    await until(() => bench.validator.unsettled === 1)
    gate.resolve()
    expect((await Promise.all(takes)).flat()).toEqual(['inserted', 'inserted'])
    expect(bench.heard.missing).toEqual([])
  })

  it('an invalid ATX takes all that builds on it along, at once or later: no node can insert them', async () => {
    const bench = createIntakeBench()
    const root = fakeAtx({ name: 'root', verdict: 'invalid' })
    const middle = fakeAtx({ name: 'middle', previous: root.id })
    const top = fakeAtx({ name: 'top', positioning: middle.id })
    await bench.intake.take([arrival(top), arrival(middle)])
    expect(await bench.intake.take([arrival(root)])).toEqual(['invalid'])
    expect(bench.heard.released.map(({ verdict }) => verdict)).toEqual(['invalid', 'invalid'])
    expect([...bench.rejected.ids].sort()).toEqual([root.id, middle.id, top.id].sort())
    const late = fakeAtx({ name: 'late', previous: top.id })
    expect(await bench.intake.take([arrival(late)])).toEqual(['invalid'])
    expect(bench.intake.waiting()).toEqual({ blobs: 0, bytes: 0 })
  })

  it('an early ATX takes nothing along: those that build on it go on waiting', async () => {
    const bench = createIntakeBench()
    const root = fakeAtx({ name: 'root', verdict: 'early' })
    expect(await bench.intake.take([arrival(root), arrival(fakeAtx({ name: 'top', previous: root.id }))])).toEqual([
      'early',
      'waiting',
    ])
    expect(bench.rejected.size).toBe(0)
  })

  it('a circle is invalid, with what hangs on it', async () => {
    const bench = createIntakeBench()
    const ids = ['aa', 'bb', 'cc'].map((text) => text.repeat(32))
    const circle = ids.map((forcedId, index) =>
      fakeAtx({ name: forcedId, forcedId, previous: ids[(index + 1) % 3] ?? '' }),
    )
    const hanger = fakeAtx({ name: 'hanger', previous: ids[0] ?? '' })
    const verdicts = await bench.intake.take([hanger, ...circle].map((atx) => arrival(atx)))
    expect(verdicts).toEqual(['invalid', 'invalid', 'invalid', 'invalid'])
    expect(bench.rejected.size).toBe(4)
  })

  it('a chain deeper than the limit is not asked for further down, and goes in when its base comes', async () => {
    const bench = createIntakeBench()
    const chain = fakeChain(MAX_DEPTH + 500)
    for (const atx of chain.slice(1).reverse()) expect(await bench.intake.take([arrival(atx)])).toEqual(['waiting'])
    expect(bench.heard.missing).toHaveLength(MAX_DEPTH)
    await bench.intake.take([arrival(chain[0] as FakeAtx)])
    await until(() => bench.set.ids.length === chain.length)
    expect(bench.intake.waiting()).toEqual({ blobs: 0, bytes: 0 })
  })

  it('any order of a graph, in any batches, from any peers: the set is what a dumb model inserts', async () => {
    const shape = fc.record({
      links: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('', 'invalid', 'early')), {
        minLength: 1,
        maxLength: 25,
      }),
      order: fc.infiniteStream(fc.nat()),
      batch: fc.integer({ min: 1, max: 8 }),
    })
    await fc.assert(
      fc.asyncProperty(shape, async ({ links, order, batch }) => {
        const atxs = graphOf(links)
        const bench = createIntakeBench()
        const left = [...atxs]
        const shuffled: FakeAtx[] = []
        while (left.length > 0) shuffled.push(...left.splice((order.next().value ?? 0) % left.length, 1))
        const takes: Promise<unknown>[] = []
        for (let from = 0; from < shuffled.length; from += batch) {
          takes.push(bench.intake.take(shuffled.slice(from, from + batch).map((atx) => arrival(atx, `p${from % 3}`))))
        }
        await Promise.all(takes)
        const expected = dumbModel(atxs)
        await until(
          () => bench.set.ids.length === expected.inserted.size && bench.rejected.size === expected.rejected.size,
        )
        expect(new Set(bench.set.ids)).toEqual(expected.inserted)
        expect(bench.rejected.ids).toEqual(expected.rejected)
        expect(Math.max(...bench.validator.judged.values(), 0)).toBeLessThanOrEqual(1)
        expect(bench.failures).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  function graphOf(links: readonly (readonly [number, number, string])[]): FakeAtx[] {
    const atxs: FakeAtx[] = []
    for (const [index, [previous, positioning, verdict]] of links.entries()) {
      const [a, b] = [atxs[previous % (index + 2)], atxs[positioning % (index + 2)]]
      atxs.push(
        fakeAtx({
          name: `${index}`,
          ...(a === undefined ? {} : { previous: a.id }),
          ...(b === undefined ? {} : { positioning: b.id }),
          ...(verdict === '' ? {} : { verdict: verdict as 'invalid' | 'early' }),
        }),
      )
    }
    return atxs
  }

  /** Goes over the graph in dependency order, one by one. */
  function dumbModel(atxs: readonly FakeAtx[]): { inserted: Set<string>; rejected: Set<string> } {
    const inserted = new Set<string>()
    const rejected = new Set<string>()
    const early = new Set<string>()
    for (const { id, body } of atxs) {
      const below = [body.previous, body.positioning].filter((each) => each !== undefined)
      if (below.some((each) => rejected.has(each))) rejected.add(id)
      else if (below.some((each) => early.has(each))) early.add(id)
      else if (body.verdict === 'invalid') rejected.add(id)
      else if (body.verdict === 'early') early.add(id)
      else inserted.add(id)
    }
    return { inserted, rejected }
  }
})

describe('what waits is bounded (S8)', () => {
  it('above the bound the oldest blob of whoever has most waiting goes, and may come again', async () => {
    const bench = createIntakeBench()
    const honest = stray(0)
    await bench.intake.take([arrival(honest, 'bob')])
    const flood = Array.from({ length: MAX_PARKED + 5 }, (_, index) => arrival(stray(index + 1), 'mallory'))
    await bench.intake.take(flood)
    expect(bench.intake.waiting().blobs).toBe(MAX_PARKED)
    expect(bench.heard.released).toEqual(flood.slice(0, 6).map(({ id }) => ({ id, from: 'mallory', verdict: 'full' })))
    const parent = fakeAtx({ name: 'unknown0' })
    await bench.intake.take([arrival(parent)])
    await until(() => bench.set.ids.includes(honest.id))
    expect(await bench.intake.take([flood[0] as (typeof flood)[0]])).toEqual(['waiting'])
  })

  it('so are their bytes', async () => {
    const bench = createIntakeBench()
    const padding = MAX_BLOB_BYTES - 400
    const count = Math.ceil(MAX_PARKED_BYTES / padding) + 3
    for (let index = 0; index < count; index++) await bench.intake.take([arrival(stray(index, { padding }))])
    expect(bench.intake.waiting().bytes).toBeLessThanOrEqual(MAX_PARKED_BYTES)
    expect(bench.heard.released.length).toBeGreaterThan(0)
  })

  it('after a stop everybody has an answer', async () => {
    const bench = createIntakeBench()
    const gate = Promise.withResolvers<void>()
    bench.set.gate = gate.promise
    const under = bench.intake.take([arrival(fakeAtx({ name: 'a' }))])
    await until(() => bench.validator.judged.size === 1 && bench.validator.unsettled === 0)
    const behind = bench.intake.take([arrival(fakeAtx({ name: 'b' }))])
    await until(() => bench.validator.judged.size === 2 && bench.validator.unsettled === 0)
    const stopped = bench.intake.stop()
    gate.resolve()
    await stopped
    expect([...(await under), ...(await behind)]).toEqual(['inserted', 'full'])
    expect(await bench.intake.take([arrival(fakeAtx({ name: 'c' }))])).toEqual(['full'])
  })
})
