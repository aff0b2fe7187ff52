/**
 * The one way into the set (S8): size, id, dependencies, judgement, insertion. The machine decides by ids; the blobs wait
 * here under their key. Whoever brings the same bytes at the same time shares one judgement and one insertion.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { required } from '../../assert.ts'
import type { Hash, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import type { AtxCodec, AtxValidator } from '../ports.ts'
import type { AtxInfo, AtxRecord, AtxSet } from '../set/types.ts'
import { BYTES_PER_TURN, DECODED_PER_TURN, MAX_BLOB_BYTES, MAX_BRINGERS } from './bounds.ts'
import { createInfoCache } from './info-cache.ts'
import { createIntakeState, intakeStep } from './machine.ts'
import type { RejectedStore } from './rejected-store.ts'
import type { Arrived, Checked, IntakeEffect, IntakeInput } from './state.ts'
import type { Arrival, Intake, Verdict } from './types.ts'

/** An arrival that had been answered 'waiting' came to its end. */
export type Release = { readonly id: Hash; readonly from: PeerId | null; readonly verdict: Verdict }

/** Hears what happens beside the answers of `take`. Called in this order, before `take` resolves. */
export interface IntakeListener {
  readonly released?: (release: Release) => void
  /** ATXs that are in the set now, whoever brought them, in their order there. */
  readonly inserted?: (records: readonly AtxRecord[]) => void
  readonly rejected?: (ids: readonly Hash[]) => void
  /** An ATX could be read, and does not come into the set now: it is early, or waits for what it builds on. */
  readonly unready?: (info: AtxInfo) => void
  /** Somebody waits for this ATX; those of `from` brought what builds on it. */
  readonly missing?: (id: Hash, from: readonly PeerId[]) => void
}

export type IntakeOptions = {
  readonly set: Pick<AtxSet, 'has' | 'insert' | 'records'>
  readonly codec: AtxCodec
  readonly validator: AtxValidator
  readonly rejected: RejectedStore
  readonly clock: Clock
  /** A write or a judgement failed, which is never a peer's fault: the node cannot go on. */
  readonly onFailure: (error: unknown) => void
}

export interface AtxIntake extends Intake {
  listen(listener: IntakeListener): void
  /** Blobs that wait for a dependency. */
  waiting(): { readonly blobs: number; readonly bytes: number }
  /** Ends writes under way; whoever waits for an answer hears 'full'. */
  stop(): Promise<void>
}

type Bringer = { readonly from: PeerId | null; readonly answer: ((verdict: Verdict) => void) | null }

/** A blob on its way. `isTold`: its bringers heard 'waiting'. */
type Held = { readonly arrival: Arrival; readonly info: AtxInfo; bringers: Bringer[]; isTold: boolean }

/** What an arrival says, or why it is not looked at further. */
type Decoded = { readonly arrival: Arrival; readonly info: AtxInfo } | Verdict

