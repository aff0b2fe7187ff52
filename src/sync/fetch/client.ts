/**
 * Fetching on the live network (S8): a queue of wanted ids over all sessions, one stream to each peer that is asked, blobs
 * into the intake, and what became of them to whoever counts. The machine decides.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Hash, Millis, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createTimers } from '../../machine/timers.ts'
import { etaMsOf } from '../flow.ts'
import type { AtxIntake } from '../intake/intake.ts'
import type { Item } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import { type AtxSet, ID_BYTES } from '../set/types.ts'
import { STORE_EVERY_MS } from './bounds.ts'
import type { FetchStore } from './fetch-store.ts'
import { type FetchLink, type LinkEnd, openFetchLink } from './link.ts'
import { createFetchState, fetchStep } from './machine.ts'
import { createRateMeter } from './rate-meter.ts'
import { claimOf } from './rules/wants.ts'
import type { Claim, FetchEffect, FetchInput, RestoredWant, Want } from './types.ts'

/** Ids restored before other work gets its turn. */
const RESTORED_PER_TURN = 1_024

type Of<Type extends FetchEffect['type']> = Omit<Extract<FetchEffect, { type: Type }>, 'type'>

/** Hears what peers did (S9.2). */
export interface FetchObserver {
  /** What one peer did with one id that it was asked for; 'waiting' may be followed by what came of it. */
  readonly attempted: (attempt: Of<'attempted'>) => void
  /** A peer does not have what it had named before it was asked. */
  readonly undelivered: (peer: PeerId, id: Hash) => void
  /** Ten times in a row a peer brought nothing of what it named. */
  readonly silent: (peer: PeerId) => void
  /** An id left the queue; `claims` say who listed it, and in which timeframe. */
  readonly ended: (end: Of<'ended'>) => void
  /** A place of the peer's share of the queue is free again. */
  readonly eased: (peer: PeerId) => void
  /** A violation of the protocol: class P. */
  readonly misbehaved: (peer: PeerId, reason: string) => void
  /** The store failed: the node cannot go on. */
  readonly failed: (error: unknown) => void
}

export type FetchOptions = {
  readonly open: (peer: PeerId) => Promise<AtxStream>
  /** Exchanges the hellos of a fresh stream; rejects when the peer refuses. */
  readonly greet: (stream: AtxStream, intent: 'fetch') => Promise<void>
  readonly intake: AtxIntake
  readonly set: Pick<AtxSet, 'has'>
  readonly store: FetchStore
  readonly clock: Clock
  readonly observer: FetchObserver
}

/** A list of ids that a peer has: packed. `frame`: the timeframe it listed them in; null for an announcement. */
export type Advertisement = { readonly peer: PeerId; readonly frame: number | null; readonly ids: Uint8Array }

export type FetchProgress = {
  /** Ids that are wanted, however far they are. */
  readonly queued: number
  /** Those of `queued` whose blobs wait for what they build on. */
  readonly waiting: number
  /** Ids that came, and that did not, since the start. */
  readonly done: number
  readonly failed: number
  readonly bytes: number
  readonly bytesPerSecond: number
  readonly idsPerSecond: number
  /** Time until the queue is empty at the present rate; null when nothing moves. */
  readonly etaMs: Millis | null
}

export interface AtxFetch {
  /** Resumes what was wanted before a restart. */
  start(): Promise<void>
  /**
   * Wants what is neither here nor rejected. False when some of it is not here, and will not be fetched for this peer: what
   * it listed did not all come then, whatever becomes of the rest.
   */
  advertise(advertisement: Advertisement): boolean
  /** Wanted ids that the peer itself listed: 0 when what its session brought has come, or was given up. */
  remaining(peer: PeerId): number
  /** Wanted ids that take the peer's share of the queue ({@link LISTER_SHARE}). */
  held(peer: PeerId): number
  /** Who named a wanted id, and in which timeframe. */
  claimsOn(id: Hash): readonly Claim[]
  /** Whether the id is wanted, and the peer is one of those that are asked for it. */
  isWantedFrom(peer: PeerId, id: Hash): boolean
  connected(peer: PeerId): void
  disconnected(peer: PeerId): void
  /** Drops the claims of a banned peer (S9.2). */
  banned(peer: PeerId): void
  progress(): FetchProgress
  stop(): Promise<void>
}

type Bare = FetchInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never
type Good = Extract<Item, { status: 'ok' }>

