/** ATXs, their codec, validator and a set in memory, all in a form that tests can read and break on purpose. */
import { hash } from 'node:crypto'
import type { Hash } from '../../../src/domain.ts'
import { createIntake, type IntakeListener } from '../../../src/sync/intake/intake.ts'
import type { RejectedStore } from '../../../src/sync/intake/rejected-store.ts'
import type { Arrival } from '../../../src/sync/intake/types.ts'
import type { AtxCodec, AtxJudgement, AtxValidator } from '../../../src/sync/ports.ts'
import type { AtxInfo, AtxRecord, AtxSet, NewAtx } from '../../../src/sync/set/types.ts'

export type FakeBody = {
  readonly name: string
  readonly previous?: Hash
  readonly positioning?: Hash
  /** What the validator says once the signature is right. */
  readonly verdict?: 'invalid' | 'early'
  /** An id that is no hash, for circles. */
  readonly forcedId?: Hash
  readonly padding?: number
}

export type FakeAtx = { readonly id: Hash; readonly blob: Uint8Array; readonly body: FakeBody }

/** An ATX; its id covers all but the signature. */
export function fakeAtx(body: FakeBody, signature = 'good'): FakeAtx {
  const payload = JSON.stringify(body)
  const padding = ' '.repeat(body.padding ?? 0)
  return { id: idOf(payload, body), blob: Buffer.from(`${signature}\n${payload}\n${padding}`), body }
}

const idOf = (payload: string, body: FakeBody): Hash => body.forcedId ?? hash('sha256', payload)

/** `length` ATXs, each building on the one before. */
export function fakeChain(length: number, name = 'link'): FakeAtx[] {
  const chain: FakeAtx[] = []
  for (let index = 0; index < length; index++) {
    const previous = chain.at(-1)?.id
    chain.push(fakeAtx(previous === undefined ? { name: `${name}0` } : { name: `${name}${index}`, previous }))
  }
  return chain
}

export const fakeCodec: AtxCodec = {
  decode(blob) {
    const [, payload] = Buffer.from(blob).toString().split('\n')
    if (payload === undefined) return null
    const body = JSON.parse(payload) as FakeBody
    return {
      id: idOf(payload, body),
      publisher: '00'.repeat(32),
      publishEpoch: 1,
      baseTickHeight: 0,
      tickCount: 1,
      previous: body.previous ?? null,
      positioning: body.positioning ?? null,
    }
  },
}

export type FakeValidator = AtxValidator & {
  /** How often each id was judged. */
  readonly judged: Map<Hash, number>
  /** Holds judgements back until it settles. */
  gate: Promise<void> | null
  unsettled: number
}

export function createFakeValidator(): FakeValidator {
  const validator: FakeValidator = {
    judged: new Map(),
    gate: null,
    unsettled: 0,
    async validate(blob, info, known): Promise<AtxJudgement> {
      validator.judged.set(info.id, (validator.judged.get(info.id) ?? 0) + 1)
      validator.unsettled++
      await validator.gate
      validator.unsettled--
      if (known.previous?.id !== (info.previous ?? undefined)) throw new Error('judged without its previous ATX')
      if (known.positioning?.id !== (info.positioning ?? undefined)) throw new Error('judged without its positioning')
      const [signature, payload = ''] = Buffer.from(blob).toString().split('\n')
      if (signature !== 'good') return { verdict: 'bad-signature', reason: 'signed by nobody' }
      const { verdict } = JSON.parse(payload) as FakeBody
      return verdict === undefined ? { verdict: 'valid' } : { verdict, reason: 'the test says so' }
    },
  }
  return validator
}

export type FakeSet = Pick<AtxSet, 'has' | 'insert' | 'blob' | 'blobs' | 'record' | 'records'> & {
  readonly ids: Hash[]
  /** Sizes of the writes so far. */
  readonly writes: number[]
  gate: Promise<void> | null
}

/** A set that fails when a dependency is inserted after its dependant, or an id twice. */
export function createFakeSet(atxs: readonly FakeAtx[] = []): FakeSet {
  const stored = new Map<Hash, { record: AtxRecord; blob: Uint8Array }>()
  const insertOne = ({ info, blob, receivedAt, source }: NewAtx): AtxRecord => {
    for (const dependency of [info.previous, info.positioning]) {
      if (dependency !== null && !stored.has(dependency)) throw new Error('inserted before what it builds on')
    }
    if (stored.has(info.id)) throw new Error('inserted twice')
    const record = { ...info, seq: stored.size, frame: 0, committedAt: 0, receivedAt, source, bytes: blob.byteLength }
    stored.set(info.id, { record, blob })
    set.ids.push(info.id)
    return record
  }
  const set: FakeSet = {
    ids: [],
    writes: [],
    gate: null,
    has: (ids, offset = 0) => stored.has(Buffer.from(ids.subarray(offset, offset + 32)).toString('hex')),
    async insert(news) {
      await set.gate
      set.writes.push(news.length)
      return news.map(insertOne)
    },
    blob: async (id) => stored.get(id)?.blob ?? null,
    blobs: async (ids) => ids.map((id) => stored.get(id)?.blob ?? null),
    record: async (id) => stored.get(id)?.record ?? null,
    records: async (ids) => ids.map((id) => stored.get(id)?.record ?? null),
  }
  for (const { blob } of atxs) insertOne({ info: infoOf(blob), blob, receivedAt: 0, source: 'local' })
  return set
}

function infoOf(blob: Uint8Array): AtxInfo {
  const info = fakeCodec.decode(blob)
  if (info === null) throw new Error('no fake ATX')
  return info
}

export function createFakeRejected(): RejectedStore & { readonly ids: Set<Hash> } {
  const ids = new Set<Hash>()
  return {
    ids,
    get size() {
      return ids.size
    },
    has: (id) => ids.has(id),
    async add(added) {
      for (const id of added) ids.add(id)
    },
  }
}

export const arrival = ({ id, blob }: Pick<FakeAtx, 'id' | 'blob'>, from: string | null = 'carol'): Arrival => ({
  id,
  blob,
  receivedAt: 1,
  source: 'sync',
  from,
})

/** An intake in front of a set in memory, and everything it was heard to say. */
export function createIntakeBench(set: FakeSet = createFakeSet()) {
  const validator = createFakeValidator()
  const rejected = createFakeRejected()
  const failures: unknown[] = []
  const intake = createIntake({
    set,
    codec: fakeCodec,
    validator,
    rejected,
    clock: { now: () => 1_000 },
    onFailure: (error) => failures.push(error),
  })
  const heard: {
    missing: { id: Hash; from: readonly string[] }[]
    released: { id: Hash; from: string | null; verdict: string }[]
    inserted: Hash[]
    rejected: Hash[]
  } = { missing: [], released: [], inserted: [], rejected: [] }
  const listener: IntakeListener = {
    missing: (id, from) => heard.missing.push({ id, from }),
    released: (release) => heard.released.push(release),
    inserted: (records) => heard.inserted.push(...records.map(({ id }) => id)),
    rejected: (ids) => heard.rejected.push(...ids),
  }
  intake.listen(listener)
  return { set, validator, rejected, intake, heard, failures }
}
