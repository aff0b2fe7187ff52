/**
 * Forgetting old final blocks (P20.9), a few at a time. What proves where a session ended stays for ever: its stop block
 * and the empty blocks above it, up to the next session, with their certificates.
 */
import type { BatchOperation } from 'classic-level'
import type { Hash } from '../domain.ts'
import { decodeHeader, proposalParts } from './codec.ts'
import { BLOCK, CERT, type Database, heightKey } from './store.ts'
import type { SessionRecord } from './types.ts'

const LOWEST = 'pala/meta/lowest'
/** Heights of one step: a batch that takes a few milliseconds. */
const HEIGHTS_PER_STEP = 256

export interface PruneStore {
  /** The lowest height whose block is here, but for what is kept for ever; 1 when nothing was pruned. */
  lowestHeight(): number
  /** Forgets some of the blocks below `horizon`; true when more are left. `sessions`: all that ever started. */
  step(horizon: number, sessions: readonly SessionRecord[]): Promise<boolean>
}

/** The write that says: blocks below `height` are not here. A node that begins with a snapshot never had them. */
export function lowestMark(height: number): { readonly key: string; readonly value: Uint8Array } {
  return { key: LOWEST, value: Buffer.from(String(height), 'utf8') }
}

/** Reads how far pruning came before. */
export async function openPruneStore(db: Database): Promise<PruneStore> {
  const stored = await db.get(LOWEST)
  let lowest = stored === undefined ? 1 : Number(Buffer.from(stored).toString('utf8'))
  const mark = (): BatchOperation<Database, string, Uint8Array> => ({ type: 'put', ...lowestMark(lowest) })

  async function hashAt(height: number): Promise<Hash | null> {
    const value = await db.get(heightKey(height))
    return value === undefined ? null : Buffer.from(value).toString('utf8')
  }

  /** Whether a block is one of those that follow its session's stop block, or that block itself. */
  async function isKept(height: number, hash: Hash, stops: ReadonlyMap<number, number>): Promise<boolean> {
    const encoded = await db.get(BLOCK + hash)
    if (encoded === undefined) return false
    const { session } = decodeHeader(proposalParts(encoded).headerBytes).sn
    return height >= (stops.get(session) ?? Number.POSITIVE_INFINITY)
  }

  async function forget(height: number, stops: ReadonlyMap<number, number>) {
    const hash = await hashAt(height)
    if (hash === null || (await isKept(height, hash, stops))) return []
    return [BLOCK + hash, CERT + hash, heightKey(height)].map((key) => ({ type: 'del', key }) as const)
  }

  return {
    lowestHeight: () => lowest,
    async step(horizon, sessions) {
      const from = lowest
      const to = Math.min(horizon, from + HEIGHTS_PER_STEP)
      if (to <= from) return false
      const stops = new Map(sessions.map(({ session, stop }) => [session.session - 1, stop.height]))
      // First, so that nobody is promised what is about to go.
      lowest = to
      const heights = Array.from({ length: to - from }, (_, index) => from + index)
      const deletions = await Promise.all(heights.map((height) => forget(height, stops)))
      await db.batch([...deletions.flat(), mark()])
      return to < horizon
    },
  }
}
