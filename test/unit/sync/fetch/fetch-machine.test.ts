/** The fetch machine (S8): who is asked, what failures cost, how ids leave the queue, and that none of it hangs. */
import { describe, expect, it } from 'vitest'
import {
  FETCH_BATCH,
  FETCH_TRIES,
  IDLE_CLOSE_MS,
  LOCAL_PAUSE_MS,
  MAX_CLAIMS,
  MAX_IN_FLIGHT,
  MAX_LISTERS,
  MAX_REST_MS,
  MAX_WANTED,
  PEER_TRIES,
  SILENCE_MS,
  UNAVAILABLE_MS,
  WAITING_MS,
} from '../../../../src/sync/fetch/bounds.ts'
import { MAX_BLOB_BYTES } from '../../../../src/sync/intake/bounds.ts'
import { FetchBench, idAt, idsFrom } from '../../../helpers/sync/fetch-machine.ts'

describe('who is asked (S8)', () => {
  it('a peer that was not heard yet gets one request; then four of a hundred ids at the most', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 1_000))
    expect(bench.asks.map(({ ids }) => ids.length)).toEqual([FETCH_BATCH])
    bench.answer(bench.next())
    expect(bench.asks.map(({ ids }) => ids.length)).toEqual(Array(MAX_IN_FLIGHT).fill(FETCH_BATCH))
    bench.answer(bench.next())
    expect(bench.asks).toHaveLength(MAX_IN_FLIGHT)
  })

  it('an id that two sessions list is asked for once', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 10))
    bench.list('carol', idsFrom(0, 10))
    expect(bench.asks.map(({ peer, ids }) => [peer, ids.length])).toEqual([['bob', 10]])
  })

  it('peers that list the same share the work', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 300))
    bench.list('carol', idsFrom(0, 300))
    expect(bench.asks.map(({ peer }) => peer)).toEqual(['bob', 'carol'])
    const [first, second] = bench.asks
    expect(new Set([...(first?.ids ?? []), ...(second?.ids ?? [])]).size).toBe(200)
  })

  it('who listed it first is asked first; without it, who else listed it, with the timeframes they claimed', () => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)], 4)
    bench.list('carol', [idAt(1)], 7)
    bench.answer(bench.next('bob'), 'not-found')
    bench.bring(bench.next('carol'))
    expect(bench.of('attempted').map(({ peer, frame, outcome }) => [peer, frame, outcome])).toEqual([
      ['bob', 4, 'not-found'],
      ['carol', 7, 'inserted'],
    ])
    expect(bench.of('ended')[0]?.claims.map(({ peer, frame }) => [peer, frame])).toEqual([
      ['bob', 4],
      ['carol', 7],
    ])
  })

  it('of the timeframes in which one peer listed an id, the earliest is remembered', () => {
    const bench = new FetchBench()
    for (const frame of [7, null, 4, 9]) bench.list('bob', [idAt(1)], frame)
    expect(bench.state.wants.get(idAt(1))?.claims).toMatchObject([{ peer: 'bob', frame: 4, isListed: true }])
  })

  it('after a restart only a timeframe says that the peer named the id itself', () => {
    const bench = new FetchBench()
    const claims = [
      { peer: 'bob', frame: 4 },
      { peer: 'carol', frame: null },
    ]
    bench.feed({ type: 'restored', wants: [{ id: idAt(1), tries: 0, claims }] })
    bench.answer(bench.next('bob'), 'not-found')
    bench.answer(bench.next('carol'), 'not-found')
    expect(bench.of('undelivered')).toEqual([{ type: 'undelivered', peer: 'bob', id: idAt(1) }])
  })

  it('S9.2 E4 what a peer had named before it was asked, and does not have or calls too big, it does not deliver', () => {
    const bench = new FetchBench()
    for (const status of ['not-found', 'too-big', 'busy'] as const) {
      bench.list(status, [idAt(1)])
      bench.answer(bench.next(status), status)
    }
    expect(bench.of('undelivered').map(({ peer }) => peer)).toEqual(['not-found', 'too-big'])
  })

  it('what it names only after it was asked it did not have when it was: that is no offence', () => {
    const bench = new FetchBench()
    bench.feed({ type: 'missed', id: idAt(1), from: ['bob'] })
    const ask = bench.next('bob')
    bench.list('bob', [idAt(1)])
    bench.answer(ask, 'not-found')
    expect(bench.of('undelivered')).toEqual([])
  })

  it('an id that comes by other means is not asked for, and its answer is no offence', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 200))
    const ask = bench.next()
    bench.feed({ type: 'came', ids: idsFrom(0, 150) })
    const effects = bench.answer(ask)
    expect(effects.filter(({ type }) => type === 'judge' || type === 'misbehaviour')).toEqual([])
    expect(bench.next().ids).toEqual(idsFrom(150, 50))
    expect(bench.endings()).toEqual({ inserted: 150 })
  })

  it('a stream that nobody needs is ended before the other side takes it for stalled', () => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)])
    bench.bring(bench.next())
    bench.pass(IDLE_CLOSE_MS)
    expect(bench.of('close').map(({ isFault }) => isFault)).toEqual([false])
    expect(bench.state.listers.size).toBe(0)
    expect(bench.state.wakeAt).toBeNull()
  })
})

