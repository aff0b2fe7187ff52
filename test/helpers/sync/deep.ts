/** Sets, a dumb model and a wireless conversation for the tests of deep reconciliation. */
import { hash } from 'node:crypto'
import { buildIdIndex, type IdIndex } from '../../../src/sync/deep/id-index.ts'
import { DEEP_LIMITS, type DeepLimits } from '../../../src/sync/deep/limits.ts'
import type { Steps } from '../../../src/sync/deep/pace.ts'
import { createReconciler, type Reaction, type Reconciler } from '../../../src/sync/deep/reconciler.ts'
import type { FrameList, FrozenView } from '../../../src/sync/set/types.ts'

export const sha256 = (bytes: Uint8Array | string): Uint8Array => hash('sha256', bytes, 'buffer')
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
export const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

/** Hex ids as a packed ascending list. */
export function pack(ids: Iterable<string>): Uint8Array {
  return unhex([...ids].sort().join(''))
}

/** A packed list as hex ids. */
export function unpack(packed: Uint8Array): string[] {
  const text = hex(packed)
  return Array.from({ length: text.length / 64 }, (_, i) => text.slice(64 * i, 64 * i + 64))
}

/** Ids of the names `<tag>-<from>` up to, and without, `<tag>-<to>`. */
export function namedIds(tag: string, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => hex(sha256(`${tag}-${from + i}`)))
}

/** The model: what `theirs` has and `own` has not, ascending. */
export function missing(own: readonly string[], theirs: readonly string[]): string[] {
  const have = new Set(own)
  return theirs.filter((id) => !have.has(id)).sort()
}

/** Runs work to its end at once; the number of its steps is added to `count`. */
export function finish<T>(steps: Steps<T>, count: { steps: number } = { steps: 0 }): T {
  for (;;) {
    count.steps++
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

export const indexOf = (ids: Iterable<string>): IdIndex => finish(buildIdIndex(pack(ids), sha256))

export function reconcilerOf(
  ids: Iterable<string>,
  isInitiator: boolean,
  limits: Partial<DeepLimits> = {},
): Reconciler {
  return createReconciler({ index: indexOf(ids), isInitiator, limits: { ...DEEP_LIMITS, ...limits } })
}

/** Feeds payloads to a side; its reaction to the last of them. */
export function feed(side: Reconciler, payloads: readonly Uint8Array[]): Reaction {
  let reaction: Reaction = { type: 'continue', send: [] }
  for (const payload of payloads) reaction = finish(side.receive(payload))
  return reaction
}

/** Lets two sides talk to the end: the last reaction of each. `tap` sees every payload. */
export function talk(
  initiator: Reconciler,
  responder: Reconciler,
  tap: (payload: Uint8Array) => void = () => undefined,
): { readonly initiator: Reaction; readonly responder: Reaction } {
  const sides = [responder, initiator] as const
  const last: Reaction[] = [{ type: 'continue', send: [] }, finish(initiator.start())]
  for (let listener = 0; ; listener = 1 - listener) {
    const said = last[1 - listener]
    const payloads = said === undefined || said.type === 'fault' ? [] : said.send
    if (payloads.length === 0) break
    payloads.forEach(tap)
    last[listener] = feed(listener === 0 ? sides[0] : sides[1], payloads)
  }
  const [b, a] = last
  if (a === undefined || b === undefined) throw new Error('two sides talk')
  return { initiator: a, responder: b }
}

/** A frozen view of timeframes, the oldest first, the open one last. */
export function fakeView(frames: readonly (readonly string[])[]): FrozenView {
  const all = new Set(frames.flat())
  const list = (back: number): FrameList => {
    const packed = pack(frames.at(-1 - back) ?? [])
    return {
      frame: frames.length - 1 - back,
      count: packed.byteLength / 32,
      *chunks(idsPerChunk) {
        for (let at = 0; at < packed.byteLength; at += 32 * idsPerChunk)
          yield packed.subarray(at, at + 32 * idsPerChunk)
      },
    }
  }
  return {
    frame: frames.length - 1,
    freezeSeq: all.size,
    known: () => {
      throw new Error('nobody asks for fingerprints of the set')
    },
    list: async (back) => list(back),
    has: (ids, offset = 0) => all.has(hex(ids.subarray(offset, offset + 32))),
  }
}
