/** The chunks of a list (S7.2): order, count, digest and credit on the way in; nothing is acknowledged while too much waits (S8). */
import type { Round, SessionInput, Weighed } from '../types.ts'
import { finishReading, reportIfDone } from './rounds.ts'
import { strayed } from './strays.ts'
import { ID_BYTES, send, type Turn, violate } from './turn.ts'

export function onChunk(turn: Turn, chunk: Extract<SessionInput, { type: 'chunkReceived' }>): void {
  const { state, effects } = turn
  if (strayed(turn, 'chunk')) return
  const { round, figures } = state
  const reason = round === null ? 'ids before a list' : faultOf(turn, round, chunk)
  if (round === null || reason !== null) return violate(turn, reason ?? 'ids before a list')
  const { their } = round
  their.chunks++
  their.ids += chunk.count
  figures.idsIn += chunk.count
  figures.bytesIn += chunk.count * ID_BYTES
  state.rateBytes += chunk.count * ID_BYTES
  effects.push({ type: 'weigh' })
}

/** At the first offending id (A9). */
function faultOf({ state }: Turn, { scheme, their }: Round, chunk: Extract<SessionInput, { type: 'chunkReceived' }>) {
  const { chunkIds, chunkWindow } = state.config.limits
  const { index, count, isAscending } = chunk
  if (state.phase !== 'rounds' || scheme !== 'lists' || their.count === null || their.isEnded)
    return 'ids outside a list'
  if (index !== their.chunks) return `chunk ${index} where ${their.chunks} was due`
  if (!Number.isInteger(count) || count < 1 || count > chunkIds) return 'a chunk of a wrong size'
  if (their.ids + count > their.count) return `more than the ${their.count} ids announced`
  if (their.chunks - their.acked >= chunkWindow) return 'chunks without credit'
  return isAscending ? null : 'ids that do not ascend'
}

export function onWeighed(turn: Turn, weighed: Weighed): void {
  const { state } = turn
  if (state.round === null || state.phase === 'ended') return
  tally(turn, weighed)
  onBacklog(turn, weighed.waiting)
  acknowledge(turn)
}

/** Counts what ids meant to us; those of round 0 are no claims about an earlier timeframe. */
export function tally({ state }: Turn, { learned, gained, fresh }: Weighed): void {
  const { figures, round } = state
  figures.learned += learned
  figures.gained += gained
  if (round === null) return
  round.gained += gained
  if (round.back === 0) return
  figures.claims += fresh
  state.idleClaims += fresh
}

/**
 * S8: until the queue shrinks the reader acknowledges nothing, and says nothing of a round it has read: the next one would
 * bring up to a window of ids more, and a short list needs no acknowledgement at all.
 */
export function onBacklog(turn: Turn, waiting: number): void {
  const { state, now } = turn
  const isPaused = waiting > state.config.limits.maxUnknownIds
  if (isPaused === state.isPaused) return
  state.isPaused = isPaused
  // The peer could not send its list, so the rate does not count.
  state.rateSince = now
  state.rateBytes = 0
  if (isPaused) return
  acknowledge(turn)
  if (state.round !== null) reportIfDone(turn, state.round)
}

function acknowledge(turn: Turn): void {
  const { round, isPaused, phase } = turn.state
  if (round === null || isPaused || phase !== 'rounds' || round.their.acked === round.their.chunks) return
  round.their.acked = round.their.chunks
  send(turn, { type: 'ack', index: round.their.chunks - 1 })
}

export function onFrameEnd(turn: Turn, end: Extract<SessionInput, { type: 'frameEnded' }>): void {
  if (strayed(turn, 'other')) return
  const { round, phase } = turn.state
  if (round === null || phase !== 'rounds' || round.scheme !== 'lists' || round.their.isEnded) {
    return violate(turn, 'the end of no list')
  }
  const { their } = round
  if (end.back !== round.back || end.count !== their.count || their.ids !== their.count) {
    return violate(turn, `${their.ids} ids instead of ${their.count}`)
  }
  if (!end.isDigestGood) return violate(turn, 'a wrong digest of a list')
  finishReading(turn, round, end.known)
}

/** The peer has processed chunks up to `index`. */
export function onAck(turn: Turn, index: number): void {
  const { round, config } = turn.state
  const credit = index + 1 + config.limits.chunkWindow
  // Each acknowledgement says something new about what was sent.
  if (round === null || credit <= round.own.credit || index >= round.own.credit) {
    return violate(turn, 'an acknowledgement of nothing')
  }
  round.own.credit = credit
  if (!round.own.isSent) turn.effects.push({ type: 'extendCredit', credit })
}
