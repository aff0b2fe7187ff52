/** The fetch machine against anything (DESIGN.md 4): it never throws, its books agree, its bounds hold, and nothing hangs for ever. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  FETCH_BATCH,
  FETCH_TRIES,
  MAX_CLAIMS,
  MAX_DEPENDENCY_REQUESTS,
  MAX_IN_FLIGHT,
} from '../../../../src/sync/fetch/bounds.ts'
import type { AnsweredItem } from '../../../../src/sync/fetch/types.ts'
import { type BareInput, FetchBench, idAt } from '../../../helpers/sync/fetch-machine.ts'

const peer = fc.constantFrom('a', 'b', 'c', 'd')
const id = fc.nat(40).map(idAt)
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 20 })
const verdict = fc.constantFrom(
  ...([
    'inserted',
    'known',
    'waiting',
    'mismatch',
    'bad-signature',
    'too-big',
    'malformed',
    'invalid',
    'early',
    'full',
  ] as const),
)
const item = fc.record({ id, status: fc.constantFrom('ok', 'not-found', 'too-big', 'busy'), bytes: fc.nat(400_000) })

/** What anybody may send, and what a peer does with what it was asked. */
const anything: fc.Arbitrary<BareInput> = fc.oneof(
  fc.record({ type: fc.constant('advertised'), peer, frame: fc.option(fc.nat(9)), ids }),
  fc.record({ type: fc.constant('missed'), id, from: fc.array(peer, { maxLength: 3 }) }),
  fc.record({ type: fc.constantFrom('came', 'rejected'), ids }),
  fc.record({
    type: fc.constant('answered'),
    peer,
    req: fc.nat(40),
    items: fc.array(item, { maxLength: 5 }),
    last: fc.boolean(),
  }),
  fc.record({ type: fc.constant('judged'), peer, items: fc.array(fc.record({ id, verdict }), { maxLength: 5 }) }),
  fc.record({ type: fc.constant('released'), id, peer, verdict }),
  fc.record({ type: fc.constantFrom('closed', 'connected', 'disconnected', 'banned'), peer }),
  fc.record({ type: fc.constant('deferred'), peer, retryAfterMs: fc.nat(100_000) }),
  fc.record({
    type: fc.constant('restored'),
    wants: fc.array(
      fc.record({
        id,
        tries: fc.nat(9),
        claims: fc.array(fc.record({ peer, frame: fc.option(fc.nat(9)) }), { maxLength: 3 }),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({ type: fc.constant('woke') }),
) as fc.Arbitrary<BareInput>

type Reply = 'good' | 'partly' | 'lost' | 'not-found' | 'busy'
const reply = fc.record({
  reply: fc.constantFrom<Reply>('good', 'partly', 'lost', 'not-found', 'busy'),
  verdict,
  pick: fc.nat(),
  bytes: fc.constantFrom(500, 500, 300_000),
})
const turn = fc.oneof(
  { weight: 2, arbitrary: fc.record({ input: anything }) },
  { weight: 3, arbitrary: reply },
  { weight: 1, arbitrary: fc.record({ passMs: fc.nat(70_000) }) },
)
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never

function play(bench: FetchBench, each: Turn): void {
  if ('passMs' in each) return bench.pass(each.passMs)
  if ('input' in each) return void bench.feed(each.input)
  if (bench.asks.length === 0) return
  const [ask] = bench.asks.splice(each.pick % bench.asks.length, 1)
  if (ask === undefined) return
  if (each.reply === 'lost') return void bench.feed({ type: 'closed', peer: ask.peer })
  const status = each.reply === 'good' || each.reply === 'partly' ? 'ok' : each.reply
  const items = ask.ids.map((asked): AnsweredItem => ({ id: asked, status, bytes: each.bytes }))
  const some = each.reply === 'partly' ? items.slice(1) : items
  const effects = bench.feed({
    type: 'answered',
    peer: ask.peer,
    req: ask.req,
    items: some,
    last: each.reply !== 'partly',
  })
  for (const effect of effects) if (effect.type === 'judge') bench.judge(effect.peer, effect.ids, each.verdict)
}

function checkBooks({ state }: FetchBench): void {
  const asked = new Set<string>()
  expect(state.held).toBeLessThanOrEqual(state.places)
  expect(state.held).toBe([...state.wants.values()].filter(({ holder }) => holder !== null).length)
  for (const [name, lister] of state.listers) {
    const requests = [...lister.requests.values()]
    expect(requests.filter(({ isForDependencies }) => !isForDependencies).length).toBeLessThanOrEqual(MAX_IN_FLIGHT)
    expect(requests.length).toBeLessThanOrEqual(MAX_IN_FLIGHT + MAX_DEPENDENCY_REQUESTS)
    for (const { open } of requests) {
      expect(open.size).toBeLessThanOrEqual(FETCH_BATCH)
      for (const each of open) if (state.wants.get(each)?.phase === 'asked') asked.add(each)
    }
    for (const each of lister.judging.keys()) if (state.wants.get(each)?.phase === 'asked') asked.add(each)
    const claims = [...state.wants.values()].flatMap((want) => want.claims.filter((claim) => claim.peer === name))
    expect(lister.claimed).toBe(claims.length)
    expect(lister.listed).toBe(claims.filter(({ isListed }) => isListed).length)
    expect(lister.held).toBe([...state.wants.values()].filter(({ holder }) => holder === name).length)
  }
  for (const want of state.wants.values()) {
    expect(want.tries).toBeLessThan(FETCH_TRIES)
    if (want.holder !== null) expect(want.claims.map((claim) => claim.peer)).toContain(want.holder)
    expect(want.claims.length).toBeLessThanOrEqual(MAX_CLAIMS)
    expect(want.phase === 'resting').toBe(state.resting.has(want.id))
    expect(want.phase === 'waiting').toBe(state.waiting.has(want.id))
    const queues = [...state.listers]
      .filter(([, l]) => l.queue.has(want.id) || l.urgent.has(want.id))
      .map(([name]) => name)
    const good = want.claims.filter(({ standing }) => standing === 'good').map((claim) => claim.peer)
    expect(queues.sort()).toEqual(want.phase === 'queued' ? good.sort() : [])
    if (want.phase === 'queued') expect(good.length).toBeGreaterThan(0)
    if (want.phase === 'asked') expect(asked.has(want.id)).toBe(true)
  }
}

/** Found once: a banned peer was asked again for what only it had. */
const BANNED_WHILE_ASKED: Turn[] = [
  { input: { type: 'missed', id: '00'.repeat(32), from: ['a', 'd'] } },
  { reply: 'good', verdict: 'bad-signature', pick: 0, bytes: 500 },
  { input: { type: 'banned', peer: 'd' } },
]

/** Of a queue that is never full, and of one that mostly is. */
const places = fc.constantFrom(undefined, 12)

it('whatever comes in, the books agree and bounds hold after every input', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), places, (turns, count) => {
      const bench = new FetchBench(count)
      for (const each of turns) {
        play(bench, each)
        checkBooks(bench)
      }
    }),
    { numRuns: 400, examples: [[BANNED_WHILE_ASKED, undefined]] },
  )
})

it('whatever came in, when nobody answers any more every id leaves the queue in the end (S8)', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 40 }), places, (turns, count) => {
      const bench = new FetchBench(count)
      for (const each of turns) play(bench, each)
      for (const [name, { judging }] of bench.state.listers) bench.judge(name, [...judging.keys()], 'full')
      for (let alarms = 0; bench.state.wakeAt !== null; alarms++) {
        expect(alarms).toBeLessThan(2_000)
        bench.wake()
      }
      expect(bench.state.wants.size).toBe(0)
      expect(bench.state.listers.size).toBe(0)
    }),
    { numRuns: 200 },
  )
})

it('the same inputs give the same effects', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
      const [one, two] = [new FetchBench(), new FetchBench()]
      for (const each of turns) {
        play(one, each)
        play(two, each)
      }
      expect(one.effects).toEqual(two.effects)
    }),
    { numRuns: 50 },
  )
})
