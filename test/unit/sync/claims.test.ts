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
  const seqOf = (id: string): number => Object.keys(held).findIndex((name) => idOf(name) === id)
  const book = createClaimBook(
    {
      set: {
        seqOf(list, offset = 0) {
          const seq = seqOf(Buffer.from(list.subarray(offset, offset + 32)).toString('hex'))
          return seq < 0 ? null : seq
        },
        frameOf: (id) => Object.values(held)[seqOf(id)] ?? null,
        boundary: (frame) => frame * MONTH_MS,
      },
      earliest: ({ publishEpoch }) => publishEpoch,
      clockToleranceMs: TOLERANCE_MS,
    },
    { frame: OPEN, count: Object.keys(held).length },
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

  it('an id that comes into the set keeps its timeframe, and is not awaited any more', () => {
    const held: Record<string, number> = {}
    const book = bookOver(held)
    book.listed(packed('x', 'y'), 3)
    held.x = OPEN
    for (const name of ['x', 'y']) book.settle(idOf(name))
    expect(['x', 'y'].map((name) => [book.frameOf(idOf(name)), book.awaits(idOf(name))])).toEqual([
      [3, false],
      [null, false],
    ])
  })

  it('what a peer lists somewhere in its set is awaited, and claims nothing', () => {
    const book = bookOver({ held: 2 })
    expect(book.listed(packed('held', 'x', 'y'), null)).toBe(2)
    book.listed(packed('y'), 3)
    book.listed(packed('y'), null)
    expect(['held', 'x', 'y'].map((name) => [book.frameOf(idOf(name)), book.awaits(idOf(name))])).toEqual([
      [null, false],
      [null, true],
      [3, true],
    ])
    expect(book.judge(info('x', { publishEpoch: 1e9 }))).toBeNull()
  })

  it('positions are noted wherever they are', () => {
    const names = Array.from({ length: 8_200 }, (_, i) => `id-${i}`)
    const book = bookOver(Object.fromEntries(names.map((name) => [name, 1])))
    book.listed(packed('id-8191'), 5)
    book.listed(packed('id-8192'), 6)
    expect(['id-0', 'id-8191', 'id-8192'].map((name) => book.frameOf(idOf(name)))).toEqual([null, 5, 6])
  })

  it('A10 no more ids are awaited than can be wanted', () => {
    const book = bookOver({})
    const names = Array.from({ length: 65_537 }, (_, i) => `id-${i}`)
    expect(book.listed(packed(...names), 3)).toBe(65_537)
    expect(['id-65535', 'id-65536'].map((name) => book.awaits(idOf(name)))).toEqual([true, false])
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

  it('E2 a timeframe that was reconciled as ranges lists what is here of it, less what the peer lacks', () => {
    const held: Record<string, number> = { base: 7, lacked: 7, elsewhere: 6 }
    const book = bookOver(held)
    held.later = 7
    book.matched(7, packed('lacked'))
    expect(['base', 'lacked', 'elsewhere', 'later'].map((name) => book.frameOf(idOf(name)))).toEqual([
      7,
      null,
      null,
      null,
    ])
    book.listed(packed('x', 'y'), 6)
    expect(book.judge(info('x', { positioning: idOf('base') }))).toBe('impossible-order')
    expect(book.judge(info('y', { previous: idOf('lacked') }))).toBeNull()
    // What the peer lists itself comes first: there it is elsewhere.
    book.listed(packed('base'), 5)
    expect(book.judge(info('x', { previous: idOf('base') }))).toBeNull()
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
