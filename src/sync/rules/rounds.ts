/** A round (S7.2): both open the list of one timeframe, move it, and report; then both decide (S7.7). */
import { WHOLE_SET } from '../deep/limits.ts'
import type { Fingerprint } from '../set/types.ts'
import type { Round, SessionInput, SessionState } from '../types.ts'
import { decide, standingsOf } from './decide.ts'
import { carryOut, isAtTurn } from './endings.ts'
import { chunkIdsFor, countSent, mismatch, send, type Turn, violate } from './turn.ts'

/** Share of the larger list by which the counts may differ where ranges are reconciled. */
const MAX_RANGE_DIFFERENCE = 0.1

export function openRound(turn: Turn, back: number): void {
  const { state, effects } = turn
  state.phase = 'rounds'
  state.decision = null
  // A timeframe further back than a scope can name goes out as lists.
  state.round = createRound(back, hasRange(state) && back < WHOLE_SET ? 'undecided' : 'lists')
  effects.push({ type: 'openList', back })
}

function createRound(back: number, scheme: Round['scheme']): Round {
  return {
    back,
    scheme,
    own: { count: null, credit: 0, isSent: false },
    their: { count: null, chunks: 0, ids: 0, acked: 0, isEnded: false },
    gained: 0,
    ownReport: null,
    theirReport: null,
  }
}

function hasRange({ config, theirs }: SessionState): boolean {
  return config.features.deepRange && theirs?.features.deepRange === true
}

export function onListOpened(turn: Turn, back: number, count: number): void {
  const { state } = turn
  const { round, theirs, present } = state
  if (state.phase !== 'rounds' || round?.back !== back || theirs === null || present === null) return
  if (round.own.count !== null) return
  if (count > theirs.maxIdsPerFrame) return carryOut(turn, 'limit')
  round.own.count = count
  send(turn, { type: 'frameOpen', back, frame: present.frame - back, count })
  chooseScheme(turn, round)
}

export function onFrameOpen(turn: Turn, { back, frame, count }: { back: number; frame: number; count: number }): void {
  const { state, effects } = turn
  const { round, present, config, figures } = state
  if (state.phase !== 'rounds' && isAtTurn(turn)) return mismatch(turn, 'you go on with a list, we do not')
  if (round === null || present === null || round.their.count !== null) return violate(turn, 'a list nobody waits for')
  if (back !== round.back || frame !== present.frame - back) return violate(turn, 'a list of another timeframe')
  // Before a single chunk is read (A7).
  if (count > config.limits.maxIdsPerFrame) return violate(turn, `a list of ${count} ids`, 'limit')
  if (figures.idsIn + count > config.limits.maxIdsPerSession) return carryOut(turn, 'limit')
  round.their.count = count
  state.rateSince = turn.now
  state.rateBytes = 0
  effects.push({ type: 'readList', back, frame })
  chooseScheme(turn, round)
}

/** Lists go out at once, unless both counts must be known to choose (S12). */
function chooseScheme(turn: Turn, round: Round): void {
  const { state, effects } = turn
  const { own, their, back } = round
  const { limits } = state.config
  if (own.count === null) return
  if (round.scheme === 'undecided') {
    if (their.count === null) return
    round.scheme = isForLists(own.count, their.count, limits.rangeFromIds) ? 'lists' : 'range'
  } else if (own.credit > 0) return
  if (round.scheme === 'range') {
    effects.push({ type: 'reconcile', scope: back, frame: (state.present?.frame ?? back) - back })
    return
  }
  sendList(turn, round)
}

function sendList({ state, effects }: Turn, { own, back }: Round): void {
  const { limits } = state.config
  own.credit = limits.chunkWindow
  const chunkIds = chunkIdsFor(limits.chunkIds, state.theirs?.chunkIds)
  effects.push({ type: 'sendList', back, chunkIds, credit: own.credit })
}

/** The lists that both sides have opened go out after all. */
export function fallBackToLists(turn: Turn, round: Round): void {
  const { state, now } = turn
  round.scheme = 'lists'
  state.rateSince = now
  state.rateBytes = 0
  sendList(turn, round)
}

/** S12: short lists, and those so unequal that most of one side must move anyway. Symmetric in the counts. */
function isForLists(a: number, b: number, rangeFromIds: number): boolean {
  const larger = Math.max(a, b)
  return larger < rangeFromIds || Math.abs(a - b) > larger * MAX_RANGE_DIFFERENCE
}

export function onListSent(turn: Turn, back: number): void {
  const { round } = turn.state
  if (turn.state.phase !== 'rounds' || round?.back !== back || round.own.isSent) return
  round.own.isSent = true
  countSent(turn.state, round.own.count ?? 0)
  reportIfDone(turn, round)
}

/** The ids of the other side are known, by list or by reconciliation; `known` has them all. */
export function finishReading(turn: Turn, round: Round, known: Fingerprint): void {
  round.their.isEnded = true
  turn.state.known = known
  reportIfDone(turn, round)
}

/**
 * Round 0 does not count (S7.5). Honest runs that are long on both sides began in the same round, so the claims of our own
 * are those of both, whatever a liar says of his.
 */
function countRun(state: SessionState, { back, gained }: Round): void {
  if (back === 0) return
  state.noGainRun = gained === 0 ? state.noGainRun + 1 : 0
  if (gained > 0) state.idleClaims = 0
}

/** Once both lists are through, and this node can take more (S8). */
export function reportIfDone(turn: Turn, round: Round): void {
  const { state } = turn
  const { known, figures } = state
  if (state.phase !== 'rounds' || state.isPaused || known === null || round.ownReport !== null) return
  if (!round.own.isSent || !round.their.isEnded) return
  countRun(state, round)
  figures.rounds++
  const { back, gained } = round
  const { noGainRun } = state
  round.ownReport = { known, noGainRun, gainedTotal: figures.gained }
  send(turn, { type: 'result', back, known, gained, noGainRun, gainedTotal: figures.gained })
  decideIfKnown(turn)
}

export function onResult(
  turn: Turn,
  message: Extract<Extract<SessionInput, { type: 'messageReceived' }>['message'], { type: 'result' }>,
): void {
  const { round } = turn.state
  const { back, known, noGainRun, gainedTotal } = message
  if (round === null || back !== round.back || round.theirReport !== null || !mayReport(round)) {
    return violate(turn, 'a result of a round that is not over')
  }
  round.theirReport = { known, noGainRun, gainedTotal }
  decideIfKnown(turn)
}

/** Nobody reports before both lists are through; a reconciliation ends on one side first. */
function mayReport({ scheme, own, their }: Round): boolean {
  return scheme === 'range' || (scheme === 'lists' && their.isEnded && own.count !== null)
}

function decideIfKnown(turn: Turn): void {
  const standings = standingsOf(turn.state)
  if (standings === null) return
  const decision = decide(standings)
  if (decision === 'next') openRound(turn, standings.back + 1)
  else carryOut(turn, decision)
}