class AtxIntakeService implements AtxIntake {
  readonly #options: IntakeOptions
  readonly #state = createIntakeState()
  readonly #held = new Map<number, Held>()
  readonly #keys = new Map<Hash, number[]>()
  readonly #listeners: IntakeListener[] = []
  readonly #infos: ReturnType<typeof createInfoCache>
  readonly #running = new Set<Promise<void>>()
  #nextKey = 0
  #isStopped = false

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#infos = createInfoCache(options.set)
  }

  listen(listener: IntakeListener): void {
    this.#listeners.push(listener)
  }

  isRejected(id: Hash): boolean {
    return this.#options.rejected.has(id)
  }

  waiting(): { readonly blobs: number; readonly bytes: number } {
    return { blobs: this.#state.waitingBlobs, bytes: this.#state.waitingBytes }
  }

  async take(arrivals: readonly Arrival[]): Promise<readonly Verdict[]> {
    const decoded = await this.#decodeAll(arrivals)
    if (this.#isStopped) return arrivals.map(() => 'full')
    // From here to the step nothing else runs, so what is asked of the set still holds in it.
    const arrived: Arrived[] = []
    const answers = decoded.map((each) => (typeof each === 'string' ? each : this.#enter(each, arrived)))
    if (arrived.length > 0) this.#push({ type: 'arrived', arrivals: arrived })
    return Promise.all(answers)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    while (this.#running.size > 0) await Promise.all(this.#running)
    for (const { bringers } of this.#held.values()) for (const { answer } of bringers) answer?.('full')
    this.#held.clear()
    this.#keys.clear()
  }

  // ------------------------------------------------------------ in

  async #decodeAll(arrivals: readonly Arrival[]): Promise<Decoded[]> {
    const decoded: Decoded[] = []
    let sinceTurn = 0
    for (const arrival of arrivals) {
      decoded.push(this.#decode(arrival))
      sinceTurn += arrival.blob.byteLength + BYTES_PER_TURN / DECODED_PER_TURN
      if (sinceTurn < BYTES_PER_TURN) continue
      sinceTurn = 0
      await nextTurn()
    }
    return decoded
  }

  #decode(arrival: Arrival): Decoded {
    if (arrival.blob.byteLength > MAX_BLOB_BYTES) return 'too-big'
    const info = this.#options.codec.decode(arrival.blob)
    if (info === null) return 'malformed'
    return info.id === arrival.id ? { arrival, info } : 'mismatch'
  }

  #enter({ arrival, info }: Exclude<Decoded, Verdict>, arrived: Arrived[]): Verdict | Promise<Verdict> {
    const { id, from, blob } = arrival
    if (this.#isInSet(id)) return 'known'
    if (this.isRejected(id)) return 'invalid'
    const same = this.#heldAs(arrival)
    if (same !== null) return this.#join(same, from)
    const key = this.#nextKey++
    const { promise, resolve } = Promise.withResolvers<Verdict>()
    this.#held.set(key, { arrival, info, bringers: [{ from, answer: resolve }], isTold: false })
    const keys = this.#keys.get(id)
    if (keys === undefined) this.#keys.set(id, [key])
    else keys.push(key)
    const dependencies = dependenciesOf(info)
    const absent = dependencies.filter((dependency) => !this.#isInSet(dependency))
    const isDoomed = absent.some((dependency) => this.isRejected(dependency))
    arrived.push({ key, id, from, bytes: blob.byteLength, dependencies, absent, isDoomed })
    return promise
  }

  #isInSet(id: Hash): boolean {
    return this.#options.set.has(Buffer.from(id, 'hex'))
  }

  /** The same bytes, on their way already. */
  #heldAs({ id, blob }: Arrival): Held | null {
    for (const key of this.#keys.get(id) ?? []) {
      const held = this.#held.get(key)
      if (held !== undefined && Buffer.compare(held.arrival.blob, blob) === 0) return held
    }
    return null
  }

  #join(held: Held, from: PeerId | null): Verdict | Promise<Verdict> {
    if (!held.isTold) return new Promise((answer) => held.bringers.push({ from, answer }))
    const isNew = held.bringers.length < MAX_BRINGERS && held.bringers.every((each) => each.from !== from)
    if (isNew) held.bringers.push({ from, answer: null })
    return 'waiting'
  }

  // ------------------------------------------------------------ out

  #push(input: IntakeInput): void {
    for (const effect of intakeStep(this.#state, input)) this.#carryOut(effect)
  }

  #carryOut(effect: IntakeEffect): void {
    switch (effect.type) {
      case 'check':
        return this.#isStopped ? undefined : this.#run(this.#check(effect.items))
      case 'insert':
        return this.#isStopped ? undefined : this.#run(this.#insert(effect.items))
      case 'wait':
        return this.#tellWaiting(effect.key)
      case 'settle':
        return this.#settle(effect)
      case 'reject':
        this.#run(this.#options.rejected.add(effect.ids))
        for (const listener of this.#listeners) listener.rejected?.(effect.ids)
        return
      case 'missing':
        for (const listener of this.#listeners) listener.missing?.(effect.id, effect.from)
        return
    }
  }

  #run(work: Promise<void>): void {
    const watched = work.catch(this.#options.onFailure).finally(() => this.#running.delete(watched))
    this.#running.add(watched)
  }

  async #check(items: readonly { readonly id: Hash; readonly key: number }[]): Promise<void> {
    const blobs = items.map(({ key }) => this.#heldBy(key))
    const known = await this.#known(blobs.flatMap(({ info }) => dependenciesOf(info)))
    const now = this.#options.clock.now()
    const results = await Promise.all(
      blobs.map(async ({ arrival: { blob }, info }, index): Promise<Checked> => {
        const { id, key } = required(items[index], 'one blob for each item')
        const previous = info.previous === null ? null : (known.get(info.previous) ?? null)
        const positioning = info.positioning === null ? null : (known.get(info.positioning) ?? null)
        const { verdict } = await this.#options.validator.validate(blob, info, { previous, positioning }, now)
        return { id, key, verdict }
      }),
    )
    if (!this.#isStopped) this.#push({ type: 'checked', results })
  }

  /** Infos of ATXs that are in the set, or valid and about to be. */
  async #known(ids: readonly Hash[]): Promise<ReadonlyMap<Hash, AtxInfo>> {
    const waiting = new Map<Hash, AtxInfo>()
    for (const id of ids) {
      const key = this.#keys.get(id)?.[0]
      if (key !== undefined) waiting.set(id, this.#heldBy(key).info)
    }
    const stored = await this.#infos.read(ids.filter((id) => !waiting.has(id)))
    return waiting.size === 0 ? stored : new Map([...stored, ...waiting])
  }

  async #insert(items: readonly { readonly id: Hash; readonly key: number }[]): Promise<void> {
    const atxs = items.map(({ key }) => {
      const { arrival, info } = this.#heldBy(key)
      return { info, blob: arrival.blob, receivedAt: arrival.receivedAt, source: arrival.source }
    })
    const records = await this.#options.set.insert(atxs)
    for (const { info } of atxs) this.#infos.put(info)
    this.#push({ type: 'inserted' })
    if (records.length > 0) for (const listener of this.#listeners) listener.inserted?.(records)
  }

  #heldBy(key: number): Held {
    return required(this.#held.get(key), 'a blob stays until it is settled')
  }

  #tellWaiting(key: number): void {
    const held = this.#held.get(key)
    if (held === undefined || held.isTold) return
    held.isTold = true
    for (const listener of this.#listeners) listener.unready?.(held.info)
    for (const { answer } of held.bringers) answer?.('waiting')
    held.bringers = held.bringers.slice(0, MAX_BRINGERS).map(({ from }) => ({ from, answer: null }))
  }

  #settle({ id, key, verdict }: Extract<IntakeEffect, { type: 'settle' }>): void {
    const held = this.#heldBy(key)
    this.#held.delete(key)
    if (verdict === 'early') for (const listener of this.#listeners) listener.unready?.(held.info)
    const rest = (this.#keys.get(id) ?? []).filter((each) => each !== key)
    if (rest.length === 0) this.#keys.delete(id)
    else this.#keys.set(id, rest)
    for (const [index, { from, answer }] of held.bringers.entries()) {
      // It is inserted once; the others brought what was then known.
      const heard = verdict === 'inserted' && index > 0 ? 'known' : verdict
      answer?.(heard)
      if (held.isTold) for (const listener of this.#listeners) listener.released?.({ id, from, verdict: heard })
    }
  }
}

/** The ATXs that one builds on, each once. */
export function dependenciesOf({ previous, positioning }: AtxInfo): Hash[] {
  const named = [previous, positioning].filter((id) => id !== null)
  return named[0] === named[1] ? named.slice(1) : named
}

/** An intake in front of a set. */
export function createIntake(options: IntakeOptions): AtxIntake {
  return new AtxIntakeService(options)
}
