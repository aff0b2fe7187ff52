/** The codec around a conversation: what of the stream's failures is the peer's fault (S4). */
import { describe, expect, it } from 'vitest'
import { encodeFrame, encodeLength } from '../../../src/protocols/framing.ts'
import { encodeAtxMessage } from '../../../src/sync/codec.ts'
import type { AtxMessage } from '../../../src/sync/messages.ts'
import { FakeStream } from '../../helpers/fake-stream.ts'
import { wireEnd } from '../../helpers/sync/wire-pair.ts'

const MESSAGE: AtxMessage = { type: 'keepAlive', done: 1, total: 2 }

describe('an ATX stream', () => {
  it.each([
    ['an oversized prefix', encodeLength(2 ** 21 + 1)],
    ['a prefix in a longer form', Uint8Array.of(0x81, 0)],
  ])('S4 %s is as bad as bytes that are no message, for both halves', async (_what, bytes) => {
    const stream = new FakeStream()
    stream.writableNeedsDrain = true
    const conversation = wireEnd('peer', stream)
    const sending = conversation.send(MESSAGE)
    stream.arrive(encodeFrame(encodeAtxMessage(MESSAGE)), bytes)
    expect(await conversation.read()).toEqual(MESSAGE)
    const ends = await Promise.allSettled([conversation.read(), sending])
    expect(ends).toMatchObject([{ reason: { code: 'malformed' } }, { reason: { code: 'malformed' } }])
  })

  it('a stream that breaks is nobody’s fault', async () => {
    const stream = new FakeStream()
    const conversation = wireEnd('peer', stream)
    const reading = conversation.read()
    stream.reset()
    await expect(reading).rejects.toMatchObject({ code: 'connection-closed' })
    await expect(conversation.send(MESSAGE)).rejects.toMatchObject({ code: 'connection-closed' })
  })
})
