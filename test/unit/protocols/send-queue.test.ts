/** The send helper: order, byte cap by policy, and the drain event with a deadline. */
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/machine/clock.ts'
import { MIN_FLIGHT_BYTES, RECEIPT_BYTES } from '../../../src/protocols/flight.ts'
import { createFrameDecoder } from '../../../src/protocols/framing.ts'
import { createLinkTurns, type Lane, type LinkTurns, STUCK_MS } from '../../../src/protocols/link-turns.ts'
import {
  createSendQueue,
  type SendQueue,
  type SendQueueOptions,
  type WritableStream,
} from '../../../src/protocols/send-queue.ts'
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

type QueueChanges = Partial<Omit<SendQueueOptions, 'turns'>> & { readonly turns?: LinkTurns }

const newQueue = (changes: QueueChanges): SendQueue =>
  createSendQueue({
    maxQueueBytes: 10_000_000,
    whenFull: 'close',
    lane: 'urgent',
    turns: createLinkTurns(systemClock),
    clock: systemClock,
    ...changes,
  })

const bytes = (text: string): Uint8Array => Buffer.from(text)
const big = (letter: string, size = 20_000): Uint8Array => Buffer.alloc(size, letter)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('send queue', () => {
  it('keeps the order of small and large messages, before and after a stream is there', async () => {
    const [queue, stream] = [newQueue({ maxQueueBytes: 1_000_000, whenFull: 'close' }), new FakeStream()]
    const messages = ['a', big('b').toString(), 'c', big('d', 100_000).toString(), 'e']
    for (const message of messages.slice(0, 2)) expect(queue.push(bytes(message))).toBe(true)
    queue.attach(stream)
    for (const message of messages.slice(2)) queue.push(bytes(message))
    await turn()
    expect(stream.messages()).toEqual(messages.map((m) => Buffer.from(m).toString()))
    expect(queue.waitingBytes).toBe(0)
  })

  it('messages of one turn share a write', async () => {
    const [queue, stream] = [newQueue({ maxQueueBytes: 1_000_000, whenFull: 'close' }), new FakeStream()]
    queue.attach(stream)
    for (let i = 0; i < 100; i++) queue.push(bytes(`${i}`))
    await turn()
    expect(stream.written).toHaveLength(1)
  })

  it('waits for each drain event, not only for the first (onDrain resolves forever after it)', async () => {
    const [queue, stream] = [newQueue({ maxQueueBytes: 10_000_000, whenFull: 'close' }), new FakeStream()]
    stream.room = 1
    queue.attach(stream)
    for (let i = 0; i < 6; i++) queue.push(big(String(i), 65_000))
    for (let written = 1; written <= 6; written++) {
      await turn()
      expect(stream.messages()).toHaveLength(written)
      stream.drain(1)
    }
  })

  it("'drop-oldest' drops the oldest at a full queue", async () => {
    const [queue, stream] = [newQueue({ maxQueueBytes: 50_000, whenFull: 'drop-oldest' }), new FakeStream()]
    for (const letter of 'abcd') expect(queue.push(big(letter))).toBe(true)
    expect(queue.waitingBytes).toBeLessThanOrEqual(50_000)
    queue.attach(stream)
    await turn()
    expect(stream.messages().map((m) => m[0])).toEqual(['c', 'd'])
  })

  it("'close' aborts the stream at a full queue and says no", async () => {
    const [queue, stream] = [newQueue({ maxQueueBytes: 50_000, whenFull: 'close' }), new FakeStream()]
    stream.writableNeedsDrain = true
    queue.attach(stream)
    expect([queue.push(big('a')), queue.push(big('b')), queue.push(big('c'))]).toEqual([true, true, false])
    expect(stream.aborted).toMatchObject({ code: 'stalled' })
    expect(queue.waitingBytes).toBe(0)
  })

  it('tiny messages count with their overhead', () => {
    const queue = newQueue({ maxQueueBytes: 6_500, whenFull: 'close' })
    expect(Array.from({ length: 101 }, () => queue.push(bytes('x'))).filter(Boolean)).toHaveLength(100)
  })

  it('gives up a stream that does not drain in time', async () => {
    const queue = newQueue({ maxQueueBytes: 50_000, whenFull: 'close', drainDeadlineMs: 30 })
    const stream = new FakeStream()
    stream.room = 1
    queue.attach(stream)
    queue.push(bytes('x'))
    await until(() => stream.aborted !== null)
    expect(stream.aborted).toMatchObject({ code: 'stalled' })
  })

  it('the deadline holds while the sender keeps queueing', async () => {
    const queue = newQueue({ maxQueueBytes: 5_000_000, whenFull: 'close', drainDeadlineMs: 100 })
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
      newQueue({ maxQueueBytes: 50_000, whenFull: 'close' }),
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

/** A link on which several lanes send, and the order in which their messages left. */
function newLink(...lanes: Lane[]) {
  const turns = createLinkTurns(systemClock)
  const order: string[] = []
  const full = { is: false }
  const ends = lanes.map((lane) => {
    const [queue, stream] = [newQueue({ lane, turns }), new LinkStream(full, order)]
    queue.attach(stream)
    return { queue, stream }
  })
  const drain = (): void => {
    full.is = false
    for (const { stream } of ends) stream.dispatchEvent(new Event('drain'))
  }
  return { ends, order, full, drain }
}

/** A stream of a connection that takes one write per drain: all streams are full together, as libp2p's are. */
class LinkStream extends EventTarget implements WritableStream {
  private readonly full: { is: boolean }
  private readonly order: string[]
  constructor(full: { is: boolean }, order: string[]) {
    super()
    this.full = full
    this.order = order
  }
  get writableNeedsDrain(): boolean {
    return this.full.is
  }
  send(data: Uint8Array): boolean {
    this.order.push(String.fromCharCode(data.at(-1) ?? 0))
    this.full.is = true
    return false
  }
  abort(): void {}
}

describe('P18.6-5 priorities on one link', () => {
  it('a vote passes the bodies that wait, a proposal passes sync, sync passes transactions', async () => {
    const { ends, order, drain, full } = newLink('transactions', 'sync', 'proposals', 'urgent')
    full.is = true
    for (const [i, letter] of ['t', 's', 'p', 'v'].entries()) ends[i]?.queue.push(big(letter, 15_000))
    for (let round = 0; round < 4; round++) {
      drain()
      await turn()
    }
    expect(order.join('')).toBe('vpst')
  })

  it('without priorities it does not: the same queues in one lane go in the order of their streams', async () => {
    const { ends, order, drain, full } = newLink('urgent', 'urgent', 'urgent', 'urgent')
    full.is = true
    for (const [i, letter] of ['t', 's', 'p', 'v'].entries()) ends[i]?.queue.push(big(letter, 15_000))
    for (let round = 0; round < 4; round++) {
      drain()
      await turn()
    }
    expect(order.join('')).toBe('tspv')
  })

  it('a vote passes the rest of a body that is under way', async () => {
    const { ends, order, drain } = newLink('proposals', 'urgent')
    ends[0]?.queue.push(big('p', 200_000))
    await turn()
    ends[1]?.queue.push(bytes('v'))
    for (let round = 0; round < 20; round++) {
      drain()
      await turn()
      ends[0]?.queue.confirmed(1)
    }
    expect(order.indexOf('v')).toBeGreaterThan(0)
    expect(order.slice(order.indexOf('v') + 1)).toContain('p')
  })

  it('a proposal whose reader is stuck does not hold sync back for good', async () => {
    const turns = createLinkTurns(systemClock)
    const [proposals, sync] = [newQueue({ lane: 'proposals', turns }), newQueue({ lane: 'sync', turns })]
    const [first, second] = [new FakeStream(), new FakeStream()]
    proposals.attach(first)
    sync.attach(second)
    proposals.push(big('p', 1_000_000))
    await turn()
    sync.push(bytes('s'))
    await turn()
    expect(second.messages()).toEqual([])
    await until(() => second.messages().length === 1, STUCK_MS * 4)
  })

  it('a queue that ends lets the next one go', async () => {
    const turns = createLinkTurns(systemClock)
    const [proposals, sync] = [newQueue({ lane: 'proposals', turns }), newQueue({ lane: 'sync', turns })]
    const [first, second] = [new FakeStream(), new FakeStream()]
    proposals.attach(first)
    sync.attach(second)
    proposals.push(big('p', 1_000_000))
    await turn()
    sync.push(bytes('s'))
    proposals.end()
    await turn()
    expect(second.messages()).toEqual(['s'])
  })
})

describe('P18.6-5 pacing of a large message', () => {
  const sizes = (stream: FakeStream): number => stream.written.reduce((sum, data) => sum + data.byteLength, 0)

  it('goes on only as its receipts come back, and arrives whole', async () => {
    const [queue, stream] = [newQueue({ lane: 'proposals' }), new FakeStream()]
    queue.attach(stream)
    const body = big('b', 1_000_000)
    queue.push(body)
    queue.push(bytes('after'))
    await turn()
    const first = sizes(stream)
    expect(first).toBeLessThan(3 * MIN_FLIGHT_BYTES)
    let confirmed = 0
    while (stream.messages().length < 2) {
      const due = Math.floor(sizes(stream) / RECEIPT_BYTES) - confirmed
      expect(due, 'something is always under way').toBeGreaterThan(0)
      expect(queue.confirmed(due)).toBe(true)
      confirmed += due
      await turn()
    }
    expect(stream.messages()).toEqual([Buffer.from(body).toString(), 'after'])
  })

  it('refuses receipts for what was not sent, and any on an urgent stream', async () => {
    const [paced, urgent] = [newQueue({ lane: 'sync' }), newQueue({ lane: 'urgent' })]
    for (const queue of [paced, urgent]) {
      queue.attach(new FakeStream())
      queue.push(big('b', RECEIPT_BYTES * 2))
    }
    await turn()
    expect([paced.confirmed(2), paced.confirmed(1), urgent.confirmed(1)]).toEqual([true, false, false])
  })

  it('gives up a stream whose reader confirms nothing in time', async () => {
    const [queue, stream] = [newQueue({ lane: 'proposals', drainDeadlineMs: 30 }), new FakeStream()]
    queue.attach(stream)
    queue.push(big('b', 1_000_000))
    await until(() => stream.aborted !== null)
    expect(stream.aborted).toMatchObject({ code: 'stalled' })
  })

  it('starts a message over when its stream broke half way', async () => {
    const [queue, first, second] = [newQueue({ lane: 'proposals' }), new FakeStream(), new FakeStream()]
    queue.attach(first)
    queue.push(big('b', 150_000))
    await turn()
    expect(first.messages()).toEqual([])
    queue.detach()
    queue.attach(second)
    await turn()
    queue.confirmed(8)
    await turn()
    expect(second.messages()).toEqual([big('b', 150_000).toString()])
  })

  it("'drop-oldest' never drops what is partly written", async () => {
    const limits = { lane: 'transactions', maxQueueBytes: 320_000, whenFull: 'drop-oldest' } as const
    const [queue, stream] = [newQueue(limits), new FakeStream()]
    queue.attach(stream)
    queue.push(big('a', 200_000))
    await turn()
    for (const letter of 'bcd') queue.push(big(letter, 50_000))
    for (let i = 0; i < 40; i++) {
      queue.confirmed(1)
      await turn()
    }
    expect(stream.messages().map((m) => m[0])).toEqual(['a', 'c', 'd'])
  })
})
