/** A set in memory, deliberately dumb: timeframes as arrays of hex ids, every fingerprint computed from scratch. */
import { createHash } from 'node:crypto'
import type {
  Accumulator,
  AtxSet,
  Fingerprint,
  FrameList,
  FrozenView,
  Heads,
  Suite,
} from '../../../../src/sync/set/types.ts'

export const FRAME_MS = 86_400_000
const WIDTH = 256

export const idOf = (name: string): string => createHash('sha256').update(name).digest('hex')
export const bytesOf = (id: string): Uint8Array => new Uint8Array(Buffer.from(id, 'hex'))
export const hexAt = (ids: Uint8Array, offset = 0): string =>
  Buffer.from(ids.buffer, ids.byteOffset + offset, 32).toString('hex')
export const pack = (ids: readonly string[]): Uint8Array => new Uint8Array(Buffer.from(ids.join(''), 'hex'))
export const unpack = (ids: Uint8Array): string[] =>
  Array.from({ length: ids.length / 32 }, (_, i) => hexAt(ids, i * 32))

const lifts = new Map<string, bigint>()
function lift(id: string): bigint {
  const known = lifts.get(id)
  if (known !== undefined) return known
  const made = BigInt(`0x${createHash('sha256').update(`lift/${id}`).digest('hex')}`)
  lifts.set(id, made)
  return made
}
const textOf = (value: bigint): string => value.toString(16).padStart(64, '0')

/** XOR and count; the strong field is a sum modulo 2^256, good enough for honest ids. */
export function createFakeAccumulator(suite: Suite, start: readonly string[] = []): Accumulator {
  let [count, xor, sum] = [0, 0n, 0n]
  const put = (id: string, sign: 1 | -1): void => {
    count += sign
    xor ^= BigInt(`0x${id}`)
    sum = BigInt.asUintN(WIDTH, sum + (sign === 1 ? lift(id) : -lift(id)))
  }
  for (const id of start) put(id, 1)
  return {
    suite,
    get count() {
      return count
    },
    add(ids) {
      for (const id of unpack(ids)) put(id, 1)
    },
    unite() {
      throw new Error('not needed here')
    },
    subtract() {
      throw new Error('not needed here')
    },
    copy() {
      throw new Error('not needed here')
    },
    fingerprint(wanted = suite): Fingerprint {
      const strong = wanted === 'lthash16' ? bytesOf(textOf(sum)) : null
      return { count, xor: bytesOf(textOf(xor)), strong }
    },
  }
}

export const fingerprintOf = (ids: readonly string[], suite: Suite = 'lthash16'): Fingerprint =>
  createFakeAccumulator(suite, ids).fingerprint()

export type FakeSetOptions = {
  /** Ids by timeframe, oldest first; the last one is open. */
  readonly frames: readonly (readonly string[])[]
  readonly suite?: Suite
  /** Ids of the last closed timeframe that do not count in step 1 (S3.3). */
  readonly unsettled?: readonly string[]
}

/** The parts of a set that sessions use. */
export type FakeSet = Pick<AtxSet, 'storeId' | 'suite' | 'count' | 'has' | 'heads' | 'freeze' | 'boundary'> & {
  /** Inserts into the open timeframe. */
  add(...ids: string[]): void
  roll(): void
  ids(): string[]
  readonly frames: readonly (readonly string[])[]
}

export function createFakeSet({ frames: start, suite = 'lthash16', unsettled = [] }: FakeSetOptions): FakeSet {
  const frames = start.map((ids) => [...ids])
  const seqs = new Map(frames.flat().map((id, seq) => [id, seq]))
  const fp = (ids: readonly string[]): Fingerprint => fingerprintOf(ids, suite)
  let heads: Heads | null = null

  function computeHeads(): Heads {
    const frame = frames.length - 1
    const old = frames[frame - 1] ?? []
    const all = frames.slice(0, -1).flat()
    return {
      frame,
      fast: fp(all.filter((id) => !(old.includes(id) && unsettled.includes(id)))),
      curr: fp(frames[frame] ?? []),
      old: fp(old),
      all: fp(all),
      total: fp(frames.flat()),
    }
  }

  function freeze(): FrozenView {
    const frame = frames.length - 1
    const freezeSeq = seqs.size
    const isIn = (id: string): boolean => (seqs.get(id) ?? Number.POSITIVE_INFINITY) < freezeSeq
    return {
      frame,
      freezeSeq,
      known: () => createFakeAccumulator(suite, [...seqs.keys()].filter(isIn)),
      list: async (back) => listOf(frame - back, (frames[frame - back] ?? []).filter(isIn)),
      has: (ids, offset = 0) => isIn(hexAt(ids, offset)),
    }
  }

  return {
    frames,
    storeId: new Uint8Array(16),
    suite,
    get count() {
      return seqs.size
    },
    has: (ids, offset = 0) => seqs.has(hexAt(ids, offset)),
    heads: () => (heads ??= computeHeads()),
    freeze,
    boundary: (frame) => frame * FRAME_MS,
    add(...ids) {
      for (const id of ids) {
        if (seqs.has(id)) continue
        seqs.set(id, seqs.size)
        frames.at(-1)?.push(id)
      }
      heads = null
    },
    roll() {
      frames.push([])
      heads = null
    },
    ids: () => [...seqs.keys()],
  }
}

function listOf(frame: number, ids: readonly string[]): FrameList {
  const packed = pack([...ids].sort())
  return {
    frame,
    count: ids.length,
    *chunks(idsPerChunk) {
      for (let at = 0; at < packed.length; at += idsPerChunk * 32) yield packed.subarray(at, at + idsPerChunk * 32)
    },
  }
}

/** The whole interface, for code that asks for it. */
export const asAtxSet = (set: FakeSet): AtxSet => set as unknown as AtxSet

/** 12 timeframes of 100 ids each, the last one open (S11). */
export const baseFrames = (): string[][] =>
  Array.from({ length: 12 }, (_, frame) => Array.from({ length: 100 }, (_, i) => idOf(`atx-${frame}-${i}`)))
