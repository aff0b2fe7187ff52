/** `palaver proof`: fetches proofs of blocks and transactions, for anyone to check offline. */
import type { ProofDocument } from '../../src/verify/file.ts'
import { parseBlockRef } from '../block-ref.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { note, print, printJson } from '../output.ts'

const FLAGS = {
  ...NODE_FLAGS,
  out: { type: 'string', describe: 'file to write instead of printing' },
} as const

const block = defineCommand({
  usage: 'block <block>',
  summary: 'a finality proof of a block',
  flags: { ...FLAGS, block: { type: 'string', demandOption: true, describe: 'HEIGHT, HASH or latest' } },
  async run(args) {
    await hand(await reachNode(args).blockProof(parseBlockRef(args.block)), args)
  },
})

const tx = defineCommand({
  usage: 'tx <tx-id>',
  summary: 'a proof that a transaction is final',
  flags: { ...FLAGS, 'tx-id': { type: 'string', demandOption: true, describe: 'id of the transaction' } },
  async run(args) {
    const txId = args['tx-id']
    if (!/^[0-9a-f]{64}$/.test(txId)) {
      throw new CliError('usage', `'${txId}' is no transaction id`, { hint: 'ids have 64 lower-case hex characters' })
    }
    await hand(await reachNode(args).transactionProof(txId), args)
  },
})

export const proof = defineGroup('proof', 'prove a block or a transaction to anyone', [block, tx])

type Hand = { readonly out?: string | undefined; readonly json?: boolean | undefined }

/** Writes the document where it is wanted. */
async function hand(document: ProofDocument, { out, json }: Hand): Promise<void> {
  const text = JSON.stringify(document, null, 2)
  if (out === undefined) return json ? printJson(document) : print(text)
  const { writeFile } = await import('node:fs/promises')
  await writeFile(out, `${text}\n`).catch((cause: Error) => {
    throw new CliError('failure', `cannot write ${out}: ${cause.message}`, { cause, hint: 'choose another --out' })
  })
  if (json) printJson(document)
  note(`written to ${out}; anyone with the genesis checks it: palaver verify ${out} --genesis genesis.json`)
}
