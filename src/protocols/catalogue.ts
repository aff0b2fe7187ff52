/** The wire as one table: every stream protocol and gossip topic with its caps, rates and roles (DESIGN.md 7). */

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
  /** Messages per second a peer may send in the long run, and at once. */
  readonly rate: number
  readonly burst: number
  /** Bytes per second in the long run; reading pauses above it. */
  readonly bytesPerSecond: number
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
    rate: 200,
    burst: 400,
    bytesPerSecond: 64 * MIB,
  },
  /** Transactions on their way to the proposer, and refusals on their way back. */
  txSubmit: {
    protocol: '/palaver/tx/submit/1',
    access: 'committee',
    maxMessageBytes: 1 * MIB,
    maxQueueBytes: 8 * MIB,
    whenFull: 'drop-oldest',
    rate: 5_000,
    burst: 10_000,
    bytesPerSecond: 64 * MIB,
  },
} as const satisfies Record<string, ChannelRow>

export const TOPICS = {
  palaClock: { name: 'pala/clock/1', maxMessageBytes: 64 * KIB, rate: 20, burst: 100 },
  palaHeartbeat: { name: 'pala/heartbeat/1', maxMessageBytes: 4 * KIB, rate: 10, burst: 50 },
  txRelay: { name: 'tx/relay/1', maxMessageBytes: 512 * KIB, rate: 200, burst: 1_000 },
} as const satisfies Record<string, TopicRow>

/** One stream per connection for the role handshake; the exchange must end within the deadline (P19.3). */
export const ROLE_HANDSHAKE = {
  protocol: '/palaver/role/handshake/1',
  maxMessageBytes: 4 * KIB,
  deadlineMs: 10_000,
  maxClaims: 8,
} as const
