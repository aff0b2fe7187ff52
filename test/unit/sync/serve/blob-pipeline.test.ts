/** From a wanted batch to messages (S9.1), against a model that only adds up. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bitmapBytes, bitmapOf, countBits, hasBit, isBitmapOf } from '../../../../src/sync/serve/bitmap.ts'
import { type BlobMessage, sendBatch } from '../../../../src/sync/serve/blob-pipeline.ts'
import { ID_COST_BYTES, MESSAGE_BYTES } from '../../../../src/sync/serve/bounds.ts'
import { createFakeSet, fakeBlob } from '../../../helpers/sync/serve-set.ts'

const FIRST_SEQ = 500

async function send(wanted: readonly boolean[], sizes: readonly number[], budget = Number.POSITIVE_INFINITY) {
  const blobs = wanted.map((_, index) => fakeBlob(index, sizes[index % sizes.length]))
  const set = createFakeSet(blobs)
  const messages: BlobMessage[] = []
  const costs: number[] = []
  const isSpent = await sendBatch(
    {
      firstSeq: FIRST_SEQ,
      ids: set.idsFrom(0, wanted.length),
      bitmap: bitmapOf(wanted.length, (i) => wanted[i] === true),
      budget,
    },
    {
      blobs: set.blobs,
      pace: async (cost) => void costs.push(cost),
      send: async (message) => messages.push(message) > 0,
    },
  )
  return { blobs, messages, costs, isSpent }
}

it('S9.1 property: messages follow each other, hold what is wanted in order, and stay within the size', async () => {
  const batch = fc.record({
    wanted: fc.array(fc.boolean(), { minLength: 1, maxLength: 70 }),
    sizes: fc.array(fc.integer({ min: 4, max: 2 * MESSAGE_BYTES }), { minLength: 1, maxLength: 5 }),
  })
  await fc.assert(
    fc.asyncProperty(batch, async ({ wanted, sizes }) => {
      const { blobs, messages, costs, isSpent } = await send(wanted, sizes)
      expect(isSpent).toBe(false)
      expect(messages.map(({ firstSeq }) => firstSeq)).toEqual([
        FIRST_SEQ,
        ...messages.slice(0, -1).map((m) => m.uptoSeq),
      ])
      expect(messages.at(-1)?.uptoSeq).toBe(FIRST_SEQ + wanted.length)
      const items = messages.flatMap((message) => message.items)
      const expected = blobs.filter((_, index) => wanted[index])
      expect(items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
      expect(items.every((item, index) => item.status === 'ok' && item.blob === expected[index]?.blob)).toBe(true)
      for (const { items: own, bytes } of messages) expect(bytes <= MESSAGE_BYTES || own.length === 1).toBe(true)
      const bytes = messages.reduce((sum, message) => sum + message.bytes, 0)
      const unwanted = wanted.filter((isWanted) => !isWanted).length
      expect(costs).toEqual(messages.map(({ cost }) => cost))
      expect(costs.reduce((sum, cost) => sum + cost, 0)).toBe(bytes + unwanted * ID_COST_BYTES)
    }),
    { numRuns: 50 },
  )
})

it('a batch of which nothing is wanted is one empty message', async () => {
  const { messages } = await send([false, false, false], [64])
  expect(messages).toMatchObject([{ firstSeq: FIRST_SEQ, items: [], uptoSeq: FIRST_SEQ + 3, bytes: 0 }])
})

it('a budget ends the batch before the blob that exceeds it', async () => {
  const { messages, isSpent } = await send([true, false, true, true], [100], 250)
  expect(isSpent).toBe(true)
  expect(messages).toMatchObject([{ uptoSeq: FIRST_SEQ + 3, bytes: 200 }])
  expect(await send([true], [100], 99)).toMatchObject({ messages: [], isSpent: true })
})

it('a blob that is lost is said to be', async () => {
  const set = createFakeSet([fakeBlob(1)])
  set.lose(fakeBlob(1).id)
  const messages: BlobMessage[] = []
  await sendBatch(
    { firstSeq: 0, ids: set.idsFrom(0, 1), bitmap: Uint8Array.of(1), budget: Number.POSITIVE_INFINITY },
    { blobs: set.blobs, pace: async () => undefined, send: async (message) => messages.push(message) > 0 },
  )
  expect(messages).toMatchObject([{ items: [{ id: fakeBlob(1).id, status: 'not-found' }], uptoSeq: 1, cost: 0 }])
})

it('property: a bitmap says what it was made of, and nothing beyond', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (bits) => {
      const bitmap = bitmapOf(bits.length, (index) => bits[index] === true)
      expect(bits.map((_, index) => hasBit(bitmap, index))).toEqual(bits)
      expect(countBits(bitmap)).toBe(bits.filter(Boolean).length)
      expect(isBitmapOf(bitmap, bits.length)).toBe(true)
      expect(isBitmapOf(new Uint8Array(bitmapBytes(bits.length) + 1), bits.length)).toBe(false)
      if (bits.length % 8 !== 0)
        expect(isBitmapOf(new Uint8Array(bitmap.byteLength).fill(255), bits.length)).toBe(false)
    }),
  )
})
