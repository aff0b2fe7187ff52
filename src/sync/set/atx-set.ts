/**
 * The live set (S2, S3): inserts go into memory at once and in order, and to disk in batches; whoever waits for an insert
 * waits for its batch. Boundaries are rolled whenever the clock is looked at.
 */
import { Buffer } from 'node:buffer'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { assert } from '../../assert.ts'
import type { Hash, Millis } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import type { SyncError } from '../errors.ts'
import { highGradeOf, nextSettlingAfter, totalOf } from './checkpoints.ts'
import { createFrozenView } from './frozen-view.ts'
import type { SettledFilter } from './grades.ts'
import { type Opened, openMemory } from './opening.ts'
import type { SetMemory } from './set-memory.ts'
import { createSetStore, type SetDb, type SetStore, type StoredAtx } from './set-store.ts'
import type { Calendar } from './timeframes.ts'
import { type AtxRecord, type AtxSet, type FrozenView, type Heads, ID_BYTES, type NewAtx, type Suite } from './types.ts'

/** ATXs inserted before other work gets its turn: a millisecond or two in suite 2. */
const INSERTS_PER_TURN = 64

export type AtxSetOptions = {
  readonly db: SetDb
  /** What all keys start with. */
  readonly prefix: string
  readonly suite: Suite
  readonly calendar: Calendar
  readonly filter: SettledFilter
  readonly clock: Clock
  /** Told why checkpoints are built anew on opening. */
  readonly onRebuild: (reason: string) => void
  /** Told once that a write failed: the set takes no more, and memory is ahead of the disk until the next start. */
  readonly onFailure: (error: SyncError) => void
}

/** The set and its life. */
export interface OwnedAtxSet extends AtxSet {
  /** Rolls what is due and writes it. To be called at boundaries, or every now and then. */
  tick(): Promise<void>
  /** Resolves when all is on disk. */
  close(): Promise<void>
}

type Cached = { readonly heads: Heads; readonly version: number; readonly until: Millis }

class LiveAtxSet implements OwnedAtxSet {
  readonly storeId: Uint8Array
  readonly suite: Suite
  readonly #store: SetStore
  readonly #memory: SetMemory
  readonly #calendar: Calendar
  readonly #clock: Clock
  readonly #onFailure: (error: SyncError) => void
  /** The latest instant seen; it never goes back, so that nothing enters a closed timeframe (S2). */
  #latest: Millis
  #nextBoundary: Millis
  #cached: Cached | null = null
  #unwritten: StoredAtx[] = []
  #writtenCount: number
  #writtenVersion = 0
  #isClosedDirty = false
  /** Jobs that change the set or write it, one after the other. */
  #tail: Promise<unknown> = Promise.resolve()
  /** The write that waits for its turn. */
  #nextWrite: Promise<void> | null = null
  #failure: SyncError | null = null

  constructor({ suite, calendar, clock, onFailure }: AtxSetOptions, store: SetStore, opened: Opened) {
    this.suite = suite
    this.storeId = opened.storeId
    this.#store = store
    this.#memory = opened.memory
    this.#calendar = calendar
    this.#clock = clock
    this.#onFailure = onFailure
    const { frame } = opened.memory.checkpoints
    this.#latest = Math.max(opened.newest, frame === 0 ? 0 : calendar.boundary(frame))
    this.#nextBoundary = calendar.boundary(frame + 1)
    this.#writtenCount = opened.memory.index.count
  }

  get count(): number {
    return this.#memory.index.count
  }

  has(ids: Uint8Array, offset = 0): boolean {
    return this.#memory.index.find(ids, offset) >= 0
  }

