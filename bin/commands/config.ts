/** `palaver config`: the configuration file, what is in effect, and where each value comes from. */
import { existsSync } from 'node:fs'
import { writeFileAtomic } from '../../src/node/atomic-file.ts'
import { loadConfig, readConfigFile, resolveHome, variableOf } from '../../src/node/config.ts'
import { CONFIG_KEYS, DEFAULTS } from '../../src/node/config-schema.ts'
import { readGenesis } from '../../src/node/genesis.ts'
import { homePaths, openHome } from '../../src/node/home.ts'
import { inspectKeystore, readKeystore } from '../../src/node/keystore.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { CliError } from '../errors.ts'
import { HOME_FLAG } from '../node-access.ts'
import { note, print, printData, printJson, tableLines } from '../output.ts'

const init = defineCommand({
  usage: 'init',
  summary: 'write config.json with every default',
  flags: HOME_FLAG,
  async run(args) {
    const { config, home } = homePaths(resolveHome(args.home))
    if (existsSync(config))
      throw new CliError('failure', `${config} exists already`, { hint: 'edit it, then run: palaver config validate' })
    if (!existsSync(home))
      throw new CliError('config', `there is no home at ${home}`, { hint: 'make one with: palaver init --home DIR' })
    const { unsafeResetVotes: _, ...defaults } = DEFAULTS
    await writeFileAtomic(config, `${JSON.stringify(defaults, null, 2)}\n`)
    note(`wrote ${config}`)
  },
})

const show = defineCommand({
  usage: 'show',
  summary: 'the configuration file, or what is in effect',
  flags: {
    ...HOME_FLAG,
    effective: { type: 'boolean', describe: 'every value in effect: environment, file, default' },
    origin: { type: 'boolean', describe: 'with the origin of each value; implies --effective' },
    json: { type: 'boolean', describe: 'print JSON' },
  },
  run(args) {
    if (!args.effective && !args.origin)
      return print(JSON.stringify(readConfigFile(resolveHome(args.home)), null, args.json ? 0 : 2))
    const { config, origins, warnings } = loadConfig({ home: args.home })
    for (const warning of warnings) note(`palaver: ${warning}`)
    if (!args.origin) return args.json ? printJson(config) : print(JSON.stringify(config, null, 2))
    const rows = CONFIG_KEYS.map((key) => ({
      key,
      value: config[key] ?? null,
      origin: origins[key],
      variable: variableOf(key),
    }))
    const text = (each: readonly (typeof rows)[number][]): string[] =>
      tableLines(
        ['key', 'value', 'origin', 'variable'],
        each.map((row) => [row.key, JSON.stringify(row.value), row.origin, row.variable]),
      )
    printData(args.json, rows, text)
  },
})

const validate = defineCommand({
  usage: 'validate',
  summary: 'check configuration, genesis and key of a home',
  flags: { ...HOME_FLAG, json: { type: 'boolean', describe: 'print JSON' } },
  async run(args) {
    const { home, warnings } = loadConfig({ home: args.home })
    const paths = await openHome(home)
    const { genesis, chainId } = await readGenesis(paths.genesis)
    const { publicKey } = inspectKeystore(await readKeystore(paths.key))
    for (const warning of warnings) note(`palaver: ${warning}`)
    const seat = genesis.session.voters.some((voter) => voter.publicKey === publicKey) ? 'voter' : 'observer'
    printData(args.json, { valid: true, home, network: genesis.network, chainId, seat }, () => [
      `${home} is valid: ${seat} of network ${genesis.network}, chain ${chainId}`,
    ])
  },
})

export const config = defineGroup('config', 'make, show, validate the configuration', [init, show, validate])
