/** `palaver light`: follows the final heads of a network and reads its state by proofs alone, without running a node. */
import type { ProvenBlock } from '../../src/verify/verify.ts'
import { defineCommand } from '../command.ts'
import { CliError, EXIT } from '../errors.ts'
import { follow, type LightFlags, openLight, read } from '../light-client.ts'
import { note, print, printJson } from '../output.ts'
import { interruptSignal } from '../signals.ts'

const DEFAULT_PERIOD_DAYS = 14

export const light = defineCommand({
  usage: 'light',
  summary: 'follow final blocks by proofs, without a node',
  flags: {
    genesis: { type: 'string', demandOption: true, describe: "the network's genesis file" },
    peer: { type: 'string', array: true, describe: 'node to ask, a multiaddr with /p2p/PEER_ID; may be repeated' },
    api: {
      type: 'string',
      array: true,
      describe: "URL of a node's API, to ask it in place of a peer; may be repeated",
    },
    state: { type: 'string', describe: 'file to continue from and to keep what is trusted in' },
    get: { type: 'string', describe: 'print the proven value of this key, and end' },
    once: { type: 'boolean', describe: 'print the newest head, and end' },
    'trust-period': { type: 'number', default: DEFAULT_PERIOD_DAYS, describe: 'days after which a state is too old' },
    'trust-old': { type: 'boolean', describe: 'continue from a state that is too old' },
    json: { type: 'boolean', describe: 'print JSON, one object per line' },
  },
  run: runLight,
})

async function runLight(args: LightFlags): Promise<void> {
  if ((args.peer ?? []).length + (args.api ?? []).length === 0) {
    throw new CliError('usage', 'whom to ask is missing', {
      hint: 'name a node: --peer MULTIADDR (see: palaver id), or --api URL',
    })
  }
  const interrupted = interruptSignal()
  const session = await openLight(args)
  try {
    const show = (block: ProvenBlock): void => (args.json ? printJson(describe(block)) : print(lineOf(block)))
    if (args.get === undefined) {
      await follow(session, { show, once: args.once === true, interrupted })
      if (interrupted.aborted) process.exitCode = interrupted.reason === 'SIGTERM' ? EXIT.terminated : EXIT.interrupted
      return
    }
    const proven = await read(session, args.get)
    const { stateHeight, stateRoot, height } = proven.block.header
    const value = proven.value === null ? null : new TextDecoder().decode(proven.value)
    if (args.json) printJson({ key: proven.key, value, stateHeight, stateRoot, height, hash: proven.block.hash })
    else if (value !== null) print(value)
    if (value === null) {
      throw new CliError(
        'failure',
        `no value under '${proven.key}' after block ${stateHeight}, proven by block ${height}`,
      )
    }
    if (!args.json) note(`proven after block ${stateHeight} by block ${height}`)
  } finally {
    await session.close()
  }
}

function describe({ hash, header, certificate }: ProvenBlock) {
  const { session, epoch, s: number } = header.sn
  const { weight, threshold } = certificate
  const signers = certificate.signers.map(({ key, org }) => ({ key, org }))
  const timestamp = new Date(header.timestamp).toISOString()
  return { height: header.height, hash, session, epoch, number, timestamp, certificate: { weight, threshold, signers } }
}

function lineOf({ hash, header, certificate }: ProvenBlock): string {
  const organisations = [...new Set(certificate.signers.map(({ org }) => org))].join(', ')
  const time = new Date(header.timestamp).toISOString()
  return `height ${header.height}  ${hash}  ${time}  session ${header.sn.session}  signed by ${organisations}`
}
