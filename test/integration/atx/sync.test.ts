/** Sets of real nodes over real connections: the happy path, differences near and far, a newcomer, cuts, and both dialling at once. */
import { expect, it } from 'vitest'
import { addressOf, isUp } from '../../helpers/networks.ts'
import {
  type AtxNode,
  createAtxNode,
  fill,
  filler,
  isEqual,
  middleOf,
  validAtx,
  wordOf,
} from '../../helpers/sync/atx-nodes.ts'
import { until } from '../../helpers/until.ts'

/** Frames by count of ATXs in each; everybody's are the same. */
const frames = (...counts: number[]) => counts.map((count, frame) => filler(`frame ${frame}`, count))
const valid = (name: string, count: number, bodyBytes?: number) =>
  Array.from({ length: count }, (_, i) => validAtx(`${name} ${i}`, bodyBytes))

async function pair(): Promise<[AtxNode, AtxNode]> {
  return [await createAtxNode('a'), await createAtxNode('b')]
}

async function connect(a: AtxNode, b: AtxNode): Promise<void> {
  await a.network.connect(addressOf(b.network))
  await until(() => isUp(a.network, b.network.self) && isUp(b.network, a.network.self))
}

async function startAll(...nodes: AtxNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => node.start()))
  for (const other of nodes.slice(1)) await connect(nodes[0] as AtxNode, other)
}

it.each([
  ['all of it settled', [300, 300, 0], 'fast-equal'],
  ['some in the open timeframe', [300, 300, 50], 'fast-equal'],
] as const)('S1 equal sets, %s: one Hello each way, none above 200 bytes, and no id', async (_, counts, kind) => {
  const [a, b] = await pair()
  for (const node of [a, b]) await fill(node, frames(...counts))
  // Time that stands still makes nothing due: only one of them calls.
  b.setTime(middleOf(counts.length - 1), true)
  await startAll(a, b)
  await until(() => a.ended.length > 0 && b.ended.length > 0)
  expect([...a.ended, ...b.ended].map((end) => [end.kind, end.isInbound, end.figures.rounds])).toEqual([
    [kind, false, 0],
    [kind, true, 0],
  ])
  for (const { moved } of [a, b]) {
    expect(moved.map(({ direction }) => direction).sort()).toEqual(['in', 'out'])
    for (const { bytes } of moved) expect(bytes).toBeLessThanOrEqual(200)
  }
  await until(() => a.service.agreements().isSynced && b.service.agreements().isSynced)
})

it('S3 one of the last timeframe is missing: found by lists, fetched, and then the sets are equal', async () => {
  const [a, b] = await pair()
  const [missing] = valid('missing', 1)
  await fill(a, [
    ...frames(100, 100),
    [...filler('frame 2', 99), ...(missing ? [missing] : [])],
    filler('frame 3', 100),
  ])
  await fill(b, [...frames(100, 100), filler('frame 2', 99), filler('frame 3', 100)])
  await startAll(a, b)
  await until(() => isEqual(a, b))
  const gained = b.ended.map(({ kind, figures }) => [kind, figures.gained])
  expect(gained).toContainEqual(['agreed', 1])
  expect((await b.service.set.record(missing?.info.id ?? ''))?.source).toBe('sync')
  expect([...a.judged, ...b.judged]).toEqual([])
})

it('lists of 20,000 ids both ways at once hold each other up nowhere, and what each lacks comes', async () => {
  const [a, b] = [await createAtxNode('a', { deep: false }), await createAtxNode('b', { deep: false })]
  const shared = filler('long', 19_950)
  await fill(a, [[...shared, ...valid('of a', 50)], []])
  await fill(b, [[...shared, ...valid('of b', 50)], []])
  await startAll(a, b)
  await until(() => isEqual(a, b), 20_000, 'equal sets')
  expect(a.service.set.count).toBe(20_050)
  const both = [...a.ended, ...b.ended].find(({ kind }) => kind === 'agreed')
  expect(both?.figures).toMatchObject({ idsIn: 20_000, idsOut: 20_000, gained: 50 })
  expect([...a.judged, ...b.judged]).toEqual([])
}, 30_000)

it('S10 each misses one of long ago among 20,000: found across timeframes, without lists of all', async () => {
  const [a, b] = await pair()
  const [ours, theirs] = valid('old', 2)
  const counts = [...Array<number>(9).fill(2_200), 200]
  for (const [node, own] of [[a, ours] as const, [b, theirs] as const]) {
    const [first = [], ...rest] = frames(...counts)
    await fill(node, [own === undefined ? first : [...first, own], ...rest])
  }
  await startAll(a, b)
  await until(() => isEqual(a, b), 30_000)
  expect(a.service.set.count).toBe(20_002)
  const bytes = a.moved.reduce((sum, each) => sum + each.bytes, 0)
  expect(bytes).toBeLessThan(100_000)
  expect(a.ended.map(({ kind }) => kind)).toContain('deep')
})

