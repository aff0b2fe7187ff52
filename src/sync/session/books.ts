/** What one session keeps of both sides' lists: the frozen view, our open list, the peer's list as it is read (S7.1, S7.2). */
import { required } from '../../assert.ts'
import type { PeerId } from '../../domain.ts'
import { type AtxSet, type Fingerprint, type FrameList, type FrozenView, ID_BYTES } from '../set/types.ts'
import type { Weighed } from '../types.ts'
import { createListReader, type ListReader } from './list-reader.ts'
import { type ListMessage, listMessages } from './list-writer.ts'
import { createMembership, type ListPlace, type Membership } from './membership.ts'
import { createOwnFrame } from './own-frame.ts'
import type { SessionPorts } from './ports.ts'

export interface Books {
  /** Pins the view anew, and answers its timeframe. `storeId`: of the peer. */
  freeze(storeId: Uint8Array): number
  view(): FrozenView
  /** Opens our list of a timeframe, and answers how many ids it has. */
  open(back: number): Promise<number>
  /** The open list as messages. */
  messages(options: { readonly back: number; readonly chunkIds: number }): Iterator<ListMessage>
  /** The peer's list of a timeframe begins. */
  begin(place: { readonly back: number; readonly frame: number }, isLiteral: boolean): void
  /** What the machine must know of a chunk before it is taken. */
  look(ids: Uint8Array): { readonly count: number; readonly isAscending: boolean }
  /** Takes a chunk of the peer's list. */
  weigh(ids: Uint8Array): Promise<Weighed>
  /** Takes ids of the peer that a reconciliation found. */
  weighFound(ids: Uint8Array, frame: number | null): Promise<Weighed>
  /** The end of the peer's list. */
  close(digest: Uint8Array): { readonly isDigestGood: boolean; readonly known: Fingerprint }
  known(): Fingerprint
}

export type BooksOptions = {
  readonly set: AtxSet
  readonly peer: PeerId
  readonly ports: SessionPorts
  /** Of our own chunks: both walks over our list then share them. */
  readonly chunkIds: number
}

const NO_VIEW = 'the view is pinned before lists move'
const NO_LIST = 'our list is open before it is used'

export function createBooks({ set, peer, ports, chunkIds }: BooksOptions): Books {
  let view: FrozenView | null = null
  let membership: Membership | null = null
  let list: FrameList | null = null
  let reader: ListReader | null = null
  let place: ListPlace = { back: 0, frame: null, isInOwnFrame: null, isLiteral: false }
  const known = (): Fingerprint => membership?.known() ?? set.heads().total

  return {
    freeze(storeId) {
      view = set.freeze()
      ports.froze(peer, view, storeId)
      membership = createMembership({ view, live: set, peer, ports })
      reader = null
      return view.frame
    },
    view: () => required(view, NO_VIEW),
    async open(back) {
      reader = null
      list = await required(view, NO_VIEW).list(back)
      return list.count
    },
    messages: (options) => listMessages(required(list, NO_LIST), options),
    begin({ back, frame }, isLiteral) {
      reader = createListReader()
      place = { back, frame, isInOwnFrame: createOwnFrame(required(list, NO_LIST), chunkIds), isLiteral }
    },
    look: (ids) => ({ count: ids.length / ID_BYTES, isAscending: reader?.isAscending(ids) ?? true }),
    weigh(ids) {
      reader?.take(ids)
      return required(membership, NO_VIEW).weigh(ids, place)
    },
    weighFound: (ids, frame) =>
      required(membership, NO_VIEW).weigh(ids, { back: place.back, frame, isInOwnFrame: null, isLiteral: false }),
    close(digest) {
      const isDigestGood = reader?.isDigest(digest) ?? false
      reader = null
      return { isDigestGood, known: known() }
    },
    known,
  }
}
