/**
 * Range sync (P17.6): what a node far behind remembers while it fetches final blocks by height from several peers at
 * once. The machine sees heights, peers and instants; the blocks wait in the service under their request's number.
 */
import type { Millis, PeerId, PenaltyClass } from '../../domain.ts'
import type { Notarization, Proposal } from '../types.ts'

/** Consecutive final blocks, oldest first, and the certificate of a block above them that proves it (P13.1, P17.6). */
export type FinalRange = { readonly blocks: readonly Proposal[]; readonly notarization: Notarization }

/** What is known of a peer that may serve. */
export type RangePeer = {
  /** Its highest claim of a finalized height. Unproven. */
  claim: number
  /** It said that it holds nothing below this height. */
  lowest: number
  /** Not asked before this instant. */
  shunnedUntil: Millis
  /** Failures in a row. */
  failures: number
  /** Requests given up whose answers may still come: those are no offence. */
  late: number
}

/** A request that was sent and is not settled. */
export type RangeRequest = {
  readonly id: number
  readonly peer: PeerId
  readonly from: number
  readonly to: number
  readonly askedAt: Millis
  /** The answer is here and being checked. */
  arrived: boolean
}

/** Heights that one request covers. In state they are ascending, without gaps, from the finalized head upward. */
export type Window = {
  readonly from: number
  readonly to: number
  /** Checked blocks from `from` to `to`, of that request; null until they are here. */
  readonly batch: { readonly requestId: number; readonly peer: PeerId } | null
}

export type RangeState = {
  /** The finalized height of this node. */
  head: number
  readonly peers: Map<PeerId, RangePeer>
  readonly requests: Map<number, RangeRequest>
  windows: Window[]
  /** How many blocks one answer holds at present: large blocks fill it sooner. */
  windowBlocks: number
  nextId: number
  /** Whether the node is far behind and fetches ranges. */
  active: boolean
  /** The batch consensus is taking now, and since when. */
  applying: { readonly requestId: number; readonly at: Millis } | null
  /** When the finalized head last grew by a batch; null before the first of this run. */
  progressAt: Millis | null
  /** Whether consensus was told to leave fetching to range sync. */
  leads: boolean
}

/** A full answer, the end of a session, or neither: then its sender could have given more. */
export type RangeEnd = 'full' | 'stop' | 'none'

export type RangeInput = { readonly now: Millis } & (
  | { readonly type: 'claimed'; readonly peer: PeerId; readonly height: number }
  | { readonly type: 'peerLeft'; readonly peer: PeerId }
  /** The finalized head of this node grew, by whatever means. */
  | { readonly type: 'advanced'; readonly height: number }
  /** An answer came; whether it is good is not known yet. Unasked ones are an offence. */
  | { readonly type: 'arrived'; readonly peer: PeerId; readonly requestId: number }
  /** An arrived answer is good up to `last`. `end`: why it holds no more, as far as that can be seen. */
  | { readonly type: 'checked'; readonly requestId: number; readonly last: number; readonly end: RangeEnd }
  /** An arrived answer, or the batch that consensus was to take, is bad. */
  | { readonly type: 'refused'; readonly requestId: number; readonly penalty: PenaltyClass; readonly reason: string }
  /** The peer has nothing it could prove there. */
  | { readonly type: 'empty'; readonly requestId: number }
  | { readonly type: 'pruned'; readonly requestId: number; readonly lowest: number }
  | { readonly type: 'woke' }
)

export type RangeEffect =
  | {
      readonly type: 'ask'
      readonly peer: PeerId
      readonly requestId: number
      readonly from: number
      readonly to: number
    }
  /** Hand the blocks of this request to consensus: they follow the finalized head. */
  | { readonly type: 'apply'; readonly requestId: number }
  /** The blocks of this request are not needed any more. */
  | { readonly type: 'forget'; readonly requestId: number }
  | {
      readonly type: 'penalise'
      readonly peer: PeerId
      readonly penalty: PenaltyClass
      readonly reason: string
    }
  /** Give `woke` after this time, instead of any earlier such wish; null for never. */
  | { readonly type: 'wake'; readonly delayMs: Millis | null }
  /** Consensus asks for no blocks itself while range sync leads. */
  | { readonly type: 'lead'; readonly leads: boolean }
