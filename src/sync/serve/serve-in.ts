/** One serve as its client leads it (S9.1): answers ids with what is lacking here, hands blobs to the intake in order, saves the cursor. */
import type { Millis } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createDriver } from '../../machine/driver.ts'
import type { Intake } from '../intake/types.ts'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import { type AtxSet, ID_BYTES } from '../set/types.ts'
import { bitmapOf } from './bitmap.ts'
import { idAt } from './in-faults.ts'
import { createInState, inStep } from './in-machine.ts'
import { createMeter } from './meter.ts'
import { readInput } from './reading.ts'
import { createAlarm, createSender, type Sleep } from './timing.ts'
import type { Evidence, InEffect, InInput, InState, ServedBlob, ServeOutcome, ServeProgress } from './types.ts'

export type ServeInOptions = {
  readonly stream: AtxStream
  readonly set: Pick<AtxSet, 'count' | 'has'>
  readonly intake: Intake
  readonly clock: Clock
  readonly sleep: Sleep
  /** The server's store, as its hello named it. */
  readonly storeId: Uint8Array
  readonly token: Uint8Array
  readonly fromSeq: number
  /** 0 for any number. */
  readonly maxBytes: number
  readonly saveCursor: (seq: number) => Promise<void>
  readonly misbehaved: (evidence: Evidence, reason: string) => void
}

export interface ServeIn {
  /** How it went. Rejects when this node's set or disk failed. */
  readonly ended: Promise<ServeOutcome>
  progress(): ServeProgress
  stop(reason: string): void
}

type Bare = InInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

/** Asks for the serve, on a stream whose hellos are done. */
export function startServeIn(options: ServeInOptions): ServeIn {
  const { stream, set, intake, clock, sleep, storeId, token, fromSeq, maxBytes } = options
  const ended = Promise.withResolvers<ServeOutcome>()
  const alarm = createAlarm(sleep, () => push({ type: 'woke' }))
  const sender = createSender({ stream, sleep, lost: (reason) => push({ type: 'closed', reason }) })
  const meter = createMeter({ peer: stream.peer, direction: 'in', fromSeq, clock })
  let intakeTurn: Promise<void> = Promise.resolve()
  let hasFailed = false
  const driver = createDriver<InState, InInput, InEffect>({
    state: createInState({ now: clock.now(), fromSeq, maxBytes }),
    step: inStep,
    execute: async (effects) => {
      for (const effect of effects) await carryOut(effect)
    },
    onFailure: fail,
  })

  function push(input: Bare): void {
    driver.push({ ...input, now: clock.now() } as InInput)
  }

  function fail(error: unknown): void {
    hasFailed = true
    alarm.cancel()
    stream.abort('an error of this node')
    ended.reject(error)
  }

  async function lead(): Promise<void> {
    push({ type: 'started' })
    if (!(await sender.send({ type: 'serve', token, storeId, afterSeq: fromSeq, maxBytes }))) return
    // A machine that failed ends no more by itself.
    while (!driver.state.isEnded && !hasFailed) {
      push(await readInput(stream, inputOf))
      // The next message is read when all of this one is in: the server's pace is this node's.
      await driver.settled()
      await intakeTurn
      await driver.settled()
    }
  }

  function inputOf(message: AtxMessage | null): Bare {
    if (message === null) return { type: 'closed', reason: 'it ended the stream without a word' }
    switch (message.type) {
      case 'serveIds': {
        const { firstSeq, ids, totalSeq } = message
        return { type: 'idsReceived', firstSeq, ids, totalSeq, bitmap: lackingOf(ids), held: set.count }
      }
      case 'serveBlobs':
        return { type: 'blobsReceived', firstSeq: message.firstSeq, items: message.items, uptoSeq: message.uptoSeq }
      case 'keepAlive':
        return { type: 'keepAliveReceived' }
      case 'serveEnd': {
        const { uptoSeq, complete, reason, retryAfterMs } = message
        return { type: 'endReceived', uptoSeq, complete, reason, retryAfterMs }
      }
      case 'problem': {
        const { code, text, retryAfterMs } = message
        return { type: 'problemReceived', code, text, retryAfterMs }
      }
      default:
        return { type: 'strayReceived', what: `a message '${message.type}' has no place in a serve` }
    }
  }

  function lackingOf(ids: Uint8Array): Uint8Array {
    const isLacking = (index: number): boolean =>
      !set.has(ids, index * ID_BYTES) && !intake.isRejected(idAt(ids, index))
    return bitmapOf(Math.floor(ids.byteLength / ID_BYTES), isLacking)
  }

  async function carryOut(effect: InEffect): Promise<void> {
    switch (effect.type) {
      case 'want':
      case 'keepAlive':
        return void (await sender.send(effect))
      case 'take':
        // Not awaited here: signs of life go on while the intake works.
        intakeTurn = take(effect.blobs).catch(fail)
        return
      case 'saveCursor':
        meter.note({ seq: effect.uptoSeq, bytes: driver.state.bytes })
        return options.saveCursor(effect.uptoSeq)
      case 'misbehaved':
        return options.misbehaved(effect.evidence, effect.reason)
      case 'finish':
        return finish(effect.outcome)
      case 'wake':
        return alarm.set(effect.delayMs)
    }
  }

  async function take(blobs: readonly ServedBlob[]): Promise<void> {
    const receivedAt: Millis = clock.now()
    const arrivals = blobs.map((blob) => ({ ...blob, receivedAt, source: 'serve' as const, from: stream.peer }))
    push({ type: 'taken', verdicts: arrivals.length === 0 ? [] : await intake.take(arrivals) })
  }

  async function finish(outcome: ServeOutcome): Promise<void> {
    alarm.cancel()
    if (outcome.end === 'complete' || outcome.end === 'incomplete' || outcome.end === 'busy') {
      await stream.end().catch(() => undefined)
    } else stream.abort(outcome.reason)
    ended.resolve(outcome)
  }

  void lead().catch(fail)
  return {
    ended: ended.promise,
    progress: () => meter.progress(driver.state),
    stop: (reason) => push({ type: 'stopped', reason }),
  }
}
