/** The court of one node with its record on disk: bans outlive a restart. */
import type { Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import { type Court, createCourt, type Hearing } from './court.ts'
import type { AttemptOutcome, FetchEffect } from './fetch/types.ts'
import type { AtxObserver } from './observer.ts'
import { SESSION_LIMITS } from './rules/limits.ts'
import type { Evidence } from './serve/types.ts'
import type { ServiceStore } from './service-store.ts'
import type { ListedIds, SessionPorts } from './session/ports.ts'
import type { AtxSet, FrozenView } from './set/types.ts'
import { createStandings, type Offence } from './standing.ts'
import type { AtxTraits } from './traits.ts'

export type JudgingOptions = {
  readonly store: Pick<ServiceStore, 'bans' | 'saveBans'>
  readonly set: AtxSet
  readonly traits: AtxTraits
  readonly clock: Clock
  /** Ids that are wanted and that the peer named. */
  readonly wanted: (peer: PeerId) => number
  readonly peerCount: () => number
  readonly addressOf: (peer: PeerId) => string
  readonly observer: Pick<AtxObserver, 'judged' | 'failed'>
  /** A peer is not to be dealt with any more. */
  readonly banned: (peer: PeerId) => void
}

type Of<Type extends FetchEffect['type']> = Omit<Extract<FetchEffect, { type: Type }>, 'type'>

export interface Judging extends Pick<Court, 'inserted' | 'unready' | 'undelivered' | 'silent' | 'left'> {
  /** A session pinned its view: what the peer, which holds the store, lists from now on belongs to it. */
  froze(peer: PeerId, view: Pick<FrozenView, 'frame' | 'freezeSeq'>, storeId: Uint8Array): void
  /** The peer said which store it holds now. */
  met(peer: PeerId, storeId: Uint8Array): void
  listed(listed: ListedIds): void
  matched: SessionPorts['matched']
  claimed(listed: ListedIds): void
  /** What a peer did with one id it was asked for (S9.2 E5). */
  attempted(attempt: Pick<Of<'attempted'>, 'peer' | 'id' | 'outcome'>): void
  /** An id is not wanted any more. */
  ended(end: Of<'ended'>): void
  /** An offence of a serve. */
  accused(peer: PeerId, evidence: Evidence): void
  /** A violation of class P. */
  misbehaved(peer: PeerId): void
  /** How long the peer is not dealt with; 0 when it is. */
  refusedMs(peer: PeerId): Millis
  /** Peers that are not dealt with now, and until when. */
  refused(peers: Iterable<PeerId>): readonly { readonly peer: PeerId; readonly untilMs: Millis }[]
  /** Resolves when all bans are on disk. */
  stop(): Promise<void>
}

const OFFENCE_OF_EVIDENCE: Readonly<Record<Evidence, Offence>> = {
  P: 'protocol',
  E4: 'undelivered-many',
  E5: 'bad-blob',
}

/** What only the supplier can have got wrong (S9.2 E5). */
const BAD_BLOBS: readonly AttemptOutcome[] = ['mismatch', 'bad-signature', 'too-big', 'malformed', 'invalid']

const textOf = (storeId: Uint8Array): string => Buffer.from(storeId).toString('hex')

/** Reads the bans of earlier. */
export async function openJudging(options: JudgingOptions): Promise<Judging> {
  const { store, set, traits, clock, observer, banned, addressOf } = options
  const standings = createStandings(() => clock.now())
  standings.restore(await store.bans())
  const hearings = new Map<PeerId, Hearing>()
  /** One write of the bans after the other: an older one must not come last. */
  let saving: Promise<void> = Promise.resolve()
  const court = createCourt({
    standings,
    set,
    earliest: traits.calendar.earliest,
    clockToleranceMs: SESSION_LIMITS.clockToleranceMs,
    wanted: options.wanted,
    peerCount: options.peerCount,
    addressOf,
    judged(judgement) {
      observer.judged(judgement)
      if (judgement.consequence !== 'ban') return
      banned(judgement.peer)
      saving = saving.then(() => store.saveBans(standings.kept())).catch(observer.failed)
    },
  })
  const refusedMs = (peer: PeerId): Millis => standings.leftMs(peer, addressOf(peer))

  return {
    inserted: court.inserted,
    unready: court.unready,
    silent: court.silent,
    left(peer) {
      hearings.delete(peer)
      court.left(peer)
    },
    froze: (peer, { frame, freezeSeq }, storeId) =>
      void hearings.set(peer, court.hear(peer, { frame, count: freezeSeq, storeId: textOf(storeId) })),
    met: (peer, storeId) => court.met(peer, textOf(storeId)),
    listed: ({ peer, frame, ids }) => hearings.get(peer)?.listed(ids, frame),
    matched: ({ peer, frame, lacked }) => hearings.get(peer)?.matched(frame, lacked),
    claimed({ peer, ids }) {
      hearings.get(peer)?.claimedLate(ids).catch(observer.failed)
    },
    undelivered: court.undelivered,
    attempted({ peer, id, outcome }) {
      if (BAD_BLOBS.includes(outcome)) court.accuse(peer, 'bad-blob', id)
    },
    ended({ id, claims, outcome }) {
      if (outcome === 'inserted' || outcome === 'known') court.fetched(id, claims).catch(observer.failed)
      else court.gaveUp(id, claims)
    },
    accused: (peer, evidence) => court.accuse(peer, OFFENCE_OF_EVIDENCE[evidence]),
    misbehaved: (peer) => court.accuse(peer, 'protocol'),
    refusedMs,
    stop: () => saving,
    refused: (peers) =>
      [...new Set([...peers, ...standings.bans().map(({ peer }) => peer)])].flatMap((peer) => {
        const leftMs = refusedMs(peer)
        return leftMs > 0 ? [{ peer, untilMs: clock.now() + leftMs }] : []
      }),
  }
}
