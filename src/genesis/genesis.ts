/** What a checked genesis means (DESIGN.md 6): the bytes that name its chain, session 1, its time. Pure, runs in browsers. */
import type { Member, Millis } from '../domain.ts'
import type { Session } from '../pala/types.ts'
import type { Genesis } from './schema.ts'

/** The tag under which the hash of {@link canonicalGenesis} is the chain id. */
export const CHAIN_TAG = 'palaver/genesis/1'

/** JSON with sorted keys and no spaces: the same value always gives the same text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}

/** The bytes that name the chain: canonical JSON, defaults filled in, so that the layout of the file does not matter. */
export function canonicalGenesis(genesis: Genesis): Uint8Array {
  return new TextEncoder().encode(canonicalJson(genesis))
}

/** Session 1 as consensus takes it (P16.1). */
export function sessionOf({ session, pala }: Genesis): Session {
  const members = (seats: Genesis['session']['voters']): Member[] =>
    seats.map(({ publicKey, org, power }) => ({ key: publicKey, org, weight: power }))
  return { session: 1, proposers: members(session.proposers), voters: members(session.voters), params: pala }
}

/** The genesis block's timestamp, in milliseconds since the Unix epoch. */
export function genesisTimeMs({ genesisTime }: Genesis): Millis {
  return Date.parse(genesisTime)
}
