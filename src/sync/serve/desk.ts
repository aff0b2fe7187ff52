/**
 * Who is served (S9.1): a few at once, a new serve for one address only after a pause, a resume without that. A holder of
 * an offer goes before strangers: one of the places is kept for it while the offer is fresh, but no limit is lifted.
 */
import type { Millis, PeerId } from '../../domain.ts'
import { setLatest } from '../../machine/latest.ts'
import { clientKey } from './address.ts'
import {
  BUSY_RETRY_MS,
  MAX_IDLE_RESUMES,
  MAX_REMEMBERED_CLIENTS,
  MAX_REPEATED_IDS,
  OFFER_HOLD_MS,
  RESUME_MS,
  SEND_DEADLINE_MS,
  type ServeLimits,
} from './bounds.ts'

export type ServeAsk = {
  readonly now: Millis
  readonly peer: PeerId
  readonly address: string
  /** The place in this node's store from which on the peer wants ids; null when it names another store. */
  readonly cursor: number | null
  readonly hasOffer: boolean
}

type Running = { readonly peer: PeerId; readonly client: string }

/** The last serve of a peer: where it began, how far it came, how often it was resumed without getting further. */
type Remembered = { readonly fromSeq: number; readonly begunAt: Millis; reachedSeq: number; idleResumes: number }

export type DeskState = {
  /** Serves under way, at most `maxServes`. */
  readonly running: Map<number, Running>
  /** Until when an address gets no new serve; {@link MAX_REMEMBERED_CLIENTS} of them. */
  readonly cooling: Map<string, Millis>
  /** {@link MAX_REMEMBERED_CLIENTS} of them. */
  readonly remembered: Map<PeerId, Remembered>
  /** Until when a place is kept for whoever was made an offer: the last {@link MAX_REMEMBERED_CLIENTS} of them. */
  readonly offered: Map<PeerId, Millis>
  nextTicket: number
}

/** `replaces`: the serve of the same peer that this one resumes, when it is not known to have ended. */
export type Admission =
  | { readonly isAdmitted: true; readonly ticket: number; readonly fromSeq: number; readonly replaces: number | null }
  | { readonly isAdmitted: false; readonly reason: string; readonly retryAfterMs: Millis }

export interface Desk {
  admit(ask: ServeAsk): Admission
  /** A serve reached a place in the store. */
  reached(ticket: number, seq: number): void
  release(ticket: number, now: Millis): void
  /**
   * The peer is made an offer: a place is kept for it for {@link OFFER_HOLD_MS} when one is free. Answers with how long it
   * has to wait for one; an estimate.
   */
  offer(peer: PeerId, now: Millis): Millis
}

/** A desk where nobody was served yet. */
export function createDesk(limits: Pick<ServeLimits, 'maxServes' | 'cooldownMs'>): Desk {
  const state: DeskState = {
    running: new Map(),
    cooling: new Map(),
    remembered: new Map(),
    offered: new Map(),
    nextTicket: 1,
  }

  return {
    admit(ask) {
      forget(state, ask.now)
      const client = clientKey(ask)
      const resumed = resumedBy(state, ask)
      const replaces = ticketOf(state, ask.peer)
      if (resumed === null) {
        const waitMs = coolingMs(state, { client, now: ask.now, cooldownMs: limits.cooldownMs })
        if (waitMs > 0) return refusal('your address was served a moment ago', waitMs)
      }
      // It started over before the end of the old stream was seen, or it asks twice.
      if (resumed !== null && replaces !== null && isIdle(ask, resumed)) {
        return refusal('you are served already', SEND_DEADLINE_MS)
      }
      const taken = state.running.size - (replaces === null ? 0 : 1)
      if (taken >= limits.maxServes) return refusal('all places are taken', BUSY_RETRY_MS)
      if (!ask.hasOffer && replaces === null && taken + keptPlaces(state, ask) >= limits.maxServes) {
        return refusal('the last place is kept for a peer that was offered it', OFFER_HOLD_MS)
      }
      return begin(state, { ask, client, resumed, replaces })
    },
    reached(ticket, seq) {
      const running = state.running.get(ticket)
      const entry = running === undefined ? undefined : state.remembered.get(running.peer)
      if (entry !== undefined && seq > entry.reachedSeq) entry.reachedSeq = seq
    },
    release(ticket, now) {
      const running = state.running.get(ticket)
      // A serve that was replaced has no place any more.
      if (running === undefined) return
      state.running.delete(ticket)
      setLatest(state.cooling, [running.client, now + limits.cooldownMs], MAX_REMEMBERED_CLIENTS)
    },
    offer(peer, now) {
      if (state.running.size >= limits.maxServes) return BUSY_RETRY_MS
      setLatest(state.offered, [peer, now + OFFER_HOLD_MS], MAX_REMEMBERED_CLIENTS)
      return 0
    },
  }
}