  heads(): Heads {
    const now = this.#advance()
    const { version, checkpoints } = this.#memory
    if (this.#cached?.version === version && now < this.#cached.until) return this.#cached.heads
    const { frame, curr, old, all } = checkpoints
    const parts = { fast: highGradeOf(checkpoints, now), curr, old, all, total: totalOf(checkpoints) }
    const heads = {
      frame,
      fast: parts.fast.fingerprint(),
      curr: curr.fingerprint(),
      old: old.fingerprint(),
      all: all.fingerprint(),
      total: parts.total.fingerprint(),
    }
    this.#cached = { heads, version, until: nextSettlingAfter(checkpoints, now) }
    return heads
  }

  freeze(): FrozenView {
    this.#advance()
    const { index, ranges, orders, checkpoints } = this.#memory
    const known = totalOf(checkpoints)
    return createFrozenView({ frame: checkpoints.frame, freezeSeq: index.count, known, index, ranges, orders })
  }

  async insert(atxs: readonly NewAtx[]): Promise<readonly AtxRecord[]> {
    const inserted = await this.#inTurn(() => this.#insert(atxs))
    if (inserted.length > 0) await this.#write()
    return inserted
  }

  async blob(id: Hash): Promise<Uint8Array | null> {
    const seq = this.#seqOf(id)
    if (seq < 0) return null
    await this.#written(seq + 1)
    return this.#store.blob(seq)
  }

  async record(id: Hash): Promise<AtxRecord | null> {
    const seq = this.#seqOf(id)
    if (seq < 0) return null
    await this.#written(seq + 1)
    return this.#store.record(seq)
  }

  blobs(ids: readonly Hash[]): Promise<readonly (Uint8Array | null)[]> {
    return this.#readMany(ids, (seqs) => this.#store.blobsAt(seqs))
  }

  records(ids: readonly Hash[]): Promise<readonly (AtxRecord | null)[]> {
    return this.#readMany(ids, (seqs) => this.#store.recordsAt(seqs))
  }

  seqOf(ids: Uint8Array, offset = 0): number | null {
    const seq = this.#memory.index.find(ids, offset)
    return seq < 0 ? null : seq
  }

  /** Reads at the places of those ids that are here; null for the others. */
  async #readMany<T>(
    ids: readonly Hash[],
    read: (seqs: readonly number[]) => Promise<readonly (T | null)[]>,
  ): Promise<readonly (T | null)[]> {
    const places = ids.map((id) => this.#seqOf(id))
    const seqs = places.filter((seq) => seq >= 0)
    await this.#written(Math.min(this.count, Math.max(0, ...seqs) + 1))
    const found = new Map(seqs.map((seq, at) => [seq, at]))
    const values = await read(seqs)
    return places.map((seq) => values[found.get(seq) ?? -1] ?? null)
  }

  idsFrom(fromSeq: number, limit: number): Uint8Array {
    const from = Math.min(fromSeq, this.count)
    return this.#memory.index.packed(from, Math.min(this.count, from + limit))
  }

  async list({ fromSeq, limit }: { readonly fromSeq?: number; readonly limit: number }): Promise<readonly AtxRecord[]> {
    const from = fromSeq ?? Math.max(0, this.count - limit)
    const to = Math.min(this.count, from + limit)
    await this.#written(to)
    const records = await this.#store.records({ from, to })
    return fromSeq === undefined ? records.toReversed() : records
  }

  boundary(frame: number): Millis {
    return this.#calendar.boundary(frame)
  }

  frameOf(id: Hash): number | null {
    const seq = this.#seqOf(id)
    return seq < 0 ? null : this.#memory.ranges.frameAt(seq)
  }

  async tick(): Promise<void> {
    this.#advance()
    await this.#write()
  }

  async close(): Promise<void> {
    if (this.#failure === null) await this.#write()
  }

  #seqOf(id: Hash): number {
    return this.#memory.index.find(Buffer.from(id, 'hex'), 0)
  }

  /** The instant as the set sees it; rolls when it has passed a boundary. */
  #advance(): Millis {
    this.#latest = Math.max(this.#latest, Math.floor(this.#clock.now()))
    if (this.#latest < this.#nextBoundary) return this.#latest
    const frame = this.#calendar.frameOf(this.#latest)
    this.#memory.roll(frame)
    this.#nextBoundary = this.#calendar.boundary(frame + 1)
    this.#isClosedDirty = true
    // Whoever waits for a later write learns of a failure; here nobody does.
    this.#write().catch(() => undefined)
    return this.#latest
  }

  async #insert(atxs: readonly NewAtx[]): Promise<readonly AtxRecord[]> {
    if (this.#failure !== null) throw this.#failure
    const inserted: AtxRecord[] = []
    for (let at = 0; at < atxs.length; at += INSERTS_PER_TURN) {
      if (at > 0) await nextTurn()
      inserted.push(...this.#insertAtOnce(atxs.slice(at, at + INSERTS_PER_TURN)))
    }
    return inserted
  }

  /** Checks and inserts in one step: nothing else runs in between. */
  #insertAtOnce(atxs: readonly NewAtx[]): readonly AtxRecord[] {
    const committedAt = this.#advance()
    const { frame } = this.#memory.checkpoints
    const fresh = new Map<Hash, NewAtx>()
    for (const atx of atxs) if (this.#seqOf(atx.info.id) < 0) fresh.set(atx.info.id, fresh.get(atx.info.id) ?? atx)
    if (fresh.size === 0) return []
    const first = this.count
    const stored = [...fresh.values()].map(({ info, blob, receivedAt, source }, at) => {
      const place = { seq: first + at, frame, committedAt, receivedAt: Math.floor(receivedAt) }
      return { record: { ...info, ...place, source, bytes: blob.byteLength }, blob }
    })
    const isOldChanged = this.#memory.insert(stored.map(({ record }) => memberOf(record)))
    this.#isClosedDirty ||= isOldChanged
    this.#unwritten.push(...stored)
    return stored.map(({ record }) => record)
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const run = this.#tail.then(job)
    this.#tail = run.catch(() => undefined)
    return run
  }

  /** Resolves when the first `count` ATXs are on disk. */
  async #written(count: number): Promise<void> {
    if (count > this.#writtenCount) await this.#write()
  }

  /** Resolves when everything that is in memory now is on disk. Those who ask before it starts share one write. */
  #write(): Promise<void> {
    this.#nextWrite ??= this.#inTurn(() => {
      this.#nextWrite = null
      return this.#writeNow()
    })
    return this.#nextWrite
  }

  async #writeNow(): Promise<void> {
    if (this.#failure !== null) throw this.#failure
    const { version, checkpoints, index } = this.#memory
    if (version === this.#writtenVersion) return
    const { count } = index
    const [atxs, withClosed] = [this.#unwritten, this.#isClosedDirty]
    this.#unwritten = []
    this.#isClosedDirty = false
    try {
      await this.#store.write({ atxs, checkpoints, withClosed })
    } catch (error) {
      this.#failure = error as SyncError
      this.#onFailure(this.#failure)
      throw error
    }
    this.#writtenVersion = version
    this.#writtenCount = count
  }
}

function memberOf({ id, publisher, publishEpoch, receivedAt, committedAt }: AtxRecord) {
  const [idBytes, publisherBytes] = [Buffer.from(id, 'hex'), Buffer.from(publisher, 'hex')]
  assert(idBytes.byteLength === ID_BYTES && publisherBytes.byteLength === ID_BYTES, 'ids and keys have 32 bytes')
  return { id: idBytes, publisher: publisherBytes, publishEpoch, receivedAt, committedAt }
}

/** Opens the set over `db`, rolled up to now. Throws `store-failed`. */
export async function openAtxSet(options: AtxSetOptions): Promise<OwnedAtxSet> {
  const store = createSetStore(options.db, options.prefix)
  const { suite, calendar, filter, onRebuild } = options
  const set = new LiveAtxSet(options, store, await openMemory({ store, suite, calendar, filter, onRebuild }))
  await set.tick()
  return set
}
