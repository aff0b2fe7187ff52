/** The shared set for API tests, by hand: one ATX, fixed views. */
import type { AtxPort, AtxStatusView, AtxView } from '../../src/node/api/atx-port.ts'
import { NetworkError } from '../../src/protocols/errors.ts'
import { SyncError } from '../../src/sync/errors.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const PEER_ID = '12D3KooWGRUVh8jDHgzGEdJd5ErQMVBxS3q2HJqKAxGZyPjYYYoV'

export const fakeAtx: AtxView = {
  id: A,
  seq: 3,
  frame: 1,
  publisher: B,
  publisherPeerId: PEER_ID,
  publishEpoch: 2,
  previous: null,
  positioning: B,
  baseTickHeight: 5,
  tickCount: 1,
  receivedAt: '2026-01-01T00:00:00.000Z',
  source: 'gossip',
  bytes: 200,
}

const fingerprint = { suite: 'lthash16' as const, count: 4, xor: A, strong: B }

export const fakeAtxStatus: AtxStatusView = {
  count: 4,
  frame: 1,
  start: '2026-01-01T00:00:00.000Z',
  end: '2026-02-01T00:00:00.000Z',
  epoch: 2,
  fingerprint,
  checkpoints: { curr: fingerprint, old: { ...fingerprint, suite: 'xor', strong: null }, all: fingerprint },
  gained: 7,
  synced: true,
  agreements: { have: 3, need: 3 },
  fetching: { queued: 2, done: 8, failed: 0, bytes: 4_096, bytesPerSecond: 1_000, etaMs: 250 },
  sessions: [
    {
      peerId: PEER_ID,
      intent: 'sync',
      direction: 'outbound',
      phase: 'rounds',
      back: 1,
      idsIn: 100,
      idsOut: 99,
      bytesIn: 3_200,
      bytesOut: 3_168,
      bytesPerSecond: 2_048,
      gained: 1,
      total: null,
      lists: { done: 199, total: 398 },
      etaMs: 100,
    },
  ],
  peers: [
    {
      peerId: PEER_ID,
      outcome: 'equal',
      reason: null,
      at: '2026-01-01T00:00:00.000Z',
      retryAt: null,
      gained: 0,
      gainedTotal: 5,
    },
  ],
  refused: [{ peerId: PEER_ID, until: '2026-01-02T00:00:00.000Z' }],
}

export const fakeAtxPort: AtxPort = {
  status: () => fakeAtxStatus,
  list: async (from, limit) => (from === null || from <= fakeAtx.seq ? [fakeAtx].slice(0, limit) : []),
  show: async (id) => (id === A ? { ...fakeAtx, body: 'Ym9keQ==', blob: 'AAAA' } : null),
  async publish(publication) {
    if ('blob' in publication) throw new SyncError('refused', 'the ATX is not valid: its signature is wrong')
    return { id: A, isNew: true, count: 5 }
  },
  async sync(peer) {
    if (peer !== null && peer !== PEER_ID) throw new NetworkError('not-connected', `${peer} is not connected`)
    return [PEER_ID]
  },
}
