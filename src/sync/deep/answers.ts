/** How each side answers the ranges of a peer's turn (S12.3): fingerprints that differ are split or listed, lists are compared. */
import { ID_BYTES } from '../set/types.ts'
import type { Doubts } from './doubts.ts'
import type { FoundIds } from './found-ids.ts'
import type { IdIndex } from './id-index.ts'
import { type Bound, boundBefore, compareIds } from './ids.ts'
import type { Range } from './messages.ts'
import type { Spend, Steps } from './pace.ts'
import type { Slice, TurnWriter } from './turn-writer.ts'

/** Parts that a range is split into. */
const PARTS = 16
/** The responder lists ranges in which it has fewer ids. */
const LIST_BELOW = 2 * PARTS
/** The bytes of a fingerprint with its bound, in ids. */
const FINGERPRINT_IN_IDS = 0.7
/** Work of an id that is copied or compared, in fingerprints. */
const ID_WORK = 1 / 16

/** Ranges that say something, and this side's slice of the index in them. */
export type Asked = { readonly range: Exclude<Range, { mode: 'skip' }>; readonly slice: Slice }

export type Answering = {
  readonly index: IdIndex
  readonly writer: TurnWriter
  readonly spend: Spend
  /** What is listed here the peer may lack; where nothing is listed in the end, both sides have the same. */
  readonly doubts: Doubts
}

/** What the initiator has found. */
export type Found = { readonly needed: FoundIds; readonly offered: FoundIds }

/** Sends finer fingerprints of what differs, and compares the responder's lists with its own ids: those need no answer. */
export function* answerAsInitiator(answering: Answering, { range, slice }: Asked, found: Found): Steps<void> {
  if (range.mode === 'fingerprint') yield* answerFingerprint(answering, { range, slice }, refine)
  else yield* compare(answering, { ids: range.ids, slice, found })
}

/** Sends finer fingerprints of what differs or, where it has few ids, the ids; a list is answered by a list. */
export function* answerAsResponder(answering: Answering, { range, slice }: Asked): Steps<void> {
  if (range.mode === 'fingerprint') yield* answerFingerprint(answering, { range, slice }, refineOrList)
  else yield* list(answering, slice)
}

type Refine = (answering: Answering, slice: Slice) => Steps<void>

function* answerFingerprint(
  answering: Answering,
  { range, slice }: Asked & { readonly range: Extract<Range, { mode: 'fingerprint' }> },
  refine: Refine,
): Steps<void> {
  if (answering.spend(1)) yield
  const own = answering.index.fingerprint(slice.from, slice.to)
  if (own.some((byte, i) => byte !== range.fingerprint[i])) yield* refine(answering, slice)
}

/**
 * The initiator never lists ids: a fingerprint is shorter, and the responder answers it by its own list. So short ranges are
 * split once more, into as many parts as make fingerprints and the list of one part together the shortest.
 */
export function* refine(answering: Answering, slice: Slice): Steps<void> {
  const count = slice.to - slice.from
  if (count === 0) yield* list(answering, slice)
  else yield* split(answering, slice, Math.min(PARTS, Math.max(1, Math.round(Math.sqrt(count / FINGERPRINT_IN_IDS)))))
}

function* refineOrList(answering: Answering, slice: Slice): Steps<void> {
  if (slice.to - slice.from < LIST_BELOW) yield* list(answering, slice)
  else yield* split(answering, slice, PARTS)
}

/** Fingerprints of equal parts, each with at least one id. */
function* split({ index, writer, spend }: Answering, slice: Slice, parts: number): Steps<void> {
  const count = slice.to - slice.from
  const size = Math.floor(count / parts)
  const larger = count % parts
  let { from, lower } = slice
  for (let part = 0; part < parts; part++) {
    const to = from + size + (part < larger ? 1 : 0)
    const upper: Bound = to === slice.to ? slice.upper : boundBefore(index.ids, to)
    writer.fingerprint({ from, to, lower, upper })
    ;[from, lower] = [to, upper]
    if (spend(1)) yield
  }
}

function* list({ writer, spend, doubts }: Answering, slice: Slice): Steps<void> {
  writer.ids(slice)
  doubts.add(slice.from, slice.to)
  if (spend(1 + (slice.to - slice.from) * ID_WORK)) yield
}

type Comparison = { readonly ids: Uint8Array; readonly slice: Slice; readonly found: Found }

function* compare({ index, spend, doubts }: Answering, { ids, slice, found }: Comparison): Steps<void> {
  const count = ids.byteLength / ID_BYTES
  for (let [own, theirs] = [slice.from, 0]; own < slice.to || theirs < count; ) {
    if (found.needed.isOver || found.offered.isOver) return
    const order = own === slice.to ? 1 : theirs === count ? -1 : compareIds(index.ids, own, ids, theirs)
    if (order < 0) {
      found.offered.add(index.ids, own)
      doubts.add(own, own + 1)
    }
    if (order > 0) found.needed.add(ids, theirs)
    if (order <= 0) own++
    if (order >= 0) theirs++
    if (spend(ID_WORK)) yield
  }
}