describe('dependencies (S8)', () => {
  it('a hundred parents in all places hold up none of their dependencies', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 1_000))
    bench.answer(bench.next(), 'ok')
    expect(bench.asks).toHaveLength(MAX_IN_FLIGHT)
    for (const id of idsFrom(5_000, 100)) bench.feed({ type: 'missed', id, from: ['bob'] })
    const urgent = bench.asks.slice(MAX_IN_FLIGHT)
    expect(urgent.length).toBeGreaterThan(0)
    bench.bring(urgent[0] as (typeof urgent)[0])
    expect(bench.asks.flatMap(({ ids }) => ids).filter((id) => id >= idAt(5_000)).length).toBe(100)
  })

  it('all blobs wait for others: the others are asked for, and all of it ends', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 100))
    const parents = bench.next()
    bench.answer(parents)
    for (const id of idsFrom(1_000, 100)) bench.feed({ type: 'missed', id, from: ['bob'] })
    bench.judge('bob', parents.ids, 'waiting')
    while (bench.asks.length > 0) bench.bring(bench.next())
    for (const id of parents.ids) bench.feed({ type: 'released', id, peer: 'bob', verdict: 'inserted' })
    expect(bench.endings()).toEqual({ inserted: 200 })
    expect(bench.state.wants.size).toBe(0)
  })

  it('a listed id that becomes a dependency goes first', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 1_000))
    bench.feed({ type: 'missed', id: idAt(999), from: ['bob'] })
    expect(bench.asks[1]?.ids).toEqual([idAt(999)])
  })

  it('its bringer does not have it: others are asked on the off-chance, which is no claim of theirs', () => {
    const bench = new FetchBench()
    for (const peer of ['eve', 'carol']) bench.feed({ type: 'connected', peer })
    bench.feed({ type: 'disconnected', peer: 'eve' })
    bench.feed({ type: 'missed', id: idAt(2), from: ['bob'] })
    bench.answer(bench.next('bob'), 'not-found')
    expect(bench.state.listers.get('carol')).toMatchObject({ claimed: 1, listed: 0 })
    bench.answer(bench.next('carol'), 'not-found')
    expect(bench.of('attempted').map(({ peer, frame }) => [peer, frame])).toEqual([
      ['bob', null],
      ['carol', null],
    ])
    expect(bench.of('undelivered')).toEqual([])
    expect(bench.endings()).toEqual({ unavailable: 1 })
    bench.feed({ type: 'missed', id: idAt(2), from: ['bob'] })
    expect(bench.state.wants.has(idAt(2))).toBe(false)
    bench.pass(UNAVAILABLE_MS)
    bench.feed({ type: 'missed', id: idAt(2), from: ['bob'] })
    expect(bench.state.wants.has(idAt(2))).toBe(true)
  })

  it('its bringer is given up as a whole: others are asked for it', () => {
    const bench = new FetchBench()
    for (const peer of ['bob', 'carol']) bench.feed({ type: 'connected', peer })
    bench.list('bob', [idAt(1)])
    for (let times = 0; times < PEER_TRIES; times++) {
      if (times === PEER_TRIES - 1) bench.feed({ type: 'missed', id: idAt(2), from: ['bob'] })
      if (bench.asks.length === 0) bench.wake()
      bench.asks = []
      bench.feed({ type: 'closed', peer: 'bob' })
    }
    expect(bench.of('silent').map(({ peer }) => peer)).toEqual(['bob'])
    expect(bench.next('carol').ids).toEqual([idAt(2)])
    expect(bench.endings()).toEqual({ unavailable: 1 })
  })

  it('an ATX that waits for ever leaves the queue', () => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)])
    bench.bring(bench.next(), 'waiting')
    bench.pass(WAITING_MS)
    expect(bench.endings()).toEqual({ unavailable: 1 })
  })
})

