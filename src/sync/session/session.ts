/**
 * One SYNC session on a stream (S6, S7): reads and writes at the same time, lets the machine decide, and weighs ids for
 * it against a frozen view. Either side, whoever opened the stream.
 */
import { pipe } from 'it-pipe'
import { assert, required } from '../../assert.ts'
import type { Clock } from '../../machine/clock.ts'
import { createDriver } from '../../machine/driver.ts'
import { createTimers } from '../../machine/timers.ts'
import { SyncError } from '../errors.ts'
import { createSessionState, sessionStep } from '../machine.ts'
import type { AtxMessage, Hello, StopReason } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import { type AtxSet, ID_BYTES } from '../set/types.ts'
import type { Outcome, SessionConfig, SessionEffect, SessionInput, SessionState, Standing } from '../types.ts'
import { createBooks } from './books.ts'
import { createDeepStream } from './deep-stream.ts'
import { createOutbox } from './outbox.ts'
import type { SessionPorts, SessionProgress } from './ports.ts'
import { presentOf } from './present.ts'
import { createProgressMeter } from './progress.ts'

/** How long a peer may take to end its half after us: after a reconciliation it may still be weighing what it got. */
const LINGER_MS = 2_000
const DEEP_LINGER_MS = 15_000

export type SessionOptions = {
  readonly config: SessionConfig
  readonly stream: AtxStream
  readonly set: AtxSet
  readonly clock: Clock
  readonly ports: SessionPorts
  /** False leaves step 1 out: it is switched off, or a full run is due (S6). */
  readonly hasStepOne: boolean
  /** Of the caller, for a responder. */
  readonly standing: Standing
  /** Messages that were read from the stream before: the Hello that says what it is for. */
  readonly first?: Hello
  /** Ends our own unanswered session with this peer (glare). */
  readonly supersede: () => void
}

/** A session under way. */
export interface Session {
  /** Resolves when the stream is closed. Rejects only when this node failed: a bug, or its disk. */
  readonly finished: Promise<Outcome>
  /** Whether both hellos are through. */
  readonly isAnswered: boolean
  progress(): SessionProgress
  /** Asks the peer to stop. */
  stop(why: Exclude<StopReason, 'serve'>): void
  /** The peer's session with us goes on instead. */
  supersede(): void
  /** How many learned ids wait to be fetched; call it when the number falls. */
  backlog(waiting: number): void
}

type Bare = SessionInput extends infer I ? (I extends unknown ? Omit<I, 'now'> : never) : never

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What the machine hears when the stream fails. */
function inputOfFailure(error: unknown): Bare {
  const isMalformed = error instanceof SyncError && error.code === 'malformed'
  return isMalformed
    ? { type: 'malformedReceived', reason: error.message }
    : { type: 'disconnected', reason: textOf(error) }
}

function idsOf(message: AtxMessage | null): Uint8Array {
  assert(message?.type === 'ids', 'a chunk was just read')
  return message.ids
}

