/** What this node says first (S5), and again when the timeframe rolled before the freeze (S7.1). */
import type { Present } from '../types.ts'
import { markOf } from './fingerprints.ts'
import { dropList, send, type Turn } from './turn.ts'

/** Of the protocol. */
export const VERSION = 1
/** Cursors of serves need the store's id, sessions do not: those 18 bytes keep a Hello below 200. */
const NO_STORE = new Uint8Array(0)

/** Says who we are and where our set stands; what was exchanged before counts for nothing. */
export function greet(turn: Turn, present: Present): void {
  const { state } = turn
  const { config } = state
  const { features } = config
  dropList(turn)
  state.phase = 'hello'
  state.round = null
  state.hellosSent++
  state.present = present
  send(turn, {
    type: 'hello',
    version: VERSION,
    networkId: config.networkId,
    intent: 'sync',
    sessionId: state.sessionId,
    wallMs: present.wallMs,
    frame: present.frame,
    hasStrong: config.suite === 'lthash16',
    features,
    maxIdsPerFrame: config.limits.maxIdsPerFrame,
    chunkIds: config.limits.chunkIds,
    fast: present.fast,
    all: features.allFingerprint ? markOf(present.all) : null,
    total: features.totalFingerprint ? markOf(present.total) : null,
    storeId: NO_STORE,
  })
}
