/** Messages of an ATX stream as the rest of the concern sees them (S5); `codec.ts` turns them into bytes and back. */
import type { Hash, Millis } from '../domain.ts'
import type { Fingerprint } from './set/types.ts'

/** What a stream is for (S4): it never changes. */
export type Intent = 'sync' | 'fetch' | 'serve'

/** Features a node offers (S5): what both offer is used. */
export type Features = {
  readonly setRule: boolean
  readonly allFingerprint: boolean
  readonly totalFingerprint: boolean
  readonly deepRange: boolean
  readonly resume: boolean
}

/**
 * First message of each side (S6). Ids of networks are 32 bytes; of sessions and stores 16. `all` and `total` are marks of
 * fingerprints, 16 bytes: two of one suite are equal when their sets are. `storeId` is empty where the intent is SYNC.
 */
export type Hello = {
  readonly type: 'hello'
  readonly version: number
  readonly networkId: Uint8Array
  readonly intent: Intent
  readonly sessionId: Uint8Array
  readonly wallMs: Millis
  readonly frame: number
  /** Whether the sender can compare strong fingerprints (suite 2); the XOR suite is everybody's. */
  readonly hasStrong: boolean
  readonly features: Features
  readonly maxIdsPerFrame: number
  readonly chunkIds: number
  readonly fast: Fingerprint | null
  readonly all: Uint8Array | null
  readonly total: Uint8Array | null
  readonly storeId: Uint8Array
}

export type DoneReason = 'fast' | 'agreed' | 'total-equal' | 'mutual-limit'
export type StopReason = 'serve' | 'limit' | 'policy' | 'shutdown'
export type ProblemCode =
  | 'version'
  | 'network'
  | 'clock'
  | 'frame'
  | 'busy'
  | 'limit'
  | 'protocol'
  | 'internal'
  | 'banned'

/** S9.1: who holds the token goes before strangers. */
export type ServeOffer = {
  readonly token: Uint8Array
  readonly estIds: number
  readonly estBytes: number
  readonly retryAfterMs: Millis
}

/** An ATX that was asked for, or why it does not come. */
export type Item =
  | { readonly id: Hash; readonly status: 'ok'; readonly blob: Uint8Array }
  | { readonly id: Hash; readonly status: 'not-found' | 'too-big' | 'busy' }

/** Messages of a SYNC stream after the two hellos (S7). `ids` are packed. */
export type SyncMessage =
  | { readonly type: 'frameOpen'; readonly back: number; readonly frame: number; readonly count: number }
  | { readonly type: 'ids'; readonly index: number; readonly ids: Uint8Array }
  | { readonly type: 'ack'; readonly index: number }
  | { readonly type: 'frameEnd'; readonly back: number; readonly count: number; readonly digest: Uint8Array }
  | {
      readonly type: 'result'
      readonly back: number
      readonly known: Fingerprint
      readonly gained: number
      readonly noGainRun: number
      readonly gainedTotal: number
    }
  | { readonly type: 'done'; readonly why: DoneReason; readonly back: number }
  | { readonly type: 'stop'; readonly why: StopReason; readonly offer: ServeOffer | null }
  | { readonly type: 'deep'; readonly scheme: number; readonly scope: number; readonly payload: Uint8Array }

/** Messages of a FETCH stream after the hellos (S8): `ids` are packed, 1 to 100 of them. */
export type FetchMessage =
  | { readonly type: 'fetch'; readonly req: number; readonly ids: Uint8Array }
  | { readonly type: 'blobs'; readonly req: number; readonly items: readonly Item[]; readonly last: boolean }

/** Messages of a SERVE stream after the hellos (S9.1). `bitmap`: bit i (lowest first) set = send the i-th blob. */
export type ServeMessage =
  | {
      readonly type: 'serve'
      readonly token: Uint8Array
      readonly storeId: Uint8Array
      readonly afterSeq: number
      readonly maxBytes: number
    }
  | { readonly type: 'serveIds'; readonly firstSeq: number; readonly ids: Uint8Array; readonly totalSeq: number }
  | { readonly type: 'want'; readonly firstSeq: number; readonly bitmap: Uint8Array }
  | {
      readonly type: 'serveBlobs'
      readonly firstSeq: number
      readonly items: readonly Item[]
      readonly uptoSeq: number
    }
  | {
      readonly type: 'serveEnd'
      readonly uptoSeq: number
      readonly complete: boolean
      readonly reason: string
      readonly retryAfterMs: Millis
    }

export type KeepAlive = { readonly type: 'keepAlive'; readonly done: number; readonly total: number }
export type Problem = {
  readonly type: 'problem'
  readonly code: ProblemCode
  readonly text: string
  readonly retryAfterMs: Millis
}

export type AtxMessage = Hello | SyncMessage | FetchMessage | ServeMessage | KeepAlive | Problem
