/** Nouns that every concern shares. This file imports nothing. */

/** Lower-case hexadecimal text. */
export type Hex = string

/** A SHA-256 digest as 64 lower-case hex characters, so that it can be a map key. */
export type Hash = Hex

/** A raw 32-byte Ed25519 public key as 64 lower-case hex characters. */
export type PublicKeyHex = Hex

/** A libp2p peer id in its base58 text form (`12D3Koo...`). */
export type PeerId = string

/** Milliseconds: a duration, or an instant of `machine/clock.ts`. */
export type Millis = number

declare const verified: unique symbol

/** A value whose signatures, bounds and roles a service has checked. Only services make one (`asVerified`). */
export type Verified<T> = T & { readonly [verified]: true }

/** Marks a value as verified. Call it only where the check was made. */
export function asVerified<T>(value: T): Verified<T> {
  return value as Verified<T>
}

/** What a peer may have proven to be on a connection (DESIGN.md 6). */
export type RoleName = 'proposer' | 'voter'

/** One proven place in a committee: `index` is the place in that session's list. */
export type Role = { readonly role: RoleName; readonly session: number; readonly index: number }

/**
 * How bad a peer's message was. `malformed` and `invalid` cannot come from an honest peer; `limit` may be haste;
 * `useless` is a claim that was not backed in time.
 */
export type PenaltyClass = 'malformed' | 'invalid' | 'limit' | 'useless'

// ---------------------------------------------------------------- committees

/** One seat of a committee. `weight` counts towards the threshold; proposers have weight too but it is not used. */
export type Member = { readonly key: PublicKeyHex; readonly org: string; readonly weight: number }

/** Parameters every node of a session takes from genesis or an election, never from its own configuration (P13.5). */
export type SessionParams = {
  /** Proposing window and finality depth, 1..64. */
  readonly k: number
  /** The session ends with this block at the latest; 0 = only an accepted change of the committee ends it. */
  readonly stopOffset: number
  readonly blockIntervalMs: Millis
  readonly emptyBlockIntervalMs: Millis
  readonly firstProposalDelayMs: Millis
  readonly firstProposalLimitMs: Millis
  /** T, the voters' patience. */
  readonly voterTimeoutMs: Millis
  readonly maxVoterTimeoutMs: Millis
  readonly heartbeatMs: Millis
  readonly maxBlockBytes: number
  readonly maxClockDriftMs: Millis
}

/** Who proposes, who votes, under which parameters: everything of a session but its number (P16.1). */
export type CommitteePlan = {
  readonly proposers: readonly Member[]
  readonly voters: readonly Member[]
  readonly params: SessionParams
}
