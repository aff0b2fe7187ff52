/** One fetch machine under test, at a virtual instant, with what it asked for so far. */
import { createFetchState, fetchStep } from '../../../src/sync/fetch/machine.ts'
import type { AnsweredItem, FetchEffect, FetchInput, FetchState } from '../../../src/sync/fetch/types.ts'
import type { Verdict } from '../../../src/sync/intake/types.ts'

export type BareInput = FetchInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never
export type Ask = Extract<FetchEffect, { type: 'ask' }>

/** The `index`-th id of a test. */
export const idAt = (index: number): string => index.toString(16).padStart(64, '0')
export const idsFrom = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, index) => idAt(first + index))

export class FetchBench {
  readonly state: FetchState
  now = 1_000_000
  asks: Ask[] = []
  effects: FetchEffect[] = []

  /** `places`: of the queue; as many as a node has when absent. */
  constructor(places?: number) {
    this.state = createFetchState(places)
  }

  feed(input: BareInput): FetchEffect[] {
    const effects = fetchStep(this.state, { ...input, now: this.now } as FetchInput)
    this.effects.push(...effects)
    for (const effect of effects) if (effect.type === 'ask') this.asks.push(effect)
    return effects
  }

  list(peer: string, ids: readonly string[], frame: number | null = 3): FetchEffect[] {
    return this.feed({ type: 'advertised', peer, frame, ids })
  }

  /** The oldest request nobody answered yet. */
  next(peer?: string): Ask {
    const at = this.asks.findIndex((ask) => peer === undefined || ask.peer === peer)
    const [ask] = at < 0 ? [] : this.asks.splice(at, 1)
    if (ask === undefined) throw new Error(`nothing was asked of ${peer ?? 'anybody'}`)
    return ask
  }

  answer({ peer, req, ids }: Ask, status: AnsweredItem['status'] = 'ok', bytes = 1_000): FetchEffect[] {
    const items = ids.map((id) => ({ id, status, bytes: status === 'ok' ? bytes : 0 }))
    return this.feed({ type: 'answered', peer, req, items, last: true })
  }

  judge(peer: string, ids: readonly string[], verdict: Verdict): FetchEffect[] {
    return this.feed({ type: 'judged', peer, items: ids.map((id) => ({ id, verdict })) })
  }

  /** Answers a request with blobs, all of which the intake finds so. */
  bring(ask: Ask, verdict: Verdict = 'inserted'): void {
    this.answer(ask)
    this.judge(ask.peer, ask.ids, verdict)
  }

  /** Goes on to the next alarm. */
  wake(): void {
    if (this.state.wakeAt === null) throw new Error('no alarm is set')
    this.now = Math.max(this.now, this.state.wakeAt)
    this.feed({ type: 'woke' })
  }

  pass(ms: number): void {
    const until = this.now + ms
    while (this.state.wakeAt !== null && this.state.wakeAt <= until) this.wake()
    this.now = until
  }

  of<T extends FetchEffect['type']>(type: T): Extract<FetchEffect, { type: T }>[] {
    return this.effects.filter((effect): effect is Extract<FetchEffect, { type: T }> => effect.type === type)
  }

  outcomes(): string[] {
    return this.of('attempted').map(({ peer, outcome }) => `${peer} ${outcome}`)
  }

  endings(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { outcome } of this.of('ended')) counts[outcome] = (counts[outcome] ?? 0) + 1
    return counts
  }
}
