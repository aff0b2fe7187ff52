/**
 * The client's machine of one serve (S9.1): says which ids are lacking, has their blobs taken in order, moves the cursor
 * when they are in, and holds the server to what it announced.
 */
import { assert, unreachable } from '../../assert.ts'
import type { Millis } from '../../domain.ts'
import type { Step } from '../../machine/step.ts'
import { MAX_REJECTED } from '../intake/bounds.ts'
import type { Verdict } from '../intake/types.ts'
import { isMany } from '../rules/undelivered.ts'
import { ID_BYTES } from '../set/types.ts'
import { countBits } from './bitmap.ts'
import { BUSY_RETRY_MS, KEEP_ALIVE_MS, MAX_RETRY_MS, PATIENCE_MS, PAUSE_RETRY_MS, SILENCE_MS } from './bounds.ts'
import { blobsFault, endFault, idsFault } from './in-faults.ts'
import { isKeepAliveFlood } from './out-machine.ts'
import type { Evidence, InEffect, InEnd, InInput, InState, ServedBlob } from './types.ts'

type Turn = { readonly state: InState; readonly now: Millis; readonly effects: InEffect[] }
type Received<Type extends InInput['type']> = Extract<InInput, { readonly type: Type }>

export type InStart = {
  readonly now: Millis
  /** The saved cursor in this server's store; 0 for none. */
  readonly fromSeq: number
  /** Bytes of blobs that were asked for at most; 0 for any number. */
  readonly maxBytes: number
}

/** A serve that was asked for. */
export function createInState({ now, fromSeq, maxBytes }: InStart): InState {
  return {
    startedAt: now,
    maxBytes,
    fromSeq,
    nextSeq: null,
    receivedTo: fromSeq,
    takenTo: fromSeq,
    totalSeq: fromSeq,
    batches: [],
    taking: [],
    bytes: 0,
    gained: 0,
    familiar: 0,
    answered: 0,
    undelivered: 0,
    early: 0,
    keepAlives: 0,
    lastHeardAt: now,
    lastSentAt: now,
    lastProgressAt: now,
    isEnded: false,
  }
}

/** The step function (DESIGN.md 4): the input's own rule, then what is due. */
export const inStep: Step<InState, InInput, InEffect> = (state, input) => {
  if (state.isEnded) return []
  const turn: Turn = { state, now: input.now, effects: [] }
  onInput(turn, input)
  if (!state.isEnded) watch(turn)
  return turn.effects
}

function onInput(turn: Turn, input: InInput): void {
  if (input.type !== 'woke') turn.state.lastHeardAt = turn.now
  switch (input.type) {
    case 'started':
    case 'woke':
      return
    case 'idsReceived':
      return onIds(turn, input)
    case 'blobsReceived':
      return onBlobs(turn, input)
    case 'taken':
      return onTaken(turn, input.verdicts)
    case 'keepAliveReceived':
      return onKeepAlive(turn)
    case 'endReceived':
      return onEnd(turn, input)
    case 'problemReceived':
      return onProblem(turn, input)
    case 'strayReceived':
      return accuse(turn, 'P', input.what)
    case 'closed':
      return finish(turn, 'lost', { reason: input.reason })
    case 'stopped':
      return finish(turn, 'stopped', { reason: input.reason })
    default:
      return unreachable(input)
  }
}

function onIds(turn: Turn, input: Received<'idsReceived'>): void {
  const { state, now, effects } = turn
  const fault = idsFault(state, input)
  if (fault !== null) return accuse(turn, 'P', fault)
  const { firstSeq, ids, bitmap, totalSeq, held } = input
  const count = ids.byteLength / ID_BYTES
  if (state.nextSeq === null) {
    state.receivedTo = firstSeq
    state.takenTo = firstSeq
  }
  state.nextSeq = firstSeq + count
  state.totalSeq = totalSeq
  state.batches.push({ firstSeq, count, ids, bitmap })
  state.familiar += count - countBits(bitmap)
  // Ids do not repeat in the order of a store, so no more of them can be familiar than are here.
  if (state.familiar + state.gained > held + MAX_REJECTED) return accuse(turn, 'P', 'it repeats ids without end')
  state.lastSentAt = now
  effects.push({ type: 'want', firstSeq, bitmap })
}

