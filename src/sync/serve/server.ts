/** Serving in bulk to whoever lacks much (S9.1): asks the admission desk, leads the serves, makes offers, says how far they are. */
import { randomBytes } from 'node:crypto'
import type { Hash, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { isOffence } from '../errors.ts'
import type { ProblemCode, ServeMessage, ServeOffer } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { AtxSet } from '../set/types.ts'
import { PAUSE_RETRY_MS, REQUEST_DEADLINE_MS, SERVE_LIMITS, type ServeLimits } from './bounds.ts'
import { createDesk } from './desk.ts'
import { createOfferTokens } from './offer-token.ts'
import { type ServeOut, startServeOut } from './serve-out.ts'
import { createThrottle } from './throttle.ts'
import { createSender, type Sleep, systemSleep, within } from './timing.ts'
import type { Evidence, ServeProgress, ServeReport } from './types.ts'

/** Bytes of an ATX before any was served: what an offer's estimate starts from. */
const FIRST_GUESS_BYTES = 512
const KEY_BYTES = 32

type ServeRequest = Extract<ServeMessage, { type: 'serve' }>

export type ServeServerOptions = {
  readonly set: Pick<AtxSet, 'storeId' | 'count' | 'idsFrom' | 'blobs'>
  readonly clock: Clock
  /** Whether the event loop or gossip is behind (S9.1): serving pauses while it is. */
  readonly isBusy: () => boolean
  readonly limits?: Partial<ServeLimits>
  readonly sleep?: Sleep
  readonly observer: {
    readonly began: (serve: ServeProgress) => void
    readonly ended: (report: ServeReport) => void
    readonly refused: (peer: PeerId, reason: string) => void
    readonly misbehaved: (peer: PeerId, evidence: Evidence, reason: string) => void
    readonly failed: (error: unknown) => void
  }
}

export interface ServeServer {
  /** What a session tells a peer that is behind. */
  createOffer(peer: PeerId): ServeOffer
  /** Leads a SERVE stream after the hellos; resolves when it has ended. Never rejects. */
  accept(stream: AtxStream): Promise<void>
  /** The serves under way. */
  progress(): readonly ServeProgress[]
  /** Ends the serve of this peer: it is not dealt with any more. */
  forsake(peer: PeerId, reason: string): void
  /** Ends all serves with a word to their clients, and admits no more. */
  stop(): Promise<void>
}

/** A server that serves nobody yet. */
export function createServeServer(options: ServeServerOptions): ServeServer {
  const { set, clock, isBusy, observer, sleep = systemSleep } = options
  const limits = { ...SERVE_LIMITS, ...options.limits }
  const desk = createDesk(limits)
  const throttle = createThrottle(limits, clock)
  const tokens = createOfferTokens(randomBytes(KEY_BYTES), clock)
  /** By ticket of the desk, which bounds them. */
  const serves = new Map<number, ServeOut>()
  const served = { blobs: 1, bytes: FIRST_GUESS_BYTES }
  /** Streams whose request has not come yet. */
  const unasked = new Set<AtxStream>()
  let isOpen = true

  async function accept(stream: AtxStream): Promise<void> {
    const request = await readRequest(stream)
    if (request === null) return
    if (!isOpen)
      return refuse(stream, { code: 'busy', text: 'this node is about to stop', retryAfterMs: PAUSE_RETRY_MS })
    const { peer, remoteAddress: address } = stream
    const hasOffer = tokens.isGood(peer, request.token)
    const admission = desk.admit({ now: clock.now(), peer, address, cursor: cursorOf(request), hasOffer })
    if (!admission.isAdmitted) {
      observer.refused(peer, admission.reason)
      const { reason: text, retryAfterMs } = admission
      return refuse(stream, { code: 'busy', text, retryAfterMs })
    }
    const { ticket, fromSeq, replaces } = admission
    if (replaces !== null) void serves.get(replaces)?.stop('the same peer resumed it')
    await lead(stream, { ticket, fromSeq, maxBytes: request.maxBytes })
  }

  async function readRequest(stream: AtxStream): Promise<ServeRequest | null> {
    unasked.add(stream)
    const first = await within(stream.read(), { sleep, ms: REQUEST_DEADLINE_MS })
      .catch((error: unknown) => {
        if (isOffence(error)) accuse(stream, error.message)
        return null
      })
      .finally(() => unasked.delete(stream))
    if (first?.type === 'serve') return first
    if (first !== null) {
      const text = `a serve starts with its request, not with '${first.type}'`
      accuse(stream, text)
      await refuse(stream, { code: 'protocol', text, retryAfterMs: 0 })
      return null
    }
    stream.abort('no request came')
    return null
  }

  function accuse(stream: AtxStream, reason: string): void {
    observer.misbehaved(stream.peer, 'P', reason)
  }

  async function refuse(
    stream: AtxStream,
    problem: { readonly code: ProblemCode; readonly text: string; readonly retryAfterMs: number },
  ): Promise<void> {
    const sender = createSender({ stream, sleep, lost: (reason) => stream.abort(reason) })
    if (await sender.send({ type: 'problem', ...problem })) await stream.end().catch(() => undefined)
  }

  /** The place the peer knows; null when it means another store, or one this node no longer has. */
  function cursorOf({ storeId, afterSeq }: ServeRequest): number | null {
    return Buffer.compare(storeId, set.storeId) === 0 && afterSeq <= set.count ? afterSeq : null
  }

  async function blobs(ids: readonly Hash[]): Promise<readonly (Uint8Array | null)[]> {
    const read = await set.blobs(ids)
    served.blobs += read.length
    served.bytes += read.reduce((sum, blob) => sum + (blob?.byteLength ?? 0), 0)
    return read
  }

  async function lead(
    stream: AtxStream,
    { ticket, fromSeq, maxBytes }: { readonly ticket: number; readonly fromSeq: number; readonly maxBytes: number },
  ): Promise<void> {
    const { peer } = stream
    const serve = startServeOut({
      stream,
      set,
      blobs,
      clock,
      sleep,
      fromSeq,
      maxBytes,
      isBusy,
      reserve: (bytes) => throttle.reserve(peer, bytes),
      reached: (seq) => desk.reached(ticket, seq),
      misbehaved: (evidence, reason) => observer.misbehaved(peer, evidence, reason),
      failed: observer.failed,
    })
    serves.set(ticket, serve)
    observer.began(serve.progress())
    const report = await serve.ended
    serves.delete(ticket)
    desk.release(ticket, clock.now())
    observer.ended(report)
  }

  return {
    createOffer(peer) {
      const estBytes = Math.round((set.count * served.bytes) / served.blobs)
      return { token: tokens.make(peer), estIds: set.count, estBytes, retryAfterMs: desk.offer(peer, clock.now()) }
    },
    accept,
    progress: () => [...serves.values()].map((serve) => serve.progress()),
    forsake(peer, reason) {
      for (const stream of unasked) if (stream.peer === peer) stream.abort(reason)
      for (const serve of serves.values()) if (serve.progress().peer === peer) void serve.stop(reason)
    },
    async stop() {
      isOpen = false
      await Promise.all([...serves.values()].map((serve) => serve.stop('this node is about to stop')))
    },
  }
}
