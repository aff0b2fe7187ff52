/** What a server reads for others (P17.6): final blocks in their stored form, certificates, and where sessions ended. */
import type { Hash } from '../../domain.ts'
import { decodeHeader, proposalParts } from '../codec.ts'
import type { PalaStore } from '../store.ts'
import type { BlockHeader, Session } from '../types.ts'

/** A final block as it is stored, with its header. */
export type FinalBlock = {
  readonly hash: Hash
  readonly encoded: Uint8Array
  readonly headerBytes: Uint8Array
  readonly header: BlockHeader
}

/** When the sessions of this chain ended, and how deep finality lies in each. */
export interface SessionBook {
  /** k of a session; null for one that has not started here. */
  depth(session: number): number | null
  /** Height of a session's final stop block; null while it has none. */
  stopHeight(session: number): number | null
}

export interface RangeStore {
  /** The final block at a height; null where there is none, or not any more. */
  at(height: number): Promise<FinalBlock | null>
  /** The certificate of a block in its stored form. */
  certificate(hash: Hash): Promise<Uint8Array | null>
  sessions(): Promise<SessionBook>
}

/** Reads through the store of consensus. `first` is the session that genesis starts. */
export function createRangeStore(store: PalaStore, first: Session): RangeStore {
  return {
    async at(height) {
      const hash = await store.finalHash(height)
      const encoded = hash === null ? null : await store.encodedBlock(hash)
      if (hash === null || encoded === null) return null
      const { headerBytes } = proposalParts(encoded)
      return { hash, encoded, headerBytes, header: decodeHeader(headerBytes) }
    },
    certificate: (hash) => store.encodedNotarization(hash),
    async sessions() {
      const depths = new Map([[first.session, first.params.k]])
      const stops = new Map<number, number>()
      for (const { session, stop } of await store.sessionRecords()) {
        depths.set(session.session, session.params.k)
        stops.set(session.session - 1, stop.height)
      }
      return { depth: (session) => depths.get(session) ?? null, stopHeight: (session) => stops.get(session) ?? null }
    },
  }
}