function refusal(reason: string, retryAfterMs: Millis): Admission {
  return { isAdmitted: false, reason, retryAfterMs }
}

/**
 * S9.1: a cursor within the peer's serve of the last day, behind what was sent by no more than can have been under way.
 * Whoever comes again and again without getting on is a new client.
 */
function resumedBy(state: DeskState, ask: ServeAsk): Remembered | null {
  const entry = state.remembered.get(ask.peer)
  if (entry === undefined || ask.cursor === null) return null
  const lowest = Math.max(entry.fromSeq, entry.reachedSeq - MAX_REPEATED_IDS)
  if (ask.cursor < lowest || ask.cursor > entry.reachedSeq) return null
  return isIdle(ask, entry) && entry.idleResumes >= MAX_IDLE_RESUMES ? null : entry
}

function isIdle({ cursor }: ServeAsk, { fromSeq }: Remembered): boolean {
  return cursor === fromSeq
}

function ticketOf(state: DeskState, peer: PeerId): number | null {
  for (const [ticket, running] of state.running) if (running.peer === peer) return ticket
  return null
}

/** One at the most, or those who collect offers would keep everybody else out. */
function keptPlaces({ offered }: DeskState, { peer }: ServeAsk): 0 | 1 {
  const others = offered.size - (offered.has(peer) ? 1 : 0)
  return others > 0 ? 1 : 0
}

type CoolingAsk = { readonly client: string; readonly now: Millis; readonly cooldownMs: Millis }

function coolingMs(state: DeskState, { client, now, cooldownMs }: CoolingAsk): Millis {
  for (const running of state.running.values()) if (running.client === client) return cooldownMs
  return Math.max(0, (state.cooling.get(client) ?? 0) - now)
}

type Beginning = {
  readonly ask: ServeAsk
  readonly client: string
  readonly resumed: Remembered | null
  readonly replaces: number | null
}

function begin(state: DeskState, { ask, client, resumed, replaces }: Beginning): Admission {
  const { peer, now } = ask
  const fromSeq = ask.cursor ?? 0
  if (replaces !== null) state.running.delete(replaces)
  state.offered.delete(peer)
  const ticket = state.nextTicket++
  state.running.set(ticket, { peer, client })
  const remembered: Remembered = {
    fromSeq,
    begunAt: resumed?.begunAt ?? now,
    reachedSeq: Math.max(fromSeq, resumed?.reachedSeq ?? 0),
    idleResumes: resumed !== null && isIdle(ask, resumed) ? resumed.idleResumes + 1 : 0,
  }
  setLatest(state.remembered, [peer, remembered], MAX_REMEMBERED_CLIENTS)
  return { isAdmitted: true, ticket, fromSeq, replaces }
}

function forget(state: DeskState, now: Millis): void {
  for (const [client, until] of state.cooling) if (until <= now) state.cooling.delete(client)
  for (const [peer, until] of state.offered) if (until <= now) state.offered.delete(peer)
  for (const [peer, { begunAt }] of state.remembered) if (now - begunAt >= RESUME_MS) state.remembered.delete(peer)
}
