/** Hellos of FETCH and SERVE streams (S4, S5): who is answered, who is told why not, and what is no hello. */
import { describe, expect, it } from 'vitest'
import { createGreeter, type GreeterOptions } from '../../../src/sync/greeter.ts'
import type { Hello } from '../../../src/sync/messages.ts'
import { FEATURES } from '../../helpers/sync/session/virtual-pair.ts'
import { streamPair } from '../../helpers/sync/stream-pair.ts'

const greeter = (changes: Partial<GreeterOptions> = {}) =>
  createGreeter({
    networkId: new Uint8Array(32).fill(1),
    storeId: () => new Uint8Array(16).fill(2),
    hasStrong: true,
    features: FEATURES,
    maxIdsPerFrame: 10,
    chunkIds: 5,
    now: () => 1_000.7,
    frame: () => 3,
    isBanned: () => false,
    ...changes,
  })

/** One says hello, the other answers. */
async function meet(caller = greeter(), callee = greeter(), change: (hello: Hello) => Hello = (hello) => hello) {
  const [near, far] = streamPair()
  const greeting = caller.greet(near, 'fetch')
  const hello = await callee.hear(far)
  const isAnswered = await callee.answer(far, change(hello))
  return { hello, isAnswered, greeting }
}

describe('hellos', () => {
  it('both sides name their store, and no fingerprints', async () => {
    const { hello, isAnswered, greeting } = await meet()
    expect(isAnswered).toBe(true)
    expect(hello).toMatchObject({ intent: 'fetch', wallMs: 1_000, frame: 3, fast: null, all: null, total: null })
    expect(await greeting).toMatchObject({ intent: 'fetch', storeId: new Uint8Array(16).fill(2) })
  })

  it.each<[string, Partial<GreeterOptions>, (hello: Hello) => Hello, RegExp]>([
    ['another network', { networkId: new Uint8Array(32) }, (hello) => hello, /network: another network/],
    ['a banned peer', { isBanned: () => true }, (hello) => hello, /banned: /],
    ['another version', {}, (hello) => ({ ...hello, version: 2 }), /version: this node speaks version 1/],
  ])('%s is told why there is no conversation', async (_what, options, change, told) => {
    const { isAnswered, greeting } = await meet(greeter(), greeter(options), change)
    expect(isAnswered).toBe(false)
    await expect(greeting).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(told) })
  })

  it('who answers is looked at as well', async () => {
    const { greeting } = await meet(greeter({ isBanned: () => true }))
    await expect(greeting).rejects.toMatchObject({ code: 'refused' })
  })

  it('an answer to another conversation is a violation', async () => {
    const { greeting } = await meet(greeter(), greeter(), (hello) => ({ ...hello, sessionId: new Uint8Array(16) }))
    await expect(greeting).rejects.toMatchObject({ code: 'protocol' })
  })

  it.each([
    ['another message', { type: 'keepAlive', done: 0, total: 0 } as const, 'protocol'],
    ['the end of the stream', null, 'refused'],
  ])('%s is no hello', async (_what, message, code) => {
    const [near, far] = streamPair()
    if (message === null) await near.end()
    else await near.send(message)
    await expect(greeter().hear(far)).rejects.toMatchObject({ code })
  })
})
