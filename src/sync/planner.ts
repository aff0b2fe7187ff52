/**
 * Whom to reconcile with and when, and whether this node may call itself synced (S1, S7.3): one session with a peer at a
 * time, one per interval whoever began it, sooner after one that did not end in agreement.
 */
import type { Millis, PeerId } from '../domain.ts'
import { setLatest } from '../machine/latest.ts'

export type PlannerOptions = {
  /** Time between sessions with a peer, give or take {@link JITTER}. */
  readonly syncIntervalMs: Millis
  /** Distinct peers that must agree for this node to be synced. */
  readonly minSyncedPeers: number
}

/** How a session ended, as far as planning goes. */
export type SessionEnd =
  /** The peer holds what we hold, and nothing it listed is missing here. */
  | { readonly kind: 'agreed' }
  /** Closed timeframes agree but for ids that are not settled yet (S6). */
  | { readonly kind: 'unsettled' }
  /** Something was learned, or is being fetched or served: look again soon. */
  | { readonly kind: 'progress' }
  | { readonly kind: 'busy'; readonly retryAfterMs: Millis }
  | { readonly kind: 'failed' }

export const JITTER = 0.1
/** Agreement of a peer counts for so long (S1). */
export const AGREEMENT_MS: Millis = 900_000
/** S1: `fast` equal and `all` different for so long makes a full session due. */
export const UNSETTLED_MS: Millis = 21_600_000
/** Pauses after sessions without agreement, one after the other; the interval where it is shorter. */
const RETRY_MS: readonly Millis[] = [500, 3_000, 15_000, 30_000, 60_000]
/** A peer that connects is looked at within this time: not by all its new neighbours in one instant. */
const FIRST_WITHIN_MS: Millis = 500
/** Peers whose unsettled differences are remembered, over reconnects too; at the bound the oldest are forgotten. */
export const MAX_UNSETTLED = 1_024

type Plan = {
  nextAt: Millis
  agreedAt: Millis
  tries: number
  isLive: boolean
}

export interface Planner {
  /** `chance`: from 0 to 1. */
  joined(peer: PeerId, now: Millis, chance: number): void
  left(peer: PeerId): void
  /** Peers whose session is due, longest overdue first. */
  due(now: Millis): readonly PeerId[]
  began(peer: PeerId): void
  ended(peer: PeerId, end: SessionEnd, now: Millis, chance: number): void
  /** No session goes on with the peer; what is planned stays. */
  idle(peer: PeerId): void
  /** All that the peer listed when it agreed is here now: it agreed from now on (S8). */
  settled(peer: PeerId, now: Millis): void
  /** Makes a session due now. */
  hasten(peer: PeerId, now: Millis): void
  /** Whether the next session must not end at step 1 (S6). */
  mustLookCloser(peer: PeerId, now: Millis): boolean
  isLive(peer: PeerId): boolean
  /** Peers that agreed a short while ago. */
  agreements(now: Millis): number
  isSynced(now: Millis): boolean
}

/** Nobody is connected. */
export function createPlanner({ syncIntervalMs, minSyncedPeers }: PlannerOptions): Planner {
  /** Of connected peers only. */
  const plans = new Map<PeerId, Plan>()
  /** Since when nothing but unsettled ids differs (S6): a peer that comes and goes would never get to the full session. */
  const unsettled = new Map<PeerId, Millis>()

  const interval = (chance: number): Millis => syncIntervalMs * (1 + JITTER * (2 * chance - 1))

  function pauseAfter(plan: Plan, end: SessionEnd, chance: number): Millis {
    if (end.kind === 'agreed' || end.kind === 'unsettled') {
      plan.tries = 0
      return interval(chance)
    }
    const pause = RETRY_MS[plan.tries] ?? syncIntervalMs
    plan.tries = Math.min(plan.tries + 1, RETRY_MS.length)
    const atLeast = end.kind === 'busy' ? end.retryAfterMs : 0
    return Math.max(atLeast, Math.min(pause, syncIntervalMs) * (1 + JITTER * chance))
  }

  function noteUnsettled(peer: PeerId, { kind }: SessionEnd, now: Millis): void {
    if (kind === 'agreed' || kind === 'progress') unsettled.delete(peer)
    if (kind !== 'unsettled' || unsettled.has(peer)) return
    setLatest(unsettled, [peer, now], MAX_UNSETTLED)
  }

  function agreements(now: Millis): number {
    return [...plans.values()].filter(({ agreedAt }) => now - agreedAt <= AGREEMENT_MS).length
  }

  return {
    joined(peer, now, chance) {
      if (plans.has(peer)) return
      plans.set(peer, {
        nextAt: now + FIRST_WITHIN_MS * chance,
        agreedAt: Number.NEGATIVE_INFINITY,
        tries: 0,
        isLive: false,
      })
    },
    left: (peer) => void plans.delete(peer),
    due: (now) =>
      [...plans]
        .filter(([, { isLive, nextAt }]) => !isLive && nextAt <= now)
        .sort(([, a], [, b]) => a.nextAt - b.nextAt)
        .map(([peer]) => peer),
    began(peer) {
      const plan = plans.get(peer)
      if (plan !== undefined) plan.isLive = true
    },
    ended(peer, end, now, chance) {
      const plan = plans.get(peer)
      if (plan === undefined) return
      plan.isLive = false
      if (end.kind === 'agreed' || end.kind === 'unsettled') plan.agreedAt = now
      noteUnsettled(peer, end, now)
      plan.nextAt = now + pauseAfter(plan, end, chance)
    },
    idle(peer) {
      const plan = plans.get(peer)
      if (plan !== undefined) plan.isLive = false
    },
    settled(peer, now) {
      const plan = plans.get(peer)
      if (plan !== undefined) plan.agreedAt = now
    },
    hasten(peer, now) {
      const plan = plans.get(peer)
      if (plan !== undefined) plan.nextAt = Math.min(plan.nextAt, now)
    },
    mustLookCloser(peer, now) {
      const since = unsettled.get(peer)
      return since !== undefined && now - since >= UNSETTLED_MS
    },
    isLive: (peer) => plans.get(peer)?.isLive ?? false,
    agreements,
    isSynced: (now) => agreements(now) >= minSyncedPeers,
  }
}