/** Starts at once. */
export function startSession(options: SessionOptions): Session {
  const { config, stream, set, clock, ports, standing, hasStepOne } = options
  const state = createSessionState(config)
  const meter = createProgressMeter(state, clock)
  const present = () => presentOf(set, clock, hasStepOne)
  const timers = createTimers<'wake'>(() => push({ type: 'woke' }))
  const outbox = createOutbox(stream, (error) => push(inputOfFailure(error)))
  const deepStream = createDeepStream(stream, outbox)
  const books = createBooks({ set, peer: config.peer, ports, chunkIds: config.limits.chunkIds })
  const result = Promise.withResolvers<Outcome>()
  /** Wakes who waits until the queue of learned ids has shrunk. */
  let resume: () => void = () => {}
  /** The message that the machine is looking at. */
  let current: AtxMessage | null = null

  const driver = createDriver<SessionState, SessionInput, SessionEffect>({
    state,
    step: observedStep,
    execute: async (effects) => {
      for (const effect of effects) await carryOut(effect)
    },
    onFailure: giveUp,
  })
  const push = (input: Bare): void => driver.push({ ...input, now: clock.now() } as SessionInput)

  function observedStep(now: SessionState, input: SessionInput): SessionEffect[] {
    const { phase, round } = now
    const effects = sessionStep(now, input)
    if (!now.isPaused || now.phase === 'ended') resume()
    meter.note()
    if (now.phase !== phase || now.round !== round) ports.progressed(meter.progress())
    return effects
  }

  /** A bug, or the disk. */
  function giveUp(error: unknown): void {
    stream.abort('an error of ours')
    result.reject(error)
    tidy()
  }

  // ------------------------------------------------------------ in

  async function* incoming(): AsyncGenerator<AtxMessage> {
    if (options.first !== undefined) yield options.first
    for (;;) {
      const message = await stream.read().catch((error: unknown) => push(inputOfFailure(error)))
      if (message === null || message === undefined) return
      yield message
    }
  }

  /** A message and all that follows from it, before the next is read: back-pressure. */
  async function read(): Promise<void> {
    await pipe(incoming, async (messages) => {
      for await (const message of messages) {
        if (state.phase === 'ended') continue
        current = message
        push(inputOf(message))
        await driver.settled()
        if (message.type !== 'deep') continue
        await deepStream.quiet()
        await driver.settled()
      }
    })
    deepStream.endInput()
    push({ type: 'peerEnded' })
  }

  function inputOf(message: AtxMessage): Bare {
    switch (message.type) {
      case 'hello':
        return { type: 'helloReceived', hello: message, present: present(), standing }
      case 'ids':
        return { type: 'chunkReceived', index: message.index, ...books.look(message.ids) }
      case 'frameEnd': {
        const { back, count, digest } = message
        return { type: 'frameEnded', back, count, ...books.close(digest) }
      }
      case 'deep':
        return { type: 'deepReceived', bytes: message.payload.length }
      default:
        return { type: 'messageReceived', message }
    }
  }

  // ------------------------------------------------------------ out

  async function carryOut(effect: SessionEffect): Promise<void> {
    switch (effect.type) {
      case 'send':
        return outbox.put(effect.message)
      case 'freeze':
        return push({ type: 'frozen', frame: freeze(), present: present() })
      case 'openList':
        return push({ type: 'listOpened', back: effect.back, count: await books.open(effect.back) })
      case 'sendList': {
        const { back, credit } = effect
        return outbox.sendList(books.messages(effect), { credit, sent: () => push({ type: 'listSent', back }) })
      }
      case 'extendCredit':
        return outbox.extendCredit(effect.credit)
      case 'dropList':
        return outbox.dropList()
      case 'readList':
        return books.begin(effect, !config.features.setRule)
      case 'weigh':
        return push({ type: 'chunkWeighed', ...(await books.weigh(idsOf(current))) })
      case 'offerServe':
        return outbox.put({ type: 'stop', why: 'serve', offer: ports.offer(config.peer) })
      case 'reconcile':
        return void reconcile(effect)
      default:
        return aside(effect)
    }
  }

  function freeze(): number {
    return books.freeze(required(state.theirs, 'the hellos are through before the view is pinned').storeId)
  }

  function aside(effect: Exclude<SessionEffect, { type: 'send' | 'weigh' | 'reconcile' }>): void {
    switch (effect.type) {
      case 'passOn':
        return deepStream.accept(required(current, 'a message was just read'))
      case 'supersede':
        return options.supersede()
      case 'misbehaved':
        return ports.misbehaved(config.peer, effect.reason)
      case 'wake':
        return timers.set('wake', effect.delayMs)
      case 'end':
        return void finish(effect.outcome)
    }
  }

  /** Runs beside the machine, which goes on hearing of time and of the peer's word. */
  async function reconcile({ scope, frame }: Extract<SessionEffect, { type: 'reconcile' }>): Promise<void> {
    const before = deepStream.bytesOut
    const isInitiator = config.role === 'initiator'
    deepStream.began()
    try {
      const matched = (lacked: Uint8Array): void => {
        if (frame !== null) ports.matched({ peer: config.peer, frame, lacked })
      }
      const found: Uint8Array[] = []
      const request = { stream: deepStream.stream, view: books.view(), scope, isInitiator, matched }
      for await (const ids of ports.deep(request)) found.push(ids)
      // Taking them may last: what the peer says meanwhile is for the machine.
      deepStream.ended()
      for (const ids of found) await take(ids, frame)
      push({ type: 'reconciled', known: books.known(), bytesOut: deepStream.bytesOut - before })
    } catch (error) {
      const code = error instanceof SyncError ? error.code : null
      if (code === 'limit') push({ type: 'reconcileLimited', bytesOut: deepStream.bytesOut - before })
      else if (code === 'protocol') push({ type: 'reconcileFailed', text: textOf(error) })
      // No fault of the peer.
      else giveUp(error)
    } finally {
      deepStream.ended()
    }
  }

  /** Weighs found ids in pieces as long as chunks, none of them while too many wait to be fetched (S8). */
  async function take(ids: Uint8Array, frame: number | null): Promise<void> {
    const step = config.limits.chunkIds * ID_BYTES
    for (let at = 0; at < ids.length; at += step) {
      await unpaused()
      if (state.phase === 'ended') return
      push({ type: 'deepWeighed', ...(await books.weighFound(ids.subarray(at, at + step), frame)) })
      await driver.settled()
    }
  }

  async function unpaused(): Promise<void> {
    while (state.isPaused && state.phase !== 'ended') await new Promise<void>((resolve) => (resume = resolve))
  }

  /** Says what is left to say, ends our half, and waits a moment for the peer's. */
  async function finish(outcome: Outcome): Promise<void> {
    deepStream.close()
    timers.clear()
    const linger = createTimers<'linger'>(() => stream.abort('the session is over'))
    linger.set('linger', outcome.kind === 'deep' ? DEEP_LINGER_MS : LINGER_MS)
    await outbox
      .close()
      .then(() => stream.end())
      .catch(() => {})
    await reading
    linger.clear()
    tidy()
    result.resolve(outcome)
  }

  function tidy(): void {
    timers.clear()
    deepStream.close()
    void driver.stop()
  }

  push({ type: 'started', present: present() })
  const reading = read().catch(giveUp)
  return {
    finished: result.promise,
    get isAnswered() {
      return state.hellosReceived > 0
    },
    progress: meter.progress,
    stop: (why) => push({ type: 'stopRequested', why }),
    supersede: () => push({ type: 'superseded' }),
    backlog: (waiting) => push({ type: 'backlogChanged', waiting }),
  }
}