describe('failures (S8, S9.2)', () => {
  it.each(['mismatch', 'bad-signature', 'malformed', 'too-big'] as const)(
    '%s costs the supplier its claim, and the id stays wanted from others',
    (verdict) => {
      const bench = new FetchBench()
      bench.list('mallory', [idAt(1)])
      bench.list('bob', [idAt(1)])
      bench.bring(bench.next('mallory'), verdict)
      bench.bring(bench.next('bob'))
      expect(bench.outcomes()).toEqual([`mallory ${verdict}`, 'bob inserted'])
      expect(bench.endings()).toEqual({ inserted: 1 })
    },
  )

  it('invalid ends it for all', () => {
    const bench = new FetchBench()
    bench.list('mallory', [idAt(1)])
    bench.list('bob', [idAt(1)])
    bench.bring(bench.next('mallory'), 'invalid')
    expect(bench.endings()).toEqual({ invalid: 1 })
    expect(bench.asks).toEqual([])
  })

  it.each(['early', 'full'] as const)('%s: again after a pause, and unavailable after ten tries', (verdict) => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)])
    for (let tries = 1; tries <= FETCH_TRIES; tries++) {
      bench.bring(bench.next(), verdict)
      expect(bench.asks).toEqual([])
      bench.pass(LOCAL_PAUSE_MS)
    }
    expect(bench.outcomes()).toHaveLength(FETCH_TRIES)
    expect(bench.endings()).toEqual({ unavailable: 1 })
  })

  it('busy: the peer is left alone for longer each time, and the tries count', () => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)])
    const pauses: number[] = []
    for (let tries = 1; tries < FETCH_TRIES; tries++) {
      const askedAt = bench.now
      bench.answer(bench.next(), 'busy')
      while (bench.asks.length === 0) bench.wake()
      pauses.push(bench.now - askedAt)
    }
    expect(pauses.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000])
    expect(Math.max(...pauses)).toBe(MAX_REST_MS)
    expect(bench.of('silent')).toEqual([])
    bench.answer(bench.next(), 'busy')
    expect(bench.endings()).toEqual({ unavailable: 1 })
    expect(bench.of('silent')).toEqual([{ type: 'silent', peer: 'bob' }])
  })

  it('busy ten times in a row: what only that peer listed is unavailable', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 500))
    for (let times = 0; times < PEER_TRIES; times++) {
      bench.answer(bench.next(), 'busy')
      while (bench.asks.length === 0 && bench.state.wants.size > 0) bench.wake()
    }
    expect(bench.endings()).toEqual({ unavailable: 500 })
  })

  it('silence: the stream is given up, each id has a try less, and the peer is asked for little at first', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 500))
    bench.answer(bench.next())
    bench.judge('bob', idsFrom(0, 100), 'inserted')
    bench.asks = []
    bench.pass(SILENCE_MS)
    expect(bench.of('close').map(({ isFault }) => isFault)).toEqual([true])
    expect(bench.outcomes().filter((each) => each === 'bob no-answer')).toHaveLength(400)
    bench.wake()
    expect(bench.asks.map(({ ids }) => ids.length)).toEqual([FETCH_BATCH])
  })

  it('a dead peer is not hammered, and what only it listed is unavailable in the end', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 10_000))
    let opened = 0
    for (; bench.asks.length > 0; opened++) {
      bench.next()
      bench.feed({ type: 'closed', peer: 'bob' })
      while (bench.asks.length === 0 && bench.state.wakeAt !== null) bench.wake()
    }
    expect(opened).toBe(10)
    expect(bench.endings()).toEqual({ unavailable: 10_000 })
    expect(bench.of('silent')).toHaveLength(1)
    expect(bench.now - 1_000_000).toBeGreaterThan(180_000)
  })

  it('who is asked for what others build on owes that to nobody', () => {
    const bench = new FetchBench()
    bench.feed({ type: 'missed', id: idAt(1), from: ['bob'] })
    for (let times = 0; times < PEER_TRIES; times++) {
      bench.next('bob')
      bench.feed({ type: 'closed', peer: 'bob' })
      while (bench.asks.length === 0 && bench.state.wakeAt !== null) bench.wake()
    }
    expect(bench.endings()).toEqual({ unavailable: 1 })
    expect(bench.of('silent')).toEqual([])
  })

  it('a peer that trickles is given up although it is never silent', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 100))
    const ask = bench.next()
    for (const id of ask.ids.slice(0, 3)) {
      bench.pass(SILENCE_MS / 2)
      bench.feed({ type: 'answered', peer: 'bob', req: ask.req, items: [{ id, status: 'ok', bytes: 10 }], last: false })
      bench.judge('bob', [id], 'inserted')
    }
    bench.pass(SILENCE_MS / 2)
    expect(bench.of('close').map(({ reason }) => reason)).toEqual(['too slow'])
  })

  it('the time that judging takes is not the peer’s', () => {
    const bench = new FetchBench()
    bench.list('bob', idsFrom(0, 200))
    const ask = bench.next()
    bench.answer(ask)
    bench.pass(10 * SILENCE_MS)
    bench.judge('bob', ask.ids, 'inserted')
    expect(bench.of('close')).toEqual([])
    bench.pass(SILENCE_MS)
    expect(bench.of('close')).toHaveLength(1)
  })

  it('one that is connected again is asked at once', () => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)])
    bench.next()
    bench.feed({ type: 'closed', peer: 'bob' })
    expect(bench.asks).toEqual([])
    bench.feed({ type: 'connected', peer: 'bob' })
    expect(bench.asks).toHaveLength(1)
  })

  it('one that asks for patience has it', () => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)])
    bench.next()
    bench.feed({ type: 'deferred', peer: 'bob', retryAfterMs: 30_000 })
    bench.pass(29_999)
    expect(bench.asks).toEqual([])
    bench.pass(1)
    expect(bench.asks).toHaveLength(1)
  })
})

