/** The smaller parts of the machine's state: what it knows of a peer, what it asked for, what it does as leader. */
import type { Millis, PeerId, Role } from '../domain.ts'
import type { Sn } from './sn.ts'
import type { BlockRef, Status } from './types.ts'

/** What is known of a connected peer. */
export type PeerState = {
  /** Its seats in the sessions this node knows. */
  roles: readonly Role[]
  status: Status | null
  /** When the current un-notarized proposals were last pushed to it (P10.4). */
  proposalsPushedAt: Millis | null
  /** Not asked for blocks or epochs before this instant: it did not deliver (P17.9). */
  shunnedUntil: Millis
  /** Consecutive requests it did not answer usefully. */
  failures: number
}

export type PendingRequest = { readonly requestId: number; readonly peer: PeerId; readonly claimed: Sn }

/** Which process speaks, and which one it last heard from the receiver (P19.5); hex, empty for none. */
export type Presence = { readonly instance: string; readonly echo: string }

/** The last two instances a peer said it was; when observers, and the peer, were last told that both live. */
export type HeardInstances = {
  readonly last: string
  readonly before: string | null
  readonly noticedAt: Millis
  readonly answeredAt: Millis
}

/** Processes and keys (P19.5): which instance this process is, and which ones its peers said they are. */
export type PresenceState = {
  /** Random, hex, new with each start; empty where nobody set one, and then nothing is told. */
  instance: string
  /** At most `MAX_PEERS`. */
  readonly heard: Map<PeerId, HeardInstances>
  /** Peers that have heard this very process. At most `MAX_PEERS`. */
  readonly knownTo: Set<PeerId>
  /** Those of them that then heard another one under the same key. */
  readonly witnesses: Set<PeerId>
}

export function createPresence(): PresenceState {
  return { instance: '', heard: new Map(), knownTo: new Set(), witnesses: new Set() }
}

/** Leader bookkeeping of the current epoch. */
export type LeaderState = {
  /** 'waiting' until the first proposal may leave (P10.3). */
  phase: 'idle' | 'waiting' | 'proposing'
  enteredAt: Millis
  delayElapsed: boolean
  /** The slot handed to `buildBlock` and not answered. */
  building: Sn | null
  /** The newest own block of this epoch. */
  lastProposed: BlockRef | null
  lastProposedAt: Millis
}
