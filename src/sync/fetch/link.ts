/**
 * One FETCH stream to one peer (S8): requests go out as they come, answers go through a pipeline into the intake. Reading
 * pauses while several answers are being judged: that is the back-pressure.
 */
import { pipe } from 'it-pipe'
import type { Hash, Millis, PeerId } from '../../domain.ts'
import { isOffence } from '../errors.ts'
import type { AtxMessage, FetchMessage, Item } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import { JUDGED_AT_ONCE } from './bounds.ts'

type Answer = Extract<FetchMessage, { type: 'blobs' }>
type Good = Extract<Item, { status: 'ok' }>

/** Why a stream ended. `late`: the peer asks to be left alone for that long. */
export type LinkEnd =
  | { readonly type: 'closed' }
  | { readonly type: 'deferred'; readonly retryAfterMs: Millis }
  | { readonly type: 'violation'; readonly reason: string }

export type LinkOptions = {
  readonly peer: PeerId
  readonly open: (peer: PeerId) => Promise<AtxStream>
  /** Exchanges the hellos. */
  readonly greet: (stream: AtxStream, intent: 'fetch') => Promise<void>
  /** Answers with the ids whose blobs are wanted. */
  readonly answered: (answer: Answer) => readonly Hash[]
  readonly judge: (blobs: readonly Good[]) => Promise<void>
  /** The stream is gone, and not because of `close`. */
  readonly ended: (end: LinkEnd) => void
}

export interface FetchLink {
  ask(req: number, ids: readonly Hash[]): void
  /** `gracefully`: nothing is owed. */
  close(reason: string, gracefully: boolean): void
}

class StreamLink implements FetchLink {
  readonly #options: LinkOptions
  readonly #outbox: AtxMessage[] = []
  #stream: AtxStream | null = null
  #isReady = false
  #isSending = false
  #isClosed = false

  constructor(options: LinkOptions) {
    this.#options = options
    void this.#run().then(
      (end) => this.#finish(end),
      (error: unknown) => this.#finish(endOf(error)),
    )
  }

  ask(req: number, ids: readonly Hash[]): void {
    this.#outbox.push({ type: 'fetch', req, ids: Buffer.from(ids.join(''), 'hex') })
    void this.#flush()
  }

  close(reason: string, gracefully: boolean): void {
    this.#isClosed = true
    if (gracefully) this.#end()
    else this.#stream?.abort(reason)
  }

  #end(): void {
    void this.#stream?.end().catch(() => undefined)
  }

  async #run(): Promise<LinkEnd> {
    const { peer, open, greet, answered, judge } = this.#options
    const stream = await open(peer)
    this.#stream = stream
    if (this.#isClosed) {
      stream.abort('not needed any more')
      return { type: 'closed' }
    }
    await greet(stream, 'fetch')
    this.#isReady = true
    void this.#flush()
    let end: LinkEnd = { type: 'closed' }
    await pipe(
      () => answersOf(stream, (cause) => (end = cause)),
      (answers) => wantedOf(answers, answered),
      (batches) => judgeAhead(batches, judge),
    )
    return end
  }

  /** Requests in their order; awaiting each is the back-pressure of a stream whose peer does not read. */
  async #flush(): Promise<void> {
    const stream = this.#stream
    if (stream === null || !this.#isReady || this.#isSending) return
    this.#isSending = true
    try {
      for (let message = this.#outbox.shift(); message !== undefined; message = this.#outbox.shift()) {
        await stream.send(message)
      }
      this.#isSending = false
    } catch {
      // Reading ends with the stream, and says so.
      stream.abort('requests cannot be sent')
    }
  }

  #finish(end: LinkEnd): void {
    const isOurs = this.#isClosed
    this.#isClosed = true
    if (!isOurs && end.type === 'closed') this.#end()
    if (end.type !== 'closed') this.#stream?.abort(end.type)
    if (!isOurs) this.#options.ended(end)
  }
}

/** Opens a stream in the background; what is asked meanwhile goes out once the hellos are exchanged. */
export function openFetchLink(options: LinkOptions): FetchLink {
  return new StreamLink(options)
}

/** Anything but answers, and signs of life, ends the stream; `ends` hears why. */
async function* answersOf(stream: AtxStream, ends: (end: LinkEnd) => void): AsyncGenerator<Answer> {
  for (;;) {
    const message = await stream.read()
    if (message === null) return
    if (message.type === 'blobs') yield message
    else if (message.type !== 'keepAlive') return ends(endBy(message))
  }
}

function endBy(message: AtxMessage): LinkEnd {
  if (message.type !== 'problem') return { type: 'violation', reason: `sent '${message.type}' on a fetch stream` }
  return { type: 'deferred', retryAfterMs: message.retryAfterMs }
}

/** A peer that sends nonsense, or a hello of another conversation, is told apart from a stream that broke. */
function endOf(error: unknown): LinkEnd {
  return isOffence(error) ? { type: 'violation', reason: error.message } : { type: 'closed' }
}

/** The blobs of each answer that were asked for and are still wanted. */
async function* wantedOf(
  answers: AsyncIterable<Answer>,
  answered: (answer: Answer) => readonly Hash[],
): AsyncGenerator<readonly Good[]> {
  for await (const answer of answers) {
    const wanted = new Set(answered(answer))
    const blobs = answer.items.filter((item): item is Good => item.status === 'ok' && wanted.has(item.id))
    if (blobs.length > 0) yield blobs
  }
}

/** Several batches are judged while the next one is read, and no more than that wait in memory. */
async function judgeAhead(
  batches: AsyncIterable<readonly Good[]>,
  judge: (blobs: readonly Good[]) => Promise<void>,
): Promise<void> {
  const open = new Set<Promise<void>>()
  for await (const blobs of batches) {
    const judged: Promise<void> = judge(blobs).finally(() => open.delete(judged))
    open.add(judged)
    if (open.size >= JUDGED_AT_ONCE) await Promise.race(open)
  }
  await Promise.all(open)
}
