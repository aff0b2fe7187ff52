/** Being served by others (S9.1): one serve per server at a time, from where the last one came to. */
import type { PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { isOffence } from '../errors.ts'
import type { Intake } from '../intake/types.ts'
import type { AtxStream } from '../ports.ts'
import type { AtxSet } from '../set/types.ts'
import { type ServeIn, startServeIn } from './serve-in.ts'
import type { CursorStore } from './serve-store.ts'
import { type Sleep, systemSleep } from './timing.ts'
import type { Evidence, ServeOutcome, ServeProgress, ServeReport } from './types.ts'

export type ServeClientOptions = {
  readonly set: Pick<AtxSet, 'count' | 'has'>
  readonly intake: Intake
  readonly cursors: CursorStore
  readonly clock: Clock
  readonly sleep?: Sleep
  /** Opens a stream to a peer. */
  readonly open: (peer: PeerId) => Promise<AtxStream>
  /** Exchanges the hellos; rejects with a `PalaverError` when the peer is not one to talk to. */
  readonly greet: (stream: AtxStream) => Promise<{ readonly storeId: Uint8Array }>
  readonly observer: {
    /** A serve was asked for. */
    readonly began: (serve: ServeProgress) => void
    readonly ended: (report: ServeReport) => void
    /** None could be asked for. */
    readonly refused: (peer: PeerId, reason: string) => void
    readonly misbehaved: (peer: PeerId, evidence: Evidence, reason: string) => void
  }
}

export type ServeWish = {
  readonly peer: PeerId
  /** Of the offer that the peer made; empty without one. */
  readonly token?: Uint8Array
  /** Bytes of blobs at most; any number when absent. */
  readonly maxBytes?: number
}

export interface ServeClient {
  /** Gets what the peer has and this node lacks. Rejects only when the set or the disk of this node failed. */
  pull(wish: ServeWish): Promise<ServeOutcome>
  /** The serves under way. */
  progress(): readonly ServeProgress[]
  /** Gives the serve of this peer up: it is not dealt with any more. */
  forsake(peer: PeerId, reason: string): void
  /** Gives all serves up; their cursors are saved. */
  stop(): Promise<void>
}

/** A client that nobody serves yet. */
export function createServeClient(options: ServeClientOptions): ServeClient {
  const { set, intake, cursors, clock, observer, sleep = systemSleep } = options
  /** By server, from the moment it is dialled: as many as the caller begins. */
  const serves = new Map<PeerId, ServeIn | null>()
  let isOpen = true

  async function pull(wish: ServeWish): Promise<ServeOutcome> {
    const { peer } = wish
    if (!isOpen) return unbegun('stopped', 'this node is about to stop')
    if (serves.has(peer)) return unbegun('refused', 'this peer serves already')
    serves.set(peer, null)
    try {
      const serve = await begin(wish)
      if ('end' in serve) {
        observer.refused(peer, serve.reason)
        return serve
      }
      serves.set(peer, serve)
      observer.began(serve.progress())
      if (!isOpen) serve.stop('this node is about to stop')
      const outcome = await serve.ended
      const { end, reason } = outcome
      observer.ended({ ...serve.progress(), end, reason })
      return outcome
    } finally {
      serves.delete(peer)
    }
  }

  async function begin({ peer, token = new Uint8Array(0), maxBytes = 0 }: ServeWish): Promise<ServeIn | ServeOutcome> {
    const reached = await reach(peer)
    if ('end' in reached) return reached
    const { stream, storeId } = reached
    return startServeIn({
      stream,
      set,
      intake,
      clock,
      sleep,
      storeId,
      token,
      fromSeq: cursors.read({ peer, storeId }),
      maxBytes,
      saveCursor: (seq) => cursors.save({ peer, storeId, seq }),
      misbehaved: (evidence, reason) => observer.misbehaved(peer, evidence, reason),
    })
  }

  async function reach(peer: PeerId): Promise<{ stream: AtxStream; storeId: Uint8Array } | ServeOutcome> {
    let stream: AtxStream | null = null
    try {
      stream = await options.open(peer)
      const { storeId } = await options.greet(stream)
      return { stream, storeId }
    } catch (error) {
      const { message } = error as Error
      stream?.abort(message)
      if (isOffence(error)) {
        observer.misbehaved(peer, 'P', message)
        return unbegun('misbehaved', message)
      }
      return unbegun('refused', message)
    }
  }

  return {
    pull,
    progress: () => [...serves.values()].flatMap((serve) => (serve === null ? [] : [serve.progress()])),
    forsake: (peer, reason) => serves.get(peer)?.stop(reason),
    async stop() {
      isOpen = false
      const running = [...serves.values()].filter((serve) => serve !== null)
      for (const serve of running) serve.stop('this node is about to stop')
      await Promise.allSettled(running.map(({ ended }) => ended))
    },
  }
}

function unbegun(end: ServeOutcome['end'], reason: string): ServeOutcome {
  return { end, reason, gained: 0, bytes: 0, lastSeq: 0, retryAfterMs: null }
}