describe('unavailable (S8, A10)', () => {
  it('an id listed again has all its tries anew', () => {
    const bench = new FetchBench()
    bench.list('bob', [idAt(1)])
    const failOnce = (): void => {
      bench.next()
      bench.feed({ type: 'closed', peer: 'bob' })
      bench.feed({ type: 'connected', peer: 'bob' })
    }
    for (let tries = 0; tries < FETCH_TRIES - 1; tries++) failOnce()
    bench.list('bob', [idAt(1)])
    for (let tries = 0; tries < FETCH_TRIES - 1; tries++) failOnce()
    expect(bench.endings()).toEqual({})
    failOnce()
    expect(bench.endings()).toEqual({ unavailable: 1 })
    bench.list('bob', [idAt(1)])
    bench.bring(bench.next())
    expect(bench.endings()).toEqual({ unavailable: 1, inserted: 1 })
  })

  it('A10 ids that their only lister does not have cost one request each, and its next session none', () => {
    const bench = new FetchBench()
    const random = idsFrom(1_000, 1_000)
    bench.list('mallory', random)
    let requests = 0
    for (; bench.asks.length > 0; requests++) bench.answer(bench.next(), 'not-found')
    expect(requests).toBe(10)
    expect(bench.endings()).toEqual({ unavailable: 1_000 })
    bench.list('mallory', random)
    expect(bench.asks).toEqual([])
    bench.list('bob', [random[0] as string])
    expect(bench.asks.map(({ peer }) => peer)).toEqual(['bob'])
  })

  it('a banned peer takes its claims along; what others listed too is asked of them', () => {
    const bench = new FetchBench()
    bench.list('mallory', idsFrom(0, 150))
    bench.list('bob', idsFrom(50, 50))
    expect(bench.asks.map(({ peer }) => peer)).toEqual(['mallory'])
    bench.feed({ type: 'banned', peer: 'mallory' })
    expect(bench.endings()).toEqual({ dropped: 100 })
    expect(bench.next('bob').ids).toEqual(idsFrom(50, 50))
    expect(bench.state.wants.size).toBe(50)
  })
})