class AtxFetchService implements AtxFetch {
  readonly #options: FetchOptions
  readonly #state = createFetchState()
  readonly #links = new Map<PeerId, FetchLink>()
  #changed = new Set<Hash>()
  readonly #timers
  readonly #doneRate
  readonly #byteRate
  readonly #inputs: Bare[] = []
  #isBusy = false
  #writing: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(options: FetchOptions) {
    this.#options = options
    this.#timers = createTimers<'wake' | 'store'>((name) => this.#onTimer(name))
    this.#doneRate = createRateMeter(options.clock)
    this.#byteRate = createRateMeter(options.clock)
    options.intake.listen({
      released: ({ id, from, verdict }) => {
        if (from !== null) this.#push({ type: 'released', id, peer: from, verdict })
      },
      inserted: (records) => this.#push({ type: 'came', ids: records.map(({ id }) => id) }),
      rejected: (ids) => this.#push({ type: 'rejected', ids }),
      missing: (id, from) => this.#push({ type: 'missed', id, from }),
    })
  }

  async start(): Promise<void> {
    const { set, intake, store } = this.#options
    const stored = await store.load()
    const wants = stored.filter(({ id }) => !set.has(Buffer.from(id, 'hex')) && !intake.isRejected(id))
    for (const { id } of stored) this.#changed.add(id)
    for (let from = 0; from < wants.length; from += RESTORED_PER_TURN) {
      this.#push({ type: 'restored', wants: wants.slice(from, from + RESTORED_PER_TURN) })
      await nextTurn()
    }
    if (stored.length > 0) this.#timers.set('store', STORE_EVERY_MS)
  }

  advertise({ peer, frame, ids }: Advertisement): boolean {
    const { set, intake } = this.#options
    const packed = Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength)
    const wanted: Hash[] = []
    let isWhole = true
    for (let at = 0; at + ID_BYTES <= packed.byteLength; at += ID_BYTES) {
      if (set.has(packed, at)) continue
      const id = packed.toString('hex', at, at + ID_BYTES)
      if (intake.isRejected(id)) isWhole = false
      else wanted.push(id)
    }
    if (wanted.length > 0) this.#push({ type: 'advertised', peer, frame, ids: wanted })
    return isWhole && wanted.every((id) => this.isWantedFrom(peer, id))
  }

  isWantedFrom(peer: PeerId, id: Hash): boolean {
    const want = this.#state.wants.get(id)
    return want !== undefined && claimOf(want, peer) !== undefined
  }

  remaining(peer: PeerId): number {
    return this.#state.listers.get(peer)?.listed ?? 0
  }

  held(peer: PeerId): number {
    return this.#state.listers.get(peer)?.held ?? 0
  }

  claimsOn(id: Hash): readonly Claim[] {
    return this.#state.wants.get(id)?.claims ?? []
  }

  connected(peer: PeerId): void {
    this.#push({ type: 'connected', peer })
  }

  disconnected(peer: PeerId): void {
    this.#push({ type: 'disconnected', peer })
  }

  banned(peer: PeerId): void {
    this.#push({ type: 'banned', peer })
  }

  progress(): FetchProgress {
    const { wants, waiting, counters } = this.#state
    const idsPerSecond = this.#doneRate.perSecond()
    const etaMs = etaMsOf(wants.size, idsPerSecond)
    const bytesPerSecond = this.#byteRate.perSecond()
    return { queued: wants.size, waiting: waiting.size, ...counters, bytesPerSecond, idsPerSecond, etaMs }
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return
    this.#isStopped = true
    this.#timers.clear()
    for (const link of this.#links.values()) link.close('the node stops', false)
    this.#links.clear()
    this.#write()
    await this.#writing
  }

  // ------------------------------------------------------------ in

  #onTimer(name: 'wake' | 'store'): void {
    if (name === 'wake') this.#push({ type: 'woke' })
    else this.#write()
  }

  /** An input that comes while effects are carried out, from an observer, has its turn after them. */
  #push(input: Bare): void {
    this.#inputs.push(input)
    if (!this.#isBusy) this.#drain()
  }

  #drain(): void {
    this.#isBusy = true
    for (let input = this.#inputs.shift(); input !== undefined; input = this.#inputs.shift()) {
      for (const effect of this.#step(input)) this.#carryOut(effect)
    }
    this.#isBusy = false
  }

  #step(input: Bare): FetchEffect[] {
    if (this.#isStopped) return []
    return fetchStep(this.#state, { ...input, now: this.#options.clock.now() } as FetchInput)
  }

  #ended(peer: PeerId, end: LinkEnd): void {
    this.#links.delete(peer)
    if (end.type === 'violation') this.#options.observer.misbehaved(peer, end.reason)
    if (end.type === 'deferred') this.#push({ type: 'deferred', peer, retryAfterMs: end.retryAfterMs })
    else this.#push({ type: 'closed', peer })
  }

  // ------------------------------------------------------------ out

  #carryOut(effect: FetchEffect): void {
    const { observer } = this.#options
    switch (effect.type) {
      case 'ask':
        return this.#linkTo(effect.peer).ask(effect.req, effect.ids)
      case 'judge':
        return
      case 'close':
        this.#links.get(effect.peer)?.close(effect.reason, !effect.isFault)
        this.#links.delete(effect.peer)
        return
      case 'misbehaviour':
        return observer.misbehaved(effect.peer, effect.reason)
      case 'attempted':
        return observer.attempted(effect)
      case 'undelivered':
        return observer.undelivered(effect.peer, effect.id)
      case 'silent':
        return observer.silent(effect.peer)
      case 'ended':
        if (effect.outcome === 'inserted' || effect.outcome === 'known') this.#doneRate.add(1)
        return observer.ended(effect)
      case 'eased':
        return observer.eased(effect.peer)
      case 'changed':
        return this.#noteChange(effect.id)
      case 'wake':
        return effect.delayMs === null ? this.#timers.cancel('wake') : this.#timers.set('wake', effect.delayMs)
    }
  }

  #linkTo(peer: PeerId): FetchLink {
    const known = this.#links.get(peer)
    if (known !== undefined) return known
    const { open, greet } = this.#options
    const link: FetchLink = openFetchLink({
      peer,
      open,
      greet,
      answered: ({ req, items, last }) =>
        this.#links.get(peer) === link ? this.#answered(peer, { req, items, last }) : [],
      judge: (blobs) => this.#judge(peer, blobs),
      ended: (end) => {
        if (this.#links.get(peer) === link) this.#ended(peer, end)
      },
    })
    this.#links.set(peer, link)
    return link
  }

  /** The ids of an answer whose blobs are to be judged. */
  #answered(peer: PeerId, answer: { req: number; items: readonly Item[]; last: boolean }): readonly Hash[] {
    const items = answer.items.map((item) => {
      const bytes = item.status === 'ok' ? item.blob.byteLength : 0
      this.#byteRate.add(bytes)
      return { id: item.id, status: item.status, bytes }
    })
    let wanted: readonly Hash[] = []
    this.#isBusy = true
    for (const effect of this.#step({ type: 'answered', peer, req: answer.req, items, last: answer.last })) {
      if (effect.type === 'judge') wanted = effect.ids
      else this.#carryOut(effect)
    }
    this.#drain()
    return wanted
  }

  async #judge(peer: PeerId, blobs: readonly Good[]): Promise<void> {
    const receivedAt = this.#options.clock.now()
    const verdicts = await this.#options.intake.take(
      blobs.map(({ id, blob }) => ({ id, blob, receivedAt, source: 'sync', from: peer })),
    )
    const items = blobs.map(({ id }, index) => ({ id, verdict: verdicts[index] ?? 'full' }))
    this.#push({ type: 'judged', peer, items })
  }

  // ------------------------------------------------------------ disk

  #noteChange(id: Hash): void {
    if (this.#changed.size === 0) this.#timers.set('store', STORE_EVERY_MS)
    this.#changed.add(id)
  }

  /** One write at a time; what changes meanwhile is in the next one. */
  #write(): void {
    if (this.#changed.size === 0) return
    const changed = this.#changed
    this.#changed = new Set()
    const { store, observer } = this.#options
    this.#writing = this.#writing.then(() => store.write(keptOf(this.#state.wants, changed))).catch(observer.failed)
  }
}

/** What is kept of each, as it is when it is written; what only the intake waits for comes up again by itself. */
function* keptOf(wants: ReadonlyMap<Hash, Want>, ids: Iterable<Hash>): Generator<readonly [Hash, RestoredWant | null]> {
  for (const id of ids) {
    const want = wants.get(id)
    const isKept = want !== undefined && !(want.isDependency && want.claims.every(({ frame }) => frame === null))
    yield [id, isKept ? restorable(want) : null]
  }
}

function restorable({ id, tries, claims }: Want): RestoredWant {
  return { id, tries, claims: claims.map(({ peer, frame }) => ({ peer, frame })) }
}

/** A fetcher in front of an intake; nothing is asked for until something is advertised. */
export function createAtxFetch(options: FetchOptions): AtxFetch {
  return new AtxFetchService(options)
}
