/** `palaver evidence`: proofs of misbehaviour that the node holds. */
import type { EvidenceDetail, EvidenceView } from '../../src/node/api/node-port.ts'
import { defineCommand, defineGroup } from '../command.ts'
import { CliError } from '../errors.ts'
import { evidenceLine } from '../evidence-lines.ts'
import { NODE_FLAGS, reachNode } from '../node-access.ts'
import { pairLines, print, printData, short, tableLines } from '../output.ts'

const list = defineCommand({
  usage: 'list',
  summary: 'who did what, and where the ledger recorded it',
  flags: NODE_FLAGS,
  async run(args) {
    const found = await reachNode(args).evidence()
    if (!args.json && found.length === 0) return print('no evidence: nobody was caught')
    const head = ['id', 'kind', 'org', 'seat', 'key', 'slot', 'recorded']
    printData(args.json, found, (views) => tableLines(head, views.map(cells)))
  },
})

const show = defineCommand({
  usage: 'show <id>',
  summary: 'one proof with its transferable bytes',
  flags: {
    ...NODE_FLAGS,
    id: { type: 'string', demandOption: true, describe: 'ID as `palaver evidence list` shows it' },
  },
  async run(args) {
    const id = await fullId(args)
    const found = await reachNode(args).evidenceById(id)
    if (found === null)
      throw new CliError('failure', `this node holds no evidence ${args.id}`, { hint: 'see: palaver evidence list' })
    printData(args.json, found, detailLines)
  },
})

export const evidence = defineGroup('evidence', 'list or show proofs of misbehaviour', [list, show])

type ShowArguments = Parameters<typeof reachNode>[0] & { readonly id: string }

/** Tables show the first characters of an id; they are enough to name one. */
async function fullId(args: ShowArguments): Promise<string> {
  if (!/^[0-9a-f]{6,64}$/.test(args.id))
    throw new CliError('usage', `'${args.id}' is no id of evidence`, { hint: 'see: palaver evidence list' })
  if (args.id.length === 64) return args.id
  const matching = (await reachNode(args).evidence()).filter((view) => view.id.startsWith(args.id))
  if (matching.length > 1)
    throw new CliError('usage', `'${args.id}' names ${matching.length} proofs`, { hint: 'type more of the id' })
  return matching[0]?.id ?? args.id.padEnd(64, '0')
}

function cells({ id, kind, accused, session, epoch, number, recordedAt }: EvidenceView): string[] {
  const who = accused === null ? ['-', '-', '-'] : [accused.org, accused.seat, short(accused.key)]
  return [short(id), kind, ...who, `(${session},${epoch},${number})`, recordedAt === null ? '-' : String(recordedAt)]
}

function detailLines(view: EvidenceDetail): string[] {
  const { accused } = view
  const who: Record<string, string> =
    accused === null ? {} : { org: accused.org, seat: accused.seat, key: accused.key, peer: accused.peerId }
  const advice = accused === null ? [] : [`to exclude: palaver committee propose --remove ${accused.key}`]
  return [
    evidenceLine(view),
    ...pairLines({ id: view.id, ...who, proof: `${view.evidence.length} characters of base64, see --json` }),
    ...advice,
  ]
}