describe('a hostile server (S9.2 P)', () => {
  const start = (): { bench: FetchBench; ask: ReturnType<FetchBench['next']> } => {
    const bench = new FetchBench()
    bench.list('mallory', idsFrom(0, 50))
    return { bench, ask: bench.next() }
  }
  const ok = (id: string, bytes = 10) => ({ id, status: 'ok', bytes }) as const
  const cases = [
    { given: 'an item that was not asked for', items: [ok(idAt(7_000))], last: true },
    { given: 'an item twice', items: [ok(idAt(1)), ok(idAt(1))], last: false },
    { given: 'a blob above the limit', items: [ok(idAt(1), MAX_BLOB_BYTES + 1)], last: false },
    { given: 'an empty part that is not the last', items: [], last: false },
    { given: 'less than was asked for', items: [ok(idAt(1))], last: true },
  ]

  it.each(cases)('$given ends the stream; what it owes is asked for again', ({ items, last }) => {
    const { bench, ask } = start()
    bench.feed({ type: 'answered', peer: 'mallory', req: ask.req, items, last })
    expect(bench.of('misbehaviour').map(({ peer }) => peer)).toEqual(['mallory'])
    expect(bench.of('close').map(({ isFault }) => isFault)).toEqual([true])
    expect(bench.state.listers.get('mallory')?.requests.size).toBe(0)
    expect(bench.of('attempted').some(({ outcome }) => outcome === 'no-answer')).toBe(true)
  })

  it('an answer to another request', () => {
    const { bench, ask } = start()
    bench.feed({ type: 'answered', peer: 'mallory', req: ask.req + 1, items: [ok(idAt(1))], last: true })
    expect(bench.of('misbehaviour')).toHaveLength(1)
  })

  it('what came before the violation counts', () => {
    const { bench, ask } = start()
    const effects = bench.feed({
      type: 'answered',
      peer: 'mallory',
      req: ask.req,
      items: [ok(idAt(1)), ok(idAt(7_000))],
      last: true,
    })
    expect(effects.find(({ type }) => type === 'judge')).toMatchObject({ ids: [idAt(1)] })
  })

  it('items in another order than asked for, over several parts, are as good', () => {
    const { bench, ask } = start()
    const reversed = ask.ids.toReversed()
    for (const [index, id] of reversed.entries()) {
      bench.feed({ type: 'answered', peer: 'mallory', req: ask.req, items: [ok(id)], last: index === 49 })
    }
    expect(bench.of('misbehaviour')).toEqual([])
    expect(bench.of('judge').flatMap(({ ids }) => ids)).toEqual(reversed)
  })
})

describe('bounds (S1)', () => {
  it('no more ids are wanted than maxUnknownIds, and few claims of each are kept', () => {
    const bench = new FetchBench()
    for (let from = 0; from < MAX_WANTED + 2_048; from += 1_024) bench.list('bob', idsFrom(from, 1_024))
    expect(bench.state.wants.size).toBe(MAX_WANTED)
    expect(bench.endings()).toEqual({ 'no-room': 2_048 })
    for (let index = 0; index < 20; index++) bench.list(`p${index}`, [idAt(5)])
    expect(bench.state.wants.get(idAt(5))?.claims).toHaveLength(MAX_CLAIMS)
  })

  it('no more peers are known than MAX_LISTERS', () => {
    const bench = new FetchBench()
    for (let index = 0; index < MAX_LISTERS + 10; index++) bench.list(`p${index}`, [idAt(index)])
    expect(bench.state.listers.size).toBe(MAX_LISTERS)
    expect(bench.state.wants.size).toBe(MAX_LISTERS)
  })
})
