/**
 * Holds sessions when the planner says so, and does what their ends ask for: fetch, be served, look closer, try again
 * (S7, S9, S12.2).
 */
import type { Millis, PeerId } from '../domain.ts'
import { PalaverError } from '../errors.ts'
import type { Clock } from '../machine/clock.ts'
import type { Hello } from './messages.ts'
import type { Planner, SessionEnd } from './planner.ts'
import type { AtxStream } from './ports.ts'
import { MAX_RETRY_MS } from './serve/bounds.ts'
import type { ServeClient } from './serve/client.ts'
import type { Sessions } from './session/sessions.ts'
import type { Outcome } from './types.ts'

/** How often it is looked at what is due. */
const TICK_MS: Millis = 250
/** Sessions this node opens at once. */
const MAX_OUTBOUND = 4

/** How the last session with a peer ended, for people. */
export type LastSession = {
  readonly outcome: 'equal' | 'agreed' | 'learned' | 'serving' | 'served' | 'busy' | 'refused' | 'failed'
  readonly reason: string | null
  /** When a peer that had no time for us may be asked again. */
  readonly retryAt: Millis | null
  readonly at: Millis
  readonly gained: number
}

/** Sessions under way with a peer: two while both sides dialled, of which one goes on and says how it ended. */
type Held = {
  count: number
  isConcluded: boolean
  /** Whether an id that the peer listed was lost since they began. */
  hasLost: boolean
  /** Says how the latest that failed ended. */
  failure: (() => void) | null
}

type Note = Omit<LastSession, 'at' | 'retryAt'> & { readonly retryAfterMs: Millis | null }

export type SchedulerOptions = {
  readonly planner: Planner
  readonly sessions: Sessions
  readonly serves: ServeClient
  readonly clock: Clock
  /** From 0 to 1. */
  readonly chance: () => number
  /** Ids that the peer listed and that are still being fetched. */
  readonly remaining: (peer: PeerId) => number
  /** How long the peer is not dealt with. */
  readonly refusedMs: (peer: PeerId) => Millis
  readonly failed: (error: unknown) => void
  readonly ended: (peer: PeerId, outcome: Outcome, isInbound: boolean) => void
}

export interface Scheduler {
  start(): void
  stop(): Promise<void>
  joined(peer: PeerId): void
  left(peer: PeerId): void
  /** Begins a session with the peer now, which compares the open timeframes too when it is `isCloser`; false when one goes on. */
  begin(peer: PeerId, isCloser: boolean): boolean
  /** Leads a session that a peer began. */
  accept(stream: AtxStream, hello: Hello): Promise<void>
  /** Makes a session due that does not end at step 1, so that the open timeframes are compared (S12.2). */
  lookCloser(peer: PeerId): void
  /** An id that the peer listed does not come: what it ends in agreement now, or did before, does not count (S8). */
  lost(peer: PeerId): void
  /** Whether a session with this peer may end at step 1 (S6). */
  hasStepOne(peer: PeerId): boolean
  last(): ReadonlyMap<PeerId, LastSession>
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { planner, sessions, serves, clock, chance, remaining, refusedMs, failed } = options
  /** Peers whose open timeframe differs from ours: their next session must not end at step 1 (S12.2). */
  const closer = new Set<PeerId>()
  /** Peers that agreed on a set of which a part is being fetched, and none was lost. */
  const settling = new Set<PeerId>()
  const joined = new Set<PeerId>()
  const last = new Map<PeerId, LastSession>()
  const running = new Set<Promise<void>>()
  const held = new Map<PeerId, Held>()
  let outbound = 0
  let timer: NodeJS.Timeout | undefined

  function run(work: Promise<void>): void {
    const watched = work.catch(failed).finally(() => running.delete(watched))
    running.add(watched)
  }

  function tick(): void {
    const now = clock.now()
    settle(now)
    for (const peer of planner.due(now)) {
      if (outbound >= MAX_OUTBOUND) return
      if (remaining(peer) === 0 && refusedMs(peer) === 0) begin(peer)
    }
  }

