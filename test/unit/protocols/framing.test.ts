/** Frames: any chunking round-trips, any bytes give frames or the typed error, lengths are judged before allocation. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chunk, createFrameDecoder, encodeFrame, encodeLength } from '../../../src/protocols/framing.ts'

const MAX = 100_000

function drain(decoder: ReturnType<typeof createFrameDecoder>): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let frame = decoder.next(); frame !== null; frame = decoder.next()) frames.push(frame)
  return frames
}

/** Cuts `bytes` into pieces of the given sizes, over and over. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0, i = 0; at < bytes.byteLength; i++) {
    const size = sizes[i % sizes.length] ?? 1
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

describe('framing', () => {
  it('any messages in any chunks come out as they went in', () => {
    const message = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.uint8Array({ minLength: 4_000, maxLength: 9_000 }),
    )
    const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), sizes, fc.boolean(), (messages, cuts, asList) => {
        const decoder = createFrameDecoder(MAX)
        const out: Uint8Array[] = []
        for (const piece of cut(Buffer.concat(messages.map(encodeFrame)), cuts)) {
          // The second form stands for a Uint8ArrayList, of which two majors are installed: it iterates over pieces.
          const chunk: Chunk = asList ? new Set([piece.subarray(0, 1), piece.subarray(1)]) : piece
          decoder.append(chunk)
          out.push(...drain(decoder))
        }
        expect(out.map((m) => Buffer.from(m).toString('hex'))).toEqual(
          messages.map((m) => Buffer.from(m).toString('hex')),
        )
        expect(decoder.partial).toBe(false)
      }),
    )
  })

  it('any bytes give frames within the cap or the typed error', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (chunks) => {
        const decoder = createFrameDecoder(16)
        try {
          for (const chunk of chunks) {
            decoder.append(chunk)
            for (const frame of drain(decoder)) expect(frame.byteLength).toBeLessThanOrEqual(16)
          }
        } catch (error) {
          expect(error).toMatchObject({ name: 'NetworkError', code: 'bad-frame' })
        }
      }),
    )
  })

  it.each([
    ['one byte above the cap', encodeLength(MAX + 1)],
    ['a length of 2^32', encodeLength(2 ** 32)],
    ['a length of six bytes', Buffer.from('ffffffffff01', 'hex')],
    ['five bytes that go on', Buffer.from('8080808080', 'hex')],
    ['not the shortest form', Buffer.from('8100', 'hex')],
    ['an empty frame', Buffer.from([0])],
  ])('refuses %s', (_what, bytes) => {
    const decoder = createFrameDecoder(MAX)
    decoder.append(bytes)
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code: 'bad-frame' }))
  })

  it('takes a frame of exactly the cap', () => {
    const decoder = createFrameDecoder(MAX)
    decoder.append(encodeFrame(new Uint8Array(MAX)))
    expect(decoder.next()?.byteLength).toBe(MAX)
  })

  it('allocates what has arrived, not what was announced', () => {
    const before = process.memoryUsage().arrayBuffers
    const decoders = Array.from({ length: 64 }, () => {
      const decoder = createFrameDecoder(64 * 1_048_576)
      decoder.append(encodeLength(64 * 1_048_576))
      decoder.append(new Uint8Array(1_000))
      expect(decoder.next()).toBeNull()
      return decoder
    })
    expect(decoders.every(({ partial }) => partial)).toBe(true)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1_048_576)
  })

  it('a small frame does not keep its chunk alive', () => {
    const decoder = createFrameDecoder(MAX)
    decoder.append(Buffer.concat([encodeFrame(Buffer.from('vote')), new Uint8Array(60_000)]))
    expect(decoder.next()?.buffer.byteLength).toBe(4)
  })
})
