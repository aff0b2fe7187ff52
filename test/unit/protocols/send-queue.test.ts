/** The send helper: order, byte cap by policy, and the drain event with a deadline. */
import { describe, expect, it } from 'vitest'
import { createFrameDecoder } from '../../../src/protocols/framing.ts'
import { createSendQueue, type WritableStream } from '../../../src/protocols/send-queue.ts'
import { until } from '../../helpers/until.ts'

/** A stream whose `onDrain` behaves as in @libp2p/utils 7.4.1: after one drain it resolves at once, forever. */
class FakeStream extends EventTarget implements WritableStream {
  writableNeedsDrain = false
  room = Number.POSITIVE_INFINITY
  written: Uint8Array[] = []
  aborted: Error | null = null

  send(data: Uint8Array): boolean {
    if (this.aborted !== null) throw new Error('the stream is closed')
    this.written.push(data)
    this.room -= data.byteLength
    this.writableNeedsDrain = this.room <= 0
    return !this.writableNeedsDrain
  }

  async onDrain(): Promise<void> {}

  drain(room: number): void {
    this.room = room
    this.writableNeedsDrain = false
    this.dispatchEvent(new Event('drain'))
  }

  abort(error: Error): void {
    this.aborted = error
  }

  messages(): string[] {
    const decoder = createFrameDecoder(1_000_000)
    for (const bytes of this.written) decoder.append(bytes)
    const out: string[] = []
    for (let frame = decoder.next(); frame !== null; frame = decoder.next()) out.push(Buffer.from(frame).toString())
    return out
  }
}

const bytes = (text: string): Uint8Array => Buffer.from(text)
const big = (letter: string, size = 20_000): Uint8Array => Buffer.alloc(size, letter)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('send queue', () => {
  it('keeps the order of small and large messages, before and after a stream is there', async () => {
    const [queue, stream] = [createSendQueue({ maxQueueBytes: 1_000_000, whenFull: 'close' }), new FakeStream()]
    const messages = ['a', big('b').toString(), 'c', big('d', 100_000).toString(), 'e']
    for (const message of messages.slice(0, 2)) expect(queue.push(bytes(message))).toBe(true)
    queue.attach(stream)
    for (const message of messages.slice(2)) queue.push(bytes(message))
    await turn()
    expect(stream.messages()).toEqual(messages.map((m) => Buffer.from(m).toString()))
    expect(queue.waitingBytes).toBe(0)
  })

  it('messages of one turn share a write', async () => {
    const [queue, stream] = [createSendQueue({ maxQueueBytes: 1_000_000, whenFull: 'close' }), new FakeStream()]
    queue.attach(stream)
    for (let i = 0; i < 100; i++) queue.push(bytes(`${i}`))
    await turn()
    expect(stream.written).toHaveLength(1)
  })

  it('waits for each drain event, not only for the first (onDrain resolves forever after it)', async () => {
    const [queue, stream] = [createSendQueue({ maxQueueBytes: 10_000_000, whenFull: 'close' }), new FakeStream()]
    stream.room = 1
    queue.attach(stream)
    for (let i = 0; i < 6; i++) queue.push(big(String(i)))
    for (let written = 1; written <= 6; written++) {
      await turn()
      expect(stream.messages()).toHaveLength(written)
      stream.drain(1)
    }
  })

  it("'drop-oldest' drops the oldest at a full queue", async () => {
    const [queue, stream] = [createSendQueue({ maxQueueBytes: 50_000, whenFull: 'drop-oldest' }), new FakeStream()]
    for (const letter of 'abcd') expect(queue.push(big(letter))).toBe(true)
    expect(queue.waitingBytes).toBeLessThanOrEqual(50_000)
    queue.attach(stream)
    await turn()
    expect(stream.messages().map((m) => m[0])).toEqual(['c', 'd'])
  })

  it("'close' aborts the stream at a full queue and says no", async () => {
    const [queue, stream] = [createSendQueue({ maxQueueBytes: 50_000, whenFull: 'close' }), new FakeStream()]
    stream.writableNeedsDrain = true
    queue.attach(stream)
    expect([queue.push(big('a')), queue.push(big('b')), queue.push(big('c'))]).toEqual([true, true, false])
    expect(stream.aborted).toMatchObject({ code: 'stalled' })
    expect(queue.waitingBytes).toBe(0)
  })

  it('tiny messages count with their overhead', () => {
    const queue = createSendQueue({ maxQueueBytes: 6_500, whenFull: 'close' })
    expect(Array.from({ length: 101 }, () => queue.push(bytes('x'))).filter(Boolean)).toHaveLength(100)
  })

  it('gives up a stream that does not drain in time', async () => {
    const queue = createSendQueue({ maxQueueBytes: 50_000, whenFull: 'close', drainDeadlineMs: 30 })
    const stream = new FakeStream()
    stream.room = 1
    queue.attach(stream)
    queue.push(bytes('x'))
    await until(() => stream.aborted !== null)
    expect(stream.aborted).toMatchObject({ code: 'stalled' })
  })

  it('the deadline holds while the sender keeps queueing', async () => {
    const queue = createSendQueue({ maxQueueBytes: 5_000_000, whenFull: 'close', drainDeadlineMs: 100 })
    const stream = new FakeStream()
    stream.room = 1
    queue.attach(stream)
    await until(() => {
      queue.push(bytes('x'))
      return stream.aborted !== null
    }, 2_000)
  })

  it('what waits outlives a broken stream', async () => {
    const [queue, first, second] = [
      createSendQueue({ maxQueueBytes: 50_000, whenFull: 'close' }),
      new FakeStream(),
      new FakeStream(),
    ]
    first.writableNeedsDrain = true
    queue.attach(first)
    queue.push(bytes('x'))
    await turn()
    queue.detach()
    queue.attach(second)
    await turn()
    expect([first.messages(), second.messages()]).toEqual([[], ['x']])
  })
})
