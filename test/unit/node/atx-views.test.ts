/** What `/v1/atx/status` shows of conversations (S14). */
import { expect, it } from 'vitest'
import { atxStatusSchema } from '../../../src/node/api/atx-schemas.ts'
import { createAtxPort } from '../../../src/node/atx-views.ts'
import type { ServeProgress } from '../../../src/sync/serve/types.ts'
import type { AtxService } from '../../../src/sync/service.ts'
import type { SessionProgress } from '../../../src/sync/session/ports.ts'
import type { Fingerprint } from '../../../src/sync/set/types.ts'

const EMPTY: Fingerprint = { count: 0, xor: new Uint8Array(32), strong: null }
const FETCHING = { queued: 0, waiting: 0, done: 0, failed: 0, bytes: 0, bytesPerSecond: 0, idsPerSecond: 0, etaMs: 0 }
const SESSION: SessionProgress = {
  peer: 'bob',
  role: 'responder',
  phase: 'rounds',
  back: 2,
  idsIn: 3,
  idsOut: 4,
  bytesIn: 96,
  bytesOut: 128,
  bytesPerSecond: 50,
  gained: 1,
  lists: { done: 7, total: 14 },
  etaMs: 900,
}
const SERVE: ServeProgress = {
  peer: 'bob',
  direction: 'in',
  startedAt: 0,
  fromSeq: 10,
  seq: 20,
  totalSeq: 50,
  bytes: 1_000,
  bytesPerSecond: 500,
  gained: 8,
  etaMs: 6_000,
}

function service(parts: Partial<AtxService>): AtxService {
  const heads = { frame: 0, curr: EMPTY, old: EMPTY, all: EMPTY, total: EMPTY, settled: EMPTY }
  const whole: Partial<AtxService> = {
    set: { count: 0, heads: () => heads, boundary: (frame: number) => frame * 1_000 } as unknown as AtxService['set'],
    epoch: () => 0,
    agreements: () => ({ have: 0, need: 3, isSynced: false }),
    fetching: () => FETCHING,
    gains: { total: 0, of: () => 0 },
    sessions: () => [],
    serves: () => [],
    lastSessions: () => new Map(),
    refused: () => [],
    ...parts,
  }
  return whole as AtxService
}

const statusOf = (parts: Partial<AtxService>) => atxStatusSchema.parse(createAtxPort(service(parts)).status())

it('S14 a session shows its rate, how far its lists are, and when they are through', () => {
  const { sessions } = statusOf({ sessions: () => [SESSION] })
  expect(sessions).toMatchObject([
    {
      intent: 'sync',
      direction: 'inbound',
      back: 2,
      bytesPerSecond: 50,
      gained: 1,
      total: null,
      lists: { done: 7, total: 14 },
      etaMs: 900,
    },
  ])
})

it('S14 a serve shows its rate, what it gained and when it ends, in either direction', () => {
  const { sessions } = statusOf({ serves: () => [SERVE, { ...SERVE, direction: 'out', gained: 0 }] })
  const both = { intent: 'serve', bytesPerSecond: 500, total: 50, lists: null, etaMs: 6_000 }
  expect(sessions).toMatchObject([
    { ...both, direction: 'inbound', back: 0, idsIn: 20, idsOut: 0, bytesIn: 1_000, bytesOut: 0, gained: 8 },
    { ...both, direction: 'outbound', back: null, idsIn: 0, idsOut: 20, bytesIn: 0, bytesOut: 1_000, gained: 0 },
  ])
})
