/** Reading a stream: one message at a time, paused while the receiver or the byte budget says so. */
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/machine/clock.ts'
import { RECEIPT_BYTES } from '../../../src/protocols/flight.ts'
import { encodeFrame } from '../../../src/protocols/framing.ts'
import type { Lane } from '../../../src/protocols/link-turns.ts'
import { type ReadableStream, type ReaderOptions, readMessages } from '../../../src/protocols/message-reader.ts'
import { createTokenBucket } from '../../../src/protocols/rate-limit.ts'
import { until } from '../../helpers/until.ts'

/** Buffers while paused and hands everything over inside `resume`, as libp2p's streams do. */
class FakeStream extends EventTarget implements ReadableStream {
  paused = true
  kept: Uint8Array[] = []
  aborted: Error | null = null
  /** A pause inside `resume`: yamux then grants a window to a paused stream, until its buffer overflows. */
  pausedInsideResume = false
  private resuming = false

  ended = false
  closed = false
  receipts = 0

  send(data: Uint8Array): boolean {
    this.receipts += data.byteLength
    return true
  }

  pause(): void {
    if (this.ended) throw new Error('cannot pause an ended stream')
    this.paused = true
    if (this.resuming) this.pausedInsideResume = true
  }

  resume(): void {
    if (this.ended) throw new Error('cannot resume an ended stream')
    this.paused = false
    this.resuming = true
    this.flush()
    this.resuming = false
  }

  arrive(...messages: string[]): void {
    this.kept.push(...messages.map((text) => encodeFrame(Buffer.from(text))))
    this.flush()
  }

  private flush(): void {
    if (this.paused || this.kept.length === 0) return
    const data = Buffer.concat(this.kept.splice(0))
    this.dispatchEvent(Object.assign(new Event('message'), { data }))
  }

  abort(error: Error): void {
    this.aborted = error
    this.dispatchEvent(new Event('close'))
  }

  /** The last bytes, and the end with them: libp2p ends the stream inside the dispatch, even when the listener paused. */
  last(...messages: string[]): void {
    this.arrive(...messages)
    this.ended = true
    this.dispatchEvent(new Event('end'))
  }

  async close(): Promise<void> {
    this.closed = true
    this.dispatchEvent(new Event('close'))
  }
}

function start(
  receive: ReaderOptions['receive'],
  changes: { rate?: number; bytesPerSecond?: number; lane?: Lane } = {},
) {
  const stream = new FakeStream()
  const failures: unknown[] = []
  let excess = 0
  const bucket = (rate: number) => createTokenBucket({ rate, burst: rate, clock: systemClock })
  readMessages({
    stream,
    row: { maxMessageBytes: 1_000, lane: changes.lane ?? 'proposals' },
    budget: { messages: bucket(changes.rate ?? 1_000), bytes: bucket(changes.bytesPerSecond ?? 1_000_000) },
    receive,
    onExcess: () => {
      excess += 1
    },
    onFailure: (error) => failures.push(error),
  })
  return { stream, failures, excess: () => excess }
}

describe('message reader', () => {
  it('reads at once with a synchronous receiver', () => {
    const got: string[] = []
    const { stream } = start((message) => void got.push(Buffer.from(message).toString()))
    stream.arrive('a', 'b')
    stream.arrive('c')
    expect(got).toEqual(['a', 'b', 'c'])
  })

  it('pauses while the receiver is busy, never inside resume, and keeps the order', async () => {
    const got: string[] = []
    let busy = 0
    const { stream } = start(async (message) => {
      busy += 1
      expect(busy).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      got.push(Buffer.from(message).toString())
      busy -= 1
    })
    for (let i = 0; i < 30; i += 3) {
      stream.arrive(`${i}`, `${i + 1}`, `${i + 2}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(stream.kept.length).toBeGreaterThan(0)
    await until(() => got.length === 30)
    expect(got).toEqual(Array.from({ length: 30 }, (_, i) => `${i}`))
    expect(stream.pausedInsideResume).toBe(false)
    await until(() => !stream.paused)
  })

  it('delivers all that came before the end, then closes its half', async () => {
    const got: string[] = []
    const { stream, failures } = start(async (message) => {
      await new Promise((resolve) => setImmediate(resolve))
      got.push(Buffer.from(message).toString())
    })
    stream.last('a', 'b', 'c')
    expect(stream.closed).toBe(false)
    await until(() => stream.closed)
    expect([got, failures]).toEqual([['a', 'b', 'c'], []])
  })

  it('pauses above the byte rate', async () => {
    const got: number[] = []
    const { stream } = start((message) => void got.push(message.byteLength), { bytesPerSecond: 2_000 })
    stream.arrive('x'.repeat(900), 'x'.repeat(900), 'x'.repeat(400))
    expect([stream.paused, got.length]).toEqual([true, 3])
    stream.arrive('later')
    expect(got.length).toBe(3)
    await until(() => got.length === 4 && !stream.paused)
  })

  it('drops messages above the rate', () => {
    const got: number[] = []
    const { stream, excess } = start((message) => void got.push(message.byteLength), { rate: 5 })
    stream.arrive(...Array<string>(20).fill('x'))
    expect([got.length, excess()]).toEqual([5, 15])
  })

  it('P18.6-5 confirms each whole 16 KiB by one byte, and nothing on an urgent stream', () => {
    const paced = start(() => undefined)
    for (let i = 0; i < 60; i++) paced.stream.arrive('x'.repeat(900))
    expect(paced.stream.receipts).toBe(Math.floor((60 * 902) / RECEIPT_BYTES))
    const urgent = start(() => undefined, { lane: 'urgent' })
    for (let i = 0; i < 60; i++) urgent.stream.arrive('x'.repeat(900))
    expect(urgent.stream.receipts).toBe(0)
  })

  it('a receiver that rejects ends the stream with its error', async () => {
    const { stream, failures } = start(() => Promise.reject(new Error('bug')))
    stream.arrive('x')
    await until(() => stream.aborted !== null)
    expect(failures).toEqual([new Error('bug')])
  })

  it('nothing is delivered after the stream closed', async () => {
    const got: string[] = []
    const { stream } = start(async (message) => {
      got.push(Buffer.from(message).toString())
      await new Promise((resolve) => setImmediate(resolve))
    })
    stream.arrive('a', 'b', 'c')
    stream.abort(new Error('gone'))
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(got).toEqual(['a'])
  })
})
