/** What `/v1/atx` needs from the node: the shared set of ATXs as people and programs see it. */
import type { Hash, Millis, PeerId, PublicKeyHex } from '../../domain.ts'

/** An ATX of the set. Times are RFC 3339, by this node's clock; ticks are PoET's. */
export type AtxView = {
  readonly id: Hash
  /** Position in the order of receipt here, from 0. */
  readonly seq: number
  /** The timeframe in which it was received here. */
  readonly frame: number
  readonly publisher: PublicKeyHex
  readonly publisherPeerId: PeerId
  readonly publishEpoch: number
  readonly previous: Hash | null
  readonly positioning: Hash | null
  readonly baseTickHeight: number
  readonly tickCount: number
  readonly receivedAt: string
  readonly source: 'local' | 'gossip' | 'sync' | 'serve'
  readonly bytes: number
}

/** With its bytes: `body` is what the publisher put in, `blob` the whole signed ATX; both base64. */
export type AtxDetail = AtxView & { readonly body: string; readonly blob: string }

/** `strong` is null in the XOR suite. Equal sets have equal fingerprints. */
export type AtxFingerprintView = {
  readonly suite: 'xor' | 'lthash16'
  readonly count: number
  readonly xor: Hash
  readonly strong: Hash | null
}

/** A conversation with a peer about the set, while it lasts. */
export type AtxSessionView = {
  readonly peerId: PeerId
  readonly intent: 'sync' | 'fetch' | 'serve'
  readonly direction: 'inbound' | 'outbound'
  readonly phase: string
  /** The timeframe at hand, counted back from the open one, into which all goes that is served to this node; null when none is. */
  readonly back: number | null
  readonly idsIn: number
  readonly idsOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Both ways, over the last half minute. */
  readonly bytesPerSecond: number
  readonly gained: number
  /** Of a serve: how many ATXs the server goes through; null in a session. */
  readonly total: number | null
  /** Of a session: ids of both lists of the timeframe at hand that moved, of how many; null while no lists move. */
  readonly lists: { readonly done: number; readonly total: number } | null
  /** Of a serve, or of the lists of the timeframe at hand; null while it cannot be told. */
  readonly etaMs: number | null
}

/**
 * The last session with a peer. `equal`: it agreed at once; `agreed`: after an exchange; `learned`: something is being
 * fetched from it; `serving`, `served`: one of the two was far behind.
 */
export type AtxPeerView = {
  readonly peerId: PeerId
  readonly outcome: 'equal' | 'agreed' | 'learned' | 'serving' | 'served' | 'busy' | 'refused' | 'failed'
  /** Why it was refused or failed, or that the peer is busy. */
  readonly reason: string | null
  /** When it ended. */
  readonly at: string
  /** When a busy peer may be asked again; this node does so by itself. */
  readonly retryAt: string | null
  readonly gained: number
  /** ATXs that it brought since it connected, because a session listed them or in bulk. */
  readonly gainedTotal: number
}

export type AtxStatusView = {
  readonly count: number
  /** The open timeframe: from `start`, until `end`. */
  readonly frame: number
  readonly start: string
  readonly end: string
  readonly epoch: number
  /** Of the whole set. */
  readonly fingerprint: AtxFingerprintView
  readonly checkpoints: {
    readonly curr: AtxFingerprintView
    readonly old: AtxFingerprintView
    readonly all: AtxFingerprintView
  }
  /** ATXs that came since the node started because a session listed them, or in bulk; what gossip announced is not counted. */
  readonly gained: number
  /** Whether enough peers agreed a short while ago. */
  readonly synced: boolean
  readonly agreements: { readonly have: number; readonly need: number }
  /** ATXs known by id whose bytes are being fetched. */
  readonly fetching: {
    readonly queued: number
    readonly done: number
    readonly failed: number
    /** Bytes of ATXs fetched since the node started. */
    readonly bytes: number
    readonly bytesPerSecond: number
    readonly etaMs: Millis | null
  }
  readonly sessions: readonly AtxSessionView[]
  /** How the last session with each connected peer ended. */
  readonly peers: readonly AtxPeerView[]
  /** Peers that are not dealt with for a while, and until when. */
  readonly refused: readonly { readonly peerId: PeerId; readonly until: string }[]
}

/** What to publish: the body of an ATX that the node signs, or a whole signed ATX. */
export type AtxPublication = { readonly body: Uint8Array } | { readonly blob: Uint8Array }

export type AtxPublished = { readonly id: Hash; readonly isNew: boolean; readonly count: number }

export interface AtxPort {
  status(): AtxStatusView
  /** From position `from` on, or the latest `limit`, oldest first. */
  list(from: number | null, limit: number): Promise<readonly AtxView[]>
  show(id: Hash): Promise<AtxDetail | null>
  /** Rejects with `SyncError` 'refused' for an ATX that is not valid. */
  publish(publication: AtxPublication): Promise<AtxPublished>
  /** Begins sessions with the peer, or with every connected one; resolves with whom. Rejects with `not-connected`. */
  sync(peer: PeerId | null): Promise<readonly PeerId[]>
}
