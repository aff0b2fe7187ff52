/** The wire as one table: every stream protocol and gossip topic with its caps, rates and roles (DESIGN.md 7). */
import type { Millis } from '../domain.ts'

/** A stream protocol that carries length-prefixed messages in one direction per stream. */
export type ChannelRow = {
  readonly protocol: string
  /** Who may speak it: peers with a proven committee role, or anyone. */
  readonly access: 'committee' | 'open'
  readonly maxMessageBytes: number
  /** Bytes that may wait for one peer. */
  readonly maxQueueBytes: number
  /** At a full queue: drop the oldest message, or close the stream and let reconciliation repair. */
  readonly whenFull: 'drop-oldest' | 'close'
  /** Which queue goes first on a link (P18.6-5). All but 'urgent' are paced, so that little of them is under way at once. */
  readonly lane: 'urgent' | 'proposals' | 'sync' | 'transactions'
  /** Messages per second a peer may send in the long run, and at once. */
  readonly rate: number
  readonly burst: number
  /** Bytes per second in the long run; reading pauses above it. */
  readonly bytesPerSecond: number
}

/** A stream protocol of conversations: each stream carries messages both ways and has its own end. */
export type StreamRow = {
  readonly protocol: string
  readonly maxMessageBytes: number
  /** Streams of one connection at once, each way. */
  readonly maxStreams: number
  readonly lane: ChannelRow['lane']
  /** A peer that sends nothing for this long while it is read from, or reads nothing, has stalled. */
  readonly idleTimeoutMs: Millis
  /** Streams per second a peer may open in the long run, and at once. */
  readonly rate: number
  readonly burst: number
}

/** A gossip topic; its name is prefixed by the network's. */
export type TopicRow = {
  readonly name: string
  readonly maxMessageBytes: number
  /** Messages per second one author may publish in the long run, and at once. */
  readonly rate: number
  readonly burst: number
}

const KIB = 1_024
const MIB = 1_024 * KIB

export const CHANNELS = {
  /** Votes, certificates, clock messages: small and urgent, so never behind a block. */
  palaVotes: {
    protocol: '/palaver/pala/votes/1',
    access: 'committee',
    maxMessageBytes: 64 * KIB,
    maxQueueBytes: 4 * MIB,
    whenFull: 'close',
    lane: 'urgent',
    rate: 5_000,
    burst: 10_000,
    bytesPerSecond: 64 * MIB,
  },
  /** Proposals, block bodies included. */
  palaProposals: {
    protocol: '/palaver/pala/proposals/1',
    access: 'committee',
    maxMessageBytes: 2 * MIB,
    maxQueueBytes: 16 * MIB,
    whenFull: 'close',
    lane: 'proposals',
    rate: 2_000,
    burst: 4_000,
    bytesPerSecond: 256 * MIB,
  },
  /** Status and reconciliation; open to full nodes. */
  palaSync: {
    protocol: '/palaver/pala/sync/1',
    access: 'open',
    maxMessageBytes: 5 * MIB,
    maxQueueBytes: 16 * MIB,
    whenFull: 'close',
    lane: 'sync',
    rate: 200,
    burst: 400,
    bytesPerSecond: 64 * MIB,
  },
  /** Final blocks by height for nodes far behind (P17.6); on its own stream, so that nothing urgent waits behind it. */
  palaRange: {
    protocol: '/palaver/pala/range/1',
    access: 'open',
    maxMessageBytes: 5 * MIB,
    maxQueueBytes: 16 * MIB,
    whenFull: 'close',
    lane: 'sync',
    rate: 50,
    burst: 100,
    bytesPerSecond: 64 * MIB,
  },
  /** Proofs for whoever checks finality without running a node (P24.3): requests, and answers on their own stream. */
  proofFetch: {
    protocol: '/palaver/proof/fetch/1',
    access: 'open',
    maxMessageBytes: 5 * MIB,
    maxQueueBytes: 16 * MIB,
    whenFull: 'close',
    lane: 'sync',
    rate: 20,
    burst: 40,
    bytesPerSecond: 16 * MIB,
  },
  /** The state at a final height for newcomers (P17.6): requests, and answers on their own stream. */
  snapshot: {
    protocol: '/palaver/snapshot/fetch/1',
    access: 'open',
    maxMessageBytes: 5 * MIB,
    maxQueueBytes: 16 * MIB,
    whenFull: 'close',
    lane: 'sync',
    rate: 50,
    burst: 100,
    bytesPerSecond: 16 * MIB,
  },
  /** Transactions on their way to the proposer, and refusals on their way back. */
  txSubmit: {
    protocol: '/palaver/tx/submit/1',
    access: 'committee',
    maxMessageBytes: 1 * MIB,
    maxQueueBytes: 8 * MIB,
    whenFull: 'drop-oldest',
    lane: 'transactions',
    rate: 5_000,
    burst: 10_000,
    bytesPerSecond: 64 * MIB,
  },
} as const satisfies Record<string, ChannelRow>

export const STREAMS = {
  /** ATX sync, fetch and serve (S4): the first message says which. */
  atx: {
    protocol: '/palaver/atx/sync/1',
    maxMessageBytes: 2 * MIB,
    maxStreams: 8,
    lane: 'sync',
    idleTimeoutMs: 30_000,
    rate: 2,
    burst: 32,
  },
} as const satisfies Record<string, StreamRow>

export const TOPICS = {
  palaClock: { name: 'pala/clock/1', maxMessageBytes: 64 * KIB, rate: 20, burst: 100 },
  palaHeartbeat: { name: 'pala/heartbeat/1', maxMessageBytes: 4 * KIB, rate: 10, burst: 50 },
  /** Proofs of misbehaviour: rare, and never more of one key than the machine keeps. */
  palaEvidence: { name: 'pala/evidence/1', maxMessageBytes: 160 * KIB, rate: 2, burst: 64 },
  txRelay: { name: 'tx/relay/1', maxMessageBytes: 512 * KIB, rate: 200, burst: 1_000 },
  /** A published ATX: its id, and its bytes when it is small. */
  atxAnnounce: { name: 'atx/announce/1', maxMessageBytes: 64 * KIB, rate: 200, burst: 2_000 },
} as const satisfies Record<string, TopicRow>

/** One byte each way for each 16 KiB of conversations that are under way (P18.6-5). */
export const LINK_ECHO = {
  protocol: '/palaver/link/echo/1',
  /** Bytes per second a peer may have sent back: those of 1 GiB. */
  rate: 65_536,
  /** For a stream to open, and for an echo to come. */
  deadlineMs: 10_000,
} as const

/** One stream per connection for the role handshake; the exchange must end within the deadline (P19.3). */
export const ROLE_HANDSHAKE = {
  protocol: '/palaver/role/handshake/1',
  maxMessageBytes: 4 * KIB,
  deadlineMs: 10_000,
  maxClaims: 8,
} as const
