/**
 * What a peer's ids mean to this node (S7.2): new to the fingerprint, new to the live set, or claimed for long before they
 * came here. Ids that the frozen view holds cost a look-up and nothing else.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { toString as toText } from 'uint8arrays/to-string'
import type { PeerId } from '../../domain.ts'
import { IdIndex } from '../set/id-index.ts'
import { type Accumulator, type AtxSet, type Fingerprint, type FrozenView, ID_BYTES } from '../set/types.ts'
import type { Weighed } from '../types.ts'
import type { SessionPorts } from './ports.ts'

/** Ids added to the fingerprint before the event loop gets its turn: LtHash takes 26 us for each. */
const IDS_PER_TURN = 128

export type MembershipOptions = {
  readonly view: FrozenView
  readonly live: AtxSet
  readonly peer: PeerId
  readonly ports: Pick<SessionPorts, 'learned' | 'listed' | 'claimed' | 'isRejected' | 'waiting'>
}

/**
 * Which list the ids are from. `frame`: null without a claim. `isInOwnFrame`: whether our own list of that timeframe has an
 * id, asked in ascending order; null where there is no such list. `isLiteral`: only that list counts (S7.2).
 */
export type ListPlace = {
  readonly back: number
  readonly frame: number | null
  readonly isInOwnFrame: ((ids: Uint8Array, offset: number) => boolean) | null
  readonly isLiteral: boolean
}

export interface Membership {
  weigh(ids: Uint8Array, place: ListPlace): Promise<Weighed>
  /** The frozen set and all that was learned. */
  known(): Fingerprint
}

/** Where each unknown id of a chunk goes, as offsets; `added` are those that our own list of the timeframe lacks. */
type Sorted = {
  readonly learned: number[]
  readonly gained: number[]
  readonly fresh: number[]
  readonly added: number[]
}

export function createMembership({ view, live, peer, ports }: MembershipOptions): Membership {
  const known: Accumulator = view.known()
  const learnedHere = new IdIndex()

  function sort(ids: Uint8Array, { isInOwnFrame }: ListPlace): Sorted {
    const sorted: Sorted = { learned: [], gained: [], fresh: [], added: [] }
    for (let at = 0; at < ids.length; at += ID_BYTES) {
      // Most are in both lists, and walking ours costs a sixth of looking an id up.
      if (isInOwnFrame?.(ids, at) === true) continue
      sorted.added.push(at)
      if (view.has(ids, at) || learnedHere.find(ids, at) >= 0) continue
      learnedHere.add(ids, at)
      sorted.learned.push(at)
      if (live.has(ids, at)) sorted.fresh.push(at)
      else if (!ports.isRejected(toText(ids.subarray(at, at + ID_BYTES), 'base16'))) sorted.gained.push(at)
    }
    return sorted
  }

  async function addToKnown(ids: Uint8Array): Promise<void> {
    const step = IDS_PER_TURN * ID_BYTES
    for (let at = 0; at < ids.length; at += step) {
      if (at > 0) await nextTurn()
      known.add(ids.subarray(at, at + step))
    }
  }

  return {
    async weigh(ids, place) {
      const { frame, isLiteral } = place
      ports.listed({ peer, frame, ids })
      const { learned, gained, fresh, added } = sort(ids, place)
      await addToKnown(pick(ids, isLiteral ? added : learned))
      if (gained.length > 0) ports.learned({ peer, frame, ids: pick(ids, gained) })
      if (fresh.length > 0 && place.back > 0 && frame !== null) ports.claimed({ peer, frame, ids: pick(ids, fresh) })
      return { learned: learned.length, gained: gained.length, fresh: fresh.length, waiting: ports.waiting(peer) }
    },
    known: () => known.fingerprint(),
  }
}

/** The ids at `offsets`, packed anew: the chunk's buffer is not kept. */
function pick(ids: Uint8Array, offsets: readonly number[]): Uint8Array {
  const picked = new Uint8Array(offsets.length * ID_BYTES)
  for (const [i, at] of offsets.entries()) picked.set(ids.subarray(at, at + ID_BYTES), i * ID_BYTES)
  return picked
}
