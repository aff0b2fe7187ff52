/**
 * Range-based set reconciliation in Negentropy's messages, version 1 (S12.3): fingerprints of ranges are compared, those that
 * differ are split, short ones are listed. Pure: payloads in, payloads out, in steps; it never throws on a peer's bytes, and
 * what it does for them is bounded by {@link DeepLimits}.
 */
import { assert } from '../../assert.ts'
import { ID_BYTES } from '../set/types.ts'
import { type Asked, answerAsInitiator, answerAsResponder, type Found, refine } from './answers.ts'
import { createDoubts, type Doubts } from './doubts.ts'
import { createFoundIds } from './found-ids.ts'
import type { IdIndex } from './id-index.ts'
import { type Bound, compareBounds, compareToBound, createGrowingIds, LOWEST } from './ids.ts'
import { createLackingReader, encodeLacking, type LackingReader } from './lacking.ts'
import { type DeepLimits, MIN_FRAME_BYTES } from './limits.ts'
import { createRangeReader, LACKING, LACKING_LAST, LIMIT, MESSAGE, MESSAGE_OF_SEVERAL } from './messages.ts'
import { createSpend, type Spend, type Steps } from './pace.ts'
import { createTurnWriter, type TurnWriter } from './turn-writer.ts'

/** Work of reading a range, in fingerprints. */
const RANGE_WORK = 1 / 8

/** What to do after a payload. Nothing to send with 'continue': more of the peer's turn is to come. */
export type Reaction =
  | { readonly type: 'continue'; readonly send: readonly Uint8Array[] }
  | {
      readonly type: 'reconciled'
      readonly send: readonly Uint8Array[]
      /** The peer's ids that this side lacks: packed, ascending. */
      readonly learned: Uint8Array
      /** How many ids the peer lacks; by its own word if this side is the responder. */
      readonly given: number
      /** Ids of this side that the peer lacks, or may lack if this side is the responder; it has all others. Null: too many. */
      readonly lacked: Uint8Array | null
    }
  | { readonly type: 'limit'; readonly send: readonly Uint8Array[]; readonly reason: string }
  | { readonly type: 'fault'; readonly reason: string }

export type Reconciler = {
  /** Turns of the initiator so far. */
  readonly rounds: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** The initiator's first turn. */
  start(): Steps<Reaction>
  receive(payload: Uint8Array): Steps<Reaction>
}

export type ReconcilerOptions = {
  readonly index: IdIndex
  readonly isInitiator: boolean
  readonly limits: DeepLimits
}

/** The peer's turn under way, and the answer to it so far. */
type Turn = {
  readonly writer: TurnWriter
  /** Where the ranges have come to, and the position in the index there. */
  reached: Bound
  position: number
  /** Why this side has to give up; it says so at the end of the peer's turn, so that nothing is left on the stream. */
  excess: string | null
}

type Side = {
  readonly index: IdIndex
  readonly isInitiator: boolean
  readonly limits: DeepLimits
  readonly spend: Spend
  readonly found: Found
  readonly lacking: LackingReader
  readonly doubts: Doubts
  turn: Turn | null
  rounds: number
  bytesIn: number
  bytesOut: number
}

export function createReconciler({ index, isInitiator, limits }: ReconcilerOptions): Reconciler {
  assert(limits.frameBytes >= MIN_FRAME_BYTES, `a frame has at least ${MIN_FRAME_BYTES} bytes`)
  const side: Side = {
    index,
    isInitiator,
    limits,
    spend: createSpend(),
    found: { needed: createFoundIds(limits.maxUnknownIds), offered: createFoundIds(limits.maxUnknownIds) },
    lacking: createLackingReader(limits.maxUnknownIds),
    doubts: createDoubts(),
    turn: null,
    rounds: 0,
    bytesIn: 0,
    bytesOut: 0,
  }
  return {
    get rounds() {
      return side.rounds
    },
    get bytesIn() {
      return side.bytesIn
    },
    get bytesOut() {
      return side.bytesOut
    },
    start: () => start(side),
    receive: (payload) => receive(side, payload),
  }
}

const fault = (reason: string): Reaction => ({ type: 'fault', reason })

function* start(side: Side): Steps<Reaction> {
  const { index, spend, doubts } = side
  const turn = beginTurn(side)
  yield* refine({ index, writer: turn.writer, spend, doubts }, { from: 0, to: index.count, lower: LOWEST, upper: null })
  return yield* endTurn(side, turn)
}

function* receive(side: Side, payload: Uint8Array): Steps<Reaction> {
  const { limits } = side
  side.bytesIn += payload.byteLength
  if (payload.byteLength > limits.frameBytes) return fault(`a payload of ${payload.byteLength} bytes`)
  if (side.bytesIn > limits.maxBytes) return fault(`more than ${limits.maxBytes} bytes`)
  switch (payload[0]) {
    case MESSAGE:
    case MESSAGE_OF_SEVERAL:
      return yield* onMessage(side, payload)
    case LACKING:
    case LACKING_LAST:
      return yield* onLacking(side, payload)
    case LIMIT:
      return payload.byteLength === 1
        ? { type: 'limit', send: [], reason: 'the peer has reached its limit' }
        : fault('a limit with a tail')
    default:
      return fault(`a payload of kind ${payload[0] ?? 'none'}`)
  }
}

