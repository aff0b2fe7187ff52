/** What ATXs say that others build on: many build on the same few, so most are in memory, and the rest is one read. */
import { required } from '../../assert.ts'
import type { Hash } from '../../domain.ts'
import type { AtxInfo, AtxSet } from '../set/types.ts'
import { MAX_CACHED_INFOS } from './bounds.ts'

export interface InfoCache {
  put(info: AtxInfo): void
  /** Infos of ids that are in the set, or were put here a moment ago. */
  read(ids: Iterable<Hash>): Promise<ReadonlyMap<Hash, AtxInfo>>
}

/** Empty at first; the least recently used of more than {@link MAX_CACHED_INFOS} go. */
export function createInfoCache(set: Pick<AtxSet, 'records'>): InfoCache {
  const kept = new Map<Hash, AtxInfo>()

  function put(info: AtxInfo): void {
    kept.delete(info.id)
    kept.set(info.id, info)
    if (kept.size > MAX_CACHED_INFOS) kept.delete(required(kept.keys().next().value, 'a full cache has a first'))
  }

  return {
    put,
    async read(ids) {
      const found = new Map<Hash, AtxInfo>()
      const unread: Hash[] = []
      for (const id of new Set(ids)) {
        const info = kept.get(id)
        if (info === undefined) unread.push(id)
        else found.set(id, info)
      }
      for (const info of found.values()) put(info)
      if (unread.length === 0) return found
      for (const record of await set.records(unread)) {
        const info = required(record, 'an ATX is judged when what it builds on is in the set')
        put(info)
        found.set(info.id, info)
      }
      return found
    },
  }
}
