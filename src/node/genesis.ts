/** Reads and makes `genesis.json`, names its chain, and gives session 1 (DESIGN.md 6). */
import { Buffer } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import { taggedHashHex } from '../crypto/tagged-hash.ts'
import type { Hash, Millis } from '../domain.ts'
import type { Member, Session } from '../pala/types.ts'
import { ConfigError } from './errors.ts'
import { type Genesis, type GenesisInput, genesisSchema } from './genesis-schema.ts'
import { describeIssues } from './schema-issues.ts'

export type { Genesis, GenesisInput } from './genesis-schema.ts'

/** The largest genesis file, in bytes. */
const MAX_GENESIS_BYTES = 8 * 1_024 * 1_024
const CHAIN_TAG = 'palaver/genesis/1'

/** A checked genesis, the chain it names, and its file's text. */
export type OpenedGenesis = { readonly genesis: Genesis; readonly chainId: Hash; readonly text: string }

/** JSON with sorted keys and no spaces: the same value always gives the same text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}

/** The chain a genesis names: SHA-256 over its canonical JSON, defaults filled in, so that layout does not matter. */
export function chainIdOf(genesis: Genesis): Hash {
  return taggedHashHex(CHAIN_TAG, Buffer.from(canonicalJson(genesis)))
}

/** Checks the text of a genesis file. Throws `genesis-invalid`, which names the first fields that are wrong. */
export function parseGenesis(text: string, name = 'genesis.json'): OpenedGenesis {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    const advice = "copy the network's genesis file again"
    throw new ConfigError('genesis-invalid', `${name} is not JSON (${(cause as Error).message}): ${advice}`, { cause })
  }
  const result = genesisSchema.safeParse(document)
  if (!result.success) {
    const faults = describeIssues(result.error, genesisSchema)
    throw new ConfigError('genesis-invalid', `${name} is not a valid genesis: ${faults}`, { cause: result.error })
  }
  return { genesis: result.data, chainId: chainIdOf(result.data), text }
}

/** Reads and checks a genesis file. Throws `genesis-missing` or `genesis-invalid`. */
export async function readGenesis(path: string): Promise<OpenedGenesis> {
  const size = await stat(path).then(
    (file) => file.size,
    (cause: unknown) => {
      const advice = "copy the network's genesis file there, or make a network with: palaver init --new-network NAME"
      throw new ConfigError('genesis-missing', `there is no genesis at ${path}: ${advice}`, { cause })
    },
  )
  if (size > MAX_GENESIS_BYTES)
    throw new ConfigError('genesis-invalid', `${path} has ${size} bytes, more than ${MAX_GENESIS_BYTES}: wrong file?`)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConfigError('genesis-missing', `cannot read ${path}: ${(cause as Error).message}`, { cause })
  })
  return parseGenesis(text, path)
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

/** Makes a genesis with every default written out, as a file's text. Throws `genesis-invalid`. */
export function createGenesis(input: GenesisInput): OpenedGenesis {
  const { genesis } = parseGenesis(JSON.stringify(input), 'the new genesis')
  return parseGenesis(`${JSON.stringify(genesis, null, 2)}\n`, 'the new genesis')
}
