/** Small frames of one task leave as one write, in order, and back-pressure stays what it was. */
import type { MessageStream } from '@libp2p/interface'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gatherSends, joinWrites } from '../../../src/node/gathered-sends.ts'

type Bytes = Parameters<MessageStream['send']>[0]

/** A stream that notes what it is given. */
function fakeStream() {
  const writes: Uint8Array[] = []
  const aborted: string[] = []
  const stream = {
    status: 'open' as string,
    writableNeedsDrain: false,
    send(data: Bytes): boolean {
      if (stream.status !== 'open') throw new Error('closed')
      writes.push(data.subarray())
      return !stream.writableNeedsDrain
    },
    async close(): Promise<void> {
      stream.status = 'closed'
    },
    abort(error: Error): void {
      stream.status = 'aborted'
      aborted.push(error.message)
    },
  }
  return { stream, writes, aborted, live: stream as unknown as MessageStream }
}

const frame = (byte: number, length = 12): Uint8Array => new Uint8Array(length).fill(byte)
const turn = (): Promise<void> => Promise.resolve().then(() => undefined)

describe('gathered sends', () => {
  test('small frames of one task are one write', async () => {
    const { live, writes } = fakeStream()
    gatherSends(live)
    for (const byte of [1, 2, 3]) expect(live.send(frame(byte))).toBe(true)
    expect(writes).toEqual([])
    await turn()
    expect(writes).toEqual([Buffer.concat([frame(1), frame(2), frame(3)])])
  })

  test('a large frame leaves at once, and takes along what waits', () => {
    const { live, writes } = fakeStream()
    gatherSends(live)
    live.send(frame(1))
    live.send(frame(2, 5_000))
    expect(writes).toEqual([Buffer.concat([frame(1), frame(2, 5_000)])])
  })

  test('one that would not fit into the same Noise message leaves as it is, after what waits', () => {
    const { live, writes } = fakeStream()
    gatherSends(live)
    live.send(frame(1))
    live.send(frame(2, 65_508))
    live.send(frame(3))
    live.send(frame(4, 65_507))
    expect(writes.map((write) => write.byteLength)).toEqual([12, 65_508, 65_519])
  })

  test('what waits is bounded', () => {
    const { live, writes } = fakeStream()
    gatherSends(live)
    for (let sent = 0; sent < 40; sent++) live.send(frame(sent, 1_000))
    expect(writes.length).toBeGreaterThan(1)
    for (const write of writes) expect(write.byteLength).toBeLessThan(18_000)
  })

  test('a full stream says so, and holds frames itself', () => {
    const { live, stream, writes } = fakeStream()
    gatherSends(live)
    stream.writableNeedsDrain = true
    expect(live.send(frame(1))).toBe(false)
    expect(writes).toHaveLength(1)
  })

  test('closing sends what waits first', async () => {
    const { live, writes } = fakeStream()
    gatherSends(live)
    live.send(frame(1))
    await live.close()
    expect(writes).toEqual([Buffer.from(frame(1))])
  })

  test('a stream that was aborted meanwhile is left alone, and later frames fail as ever', async () => {
    const { live, stream, writes } = fakeStream()
    gatherSends(live)
    live.send(frame(1))
    stream.status = 'aborted'
    await turn()
    expect(writes).toEqual([])
    expect(() => live.send(frame(2))).toThrow('closed')
  })

  test("a socket that closes beneath the stream ends it, and is nobody's uncaught exception", async () => {
    const { live, stream, aborted } = fakeStream()
    stream.send = () => {
      throw new Error('cannot write to a stream that is closing')
    }
    gatherSends(live)
    live.send(frame(1))
    await turn()
    expect(aborted).toEqual(['cannot write to a stream that is closing'])
  })

  test('any frames in any tasks arrive whole and in order', async () => {
    const tasks = fc.array(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 30 }), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(tasks, async (sizes) => {
        const { live, writes } = fakeStream()
        gatherSends(live)
        const sent: Uint8Array[] = []
        for (const task of sizes) {
          for (const size of task) {
            sent.push(frame(sent.length % 251, size))
            live.send(frame((sent.length - 1) % 251, size))
          }
          await turn()
        }
        expect(Buffer.compare(Buffer.concat(writes), Buffer.concat(sent))).toBe(0)
      }),
      { numRuns: 50 },
    )
  })
})

describe('joined writes', () => {
  test('the pieces of a list become one, unless they are more than one Noise message', () => {
    const given: Bytes[] = []
    const pieces = { byteLength: 14, subarray: () => frame(7, 14) } as unknown as Bytes
    const large = { byteLength: 70_000, subarray: () => frame(7) } as unknown as Bytes
    const live = joinWrites({ send: (data: Bytes) => given.push(data) > 0 } as unknown as MessageStream)
    live.send(pieces)
    live.send(large)
    expect(given).toEqual([frame(7, 14), large])
  })
})
