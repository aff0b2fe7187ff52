/** S12.2, S12.3 deep reconciliation over a stream: scopes of frozen views, limits both sides know, and whatever ends a stream. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { WHOLE_SET } from '../../../../src/sync/deep/limits.ts'
import { scopeIds } from '../../../../src/sync/deep/scope.ts'
import { createIdIndex, type DeepOutcome, reconcile, reconcileView } from '../../../../src/sync/deep/service.ts'
import { SyncError } from '../../../../src/sync/errors.ts'
import type { AtxMessage } from '../../../../src/sync/messages.ts'
import type { AtxStream } from '../../../../src/sync/ports.ts'
import type { FrozenView } from '../../../../src/sync/set/types.ts'
import { fakeView, missing, namedIds, pack, unhex, unpack } from '../../../helpers/sync/deep.ts'
import { type PairOptions, streamPair } from '../../../helpers/sync/stream-pair.ts'

const never = new AbortController().signal
const ids = namedIds('atx', 0, 2_000)

async function both(a: FrozenView, b: FrozenView, scope: number, options: PairOptions = {}): Promise<DeepOutcome[]> {
  const [alice, bob] = streamPair(options)
  const conversation = { scope, signal: never }
  return Promise.all([
    reconcileView({ ...conversation, stream: alice, view: a, isInitiator: true }),
    reconcileView({ ...conversation, stream: bob, view: b, isInitiator: false }),
  ])
}

const learned = (outcome: DeepOutcome | undefined): string[] | undefined =>
  outcome?.kind === 'reconciled' ? unpack(outcome.learned) : undefined

describe('scopes', () => {
  const frames = [ids.slice(0, 900), [], ids.slice(900, 1_500), ids.slice(1_500)]

  it('S12.3 scope 0 is the open timeframe, i the i-th before it, 255 the whole set', async () => {
    const view = fakeView(frames)
    expect(await scopeIds(view, 0)).toEqual(pack(ids.slice(1_500)))
    expect(await scopeIds(view, 1)).toEqual(pack(ids.slice(900, 1_500)))
    expect(await scopeIds(view, 2)).toEqual(pack([]))
    expect(await scopeIds(view, 3)).toEqual(pack(ids.slice(0, 900)))
    expect(await scopeIds(view, 4)).toEqual(pack([]))
    expect(await scopeIds(view, WHOLE_SET)).toEqual(pack(ids))
  })

  it('S12.3 the event loop turns while a scope is put together', async () => {
    let isOver = false
    let turns = 0
    const watch = (async () => {
      for (; !isOver; turns++) await nextTurn()
    })()
    const many = namedIds('many', 0, 40_000)
    await createIdIndex(await scopeIds(fakeView([many.slice(20_000), many.slice(0, 20_000)]), WHOLE_SET))
    isOver = true
    await watch
    expect(turns).toBeGreaterThan(15)
  })
})

describe('deep reconciliation over a stream', () => {
  it('S2 an ATX that gossip lost this month is found in scope 0, on the side that lacks it', async () => {
    const lost = ids[1_700] ?? ''
    const [alice, bob] = await both(
      fakeView([ids.slice(0, 1_000), ids.slice(1_000)]),
      fakeView([ids.slice(0, 1_000), ids.slice(1_000).filter((id) => id !== lost)]),
      0,
    )
    expect([learned(alice), learned(bob)]).toEqual([[], [lost]])
    expect(alice).toMatchObject({ kind: 'reconciled', given: 1, rounds: 2 })
    expect(bob).toMatchObject({ kind: 'reconciled', given: 0, rounds: 2 })
  })

  it('S12.2 an id that is in another timeframe here is found too: the session tells it apart', async () => {
    const [alice, bob] = await both(
      fakeView([ids.slice(0, 100), ids.slice(100, 200)]),
      fakeView([ids.slice(50, 150), [...ids.slice(150, 210), ...ids.slice(0, 50)]]),
      0,
    )
    expect(learned(alice)).toEqual([...ids.slice(200, 210), ...ids.slice(0, 50)].sort())
    expect(learned(bob)).toEqual([...ids.slice(100, 150)].sort())
  })

  it('S12.3 the whole set: differences in several timeframes, over a stream that holds one message', async () => {
    const a = [ids.slice(0, 700), ids.slice(800, 1_500), ids.slice(1_500, 1_900)]
    const b = [ids.slice(0, 900), ids.slice(900, 1_300), ids.slice(1_500)]
    const [alice, bob] = await both(fakeView(a), fakeView(b), WHOLE_SET, { capacity: 1 })
    expect(learned(alice)).toEqual(missing(a.flat(), b.flat()))
    expect(learned(bob)).toEqual(missing(b.flat(), a.flat()))
  })

  it('S12.3 bytes and rounds are the same on both sides', async () => {
    const [alice, bob] = await both(fakeView([ids]), fakeView([ids.slice(3)]), 0)
    if (alice?.kind !== 'reconciled' || bob?.kind !== 'reconciled') throw new Error('they agree')
    expect([alice.bytesIn, alice.bytesOut]).toEqual([bob.bytesOut, bob.bytesIn])
    expect(alice.rounds).toBe(bob.rounds)
  })

  it('S12.3 a limit leaves the stream to lists: both know, and nothing is left on it', async () => {
    const [alice, bob] = streamPair()
    const limits = { frameBytes: 1_024, maxRounds: 32, maxBytes: 20_000, maxUnknownIds: 65_536 }
    const run = async (stream: AtxStream, list: readonly string[], isInitiator: boolean) =>
      reconcile({ stream, scope: 3, isInitiator, signal: never, limits, index: await createIdIndex(pack(list)) })
    const outcomes = await Promise.all([run(alice, ids.slice(0, 1_000), true), run(bob, ids.slice(1_000), false)])
    expect(outcomes).toMatchObject([
      { kind: 'limit', isFault: false },
      { kind: 'limit', isFault: false },
    ])
    await alice.send({ type: 'frameOpen', back: 3, frame: 1, count: 0 })
    await bob.send({ type: 'frameOpen', back: 3, frame: 1, count: 0 })
    expect([await alice.read(), await bob.read()]).toMatchObject([{ type: 'frameOpen' }, { type: 'frameOpen' }])
  })

  describe('ends as failed', () => {
    const payload = unhex('61')
    const deep = { type: 'deep', scheme: 1, scope: 0, payload } as const
    const messages: readonly (readonly [string, AtxMessage, boolean, string])[] = [
      ['a message of another kind', { type: 'ack', index: 1 }, true, 'a message of type ack'],
      ['another scheme', { ...deep, scheme: 2 }, true, 'scheme 2'],
      ['another scope', { ...deep, scope: 1 }, true, 'scope 1 instead of 0'],
      ['bytes that are no message', { ...deep, payload: unhex('6105') }, true, 'a bound that is none'],
      [
        'a problem of the peer',
        { type: 'problem', code: 'busy', text: 'later', retryAfterMs: 1 },
        false,
        'the peer has a problem: later',
      ],
    ]

    const respond = async (stream: AtxStream, signal = never) =>
      reconcile({ stream, scope: 0, isInitiator: false, signal, index: await createIdIndex(pack(ids)) })

    it.each(messages)('S12.3 %s', async (_, message, isFault, reason) => {
      const [alice, bob] = streamPair()
      await alice.send(message)
      expect(await respond(bob)).toEqual({ kind: 'failed', isFault, reason })
    })

    it('S12.3 an end, a reset, or bytes that cannot be decoded', async () => {
      const [alice, bob] = streamPair()
      await alice.end()
      expect(await respond(bob)).toMatchObject({ kind: 'failed', isFault: false })
      alice.abort('gone')
      expect(await respond(bob)).toMatchObject({ kind: 'failed', isFault: false })
      const garbled = { ...bob, read: () => Promise.reject(new SyncError('malformed', 'no message')) }
      expect(await respond(garbled)).toEqual({ kind: 'failed', isFault: true, reason: 'no message' })
    })

    it('S12.3 a signal, before or while it waits for the peer', async () => {
      const [, bob] = streamPair()
      const controller = new AbortController()
      const waiting = respond(bob, controller.signal)
      await nextTurn()
      controller.abort()
      expect(await waiting).toEqual({ kind: 'failed', isFault: false, reason: 'it was called off' })
      expect(await respond(bob, controller.signal)).toMatchObject({ kind: 'failed', isFault: false })
    })
  })
})
