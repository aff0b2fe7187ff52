/** Reads and makes `genesis.json` and names its chain (DESIGN.md 6). */
import { readFile, stat } from 'node:fs/promises'
import { taggedHashHex } from '../crypto/tagged-hash.ts'
import type { Hash } from '../domain.ts'
import { CHAIN_TAG, canonicalGenesis } from '../genesis/genesis.ts'
import { type Genesis, type GenesisInput, genesisSchema } from '../genesis/schema.ts'
import { ConfigError } from './errors.ts'
import { describeIssues } from './schema-issues.ts'

export { genesisTimeMs, sessionOf } from '../genesis/genesis.ts'
export type { Genesis, GenesisInput } from '../genesis/schema.ts'

/** The largest genesis file, in bytes. */
const MAX_GENESIS_BYTES = 8 * 1_024 * 1_024

/** A checked genesis, the chain it names, and its file's text. */
export type OpenedGenesis = { readonly genesis: Genesis; readonly chainId: Hash; readonly text: string }

/** The chain a genesis names: SHA-256 over its canonical JSON, defaults filled in, so that layout does not matter. */
export function chainIdOf(genesis: Genesis): Hash {
  return taggedHashHex(CHAIN_TAG, canonicalGenesis(genesis))
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

/** Makes a genesis with every default written out, as a file's text. Throws `genesis-invalid`. */
export function createGenesis(input: GenesisInput): OpenedGenesis {
  const { genesis } = parseGenesis(JSON.stringify(input), 'the new genesis')
  return parseGenesis(`${JSON.stringify(genesis, null, 2)}\n`, 'the new genesis')
}
