/** Claims of a peer's lists against what can be (S9.2, E1 to E3). */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createClaimBook } from '../../../src/sync/claims.ts'
import type { AtxInfo } from '../../../src/sync/set/types.ts'

const MONTH_MS = 1_000
const TOLERANCE_MS = 50
const OPEN = 12
const idOf = (name: string): string => createHash('sha256').update(name).digest('hex')
const packed = (...names: string[]): Uint8Array => Buffer.concat(names.map((name) => Buffer.from(idOf(name), 'hex')))

const info = (name: string, part: Partial<AtxInfo> = {}): AtxInfo => ({
  id: idOf(name),
  publisher: '00'.repeat(32),
  publishEpoch: 0,
  baseTickHeight: 0,
  tickCount: 1,
  previous: null,
  positioning: null,
  ...part,
})

/** A set whose ids lie in the named timeframes, in that order; an ATX can exist from `publishEpoch` on. */
function bookOver(held: Readonly<Record<string, number>>) {
  const ids = Object.keys(held).map(idOf)
  const book = createClaimBook(
    {
      set: {
        seqOf(list, offset = 0) {
          const seq = ids.indexOf(Buffer.from(list.subarray(offset, offset + 32)).toString('hex'))
          return seq < 0 ? null : seq
        },
        frameOf: (id) => Object.values(held)[ids.indexOf(id)] ?? null,
        boundary: (frame) => frame * MONTH_MS,
      },
      earliest: ({ publishEpoch }) => publishEpoch,
      clockToleranceMs: TOLERANCE_MS,
    },
    { frame: OPEN, count: ids.length },
  )
  return book
}

describe('S9.2 claims', () => {
  it('notes where a peer lists ids, of the set and others', () => {
    const book = bookOver({ a: 3, b: 4 })
    book.listed(packed('a', 'x'), 0)
    book.listed(packed('b'), OPEN)
    expect(['a', 'b', 'x', 'y'].map((name) => book.frameOf(idOf(name)))).toEqual([0, OPEN, 0, null])
  })

  it('E1 an ATX that cannot have existed by the end of the claimed timeframe, but for the tolerance', () => {
    const book = bookOver({})
    book.listed(packed('x'), 3)
    expect(book.judge(info('x', { publishEpoch: 4 * MONTH_MS + TOLERANCE_MS }))).toBeNull()
    expect(book.judge(info('x', { publishEpoch: 4 * MONTH_MS + TOLERANCE_MS + 1 }))).toBe('impossible-time')
  })

  it.each(['previous', 'positioning'] as const)('E2 an ATX listed before its %s ATX, by the peer itself', (kind) => {
    const book = bookOver({ held: 5 })
    book.listed(packed('held', 'other'), 7)
    book.listed(packed('x', 'y', 'z'), 6)
    expect(book.judge(info('x', { [kind]: idOf('held') }))).toBe('impossible-order')
    expect(book.judge(info('y', { [kind]: idOf('other') }))).toBe('impossible-order')
    expect(book.judge(info('z', { [kind]: idOf('y') }))).toBeNull()
  })

  it('E3 an ATX whose positioning ATX came here later than the claim is suspicious', () => {
    const book = bookOver({ fresh: OPEN, old: 2 })
    book.listed(packed('x', 'y'), 3)
    expect(book.judge(info('x', { positioning: idOf('fresh') }))).toBe('suspicious')
    expect(book.judge(info('y', { positioning: idOf('old') }))).toBeNull()
  })

  it('says nothing of ids the peer did not list: dependencies come without a claim', () => {
    expect(bookOver({}).judge(info('x', { publishEpoch: 1e9 }))).toBeNull()
  })
})
