/** One serve as its server leads it (S9.1): carries out what the machine wants, on a stream whose request was admitted. */
import type { Hash, Millis } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { createDriver } from '../../machine/driver.ts'
import type { AtxMessage } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { AtxSet } from '../set/types.ts'
import { type BlobMessage, sendBatch } from './blob-pipeline.ts'
import { BUSY_POLL_MS, MAX_WAITING_MESSAGES, PAUSE_RETRY_MS, STOP_GRACE_MS } from './bounds.ts'
import { createMeter } from './meter.ts'
import { createOutState, outStep } from './out-machine.ts'
import { readInput } from './reading.ts'
import { createAlarm, createSender, type Sleep, within } from './timing.ts'
import type { Evidence, OutEffect, OutEnd, OutInput, OutState, ServeProgress, ServeReport } from './types.ts'

export type ServeOutOptions = {
  readonly stream: AtxStream
  readonly set: Pick<AtxSet, 'count' | 'idsFrom'>
  readonly blobs: (ids: readonly Hash[]) => Promise<readonly (Uint8Array | null)[]>
  readonly clock: Clock
  readonly sleep: Sleep
  readonly fromSeq: number
  /** 0 for any number. */
  readonly maxBytes: number
  /** Whether serving must wait for more urgent work. */
  readonly isBusy: () => boolean
  /** How long so many bytes must wait; they are taken from the rate. */
  readonly reserve: (bytes: number) => Millis
  readonly reached: (seq: number) => void
  readonly misbehaved: (evidence: Evidence, reason: string) => void
  /** The set failed, or a bug showed. */
  readonly failed: (error: unknown) => void
}

export interface ServeOut {
  /** Resolves when the serve has ended and said so. */
  readonly ended: Promise<ServeReport>
  progress(): ServeProgress
  /** Ends it with a word to the client if that listens; resolves when it has ended. */
  stop(reason: string): Promise<void>
}

type Bare = OutInput extends infer I ? (I extends unknown ? Omit<I, 'now' | 'total'> : never) : never

