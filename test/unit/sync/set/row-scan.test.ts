/** What is read of a row on opening is what the generated decoder reads; damaged rows are none. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AtxRow } from '../../../../src/protocols/wire/atx-store.gen.ts'
import { scanRow } from '../../../../src/sync/set/row-scan.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const optionalId = fc.oneof(fc.constant(new Uint8Array(0)), bytes(32))
const instant = fc.nat({ max: 2 ** 50 })
const rows = fc.record({
  id: bytes(32),
  publisher: bytes(32),
  publishEpoch: fc.nat({ max: 0xffff_ffff }),
  baseTickHeight: instant,
  tickCount: instant,
  previous: optionalId,
  positioning: optionalId,
  frame: fc.nat(),
  committedAt: instant,
  receivedAt: instant,
  source: fc.nat({ max: 3 }),
  bytes: fc.nat({ max: 262_144 }),
})

describe('rows on opening', () => {
  it('are read as the generated decoder reads them', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const { id, publisher, publishEpoch, frame, committedAt, receivedAt } = row
        expect(scanRow(AtxRow.encode(row))).toEqual({ id, publisher, publishEpoch, frame, committedAt, receivedAt })
      }),
    )
  })

  it('are none when they end within a field', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (row, at) => {
        const encoded = AtxRow.encode({ ...row, bytes: 300 })
        const cut = at % 68
        expect(scanRow(encoded.subarray(0, cut))).toBe(null)
        expect(scanRow(encoded.subarray(0, -1))).toBe(null)
      }),
    )
  })

  it.each([
    ['an id of 31 bytes', { id: new Uint8Array(31) }],
    ['no publisher', { publisher: new Uint8Array(0) }],
  ])('are none with %s', (_, changes) => {
    const [row] = fc.sample(rows, 1)
    expect(row).toBeDefined()
    expect(scanRow(AtxRow.encode({ ...(row as AtxRow), ...changes }))).toBe(null)
  })

  it('any bytes are a row or none, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => {
        const row = scanRow(raw)
        expect(row === null || row.id.byteLength === 32).toBe(true)
      }),
    )
  })
})
