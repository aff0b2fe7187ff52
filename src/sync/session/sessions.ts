/** All SYNC sessions of a node (S6): at most one with a peer, a rate for those who call, and one survivor when both dial. */
import { randomBytes } from 'node:crypto'
import type { Millis, PeerId } from '../../domain.ts'
import type { Clock } from '../../machine/clock.ts'
import { setLatest } from '../../machine/latest.ts'
import { createTokenBucket, type TokenBucket } from '../../protocols/rate-limit.ts'
import { SyncError } from '../errors.ts'
import type { Hello, StopReason } from '../messages.ts'
import type { AtxStream } from '../ports.ts'
import type { AtxSet } from '../set/types.ts'
import type { Outcome, SessionConfig, Standing } from '../types.ts'
import type { SessionPorts, SessionProgress } from './ports.ts'
import { type Session, startSession } from './session.ts'

/** Inbound sessions of one peer: one in this time in the long run, some at once (S1); more where the interval is shorter. */
const MIN_SESSION_GAP_MS: Millis = 30_000
/** Of an interval, so that a peer with the same one is never too early: a closer look follows a session at once. */
const GAP_SHARE = 0.5
const SESSION_BURST = 3
/** Inbound sessions under way, of all peers. */
const MAX_INBOUND = 16
/** Callers remembered; at the bound the oldest is forgotten. */
const MAX_CALLERS = 1_024
const BUSY_RETRY_MS: Millis = 30_000
const SESSION_ID_BYTES = 16
const STOPPING = 'this node is about to stop'

export type SessionsOptions = {
  /** Of every session; peer, role and id differ. */
  readonly config: Omit<SessionConfig, 'peer' | 'role' | 'sessionId' | 'suite'>
  readonly set: AtxSet
  readonly clock: Clock
  readonly ports: SessionPorts
  /** Opens a stream; what is sent first says that it is for SYNC. */
  readonly open: (peer: PeerId) => Promise<AtxStream>
  /** Time between sessions with a peer, on this network. */
  readonly intervalMs: Millis
  readonly isBanned: (peer: PeerId) => boolean
  /** Whether sessions with this peer may end at step 1 now: false when it is off, or a full run is due (S6). */
  readonly hasStepOne: (peer: PeerId) => boolean
}

export interface Sessions {
  /** Leads a session that this node opens. Rejects with `SyncError` 'refused' when one goes on or all were ended, or with what `open` rejects with. */
  start(peer: PeerId): Promise<Outcome>
  /** Leads a session that the peer opened; `hello` was read from the stream. Rejects with `SyncError` 'refused' when all were ended. */
  accept(stream: AtxStream, hello: Hello): Promise<Outcome>
  progress(): SessionProgress[]
  /** How many ids that the peer listed wait to be fetched: call it when the number falls. */
  backlog(peer: PeerId, waiting: number): void
  /** Asks the peer to stop its session with us, if there is one. */
  stop(peer: PeerId, why: Exclude<StopReason, 'serve'>): void
  /** Ends all, and lets none begin: who calls is told. */
  close(): Promise<void>
}

/** A session that this node opened; null while the stream is being opened. */
type Outbound = { session: Session | null; isSuperseded: boolean }

export function createSessions(options: SessionsOptions): Sessions {
  const { set, clock, ports, isBanned, hasStepOne } = options
  const gapMs = Math.min(MIN_SESSION_GAP_MS, GAP_SHARE * options.intervalMs)
  const outbound = new Map<PeerId, Outbound>()
  const inbound = new Map<PeerId, Session>()
  const callers = new Map<PeerId, TokenBucket>()
  const running = new Set<Session>()
  let isOpen = true

  function begin(peer: PeerId, stream: AtxStream, call: { standing: Standing; hello: Hello } | null): Session {
    const session = startSession({
      config: {
        ...options.config,
        peer,
        role: call === null ? 'initiator' : 'responder',
        sessionId: randomBytes(SESSION_ID_BYTES),
        suite: set.suite,
      },
      stream,
      set,
      clock,
      ports,
      hasStepOne: hasStepOne(peer),
      standing: call?.standing ?? { isBanned: false, retryAfterMs: 0, live: 'none' },
      first: call?.hello,
      supersede: () => supersede(peer),
    })
    running.add(session)
    const forget = () => void running.delete(session)
    session.finished.then(forget, forget)
    return session
  }

  function supersede(peer: PeerId): void {
    const own = outbound.get(peer)
    if (own === undefined) return
    own.isSuperseded = true
    own.session?.supersede()
  }

  function standingOf(peer: PeerId): Standing {
    const own = outbound.get(peer)
    const isDialling = own !== undefined && own.session?.isAnswered !== true
    const isRunning = inbound.has(peer) || (own !== undefined && !isDialling)
    return {
      isBanned: isBanned(peer),
      retryAfterMs: waitOf(peer, isDialling),
      live: isRunning ? 'running' : isDialling ? 'dialling' : 'none',
    }
  }

  /** How long a caller is put off. Calls that meet one of ours come from both sides at once, not from haste. */
  function waitOf(peer: PeerId, isDialling: boolean): Millis {
    if (inbound.size >= MAX_INBOUND) return BUSY_RETRY_MS
    return isDialling || mayCall(peer) ? 0 : gapMs
  }

  function mayCall(peer: PeerId): boolean {
    const bucket = callers.get(peer) ?? createTokenBucket({ rate: 1_000 / gapMs, burst: SESSION_BURST, clock })
    setLatest(callers, [peer, bucket], MAX_CALLERS)
    return bucket.tryTake()
  }

  async function turnAway(stream: AtxStream): Promise<never> {
    await stream.send({ type: 'problem', code: 'busy', text: STOPPING, retryAfterMs: BUSY_RETRY_MS })
    await stream.end()
    throw new SyncError('refused', STOPPING)
  }

  return {
    async start(peer) {
      if (outbound.has(peer) || inbound.has(peer)) {
        throw new SyncError('refused', `a session with ${peer} goes on: wait for its end`)
      }
      const own: Outbound = { session: null, isSuperseded: false }
      outbound.set(peer, own)
      try {
        const stream = await options.open(peer)
        if (!isOpen) {
          stream.abort(STOPPING)
          throw new SyncError('refused', STOPPING)
        }
        own.session = begin(peer, stream, null)
        if (own.isSuperseded) own.session.supersede()
        return await own.session.finished
      } finally {
        outbound.delete(peer)
      }
    },
    async accept(stream, hello) {
      if (!isOpen) return turnAway(stream)
      const { peer } = stream
      const session = begin(peer, stream, { standing: standingOf(peer), hello })
      if (inbound.has(peer)) return session.finished
      inbound.set(peer, session)
      return session.finished.finally(() => inbound.delete(peer))
    },
    progress: () => [...running].map((session) => session.progress()),
    backlog(peer, waiting) {
      outbound.get(peer)?.session?.backlog(waiting)
      inbound.get(peer)?.backlog(waiting)
    },
    stop(peer, why) {
      outbound.get(peer)?.session?.stop(why)
      inbound.get(peer)?.stop(why)
    },
    async close() {
      isOpen = false
      for (const session of running) session.stop('shutdown')
      await Promise.allSettled([...running].map((session) => session.finished))
    },
  }
}
