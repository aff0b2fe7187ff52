/** `palaver committee`: who decides, and proposing, approving and withdrawing changes of it. */
import type { FinalPosition, PalaverClient } from '../../src/client/client.ts'
import type { Hash } from '../../src/domain.ts'
import { proposalIdOf } from '../../src/ledger/modules/committee-id.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { CHANGE_FLAGS, parseChange } from '../committee-arguments.ts'
import { committeeLines, historyLines, proposalLines } from '../committee-lines.ts'
import { CliError } from '../errors.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { printData } from '../output.ts'
import { finalPosition, refusalText, type SubmitArgs, WAIT_FLAGS } from '../submit.ts'

/** Waiting is the default: only a final entry is known not to be refused. */
const DECIDE_FLAGS = {
  ...NODE_FLAGS,
  ...WAIT_FLAGS,
  wait: { type: 'boolean', describe: 'return once it is final (as it does anyway)' },
  'no-wait': { type: 'boolean', describe: 'return at once; a refusal then shows in: palaver tx show' },
} as const
const ID_PLACE = { type: 'string', demandOption: true, describe: "the proposal's id, or how it starts" } as const
const ID_HEX_LENGTH = 64
const MAX_SESSIONS = 100

const show = defineCommand({
  usage: 'show',
  summary: 'members, parameters, and proposals with what they lack',
  flags: NODE_FLAGS,
  async run(args) {
    printData(args.json, await reachNode(args).committee(), committeeLines)
  },
})

const propose = defineCommand({
  usage: 'propose',
  summary: "propose a change; it counts as this voter's approval",
  flags: { ...DECIDE_FLAGS, ...CHANGE_FLAGS },
  async run(args) {
    await decide(reachNode(args), { payload: parseChange(args), id: null }, args)
  },
})

const approve = defineCommand({
  usage: 'approve <id>',
  summary: 'approve a proposal',
  flags: { ...DECIDE_FLAGS, id: ID_PLACE },
  async run(args) {
    const client = reachNode(args)
    const id = await findProposal(client, args.id)
    await decide(client, { payload: { approve: { id } }, id }, args)
  },
})

const withdraw = defineCommand({
  usage: 'withdraw <id>',
  summary: "withdraw this node's own proposal",
  flags: { ...DECIDE_FLAGS, id: ID_PLACE },
  async run(args) {
    const client = reachNode(args)
    const id = await findProposal(client, args.id)
    await decide(client, { payload: { withdraw: { id } }, id }, args)
  },
})

const history = defineCommand({
  usage: 'history',
  summary: 'past sessions and what changed, newest first',
  flags: { ...NODE_FLAGS, limit: { type: 'number', default: 20, describe: `sessions, at most ${MAX_SESSIONS}` } },
  async run(args) {
    if (!Number.isInteger(args.limit) || args.limit < 1 || args.limit > MAX_SESSIONS)
      throw new CliError('usage', `--limit is 1 to at most ${MAX_SESSIONS}`, { hint: 'such as --limit 10' })
    printData(args.json, await reachNode(args).committeeHistory({ limit: args.limit }), historyLines)
  },
})

export const committee = defineGroup('committee', 'who decides, and changes of it', [
  show,
  propose,
  approve,
  withdraw,
  history,
])

/** Submits the entry and prints the proposal as it stands then. `id` is null for a new one. */
async function decide(
  client: PalaverClient,
  entry: { readonly payload: unknown; readonly id: Hash | null },
  args: SubmitArgs & { readonly 'no-wait'?: boolean | undefined },
): Promise<void> {
  const entries = [{ module: 'committee', payload: entry.payload }] as const
  if (args['no-wait']) {
    const { txId } = await client.submit(entries[0])
    const proposal = entry.id ?? proposalIdOf(txId, 0)
    printData(args.json, { txId, proposal }, () => [
      `submitted; whether it is taken shows: palaver tx show ${txId}`,
      `proposal ${proposal}`,
    ])
    return
  }
  const position = await finalPosition(client, entries, args)
  requireEffect(position)
  const id = entry.id ?? proposalIdOf(position.txId, 0)
  const { plan, proposals } = await client.committee()
  const proposal = proposals.find((known) => known.id === id) ?? null
  printData(args.json, { ...position, proposal: id, state: proposal }, () => [
    ...(proposal === null ? [`proposal ${id}`] : proposalLines(proposal, plan)),
    `final at height ${position.height}`,
  ])
}

function requireEffect({ txId, result }: FinalPosition): void {
  if (result.ok) return
  throw new CliError('failure', `refused: ${refusalText(result)}`, {
    hint: `see: palaver committee show, palaver tx show ${txId}`,
  })
}

/** The full id of the proposal that `text` names. Throws `failure` unless exactly one does. */
async function findProposal(client: PalaverClient, text: string): Promise<Hash> {
  const start = text.toLowerCase()
  if (start.length === ID_HEX_LENGTH) return start
  const { proposals } = await client.committee()
  const found = start === '' ? [] : proposals.filter(({ id }) => id.startsWith(start))
  const [one] = found
  if (one !== undefined && found.length === 1) return one.id
  const what = found.length === 0 ? 'no proposal' : `${found.length} proposals`
  throw new CliError('failure', `${what} with an id that starts with '${text}'`, {
    hint: 'list them with: palaver committee show',
  })
}