  /** S8: with the last of what a peer listed, its agreement holds; not when some of it was lost. */
  function settle(now: Millis): void {
    for (const peer of settling) {
      if (remaining(peer) > 0) continue
      settling.delete(peer)
      planner.settled(peer, now)
    }
  }

  /** Fetching runs beside the rounds, so that ids may be lost before their session has ended. */
  function lost(peer: PeerId): void {
    settling.delete(peer)
    const both = held.get(peer)
    if (both !== undefined) both.hasLost = true
  }

  function begin(peer: PeerId): boolean {
    if (planner.isLive(peer)) return false
    planner.began(peer)
    outbound += 1
    run(
      hold(peer, () => sessions.start(peer)).finally(() => {
        outbound -= 1
      }),
    )
    return true
  }

  async function hold(peer: PeerId, session: () => Promise<Outcome>, isInbound = false): Promise<void> {
    const both = held.get(peer) ?? { count: 0, isConcluded: false, hasLost: false, failure: null }
    held.set(peer, both)
    both.count += 1
    try {
      const outcome = await session()
      options.ended(peer, outcome, isInbound)
      if (outcome.kind !== 'failed') {
        both.isConcluded = true
        conclude(peer, outcome)
      } else if (!isInbound || !isRefusedHere(outcome)) both.failure = () => conclude(peer, outcome)
    } catch (error) {
      both.failure = () => fail(peer, error instanceof Error ? error.message : String(error))
      if (!(error instanceof PalaverError)) throw error
    } finally {
      both.count -= 1
      if (both.count === 0) rest(peer, both)
    }
  }

  /** None goes on any more. A call that this node refused was no session: all that is known of the peer stays as it is. */
  function rest(peer: PeerId, { isConcluded, failure }: Held): void {
    held.delete(peer)
    if (!isConcluded) failure?.()
    planner.idle(peer)
  }

  function fail(peer: PeerId, reason: string): void {
    note(peer, { outcome: 'failed', reason, gained: 0, retryAfterMs: null })
    planner.ended(peer, { kind: 'failed' }, clock.now(), chance())
  }

  function conclude(peer: PeerId, outcome: Outcome): void {
    const end = endOf(outcome, remaining(peer))
    closer.delete(peer)
    settling.delete(peer)
    planner.ended(peer, end, clock.now(), chance())
    if (end.kind === 'progress' && isReconciled(outcome) && held.get(peer)?.hasLost !== true) settling.add(peer)
    if ('isOpenDifferent' in outcome && outcome.isOpenDifferent) lookCloser(peer)
    const retryAfterMs = retryAfterOf(outcome)
    // What a serve brought is known at its end.
    if (isServed(outcome) && retryAfterMs === null) run(pull(peer, outcome.offer?.token))
    else note(peer, { ...wordOf(outcome), gained: outcome.figures.gained, retryAfterMs })
  }

  async function pull(peer: PeerId, token: Uint8Array | undefined): Promise<void> {
    const { end, reason, gained, retryAfterMs } = await serves.pull(token === undefined ? { peer } : { peer, token })
    const isThrough = end === 'complete' || gained > 0
    const why = isThrough ? null : `${end}: ${reason}`
    note(peer, { outcome: isThrough ? 'served' : 'failed', reason: why, gained, retryAfterMs })
    if (retryAfterMs !== null) planner.ended(peer, { kind: 'busy', retryAfterMs }, clock.now(), chance())
    else if (isThrough) planner.hasten(peer, clock.now())
  }

  function lookCloser(peer: PeerId): void {
    if (!joined.has(peer)) return
    closer.add(peer)
    planner.hasten(peer, clock.now())
  }

  /** A session may end after its peer has left: of those nothing is kept. */
  function note(peer: PeerId, { retryAfterMs, ...session }: Note): void {
    if (!joined.has(peer)) return
    const at = clock.now()
    last.delete(peer)
    last.set(peer, { ...session, at, retryAt: retryAfterMs === null ? null : at + retryAfterMs })
  }

