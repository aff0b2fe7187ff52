/** `palaver tx`: submit entries as one transaction signed by the node, or show a transaction. */
import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import type { EntryInput, TxView } from '../../src/node/api/node-port.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { pairLines, printData } from '../output.ts'
import { refusalText, submitEntries, WAIT_FLAGS } from '../submit.ts'

const submit = defineCommand({
  usage: 'submit [entries]',
  summary: 'submit a transaction: --kv KEY=VALUE, --file FILE, or - for standard input',
  flags: {
    ...NODE_FLAGS,
    ...WAIT_FLAGS,
    entries: { type: 'string', describe: '- reads JSON from standard input: one entry {module, payload} or a list' },
    kv: { type: 'string', array: true, describe: 'KEY=VALUE to put; may be repeated' },
    file: { type: 'string', describe: 'JSON file with one entry {module, payload} or a list' },
  },
  async run(args) {
    await submitEntries(reachNode(args), await readEntries(args), args)
  },
})

const show = defineCommand({
  usage: 'show <tx-id>',
  summary: 'where a transaction stands',
  flags: { ...NODE_FLAGS, 'tx-id': { type: 'string', demandOption: true, describe: 'id that submit printed' } },
  async run(args) {
    const view = await reachNode(args).transaction(args['tx-id'])
    if (view === null) {
      throw new CliError('failure', `this node knows no transaction ${args['tx-id']}`, {
        hint: 'ask the node it was submitted to, or wait until it is final',
      })
    }
    printData(args.json, view, txLines)
  },
})

export const tx = defineGroup('tx', 'submit a transaction or show one', [submit, show])

type EntryArgs = {
  readonly entries?: string | undefined
  readonly kv?: readonly string[] | undefined
  readonly file?: string | undefined
}

async function readEntries({ entries, kv, file }: EntryArgs): Promise<EntryInput[]> {
  if ([entries, kv, file].filter((source) => source !== undefined).length !== 1) {
    throw new CliError('usage', 'name one source of entries', {
      hint: 'palaver tx submit --kv KEY=VALUE | --file FILE | -',
    })
  }
  if (kv !== undefined) return kv.map(parsePair)
  if (file !== undefined) return parseEntries(await readText(file), file)
  // yargs gives a lone dash as an empty place.
  if (entries !== '-' && entries !== '')
    throw new CliError('usage', `unknown source '${entries}'`, {
      hint: 'palaver tx submit --kv KEY=VALUE | --file FILE | -',
    })
  return parseEntries(await readAll(process.stdin), 'standard input')
}

function parsePair(pair: string): EntryInput {
  const at = pair.indexOf('=')
  if (at < 1) throw new CliError('usage', `'${pair}' is not KEY=VALUE`, { hint: 'palaver tx submit --kv city=Geneva' })
  return { module: 'kv', payload: { key: pair.slice(0, at), value: pair.slice(at + 1) } }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new CliError('failure', `cannot read ${file}: ${(cause as Error).message}`, {
      cause,
      hint: 'check the path, or use - for standard input',
    })
  }
}

function parseEntries(json: string, source: string): EntryInput[] {
  const hint = 'write {"module":"kv","payload":{"key":"city","value":"Geneva"}}, or a list of such'
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new CliError('usage', `${source} is not JSON`, { cause, hint })
  }
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0 || !list.every(isEntry)) throw new CliError('usage', `${source} holds no entries`, { hint })
  return list
}

function isEntry(value: unknown): value is EntryInput {
  return (
    typeof value === 'object' &&
    value !== null &&
    'module' in value &&
    typeof value.module === 'string' &&
    'payload' in value
  )
}

function txLines(view: TxView): string[] {
  return pairLines({
    transaction: view.txId,
    status: view.status,
    ...(view.height === null ? {} : { block: `${view.height} ${view.blockHash}, place ${view.index}` }),
    ...(view.result === null
      ? {}
      : {
          result: view.result.ok ? 'ok' : `refused: ${refusalText(view.result)}`,
        }),
    ...(view.reason === undefined ? {} : { reason: `${view.reason.code}: ${view.reason.detail}` }),
  })
}
