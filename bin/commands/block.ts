/** `palaver block`: one block, or a list of final ones. */
import type { BlockView } from '../../src/node/api/node-port.ts'
import { parseBlockRef } from '../block-ref.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { pairLines, printData, short, tableLines } from '../output.ts'

const show = defineCommand({
  usage: 'show <block>',
  summary: 'one block by height, hash or latest',
  flags: { ...NODE_FLAGS, block: { type: 'string', demandOption: true, describe: 'HEIGHT, HASH or latest' } },
  async run(args) {
    const block = await reachNode(args).block(parseBlockRef(args.block))
    if (block === null)
      throw new CliError('failure', `this node has no block ${args.block}`, { hint: 'see: palaver block list' })
    printData(args.json, block, blockLines)
  },
})

const list = defineCommand({
  usage: 'list',
  summary: 'final blocks, the latest by default',
  flags: {
    ...NODE_FLAGS,
    from: { type: 'number', describe: 'first height' },
    limit: { type: 'number', default: 20, describe: 'how many, at most 100' },
  },
  async run({ from, limit, ...args }) {
    for (const [flag, value, least] of [
      ['--from', from ?? 0, 0],
      ['--limit', limit, 1],
    ] as const) {
      if (!Number.isSafeInteger(value) || value < least)
        throw new CliError('usage', `${flag} must be a whole number from ${least}`, { hint: `such as ${flag} 10` })
    }
    if (limit > 100) throw new CliError('usage', '--limit is at most 100', { hint: 'page with --from' })
    const rows = (blocks: readonly BlockView[]): string[] =>
      tableLines(['height', 'hash', 'epoch', 'number', 'txs', 'entries', 'time'], blocks.map(blockCells))
    printData(args.json, await reachNode(args).blocks({ from, limit }), rows)
  },
})

export const block = defineGroup('block', 'show or list blocks', [show, list])

function blockCells(block: BlockView): string[] {
  return [
    block.height,
    short(block.hash),
    block.epoch,
    block.number,
    block.txIds.length,
    block.entries,
    block.timestamp,
  ].map(String)
}

function blockLines(block: BlockView): string[] {
  const { notarization } = block
  return [
    ...pairLines({
      height: `${block.height}${block.finalized ? ' (final)' : ' (not final yet)'}`,
      hash: block.hash,
      parent: block.parentHash,
      place: `session ${block.session}, epoch ${block.epoch}, number ${block.number}`,
      proposer: block.proposer ?? 'genesis',
      time: block.timestamp,
      payload: `${block.txIds.length} transactions, ${block.entries} entries, ${block.payloadBytes} bytes`,
      state: `height ${block.stateHeight}, root ${block.stateRoot}`,
      notarized:
        notarization === null
          ? '-'
          : `by voters ${notarization.signers.join(', ')} (${notarization.weight} of ${notarization.threshold} needed)`,
    }),
    ...block.txIds.map((txId) => `tx         ${txId}`),
  ]
}
