/** What counts as gained by sessions and serves (S14). */
import { expect, it } from 'vitest'
import { createGains } from '../../../src/sync/gains.ts'

it('S14 what was fetched and served counts, in all and for each connected peer', () => {
  const gains = createGains()
  gains.joined('alice')
  gains.fetched('alice', 'x')
  gains.served('alice', 5)
  gains.fetched('stranger', 'y')
  expect([gains.total, gains.of('alice'), gains.of('stranger')]).toEqual([7, 6, 0])
  gains.left('alice')
  gains.served('alice', 1)
  expect([gains.total, gains.of('alice')]).toEqual([8, 0])
})

it('S14 what gossip announced does not count while that is judged, nor in the moment in which it comes', async () => {
  const gains = createGains()
  gains.joined('alice')
  const settled = Promise.withResolvers<boolean>()
  const judged = gains.announced('x', settled.promise)
  gains.fetched('alice', 'x')
  settled.resolve(true)
  await settled.promise
  gains.fetched('alice', 'x')
  expect(gains.total).toBe(0)
  await judged
  gains.fetched('alice', 'x')
  expect(gains.total).toBe(1)
})
