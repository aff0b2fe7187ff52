/** Deep reconciliation over a stream (S12.2, S12.3): afterwards each side knows which of the other's ids of a scope it lacks. */
import { hash } from 'node:crypto'
import { AssertionError, unreachable } from '../../assert.ts'
import { SyncError } from '../errors.ts'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { FrozenView } from '../set/types.ts'
import { buildIdIndex, type IdIndex } from './id-index.ts'
import { DEEP_LIMITS, type DeepLimits } from './limits.ts'
import { inSteps } from './pace.ts'
import { createReconciler, type Reaction, type Reconciler } from './reconciler.ts'
import { scopeIds } from './scope.ts'

/** `Deep.scheme` of range-based reconciliation. */
const RANGE_SCHEME = 1

export type DeepOutcome =
  | {
      readonly kind: 'reconciled'
      /** The peer's ids of the scope that this side lacks: packed, ascending. */
      readonly learned: Uint8Array
      /** How many of this side's ids the peer lacks; by its own word if it was the initiator. */
      readonly given: number
      /** Ids of this side's scope that the peer lacks, or may lack; it has all others. Null: too many to be told. */
      readonly lacked: Uint8Array | null
      /** Bytes of payloads. */
      readonly bytesIn: number
      readonly bytesOut: number
      /** Turns of the initiator, each answered once. */
      readonly rounds: number
    }
  /** `limit`: both sides know, and the stream goes on with lists. `failed`: it has to be given up. */
  | { readonly kind: 'limit' | 'failed'; readonly reason: string; readonly isFault: boolean }

type Conversation = {
  readonly stream: AtxStream
  readonly scope: number
  /** The initiator speaks first. */
  readonly isInitiator: boolean
  readonly signal: AbortSignal
  readonly limits?: DeepLimits
}

export type ReconcileOptions = Conversation & {
  /** This side's ids of the scope; closed timeframes never change, so theirs may be kept. */
  readonly index: IdIndex
}

export type ReconcileViewOptions = Conversation & { readonly view: FrozenView }

/** The index of packed ascending ids, which must not change any more. */
export function createIdIndex(ids: Uint8Array): Promise<IdIndex> {
  return inSteps(buildIdIndex(ids, (bytes) => hash('sha256', bytes, 'buffer')))
}

/** Reconciles a scope of a frozen view; what is learned may be in another timeframe of it. */
export async function reconcileView({ view, ...conversation }: ReconcileViewOptions): Promise<DeepOutcome> {
  const index = await createIdIndex(await scopeIds(view, conversation.scope))
  return reconcile({ ...conversation, index })
}

/**
 * Takes part in one reconciliation. Never rejects because of the peer, the network or the signal: those end it as 'failed',
 * and then the stream is of no more use. Deadlines are the stream's and the signal's.
 */
export async function reconcile(options: ReconcileOptions): Promise<DeepOutcome> {
  const { index, isInitiator, limits = DEEP_LIMITS, signal } = options
  const reconciler = createReconciler({ index, isInitiator, limits })
  const interruption = interrupted(signal)
  try {
    return await converse(reconciler, { ...options, interruption: interruption.promise })
  } catch (error) {
    if (!(error instanceof Ended)) throw error
    return { kind: 'failed', reason: error.message, isFault: error.isFault }
  } finally {
    interruption.forget()
  }
}

/** What ends the conversation from outside of the reconciler. */
class Ended extends Error {
  readonly isFault: boolean
  constructor(reason: string, isFault: boolean) {
    super(reason)
    this.isFault = isFault
  }
}

function interrupted(signal: AbortSignal): { readonly promise: Promise<never>; forget(): void } {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(new Ended('it was called off', false))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  promise.catch(() => undefined)
  return { promise, forget: () => signal.removeEventListener('abort', onAbort) }
}

type Exchange = Conversation & { readonly interruption: Promise<never> }

async function converse(reconciler: Reconciler, exchange: Exchange): Promise<DeepOutcome> {
  let reaction = exchange.isInitiator ? await inSteps(reconciler.start()) : null
  for (;;) {
    if (reaction !== null) {
      const outcome = await carryOut(reaction, reconciler, exchange)
      if (outcome !== null) return outcome
    }
    reaction = await inSteps(reconciler.receive(await receivePayload(exchange)))
  }
}

async function carryOut(reaction: Reaction, reconciler: Reconciler, exchange: Exchange): Promise<DeepOutcome | null> {
  if (reaction.type === 'fault') return { kind: 'failed', reason: reaction.reason, isFault: true }
  await sendPayloads(reaction.send, exchange)
  switch (reaction.type) {
    case 'continue':
      return null
    case 'limit':
      return { kind: 'limit', reason: reaction.reason, isFault: false }
    case 'reconciled': {
      const { bytesIn, bytesOut, rounds } = reconciler
      const { learned, given, lacked } = reaction
      return { kind: 'reconciled', learned, given, lacked, bytesIn, bytesOut, rounds }
    }
    default:
      return unreachable(reaction)
  }
}

async function sendPayloads(payloads: readonly Uint8Array[], { stream, scope, interruption }: Exchange): Promise<void> {
  for (const payload of payloads) {
    await orEnded(Promise.race([stream.send({ type: 'deep', scheme: RANGE_SCHEME, scope, payload }), interruption]))
  }
}

async function receivePayload({ stream, scope, interruption }: Exchange): Promise<Uint8Array> {
  const message = await orEnded(Promise.race([stream.read(), interruption]))
  if (message === null) throw new Ended('the peer ended the stream', false)
  if (message.type === 'problem') throw new Ended(`the peer has a problem: ${message.text}`, false)
  return payloadOf(message, scope)
}

function payloadOf(message: AtxMessage, scope: number): Uint8Array {
  if (message.type !== 'deep') throw new Ended(`a message of type ${message.type}`, true)
  if (message.scheme !== RANGE_SCHEME) throw new Ended(`scheme ${message.scheme}`, true)
  if (message.scope !== scope) throw new Ended(`scope ${message.scope} instead of ${scope}`, true)
  return message.payload
}

/** What goes wrong on the stream ends the conversation; only bytes that are no message are the peer's fault. */
async function orEnded<T>(result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    if (error instanceof Ended || error instanceof AssertionError) throw error
    const isFault = error instanceof SyncError && error.code === 'malformed'
    throw new Ended(error instanceof Error ? error.message : String(error), isFault)
  }
}
