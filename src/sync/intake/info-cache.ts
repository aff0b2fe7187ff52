/** What ATXs say that others build on: many build on the same few, so most are in memory, and the rest is one read. */
import { required } from '../../assert.ts'
import type { Hash } from '../../domain.ts'
import type { AtxInfo, AtxSet } from '../set/types.ts'
import { MAX_CACHED_INFOS } from './bounds.ts'

export interface InfoCache {
  put(info: AtxInfo): void
  /** Infos of ids that are in the set. */
  read(ids: Iterable<Hash>): Promise<ReadonlyMap<Hash, AtxInfo>>
}

/** Empty at first; keeps what was put or read lately, in two generations of which the older one goes as a whole. */
export function createInfoCache(set: Pick<AtxSet, 'records'>): InfoCache {
  let young = new Map<Hash, AtxInfo>()
  let old = new Map<Hash, AtxInfo>()

  function put(info: AtxInfo): void {
    young.set(info.id, info)
    if (young.size < MAX_CACHED_INFOS / 2) return
    old = young
    young = new Map()
  }

  return {
    put,
    async read(ids) {
      const found = new Map<Hash, AtxInfo>()
      const unread = new Set<Hash>()
      for (const id of ids) {
        const info = young.get(id) ?? old.get(id)
        if (info === undefined) unread.add(id)
        else found.set(id, info)
      }
      for (const info of found.values()) put(info)
      if (unread.size === 0) return found
      for (const record of await set.records([...unread])) {
        const info = required(record, 'an ATX is judged when what it builds on is in the set')
        put(info)
        found.set(info.id, info)
      }
      return found
    },
  }
}
