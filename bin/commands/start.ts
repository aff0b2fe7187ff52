/** `palaver start`: runs a node in the foreground until Ctrl-C, SIGTERM, or something it cannot survive. */
import { PalaverError } from '../../src/errors.ts'
import { type LoadedConfig, loadConfig } from '../../src/node/config.ts'
import { homePaths } from '../../src/node/home.ts'
import { removeAddresses, writeAddresses } from '../addresses.ts'
import { defineCommand } from '../command.ts'
import { installCrashHandlers, recordCrash } from '../crash.ts'
import { CliError, EXIT } from '../errors.ts'
import { checkMultiaddr } from '../multiaddr-check.ts'
import { HOME_FLAG } from '../node-access.ts'
import { note, print } from '../output.ts'
import { knownPassword } from '../password.ts'
import { interruptSignal } from '../signals.ts'
import { syncLine } from '../sync-line.ts'

/** A clean stop may take this long; then the process ends anyway. */
const STOP_DEADLINE_MS = 4_800

const MULTIADDRS = { type: 'string', array: true } as const

const FLAGS = {
  ...HOME_FLAG,
  listen: { ...MULTIADDRS, describe: 'address to listen on; may be repeated' },
  announce: { ...MULTIADDRS, describe: 'address told to peers instead of the ones listened on; may be repeated' },
  peer: { ...MULTIADDRS, describe: 'peer to stay connected with, with /p2p/PEER_ID; may be repeated' },
  bootstrap: { ...MULTIADDRS, describe: 'peer to find others through; may be repeated' },
  mdns: { type: 'boolean', describe: 'find peers on the local network' },
  'no-mdns': { type: 'boolean', describe: 'do not look for peers on the local network' },
  dht: { type: 'string', choices: ['server', 'client'], describe: "answer others' routing questions, or only ask" },
  api: { type: 'string', describe: 'HOST:PORT of the HTTP API; port 0 takes a free one' },
  'api-host': { type: 'string', array: true, describe: 'name under which the API may be called; may be repeated' },
  'password-file': { type: 'string', describe: "file with the key's password" },
  'log-level': { type: 'string', describe: 'LEVEL or module=LEVEL, separated by commas' },
  'prune-keep': { type: 'number', describe: 'final blocks kept on disk; 0, the default, keeps all of them' },
  sync: {
    type: 'string',
    choices: ['auto', 'snapshot', 'blocks'],
    describe:
      'how a home without blocks begins: with a snapshot of the state, with block 1, or as peers suggest (auto)',
  },
  'unsafe-reset-votes': {
    type: 'boolean',
    describe: 'vote although the record of earlier votes is missing; can break safety',
  },
} as const

type StartArgs = Parameters<Parameters<typeof defineCommand<typeof FLAGS>>[0]['run']>[0]

export const start = defineCommand({
  usage: 'start',
  summary: 'run a node in the foreground',
  flags: FLAGS,
  run: runNode,
})

async function runNode(args: StartArgs): Promise<void> {
  const { home, config, warnings } = readConfiguration(args)
  for (const warning of warnings) note(`palaver: ${warning}`)
  const interrupted = interruptSignal()
  installCrashHandlers(home)
  const { startNode } = await import('../../src/node/node.ts')
  const starting = startNode({
    home,
    config,
    askPassword: () => knownPassword(config.passwordFile),
    onFatal: (error) => endAfterFailure(home, error),
    onSync: (report) => note(syncLine(report, report.height)),
    onNotice: note,
    signal: interrupted,
  })
  const node = await starting.catch((error: unknown) => {
    if (interrupted.aborted) process.exit(exitOf(interrupted))
    throw error
  })
  await writeAddresses(home, node.multiaddrs())
  if (!interrupted.aborted) {
    for (const address of node.multiaddrs()) print(`listening on ${address}`)
    print(`api ${node.apiUrl}`)
    print('ready')
  }
  await untilAborted(interrupted)
  removeAddresses(home)
  await Promise.race([node.stop(), deadline()])
  process.exit(exitOf(interrupted))
}

function exitOf(interrupted: AbortSignal): number {
  return interrupted.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted
}

function readConfiguration(args: StartArgs): LoadedConfig {
  if (args.mdns && args['no-mdns']) {
    throw new CliError('usage', '--mdns and --no-mdns exclude each other', { hint: 'give one of them' })
  }
  for (const address of [...(args.peer ?? []), ...(args.bootstrap ?? [])]) checkMultiaddr(address)
  const flags = {
    listen: args.listen,
    announce: args.announce,
    peers: args.peer,
    bootstrap: args.bootstrap,
    mdns: args['no-mdns'] ? false : args.mdns,
    dht: args.dht as 'server' | 'client' | undefined,
    api: args.api,
    apiHosts: args['api-host'],
    passwordFile: args['password-file'],
    logLevel: args['log-level'],
    pruneKeep: args['prune-keep'],
    sync: args.sync as 'auto' | 'snapshot' | 'blocks' | undefined,
    unsafeResetVotes: args['unsafe-reset-votes'],
  }
  try {
    return loadConfig({ home: args.home, flags })
  } catch (error) {
    if (!(error instanceof PalaverError) || !error.message.startsWith('--')) throw error
    throw new CliError('usage', error.message, { cause: error, hint: 'see: palaver start --help' })
  }
}

/** A full disk or a lost database is the operator's to mend (exit 1); anything else is a bug (exit 70). */
function endAfterFailure(home: string, error: unknown): void {
  removeAddresses(home)
  if (!isOperating(error)) {
    recordCrash(home, 'fatal error', error)
    process.exit(EXIT.bug)
  }
  note(`palaver: the node stopped: ${(error as Error).message}`)
  note(`  mend the cause, then run: palaver start --home ${homePaths(home).home}`)
  process.exit(EXIT.failure)
}

/** Errors of ours, of the system (ENOSPC, EIO), of the database; `ERR_...` of Node itself speaks of a bug. */
function isOperating(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return error instanceof PalaverError || /^(E(?!RR_)[A-Z0-9]+$|LEVEL_)/.test(code)
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}

function deadline(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, STOP_DEADLINE_MS).unref())
}
