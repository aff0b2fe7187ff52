/**
 * What a peer's lists claim, and where that cannot be (S9.2): "x in timeframe f" says that the peer had received x before
 * the timeframe ended. One book for each session; ids of the set are noted by their position, a byte or two each.
 */
import type { Hash, Millis } from '../domain.ts'
import { type AtxInfo, type AtxSet, ID_BYTES } from './set/types.ts'
import type { Offence } from './standing.ts'

/** Timeframes are noted as the number before the open one, from 1 on; 0 is not listed. */
const NOT_LISTED = 0

export type ClaimRules = {
  readonly set: Pick<AtxSet, 'seqOf' | 'boundary' | 'frameOf'>
  /** The earliest instant at which the ATX can have existed. */
  readonly earliest: (info: AtxInfo) => Millis
  readonly clockToleranceMs: Millis
}

/** The lists of one session. */
export interface ClaimBook {
  /** The peer lists packed ids in a timeframe; returns how many of them are not in the set. */
  listed(ids: Uint8Array, frame: number): number
  /** The timeframe in which the peer lists an id; null when it does not. */
  frameOf(id: Hash): number | null
  /** Why the peer cannot have received this ATX in the timeframe it claims; null when nothing speaks against it. */
  judge(info: AtxInfo): Offence | null
}

/** Nothing is listed. `frame`: the open timeframe of the session; `count`: ids of the set as it was frozen. */
export function createClaimBook(
  rules: ClaimRules,
  { frame: open, count }: { readonly frame: number; readonly count: number },
): ClaimBook {
  const { set, earliest, clockToleranceMs } = rules
  const bySeq = new Uint16Array(count)
  /** Ids that were not in the frozen set: bounded by what a session may learn. */
  const others = new Map<Hash, number>()

  function frameOf(id: Hash): number | null {
    const other = others.get(id)
    if (other !== undefined) return other
    const seq = set.seqOf(Buffer.from(id, 'hex'))
    const noted = seq === null ? NOT_LISTED : (bySeq[seq] ?? NOT_LISTED)
    return noted === NOT_LISTED ? null : open - (noted - 1)
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
        if (seq === null) lacking += 1
        if (seq !== null && seq < count) bySeq[seq] = open - frame + 1
        else others.set(Buffer.from(ids.subarray(offset, offset + ID_BYTES)).toString('hex'), frame)
      }
      return lacking
    },
    frameOf,
    judge(info) {
      const frame = frameOf(info.id)
      if (frame === null) return null
      if (earliest(info) > set.boundary(frame + 1) + clockToleranceMs) return 'impossible-time'
      if (isBeforeDependency(info, frame)) return 'impossible-order'
      return isSuspicious(info, frame) ? 'suspicious' : null
    },
  }
}
