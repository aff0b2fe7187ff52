/** S12.3 the index of a packed list: searching, and Negentropy's fingerprints beside a sum over big integers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeIds } from '../../../../src/sync/deep/ids.ts'
import { finish, hex, indexOf, namedIds, pack, sha256, unhex, unpack } from '../../../helpers/sync/deep.ts'

/** Sum of little-endian integers mod 2^256, then the number as a varint, SHA-256, 16 bytes: word for word from the protocol. */
function modelFingerprint(ids: readonly string[]): string {
  const sum = ids.reduce((total, id) => total + BigInt(`0x${hex(unhex(id).reverse())}`), 0n) % 2n ** 256n
  const sumBytes = hex(unhex(sum.toString(16).padStart(64, '0')).reverse())
  const digits: number[] = []
  for (let rest = ids.length; rest > 0 || digits.length === 0; rest = rest >> 7) {
    digits.unshift((rest & 127) | (digits.length === 0 ? 0 : 128))
  }
  return hex(sha256(unhex(sumBytes + hex(Uint8Array.from(digits)))).subarray(0, 16))
}

const sizes = fc.integer({ min: 0, max: 700 })

describe('an index of ids', () => {
  it('S12.3 fingerprints of any range are those of the protocol', () => {
    fc.assert(
      fc.property(sizes, sizes, sizes, fc.string({ maxLength: 3 }), (n, a, b, tag) => {
        const ids = namedIds(tag, 0, n).sort()
        const [from, to] = [Math.min(a, b, n), Math.min(Math.max(a, b), n)]
        expect(hex(indexOf(ids).fingerprint(from, to))).toBe(modelFingerprint(ids.slice(from, to)))
      }),
      { numRuns: 30 },
    )
  })

  it('S12.3 sums wrap at 2^256', () => {
    const high = Array.from({ length: 40 }, (_, i) => `${i.toString(16).padStart(2, '0')}${'ff'.repeat(31)}`)
    expect(hex(indexOf(high).fingerprint(0, 40))).toBe(modelFingerprint(high))
    expect(hex(indexOf(high).fingerprint(3, 39))).toBe(modelFingerprint(high.slice(3, 39)))
  })

  it('S12.3 golden: fingerprints of nothing and of one id', () => {
    expect(hex(indexOf([]).fingerprint(0, 0))).toBe('7f9c9e31ac8256ca2f258583df262dbc')
    expect(hex(indexOf(namedIds('neg', 0, 1)).fingerprint(0, 1))).toBe('91f723b77d75a14337e8b9860f9f4810')
  })

  it('seeks the first id that is not below a bound', () => {
    fc.assert(
      fc.property(sizes, fc.uint8Array({ maxLength: 32 }), fc.nat(700), (n, bound, start) => {
        const ids = namedIds('seek', 0, n).sort()
        const from = Math.min(start, n)
        const padded = hex(bound).padEnd(64, '0')
        const found = ids.findIndex((id, i) => i >= from && id >= padded)
        expect(indexOf(ids).seek(bound, from)).toBe(found < 0 ? n : found)
        expect(indexOf(ids).seek(null, from)).toBe(n)
      }),
      { numRuns: 30 },
    )
  })

  it('refuses a list that does not ascend: that is our own fault', () => {
    const [a = ''] = namedIds('x', 0, 1)
    expect(() => indexOf([a, a])).toThrow('ascend')
    expect(() => indexOf([`${a}00`])).toThrow('32 bytes')
  })

  it('merges lists into one, each id once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(300), { maxLength: 80 }), { maxLength: 9 }), (lists) => {
        const named = lists.map((list) => [...new Set(list)].flatMap((i) => namedIds('m', i, i + 1)))
        expect(unpack(finish(mergeIds(named.map(pack))))).toEqual([...new Set(named.flat())].sort())
      }),
      { numRuns: 30 },
    )
  })
})
