/** The parts that touch ids: order, digest, our own list beside the peer's. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createListDigest } from '../../../../src/sync/session/digest.ts'
import { createListReader } from '../../../../src/sync/session/list-reader.ts'
import { listMessages } from '../../../../src/sync/session/list-writer.ts'
import { createOwnFrame } from '../../../../src/sync/session/own-frame.ts'
import { compareIds } from '../../../../src/sync/set/packed-ids.ts'
import { bytesOf, createFakeSet, idOf, pack } from '../../../helpers/sync/session/fake-set.ts'

const id = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  // Ids that differ in the last byte only.
  fc.nat(255).map((last) => new Uint8Array(32).fill(last, 31)),
)
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const ids = fc.array(id, { maxLength: 60 })
const sortedIds = fc.uniqueArray(id, { selector: hex, maxLength: 60 }).map((found) => found.map(hex).toSorted())

describe('S5 list digest', () => {
  it("gives the specification's vector for February, however it is cut", () => {
    const february = ['atx-feb-first', 'atx-feb-mid', 'atx-feb-late'].map(idOf).toSorted()
    for (const cut of [1, 2, 3]) {
      const digest = createListDigest()
      digest.update(pack(february.slice(0, cut)))
      digest.update(pack(february.slice(cut)))
      expect(hex(digest.digest())).toBe('8d95ac7f3ec40627824ef475f874223b85d18797f8ea56ed4b3fc999e7132e4d')
    }
  })
})

describe('packed ids', () => {
  it('compare as their bytes do', () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Math.sign(compareIds(a, 0, pack([hex(a), hex(b)]), 32))).toBe(Buffer.compare(a, b))
      }),
    )
  })
})

describe('S7.2 reading a list', () => {
  it('ascends exactly when all of it is strictly ascending, across chunk borders', () => {
    fc.assert(
      fc.property(fc.array(ids, { maxLength: 6 }), (chunks) => {
        const reader = createListReader()
        let [isGood, isModelGood] = [true, true]
        const seen: string[] = []
        for (const chunk of chunks) {
          const texts = chunk.map(hex)
          isGood &&= reader.isAscending(pack(texts))
          seen.push(...texts)
          isModelGood = seen.every((text, i) => i === 0 || (seen[i - 1] ?? '') < text)
          expect(isGood).toBe(isModelGood)
          if (!isGood) return
          if (texts.length > 0) reader.take(pack(texts))
        }
      }),
    )
  })

  it('the digest of what was read is the one that the writer sends', async () => {
    const set = createFakeSet({ frames: [Array.from({ length: 25 }, (_, i) => idOf(`w-${i}`))] })
    const reader = createListReader()
    const messages = [...listMessages(await set.freeze().list(0), { back: 0, chunkIds: 10 })]
    expect(messages.map((message) => (message.type === 'ids' ? message.ids.length / 32 : message.count))).toEqual([
      10, 10, 5, 25,
    ])
    for (const message of messages) {
      if (message.type === 'ids') reader.take(message.ids)
      else expect(reader.isDigest(message.digest)).toBe(true)
    }
  })
})

describe('S7.2 literal rule', () => {
  it('finds in our own list what is there, asked in ascending order', () => {
    fc.assert(
      fc.property(sortedIds, sortedIds, (own, asked) => {
        const list = {
          frame: 0,
          count: own.length,
          *chunks() {
            for (let at = 0; at < own.length; at += 7) yield pack(own.slice(at, at + 7))
          },
        }
        const isInOwnFrame = createOwnFrame(list, 3)
        const both = [...new Set([...asked, ...own.filter((_, i) => i % 3 === 0)])].toSorted()
        expect(both.filter((each) => isInOwnFrame(bytesOf(each), 0))).toEqual(both.filter((each) => own.includes(each)))
      }),
    )
  })
})
