/** The index of ids beside a map, through growth, at any offset. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { IdIndex } from '../../../../src/sync/set/id-index.ts'
import { idOf } from '../../../helpers/sync/atx-set.ts'
import { packed, unpacked } from './fixtures.ts'

it('finds every id where it was added, and no other', () => {
  const index = new IdIndex()
  const model = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(fc.nat(3_000), { minLength: 100, maxLength: 600 }), fc.nat(3), (numbers, shift) => {
      const ids = numbers.map((number) => idOf(`${number}`))
      const bytes = Buffer.concat([Buffer.alloc(shift), packed(ids)])
      for (const [at, id] of ids.entries()) {
        const offset = shift + at * 32
        expect(index.find(bytes, offset)).toBe(model.get(id) ?? -1)
        if (!model.has(id)) model.set(id, index.add(bytes, offset))
      }
      expect(index.count).toBe(model.size)
    }),
    { numRuns: 40 },
  )
  expect(unpacked(index.packed(0, index.count))).toEqual([...model.keys()])
})

it('copies ids over the borders of its pages', () => {
  const index = new IdIndex()
  const ids = Array.from({ length: 20_000 }, (_, number) => idOf(`${number}`))
  const bytes = packed(ids)
  for (let at = 0; at < bytes.length; at += 32) index.add(bytes, at)
  expect(unpacked(index.packed(8_190, 16_390))).toEqual(ids.slice(8_190, 16_390))
  expect(index.compare(8_191, 8_192)).toBe(
    Buffer.compare(packed(ids.slice(8_191, 8_192)), packed(ids.slice(8_192, 8_193))),
  )
  expect(index.prefix(8_192)).toBe(Number.parseInt((ids[8_192] as string).slice(0, 8), 16))
})
