/** Genesis for verifiers: the chain it names and the committee of session 1, from the text of `genesis.json`. */

import type { Hash, Millis } from '../domain.ts'
import { CHAIN_TAG, canonicalGenesis, sessionOf } from '../genesis/genesis.ts'
import { genesisSchema } from '../genesis/schema.ts'
import type { Session } from '../pala/types.ts'
import { VerifyError } from './errors.ts'
import { taggedHashHex } from './tagged-hash.ts'

/** What every proof of a chain starts from. */
export type TrustedGenesis = {
  readonly chainId: Hash
  readonly network: string
  readonly session: Session
  /** Milliseconds since the Unix epoch. */
  readonly time: Millis
}

/** Reads a genesis file. Throws `genesis-invalid`. */
export function readTrustedGenesis(text: string): TrustedGenesis {
  const result = genesisSchema.safeParse(parseJson(text))
  if (!result.success) {
    const [issue] = result.error.issues
    const where = issue?.path.join('.') || 'the document'
    throw new VerifyError('genesis-invalid', `this is not a valid genesis: ${where}: ${issue?.message}`)
  }
  const genesis = result.data
  return {
    chainId: taggedHashHex(CHAIN_TAG, canonicalGenesis(genesis)),
    network: genesis.network,
    session: sessionOf(genesis),
    time: Date.parse(genesis.genesisTime),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new VerifyError('genesis-invalid', `this genesis is not JSON: ${(cause as Error).message}`, { cause })
  }
}
