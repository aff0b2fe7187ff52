/** One conversation over a stream by hand: framing, deadlines, back-pressure both ways, and every way it can end. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/machine/clock.ts'
import { createFrameDecoder, encodeFrame, encodeLength } from '../../../src/protocols/framing.ts'
import type { Pace } from '../../../src/protocols/link-echo.ts'
import { createLinkTurns, type LinkTurns } from '../../../src/protocols/link-turns.ts'
import { createMessageStream, type LiveMessageStream } from '../../../src/protocols/message-stream.ts'
import { FakeStream } from '../../helpers/fake-stream.ts'

const KIB = 1_024
const READ_AHEAD = 256 * KIB
const UNPACED: Pace = {
  ready: Promise.resolve(),
  room: () => Number.POSITIVE_INFINITY,
  sent: () => undefined,
  leave: () => undefined,
}

type Changes = {
  readonly maxMessageBytes?: number
  readonly idleTimeoutMs?: number
  readonly closeDeadlineMs?: number
  readonly turns?: LinkTurns
  readonly pace?: Partial<Pace>
  readonly stream?: FakeStream
}

function start(changes: Changes = {}) {
  const { maxMessageBytes = 1_000, idleTimeoutMs = 5_000, closeDeadlineMs, stream = new FakeStream() } = changes
  const badFrames: string[] = []
  let closed = 0
  let wake: () => void = () => undefined
  const conversation = createMessageStream({
    peer: 'peer',
    remoteAddress: '192.0.2.1',
    stream,
    row: { maxMessageBytes, idleTimeoutMs, lane: 'sync' },
    turns: changes.turns ?? createLinkTurns(systemClock),
    joinPace(callback) {
      wake = callback
      return { ...UNPACED, ...changes.pace }
    },
    onBadFrame: ({ message }) => void badFrames.push(message),
    onClosed: () => {
      closed += 1
    },
    closeDeadlineMs,
  })
  return { stream, conversation, badFrames, closed: () => closed, wake: () => wake() }
}

const say = (words: string): Uint8Array => Buffer.from(words)
const frame = (words: string): Uint8Array => encodeFrame(say(words))
const text = (message: Uint8Array | null): string | null => (message === null ? null : Buffer.from(message).toString())
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    ({ code }) => code,
  )

async function readAll(conversation: LiveMessageStream): Promise<string[]> {
  const out: string[] = []
  for (let message = await conversation.read(); message !== null; message = await conversation.read()) {
    out.push(Buffer.from(message).toString())
  }
  return out
}

function messagesOf(written: readonly Uint8Array[]): string[] {
  const decoder = createFrameDecoder(10_000_000)
  for (const bytes of written) decoder.append(bytes)
  const out: string[] = []
  for (let message = decoder.next(); message !== null; message = decoder.next())
    out.push(Buffer.from(message).toString())
  return out
}

describe('reading a conversation', () => {
  it('gives every message once and in order, however the bytes were cut, and then the end', async () => {
    const words = fc.array(fc.string({ minLength: 1, maxLength: 100 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(words, fc.array(fc.nat(50)), fc.boolean(), async (messages, cuts, endsFirst) => {
        const { stream, conversation } = start()
        const reading = endsFirst ? null : readAll(conversation)
        let rest: Uint8Array = Buffer.concat(messages.map(frame))
        for (const cut of cuts) {
          stream.arrive(rest.subarray(0, cut))
          rest = rest.subarray(cut)
          if (!endsFirst) await turn()
        }
        stream.arrive(rest)
        stream.finish()
        expect(await (reading ?? readAll(conversation))).toEqual(messages)
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['an oversized prefix', encodeLength(1_001)],
    ['a prefix in a longer form', Uint8Array.of(0x81, 0)],
    ['an endless prefix', new Uint8Array(10).fill(0xff)],
    ['an empty frame', Uint8Array.of(0)],
  ])('%s ends both halves after what came before, and is told once', async (_what, bytes) => {
    const { stream, conversation, badFrames, closed } = start()
    stream.arrive(frame('fine'), bytes)
    expect(text(await conversation.read())).toBe('fine')
    expect(await codeOf(conversation.read())).toBe('bad-frame')
    expect(await codeOf(conversation.read())).toBe('bad-frame')
    expect(await codeOf(conversation.send(say('still there?')))).toBe('bad-frame')
    expect([stream.status, badFrames.length, closed()]).toEqual(['aborted', 1, 1])
  })

  it('nothing is taken before somebody reads, and little more than is asked for', async () => {
    const { stream, conversation } = start({ maxMessageBytes: 100 * KIB })
    const big = encodeFrame(Buffer.alloc(100 * KIB, 7))
    stream.arrive(big)
    expect([stream.paused, stream.kept.length]).toEqual([true, 1])
    await conversation.read()
    expect(stream.paused).toBe(false)
    let arrived = 0
    while (!stream.paused) {
      stream.arrive(big)
      arrived += big.byteLength
    }
    expect(arrived).toBeLessThanOrEqual(READ_AHEAD + big.byteLength)
    for (let i = 0; i < 3; i++) await conversation.read()
    expect(stream.paused).toBe(false)
  })

  it('a message larger than half of what is read ahead is read to its end', async () => {
    const { stream, conversation } = start({ maxMessageBytes: READ_AHEAD })
    const message = Buffer.alloc(READ_AHEAD, 7)
    const bytes = encodeFrame(message)
    stream.arrive(bytes, bytes, bytes.subarray(0, bytes.byteLength - 1))
    for (let i = 0; i < 2; i++) await conversation.read()
    const last = conversation.read()
    stream.arrive(bytes.subarray(bytes.byteLength - 1))
    expect(await last).toEqual(new Uint8Array(message))
  })

  it('tiny messages add up to no pause that never ends', async () => {
    const { stream, conversation } = start()
    for (let round = 0; round < 3; round++) {
      const many = Array.from({ length: READ_AHEAD / 2 + 1_000 }, () => frame('x'))
      stream.arrive(Buffer.concat(many))
      for (const _ of many) await conversation.read()
      expect([stream.paused, stream.kept.length]).toEqual([false, 0])
    }
  })

  it('the stream is never paused inside `resume`, even when that hands over more than is read ahead', async () => {
    const { stream, conversation } = start({ maxMessageBytes: 100 * KIB })
    const big = encodeFrame(Buffer.alloc(100 * KIB, 7))
    stream.arrive(big, big, big, big)
    await conversation.read()
    expect([stream.paused, stream.pausedInsideResume]).toEqual([true, false])
  })

  it('a read that waits too long for the first byte, or for the last one, has stalled', async () => {
    const silent = start({ idleTimeoutMs: 30 })
    expect(await codeOf(silent.conversation.read())).toBe('stalled')
    const slow = start({ idleTimeoutMs: 50 })
    const reading = codeOf(slow.conversation.read())
    slow.stream.arrive(encodeLength(900))
    const trickle = setInterval(() => slow.stream.arrive(Uint8Array.of(1)), 5)
    expect(await reading).toBe('stalled')
    clearInterval(trickle)
    expect([silent.stream.status, slow.stream.status, slow.badFrames]).toEqual(['aborted', 'aborted', []])
  })

  it('no deadline runs while nobody reads', async () => {
    const [unread, awaited] = [start({ idleTimeoutMs: 20 }), start({ idleTimeoutMs: 20 })]
    const message = frame('a message in two pieces')
    unread.stream.arrive(message.subarray(0, 10))
    expect(await codeOf(awaited.conversation.read())).toBe('stalled')
    unread.stream.arrive(message.subarray(10))
    expect(text(await unread.conversation.read())).toBe('a message in two pieces')
  })

  it('an end inside a message is no message, and no offence', async () => {
    const { stream, conversation, badFrames } = start()
    stream.arrive(frame('whole').subarray(0, 3))
    stream.finish()
    expect([await codeOf(conversation.read()), badFrames]).toEqual(['connection-closed', []])
  })

  it('what an ended half brought is read even after the stream has closed', async () => {
    const { stream, conversation } = start()
    stream.arrive(frame('one'), frame('two'))
    stream.finish()
    await conversation.end()
    expect(stream.status).toBe('closed')
    expect(await readAll(conversation)).toEqual(['one', 'two'])
  })

  it('a half that had ended before anybody looked is read as any other', async () => {
    const stream = new FakeStream()
    stream.finish()
    expect(await readAll(start({ stream }).conversation)).toEqual([])
  })

  it('a connection that closes is no end of a half', async () => {
    const { stream, conversation } = start()
    const reading = codeOf(conversation.read())
    stream.disconnect()
    expect(await reading).toBe('connection-closed')
  })
})

describe('writing a conversation', () => {
  it('sends made at once keep their order, large messages in pieces', async () => {
    const { stream, conversation } = start({ maxMessageBytes: 1_000_000 })
    const messages = ['a', 'b'.repeat(300 * KIB), 'c', 'd'.repeat(20_000), 'e']
    await Promise.all([...messages.map((message) => conversation.send(say(message))), conversation.end()])
    expect(messagesOf(stream.written)).toEqual(messages)
    expect(Math.max(...stream.written.map(({ byteLength }) => byteLength))).toBeLessThanOrEqual(64 * KIB)
    expect(stream.isWriteClosed).toBe(true)
  })

  it('a message is sent once the stream has room again', async () => {
    const { stream, conversation } = start({ maxMessageBytes: 1_000_000 })
    stream.room = 100 * KIB
    let sent = false
    const sending = conversation.send(Buffer.alloc(150 * KIB)).then(() => {
      sent = true
    })
    await turn()
    expect([sent, stream.written.length]).toEqual([false, 2 + 1])
    stream.drain(10)
    await turn()
    expect(sent).toBe(false)
    stream.drain(10)
    await sending
  })

  it('a peer that reads nothing has stalled, for all that wait', async () => {
    const { stream, conversation } = start({ idleTimeoutMs: 50 })
    stream.room = 1
    const sends = ['a', 'b', 'c'].map((message) => codeOf(conversation.send(say(message))))
    expect(await Promise.all(sends)).toEqual(['stalled', 'stalled', 'stalled'])
    expect([stream.status, await codeOf(conversation.read())]).toEqual(['aborted', 'stalled'])
  })

  it('a peer that reads nothing of the end has stalled too', async () => {
    const { stream, conversation } = start({ idleTimeoutMs: 50 })
    stream.writableNeedsDrain = true
    expect([await codeOf(conversation.end()), stream.status]).toEqual(['stalled', 'aborted'])
  })

  it('waits while something more urgent has something to write', async () => {
    const turns = createLinkTurns(systemClock)
    let isVoting = true
    const votes = turns.join({ lane: 'urgent', isWaiting: () => isVoting, wake: () => undefined })
    const { stream, conversation } = start({ turns })
    const sending = conversation.send(say('bulk'))
    await turn()
    expect(stream.written).toEqual([])
    isVoting = false
    votes.yields()
    await sending
    expect(messagesOf(stream.written)).toEqual(['bulk'])
  })

  it('writes no more than the pace allows, and goes on when it is woken', async () => {
    let room = 10_000
    const sent = (bytes: number): void => {
      room = Math.max(0, room - bytes)
    }
    const pace = { room: () => room, sent }
    const { stream, conversation, wake } = start({ maxMessageBytes: 100_000, pace })
    const sending = conversation.send(Buffer.alloc(15_000, 'x'))
    await turn()
    expect(stream.written.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThanOrEqual(10_003)
    room = 10_000
    wake()
    await sending
    expect(messagesOf(stream.written)).toEqual(['x'.repeat(15_000)])
  })

  it('after its end nothing can be sent, and the end can be asked for twice', async () => {
    const { conversation, stream } = start()
    await conversation.end()
    await conversation.end()
    expect(await codeOf(conversation.send(say('more')))).toBe('connection-closed')
    stream.arrive(frame('but the peer may speak'))
    expect(text(await conversation.read())).toBe('but the peer may speak')
  })
})

describe('the end of a conversation', () => {
  const ways: [string, (scene: ReturnType<typeof start>) => void][] = [
    ['given up by the peer', ({ stream }) => stream.reset()],
    ['given up here', ({ conversation }) => conversation.abort('enough')],
    ['with its connection', ({ stream }) => stream.disconnect()],
  ]
  const states: [string, (scene: ReturnType<typeof start>) => Promise<unknown>[]][] = [
    ['idle', () => []],
    ['being read', ({ conversation }) => [conversation.read()]],
    [
      'being read in a message',
      ({ stream, conversation }) => {
        const reading = conversation.read()
        stream.arrive(Uint8Array.of(9, 1))
        return [reading]
      },
    ],
    [
      'full and written to',
      ({ stream, conversation }) => {
        stream.room = 1
        return [conversation.send(say('one')), conversation.send(say('two')), conversation.end()]
      },
    ],
    [
      'read and written at once',
      ({ stream, conversation }) => {
        stream.room = 1
        return [conversation.read(), conversation.send(say('one'))]
      },
    ],
  ]
  const cases = ways.flatMap(([way, end]) => states.map(([state, begin]) => [state, way, begin, end] as const))

  it.each(cases)('%s, %s: every wait rejects and nothing stays', async (_state, _way, begin, end) => {
    const scene = start()
    const waits = begin(scene).map(codeOf)
    await turn()
    end(scene)
    expect(new Set([...(await Promise.all(waits)), 'connection-closed'])).toEqual(new Set(['connection-closed']))
    expect(await codeOf(scene.conversation.read())).toBe('connection-closed')
    expect(await codeOf(scene.conversation.send(say('anyone?')))).toBe('connection-closed')
    scene.conversation.abort('again')
    expect([scene.stream.status === 'open', scene.closed()]).toEqual([false, 1])
  })

  it('led to its end it is closed when the peer ends its half', async () => {
    const { stream, conversation } = start()
    const finished = conversation.finish()
    await turn()
    expect(stream.isWriteClosed).toBe(true)
    stream.finish()
    await finished
    expect(stream.status).toBe('closed')
  })

  it('led to its end it waits for a peer that does not end its half a short time only', async () => {
    const { stream, conversation } = start({ closeDeadlineMs: 30 })
    await conversation.finish()
    expect(stream.status).toBe('aborted')
  })

  it('its place on the link is free again', async () => {
    let left = 0
    const turns = createLinkTurns(systemClock, () => {
      left += 1
    })
    const { stream, conversation } = start({ turns })
    await conversation.send(say('hello'))
    stream.reset()
    conversation.abort('again')
    expect(left).toBe(1)
  })
})
