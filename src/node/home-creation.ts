/** Makes a whole new home from a fresh key: keystore, genesis, configuration, and the journal without which it never votes. */
import { createVoteJournal } from '../pala/journal-store.ts'
import type { OpenedGenesis } from './genesis.ts'
import { createHome, type HomePaths } from './home.ts'
import { createKeystore } from './keystore.ts'

export type NewNodeHome = {
  /** 32 bytes that never signed anything: the journal starts empty. */
  readonly seed: Uint8Array
  /** Null stores the key unprotected. */
  readonly password: string | null
  readonly genesis: OpenedGenesis
  /** Written to `config.json` when given. */
  readonly config?: object
}

/** Makes the home. Throws `home-exists` when a node lies there already, `password-missing` for an empty password. */
export async function createNodeHome(home: string, options: NewNodeHome): Promise<HomePaths> {
  const { seed, password, genesis, config } = options
  const keystore = await createKeystore(seed, password)
  const paths = await createHome(home, { keystore, genesis, ...(config === undefined ? {} : { config }) })
  await createVoteJournal(paths.votesJournal, genesis.chainId)
  return paths
}
