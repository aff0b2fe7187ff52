/**
 * The server's machine of one serve (S9.1): offers ids in batches, a few ahead, has the wanted blobs of one batch after the
 * other delivered, and ends when all that was there is sent. What came in its last moments is left to gossip and to the
 * session that follows.
 */
import { assert, unreachable } from '../../assert.ts'
import type { Millis } from '../../domain.ts'
import type { Step } from '../../machine/step.ts'
import { isBitmapOf } from './bitmap.ts'
import {
  BATCH_IDS,
  BATCHES_IN_FLIGHT,
  KEEP_ALIVE_BURST,
  KEEP_ALIVE_GAP_MS,
  KEEP_ALIVE_MS,
  WANT_DEADLINE_MS,
} from './bounds.ts'
import type { OutBatch, OutEffect, OutEnd, OutInput, OutState } from './types.ts'

type Turn = { readonly state: OutState; readonly now: Millis; readonly total: number; readonly effects: OutEffect[] }

export type OutStart = {
  readonly now: Millis
  /** Where to begin: not above `total`. */
  readonly fromSeq: number
  readonly maxBytes: number
  readonly total: number
}

/** A serve that was admitted. */
export function createOutState({ now, fromSeq, maxBytes, total }: OutStart): OutState {
  return {
    startedAt: now,
    maxBytes,
    endSeq: total,
    offeredTo: fromSeq,
    deliveredTo: fromSeq,
    batches: [],
    isDelivering: false,
    bytes: 0,
    keepAlives: 0,
    lastSentAt: now,
    lastWantAt: now,
    isEnded: false,
  }
}

/** The step function (DESIGN.md 4): the input's own rule, then whatever is due. */
export const outStep: Step<OutState, OutInput, OutEffect> = (state, input) => {
  if (state.isEnded) return []
  const turn: Turn = { state, now: input.now, total: input.total, effects: [] }
  onInput(turn, input)
  if (!state.isEnded) expire(turn)
  if (!state.isEnded) proceed(turn)
  return turn.effects
}

function onInput(turn: Turn, input: OutInput): void {
  switch (input.type) {
    case 'started':
    case 'woke':
      return
    case 'wantReceived':
      return onWant(turn, input)
    case 'keepAliveReceived':
      return onKeepAlive(turn)
    case 'strayReceived':
      return accuse(turn, input.what)
    case 'closed':
      return finish(turn, 'lost', input.reason)
    case 'blobsSent':
      return onBlobsSent(turn, input)
    case 'delivered':
      return onDelivered(turn, input.isSpent)
    case 'stopped':
      return finish(turn, 'stopped', input.reason)
    default:
      return unreachable(input)
  }
}

/** Answers come in the order of the batches: the first without one is meant. */
function onWant(turn: Turn, { firstSeq, bitmap }: Extract<OutInput, { type: 'wantReceived' }>): void {
  const { state, now } = turn
  const batch = unanswered(state)
  if (batch === undefined) return accuse(turn, 'it wants blobs of ids that it was not offered')
  if (firstSeq !== batch.firstSeq) return accuse(turn, `its answer is for ${firstSeq}, not for ${batch.firstSeq}`)
  if (!isBitmapOf(bitmap, batch.count)) return accuse(turn, `its bitmap is not of ${batch.count} ids`)
  batch.bitmap = bitmap
  state.lastWantAt = now
}

/** Whether a peer sends more keep-alives than anybody needs. */
export function isKeepAliveFlood(count: number, elapsedMs: Millis): boolean {
  return count > KEEP_ALIVE_BURST + elapsedMs / KEEP_ALIVE_GAP_MS
}

function onKeepAlive(turn: Turn): void {
  const { state, now } = turn
  state.keepAlives++
  if (isKeepAliveFlood(state.keepAlives, now - state.startedAt)) accuse(turn, 'it floods the stream with keep-alives')
}

function onBlobsSent({ state, now }: Turn, { uptoSeq, bytes }: Extract<OutInput, { type: 'blobsSent' }>): void {
  assert(state.isDelivering && uptoSeq > state.deliveredTo, 'blobs are sent in order, of the batch under delivery')
  state.deliveredTo = uptoSeq
  state.bytes += bytes
  state.lastSentAt = now
}

function onDelivered(turn: Turn, isSpent: boolean): void {
  const { state } = turn
  assert(state.isDelivering, 'a batch was under delivery')
  state.isDelivering = false
  state.batches.shift()
  if (isSpent) finish(turn, 'limit', `the ${state.maxBytes} bytes it asked for are sent`)
}

function unanswered(state: OutState): OutBatch | undefined {
  return state.batches.find(({ bitmap }) => bitmap === null)
}

function wantDue(state: OutState): Millis | null {
  const batch = unanswered(state)
  return batch === undefined ? null : Math.max(batch.offeredAt, state.lastWantAt) + WANT_DEADLINE_MS
}

function expire(turn: Turn): void {
  const { state, now } = turn
  const due = wantDue(state)
  if (due !== null && now >= due) finish(turn, 'stalled', 'it does not say which blobs it wants')
}

function proceed(turn: Turn): void {
  const { state, now, effects } = turn
  offer(turn)
  deliver(turn)
  if (state.batches.length === 0) return finish(turn, 'complete', '')
  if (now - state.lastSentAt >= KEEP_ALIVE_MS) {
    effects.push({ type: 'keepAlive', done: state.deliveredTo, total: state.endSeq })
    state.lastSentAt = now
  }
  const due = Math.min(state.lastSentAt + KEEP_ALIVE_MS, wantDue(state) ?? Number.POSITIVE_INFINITY)
  effects.push({ type: 'wake', delayMs: due - now })
}

function offer({ state, now, total, effects }: Turn): void {
  while (state.batches.length < BATCHES_IN_FLIGHT) {
    if (state.offeredTo === state.endSeq && total - state.endSeq >= BATCH_IDS) state.endSeq = total
    const count = Math.min(BATCH_IDS, state.endSeq - state.offeredTo)
    if (count === 0) return
    const firstSeq = state.offeredTo
    state.batches.push({ firstSeq, count, offeredAt: now, bitmap: null })
    state.offeredTo += count
    state.lastSentAt = now
    effects.push({ type: 'offer', firstSeq, count, totalSeq: state.endSeq })
  }
}

function deliver({ state, effects }: Turn): void {
  const oldest = state.batches[0]
  if (state.isDelivering || oldest === undefined || oldest.bitmap === null) return
  const { firstSeq, count, bitmap } = oldest
  const budget = state.maxBytes === 0 ? Number.POSITIVE_INFINITY : state.maxBytes - state.bytes
  state.isDelivering = true
  effects.push({ type: 'deliver', firstSeq, count, bitmap, budget })
}

function accuse(turn: Turn, reason: string): void {
  turn.effects.push({ type: 'misbehaved', evidence: 'P', reason })
  finish(turn, 'misbehaved', reason)
}

function finish({ state, effects }: Turn, end: OutEnd, reason: string): void {
  state.isEnded = true
  state.batches = []
  effects.push({ type: 'finish', end, reason, uptoSeq: state.deliveredTo })
}