it('S7 a newcomer is served in bulk and ends with the same set, its own ATXs included', async () => {
  const [a, b] = await pair()
  const history = Array.from({ length: 9 }, (_, frame) => valid(`history ${frame}`, 60))
  await fill(a, history)
  await fill(b, [...Array.from({ length: 8 }, () => []), valid('own', 20)])
  await startAll(a, b)
  await until(() => isEqual(a, b), 30_000)
  expect(a.service.set.count).toBe(560)
  expect(a.served).toEqual([0])
  expect(b.ended.map(({ kind }) => kind)).toContain('serve-in')
  expect([...a.judged, ...b.judged]).toEqual([])
})

it('S8 of several peers that hold the same, each ATX is fetched once', async () => {
  const [b, ...others] = [await createAtxNode('b'), await createAtxNode('a'), await createAtxNode('c')]
  const all = valid('shared', 600, 10_000)
  for (const other of others) await fill(other, [all])
  await startAll(b, ...others)
  await until(() => others.every((other) => isEqual(b, other)))
  const sent = (node: AtxNode) =>
    node.moved.reduce(
      (sum, { intent, direction, bytes }) => (intent === 'fetch' && direction === 'out' ? sum + bytes : sum),
      0,
    )
  const moved = others.reduce((sum, other) => sum + sent(other), 0)
  expect(moved).toBeGreaterThan(600 * 10_000)
  expect(moved).toBeLessThan(600 * 10_500)
})

it('A16 both dial at once: one session goes on, and both say how that one ended', async () => {
  const [a, b] = await pair()
  for (const node of [a, b]) {
    await fill(node, frames(50, 50))
    node.setTime(middleOf(1), true)
  }
  await startAll(a, b)
  a.service.sync(b.network.self)
  b.service.sync(a.network.self)
  await until(() => a.ended.length === 2 && b.ended.length === 2 && a.service.sessions().length === 0)
  for (const { ended } of [a, b]) expect(ended.map(({ kind }) => kind).sort()).toEqual(['failed', 'total-equal'])
  expect([wordOf(a, b.network.self), wordOf(b, a.network.self)]).toEqual(['equal', 'equal'])
})

/** Cuts the connection once `isMiddle`, connects again, and waits until the sets are equal. */
async function cutIn(a: AtxNode, b: AtxNode, isMiddle: () => boolean): Promise<void> {
  await until(isMiddle, 20_000, 'the middle')
  await a.network.disconnect(b.network.self)
  expect(isEqual(a, b)).toBe(false)
  await until(() => !isUp(a.network, b.network.self) && !isUp(b.network, a.network.self))
  await connect(b, a)
  await until(() => isEqual(a, b), 40_000, 'equal sets')
  expect([...a.judged, ...b.judged]).toEqual([])
}

it('a connection cut in the middle of lists: a new session begins and ends well', async () => {
  const a = await createAtxNode('a', { deep: false })
  const b = await createAtxNode('b', { deep: false })
  const [missing] = valid('missing', 1)
  await fill(a, [missing === undefined ? [] : [missing], filler('long', 30_000)])
  await fill(b, [[], filler('long', 30_000)])
  await startAll(a, b)
  await cutIn(a, b, () => b.service.sessions().some(({ idsIn }) => idsIn > 0))
}, 60_000)

it('a connection cut in the middle of fetching: what is queued is fetched after it', async () => {
  const [a, b] = await pair()
  await fill(a, [valid('heavy', 300, 60_000)])
  await startAll(a, b)
  await cutIn(a, b, () => b.service.set.count > 0)
}, 60_000)

it('a connection cut in the middle of a serve: it goes on from where it was', async () => {
  const [a, b] = await pair()
  const history = Array.from({ length: 9 }, (_, frame) => valid(`history ${frame}`, 60, frame < 4 ? 20_000 : 16))
  await fill(a, history)
  await fill(b, [...Array.from({ length: 8 }, () => []), valid('own', 20)])
  await startAll(a, b)
  await cutIn(a, b, () => b.service.serves().some(({ seq }) => seq > 0))
  expect(a.served[0]).toBe(0)
  expect(a.served.length).toBeGreaterThan(1)
  expect(a.served.at(-1)).toBeGreaterThan(0)
}, 60_000)
