/**
 * What a peer's lists claim, and where that cannot be (S9.2): "x in timeframe f" says that the peer had received x before
 * the timeframe ended. One book for each session; ids of the set are noted by their position, two bytes each.
 */
import type { Hash, Millis } from '../domain.ts'
import { MAX_WANTED } from './fetch/bounds.ts'
import { includesId } from './set/packed-ids.ts'
import { type AtxInfo, type AtxSet, ID_BYTES } from './set/types.ts'
import type { Offence } from './standing.ts'

/** Timeframes are noted as the number before the open one, from 1 on; 0 is not listed. */
const NOT_LISTED = 0
/** Positions whose timeframes share a page; a page is there once one of them is listed. */
const PAGE_SEQS = 8_192
/** Ids noted that are not in the set: no more can be wanted. Of others only the fetcher knows who listed them. */
const MAX_AWAITED = MAX_WANTED

export type ClaimRules = {
  readonly set: Pick<AtxSet, 'seqOf' | 'boundary' | 'frameOf'>
  /** The earliest instant at which the ATX can have existed. */
  readonly earliest: (info: AtxInfo) => Millis
  readonly clockToleranceMs: Millis
}

/** E1: the ATX cannot have existed by the end of the timeframe. */
export function isImpossible({ set, earliest, clockToleranceMs }: ClaimRules, info: AtxInfo, frame: number): boolean {
  return earliest(info) > set.boundary(frame + 1) + clockToleranceMs
}

/** The lists of one session. */
export interface ClaimBook {
  /** The peer lists packed ids in a timeframe, or somewhere in its set: null. Returns how many of them are not in this one. */
  listed(ids: Uint8Array, frame: number | null): number
  /** The peer has in a timeframe what the frozen set has in it, but for these packed ids, which ascend. */
  matched(frame: number, lacked: Uint8Array): void
  /** The timeframe in which the peer lists an id; null when it does not. `seq`: its position in the set, where that is known. */
  frameOf(id: Hash, seq?: number): number | null
  /** Whether the peer lists an id that was not in the set then, and of which nothing was settled since. */
  awaits(id: Hash): boolean
  /** An awaited id is in the set now, or will not come. */
  settle(id: Hash): void
  /** Why the peer cannot have received this ATX in the timeframe it claims; null when nothing speaks against it. */
  judge(info: AtxInfo): Offence | null
}

/** Nothing is listed. `frame`: the open timeframe of the session; `count`: ids of the set as it was frozen. */
export function createClaimBook(
  rules: ClaimRules,
  { frame: open, count }: { readonly frame: number; readonly count: number },
): ClaimBook {
  const { set } = rules
  const pages = new Map<number, Uint16Array>()
  /** Timeframes that were reconciled as ranges, and what the peer lacks of ours in them. */
  const ranges = new Map<number, Uint8Array>()
  const awaited = new Map<Hash, number | null>()

  function note(seq: number, frame: number | null): void {
    if (frame === null) return
    const number = Math.floor(seq / PAGE_SEQS)
    const page = pages.get(number) ?? new Uint16Array(PAGE_SEQS)
    pages.set(number, page)
    page[seq % PAGE_SEQS] = open - frame + 1
  }

  function expectLater(id: Hash, frame: number | null): void {
    if (awaited.size < MAX_AWAITED) awaited.set(id, frame ?? awaited.get(id) ?? null)
  }

  function frameOf(id: Hash, known?: number): number | null {
    const frame = awaited.get(id)
    if (frame !== undefined) return frame
    const seq = known ?? set.seqOf(Buffer.from(id, 'hex'))
    if (seq === null) return null
    const noted = pages.get(Math.floor(seq / PAGE_SEQS))?.[seq % PAGE_SEQS] ?? NOT_LISTED
    if (noted !== NOT_LISTED) return open - (noted - 1)
    return seq < count && ranges.size > 0 ? matchedFrameOf(id) : null
  }

  function matchedFrameOf(id: Hash): number | null {
    const frame = set.frameOf(id)
    const lacked = frame === null ? undefined : ranges.get(frame)
    return lacked === undefined || includesId(lacked, Buffer.from(id, 'hex')) ? null : frame
  }

  /** E2: an honest node has received what an ATX builds on no later than the ATX. */
  function isBeforeDependency({ previous, positioning }: AtxInfo, frame: number): boolean {
    return [previous, positioning].some((id) => id !== null && (frameOf(id) ?? frame) > frame)
  }

  /** E3: what it builds on came here later than the peer claims to have had the ATX. */
  function isSuspicious({ positioning }: AtxInfo, frame: number): boolean {
    return positioning !== null && (set.frameOf(positioning) ?? frame) > frame
  }

  return {
    listed(ids, frame) {
      let lacking = 0
      for (let offset = 0; offset < ids.byteLength; offset += ID_BYTES) {
        const seq = set.seqOf(ids, offset)
        if (seq !== null) note(seq, frame)
        else {
          lacking += 1
          expectLater(Buffer.from(ids.subarray(offset, offset + ID_BYTES)).toString('hex'), frame)
        }
      }
      return lacking
    },
    matched: (frame, lacked) => void ranges.set(frame, lacked),
    frameOf,
    awaits: (id) => awaited.has(id),
    settle(id) {
      const frame = awaited.get(id)
      const seq = frame === undefined ? null : set.seqOf(Buffer.from(id, 'hex'))
      if (frame !== undefined && seq !== null) note(seq, frame)
      awaited.delete(id)
    },
    judge(info) {
      const frame = frameOf(info.id)
      if (frame === null) return null
      if (isImpossible(rules, info, frame)) return 'impossible-time'
      if (isBeforeDependency(info, frame)) return 'impossible-order'
      return isSuspicious(info, frame) ? 'suspicious' : null
    },
  }
}
