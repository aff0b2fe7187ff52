/**
 * The store given to the DHT: it keeps nothing. This network uses the DHT to find peers by id; value and provider
 * records, which peers could otherwise pile up without bound, have no place to go.
 */
import { NotFoundError } from '@libp2p/interface'
import type { KadDHTComponents } from '@libp2p/kad-dht'

type Store = KadDHTComponents['datastore']

async function* nothing(): AsyncGenerator<never> {}

/** Accepts every write and forgets it; every read misses. */
export const recordlessStore: Store = {
  put: async (key) => key,
  get: async (key) => {
    throw new NotFoundError(`no record at ${key}`)
  },
  has: async () => false,
  delete: async () => undefined,
  putMany: async function* (source) {
    for await (const { key } of source) yield key
  },
  getMany: nothing,
  deleteMany: async function* (source) {
    for await (const key of source) yield key
  },
  batch: () => ({ put: () => undefined, delete: () => undefined, commit: async () => undefined }),
  query: nothing,
  queryKeys: nothing,
}
