/** Whether all that a peer listed is fetched for it (S8): what its agreement depends on. */
import { expect, it, onTestFinished } from 'vitest'
import { MAX_CLAIMS, MAX_LISTERS, MAX_WANTED } from '../../../../src/sync/fetch/bounds.ts'
import { arrival, type FakeAtx, fakeAtx } from '../../../helpers/sync/fetch-atxs.ts'
import { FetchBench, idAt, idsFrom } from '../../../helpers/sync/fetch-machine.ts'
import { createFetchNet, type Far, type FetchNet, honest, packed } from '../../../helpers/sync/fetch-net.ts'
import { until } from '../../../helpers/until.ts'

/** Reads and never answers. */
const silent: Far = async (stream) => {
  while ((await stream.read()) !== null);
}

function netOf(peers: Record<string, Far>): FetchNet {
  const net = createFetchNet(peers)
  onTestFinished(() => net.fetch.stop())
  return net
}

const many = (count: number): FakeAtx[] => Array.from({ length: count }, (_, i) => fakeAtx({ name: `atx${i}` }))

it('what is here, wanted already or new is', async () => {
  const [here, there, other] = many(3) as [FakeAtx, FakeAtx, FakeAtx]
  const net = netOf({ bob: silent, carol: silent })
  await net.intake.take([arrival(here)])
  expect(net.list('bob', [here, there])).toBe(true)
  expect(net.list('bob', [there])).toBe(true)
  expect(net.list('carol', [there, other])).toBe(true)
})

it('what was rejected is not', async () => {
  const bad = fakeAtx({ name: 'bad', verdict: 'invalid' })
  const net = netOf({ bob: silent })
  await net.intake.take([arrival(bad)])
  expect(net.list('bob', [bad, ...many(1)])).toBe(false)
})

it('what the peer did not have when it was asked is not: it is not asked again', async () => {
  const atxs = many(3)
  const net = netOf({ bob: honest(atxs.slice(1)) })
  expect(net.list('bob', atxs)).toBe(true)
  await until(() => net.fetch.progress().queued === 0)
  expect(net.fetch.progress()).toMatchObject({ done: 2, failed: 1 })
  expect(net.list('bob', atxs)).toBe(false)
  expect(net.list('bob', atxs.slice(1))).toBe(true)
})

it('what finds no room is not', () => {
  const net = netOf({})
  const list = (first: number, count: number) =>
    net.fetch.advertise({ peer: 'bob', frame: 3, ids: packed(idsFrom(first, count)) })
  expect(list(0, MAX_WANTED - 1)).toBe(true)
  expect(list(MAX_WANTED - 1, 2)).toBe(false)
})

it('one peer more than are remembered for an id, or at all, is not asked for it', () => {
  const atxs = many(2)
  const names = Array.from({ length: MAX_LISTERS }, (_, i) => `p${i}`)
  const net = netOf(Object.fromEntries(names.map((name) => [name, silent])))
  const [first, second] = [atxs.slice(0, 1), atxs.slice(1)]
  const lists = names.map((name, i) => net.list(name, i <= MAX_CLAIMS ? first : [fakeAtx({ name })]))
  expect(lists.flatMap((isWhole, i) => (isWhole ? [] : [i]))).toEqual([MAX_CLAIMS])
  // The one that found no place is not known either.
  expect([net.list('late', second), net.list('later', second)]).toEqual([true, false])
})

it('whoever brought what builds on an id, or is asked on the off-chance, did not list it before it does', () => {
  const bench = new FetchBench()
  bench.feed({ type: 'connected', peer: 'carol' })
  bench.feed({ type: 'missed', id: idAt(1), from: ['bob'] })
  bench.answer(bench.next('bob'), 'not-found')
  bench.list('dave', [idAt(1)])
  const listers = () =>
    bench
      .of('ended')
      .at(-1)
      ?.claims.filter(({ isListed }) => isListed)
  bench.list('bob', [idAt(1)])
  bench.feed({ type: 'came', ids: [idAt(1)] })
  expect(bench.of('ended').at(-1)?.claims).toHaveLength(3)
  expect(listers()?.map(({ peer }) => peer)).toEqual(['bob', 'dave'])
})
