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
