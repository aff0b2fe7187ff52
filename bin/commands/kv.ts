/** `palaver kv`: the replicated key-value store. */
import { defineCommand, defineGroup } from '../command.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { printData } from '../output.ts'
import type { provenValue } from '../proven-value.ts'
import { submitEntries, WAIT_FLAGS } from '../submit.ts'

const KEY_PLACE = { type: 'string', demandOption: true, describe: 'key' } as const

const put = defineCommand({
  usage: 'put <key> <value>',
  summary: 'put a value under a key',
  flags: {
    ...NODE_FLAGS,
    ...WAIT_FLAGS,
    key: KEY_PLACE,
    value: { type: 'string', demandOption: true, describe: 'value' },
  },
  async run(args) {
    await submitEntries(reachNode(args), [{ module: 'kv', payload: { key: args.key, value: args.value } }], args)
  },
})

const get = defineCommand({
  usage: 'get <key>',
  summary: 'the final value under a key',
  flags: {
    ...NODE_FLAGS,
    key: KEY_PLACE,
    proof: { type: 'boolean', describe: 'have the value proven, and check the proof before printing it' },
    out: { type: 'string', describe: 'file for the proof, with --proof' },
    genesis: { type: 'string', describe: "the network's genesis file, for --proof [default: HOME/genesis.json]" },
  },
  async run(args) {
    if (!args.proof && (args.out !== undefined || args.genesis !== undefined)) {
      throw new CliError('usage', '--out and --genesis need --proof', { hint: `palaver kv get ${args.key} --proof` })
    }
    const view = args.proof ? await proven(args) : await reachNode(args).kvGet(args.key)
    if (args.json || view.value !== null) printData(args.json, view, ({ value }) => [value ?? ''])
    if (view.value === null) {
      throw new CliError('failure', `no value under '${args.key}' at height ${view.height}`, {
        hint: `put one with: palaver kv put ${args.key} VALUE --wait`,
      })
    }
  },
})

/** Loads the verifier only when it is needed. */
async function proven(args: Parameters<typeof provenValue>[0]): ReturnType<typeof provenValue> {
  return (await import('../proven-value.ts')).provenValue(args)
}

export const kv = defineGroup('kv', 'put and get keys of the replicated store', [put, get])