/** Begins a serve. */
export function startServeOut(options: ServeOutOptions): ServeOut {
  const { stream, set, blobs, clock, sleep, fromSeq, maxBytes } = options
  const ended = Promise.withResolvers<ServeReport>()
  const ending = new AbortController()
  const alarm = createAlarm(sleep, () => push({ type: 'woke' }))
  const sender = createSender({ stream, sleep, lost: (reason) => push({ type: 'closed', reason }) })
  const meter = createMeter({ peer: stream.peer, direction: 'out', fromSeq, clock })
  let sentBytes = 0
  const driver = createDriver<OutState, OutInput, OutEffect>({
    state: createOutState({ now: clock.now(), fromSeq, maxBytes, total: set.count }),
    step: outStep,
    execute: async (effects) => {
      for (const effect of effects) await carryOut(effect)
    },
    onFailure: fail,
  })

  function push(input: Bare): void {
    driver.push({ ...input, now: clock.now(), total: set.count } as OutInput)
  }

  function fail(error: unknown): void {
    options.failed(error)
    stream.abort('an error of this node')
    close('stopped', 'an error of this node')
  }

  // ------------------------------------------------------------ in

  async function listen(): Promise<void> {
    for (;;) {
      const input = await readInput(stream, inputOf)
      push(input)
      if (ending.signal.aborted || input.type === 'closed' || input.type === 'strayReceived') return
      // Beside sending, so that neither side waits for the other; but no faster than the machine takes it.
      if (driver.queueLength > MAX_WAITING_MESSAGES) await driver.settled()
    }
  }

  // ------------------------------------------------------------ out

  async function carryOut(effect: OutEffect): Promise<void> {
    switch (effect.type) {
      case 'offer': {
        const { firstSeq, count, totalSeq } = effect
        return void (await sender.send({ type: 'serveIds', firstSeq, ids: set.idsFrom(firstSeq, count), totalSeq }))
      }
      case 'deliver':
        // Not awaited: answers and signs of life go on while blobs wait for their turn.
        return void deliver(effect).catch((error: unknown) => {
          if (!ending.signal.aborted) fail(error)
        })
      case 'keepAlive':
        return void (await sender.send(effect))
      case 'misbehaved':
        return options.misbehaved(effect.evidence, effect.reason)
      case 'finish':
        return finish(effect)
      case 'wake':
        return alarm.set(effect.delayMs)
    }
  }

  async function deliver({ firstSeq, count, bitmap, budget }: Extract<OutEffect, { type: 'deliver' }>): Promise<void> {
    const batch = { firstSeq, ids: set.idsFrom(firstSeq, count), bitmap, budget }
    const isSpent = await sendBatch(batch, { blobs, pace, send: sendBlobs })
    push({ type: 'delivered', isSpent })
  }

  async function pace(cost: number): Promise<void> {
    const waitMs = options.reserve(cost)
    if (waitMs > 0) await sleep(waitMs, ending.signal)
    while (options.isBusy()) await sleep(BUSY_POLL_MS, ending.signal)
  }

  async function sendBlobs({ firstSeq, items, uptoSeq, bytes }: BlobMessage): Promise<boolean> {
    if (ending.signal.aborted) return false
    // Before it leaves: what the client may have taken is a place from which it may resume.
    options.reached(uptoSeq)
    if (!(await sender.send({ type: 'serveBlobs', firstSeq, items, uptoSeq }))) return false
    push({ type: 'blobsSent', uptoSeq, bytes })
    sentBytes += bytes
    meter.note({ seq: uptoSeq, bytes: sentBytes })
    return true
  }

  async function finish({ end, reason, uptoSeq }: Extract<OutEffect, { type: 'finish' }>): Promise<void> {
    ending.abort()
    const last = lastWord({ end, reason, uptoSeq })
    if (last !== null && (await sender.send(last))) await stream.end().catch(() => undefined)
    else stream.abort(reason)
    close(end, reason)
  }

  function progress(): ServeProgress {
    return meter.progress({ totalSeq: driver.state.endSeq, gained: 0 })
  }

  function close(end: OutEnd, reason: string): void {
    ending.abort()
    alarm.cancel()
    ended.resolve({ ...progress(), end, reason })
  }

  push({ type: 'started' })
  void listen().catch(fail)
  return {
    ended: ended.promise,
    progress,
    async stop(reason) {
      push({ type: 'stopped', reason })
      if ((await within(ended.promise, { sleep, ms: STOP_GRACE_MS })) === null) stream.abort(reason)
      await ended.promise
    },
  }
}

function inputOf(message: AtxMessage | null): Bare {
  if (message === null) return { type: 'closed', reason: 'it ended the stream' }
  if (message.type === 'want') return { type: 'wantReceived', firstSeq: message.firstSeq, bitmap: message.bitmap }
  if (message.type === 'keepAlive') return { type: 'keepAliveReceived' }
  if (message.type === 'problem') return { type: 'closed', reason: `${message.code}: ${message.text}` }
  return { type: 'strayReceived', what: `a message '${message.type}' has no place in a serve` }
}

/** S9.1: nobody is left without a word, unless there is nobody. */
function lastWord({ end, reason, uptoSeq }: Omit<Extract<OutEffect, { type: 'finish' }>, 'type'>): AtxMessage | null {
  switch (end) {
    case 'lost':
      return null
    case 'misbehaved':
      return { type: 'problem', code: 'protocol', text: reason, retryAfterMs: 0 }
    case 'complete':
      return { type: 'serveEnd', uptoSeq, complete: true, reason, retryAfterMs: 0 }
    case 'limit':
    case 'stalled':
      return { type: 'serveEnd', uptoSeq, complete: false, reason, retryAfterMs: 0 }
    case 'stopped':
      return { type: 'serveEnd', uptoSeq, complete: false, reason, retryAfterMs: PAUSE_RETRY_MS }
  }
}
