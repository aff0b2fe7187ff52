/** `palaver init`: a home with a key, a genesis (given or of a new network of one) and a configuration. */
import { createSigner } from '../../src/crypto/keys.ts'
import { systemClock } from '../../src/machine/clock.ts'
import { resolveHome } from '../../src/node/config.ts'
import { createGenesis, type OpenedGenesis, readGenesis } from '../../src/node/genesis.ts'
import { createNodeHome } from '../../src/node/home-creation.ts'
import { createSeed } from '../../src/node/keystore.ts'
import { peerIdFromPublicKeyHex } from '../../src/protocols/peer-ids.ts'
import { defineCommand } from '../command.ts'
import { CliError } from '../errors.ts'
import { HOME_FLAG } from '../node-access.ts'
import { note, pairLines, printData } from '../output.ts'
import { newPassword, PASSWORD_FLAGS } from '../password.ts'

/** The network that `init` makes when it is told neither a genesis nor a name. */
const DEFAULT_NETWORK = 'local'

export const init = defineCommand({
  usage: 'init',
  summary: 'make a home: key, genesis, configuration',
  flags: {
    ...HOME_FLAG,
    ...PASSWORD_FLAGS,
    genesis: { type: 'string', describe: 'genesis.json of the network to join' },
    'new-network': {
      type: 'string',
      describe: `name of a new network with this node as its only member [default: ${DEFAULT_NETWORK}]`,
    },
    json: { type: 'boolean', describe: 'print JSON' },
  },
  async run(args) {
    if (args.genesis !== undefined && args['new-network'] !== undefined) {
      throw new CliError('usage', '--genesis and --new-network exclude each other', {
        hint: 'join a network or make one',
      })
    }
    const home = resolveHome(args.home)
    const seed = createSeed()
    const { publicKey } = createSigner(seed)
    const genesis =
      args.genesis === undefined
        ? newNetwork(args['new-network'] ?? DEFAULT_NETWORK, publicKey)
        : await readGenesis(args.genesis)
    const paths = await createNodeHome(home, { seed, password: await newPassword(args), genesis })
    const data = {
      home: paths.home,
      peerId: peerIdFromPublicKeyHex(publicKey),
      publicKey,
      network: genesis.genesis.network,
      chainId: genesis.chainId,
    }
    printData(args.json, data, (facts) => pairLines({ ...facts }))
    note(
      `start it with: palaver start --home ${paths.home}${args['password-file'] === undefined ? '' : ` --password-file ${args['password-file']}`}`,
    )
  },
})

function newNetwork(network: string, publicKey: string): OpenedGenesis {
  const seats = [{ publicKey, org: network }]
  const genesisTime = new Date(systemClock.now()).toISOString()
  return createGenesis({ network, genesisTime, session: { proposers: seats, voters: seats } })
}
