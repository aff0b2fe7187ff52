/**
 * Whose turn it is on the link to one peer (P18.6-5): votes before proposals, proposals before sync, sync before
 * transactions. A queue writes only while no more urgent one has something to write.
 */
import type { Millis, PeerId } from '../domain.ts'
import type { Clock } from '../machine/clock.ts'
import type { ChannelRow } from './catalogue.ts'

export type Lane = ChannelRow['lane']

const ORDER: readonly Lane[] = ['urgent', 'proposals', 'sync', 'transactions']
/** A more urgent queue that got nothing through for so long waits for its reader, not for the link: others may go on. */
export const STUCK_MS: Millis = 500

export type Member = {
  readonly lane: Lane
  /** Whether it has something to write and a stream to write to. */
  readonly isWaiting: () => boolean
  /** It may be its turn now. */
  readonly wake: () => void
}

/** A queue's place among those of one peer. */
export interface Place {
  isMyTurn(): boolean
  /** It wrote, or learned that the peer read. */
  progressed(): void
  /** It waits no more. */
  yields(): void
  leave(): void
}

/** The queues towards one peer. */
export interface LinkTurns {
  join(member: Member): Place
}

type Seated = Member & { progressAt: Millis }

/** The turns on the link to each peer, forgotten when its last queue leaves. */
export function createTurnsByPeer(clock: Clock): (peer: PeerId) => LinkTurns {
  const byPeer = new Map<PeerId, LinkTurns>()
  return (peer) => {
    const turns = byPeer.get(peer) ?? createLinkTurns(clock, () => byPeer.delete(peer))
    byPeer.set(peer, turns)
    return turns
  }
}

/** No queues yet. */
export function createLinkTurns(clock: Clock, onEmpty: () => void = () => undefined): LinkTurns {
  const seated = new Set<Seated>()
  let timer: NodeJS.Timeout | undefined

  const rank = ({ lane }: Member): number => ORDER.indexOf(lane)
  const isMoving = ({ progressAt }: Seated): boolean => clock.now() - progressAt < STUCK_MS

  function wakeBehind(lane: number): void {
    for (const other of seated) if (rank(other) > lane && other.isWaiting()) other.wake()
  }

  function wakeLater(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      wakeBehind(-1)
    }, STUCK_MS)
  }

  return {
    join(member) {
      const seat: Seated = { ...member, progressAt: clock.now() }
      seated.add(seat)
      return {
        isMyTurn() {
          const ahead = [...seated].filter((other) => rank(other) < rank(seat) && other.isWaiting())
          if (!ahead.some(isMoving)) return true
          wakeLater()
          return false
        },
        progressed() {
          seat.progressAt = clock.now()
        },
        yields: () => wakeBehind(rank(seat)),
        leave() {
          seated.delete(seat)
          wakeBehind(rank(seat))
          if (seated.size > 0) return
          clearTimeout(timer)
          timer = undefined
          onEmpty()
        },
      }
    },
  }
}