function* onMessage(side: Side, payload: Uint8Array): Steps<Reaction> {
  const { isInitiator, limits } = side
  if (side.lacking.hasBegun) return fault('ranges after the end')
  if (side.turn === null && !isInitiator && ++side.rounds > limits.maxRounds)
    return fault(`more than ${limits.maxRounds} turns`)
  side.turn ??= beginTurn(side)
  const problem = yield* readRanges(side, side.turn, payload)
  if (problem !== null) return fault(problem)
  return payload[0] === MESSAGE ? yield* endTurn(side, side.turn) : { type: 'continue', send: [] }
}

function beginTurn({ index, limits, found }: Side): Turn {
  found.needed.beginTurn()
  found.offered.beginTurn()
  return { writer: createTurnWriter(index, limits.frameBytes), reached: LOWEST, position: 0, excess: null }
}

/** What is wrong with the message, or null. Once there is an excess the rest of the turn is only waited for. */
function* readRanges(side: Side, turn: Turn, payload: Uint8Array): Steps<string | null> {
  const { index, spend } = side
  const reader = createRangeReader(payload)
  while (turn.excess === null) {
    const range = reader.next()
    if (range === null) return null
    if ('fault' in range) return range.fault
    if (spend(RANGE_WORK)) yield
    if (range.mode === 'skip') continue
    if (compareBounds(range.lower, turn.reached) < 0) return 'ranges that go back within a turn'
    const from = index.seek(range.lower, turn.position)
    const to = index.seek(range.upper, from)
    turn.reached = range.upper
    turn.position = to
    yield* answer(side, turn, { range, slice: { from, to, lower: range.lower, upper: range.upper } })
  }
  return null
}

function* answer(side: Side, turn: Turn, asked: Asked): Steps<void> {
  const { index, isInitiator, limits, spend, doubts, found } = side
  const { range, slice } = asked
  const answering = { index, writer: turn.writer, spend, doubts }
  if (isInitiator) yield* answerAsInitiator(answering, asked, found)
  else if (range.mode === 'ids' && lackedBy(range.ids, slice) > limits.maxUnknownIds) turn.excess = tooMany(limits)
  else yield* answerAsResponder(answering, asked)
  if (found.needed.isOver || found.offered.isOver) turn.excess = tooMany(limits)
  if (side.bytesOut + turn.writer.bytes > limits.maxBytes) turn.excess = tooLong(limits)
}

/** How many ids of a slice the sender of a list in its place lacks at least. */
const lackedBy = (ids: Uint8Array, { from, to }: Asked['slice']): number => to - from - ids.byteLength / ID_BYTES
const tooMany = ({ maxUnknownIds }: DeepLimits): string => `more than ${maxUnknownIds} ids are lacked`
const tooLong = ({ maxBytes }: DeepLimits): string => `it would take more than ${maxBytes} bytes`

function* endTurn(side: Side, { writer, excess }: Turn): Steps<Reaction> {
  const { isInitiator, limits } = side
  side.turn = null
  if (excess !== null) return limit(excess)
  if (isInitiator) {
    if (writer.isEmpty) return yield* conclude(side)
    if (side.rounds === limits.maxRounds) return limit(`it would take more than ${limits.maxRounds} turns`)
    side.rounds++
  }
  side.bytesOut += writer.bytes
  return { type: 'continue', send: writer.finish() }
}

function limit(reason: string): Reaction {
  return { type: 'limit', send: [Uint8Array.of(LIMIT)], reason }
}

/** The initiator knows both differences, and tells the responder its own. */
function* conclude(side: Side): Steps<Reaction> {
  const { index, found, limits, doubts } = side
  const learned = yield* found.needed.merged()
  const offered = yield* found.offered.merged()
  const send = encodeLacking(offered, learned.byteLength / ID_BYTES, limits.frameBytes)
  side.bytesOut += send.reduce((sum, payload) => sum + payload.byteLength, 0)
  if (side.bytesOut > limits.maxBytes) return limit(tooLong(limits))
  return { type: 'reconciled', send, learned, given: offered.byteLength / ID_BYTES, lacked: doubts.packed(index.ids) }
}

function* onLacking(side: Side, payload: Uint8Array): Steps<Reaction> {
  const { index, isInitiator, turn, rounds, lacking, doubts } = side
  if (isInitiator || turn !== null || rounds === 0) return fault('an end out of turn')
  const read = lacking.read(payload)
  if ('fault' in read) return fault(read.fault)
  if (!read.isLast) return { type: 'continue', send: [] }
  const learned = yield* withoutOwn(side, lacking.packed())
  const lacked = read.learned === 0 ? new Uint8Array(0) : doubts.packed(index.ids)
  return { type: 'reconciled', send: [], learned, given: read.learned, lacked }
}

/** Ids that are here all the same are left out: lacking nothing is no fault. */
function* withoutOwn({ index, spend }: Side, ids: Uint8Array): Steps<Uint8Array> {
  const kept = createGrowingIds()
  let at = 0
  for (let position = 0; position < ids.byteLength / ID_BYTES; position++) {
    const id = ids.subarray(position * ID_BYTES, (position + 1) * ID_BYTES)
    at = index.seek(id, at)
    if (at === index.count || compareToBound(index.ids, at, id) !== 0) kept.add(ids, position, position + 1)
    if (spend(RANGE_WORK)) yield
  }
  return kept.packed()
}
