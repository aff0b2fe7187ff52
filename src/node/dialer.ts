/**
 * Keeps connections to the peers this node wants: tries each missing one with a growing pause, and asks the DHT for its
 * addresses when the known ones fail (P18.7, DESIGN.md 6).
 */
import type { Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'

/** Pauses between tries: doubling from the first to the last, each varied by a quarter either way. */
export const FIRST_PAUSE_MS = 1_000
export const LAST_PAUSE_MS = 15_000
const JITTER = 0.25
/** How often the list of wanted peers is looked at. */
const TICK_MS = 250
/** Head start of the peer with the smaller id, so that two nodes seldom dial each other at once. */
export const COURTESY_MS = 700
/** Dials under way at once. */
export const MAX_PARALLEL_DIALS = 16

export type DialerOptions = {
  readonly self: PeerId
  /** Peers to be connected with, this node left out; their number is bounded by the committee and the configuration. */
  readonly targets: () => readonly PeerId[]
  readonly isConnected: (peer: PeerId) => boolean
  /** Whether the configuration names an address: then the other side may not know ours, and waiting for it is vain. */
  readonly hasAddress: (peer: PeerId) => boolean
  /** One try at every known address; rejects when none works. */
  readonly dial: (peer: PeerId, signal: AbortSignal) => Promise<void>
  /** Asks the network for addresses and remembers them for the next `dial`; rejects when nobody knows any. */
  readonly find: (peer: PeerId, signal: AbortSignal) => Promise<void>
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

export interface Dialer {
  start(): void
  /** Ends the dials under way and starts no more. */
  stop(): void
  /** Looks at the targets now. */
  tick(): void
  /** Forgets the pauses: everything missing is tried soon, but for peers on hold. */
  retryNow(): void
  /** Leaves `peer` alone for `durationMs`. */
  hold(peer: PeerId, durationMs: Millis): void
}

type Attempt = { nextAt: Millis; pauseMs: Millis; heldUntil: Millis; isRunning: boolean }

/** A dialer at rest. */
export function createDialer(options: DialerOptions): Dialer {
  const { self, clock } = options
  const random = options.random ?? Math.random
  const attempts = new Map<PeerId, Attempt>()
  let stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running = 0

  const vary = (pauseMs: Millis): Millis => pauseMs * (1 - JITTER + 2 * JITTER * random())
  const fresh = (peer: PeerId): Attempt => {
    const delayMs = self < peer || options.hasAddress(peer) ? 0 : vary(COURTESY_MS)
    return { nextAt: clock.now() + delayMs, pauseMs: FIRST_PAUSE_MS, heldUntil: 0, isRunning: false }
  }

  function tick(): void {
    const targets = new Set(options.targets())
    for (const [peer, attempt] of attempts) {
      const isOver = !targets.has(peer) || options.isConnected(peer)
      if (isOver && !attempt.isRunning && attempt.nextAt <= clock.now()) attempts.delete(peer)
    }
    for (const peer of targets) {
      if (running >= MAX_PARALLEL_DIALS) return
      if (peer === self || options.isConnected(peer)) continue
      const attempt = attempts.get(peer) ?? fresh(peer)
      attempts.set(peer, attempt)
      if (!attempt.isRunning && attempt.nextAt <= clock.now()) void run(peer, attempt)
    }
  }

  async function run(peer: PeerId, attempt: Attempt): Promise<void> {
    attempt.isRunning = true
    running += 1
    const { signal } = stopping
    try {
      await options.dial(peer, signal).catch(async () => {
        await options.find(peer, signal)
        await options.dial(peer, signal)
      })
    } catch {
      // The next try comes after the pause.
    } finally {
      running -= 1
      attempt.isRunning = false
      attempt.nextAt = Math.max(attempt.nextAt, clock.now() + vary(attempt.pauseMs))
      attempt.pauseMs = Math.min(LAST_PAUSE_MS, attempt.pauseMs * 2)
    }
  }

  return {
    start() {
      stopping = new AbortController()
      timer = setInterval(tick, TICK_MS)
      tick()
    },
    stop() {
      clearInterval(timer)
      stopping.abort()
      attempts.clear()
    },
    tick,
    retryNow() {
      for (const [peer, attempt] of attempts) {
        if (!attempt.isRunning && attempt.heldUntil <= clock.now()) attempts.delete(peer)
      }
    },
    hold(peer, durationMs) {
      const attempt = attempts.get(peer) ?? fresh(peer)
      attempt.heldUntil = clock.now() + durationMs
      attempt.nextAt = attempt.heldUntil
      attempts.set(peer, attempt)
    },
  }
}