function onBlobs(turn: Turn, { firstSeq, items, uptoSeq }: Received<'blobsReceived'>): void {
  const { state, now, effects } = turn
  const fault = blobsFault(state, { firstSeq, items, uptoSeq })
  if (fault !== null) return accuse(turn, fault.evidence, fault.reason)
  const blobs: ServedBlob[] = []
  for (const item of items) {
    if (item.status !== 'ok') continue
    blobs.push({ id: item.id, blob: item.blob })
    state.bytes += item.blob.byteLength
  }
  state.answered += items.length
  state.undelivered += items.length - blobs.length
  state.receivedTo = uptoSeq
  state.lastProgressAt = now
  const batch = state.batches[0]
  if (batch !== undefined && uptoSeq === batch.firstSeq + batch.count) state.batches.shift()
  if (isMany(state.undelivered, state.answered)) {
    return accuse(turn, 'E4', 'it lists ids whose blobs it does not give')
  }
  state.taking.push({ uptoSeq, count: blobs.length })
  effects.push({ type: 'take', blobs })
}

function onTaken(turn: Turn, verdicts: readonly Verdict[]): void {
  const { state, now, effects } = turn
  const taking = state.taking.shift()
  assert(taking !== undefined && taking.count === verdicts.length, 'one verdict for each blob that was taken')
  for (const verdict of verdicts) {
    weigh(turn, verdict)
    if (state.isEnded) return
  }
  if (isMany(state.early, state.answered)) {
    return finish(turn, 'unusable', { reason: 'too much of what it serves is early by the clock of this node' })
  }
  state.takenTo = taking.uptoSeq
  state.lastProgressAt = now
  effects.push({ type: 'saveCursor', uptoSeq: taking.uptoSeq })
}

/** S8, S9.2 E5: what a verdict means for the serve. */
function weigh(turn: Turn, verdict: Verdict): void {
  const { state } = turn
  switch (verdict) {
    case 'inserted':
      state.gained++
      return
    case 'known':
      state.familiar++
      return
    case 'waiting':
      return
    case 'early':
      state.early++
      return
    case 'full':
      return finish(turn, 'overloaded', {
        reason: 'too much waits here for what it builds on',
        retryAfterMs: PAUSE_RETRY_MS,
      })
    case 'mismatch':
    case 'bad-signature':
    case 'too-big':
    case 'malformed':
    case 'invalid':
      return accuse(turn, 'E5', `a blob of its serve is refused: ${verdict}`)
    default:
      return unreachable(verdict)
  }
}

function onKeepAlive(turn: Turn): void {
  const { state, now } = turn
  state.keepAlives++
  if (isKeepAliveFlood(state.keepAlives, now - state.startedAt)) {
    accuse(turn, 'P', 'it floods the stream with keep-alives')
  }
}

function onEnd(turn: Turn, input: Received<'endReceived'>): void {
  const fault = endFault(turn.state, input)
  if (fault !== null) return accuse(turn, 'P', fault)
  if (input.complete) return finish(turn, 'complete', { reason: input.reason })
  finish(turn, 'incomplete', { reason: input.reason, retryAfterMs: capped(input.retryAfterMs) })
}

function onProblem(turn: Turn, { code, text, retryAfterMs }: Received<'problemReceived'>): void {
  if (code !== 'busy') return finish(turn, 'refused', { reason: `${code}: ${text}` })
  finish(turn, 'busy', { reason: text, retryAfterMs: capped(retryAfterMs === 0 ? BUSY_RETRY_MS : retryAfterMs) })
}

function capped(retryAfterMs: Millis): Millis {
  return Math.min(retryAfterMs, MAX_RETRY_MS)
}

/** Silence, no progress, and this side's own signs of life. While the intake works nobody listens. */
function watch(turn: Turn): void {
  const { state, now, effects } = turn
  const isListening = state.taking.length === 0
  if (isListening && now - state.lastHeardAt >= SILENCE_MS) return finish(turn, 'stalled', { reason: 'it fell silent' })
  if (isListening && now - state.lastProgressAt >= PATIENCE_MS) {
    return finish(turn, 'stalled', { reason: 'it keeps the stream alive and sends nothing' })
  }
  if (now - state.lastSentAt >= KEEP_ALIVE_MS) {
    effects.push({ type: 'keepAlive', done: state.takenTo, total: state.totalSeq })
    state.lastSentAt = now
  }
  const dues = [state.lastSentAt + KEEP_ALIVE_MS]
  if (isListening) dues.push(state.lastHeardAt + SILENCE_MS, state.lastProgressAt + PATIENCE_MS)
  effects.push({ type: 'wake', delayMs: Math.min(...dues) - now })
}

function accuse(turn: Turn, evidence: Evidence, reason: string): void {
  turn.effects.push({ type: 'misbehaved', evidence, reason })
  finish(turn, 'misbehaved', { reason })
}

type Ending = { readonly reason: string; readonly retryAfterMs?: Millis | null }

function finish({ state, effects }: Turn, end: InEnd, { reason, retryAfterMs = null }: Ending): void {
  state.isEnded = true
  state.batches = []
  const { gained, bytes, takenTo: lastSeq } = state
  effects.push({ type: 'finish', outcome: { end, reason, gained, bytes, lastSeq, retryAfterMs } })
}