  return {
    start() {
      timer = setInterval(tick, TICK_MS)
    },
    async stop() {
      clearInterval(timer)
      await Promise.all([sessions.close(), serves.stop()])
      await Promise.all(running)
    },
    joined(peer) {
      joined.add(peer)
      planner.joined(peer, clock.now(), chance())
    },
    left(peer) {
      joined.delete(peer)
      planner.left(peer)
      closer.delete(peer)
      settling.delete(peer)
      last.delete(peer)
    },
    begin(peer, isCloser) {
      if (planner.isLive(peer)) return false
      if (isCloser) closer.add(peer)
      return begin(peer)
    },
    lookCloser,
    lost,
    accept(stream, hello) {
      planner.began(stream.peer)
      return hold(stream.peer, () => sessions.accept(stream, hello), true)
    },
    hasStepOne: (peer) => !closer.has(peer) && !planner.mustLookCloser(peer, clock.now()),
    last: () => last,
  }
}

const isReconciled = ({ kind }: Outcome): boolean => kind === 'agreed' || kind === 'deep'

const isServed = (outcome: Outcome): outcome is Extract<Outcome, { kind: 'serve-in' | 'mutual' }> =>
  outcome.kind === 'serve-in' || outcome.kind === 'mutual'

/** What a session means for the next one. */
function endOf(outcome: Outcome, remaining: number): SessionEnd {
  const retryAfterMs = retryAfterOf(outcome)
  if (retryAfterMs !== null) return { kind: 'busy', retryAfterMs }
  switch (outcome.kind) {
    case 'fast-equal':
      // A newcomer's closed timeframes are as empty as those of a young network: it has agreed to nothing yet.
      if (outcome.isOpenDifferent) return { kind: 'progress' }
      return outcome.isUnsettled ? { kind: 'unsettled' } : { kind: 'agreed' }
    case 'all-equal':
      return outcome.isOpenDifferent ? { kind: 'progress' } : { kind: 'agreed' }
    case 'total-equal':
      return { kind: 'agreed' }
    case 'agreed':
    case 'deep':
      return remaining === 0 && outcome.figures.gained === 0 ? { kind: 'agreed' } : { kind: 'progress' }
    case 'serve-in':
    case 'serve-out':
    case 'mutual':
      return { kind: 'progress' }
    case 'stopped':
    case 'failed':
      return { kind: 'failed' }
  }
}

/** How long the peer is to be left alone: it said so, or offers to serve when a place is free (S9.1). */
function retryAfterOf(outcome: Outcome): Millis | null {
  const wish = isServed(outcome) ? outcome.offer?.retryAfterMs : outcome.kind === 'failed' ? outcome.retryAfterMs : 0
  return wish === undefined || wish === 0 ? null : Math.min(wish, MAX_RETRY_MS)
}

const REFUSED: readonly string[] = ['version', 'network', 'clock', 'frame', 'banned']

/** Whether this node did not accept the hello of the peer (S6). */
function isRefusedHere({ by, code }: Extract<Outcome, { kind: 'failed' }>): boolean {
  return by === 'us' && (code === 'busy' || REFUSED.includes(code))
}

function wordOf(outcome: Outcome): Pick<LastSession, 'outcome' | 'reason'> {
  switch (outcome.kind) {
    case 'fast-equal':
    case 'all-equal':
    case 'total-equal':
      return { outcome: 'equal', reason: null }
    case 'agreed':
    case 'deep':
      return { outcome: outcome.figures.gained > 0 ? 'learned' : 'agreed', reason: null }
    case 'serve-out':
      return { outcome: 'serving', reason: null }
    case 'serve-in':
    case 'mutual':
      // It serves only after a while, or its serve would be told of.
      return { outcome: 'busy', reason: 'all its places for serves are taken' }
    case 'stopped':
      return {
        outcome: 'failed',
        reason: `${outcome.by === 'us' ? 'this node' : 'the peer'} stopped it: ${outcome.why}`,
      }
    case 'failed': {
      const word = outcome.code === 'busy' ? 'busy' : REFUSED.includes(outcome.code) ? 'refused' : 'failed'
      return { outcome: word, reason: word === 'busy' ? outcome.text : `${outcome.code}: ${outcome.text}` }
    }
  }
}
